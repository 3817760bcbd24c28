"""Differences as pages show them: changes by number, what stayed the same folded, and all of it in bearable parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from service.differences.words import (
    ADDED,
    CHANGED,
    MOVED_HERE,
    REMOVED,
    SAME,
    Differences,
    Line,
    NotCompared,
    Outcome,
    Piece,
)
from service.language import say, translations
from states.text import N_

# So many paragraphs of a stretch that stayed the same are shown in its fold; all of them where somebody asks.
IN_A_FOLD: Final = 40
# So many paragraphs of a change are shown as one; so many in all on one page.
IN_A_CHANGE: Final = 60
ON_A_PAGE: Final = 300
# What stays of the unchanged words around a marked one in an excerpt.
AROUND: Final = 90
EXCERPT: Final = 3
LITTLE: Final = 0.15


@dataclass(slots=True)
class Block:
    """A piece of the page: a change with its `number`, or a stretch of paragraphs that stayed the same (number 0).

    `before` and `after` are the paragraphs around the fold, `hidden` how many its fold leaves out.
    """

    number: int
    lines: list[Line]
    before: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    place: int = 0
    hidden: int = 0


def summary(outcome: Outcome | None, language: str) -> str:
    """What changed, in a sentence; or why that is not known."""
    if outcome is None:
        return say(_WAITS, language)
    if isinstance(outcome, NotCompared):
        return say(_WHY[outcome.why, outcome.side] if outcome.side else _SLOW, language)
    if outcome.alike:
        return say(_ALIKE, language)
    ngettext, counts = translations(language).ngettext, outcome.counts
    said = [
        (counts[CHANGED], ngettext("%(num)s paragraph changed", "%(num)s paragraphs changed", counts[CHANGED])),
        (counts[ADDED], ngettext("%(num)s added", "%(num)s added", counts[ADDED])),
        (counts[REMOVED], ngettext("%(num)s removed", "%(num)s removed", counts[REMOVED])),
        (counts[MOVED_HERE], ngettext("%(num)s moved", "%(num)s moved", counts[MOVED_HERE])),
    ]
    words = ", ".join(sentence % {"num": count} for count, sentence in said if count)
    return say(_CHANGES, language, {"counts": words})


def differs_in_all(outcome: Outcome) -> bool:
    """Whether so little is the same that one text can hardly be read as a change of the other."""
    return isinstance(outcome, Differences) and not outcome.alike and outcome.share < LITTLE


def blocks(found: Differences, whole: int = -1) -> list[Block]:
    """Changes and folds in their order; the fold at the place `whole` leaves nothing out."""
    made: list[Block] = []
    number = 0
    for is_same, several in groupby(found.lines, key=lambda line: line.kind == SAME):
        lines = list(several)
        if is_same:
            made.append(_fold(lines, len(made), whole, first=not made, last=lines[-1] is found.lines[-1]))
            continue
        for begin in range(0, len(lines), IN_A_CHANGE):
            number += 1
            made.append(Block(number, lines[begin : begin + IN_A_CHANGE], place=len(made)))
    return made


def _fold(lines: list[Line], place: int, whole: int, *, first: bool, last: bool) -> Block:
    before, after = (0 if first else 1), (0 if last else 1)
    if len(lines) <= before + after + 1:
        return Block(0, [], before=lines, place=place)
    inside = lines[before : len(lines) - after]
    block = Block(0, inside, lines[:before], lines[len(lines) - after :], place)
    if len(inside) > IN_A_FOLD and place != whole:
        half = IN_A_FOLD // 2
        block.lines, block.hidden = [*inside[:half], *inside[-half:]], len(inside) - IN_A_FOLD
    return block


def parts(made: Sequence[Block]) -> list[list[Block]]:
    """The blocks, page by page."""
    pages: list[list[Block]] = [[]]
    shown = 0
    for block in made:
        cost = len(block.lines) if block.number else 2
        if pages[-1] and shown + cost > ON_A_PAGE:
            pages.append([])
            shown = 0
        pages[-1].append(block)
        shown += cost
    return pages


def excerpt(found: Differences) -> list[Line]:
    """The first changes, shortened to what is around them."""
    changes = [line for line in found.lines if line.kind in (CHANGED, ADDED, REMOVED)]
    return [_shortened(line) for line in changes[:EXCERPT]]


def _shortened(line: Line) -> Line:
    return Line(line.kind, line.style, tuple(_pieces(line.left)), tuple(_pieces(line.right)))


def _pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for place, piece in enumerate(pieces):
        most = 4 * AROUND if piece.marked else 2 * AROUND
        if len(piece.text) <= most:
            yield piece
        elif piece.marked or place == len(pieces) - 1:
            yield Piece(f"{piece.text[: most // 2].rstrip()}…", piece.marked)
        elif place == 0:
            yield Piece(f"…{piece.text[-AROUND:].lstrip()}")
        else:
            yield Piece(f"{piece.text[:AROUND].rstrip()} … {piece.text[-AROUND:].lstrip()}")


def in_words(lines: Sequence[Line], language: str) -> list[dict[str, Any]]:
    """Lines as the component shows them, each with what happened to it in a word."""
    return [
        {"line": line, "kind": line.kind, "what": say(_KINDS[line.kind], language), "style": line.style}
        for line in lines
    ]


_KINDS: Final = {
    SAME: N_("Unchanged"),
    CHANGED: N_("Changed"),
    ADDED: N_("Added"),
    REMOVED: N_("Removed"),
    "moved-away": N_("Moved from here"),
    MOVED_HERE: N_("Moved to here"),
}


_CHANGES = N_("Differences: %(counts)s.")
_ALIKE = N_("The texts of the two files are the same.")
_WAITS = N_("The files are being compared. Open this page again in a moment.")
_SLOW = N_("Comparing these files took too long or too much memory. Open both files beside each other.")
_OLD_KIND = N_("The file of the former revision holds no text that can be compared (DOCX, PDF, XLSX, TXT and CSV do).")
_NEW_KIND = N_("The file of this revision holds no text that can be compared (DOCX, PDF, XLSX, TXT and CSV do).")
_OLD_DAMAGED = N_("The file of the former revision cannot be read: it is damaged or protected.")
_NEW_DAMAGED = N_("The file of this revision cannot be read: it is damaged or protected.")
_OLD_EMPTY = N_("The file of the former revision has no text, perhaps only pictures of pages: nothing to compare.")
_NEW_EMPTY = N_("The file of this revision has no text, perhaps only pictures of pages: nothing to compare.")
_LONG = N_("A file is too long to be compared: it has more than 3 million letters. Open both files beside each other.")
_WHY: Final = {
    ("kind", "old"): _OLD_KIND,
    ("kind", "new"): _NEW_KIND,
    ("damaged", "old"): _OLD_DAMAGED,
    ("damaged", "new"): _NEW_DAMAGED,
    ("empty", "old"): _OLD_EMPTY,
    ("empty", "new"): _NEW_EMPTY,
    ("long", "old"): _LONG,
    ("long", "new"): _LONG,
    ("slow", "old"): _SLOW,
    ("slow", "new"): _SLOW,
}
