"""What holds of councils, of who has to read, and of copies on paper, whatever people do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.asking import OPEN_SITTINGS
from service.chain import digest
from service.readings import HAVE_LEFT_AFTER
from service.signing import content_of
from service.subject import load
from tests.properties.known import Known, Look, Row

_POSTPONED: Final = "postpone"


def check_councils(seen: Look, records: Mapping[UUID, Known]) -> None:
    """Check what has moved just now with all that it is about. Raises AssertionError."""
    for entry in seen.entries:
        known = records[entry["record_id"]]
        if check := _AFTER.get((known.row["kind"], entry["move"])):
            check(entry, known, seen)
    kinds = {known.row["kind"] for known in seen.records.values()}
    if "sitting" in kinds:
        check_agendas(records.values())
    if kinds & {"acknowledgement", "document"}:
        _readings(records)
    if kinds & {"printed_copy", "document"}:
        _copies(records.values())


def check_agendas(records: Iterable[Known]) -> None:
    """What stands on agendas is in order, of a body on one that is open; no number of a protocol is given twice."""
    sittings = _of_kind("sitting", records)
    about = Counter[tuple[UUID, UUID]]()
    for known in sittings:
        items = known.present["agenda_item"]
        assert sorted(row["place"] for row in items) == list(range(1, len(items) + 1)), items
        if known.row["state"] in OPEN_SITTINGS:
            about.update((known.row["body_id"], row["about_id"]) for row in items if row["about_id"])
    assert all(times == 1 for times in about.values()), ("on two agendas of a body", about)
    closed = [known.row for known in sittings if known.row["state"] == "closed"]
    numbers = Counter((row["body_id"], row["protocol_year"], row["protocol_no"]) for row in closed)
    assert all(times == 1 for times in numbers.values()), ("a number given twice", numbers)
    assert all(row["protocol_no"] and row["protocol_year"] == row["held_on"].year for row in closed), closed


def check_bound(connection: sa.Connection, records: Iterable[Known]) -> None:
    """Protocols say what was signed, but for what was put right later; their rows belong to sittings."""
    sittings = {known.row["id"]: known for known in _of_kind("sitting", records)}
    agenda = connection.execute(sa.select(t.agenda_item.c.record_id).distinct()).scalars()
    assert set(agenda) <= sittings.keys()
    signature, history = t.signature.c, t.history.c
    closings = (
        sa.select(t.signature, history.record_id.label("of"))
        .join(t.history, history.id == signature.history_id)
        .where(history.move == "close", signature.record_id.in_(list(sittings)))
    )
    for row in connection.execute(closings).mappings():
        now = content_of(connection, load(connection, row["of"]))
        # Bound to what it said, and to nothing that was entered since.
        parts = {**now.parts, "correction": []}
        then = digest({"fields": now.fields, "files": now.files, "parts": parts})
        assert row["content_hash"] == then, ("a protocol has changed", sittings[row["of"]].row)
        if not sittings[row["of"]].present["correction"]:
            assert row["content_hash"] == now.hash
            assert row["voided_at"] is None, row


def _closed(entry: Row, known: Known, seen: Look) -> None:
    """What a protocol decided has moved in the same transaction; each instruction is a task."""
    followed = [one for one in seen.entries if one["cause_id"] == entry["id"]]
    moved = {one["record_id"]: one for one in followed}
    for row in known.present["agenda_item"]:
        if not row["about_id"] or row["decision"] == _POSTPONED:
            assert row["about_id"] not in moved, row
            continue
        caused = moved[row["about_id"]]
        assert (caused["move"], caused["from_state"]) == (row["decision"], "council_review"), (row, caused)
        assert caused["actor_id"] == entry["actor_id"], caused
        (decision,) = seen.decisions[caused["id"]]
        about = (decision["body_id"], decision["number"], decision["wording"])
        assert about == (known.row["body_id"], known.row["protocol_no"], row["wording"]), ("another's", row, decision)
    opened = [one for one in followed if one["move"] == "open"]
    rows = [seen.records[one["record_id"]].row for one in opened]
    tasks = Counter((row["title"], row["owner_post_id"], row["due_on"], row["body_id"]) for row in rows)
    instructed = known.present["instruction"]
    body = known.row["body_id"]
    assert tasks == Counter((row["what"], row["owner_post_id"], row["due_on"], body) for row in instructed)
    assert all(row["parent_id"] == known.row["id"] for row in rows)
    decided = [row for row in known.present["agenda_item"] if row["about_id"] and row["decision"] != _POSTPONED]
    assert len(followed) == len(decided) + len(instructed), followed


def _opened(_entry: Row, known: Known, seen: Look) -> None:
    """Whoever sat in the body on the day is on the list, and nobody else."""
    there = seen.snapshot.sitting_in(known.row["body_id"], known.row["held_on"])
    listed = [row["person_id"] for row in known.present["attendee"]]
    assert listed == list(there), (listed, there)


def _read(entry: Row, known: Known, _seen: Look) -> None:
    """Nobody has read for somebody else."""
    assert (entry["actor_id"], entry["acting_for_id"]) == (known.row["reader_id"], None), entry


_AFTER: Final = {
    ("sitting", "close"): _closed,
    ("sitting", "open_session"): _opened,
    ("acknowledgement", "acknowledge"): _read,
}


def _readings(records: Mapping[UUID, Known]) -> None:
    """Everybody is asked once of a revision, and whoever wrote it is not."""
    rows = [known.row for known in _of_kind("acknowledgement", records.values())]
    asked = Counter((row["revision_id"], row["reader_id"]) for row in rows)
    assert all(times == 1 for times in asked.values()), asked
    assert all(records[row["revision_id"]].row["author_id"] != row["reader_id"] for row in rows), rows


def _copies(records: Iterable[Known]) -> None:
    """A copy that nobody has recalled is one of the revision in force."""
    records = list(records)
    revisions = [known.row for known in _of_kind("document", records) if known.row["in_force"]]
    in_force = {row["document_id"]: row["number"] for row in revisions}
    for known in _of_kind("printed_copy", records):
        row: dict[str, Any] = known.row
        if row["state"] == "issued":
            number = in_force.get(row["document_id"])
            assert row["title"].endswith(f"/{number})"), ("out of date, and not recalled", row, number)


_LEAVING: Final = HAVE_LEFT_AFTER.days + 1
_AHEAD: Final = 90  # days for which a post may be promised


def check_asked(records: Mapping[UUID, Known], seen: Look) -> None:
    """After a night nobody has to read what is not in force, nor does whoever left long ago. Raises AssertionError."""
    for known in _of_kind("acknowledgement", records.values()):
        if known.row["closed_at"] is None:
            assert records[known.row["revision_id"]].row["in_force"], ("not in force", known.row)
            reader = known.row["reader_id"]
            held = any(seen.snapshot.posts_of(reader, seen.day + timedelta(days)) for days in range(-_LEAVING, _AHEAD))
            assert held, ("has left", known.row)


def _of_kind(kind: str, records: Iterable[Known]) -> list[Known]:
    return [known for known in records if known.row["kind"] == kind]
