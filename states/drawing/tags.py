"""Pieces of SVG: elements, lines with rounded corners, arrow heads."""

from html import escape
from typing import Final

Point = tuple[float, float]
HEAD: Final = 8.0
_WING: Final = 4.0
_ROUND: Final = 6.0


def tag(name: str, classes: str = "", inside: str = "", **attributes: str | float) -> str:
    """An element; `_` in an attribute's name stands for `-`, numbers are written short."""
    pairs = {"class": classes} if classes else {}
    pairs |= {key.replace("_", "-"): escape(_written(value)) for key, value in attributes.items()}
    opened = name + "".join(f' {key}="{value}"' for key, value in pairs.items())
    return f"<{opened}>{inside}</{name}>" if inside else f"<{opened}/>"


def path(points: tuple[Point, ...]) -> str:
    """Straight pieces with rounded corners, as a path's `d`."""
    parts = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_ROUND, _length(before, corner), _length(corner, after))
        start = _along(corner, _direction(corner, before), radius)
        end = _along(corner, _direction(corner, after), radius)
        parts.append(f"L{_pair(start)}Q{_pair(corner)} {_pair(end)}")
    return "".join([*parts, f"L{_pair(points[-1])}"])


def head(points: tuple[Point, ...]) -> str:
    """The triangle at the end of a line, as a path's `d`."""
    tip, back = points[-1], _direction(points[-1], points[-2])
    foot = _along(tip, back, HEAD)
    across, down = back
    wings = [(foot[0] + sign * _WING * down, foot[1] + sign * _WING * across) for sign in (1, -1)]
    return f"M{_pair(tip)}L{_pair(wings[0])}L{_pair(wings[1])}z"


def cut(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The same line, ending inside its head, so that it does not blunt the tip."""
    return (*points[:-1], _along(points[-1], _direction(points[-1], points[-2]), HEAD - 1))


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _pair(point: Point) -> str:
    return f"{_written(float(point[0]))} {_written(float(point[1]))}"


def _along(point: Point, direction: tuple[int, int], length: float) -> Point:
    return (point[0] + direction[0] * length, point[1] + direction[1] * length)


def _direction(start: Point, end: Point) -> tuple[int, int]:
    return ((end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1]))


def _length(start: Point, end: Point) -> float:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])
