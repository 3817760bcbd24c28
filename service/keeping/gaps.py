"""What will fall into a gap before it happens: while somebody is away, and where a post is or becomes vacant."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.keeping.gaps_sittings import sittings_of
from service.organisation import Actor, Organisation, Spell, organisation
from service.reading.permitted import readable_by
from states.ladders import rung_at, rung_moment
from states.registry import lifecycle
from states.roles import named
from states.text import N_, Text
from states.working_days import moment, today

AHEAD: Final = timedelta(days=60)
MOST: Final = 300  # tasks looked at, the most urgent first
MOST_RUNGS: Final = 40  # of one task: an absence of a year would repeat a reminder fifty times


@dataclass(frozen=True, slots=True)
class Falls:
    """One thing that falls into the gap, on its day (`late`: it waited before).

    `kind` is late, due, rung, wake, sitting or review; `sentence` (English, with `facts`) says what; `post` whose it is
    where it is a post's; `also` who else holds that post and is there.
    """

    record_id: UUID
    day: date
    kind: str
    code: str
    title: str
    href: str
    sentence: str
    facts: Mapping[str, object]
    post: Text | None = None
    also: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """Whose gap it is, and when: a person, the posts they answer for, from a day to a day, seen at a moment."""

    person_id: UUID
    posts: frozenset[UUID]
    since: date
    until: date
    now: datetime


Source = Callable[[sa.Connection, Organisation, Away], Iterable[Falls]]


def gap(
    connection: sa.Connection, person_id: UUID, since: date, until: date, reader: Actor, now: datetime
) -> list[Falls]:
    """What falls into a person's absence from `since` to `until` (both included), by day.

    Of what the `reader` may not read it tells that there is something, and when.
    """
    snapshot = organisation(connection)
    since = max(since, today(now))
    if until < since:
        return []
    posts = frozenset(post for day in (since, until) for post in snapshot.actor(person_id, day).posts)
    away = Away(person_id, posts, since, until, now)
    found = [falls for source in SOURCES for falls in source(connection, snapshot, away)]
    may_read = readable_among(connection, {falls.record_id for falls in found}, reader, now)
    found = [falls if falls.record_id in may_read else replace(falls, **_UNREAD) for falls in found]
    return sorted(found, key=lambda falls: (falls.day, _ORDER.index(falls.kind), falls.code))


def readable_among(connection: sa.Connection, records: Collection[UUID], reader: Actor, now: datetime) -> set[UUID]:
    """Those of the records that the reader may read; Sapat itself reads all."""
    if reader.person_id is None:
        return set(records)
    wanted = sa.select(t.record.c.id).where(t.record.c.id.in_(records), readable_by(connection, reader, now))
    return set(connection.execute(wanted).scalars())


def _tasks(connection: sa.Connection, snapshot: Organisation, away: Away) -> Iterator[Falls]:
    """Tasks that are due, those that were late before, and the rungs that will speak of them."""
    task = t.task.c
    mine = (task.holder_person_id == away.person_id) | task.holder_post_id.in_(away.posts)
    ends = moment(away.until + timedelta(days=1))
    statement = (
        sa.select(t.task, t.record.c.code, t.record.c.title)
        .join(t.record, t.record.c.id == task.record_id)
        .where(task.closed_at.is_(None), mine, (task.due_at < ends) | (task.next_notice_at < ends))
        .order_by(task.due_at, task.id)
        .limit(MOST)
    )
    for row in connection.execute(statement):
        step = lifecycle(row.lifecycle).steps[row.step]
        label = step.task or step.label
        due = today(row.due_at)
        if due < away.since:
            yield _falls(snapshot, away, row, away.since, "late", _LATE, {"task": label, "day": due.isoformat()})
        elif due <= away.until:
            yield _falls(snapshot, away, row, due, "due", _DUE, {"task": label})
        if (ladder := snapshot.ladders.get(row.ladder_id)) is not None:
            begins = moment(away.since)
            for index in range(row.rung, row.rung + MOST_RUNGS):
                speaks = rung_moment(ladder, index, row.due_at, snapshot.calendar)
                if speaks >= ends:
                    break
                if speaks >= begins:
                    facts = {"task": label, "part": named(rung_at(ladder, index).to)}
                    yield _falls(snapshot, away, row, today(speaks), "rung", _RUNG, facts)


def _wakes(connection: sa.Connection, snapshot: Organisation, away: Away) -> Iterator[Falls]:
    """Records of theirs that the clock moves on then: a revision comes into force."""
    record = t.record.c
    begins, ends = moment(away.since), moment(away.until + timedelta(days=1))
    mine = record.owner_post_id.in_(away.posts) | (record.author_id == away.person_id)
    statement = sa.select(t.record).where(record.wake_at >= begins, record.wake_at < ends, mine).limit(MOST)
    for row in connection.execute(statement.order_by(record.wake_at, record.id)):
        one = lifecycle(row.kind)
        wake = one.steps[row.state].wake
        label = one.moves[wake.move].label if wake else one.steps[row.state].label
        yield _falls(snapshot, away, row, today(row.wake_at), "wake", _WAKE, {"move": label})


def _reviews(connection: sa.Connection, snapshot: Organisation, away: Away) -> Iterator[Falls]:
    """Documents of theirs that must be reviewed then."""
    revision, record = t.revision.c, t.record.c
    statement = (
        sa.select(t.record, revision.review_due_on)
        .join(t.revision, revision.record_id == record.id)
        .where(
            revision.in_force.is_(True),
            revision.review_due_on.between(away.since, away.until),
            record.owner_post_id.in_(away.posts),
        )
        .order_by(revision.review_due_on, record.id)
        .limit(MOST)
    )
    for row in connection.execute(statement):
        yield _falls(snapshot, away, row, row.review_due_on, "review", _REVIEW, {})


def _sittings(connection: sa.Connection, snapshot: Organisation, away: Away) -> Iterator[Falls]:
    """Sittings at which they are awaited, on a day of the absence."""
    who = (away.person_id, away.posts)
    for row, parts, as_secretary in sittings_of(connection, snapshot, *who, away.since, away.until, MOST):
        falls = _falls(snapshot, away, row, row.held_on, "sitting", _SITTING, {"parts": parts})
        # Whoever holds the secretary's post besides can take it over; a member's seat nobody else has.
        yield falls if as_secretary else replace(falls, post=None, also=())


def _falls(
    snapshot: Organisation, away: Away, row: Any, day: date, kind: str, sentence: str, facts: Mapping[str, object]
) -> Falls:
    """A line about the record that a task or record row names."""
    is_task = "record_id" in row._fields and "holder_post_id" in row._fields
    one = lifecycle(row.lifecycle if is_task else row.kind)
    record_id = row.record_id if is_task else row.id
    post_id = row.holder_post_id if is_task else row.owner_post_id
    href = f"/{one.collection}/{record_id}"
    others = (person for person in snapshot.holders(post_id, day) if person != away.person_id) if post_id else ()
    also = tuple(snapshot.people[person].name for person in others if snapshot.stands_in(person, day) is not None)
    name = snapshot.posts[post_id].name if post_id else None
    return Falls(
        row.record_id if is_task else row.id, day, kind, row.code, row.title, href, sentence, facts, name, also
    )


SOURCES: Final[tuple[Source, ...]] = (_tasks, _wakes, _reviews, _sittings)
_ORDER: Final = ("late", "due", "wake", "sitting", "review", "rung")
_UNREAD: Final[dict[str, Any]] = {
    **dict.fromkeys(("code", "title", "href"), ""),
    "facts": {},
    "sentence": N_("not for you to read"),
}
_LATE = N_("“%(task)s” waits already, since %(day)s")
_DUE = N_("“%(task)s” is due")
_RUNG = N_("a reminder of “%(task)s” goes to: %(part)s")
_WAKE = N_("by itself on this day: %(move)s")
_SITTING = N_("a sitting, awaited as: %(parts)s")
_REVIEW = N_("the periodic review of the document is due")


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that nobody holds from `since` on; `answering` is who answers for it then, `tasks` how many it has."""

    post_id: UUID
    since: date
    answering: tuple[UUID, ...]
    tasks: int


