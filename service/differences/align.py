"""Which paragraphs of two texts are the same, in the same order.

Paragraphs that stand once in either text hold the others in their places (patience); between two of them little is left
for the table of common subsequences, whose cost is the product of both lengths. That product has a limit for all
together: past it, what comes many times is matched by its number among its equals, so that no text makes this take
long.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

CELLS: Final = 20_000_000
CELLS_OF_ONE: Final = 2_000_000

Pair = tuple[int, int]


@dataclass(slots=True)
class _Budget:
    """How many cells of tables may still be filled."""

    cells: int = CELLS

    def allows(self, cells: int) -> bool:
        if cells > min(CELLS_OF_ONE, self.cells):
            return False
        self.cells -= cells
        return True


def matches(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The places of what is the same in both, growing on both sides."""
    known: dict[str, int] = {}
    left, right = ([known.setdefault(text, len(known)) for text in side] for side in (old, new))
    return sorted(_matches(left, right, _Budget()))


def _matches(left: list[int], right: list[int], budget: _Budget) -> Iterator[Pair]:
    waiting = [(0, len(left), 0, len(right))]
    while waiting:
        top, bottom, begin, end = waiting.pop()
        while top < bottom and begin < end and left[top] == right[begin]:
            yield top, begin
            top, begin = top + 1, begin + 1
        while top < bottom and begin < end and left[bottom - 1] == right[end - 1]:
            bottom, end = bottom - 1, end - 1
            yield bottom, end
        if top == bottom or begin == end:
            continue
        here, there = left[top:bottom], right[begin:end]
        held = _held(here, there)
        if not held and budget.allows(len(here) * len(there)):
            yield from ((top + row, begin + column) for row, column in _common(here, there))
            continue
        held = held or _held(_numbered(here), _numbered(there))
        if not held:
            continue
        places = [(top + row, begin + column) for row, column in held]
        yield from places
        edges = [(top - 1, begin - 1), *places, (bottom, end)]
        waiting += [(above + 1, below, before + 1, after) for (above, before), (below, after) in pairwise(edges)]


def _numbered(side: Sequence[int]) -> list[tuple[int, int]]:
    """Each with how often it has stood before: so what comes many times can hold others, if only roughly."""
    seen: Counter[int] = Counter()
    numbered = []
    for one in side:
        numbered.append((one, seen[one]))
        seen[one] += 1
    return numbered


def _held(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Pair]:
    """The longest growing series of what stands once on either side."""
    once_left, once_right = ({one for one, times in Counter(side).items() if times == 1} for side in (left, right))
    place = {one: column for column, one in enumerate(right) if one in once_right}
    pairs = [(row, place[one]) for row, one in enumerate(left) if one in once_left and one in place]
    tops: list[int] = []  # the least last column of a series of each length
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, column) in enumerate(pairs):
        length = bisect_left(tops, column)
        before.append(last[length - 1] if length else -1)
        if length == len(tops):
            tops.append(column)
            last.append(number)
        else:
            tops[length], last[length] = column, number
    series, number = [], last[-1] if last else -1
    while number >= 0:
        series.append(pairs[number])
        number = before[number]
    return series[::-1]


def _common(left: list[int], right: list[int]) -> Iterator[Pair]:
    """The longest common subsequence, by its table."""
    rows = [[0] * (len(right) + 1)]
    for one in reversed(left):
        below, longest, best = rows[-1], [0] * (len(right) + 1), 0
        for column in range(len(right) - 1, -1, -1):
            best = below[column + 1] + 1 if right[column] == one else max(best, below[column])
            longest[column] = best
        rows.append(longest)
    rows.reverse()
    row = column = 0
    while row < len(left) and column < len(right):
        if left[row] == right[column]:
            yield row, column
            row, column = row + 1, column + 1
        elif rows[row + 1][column] >= rows[row][column + 1]:
            row += 1
        else:
            column += 1
