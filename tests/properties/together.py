"""What holds between records: a nonconformity and its actions, an audit and what it found, a document's revisions."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from tests.properties.known import Known

_IN_FORCE: Final = ("effective", "periodic_review", "withdrawal_proposed")
_REMOVES_NOTHING: Final = ("cancelled", "ineffective")


def check_together(records: Mapping[UUID, Known], moved: Iterable[Known], planned: Iterable[UUID]) -> None:
    """Check what has moved with all that belongs to it; plans were submitted of `planned`. Raises AssertionError."""
    about = {known.row["id"] for known in moved} | {known.row["parent_id"] for known in moved}
    for record_id in about - {None}:
        known = records[record_id]
        below = [one for one in records.values() if one.row["parent_id"] == record_id]
        _CHECKS.get(known.row["kind"], _nothing)(known, below)
    for record_id in planned:
        _answered(records[record_id], [one for one in records.values() if one.row["parent_id"] == record_id])
    for known in moved:
        if known.row["kind"] == "document":
            _one_in_force(known.row["document_id"], records.values())


def _nonconformity(known: Known, below: list[Known]) -> None:
    open_actions = [one.row for one in below if not one.row["closed_at"]]
    assert known.row["state"] != "closed" or not open_actions, ("closed with an open action", known.row, open_actions)
    assert known.row["state"] != "verification" or not open_actions, (known.row, open_actions)
    # It moves on by itself when the last is done.
    assert known.row["state"] != "acting" or open_actions, ("waits for nothing", known.row)


def _audit(known: Known, below: list[Known]) -> None:
    findings = [row for row in known.parts.get("finding", {}).values() if not row["removed_at"]]
    raised = [row for row in known.parts.get("finding", {}).values() if row["raised"]]
    titles = [one.row["title"] for one in below]
    assert len(raised) <= len(below), (raised, below)
    assert all(row["title"] in titles and not row["removed_at"] for row in raised)
    if known.row["state"] in ("acceptance", "accepted"):
        assert all(row["raised"] for row in findings if row["kind"] == "nonconformity"), findings
    if known.row["state"] == "accepted":
        assert known.row["conclusion"]
        assert known.row["carried_out_on"]


def _nothing(known: Known, below: list[Known]) -> None:
    assert known.lifecycle.name != "document" or not below


def _answered(known: Known, below: list[Known]) -> None:
    """No root cause was left without an action or a reason when the plan was submitted."""
    causes: list[dict[str, Any]] = [row for row in known.parts.get("cause", {}).values() if not row["removed_at"]]
    explained = {row["because_of"] for row in causes}
    removed: set[int] = set()
    for one in below:
        if one.row["state"] not in _REMOVES_NOTHING:
            removed.update(one.row["causes"] or ())
    for row in causes:
        assert row["no"] in explained or row["no"] in removed or row["no_action"], ("a cause without an answer", row)


def _one_in_force(document_id: UUID, records: Iterable[Known]) -> None:
    every = (one.row for one in records if one.row["kind"] == "document")
    revisions = [row for row in every if row["document_id"] == document_id]
    in_force = [row for row in revisions if row["in_force"]]
    assert len(in_force) <= 1, in_force
    for row in revisions:
        assert bool(row["in_force"]) == (row["state"] in _IN_FORCE), row
    assert len([row for row in revisions if not row["closed_at"] and not row["in_force"]]) <= 1, revisions
    assert sorted(row["number"] for row in revisions) == list(range(1, len(revisions) + 1))


_CHECKS: Final = {"nonconformity": _nonconformity, "audit": _audit}
