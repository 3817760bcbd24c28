"""Why there is no controlled file: because of what was sent, or because something went wrong that may go right."""

from typing import Any, Final

from states.text import N_


class NotRendered(Exception):  # noqa: N818 - told to people like a refusal, but refused to nobody
    """What a revision has cannot be rendered, however often it is tried. `says` is a sentence for the catalogues."""

    def __init__(self, says: str, **facts: Any) -> None:
        super().__init__(says)
        self.says = says
        self.facts = facts


class WorkFailedError(Exception):
    """A program that renders ended badly; tried again later."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.why = why


class TookTooLongError(Exception):
    """It was not done in time, and was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not done within {seconds:.0f} s")


NO_FILES: Final = N_("The revision has no files: there is nothing to render.")
NO_LIBREOFFICE: Final = N_("“%(name)s” can be rendered only where LibreOffice is installed.")
NOT_SHOWN: Final = N_("“%(name)s” holds pictures or diagrams that only LibreOffice can render: it has to be installed.")
TOO_LARGE: Final = N_("The whole is too large to be kept: make its pictures smaller.")
NOT_LOADED: Final = N_(
    "LibreOffice cannot open “%(name)s”: it is damaged, or LibreOffice's part for files of its kind is not installed."
)
NOT_DONE: Final = N_("“%(name)s” could not be rendered in the time, or with the memory, that there is for it.")
GONE_WRONG: Final = N_("Something went wrong, and is tried again: %(why)s")
GIVEN_UP: Final = N_("It was tried too often. What went wrong last: %(why)s")
# What a worker says, and what people are told.
REASONS: Final = {
    "broken": N_("“%(name)s” cannot be opened: it is damaged."),
    "encrypted": N_("“%(name)s” is encrypted: nobody can put a stamp on it."),
    "pages": N_("“%(name)s” has no pages, or too many."),
    "notes": N_("“%(name)s” has too many notes, links or fields to be drawn: print it into a PDF first."),
    "xfa": N_("“%(name)s” is a form that only one program can show: it has to be printed into a PDF."),
    "table": N_("“%(name)s” has more rows, columns or cells than fit on paper."),
    "pictures": NOT_SHOWN,
    "empty": N_("“%(name)s” shows nothing: its pages would be empty."),
    "linked": N_("“%(name)s” shows pictures that are not in it but elsewhere: they have to be put into it."),
    "text": N_("“%(name)s” cannot be set: what it holds is nested too deep or too odd."),
}
