"""What people do: they open things and make moves, mostly those that they may."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.asking import ask
from service.moves import move
from service.opening import may_open, open_record
from service.organisation import Actor, organisation
from service.signing import Proof, content_of
from service.subject import NOTHING_BELOW, Subject
from states.lifecycle import Lifecycle, Move, Tone, may
from states.registry import lifecycles
from states.roles import Role
from tests.properties.chance import given_for
from tests.properties.known import Known
from tests.properties.minutes import Minutes
from tests.properties.seeing import (
    fields_of,
    files_of,
    on_agendas,
    protocol_nos,
    reviewed,
    sight,
    sight_of,
    under_way,
)
from tests.properties.stage import DOCUMENTS
from tests.properties.steering import Place, Steering
from tests.properties.trying import MUCH, WRONG, Nobody, Trying

FEW: Final = 10  # so many records are always alive
MANY: Final = 40  # and not more than so many
OPENED: Final = 0.12  # the share of attempts to open something
PLANNED: Final = 0.08  # the share of attempts to plan an action or a revision
SITS: Final = 0.1  # the share of attempts to bring what waits for a council before it
ITS_TURN: Final = 0.9  # the share of what stands on an agenda that waits until it is decided there
READ: Final = 0.06  # the share of moves after which it is asked whether those who were told may read
# Steps that people can leave.
_LIVELY: Final = {
    (one.name, source)
    for one in lifecycles().values()
    for move in one.moves.values()
    for source in move.sources
    if move.by != (Role.CLOCK,)
}


# What there may be any number of: people have to read, copies hang on walls, protocols are kept.
_MANY: Final = frozenset({("acknowledgement", "to_read"), ("printed_copy", "issued"), ("sitting", "closed")})


@dataclass(slots=True, kw_only=True)
class Doing(Trying):
    """People who are steered to what is seldom done.

    `stuck` are the moves that were refused on a record of a version: it is time for others.
    """

    steering: Steering
    stuck: dict[tuple[UUID, int], frozenset[str]] = field(default_factory=dict)

    def something(self) -> None:
        """Somebody opens something, or makes a move on what there is."""
        self.now += timedelta(seconds=self.random.choice((1, 60, 600, 3_600, 30_000)))
        alive = [one for one in self.watch.records.values() if (one.row["kind"], one.row["state"]) in _LIVELY]
        busy = len([one for one in alive if (one.row["kind"], one.row["state"]) not in _MANY])
        if busy < FEW or (busy < MANY and self.random.random() < OPENED):
            self._opens(alive)
        elif self.random.random() < PLANNED:
            self._plans(alive)
        elif self.random.random() < SITS:
            self._sits(alive)
        else:
            self._moves(alive)

    def look(self) -> None:
        """Check what has moved just now, and count it."""
        moved = self.watch.moved(self.now, readable=self.random.random() < READ)
        closed = {entry["id"] for entry in moved if entry["move"] == "close"}
        for entry in moved:
            kind, state = self.watch.records[entry["record_id"]].row["kind"], entry["from_state"]
            self.done[kind, entry["move"], state, entry["to_state"]] += 1
            if entry["cause_id"] in closed:
                self.done["decided by a protocol" if state else "instructed by a protocol",] += 1
            if state:
                self.steering.happened((kind, entry["move"], state, entry["to_state"]))

    def _opens(self, alive: list[Known]) -> None:
        """Somebody opens something of which there is little, below something else perhaps."""
        every = [one for one in lifecycles().values() if one.opens or self.random.random() < WRONG]
        there = Counter(known.row["kind"] for known in alive)
        weights = [self.steering.worth[one.name][one.initial] / (1 + there[one.name]) for one in every]
        one = self.random.choices(every, weights)[0]
        if one.name == "document" and len(under_way(self.watch)) >= len(DOCUMENTS) and self.random.random() > WRONG:
            return
        above = [known for known in alive if known.row["kind"] == one.child_of and known.row["state"] in one.opened_in]
        if not (one.stands_alone or above):
            return
        # What an audit finds is raised, mostly.
        hangs = above and self.random.random() < (0.2 if one.child_of == "audit" else 0.8)
        self._open(one, self.random.choice(above) if hangs else None)

    def _plans(self, alive: list[Known]) -> None:
        """Somebody plans an action for a nonconformity that has none, or revises what is being reviewed."""
        action, revision = lifecycles()["corrective_action"], lifecycles()["document"]
        if self.random.random() < 0.4 and reviewed(self.watch):
            self._open(revision, None)
            return
        busy = {known.row["parent_id"] for known in alive}
        above = [known for known in alive if known.row["kind"] == action.child_of]
        if waiting := [one for one in above if one.row["state"] in action.opened_in and one.row["id"] not in busy]:
            self._open(action, self.random.choice(waiting))

    def _sits(self, alive: list[Known]) -> None:
        """A council sits because of a document that waits for it: from the calling of it to the protocol."""
        called, sitting = on_agendas(self.watch), lifecycles()["sitting"]
        about = [one for one in alive if one.row["kind"] == "sitting" and self._documents_on(one)]
        waits = [one for one in alive if one.row["state"] == "council_review" and one.row["id"] not in called]
        if about and (not waits or self.random.random() < 0.8):
            known = self.random.choice(about)
            (onward,) = (one for one in sitting.moves_from(known.row["state"]) if one.tone is Tone.FORWARD)
            self._makes(known, onward)
        elif waits:
            row = self.random.choice(waits).row
            self._open(sitting, None, body=row["route"][row["position"]])

    def _documents_on(self, sitting: Known) -> bool:
        """Whether documents stand on the agenda of a sitting to come."""
        return sitting.row["closed_at"] is None and any(row["about_id"] for row in sitting.present["agenda_item"])

    def _open(self, one: Lifecycle, parent: Known | None, **more: str) -> None:
        causes = [row["no"] for row in parent.present.get("cause", ())] if parent else []

        def make(connection: sa.Connection) -> None:
            snapshot = organisation(connection)
            given = given_for(one.opens, sight(self.university, self.watch, self.day, self.random, above=causes)) | more
            fields = parent.row if parent else fields_of(one, given, self.university, snapshot)
            actor = self.whoever(snapshot, lambda actor: may_open(one, actor, fields, snapshot))
            self.note(actor, f"opens {one.name}", given)
            parent_id = parent.row["id"] if parent else None
            open_record(connection, one.name, given, actor, self.now, parent_id=parent_id)

        # The number that it would have had may have been taken: its transaction gives it back.
        if self.attempt((one.name, "open", ""), make, may_write=1):
            self.look()

    def _moves(self, alive: list[Known]) -> None:
        revised, called = under_way(self.watch), on_agendas(self.watch)
        alive = [one for one in alive if one.row["id"] not in called or self.random.random() > ITS_TURN]
        places = [Place(one.lifecycle, one.row["state"], self._stuck(one), self._waits(one, revised)) for one in alive]
        nearest = self.steering.nearest(places)
        self._makes(alive[nearest], self.steering.next_move(places[nearest]))

    def _makes(self, known: Known, declared: Move) -> None:
        """Somebody makes a move on a record; before a protocol is closed it is written up."""
        taken = (known.row["kind"], declared.name, known.row["state"])
        if taken[0] == "sitting":
            minutes = Minutes(self, known)
            if declared.name == "close" and self.random.random() > WRONG:
                minutes.write_up()
            elif self.random.random() < WRONG:
                minutes.scribble()

        def make(connection: sa.Connection) -> None:
            snapshot, subject = organisation(connection), Subject(known.lifecycle, known.row)
            files = self._needed(connection, known, declared)
            actor = self.whoever(
                snapshot, lambda actor: may(declared, subject.case(actor, snapshot, self.day, NOTHING_BELOW))
            )
            seen = sight_of(known, files, self.university, self.watch, self.day, self.random)
            if taken[0] == "sitting":
                seen.members = sorted(map(self.university.who, ask(connection, subject, "sits")))
            if declared.name == "close" and taken[0] == "sitting":
                seen.protocol_nos = protocol_nos(connection, known)
            given = given_for(declared.records, seen)
            self.note(actor, f"{declared.name} {known.row['code']} ({taken[2]})", given)
            self._move(connection, subject, declared, actor, given)

        follows = any(then.opens for then in declared.then) or bool(declared.each)
        if self.attempt(taken, make, may_write=MUCH * follows):
            self.look()
            return
        self.steering.refused(*taken)
        if not declared.each:  # what is typed may be mended
            self.stuck[known.row["id"], known.row["version"]] = self._stuck(known) | {declared.name}

    def _needed(self, connection: sa.Connection, known: Known, declared: Move) -> list[str]:
        """The record's files, where they are asked for. Raises Nobody, mostly, where it has none of what is needed."""
        asked = any(field.kind == "attachment" for field in declared.records)
        files = files_of(connection, known) if asked else []
        lacks = declared.part and not declared.adds and not known.present[declared.part]
        if (lacks or (asked and not files)) and self.random.random() > WRONG:
            raise Nobody
        return files

    def _move(
        self, connection: sa.Connection, subject: Subject, declared: Move, actor: Actor, given: dict[str, Any]
    ) -> None:
        """Make the move, sometimes on what somebody else has changed meanwhile, or without a proof."""
        version, chance = subject.fields["version"], self.random.random()
        said: dict[str, Any] = {"proof": Proof("demonstration", self.now)}
        if chance < 0.3:
            said["expects"] = version
        if declared.signs and chance < 0.5:
            said["saw"] = content_of(connection, subject).hash
        wrong = {"expects": version - 1, "saw": "0" * 64, "proof": None}
        ways = ("expects", "saw", "proof") if declared.signs else ("expects",)
        way = self.random.choice(ways) if self.random.random() < WRONG else ""
        if way:
            said[way] = wrong[way]
        move(connection, subject.id, declared.name, actor, given, self.now, **said)
        assert not way, (way, declared.name, "was not refused")

    def _waits(self, known: Known, revised: set[UUID]) -> bool:
        """Whether something else is expected before anything happens to it."""
        row = known.row
        if row["kind"] == "sitting":
            return bool(row["state"] == "called" and row["held_on"] > self.day)
        return bool(row["kind"] == "document" and row["in_force"] and row["document_id"] in revised)

    def _stuck(self, known: Known) -> frozenset[str]:
        """The moves that were refused since the record has moved, and those about a part of which it has none."""
        has = {name for name, rows in known.present.items() if rows}
        moves = known.lifecycle.moves_from(known.row["state"])
        lacking = [move.name for move in moves if move.part and not move.adds and move.part not in has]
        return self.stuck.get((known.row["id"], known.row["version"]), frozenset()).union(lacking)
