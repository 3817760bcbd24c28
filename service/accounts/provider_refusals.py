"""What is refused to people who sign in by the university's identity provider."""

from states.refusals import Refusal
from states.text import N_


class ProviderAway(Refusal):
    """The identity provider cannot be reached, or answers nothing that can be used."""

    status = 502
    code = "provider-away"
    says = N_("%(provider)s cannot be reached at the moment.")
    next_step = N_("Sign in with your password, or try again in a few minutes.")


class ProviderUnfit(Refusal):
    """The identity provider is not what the settings say, or not what Sapat can trust."""

    status = 502
    code = "provider-unfit"
    says = N_("Signing in by %(provider)s is not set up rightly.")
    next_step = N_("Sign in with your password, and tell the administrator.")


class ProviderRefused(Refusal):
    """The identity provider did not say who this is, or what it said does not hold."""

    status = 403
    code = "provider-refused"
    says = N_("%(provider)s has not confirmed who you are.")
    next_step = N_("Sign in again. If it stays so, sign in with your password and tell the administrator.")


class NotBegunHere(Refusal):
    """The answer belongs to no sign-in that this browser began, or to one that took too long or was used before."""

    status = 403
    code = "not-begun-here"
    says = N_("This sign-in was not begun in this browser, or it took too long.")
    next_step = N_("Sign in again.")


class NobodyLinked(Refusal):
    """The provider knows this person, and Sapat does not know which of its people it is."""

    status = 403
    code = "nobody-linked"
    says = N_("Sapat does not know whom %(provider)s calls “%(email)s”.")
    next_step = N_(
        "Ask the administrator to enter this e-mail address for you, and for nobody else; or use your password."
    )


class AddressUnconfirmed(Refusal):
    """The provider does not say that the person's e-mail address is theirs, and they are not linked yet."""

    status = 403
    code = "address-unconfirmed"
    says = N_("%(provider)s does not say that your e-mail address has been confirmed.")
    next_step = N_("Have it confirmed there and sign in again; or use your password.")


class LinkedOtherwise(Refusal):
    """Somebody else at the provider is linked with the person of this e-mail address: it may have been given again."""

    status = 403
    code = "linked-otherwise"
    says = N_("Another account of %(provider)s is linked with “%(email)s” here.")
    next_step = N_("Sign in with that one; or ask the administrator.")


class AccountClosed(Refusal):
    """The account is disabled."""

    status = 403
    code = "account-closed"
    says = N_("Your account here is disabled.")
    next_step = N_("Ask the administrator.")
