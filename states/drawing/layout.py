"""Where everything goes: one column that fits a phone, the main way a straight trunk, other ways in lanes beside it.

Under each state its ways out are rows: a dot on the stem, the move's name, a line into a lane. Returns from the main
way run in lanes on the left, all else on the right; ways to one state share a lane, so a lane leads to one place only.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from states.drawing.letters import BOLD, width, wrap
from states.drawing.tags import Point
from states.drawing.ways import Arrow, arrows, column, leaves, main_way
from states.lifecycle import Kind, Lifecycle
from states.roles import Role

WIDTH: Final = 356.0  # a phone of 390 px, less its margins
NAME, WHO, MOVE = 14.0, 11.5, 12.5  # sizes of letters
LINE: Final = {NAME: 18.0, WHO: 15.0, MOVE: 15.5}
LANE, GUTTER, EDGE = 10.0, 18.0, 4.0
INDENT, STEM = 46.0, 22.0
TEXT: Final = 38.0  # from a box's left side to its words
TICK: Final = 24.0  # kept free at a box's right side


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: of a box, or of the words of a label."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Box:
    """A state's box with the lines of its name and who has it."""

    state: str
    rect: Rect
    name: tuple[str, ...]
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An arrow, its name, and its line: `points` from the dot (or the name) to the arrow's head."""

    arrow: Arrow
    label: Rect
    lines: tuple[str, ...]
    port: Point
    points: tuple[Point, ...]
    head: bool
    main: bool
    back: bool


