"""What is refused when people sign in and prove who they are. None tells whether an account exists."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from states.refusals import Refusal
from states.text import N_
from states.working_days import BISHKEK


class WrongSignIn(Refusal):
    """The name and the password do not belong together, or nobody may sign in with them."""

    status = 403
    code = "wrong-sign-in"
    says = N_("This name and this password do not belong together.")
    next_step = N_("Check both, and the language of your keyboard. If you forgot the password, ask the administrator.")


class WrongCode(Refusal):
    """The code of the second factor is wrong, has been used, or came too late."""

    status = 403
    code = "wrong-code"
    says = N_("This code is not right, or it has been used already.")
    next_step = N_("Wait for the next code of your device, or use one of your recovery codes.")


class TooManyAttempts(Refusal):
    """Signing in failed too often, for this name or from this address; `Retry-After` says for how many seconds."""

    status = 429
    code = "too-many-attempts"
    says = N_("There were too many attempts.")
    next_step = N_("Try again after %(time)s.")

    def __init__(self, until: datetime | None = None, now: datetime | None = None) -> None:
        if until is None or now is None:
            super().__init__()
            return
        super().__init__(time=until.astimezone(BISHKEK).strftime("%H:%M:%S"))
        self.headers: Mapping[str, str] = {"Retry-After": str(max(1, ceil((until - now).total_seconds())))}


class Busy(Refusal):
    """More people sign in at this moment than can be checked."""

    status = 503
    code = "busy"
    says = N_("Too many people sign in at this moment.")
    next_step = N_("Try again in a few seconds.")
    headers: Mapping[str, str] = {"Retry-After": "5"}


class WrongPassword(Refusal):
    """Whoever is signed in gave another password than theirs."""

    status = 403
    code = "wrong-password"
    says = N_("This password is not right.")
    next_step = N_("Check the language of your keyboard, and give your password again.")


class PasskeyRefused(Refusal):
    """The passkey's answer does not hold: it is unknown here, too late, for another site, or was given before."""

    status = 403
    code = "passkey-refused"
    says = N_("This passkey was not accepted.")
    next_step = N_("Try again, or use your password.")


class SessionNeeded(Refusal):
    """Accounts are kept by people who signed in themselves: no token and no demonstration may do it."""

    status = 403
    code = "session-needed"
    says = N_("This can be done only after signing in.")
    next_step = N_("Sign in with your own password or passkey, and do it in your browser.")


class TokenNeverSigns(Refusal):
    """An approval is a signature of a person; a program's token proves no person."""

    status = 403
    code = "token-never-signs"
    says = N_("A program cannot sign.")
    next_step = N_("Do it in your browser, where you can prove that it is you.")


class ReadOnly(Refusal):
    """The token may only read."""

    status = 403
    code = "read-only-token"
    says = N_("This token may only read.")
    next_step = N_("Make a token that may write.")


class LinkSpent(Refusal):
    """The link was used, replaced by a newer one, or is too old."""

    status = 410
    code = "link-spent"
    says = N_("This link is not valid any more.")
    next_step = N_("Ask the administrator for a new one.")


class NotAdministrator(Refusal):
    """Accounts of others are the administrator's."""

    status = 403
    code = "not-administrator"
    says = N_("Only the administrator may do this.")
    next_step = N_("Ask the administrator.")
