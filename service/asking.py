"""What a lifecycle can ask about a record by a name, read when it asks: what waits for a body, who sits in it, …."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.order_numbers import council_day, order_under
from service.organisation import organisation
from service.protocol_numbers import used_numbers
from service.subject import Subject
from states.sitting import titled

OPEN_SITTINGS: Final = ("planned", "called", "in_session")


def ask(connection: sa.Connection, subject: Subject, name: str) -> Any:
    """What is known by that name of the record. Raises KeyError where nothing is."""
    return _KNOWN[name](connection, subject)


def waiting_for(connection: sa.Connection, body_id: UUID) -> list[dict[str, Any]]:
    """What waits for a body and stands on no agenda of its own that is still open: rows of an agenda, oldest first.

    On the agenda of a body that it waited for before it may stand still: that one only postpones it now. Speakers are
    named in the language in which the body's minutes are kept.
    """
    snapshot = organisation(connection)
    body = snapshot.body(body_id)
    record, revision, item = t.record.c, t.revision.c, t.agenda_item.c
    sitting = t.record.alias()
    on_agenda = (
        sa.select(item.about_id)
        .join(sitting, sitting.c.id == item.record_id)
        .join(t.sitting, t.sitting.c.record_id == item.record_id)
        .where(item.removed_at.is_(None), item.about_id == record.id, sitting.c.state.in_(OPEN_SITTINGS))
        .where(t.sitting.c.body_id == body_id)
    )
    statement = (
        sa.select(record.id, record.code, record.title, record.author_id, revision.route, revision.position)
        .join(t.revision, revision.record_id == record.id)
        .where(record.kind == "document", record.state == "council_review", ~sa.exists(on_agenda.correlate(t.record)))
        .order_by(record.moved_at, record.id)
    )
    found = []
    for row in connection.execute(statement):
        if row.position < len(row.route) and row.route[row.position] == body.code:
            author = snapshot.people.get(row.author_id)
            speaker = author.name.into(body.language) if author else None
            found.append({"about_id": row.id, "title": f"{row.title} ({row.code})"[:500], "speaker": speaker})
    return found


def _elsewhere(connection: sa.Connection, subject: Subject) -> frozenset[UUID]:
    """What stands on the agenda and waits for another body by now; locked, so that it stays so."""
    snapshot, item, record, revision = organisation(connection), t.agenda_item.c, t.record.c, t.revision.c
    body = snapshot.body(subject.fields["body_id"])
    statement = (
        sa.select(record.id, revision.route, revision.position)
        .join(t.revision, revision.record_id == record.id)
        .join(t.agenda_item, item.about_id == record.id)
        .where(item.record_id == subject.id, item.removed_at.is_(None), record.state == "council_review")
        .order_by(record.id)
        .with_for_update(of=t.record, key_share=True)
    )
    return frozenset(row.id for row in connection.execute(statement) if row.route[row.position] != body.code)


def _one_after_another(connection: sa.Connection, subject: Subject) -> None:
    """Of two that ask at once for what a body gives only once, the second waits for the first."""
    body = t.body.c.id == subject.fields["body_id"]
    connection.execute(sa.select(t.body.c.id).where(body).with_for_update(key_share=True))


def _waiting(connection: sa.Connection, subject: Subject) -> list[dict[str, Any]]:
    _one_after_another(connection, subject)
    return waiting_for(connection, subject.fields["body_id"])


def _members(connection: sa.Connection, subject: Subject) -> list[str]:
    """Who sits in the body on the day of the sitting: identifiers (hex)."""
    body_id, day = subject.fields["body_id"], subject.fields["held_on"]
    return [one.hex for one in organisation(connection).sitting_in(body_id, day)]


def _sits(connection: sa.Connection, subject: Subject) -> frozenset[UUID]:
    """Who sits in the sitting: those on its list once it is open, before that whoever sits in the body on its day."""
    attendee = t.attendee.c
    listed = sa.select(attendee.person_id).where(attendee.record_id == subject.id, attendee.removed_at.is_(None))
    found = frozenset(connection.execute(listed).scalars())
    body_id, day = subject.fields["body_id"], subject.fields["held_on"]
    return found or frozenset(organisation(connection).sitting_in(body_id, day))


def _titled(connection: sa.Connection, subject: Subject) -> Callable[[date], str]:
    """What a sitting of the body is called, by its day."""
    body = organisation(connection).body(subject.fields["body_id"])
    return lambda held_on: titled(body.name, body.language, held_on)


def _papers(connection: sa.Connection, subject: Subject) -> dict[str, list[list[str]]]:
    """The files of what stands on the agenda, by the number of the item: name and SHA-256 of each."""
    item, file = t.agenda_item.c, t.attachment.c
    statement = (
        sa.select(item.no, file.name, file.sha256)
        .join(t.attachment, file.record_id == item.about_id)
        .where(item.record_id == subject.id, item.removed_at.is_(None), file.removed_by_id.is_(None))
    )
    found: dict[str, list[list[str]]] = defaultdict(list)
    # Sorted here: databases differ in how they order letters.
    for no, name, sha256 in sorted(tuple(row) for row in connection.execute(statement)):
        found[str(no)].append([name, sha256])
    return dict(found)


def _protocol_numbers(connection: sa.Connection, subject: Subject) -> frozenset[str]:
    """The numbers of the body that are used already in that year."""
    _one_after_another(connection, subject)
    fields = subject.fields
    return used_numbers(connection, fields["body_id"], fields["held_on"], subject.id)


_KNOWN: Final[Mapping[str, Callable[[sa.Connection, Subject], Any]]] = {
    "waiting": _waiting,
    "members": _members,
    "sits": _sits,
    "titled": _titled,
    "papers": _papers,
    "elsewhere": _elsewhere,
    "protocol_numbers": _protocol_numbers,
    "council_day": council_day,
    "order_under": order_under,
}
