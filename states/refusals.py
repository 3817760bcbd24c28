"""Refusals: each knows its HTTP status, what is wrong, and what the person can do next."""

from collections.abc import Mapping
from typing import ClassVar

from states.text import N_


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Something that may not be done. Nothing has been written when it is raised.

    `says` and `next_step` are English sentences for the catalogues, `facts` fills their named places; a fact may be
    a `Text`, which is put into the reader's language.
    """

    status: ClassVar[int] = 422
    code: ClassVar[str] = "refused"
    says: str = N_("This cannot be done.")
    next_step: str = ""

    def __init__(self, says: str = "", next_step: str = "", **facts: object) -> None:
        self.says = says or type(self).says
        self.next_step = next_step or type(self).next_step
        self.facts: Mapping[str, object] = facts
        super().__init__(self.says % facts if facts else self.says)


class NotFromHere(Refusal):
    """The move does not start in the state the record is in."""

    status = 409
    code = "not-from-here"
    says = N_("“%(move)s” is not possible now: the state is “%(state)s”.")
    next_step = N_("Open the record again: somebody may have decided already.")


class Stale(Refusal):
    """The record was moved after the person had opened it: by somebody else, or by themselves in another window."""

    status = 409
    code = "stale"
    says = N_("This record has been changed since you opened it. What you have sent now was not written.")
    next_step = N_("Open the record again and look at its history before you decide.")


class NotYours(Refusal):
    """The person has none of the roles that may make the move."""

    status = 403
    code = "not-yours"
    says = N_("“%(move)s” is not yours to do.")
    next_step = N_("It may be done by: %(who)s.")


class Duties(Refusal):
    """Separation of duties: the person has a role that must not make the move."""

    status = 403
    code = "separation-of-duties"
    says = N_("You may not do “%(move)s” here: it would be checking your own work.")
    next_step = N_("Ask somebody else who may do it: %(who)s.")


class Incomplete(Refusal):
    """What the move must record is missing or malformed; `errors` maps each field to a sentence."""

    code = "incomplete"
    says = N_("Something is missing or not right.")
    next_step = N_("Fill in what is marked and send it again.")

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


class GuardUnmet(Refusal):
    """A condition of the move does not hold; the sentences say which, and what to do."""

    code = "guard-unmet"


class NotMovedOn(Refusal):
    """What should have followed for one of several could not: nothing has been done for any of them."""

    status = 409
    code = "not-moved-on"
    says = N_("“%(item)s” could not be moved on, so nothing was done.")

    def __init__(self, because: Refusal | None = None, item: str = "") -> None:
        because = because or Refusal()
        errors = " ".join(because.errors.values()) if isinstance(because, Incomplete) else ""
        facts = {name: value for name, value in because.facts.items() if name != "item"}
        super().__init__("", errors or because.says, item=item, **facts)


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it."""

    status = 404
    code = "not-found"
    says = N_("There is nothing here by that name.")
    next_step = N_("Check the address, or search for it.")


class Malformed(Refusal):
    """A request that cannot be understood: a bad cursor, an unknown move, a file that is no table."""

    status = 400
    code = "malformed"
    says = N_("The request could not be understood.")


class Duplicate(Refusal):
    """Something of that name or key exists already."""

    status = 409
    code = "duplicate"
    says = N_("“%(what)s” exists already.")
    next_step = N_("Open the one that exists, or choose another name.")


class SignedOut(Refusal):
    """Nobody is signed in."""

    status = 401
    code = "signed-out"
    says = N_("You are not signed in.")
    next_step = N_("Sign in first.")
