"""Causes as chains: which answers which, whatever the numbers say, and the signs of what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.pictures.figure import Answer, CauseMark
from service.pictures.marks import SMALL, words
from service.pictures.words import Reader
from states.drawing.tags import tag
from states.text import N_

NO_CAUSES: Final = N_("No causes have been written down yet.")
NOT_CODED: Final = N_("Without a category")
ANSWERS: Final[dict[Answer, str]] = {
    "action": N_("An action removes it"),
    "reason": N_("No action, with a reason"),
    "nothing": N_("No action and no reason yet"),
    "deeper": N_("Has a deeper cause"),
}
SIGN: Final = 18.0  # the room of a sign before its words


@dataclass(frozen=True, slots=True)
class Placed:
    """A cause in its place: how deep it lies, the place of the one it answers, whether any goes deeper."""

    mark: CauseMark
    depth: int
    parent: int | None
    is_root: bool


def placed(causes: Sequence[CauseMark]) -> tuple[Placed, ...]:
    """All causes, each followed by the deeper ones.

    One whose `because_of` is not there, or that would be its own cause, stands at the top. Where a number comes twice,
    deeper ones belong to the first.
    """
    parents = _parents(causes)
    deeper: dict[int | None, list[int]] = {}
    for place, parent in enumerate(parents):
        deeper.setdefault(parent, []).append(place)
    found: list[Placed] = []
    waiting: list[tuple[int, int, int | None]] = [(place, 0, None) for place in reversed(deeper.get(None, []))]
    while waiting:
        place, depth, parent = waiting.pop()
        found.append(Placed(causes[place], depth, parent, place not in deeper))
        here = len(found) - 1
        waiting += [(child, depth + 1, here) for child in reversed(deeper.get(place, []))]
    return tuple(found)


def by_bone(causes: Sequence[CauseMark]) -> list[tuple[str, list[Placed]]]:
    """The categories as they first come, what has none at the end; deeper causes stay with those they answer."""
    bones: dict[str, list[Placed]] = {}
    top = ""
    start = 0
    for number, one in enumerate(placed(causes)):
        if one.depth == 0:
            top, start = one.mark.bone.strip(), number - len(bones.get(one.mark.bone.strip(), ()))
        parent = None if one.parent is None else one.parent - start
        bones.setdefault(top, []).append(Placed(one.mark, one.depth, parent, one.is_root))
    return sorted(bones.items(), key=lambda bone: not bone[0])


def _parents(causes: Sequence[CauseMark]) -> list[int | None]:
    places: dict[int, int] = {}
    for place, cause in enumerate(causes):
        places.setdefault(cause.no, place)
    parents = [None if cause.because_of is None else places.get(cause.because_of) for cause in causes]
    return [None if _goes_round(place, parents) else parent for place, parent in enumerate(parents)]


def _goes_round(place: int, parents: list[int | None]) -> bool:
    """Whether the way up from a place comes back to it."""
    seen = {place}
    at = parents[place]
    while at is not None and at not in seen:
        seen.add(at)
        at = parents[at]
    return at == place


def told_cause(one: Placed, reader: Reader) -> str:
    """The whole of it, for the ear and for the pointer."""
    bone = f" [{one.mark.bone}]" if one.mark.bone.strip() else ""
    return f"{one.mark.no}. {one.mark.text}{bone}: {reader.told(ANSWERS[one.mark.answer])}"


def summary(causes: Sequence[CauseMark], reader: Reader) -> str:
    """How many root causes have an action, a reason, or neither."""
    roots = [one.mark.answer for one in placed(causes) if one.is_root]
    return " ".join(f"{reader.told(said)}: {count}." for kind, said in ANSWERS.items() if (count := roots.count(kind)))


def is_told(one: Placed) -> bool:
    """Whether what became of it is written below it: where deeper causes are drawn, they say it themselves."""
    return one.is_root or one.mark.answer != "deeper"


def answer(one: Placed, x: float, y: float, said: tuple[str, ...]) -> list[str]:
    """The sign and the words, nothing without words; `y` is where the letters of the first line stand."""
    if not said:
        return []
    kind = one.mark.answer
    text = [words(x + SIGN, y + 14 * k, line, f"picture-answer {kind}", size=SMALL) for k, line in enumerate(said)]
    return [sign(kind, x + 7, y - 4), *text]


def sign(kind: Answer, x: float, y: float) -> str:
    """A disc with a tick, a page with lines, a triangle with a mark, an arrow down."""
    inner = f"M{x - 3:.1f} {y:.1f}l2.2 2.4 3.8 -4.6"
    match kind:
        case "action":
            outer = tag("circle", "picture-sign", cx=x, cy=y, r=6.5)
        case "reason":
            outer = tag("rect", "picture-sign", x=x - 5.5, y=y - 6, width=11, height=12, rx=1)
            inner = f"M{x - 3:.1f} {y - 2.5:.1f}h6m-6 2.8h6m-6 2.8h4"
        case "nothing":
            outer = tag("path", "picture-sign", d=f"M{x:.1f} {y - 7:.1f}l7 12.5h-14z")
            inner = f"M{x:.1f} {y - 2.5:.1f}v4m0 1.6v1"
        case "deeper":
            outer = ""
            inner = f"M{x:.1f} {y - 6:.1f}v11m-4 -4l4 4.2 4 -4.2"
    return tag("g", f"picture-answer {kind}", outer + tag("path", "picture-inner", d=inner))
