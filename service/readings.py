"""Read and understood: what comes into force is given to those whom it concerns, each as a task of their own.

A revision's readers are asked some at a time, so that nobody waits long for the database; whoever is killed between two
batches leaves the revision unmarked, and the next one asks those who were not asked. A reader is asked of a revision
once, whatever happens. What nobody needs to read any more lapses.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from models import tables as t
from models.base import new_id
from models.database import Database
from service.act import Act
from service.concerned import concerned, laid_down
from service.events import log_event
from service.moves import begin, move
from service.newcomers import approvers, look_again
from service.organisation import CLOCK, Organisation, organisation
from service.signing import content_of
from service.subject import Subject, load
from states.kyrgyz import fold
from states.lifecycle import Kind
from states.refusals import NotFromHere
from states.registry import lifecycle
from states.roles import Role
from states.working_days import today

KIND: Final = "acknowledgement"
AT_ONCE: Final = 100  # readers of one transaction
LAPSES: Final = "lapse"
OPENED: Final = "acknowledgement.opened"
# Between two contracts people hold no post for some days; what has lapsed is asked of nobody again.
HAVE_LEFT_AFTER: Final = timedelta(days=14)
_file, _of = t.controlled_file.c, t.acknowledgement.c
_UNASKED: Final = _file.distributed_at.is_(None)
log = structlog.get_logger(__name__)


def is_due(connection: sa.Connection, _now: datetime) -> bool:
    """Whether there is a revision whose readers have not all been asked."""
    return connection.execute(sa.select(sa.exists().where(_UNASKED))).scalar_one()


def ask_readers(database: Database, now: datetime) -> dict[str, int]:
    """Ask the readers of every revision that came into force; gives how many were asked, and how many readings lapsed.

    May be run again at any time, and by several processes at once. A revision that cannot be given out stops no other.
    """
    counts = {"readers_asked": 0, "readings_lapsed": 0}
    put_off: set[UUID] = set()
    while (revision_id := _next(database, put_off)) is not None:
        try:
            counts["readings_lapsed"] += _lapse(database, now, partial(_of_others, revision_id=revision_id))
            _ask_all(database, revision_id, now, counts)
        except sa.exc.OperationalError:
            raise  # the database is away: all of it is tried again
        except Exception as error:  # noqa: BLE001 - one revision's fault, or ours, stops no other
            put_off.add(revision_id)
            log.warning("readers_not_asked", revision=str(revision_id), why=f"{type(error).__name__}: {error}")
    return counts


def of_the_day(database: Database, now: datetime) -> dict[str, int]:
    """What a new day brings: what nobody has to read any more lapses, those who came are asked. Counts as above."""
    lapsed = _lapse(database, now, _not_in_force) + _lapse(database, now, partial(_of_leavers, now=now))
    look_again(database, now)
    counts = ask_readers(database, now)
    return {**counts, "readings_lapsed": counts["readings_lapsed"] + lapsed}


def _next(database: Database, but: Iterable[UUID]) -> UUID | None:
    due = sa.select(_file.record_id).where(_UNASKED, _file.record_id.not_in(but))
    with database.read() as connection:
        return connection.execute(due.order_by(_file.asked_at, _file.record_id).limit(1)).scalar()


def _ask_all(database: Database, revision_id: UUID, now: datetime, counts: dict[str, int]) -> None:
    more = True
    while more:
        with database.write() as connection:
            asked, more = _ask_some(connection, revision_id, now)
        counts["readers_asked"] += asked


def _ask_some(connection: sa.Connection, revision_id: UUID, now: datetime) -> tuple[int, bool]:
    """Ask the next readers of a revision; how many, and whether there may be more."""
    # Locked: of two that ask at once, the second sees whom the first has asked.
    locked = sa.select(_file.record_id).where(_file.record_id == revision_id, _UNASKED).with_for_update()
    if connection.execute(locked).first() is None:
        return 0, False
    act = Act(connection, organisation(connection), CLOCK, now)
    revision = load(connection, revision_id)
    wanted = list(unasked(act.connection, act.organisation, revision, act.day).items())
    if wanted:
        document = _document(connection, revision.fields["document_id"])
        content = content_of(connection, revision).hash
        count = sa.select(sa.func.count()).where(_of.revision_id == revision_id)
        there = connection.execute(count.select_from(t.acknowledgement)).scalar_one()
        for number, (reader_id, post_id) in enumerate(wanted[:AT_ONCE], there + 1):
            typed = {"revision_id": revision_id, "reader_id": reader_id, "content": content}
            code = f"{revision.fields['code']}-{number:03d}"
            begin(act, _reading(act, code, document["title"], post_id, typed), typed, {})
    if len(wanted) > AT_ONCE:
        return AT_ONCE, True
    done = sa.update(t.controlled_file).where(_file.record_id == revision_id)
    connection.execute(done.values(distributed_at=now))
    return len(wanted), False


def unasked(connection: sa.Connection, snapshot: Organisation, revision: Subject, day: date) -> dict[UUID, UUID]:
    """Who has to read a revision in force and was not asked, each with the post through which it concerns them.

    Whoever wrote or approved it has read it.
    """
    if not revision.fields["in_force"]:
        return {}
    asked = connection.execute(sa.select(_of.reader_id).where(_of.revision_id == revision.id)).scalars()
    approved = connection.execute(approvers(t.signature.c.record_id == revision.id))
    but = {revision.fields["author_id"], *asked, *(row.person_id for row in approved)}
    every = _concerned(connection, snapshot, revision, day)
    return {person: post for person, post in every.items() if person not in but}


def would_ask(connection: sa.Connection, snapshot: Organisation, revision: Subject, day: date) -> int:
    """How many people would be asked to read a revision, if it came into force on `day` and as things are laid down."""
    fields = revision.fields
    approves = fields["approver_post_id"]
    posts = (approves,) if approves else snapshot.posts_of_role(Role.RECTOR, fields["campus_id"])
    but = {fields["author_id"], *(person for post in posts for person in snapshot.holders(post, day))}
    return len(_concerned(connection, snapshot, revision, day).keys() - but)


def _concerned(connection: sa.Connection, snapshot: Organisation, revision: Subject, day: date) -> dict[UUID, UUID]:
    document = _document(connection, revision.fields["document_id"])
    rules = laid_down(connection).of(document["id"], document["type_code"])
    return concerned(snapshot, rules, document, day)


def note_opened(connection: sa.Connection, record_id: UUID, person_id: UUID, now: datetime) -> None:
    """The log keeps when a reader first opened here what they have to read."""
    if opened_at(connection, record_id, person_id) is None:
        log_event(connection, OPENED, now, actor_id=person_id, about_id=record_id)


def opened_at(connection: sa.Connection, record_id: UUID, person_id: UUID) -> datetime | None:
    """When that was; None where they have not."""
    event = t.event.c
    first = sa.select(sa.func.min(event.at)).where(
        event.about_id == record_id, event.kind == OPENED, event.actor_id == person_id
    )
    found: datetime | None = connection.execute(first).scalar()
    return found


def _reading(act: Act, code: str, title: str, post_id: UUID, typed: Mapping[str, Any]) -> Subject:
    """The record of one reader, in the place of the post through which the document concerns them."""
    unit_id = act.organisation.posts[post_id].unit_id
    one = lifecycle(KIND)
    fields = {
        "id": new_id(),
        "kind": KIND,
        "code": code,
        "title": title,
        "folded": fold(f"{code} {title}"),
        "state": one.initial,
        "version": 1,
        "head": "",
        "author_id": None,
        "author_hidden": False,
        "owner_post_id": None,
        "unit_id": unit_id,
        "process_id": None,
        "campus_id": act.organisation.campus_of(unit_id),
        "parent_id": None,
        "opened_at": act.now,
        "moved_at": act.now,
        **typed,
    }
    return Subject(one, fields)


def _document(connection: sa.Connection, document_id: UUID) -> dict[str, Any]:
    found = connection.execute(sa.select(t.document).where(t.document.c.id == document_id))
    return dict(found.mappings().one())


def _lapse(database: Database, now: datetime, which: Callable[[sa.Connection], Sequence[UUID]]) -> int:
    """Let readings lapse, some in each transaction; gives how many."""
    with database.read() as connection:
        every = which(connection)
    batches = (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))
    return sum(_lapse_some(database, some, now) for some in batches)


def _lapse_some(database: Database, records: Sequence[UUID], now: datetime) -> int:
    """Let these lapse together; where that cannot be, one by one, so that one of them stops no other."""
    lapsed = 0
    try:
        with database.write() as connection:
            for record_id in records:
                with suppress(NotFromHere):  # read in this very moment
                    move(connection, record_id, LAPSES, CLOCK, {}, now)
                    lapsed += 1
    except sa.exc.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one record's fault, or ours, stops no other
        if len(records) > 1:
            return sum(_lapse_some(database, [one], now) for one in records)
        log.warning("not_lapsed", record=str(records[0]), why=f"{type(error).__name__}: {error}")
        return 0
    return lapsed


def _of_others(connection: sa.Connection, revision_id: UUID) -> Sequence[UUID]:
    """The open readings of the revisions that this one has replaced."""
    document = sa.select(t.revision.c.document_id).where(t.revision.c.record_id == revision_id).scalar_subquery()
    return _open(connection, t.revision.c.in_force.is_(None), t.revision.c.document_id == document)


def _not_in_force(connection: sa.Connection) -> Sequence[UUID]:
    return _open(connection, t.revision.c.in_force.is_(None))


def _of_leavers(connection: sa.Connection, now: datetime) -> Sequence[UUID]:
    """The open readings of those who have held no post for so long that they have left, and will have none."""
    holding = t.holding.c
    lately = holding.until.is_(None) | (holding.until >= today(now) - HAVE_LEFT_AFTER)
    return _open(connection, ~sa.exists().where(holding.person_id == _of.reader_id, lately))


def _open(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Sequence[UUID]:
    """Open readings, in the order in which they are locked."""
    record = t.record.c
    steps = [step.name for step in lifecycle(KIND).steps.values() if step.kind is not Kind.FINAL]
    found = (
        sa.select(record.id)
        .join(t.acknowledgement, _of.record_id == record.id)
        .join(t.revision, t.revision.c.record_id == _of.revision_id)
        .where(record.kind == KIND, record.state.in_(steps), *where)
        .order_by(record.id)
    )
    return list(connection.execute(found).scalars())
