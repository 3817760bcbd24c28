"""What is doubtful about an absence, and still allowed: said before it is entered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.keeping.gaps import readable_among
from service.keeping.given import overlap
from service.organisation import Actor, Organisation, Spell, organisation
from service.subject import load, roles_of
from states.lifecycle import permits
from states.text import N_, Text
from states.working_days import today

MOST = 100  # records looked at: what is warned of is read by a person
NAMED = 5


@dataclass(frozen=True, slots=True)
class Caution:
    """One doubt: an English sentence for the catalogues with its facts; `kind` for programs."""

    kind: str
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads it, and when."""

    reader: Actor
    now: datetime


def cautions(connection: sa.Connection, absence: Mapping[str, Any], reader: Actor, now: datetime) -> list[Caution]:
    """What is doubtful about the absence (as `read_absence` gives it), for whoever reads it."""
    snapshot = organisation(connection)
    person_id, deputy_id = absence["person_id"], absence["deputy_id"]
    since, until = absence["since"], absence["until"]
    found = [*_left_alone(snapshot, person_id, since, until)]
    if deputy_id is None:
        return [Caution("no-deputy", N_("There is no deputy: the head above answers meanwhile.")), *found]
    found += _away(snapshot, person_id, deputy_id, since, until)
    found += _stopped(connection, snapshot, person_id, deputy_id, max(since, today(now)), Reading(reader, now))
    return found


def _left_alone(snapshot: Organisation, person_id: UUID, since: date, until: date) -> Iterator[Caution]:
    for spell in snapshot.absences:
        if spell.deputy_id == person_id and overlap(since, until, spell.since, spell.until):
            yield Caution(
                "is-a-deputy",
                N_("They stand in for %(name)s then, who is away from %(since)s to %(until)s."),
                _facts(snapshot, spell),
            )


def _away(snapshot: Organisation, person_id: UUID, deputy_id: UUID, since: date, until: date) -> Iterator[Caution]:
    """The deputy's own absences then, and where their deputies lead."""
    for spell in _spells(snapshot, deputy_id, since, until):
        facts = _facts(snapshot, spell)
        yield Caution("deputy-away", N_("The deputy, %(name)s, is away too: from %(since)s to %(until)s."), facts)
        onward = _onward(snapshot, spell, since, until)
        if onward is None:
            yield Caution("nobody", N_("Nobody stands in for the deputy then: the head above answers."))
        elif onward in (person_id, deputy_id):
            yield Caution("circle", N_("The deputies lead in a circle: nobody acts then, the head above answers."))
        else:
            name = snapshot.people[onward].name
            yield Caution("chain", N_("The deputy's own deputy acts then: %(name)s."), {"name": name})


def _onward(snapshot: Organisation, spell: Spell, since: date, until: date) -> UUID | None:
    """Who acts in the end where a deputy is away; somebody met twice closes a circle."""
    met = {spell.person_id}
    following = spell.deputy_id
    while following is not None and following not in met:
        met.add(following)
        next_spell = next(iter(_spells(snapshot, following, max(since, spell.since), min(until, spell.until))), None)
        if next_spell is None:
            return following
        following = next_spell.deputy_id
    return following if following is None else spell.person_id


def _spells(snapshot: Organisation, person_id: UUID, since: date, until: date) -> list[Spell]:
    return [
        spell
        for spell in snapshot.absences
        if spell.person_id == person_id and overlap(since, until, spell.since, spell.until)
    ]


def _stopped(
    connection: sa.Connection, snapshot: Organisation, person_id: UUID, deputy_id: UUID, day: date, by: Reading
) -> Iterator[Caution]:
    """What separation of duties forbids the deputy: to check what is their own."""
    away, deputy = (Actor(one, snapshot.actor(one, day).posts) for one in (person_id, deputy_id))
    records: dict[Text, list[str]] = {}
    theirs_to_see = _records_of(connection, deputy)
    for record_id in sorted(readable_among(connection, theirs_to_see, by.reader, by.now)):
        subject = load(connection, record_id)
        theirs = roles_of(away, subject.fields, snapshot)
        own = roles_of(deputy, subject.fields, snapshot)
        for move in subject.lifecycle.moves.values():
            if permits(move, theirs) and not own.isdisjoint(move.never_by):
                records.setdefault(move.label, []).append(subject.fields["code"])
    for label, codes in records.items():
        shown = ", ".join(codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
        yield Caution(
            "separation-of-duties",
            N_("The deputy may not do “%(move)s” for them, as it would be checking their own work: %(records)s."),
            {"move": label, "records": shown},
        )


def _records_of(connection: sa.Connection, deputy: Actor) -> list[UUID]:
    """Open records that the deputy answers for, wrote or carried out."""
    record, action = t.record.c, t.corrective_action.c
    mine = (action.implemented_by_id == deputy.person_id) | (action.implemented_for_id == deputy.person_id)
    did = sa.select(action.record_id).where(mine)
    wrote = (record.author_id == deputy.person_id) & ~record.author_hidden
    theirs = record.owner_post_id.in_(deputy.posts) | wrote | record.id.in_(did)
    statement = sa.select(record.id).where(record.closed_at.is_(None), theirs).order_by(record.id).limit(MOST)
    return list(connection.execute(statement).scalars())


def _facts(snapshot: Organisation, spell: Spell) -> dict[str, object]:
    return {
        "name": snapshot.people[spell.person_id].name,
        "since": spell.since.isoformat(),
        "until": spell.until.isoformat(),
    }
