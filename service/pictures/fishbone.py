"""The fishbone (Ishikawa): causes under their categories, along the spine to the problem."""

from typing import Final

from service.pictures.bones import Bone, bone, name_box, name_room, twigs
from service.pictures.causes import NO_CAUSES, NOT_CODED, by_bone
from service.pictures.drawing import Drawing
from service.pictures.figure import Fishbone
from service.pictures.marks import EDGE, line, quiet
from service.pictures.rows import NARROW
from service.pictures.why_tree import problem
from service.pictures.words import Reader
from states.drawing.tags import head as arrow
from states.drawing.tags import tag

_HEAD: Final = 160.0  # the width of the problem
_TAIL: Final = 24.0  # between the last bone and the problem
_LEAN: Final = 26.0  # how far a bone leans
_SIDE: Final = 6.0  # between the words and the bone
_GAP: Final = 14.0  # between a bone's twigs and the spine, and between cells
_MOST: Final = 3  # pairs of bones on a spine


def fishbone(figure: Fishbone, reader: Reader, across: float) -> Drawing:
    """The fish lies where there is room for it, and stands on its tail where there is not."""
    return _lying(figure, reader, across) if across >= NARROW else _standing(figure, reader, across)


def _bones(figure: Fishbone, reader: Reader, room: float) -> list[Bone]:
    return [bone(name or reader.told(NOT_CODED), causes, reader, room) for name, causes in by_bone(figure.causes)]


def _lying(figure: Fishbone, reader: Reader, across: float) -> Drawing:
    """The problem at the right; bones above and below, in as many spines as they need."""
    count = len({cause.bone.strip() for cause in figure.causes}) or 1
    pairs = min(_MOST, -(-count // 2))
    trunk = across - EDGE - _HEAD - _TAIL
    cell = (trunk - EDGE) / pairs
    bones = _bones(figure, reader, cell - _LEAN - _SIDE - _GAP)
    spines = [bones[start : start + 2 * pairs] for start in range(0, len(bones), 2 * pairs)] or [[]]
    parts: list[str] = []
    heights: list[float] = []
    y = 4.0
    for here in spines:
        above, below = here[::2], here[1::2]
        spine = y + max((_tall(one) for one in above), default=30.0)
        heights.append(spine)
        for place, one in enumerate(above):
            parts += _hanging(one, reader, EDGE + cell * place, spine, cell, up=True)
        for place, one in enumerate(below):
            parts += _hanging(one, reader, EDGE + cell * place, spine, cell, up=False)
        y = spine + max((_tall(one) for one in below), default=30.0) + _GAP
    _, box_height = problem(figure.problem, (0, 0), _HEAD, 8)
    top = heights[0] - box_height / 2
    lift = max(4 - top, 0)
    head, _ = problem(figure.problem, (across - EDGE - _HEAD, top), _HEAD, 8)
    tip = ((trunk, heights[0]), (across - EDGE - _HEAD, heights[0]))
    spine_lines = [
        *(line(EDGE, spine, trunk, spine, "picture-spine") for spine in heights),
        line(trunk, heights[0], trunk, heights[-1], "picture-spine"),
        line(trunk, heights[0], tip[1][0] - 6, heights[0], "picture-spine"),
        tag("path", "picture-arrow", d=arrow(tip)),
    ]
    if not bones:
        parts += quiet(reader.told(NO_CAUSES), EDGE, heights[0] + 8, trunk)[0]
    whole = [tag("g", inside="".join([*spine_lines, head, *parts]), transform=f"translate(0 {lift:.1f})")]
    return Drawing(across, max(y, top + box_height + 4) + lift, whole)


def _tall(one: Bone) -> float:
    return one.label + one.height + _GAP


def _hanging(one: Bone, reader: Reader, left: float, spine: float, cell: float, *, up: bool) -> list[str]:
    """A bone above the spine or below it, leaning to the head."""
    foot = left + cell - _GAP
    far = foot - _LEAN
    tall = _tall(one) - one.label
    box = max(left, min(far + 20, left + cell - _GAP) - name_room(one))
    if up:
        ends = (spine - tall, spine)
        top, lean, at = spine - tall, _LEAN / tall, far
        label = spine - tall - one.label
    else:
        ends = (spine + tall, spine)
        top, lean, at = spine + _GAP, -_LEAN / tall, foot - _LEAN * _GAP / tall
        label = spine + tall
    return [
        line(far, ends[0], foot, ends[1], "picture-rib"),
        *name_box(one, box, label, name_room(one)),
        *twigs(one, reader, left, top, (at, lean), leftward=True),
    ]


def _standing(figure: Fishbone, reader: Reader, across: float) -> Drawing:
    """The problem at the top; the spine comes up to it, its bones to the right."""
    head, y = problem(figure.problem, (EDGE, 2.0), across - 2 * EDGE)
    spine, text = EDGE + 8, EDGE + 32
    bones = _bones(figure, reader, across - EDGE - text)
    top = y
    parts: list[str] = []
    for one in bones:
        y += _GAP
        start = y + one.label / 2
        end = y + one.label + one.reach - 3
        lean = 16 / (end - start)
        parts += [
            line(spine, start, spine + 12, start, "picture-rib"),
            line(spine, start, spine + 16, end, "picture-rib"),
            *name_box(one, spine + 12, y, name_room(one)),
            *twigs(one, reader, text, y + one.label, (spine + lean * one.label / 2, lean), leftward=False),
        ]
        y += one.label + one.height
    if not bones:
        said, y = quiet(reader.told(NO_CAUSES), text, y + _GAP, across)
        parts += said
    way = ((spine, y + 6), (spine, top))
    fish = [line(spine, y + 6, spine, top + 6, "picture-spine"), tag("path", "picture-arrow", d=arrow(way))]
    return Drawing(across, y + 10, [*fish, head, *parts])
