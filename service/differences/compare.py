"""Two texts beside each other: the same paragraphs, those that were changed with their words marked, and the rest."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from service.differences.align import matches
from service.differences.words import (
    ADDED,
    CHANGED,
    MOVED_AWAY,
    MOVED_HERE,
    REMOVED,
    SAME,
    Differences,
    Line,
    Paragraph,
    Piece,
)

# Two paragraphs of which at least this share of words is common are one that was changed.
ALIKE: Final = 0.45
# A paragraph of so many words that went from one place to another was moved; of fewer, words only come twice.
MOVED_WORDS: Final = 4
# How many pairs of paragraphs are weighed against each other, between two that are the same and in all.
PAIRS_OF_ONE: Final = 40_000
PAIRS: Final = 300_000
# Pairs of words within one paragraph; past it the whole of it is marked.
WORDS_OF_ONE: Final = 1_000_000

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_WORD: Final = re.compile(r"\w+")


def compare(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Differences:
    """Every paragraph of both, in their order."""
    same = matches([one.text for one in old], [one.text for one in new])
    weighing = _Weighing()
    lines: list[Line] = []
    top = begin = 0
    for row, column in [*same, (len(old), len(new))]:
        lines += _between(old[top:row], new[begin:column], weighing)
        if row < len(old) and column < len(new):
            both = (Piece(new[column].text),)
            lines.append(Line(SAME, new[column].style, both, both))
        top, begin = row + 1, column + 1
    return Differences(tuple(_moved(lines)))


@dataclass(slots=True)
class _Weighing:
    """How many pairs of paragraphs may still be weighed against each other."""

    pairs: int = PAIRS

    def allows(self, pairs: int) -> bool:
        if pairs > min(PAIRS_OF_ONE, self.pairs):
            return False
        self.pairs -= pairs
        return True


def _between(old: Sequence[Paragraph], new: Sequence[Paragraph], weighing: _Weighing) -> Iterator[Line]:
    """What stands between two paragraphs that are the same: pairs that are alike, the others as removed or added."""
    pairs = _alike(old, new) if old and new and weighing.allows(len(old) * len(new)) else []
    top = begin = 0
    for row, column in [*pairs, (len(old), len(new))]:
        yield from (Line(REMOVED, one.style, (Piece(one.text, marked=True),), ()) for one in old[top:row])
        yield from (Line(ADDED, one.style, (), (Piece(one.text, marked=True),)) for one in new[begin:column])
        if row < len(old) and column < len(new):
            left, right = marked(old[row].text, new[column].text)
            yield Line(CHANGED, new[column].style, left, right)
        top, begin = row + 1, column + 1


def _alike(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Pairs in the order of both that are as much alike, taken together, as any others."""
    left, right = _counted(old), _counted(new)
    weights = [[_weight(one, other) for other in right] for one in left]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row in range(len(old) - 1, -1, -1):
        for column in range(len(new) - 1, -1, -1):
            paired = weights[row][column] + best[row + 1][column + 1] if weights[row][column] else 0.0
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1])
    pairs, row, column = [], 0, 0
    while row < len(old) and column < len(new):
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            pairs.append((row, column))
            row, column = row + 1, column + 1
    return pairs


def _counted(paragraphs: Iterable[Paragraph]) -> list[tuple[Counter[str], int]]:
    words = (Counter(_WORD.findall(one.text.casefold())) for one in paragraphs)
    return [(one, one.total()) for one in words]


def _weight(one: tuple[Counter[str], int], other: tuple[Counter[str], int]) -> float:
    """The share of words that are common; nothing below ALIKE."""
    (left, many), (right, more) = one, other
    if 2 * min(many, more) < ALIKE * (many + more) or not many:
        return 0.0
    few, rest = (left, right) if len(left) < len(right) else (right, left)
    common = sum(min(times, rest[word]) for word, times in few.items() if word in rest)
    share = 2 * common / (many + more)
    return share if share >= ALIKE else 0.0


def marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The words of a paragraph on both sides, marked where the other side does not have them."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(left) * len(right) > WORDS_OF_ONE:
        return (Piece(old, marked=True),), (Piece(new, marked=True),)
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for place, (tag, top, bottom, begin, end) in enumerate(codes):
        words = "".join(left[top:bottom])
        # A space or a comma between two changes is no island: readers see one change.
        island = tag == "equal" and 0 < place < len(codes) - 1 and not _WORD.search(words)
        differs = tag != "equal" or island
        _add(sides[0], words, differs)
        _add(sides[1], "".join(right[begin:end]), differs)
    return tuple(sides[0]), tuple(sides[1])


def _add(pieces: list[Piece], text: str, differs: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].marked == differs:
        pieces[-1] = Piece(pieces[-1].text + text, differs)
    else:
        pieces.append(Piece(text, differs))


def _moved(lines: Sequence[Line]) -> Iterator[Line]:
    """What was removed once and added once, word for word, was moved."""
    removed = Counter(line.text for line in lines if line.kind == REMOVED)
    added = Counter(line.text for line in lines if line.kind == ADDED)
    moved = {
        text for text, times in removed.items() if times == added[text] == 1 and len(_WORD.findall(text)) >= MOVED_WORDS
    }
    for line in lines:
        if line.kind in (REMOVED, ADDED) and line.text in moved:
            plain = (Piece(line.text),)
            kind = MOVED_AWAY if line.kind == REMOVED else MOVED_HERE
            yield replace(line, kind=kind, left=plain if line.left else (), right=plain if line.right else ())
        else:
            yield line
