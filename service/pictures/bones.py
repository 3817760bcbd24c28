"""One bone of the fish: a category, its causes as twigs, deeper causes as twigs of twigs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from service.pictures.causes import ANSWERS, SIGN, Placed, answer, is_told, told_cause
from service.pictures.marks import BOLD, LINE, SMALL, line, mark, words
from service.pictures.words import Reader, fit
from states.drawing.letters import width
from states.drawing.tags import tag

TEXT: Final = 12.0  # size of a cause's letters
_LINE: Final = 14.5
_INDENT: Final = 9.0
_LEAST: Final = 92.0  # of the width is left to the words, however deep
_MOST_LINES: Final = 4
_PAD: Final = 5.0


@dataclass(frozen=True, slots=True)
class Twig:
    """A cause on its bone: its words, how far it is indented, how high it is."""

    one: Placed
    text: tuple[str, ...]
    said: tuple[str, ...]
    indent: float
    height: float


@dataclass(frozen=True, slots=True)
class Bone:
    """A category with its name in lines, and its twigs."""

    name: tuple[str, ...]
    twigs: tuple[Twig, ...]
    room: float

    @property
    def label(self) -> float:
        """The height of its name's box."""
        return 16.0 * len(self.name) + 8

    @property
    def height(self) -> float:
        """Of its twigs."""
        return sum(twig.height for twig in self.twigs)

    @property
    def reach(self) -> float:
        """From its first twig's top to the last twig that is its own."""
        heights = list(accumulate(twig.height for twig in self.twigs))
        return max((high for high, twig in zip(heights, self.twigs, strict=True) if twig.one.parent is None), default=0)


def bone(name: str, causes: Sequence[Placed], reader: Reader, room: float) -> Bone:
    """A bone whose words have so much room."""
    deepest = max((one.depth for one in causes), default=0)
    step = min(_INDENT, max(room - _LEAST, 0) / max(deepest, 1))
    found = tuple(_twig(one, reader, room, step * one.depth) for one in causes)
    return Bone(fit(name, TEXT * BOLD, room - 16, 2), found, room)


def _twig(one: Placed, reader: Reader, room: float, indent: float) -> Twig:
    text = fit(f"{one.mark.no}. {one.mark.text}", TEXT, room - indent, _MOST_LINES)
    said = fit(reader.told(ANSWERS[one.mark.answer]), SMALL, room - indent - SIGN, 3) if is_told(one) else ()
    return Twig(one, text, said, indent, _LINE * len(text) + LINE[SMALL] * len(said) + 2 * _PAD + 3)


def name_box(shown: Bone, x: float, y: float, across: float) -> list[str]:
    """The category's name in its box."""
    return [
        tag("rect", "picture-bone", x=x, y=y, width=across, height=shown.label, rx=5),
        *(
            words(x + across / 2, y + 16 * k + 0.5, said, "picture-number", size=TEXT, anchor="middle")
            for k, said in enumerate(shown.name, start=1)
        ),
    ]


def name_room(shown: Bone) -> float:
    """How wide the box of its name is."""
    return max((width(said, TEXT * BOLD) for said in shown.name), default=0) + 16


def twigs(
    shown: Bone, reader: Reader, left: float, top: float, bone_at: tuple[float, float], *, leftward: bool
) -> list[str]:
    """The twigs from `top` down; `bone_at` is where the bone is at the first twig's top, and its lean.

    `leftward` twigs end at a bone on their right, the others begin at one on their left.
    """
    parts: list[str] = []
    feet: list[tuple[float, float]] = []
    y = top
    for twig in shown.twigs:
        x, foot = left + twig.indent, y + twig.height - 3
        feet.append((x, foot))
        at_bone = bone_at[0] + bone_at[1] * (foot - top)
        end = left + shown.room
        if twig.one.parent is None:
            lines = [
                line(x, foot, at_bone, foot, "picture-twig")
                if leftward
                else line(at_bone, foot, end, foot, "picture-twig")
            ]
        else:
            parent = feet[twig.one.parent]
            tie = f"M{min(parent[0] + 2, x - 4):.1f} {parent[1]:.1f}V{foot:.1f}H{end:.1f}"
            lines = [tag("path", "picture-twig deeper", d=tie)]
        baseline = y + _PAD + _LINE - 3.5
        after = y + _PAD + _LINE * len(twig.text) + LINE[SMALL] - 2.5
        inside = [
            *(words(x, baseline + _LINE * k, said, "picture-name", size=TEXT) for k, said in enumerate(twig.text)),
            *answer(twig.one, x, after, twig.said),
        ]
        area = (x - 3, y + 2, end - x + 6, twig.height - 4)
        parts += lines
        parts.append(mark(told_cause(twig.one, reader), "".join(inside), twig.one.mark.href, area))
        y += twig.height
    return parts
