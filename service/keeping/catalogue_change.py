"""What all changes of a catalogue share: who may, one at a time, which entry is meant, the line in the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.events import log_event
from service.organisation import Actor, Organisation, organisation
from states.refusals import NotFound, NotYours
from states.roles import LABELS, Role
from states.text import Text
from states.working_days import today

Row = dict[str, Any]
WHAT: Final = Text("каталогдорду жүргүзүү", "ведение каталогов", "keeping the catalogues")
ENTRY: Final = t.entry.c


class Key(NamedTuple):
    """Which entry is meant; without a code, the whole edition."""

    catalogue: str
    edition: str
    code: str = ""


def keeps(snapshot: Organisation, actor: Actor) -> bool:
    """Whether the actor keeps the catalogues: a quality specialist, or Sapat itself."""
    return actor.person_id is None or snapshot.plays(actor, Role.QUALITY_SPECIALIST)


def must_keep(snapshot: Organisation, actor: Actor) -> None:
    """Raise NotYours unless the actor keeps the catalogues."""
    if not keeps(snapshot, actor):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def begin(connection: sa.Connection, catalogue: str, actor: Actor, now: datetime) -> Act:
    """A change of a catalogue, by somebody who may make it, alone until its end. Raises NotYours."""
    snapshot = organisation(connection)
    actor = snapshot.anew(actor, today(now))
    must_keep(snapshot, actor)
    # SQLite has one writer; on PostgreSQL two that change a catalogue wait for each other at its first entries.
    connection.execute(sa.select(ENTRY.code).where(ENTRY.catalogue == catalogue).with_for_update()).all()
    return Act(connection, snapshot, actor, now)


def rows_of(act: Act, catalogue: str, edition: str) -> dict[str, Row]:
    """The entries of an edition by code, as they are kept."""
    rows = sa.select(t.entry).where(ENTRY.catalogue == catalogue, ENTRY.edition == edition)
    found = act.connection.execute(rows.order_by(ENTRY.position, ENTRY.code)).mappings()
    return {row["code"]: dict(row) for row in found}


def row_of(act: Act, one: Key) -> Row:
    """The entry as it is kept. Raises NotFound."""
    found = act.connection.execute(sa.select(t.entry).where(*is_it(one))).mappings().first()
    if found is None:
        raise NotFound
    return dict(found)


def below(rows: Mapping[str, Mapping[str, Any]], code: str) -> list[str]:
    """The codes of all that stands below an entry, however deep."""
    found: list[str] = []
    waiting = [code]
    while waiting:
        upper = waiting.pop()
        lower = [one for one, row in rows.items() if row["parent"] == upper and one not in found]
        found += lower
        waiting += lower
    return found


def tell(act: Act, what: str, one: Key, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A line in the log: which entry, what was before, what is now, for whom where it was a deputy."""
    facts: Row = {name: value for name, value in one._asdict().items() if value}
    facts |= {"before": dict(before), "after": dict(after), **_acting_for(act)}
    log_event(act.connection, f"catalogue.{what}", act.now, actor_id=act.actor.person_id, **facts)


def _acting_for(act: Act) -> dict[str, str]:
    posts = act.organisation.posts
    if any(posts[post].role is Role.QUALITY_SPECIALIST for post in act.actor.posts):
        return {}
    lent = (one.person_id for one in act.actor.lent if any(posts[p].role is Role.QUALITY_SPECIALIST for p in one.posts))
    return {"acting_for": str(person)} if (person := next(lent, None)) else {}


def close(act: Act, one: Key, codes: list[str]) -> None:
    """Close these of the edition from today on."""
    is_one = (*is_it(one)[:2], ENTRY.code.in_(codes))
    act.connection.execute(sa.update(t.entry).where(*is_one).values(closed_on=act.day))


def update(act: Act, one: Key, values: Mapping[str, Any]) -> None:
    """Write what differs."""
    act.connection.execute(sa.update(t.entry).where(*is_it(one)).values(**values))


def is_it(one: Key) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition that it is this entry."""
    return (ENTRY.catalogue == one.catalogue, ENTRY.edition == one.edition, ENTRY.code == one.code)