@dataclass(frozen=True, slots=True)
class GapsAhead:
    """The gaps of the next weeks: absences without a deputy, deputies who are away too, posts without a holder."""

    without_deputy: tuple[Spell, ...]
    deputy_away: tuple[tuple[Spell, Spell], ...]
    becoming_vacant: tuple[Vacancy, ...]
    vacant: tuple[Vacancy, ...]


def gaps_ahead(connection: sa.Connection, now: datetime, ahead: timedelta = AHEAD) -> GapsAhead:
    """What nobody will do, now and in the time ahead, unless somebody sees to it."""
    snapshot, day = organisation(connection), today(now)
    last = day + ahead
    spells = [spell for spell in snapshot.absences if spell.until >= day and spell.since <= last]
    tasks = _open_tasks(connection)
    return GapsAhead(
        tuple(spell for spell in spells if spell.deputy_id is None),
        tuple(
            (spell, other)
            for spell in spells
            for other in spells
            if other.person_id == spell.deputy_id and other.since <= spell.until and spell.since <= other.until
        ),
        tuple(_becoming_vacant(connection, snapshot, day, last)),
        tuple(
            Vacancy(post.id, day, snapshot.answering(post.id, day), tasks.get(post.id, 0))
            for post in snapshot.posts.values()
            if not post.closed_on and not snapshot.holders(post.id, day)
        ),
    )


def _becoming_vacant(connection: sa.Connection, snapshot: Organisation, day: date, last: date) -> Iterator[Vacancy]:
    """Posts whose last holder leaves in that time, with the tasks that are due after it."""
    holding, task = t.holding.c, t.task.c
    ending = sa.select(holding.post_id, sa.func.max(holding.until).label("until")).where(
        holding.until.between(day, last)
    )
    for post_id, until in connection.execute(ending.group_by(holding.post_id)):
        since = until + timedelta(days=1)
        if snapshot.holders(post_id, since) or snapshot.posts[post_id].closed_on:
            continue
        later = (task.holder_post_id == post_id) & task.closed_at.is_(None) & (task.due_at >= moment(until, time(0)))
        number = connection.execute(sa.select(sa.func.count()).where(later)).scalar_one()
        yield Vacancy(post_id, since, snapshot.answering(post_id, since), number)


def _open_tasks(connection: sa.Connection) -> dict[UUID, int]:
    task = t.task.c
    rows = sa.select(task.holder_post_id, sa.func.count()).where(
        task.closed_at.is_(None), task.holder_post_id.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(rows.group_by(task.holder_post_id))}