@dataclass(slots=True)
class Picture:
    """All that is drawn, in its place."""

    width: float = WIDTH
    height: float = 0.0
    start: tuple[Point, Point] = ((0.0, 0.0), (0.0, 0.0))
    boxes: dict[str, Box] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    stems: list[tuple[Point, Point]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of an arrow and its dot, before its line is known."""

    arrow: Arrow
    label: Rect
    lines: tuple[str, ...]
    port: Point


Lane = tuple[str, str, bool]  # side, target, is it a return


@lru_cache(maxsize=64)
def picture(lifecycle: Lifecycle, language: str) -> Picture:
    """The picture of a lifecycle in a language, laid out once."""
    return Layout(lifecycle, language).picture_of()


class Layout:
    """Lays one lifecycle out in one language."""

    def __init__(self, lifecycle: Lifecycle, language: str) -> None:
        self.lifecycle, self.language = lifecycle, language
        self.column, self.main, self.leaves = column(lifecycle), main_way(lifecycle), leaves(lifecycle)
        self.place = {name: i for i, name in enumerate(self.column)}
        self.arrows = arrows(lifecycle)
        self.down = {name: self._down(name) for name in self.column}
        self.exits = {name: self._exits(name) for name in self.column}
        self.lanes = self._lanes()
        lefts = [lane for (side, _, _), lane in self.lanes.items() if side == "left"]
        rights = [lane for (side, _, _), lane in self.lanes.items() if side == "right"]
        self.left = EDGE + (GUTTER + LANE * max(lefts) if lefts else 0.0)
        self.right = WIDTH - EDGE - (GUTTER + LANE * max(rights) if rights else 0.0)
        self.picture = Picture()

    def picture_of(self) -> Picture:
        """The picture: boxes and rows from the top down first, then the lines between them."""
        waiting: list[_Name] = []
        y = 26.0
        for name in self.column:
            box = self._box(name, self._left_of(name), y, self.right - self._left_of(name))
            self.picture.boxes[name] = box
            y = box.rect.bottom + 7
            stem = box.rect.x + STEM
            port = (stem, box.rect.bottom)
            for arrow in self.exits[name]:
                row = self._row(arrow, stem, y)
                waiting.append(row)
                port = row.port
                y = max(row.label.bottom, self._leaf_bottom(arrow)) + 5.5
            if self.exits[name] and self.down[name] is None:
                self.picture.stems.append(((stem, box.rect.bottom), port))
            y += 14 if self.exits[name] else 6
        self.picture.height = y
        first = self.picture.boxes[self.column[0]].rect
        self.picture.start = ((first.x + STEM, 8.0), (first.x + STEM, first.y))
        self._join(waiting)
        return self.picture

    def _exits(self, name: str) -> list[Arrow]:
        # Loops first, returns next, the way straight down last: so lines leave without crossing each other's names.
        down = self.down[name]
        mine = [arrow for arrow in self.arrows if arrow.source == name and arrow != down]
        mine.sort(key=lambda arrow: self.place.get(arrow.target, len(self.place)) - self.place[name] > 0)
        return [*mine, down] if down else mine

    def _down(self, name: str) -> Arrow | None:
        ahead = self.main[self.main.index(name) + 1 :] if name in self.main else self.column[self.place[name] + 1 :]
        mine = (arrow for arrow in self.arrows if arrow.source == name)
        return next((arrow for arrow in mine if [arrow.target] == ahead[:1]), None)

    def _lane(self, arrow: Arrow) -> Lane | None:
        if arrow.target in self.leaves or arrow == self.down[arrow.source]:
            return None
        back = self.place[arrow.target] < self.place[arrow.source]
        left = back and arrow.source in self.main and arrow.target in self.main
        return ("left" if left else "right", arrow.target, back)

    def _lanes(self) -> dict[Lane, int]:
        # Which lane each target has, from the inside out: the shortest way nearest, none over another.
        heights: dict[str, int] = {}
        rows: dict[Lane, list[int]] = defaultdict(list)
        count = 0
        for name in self.column:
            heights[name] = (count := count + 1)
            for arrow in self.exits[name]:
                count += 1
                lane = self._lane(arrow)
                if lane:
                    rows[lane].append(count)
        spans = {lane: (min(*at, heights[lane[1]]), max(*at, heights[lane[1]])) for lane, at in rows.items()}
        taken: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        lanes: dict[Lane, int] = {}
        for lane, (top, end) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1], item[0])):
            k = 0
            while any(top <= low and high <= end for high, low in taken[lane[0], k]):
                k += 1
            taken[lane[0], k].append((top, end))
            lanes[lane] = k
        return lanes

    def _left_of(self, name: str) -> float:
        ends = self.lifecycle.steps[name].kind is Kind.FINAL
        return self.left if ends or name in self.main else self.left + INDENT

    def _box(self, name: str, x: float, y: float, across: float) -> Box:
        step = self.lifecycle.steps[name]
        room = across - TEXT - TICK
        lines = wrap(step.label.into(self.language), NAME * BOLD, room)
        role = step.owner or (Role.CLOCK if step.kind is Kind.RESTING else None)
        who = wrap(role.label.into(self.language), WHO, room) if role else ()
        height = 14 + LINE[NAME] * len(lines) + LINE[WHO] * len(who)
        return Box(name, Rect(x, y, across, height), lines, who)

    def _row(self, arrow: Arrow, stem: float, y: float) -> _Name:
        x, words = stem + 11, arrow.move.label.into(self.language)
        size = MOVE * BOLD if arrow == self.down[arrow.source] else MOVE
        leaf = self._leaf(arrow.target) if arrow.target in self.leaves else None
        lines = wrap(words, size, (leaf.rect.x if leaf else self.right) - 26 - x)
        across = max(width(line, size) for line in lines)
        height = LINE[MOVE] * len(lines)
        middle = y + height / 2
        if leaf and len(lines) < 3 and x + across + 24 < leaf.rect.x:
            middle = max(middle, y + leaf.rect.height / 2)
            self.picture.boxes[leaf.state] = self._moved(leaf, middle - leaf.rect.height / 2)
        elif leaf:  # no room beside the name: below it
            lines = wrap(words, size, self.right - 26 - x)
            across, height = max(width(line, size) for line in lines), LINE[MOVE] * len(lines)
            middle = y + height / 2
            leaf = self._leaf(arrow.target, room=min(190, self.right - x - TEXT - TICK))
            self.picture.boxes[leaf.state] = self._moved(leaf, y + height + 12)
        return _Name(arrow, Rect(x, middle - height / 2, across, height), lines, (stem, middle))

    def _leaf(self, state: str, room: float = 100) -> Box:
        words = self.lifecycle.steps[state].label.into(self.language)
        across = max(width(line, NAME * BOLD) for line in wrap(words, NAME * BOLD, room)) + TEXT + TICK
        return self._box(state, self.right - across, 0, across)

    def _leaf_bottom(self, arrow: Arrow) -> float:
        return self.picture.boxes[arrow.target].rect.bottom if arrow.target in self.leaves else 0.0

    def _moved(self, box: Box, y: float) -> Box:
        return replace(box, rect=replace(box.rect, y=y))

    def _join(self, names: list[_Name]) -> None:
        entries = self._entries()
        first: dict[tuple[Lane, bool], float] = {}
        for name in names:
            if lane := self._lane(name.arrow):
                below = name.port[1] > entries[lane]
                ends = (name.port[1], first.get((lane, below), name.port[1]))
                first[lane, below] = max(ends) if below else min(ends)
        for name in names:
            arrow, y = name.arrow, name.port[1]
            lane = self._lane(arrow)
            head = True
            if lane:
                points = self._by_lane(lane, name, entries[lane])
                # The row farthest away draws the whole lane; the others join it.
                head = y == first[lane, y > entries[lane]]
                if not head:
                    points = (*points[:2], (points[1][0], y + (6 if entries[lane] > y else -6)))
            elif arrow.target in self.leaves:
                points = self._to_leaf(name)
            else:
                source, target = self.picture.boxes[arrow.source].rect, self.picture.boxes[arrow.target].rect
                points = ((name.port[0], source.bottom), (name.port[0], target.y))
            main = arrow == self.down[arrow.source] and arrow.source in self.main
            back = bool(lane and lane[2])
            self.picture.rows.append(Row(arrow, name.label, name.lines, name.port, points, head, main, back))

    def _to_leaf(self, name: _Name) -> tuple[Point, ...]:
        rect, start, y = self.picture.boxes[name.arrow.target].rect, name.label.right + 5, name.port[1]
        if rect.y < y:
            return ((start, y), (rect.x, y))
        x = max(start + 9, rect.x + rect.width / 2)
        return ((start, y), (x, y), (x, rect.y))

    def _by_lane(self, lane: Lane, name: _Name, entry: float) -> tuple[Point, ...]:
        side, target, _ = lane
        rect = self.picture.boxes[target].rect
        if side == "left":
            x, start, end = self.left - GUTTER - LANE * self.lanes[lane], name.port[0], rect.x
        else:
            x, start, end = self.right + GUTTER + LANE * self.lanes[lane], name.label.right + 5, rect.right
        y = name.port[1]
        return ((start, y), (x, y), (x, entry), (end, entry))

    def _entries(self) -> dict[Lane, float]:
        # At which height each lane comes to its box: those from above first.
        sides: dict[tuple[str, str], list[Lane]] = defaultdict(list)
        for lane in self.lanes:
            sides[lane[0], lane[1]].append(lane)
        entries: dict[Lane, float] = {}
        for (_, target), lanes in sides.items():
            rect = self.picture.boxes[target].rect
            lanes.sort(key=lambda lane: (lane[2], -self.lanes[lane]))
            for k, lane in enumerate(lanes, start=1):
                entries[lane] = rect.y + rect.height * k / (len(lanes) + 1)
        return entries
