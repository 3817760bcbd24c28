"""What became of every line of a list."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.importing.list.blocks import Aside
from service.importing.report import Report, Severity
from service.language import say
from states.text import N_


@dataclass(slots=True)
class ListReport(Report):
    """lines = rows + joined + asides, rows = taken + unchanged + refused; `changed` of the unchanged say otherwise now.

    `joined` lines go on with the row above them, `asides` are headings, totals and the like. `actions` and `causes`
    came in with what was taken, `mailed` readers were told.
    """

    lines: int = 0
    joined: int = 0
    asides: int = 0
    changed: int = 0
    actions: int = 0
    causes: int = 0
    mailed: int = 0

    def more(self, language: str) -> Iterator[str]:
        """How many lines were no rows of their own, and what came in with the others."""
        for sentence in (_LINES, _WITH):
            yield say(sentence, language, {name: getattr(self, name) for name in _NAMES})

    def aside(self, aside: Aside) -> None:
        """Count a line that is no row, and say why."""
        self.asides += 1
        if sentence := WHY[aside.why]:
            self.find(aside.line, "rows", aside.why, Severity.HINT, sentence, words=aside.words)


_NAMES = ("lines", "joined", "asides", "changed", "actions", "causes", "mailed")
_LINES = N_("Lines: %(lines)s. Belong to the line above: %(joined)s. No rows: %(asides)s.")
_WITH = N_("Causes: %(causes)s. Actions: %(actions)s. There, but different now: %(changed)s. Told by mail: %(mailed)s.")
# Headings and rules say nothing that anybody should look at.
WHY = {
    "heading": "",
    "rule": "",
    "text": N_("“%(words)s” stands outside the table and was not read."),
    "again": N_("The headings stand here once more."),
    "numbers": N_("A line that numbers the columns."),
    "total": N_("“%(words)s” was read as a total."),
    "section": N_("“%(words)s” was read as a heading between rows."),
    "signature": N_("“%(words)s” was read as a line for signatures."),
    "other-table": N_("No column of this table says what was found: “%(words)s” was not read."),
}
