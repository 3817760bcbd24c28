"""Where the tables of a list are: a heading of one row or two, the rows below it, and the lines that are neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from service.importing.list.headings import BETWEEN, LONGEST, Guess, guess, known, print_of
from service.importing.list.source import Line, Source

LOOKED_AT: Final = 40
# How many columns a row must name to be a heading: the first one, and another one further down.
FEWEST, FEWEST_AGAIN = 2, 3


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that is no nonconformity, and why: heading, rule, text, again, total, numbers, section, signature …"""

    line: int
    why: str
    words: str = ""


@dataclass
class Block:
    """A table: the lines of its heading, what its columns are called, what they seem to be, and its rows."""

    lines: tuple[int, ...]
    heads: tuple[str, ...]
    guesses: list[Guess]
    rows: list[Line] = field(default_factory=list)

    @cached_property
    def parts(self) -> list[set[str]]:
        """What each column may be called where the headings are repeated: the whole, or one of two rows."""
        return [{_simple(head), *map(_simple, head.split(BETWEEN))} for head in self.heads]

    @property
    def print(self) -> str:
        """The fingerprint of its headings."""
        return print_of(self.heads)


def find_blocks(source: Source) -> tuple[list[Block], list[Aside]]:
    """The tables, and the lines outside them. A heading that nobody understands is the fullest of the first rows."""
    blocks, asides = _found(source, None)
    if not blocks and source.lines:
        first = source.lines[:LOOKED_AT]
        fullest = max(first, key=lambda line: (sum(map(bool, line.cells)), -line.number))
        blocks, asides = _found(source, fullest.number)
    return blocks, asides


def _found(source: Source, head_line: int | None) -> tuple[list[Block], list[Aside]]:
    blocks: list[Block] = []
    asides: list[Aside] = []
    lines, place = source.lines, 0
    while place < len(lines):
        line = lines[place]
        again = blocks[-1] if blocks else None
        if again and (height := _repeats(lines, place, again)):
            asides += [Aside(one.number, "again", _words(one)) for one in lines[place : place + height]]
        elif block := _heading(source, place, again, head_line):
            height = len(block.lines)
            blocks.append(block)
            asides += [Aside(one.number, "heading", _words(one)) for one in lines[place : place + height]]
        else:
            height = 1
            if again is None or line.kind != "row":
                asides.append(Aside(line.number, "rule" if line.kind == "rule" else "text", _words(line)))
            else:
                again.rows.append(line)
        place += height
    return blocks, asides


def _heading(source: Source, place: int, above: Block | None, head_line: int | None) -> Block | None:
    """The heading that begins in that line; None where none does."""
    line = source.lines[place]
    if source.kind == "markdown":
        return _block(line, line.cells) if line.kind == "head" else None
    if head_line is not None:
        return _block(line, line.cells) if line.number == head_line else None
    if above is None and place >= LOOKED_AT:
        return None
    if above is not None and not _may_begin_another(line):
        return None
    one = _block(line, line.cells)
    if place + 1 < len(source.lines) and (both := _two_rows(source, line, source.lines[place + 1])):
        two = Block((line.number, source.lines[place + 1].number), both, guess(both))
        if _names(two) and _named(two) > _named(one):
            return two
    return one if _names(one) else None


def _block(line: Line, heads: tuple[str, ...]) -> Block:
    return Block((line.number,), heads, guess(heads))


def _named(block: Block) -> int:
    return sum(bool(one.field) for one in block.guesses)


def _names(block: Block) -> bool:
    """Whether these are headings of a list: what was found is among them, and no cell is as long as an answer."""
    fields = {one.field for one in block.guesses} - {""}
    short = all(len(head) <= LONGEST for head in block.heads)
    return short and not fields.isdisjoint(("found", "title")) and len(fields) >= FEWEST


def _may_begin_another(line: Line) -> bool:
    """Whether a row below a table is the heading of another one: most of it is written as headings are.

    A row may well speak of causes and dates: a likeness is not enough here.
    """
    filled = [cell for cell in line.cells if cell]
    if len(filled) < FEWEST_AGAIN or any(cell.isdecimal() or len(cell) > LONGEST for cell in filled):
        return False
    fields = [name for cell in filled if (name := known(cell))]
    return "found" in fields and len(set(fields)) >= FEWEST_AGAIN and len(fields) * 2 > len(filled)


def _two_rows(source: Source, line: Line, below: Line) -> tuple[str, ...] | None:
    """The headings where a second row divides some columns of the first one; None where it does not."""
    width = max(len(line.cells), len(below.cells))
    upper, lower = _padded(line.cells, width), _padded(below.cells, width)
    over = _spread(source, line.number, upper, lower)
    # One heading over all of it is the list's title: it belongs to no column.
    if over == list(upper) or sum(map(bool, upper)) < FEWEST or any(len(cell) > LONGEST for cell in lower):
        return None
    # Below a heading of one column stands nothing; below a wide one, the names of its parts.
    beside = enumerate(zip(upper, lower, strict=True))
    if any(low and high and not _is_wide(place, upper, lower) for place, (high, low) in beside):
        return None
    return tuple(
        BETWEEN.join((high, low)) if high and low else high or low for high, low in zip(over, lower, strict=True)
    )


def _is_wide(place: int, upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the heading there reaches over the next column, which has a name of its own below."""
    return place + 1 < len(upper) and not upper[place + 1] and bool(lower[place + 1])


def _spread(source: Source, number: int, upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The upper headings over all columns they stand above."""
    spread = list(upper)
    merged: Mapping[int, int] = dict(source.wide.get(number, ()))
    for place, head in enumerate(upper):
        if not head:
            continue
        last = merged.get(place)
        for right in range(place + 1, len(upper)):
            if upper[right] or (right > last if last is not None else not (lower[right] and lower[place])):
                break
            spread[right] = head
    return spread


def _repeats(lines: Sequence[Line], place: int, block: Block) -> int:
    """How many lines from there on say the block's headings once more; 0 where they do not."""
    if lines[place].kind not in ("row", "head"):
        return 0
    heads, height = block.parts, 0
    for line in lines[place : place + len(block.lines)]:
        cells = [(column, _simple(cell)) for column, cell in enumerate(line.cells) if cell]
        same = sum(column < len(heads) and cell in heads[column] for column, cell in cells)
        if len(cells) < FEWEST or same * 10 < len(cells) * 7:
            break
        height += 1
    return height


def _simple(heading: str) -> str:
    return " ".join(heading.casefold().split())


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *("" for _ in range(width - len(cells))))


def _words(line: Line) -> str:
    return " | ".join(cell for cell in line.cells if cell)[:LONGEST]
