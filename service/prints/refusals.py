"""What can go wrong with a print, said to whoever asked for it."""

from states.refusals import NotFound, Refusal
from states.text import N_


class NoForm(NotFound):
    """There is no form of that name for this."""

    code = "no-form"
    says = N_("There is no print of that name here.")
    next_step = N_("Open what you want to print, and choose among its prints.")


class NoLanguage(Refusal):
    """A language that prints are not made in."""

    status = 400
    code = "no-language"
    says = N_("Prints are made in Kyrgyz, Russian and English; “%(language)s” is none of them.")
    next_step = N_("Ask for ky, ru or en.")


class FormBroken(Refusal):
    """A form of the university's own cannot be set."""

    status = 500
    code = "form-broken"
    says = N_("The university's form “%(file)s” cannot be printed, line %(line)s: %(message)s")
    next_step = N_("Whoever keeps the forms mends it there, or takes it out of the folder: then ours is printed.")


class TooLong(Refusal):
    """A print that took longer, or more memory, than it may."""

    status = 503
    code = "print-too-long"
    says = N_("This print took too long, and was given up.")
    next_step = N_("Ask for less at once, or try again when there is less to do.")
