"""A sitting as its prints tell of it: who was there, what was said, how each item was decided."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation, organisation
from service.parts import read_part
from service.prints.common import Signatory, Words
from service.prints.gather import filled
from service.prints.sittings import (
    Attendant,
    NamedVote,
    ProtocolItem,
    SittingTask,
    Votes,
)
from service.reading.decided import does_of, outcome
from service.subject import Subject
from states.kyrgyz import day_short
from states.routes import Does
from states.sitting_fields import PRESENCES, VOTES
from states.sitting_votes import assembly, is_there, is_voted_on, votes_on
from states.text import LANGUAGES, Text
from states.voting import Quorum
from states.working_days import today

Row = Mapping[str, Any]
_PRESENCES: Final = {one.value: one.label for one in PRESENCES}
_VOTES: Final = {one.value: one.label for one in VOTES}
_OUTCOMES: Final = {
    "endorse": Text("Жактырылды", "Одобрено", "Endorsed"),
    "endorse_with_amendments": Text(
        "Өзгөртүүлөр менен жактырылды", "Одобрено с изменениями", "Endorsed with amendments"
    ),
    "return_for_revision": Text("Кайра иштеп чыгууга кайтарылды", "Возвращено на доработку", "Returned for revision"),
    "reject": Text("Четке кагылды", "Отклонено", "Rejected"),
    "resolved": Text("Токтом кылынды", "Постановили", "Resolved"),
    "noted": Text("Маалымат катары кабыл алынды", "Принято к сведению", "Noted"),
    "not_carried": Text("Чечим кабыл алынган жок", "Решение не принято", "Not carried"),
    "postpone": Text("Кийинкиге калтырылды", "Отложено", "Postponed"),
}
_QUORUM: Final = Text(
    "{present} мүчө катышты, бардыгы {members}; керектүүсү {needed}",
    "присутствуют {present} из {members}; необходимо {needed}",
    "{present} of {members} members are present; {needed} are needed",
)
_BY_PROXY: Final = Text("ишеним кат боюнча: {name}", "по доверенности: {name}", "by proxy: {name}")
_CORRECTED: Final = Text("{day}, {name}: {says}", "{day}, {name}: {says}", "{day}, {name}: {says}")
CHAIR: Final = Text("Төрага", "Председатель", "Chair")
SECRETARY: Final = Text("Катчы", "Секретарь", "Secretary")


class Held:
    """A sitting with all its parts, and the names of those who were there, as they were on its day."""

    def __init__(self, connection: sa.Connection, subject: Subject, now: datetime) -> None:
        self.connection, self.now = connection, now
        self.snapshot: Organisation = organisation(connection)
        self.fields: Row = subject.fields
        self.body = next(one for one in self.snapshot.bodies.values() if one.id == self.fields["body_id"])
        names = ("agenda_item", "attendee", "ballot", "instruction", "correction")
        self.parts = {name: read_part(connection, subject.id, name) for name in names}
        self.items = sorted(self.parts["agenda_item"], key=lambda row: (row["place"], row["no"]))

    def name(self, person_id: UUID | None) -> Words:
        """What somebody is called."""
        return self.snapshot.people[person_id].name if person_id in self.snapshot.people else ""

    def post(self, person_id: UUID) -> Words:
        """The post that somebody held on the day."""
        held = self.snapshot.posts_of(person_id, self.fields["held_on"])
        posts = sorted((self.snapshot.posts[one] for one in held), key=lambda post: (not post.heads, post.code))
        return posts[0].name if posts else ""

    @property
    def chair(self) -> Signatory:
        """Who was in the chair; before the sitting, nobody yet."""
        return Signatory(CHAIR, self.name(self.fields["chair_id"]))

    @property
    def secretary(self) -> Signatory:
        """Who closed the protocol; before that, whoever holds the secretary's post."""
        entry = t.history.c
        closed = sa.select(entry.actor_id).where(entry.record_id == self.fields["id"], entry.move == "close")
        if closed_by := self.connection.execute(closed).scalar():
            return Signatory(SECRETARY, self.name(closed_by))
        holders = self.snapshot.holders(self.body.secretary_post_id, today(self.now))
        return Signatory(SECRETARY, self.name(holders[0]) if holders else "")

    def codes(self) -> dict[UUID, str]:
        """The codes of what stands on the agenda."""
        ids = [row["about_id"] for row in self.items if row["about_id"]]
        found = self.connection.execute(sa.select(t.record.c.id, t.record.c.code).where(t.record.c.id.in_(ids)))
        return {row.id: row.code for row in found}

    def outcome(self, row: Row) -> Words:
        """The decision in a word; of a document that goes on, what its route has this body do with it."""
        decision = row["decision"] or ""
        by_route = outcome(decision, self.does.get(row["about_id"]))
        return by_route if by_route else _OUTCOMES.get(decision, "")

    @cached_property
    def does(self) -> dict[UUID, Does]:
        """What this body does with each document on the agenda, by the routes that they took."""
        ids = [row["about_id"] for row in self.items if row["about_id"]]
        found = sa.select(t.revision.c.record_id, t.revision.c.route, t.revision.c.meanings)
        rows = self.connection.execute(found.where(t.revision.c.record_id.in_(ids))).mappings()
        routes = {row["record_id"]: does_of(dict(row)) for row in rows}
        return {one: does[self.body.code] for one, does in routes.items() if self.body.code in does}

    def written(self, row: Row, no: int) -> ProtocolItem:
        """One item as the protocol has it."""
        votes = votes_on(row, self.parts["ballot"])
        cast = [one for one in self.parts["ballot"] if one["item"] == row["no"]]
        told = [one for one in self.parts["instruction"] if one["item"] == row["no"]]
        heard = _paragraphs(row["heard"])
        return ProtocolItem(
            no=no,
            title=row["title"],
            heard=[row["speaker"], *heard] if row["speaker"] else heard,
            speakers=_paragraphs(row["spoke"]),
            votes=Votes(votes.in_favour, votes.against, votes.abstained) if is_voted_on(row) else None,
            by_name=[NamedVote(self.name(one["person_id"]), _VOTES[one["vote"]]) for one in cast]
            if row["ballot"] == "by_name"
            else (),
            secret=row["ballot"] == "secret",
            outcome=self.outcome(row),
            decision=_paragraphs(row["wording"]),
            tasks=[self.task(one) for one in told],
        )

    def task(self, row: Row) -> SittingTask:
        """What the body instructed whom to do."""
        post = self.snapshot.posts.get(row["owner_post_id"])
        return SittingTask(row["what"], post.name if post else "", row["due_on"])

    def attendants(self, *, there: bool) -> Iterator[Attendant]:
        """Those who were there, or those who were not, with who voted for them."""
        for row in self.parts["attendee"]:
            if is_there(row) != there:
                continue
            note: Words = _PRESENCES.get(row["presence"] or "absent", "") if row["presence"] != "present" else ""
            if not there and row["proxy_id"] and self.fields["proxies"]:
                note = filled(_BY_PROXY, name=self.name(row["proxy_id"]))
            yield Attendant(self.name(row["person_id"]), self.post(row["person_id"]), note)

    def quorum(self) -> Words:
        """How many were there, and how many had to be."""
        counted, rule = assembly(self.fields, self.parts["attendee"]), Quorum(self.fields["quorum"])
        needed = rule.needs(counted.members)
        return filled(_QUORUM, present=counted.present, members=counted.members, needed=needed)

    def corrections(self, item: int | None = None) -> list[Words]:
        """What was put right since, as far as it is about the item; all of it where none is named."""
        return [
            filled(
                _CORRECTED,
                day=Text(*(day_short(row["corrected_on"], language) for language in LANGUAGES)),
                name=self.name(row["person_id"]),
                says=row["says"],
            )
            for row in self.parts["correction"]
            if item is None or row["item"] in (item, None)
        ]


def _paragraphs(said: str | None) -> Sequence[str]:
    return [line for line in (said or "").splitlines() if line.strip()]
