"""Why a complaint was not taken; each says what its writer can do."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from states.refusals import NotFound, Refusal
from states.text import N_
from states.working_days import BISHKEK


class TooManyComplaints(Refusal):
    """More came from one place, or from everywhere (`all_over`), than anybody writes; `Retry-After` is in seconds."""

    status = 429
    code = "too-many-complaints"
    says = N_("Too many complaints have come within a short time. Yours has not been taken yet.")
    next_step = N_("Leave this page open and send it again after %(time)s.")

    def __init__(self, until: datetime | None = None, now: datetime | None = None, *, all_over: bool = False) -> None:
        self.all_over = all_over
        if until is None or now is None:
            super().__init__()
            return
        super().__init__(time=until.astimezone(BISHKEK).strftime("%H:%M:%S"))
        self.headers: Mapping[str, str] = {"Retry-After": str(max(1, ceil((until - now).total_seconds())))}


class SeemsAProgram(Refusal):
    """The field that nobody sees was filled in."""

    code = "seems-a-program"
    says = N_("This looks as if a program had filled in the form. Nothing has been taken.")
    next_step = N_("If you have written it yourself, send it once more as it stands here.")


class NoComplaints(NotFound):
    """This university takes no complaints by a form (SAPAT_COMPLAINTS)."""

    code = "no-complaints"
    says = N_("Complaints are not taken here.")
    next_step = N_("Ask the university where they can be made.")
