"""Parts as trees: where each of several is because of another, as answers to "why?" are."""

from collections.abc import Mapping, Sequence
from typing import Any

from states.lifecycle import Part

Row = Mapping[str, Any]


def above_in(part: Part) -> str:
    """The field that says which other one of the same part it hangs on; empty where the part is no tree."""
    return next((field.name for field in part.fields if field.kind == "part" and field.of == part.name), "")


def in_tree(rows: Sequence[Row], above: str) -> list[tuple[Row, int]]:
    """Each row with how deep it lies, followed by those below it; one whose upper one is gone stands at the top.

    Without `above` all lie side by side.
    """
    numbers = {row["no"] for row in rows}
    below: dict[int | None, list[Row]] = {}
    for row in rows:
        upper = row[above] if above else None
        below.setdefault(upper if upper in numbers else None, []).append(row)
    found: list[tuple[Row, int]] = []
    waiting = [(row, 0) for row in reversed(below.pop(None, []))]
    while waiting or below:
        if not waiting:  # what goes round has no top: it begins somewhere
            waiting = [(row, 0) for row in below.pop(min(key for key in below if key is not None))]
        row, depth = waiting.pop()
        found.append((row, depth))
        waiting += [(one, depth + 1) for one in reversed(below.pop(row["no"], []))]
    return found
