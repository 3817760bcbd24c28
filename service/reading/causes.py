"""The causes of a nonconformity: each with its category, its actions, and whether it blocks the plan.

Causes of whatever record has a part `cause` and actions that name causes by their numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from service.reading.entries import Catalogue, EntryView
from service.reading.records import RecordRow, RecordView
from service.reading.trees import in_tree
from states.causes import root_causes, unanswered

Row = Mapping[str, Any]
Answer = Literal["action", "reason", "nothing", "deeper"]
PART: Final = "cause"
# The catalogue of their kinds.
CATALOGUE: Final = "cause"
_ABOVE: Final = "because_of"


@dataclass(frozen=True, slots=True)
class CauseView:
    """A cause: `entry` is its kind, `bone` the top of the tree of kinds that it belongs to.

    `actions` name it, of those that whoever asks may read; `unseen` is how many more do. A root that has neither an
    action that removes it nor a reason why none does `blocks` the plan, while that is being made.
    """

    no: int
    text: str
    because_of: int | None
    depth: int
    entry: EntryView | None
    bone: EntryView | None
    no_action: str | None
    answer: Answer
    is_root: bool
    blocks: bool
    actions: tuple[RecordRow, ...]
    unseen: int


def has_causes(view: RecordView) -> bool:
    """Whether records of this kind have causes."""
    return PART in view.lifecycle.parts


def causes_of(view: RecordView, kinds: Catalogue) -> list[CauseView]:
    """Its causes, each followed by the deeper ones. Reads its actions where it has causes at all."""
    rows = view.parts[PART]
    if not rows:
        return []
    below = [row for row in view.below if "causes" in row]
    ahead = view.subject.state == _PLANNED_IN
    blocking = {row["no"] for row in unanswered(rows, below)} if ahead else set()
    roots = {row["no"] for row in root_causes(rows)}
    bones = _bones(rows, kinds)
    readable = {child.id: child for child in view.children}
    found = []
    for row, depth in in_tree(rows, _ABOVE):
        naming = [action["id"] for action in below if row["no"] in (action["causes"] or ())]
        seen = tuple(readable[one] for one in naming if one in readable)
        removes = any(action["state"] not in _OVER for action in below if action["id"] in naming)
        found.append(
            CauseView(
                no=row["no"],
                text=row["text"],
                because_of=row[_ABOVE],
                depth=depth,
                entry=kinds.find(row["code"]),
                bone=bones[row["no"]],
                no_action=row["no_action"],
                answer=_answer(row, removes=removes, is_root=row["no"] in roots),
                is_root=row["no"] in roots,
                blocks=row["no"] in blocking,
                actions=seen,
                unseen=len(naming) - len(seen),
            )
        )
    return found


_PLANNED_IN: Final = "action_planning"
_OVER: Final = ("cancelled", "ineffective")


def _answer(row: Row, *, removes: bool, is_root: bool) -> Answer:
    if removes:
        return "action"
    if not is_root:
        return "deeper"
    return "reason" if row["no_action"] else "nothing"


def _bones(rows: Sequence[Row], kinds: Catalogue) -> dict[int, EntryView | None]:
    """By number, the category: its own kind's, else that of the cause it explains, else of one that explains it."""
    by_no = {row["no"]: row for row in rows}
    found: dict[int, EntryView | None] = {}
    for row in rows:
        no, seen = row["no"], set[int]()
        while no in by_no and no not in seen and not kinds.find(by_no[no]["code"]):
            seen.add(no)
            no = by_no[no][_ABOVE]
        found[row["no"]] = kinds.top(by_no[no]["code"]) if no in by_no else None
    for row, _ in reversed(in_tree(rows, _ABOVE)):  # the deepest first
        upper = row[_ABOVE]
        if upper in found and found[upper] is None:
            found[upper] = found[row["no"]]
    return found
