"""What a secretary types while a body sits: who is there, how they vote, what is decided; now and then wrongly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from service.minutes import add_row, cast_vote, keep, remove_row
from service.organisation import Actor, organisation
from service.subject import NOTHING_BELOW, Subject
from states.lifecycle import may
from states.sitting_fields import BALLOTS, DECISIONS, MUST_BE_CARRIED, ON_DOCUMENTS, ON_OTHERS
from states.voting import Majority
from tests.properties.known import Known, Row
from tests.properties.trying import MUCH, WRONG, Trying

Types = Callable[[sa.Connection, Actor], None]
_THERE: Final = ("present", "online")
_PRESENCES: Final = (*("present",) * 7, *("online",) * 2, "excused", "absent")
_LEFT_OUT: Final = 0.015  # the share of what must be said and is not
_FEW: Final = 2  # instructions of one sitting


@dataclass(slots=True)
class Minutes:
    """The minutes of one sitting, as its secretary types them at one moment."""

    trying: Trying
    sitting: Known

    def write_up(self) -> None:
        """All that happened: what was typed before is typed over."""
        self._attendance()
        for item in self.sitting.present["agenda_item"]:
            self._item(item)
        self._instructions()
        self.scribble()

    def scribble(self) -> None:
        """Something that cannot be typed there, or by whoever types it, or not now; it is refused."""
        item, random = self.trying.random.choice(self.sitting.present["agenda_item"] or [{"no": 1}]), self.trying.random
        in_session = self.sitting.row["state"] == "in_session"
        if in_session and random.random() > WRONG * len(_WRONG):
            return
        wrong = random.choice(list(_WRONG))
        part, no, given, was = _WRONG[wrong]

        def types(connection: sa.Connection, actor: Actor) -> None:
            number = no or item["no"]
            keep(connection, self.sitting.row["id"], part, number, given, actor, self.trying.now, was=was)

        assert not self._types(wrong if in_session else "not now", {"no": no, **given}, types, may_write=0), wrong

    def _attendance(self) -> None:
        random, people = self.trying.random, self.trying.university
        rows = self.sitting.present["attendee"]
        said = {row["no"]: random.choice(_PRESENCES) for row in rows if random.random() > _LEFT_OUT}
        chair = next((row["no"] for row in rows if row["person_id"] == self.sitting.row["chair_id"]), 0)
        if random.random() > _LEFT_OUT:
            said[chair] = "present"
        there = [row["person_id"] for row in rows if said.get(row["no"]) in _THERE]
        random.shuffle(there)

        def types(connection: sa.Connection, actor: Actor) -> None:
            for row in rows:
                given: dict[str, Any] = {"presence": said.get(row["no"], ""), "proxy": ""}
                if self.sitting.row["proxies"] and given["presence"] not in _THERE and there and random.random() < 0.5:
                    one = there[0] if random.random() < _LEFT_OUT else there.pop()
                    given["proxy"] = people.who(one)
                keep(connection, self.sitting.row["id"], "attendee", row["no"], given, actor, self.trying.now)

        self._types("attendance", said, types)

    def _item(self, item: Row) -> None:
        random, record_id, now = self.trying.random, self.sitting.row["id"], self.trying.now
        given = self._decided(item)
        votes: dict[str, str] = {}
        if given["ballot"] == "by_name":
            against = 0.1 if given["decision"] in MUST_BE_CARRIED else 0.5
            for row in self._voting():
                vote = random.choice(("against", "abstained")) if random.random() < against else "for"
                votes[self.trying.university.who(row["person_id"])] = vote
        taken_back = random.choice(list(votes)) if votes and random.random() < _LEFT_OUT else ""

        cast = {row["person_id"] for row in self.sitting.present["ballot"] if row["item"] == item["no"]}
        again = sorted(map(self.trying.university.who, cast if given["ballot"] != "by_name" else ()))

        def types(connection: sa.Connection, actor: Actor) -> None:
            for person in again:  # who voted by name is not told any more where the vote is another one
                cast_vote(connection, record_id, item["no"], person, "", actor, now)
            keep(connection, record_id, "agenda_item", item["no"], given, actor, now)
            for person, vote in votes.items():
                cast_vote(connection, record_id, item["no"], person, vote, actor, now)
            if taken_back:
                cast_vote(connection, record_id, item["no"], taken_back, "", actor, now)

        self._types(f"item {item['no']}", {**given, **votes}, types)

    def _decided(self, item: Row) -> dict[str, Any]:
        """What was decided on an item, with the votes for it."""
        random, voices = self.trying.random, len(self._voting())
        among: tuple[str, ...] = ON_DOCUMENTS if item["about_id"] else ON_OTHERS
        if random.random() < _LEFT_OUT:
            among = tuple(choice.value for choice in DECISIONS)
        decision = random.choice(among)
        about = self.trying.watch.records.get(item["about_id"])
        if about and about.row["state"] != "council_review" and random.random() < 0.8:
            decision = "postpone"
        against = random.choice((0, 0, voices // 4)) if decision in MUST_BE_CARRIED else random.randint(0, voices)
        more = random.random() < _LEFT_OUT  # than there are people
        votes = {"votes_for": voices - against + more, "votes_against": against, "votes_abstained": 0}
        counted = random.random() > 0.2 or decision in MUST_BE_CARRIED
        return {
            "ballot": random.choice(("open", *(choice.value for choice in BALLOTS))),
            "majority": random.choice(list(Majority)).value if random.random() < 0.2 else "",
            "decision": "" if random.random() < _LEFT_OUT else decision,
            "wording": "" if random.random() < _LEFT_OUT else "Токтом",
            "heard": "Угулду",
            **{name: str(number) if counted else "" for name, number in votes.items()},
        }

    def _voting(self) -> list[Row]:
        """Those who vote, as attendance was typed: who is there, and who has given their vote to one of them."""
        rows = self.sitting.present["attendee"]
        there = {row["person_id"] for row in rows if row["presence"] in _THERE}
        lends = self.sitting.row["proxies"]
        return [row for row in rows if row["person_id"] in there or (lends and row["proxy_id"] in there)]

    def _instructions(self) -> None:
        random, record_id, now = self.trying.random, self.sitting.row["id"], self.trying.now
        rows, items = self.sitting.present["instruction"], self.sitting.present["agenda_item"]
        said: dict[str, Any] = {"what": "Тапшырма", "owner_post": random.choice(sorted(self.trying.university.posts))}
        said["due_on"] = (self.trying.day + timedelta(days=random.randint(1, 20))).isoformat()
        if items and random.random() < 0.5:
            said["item"] = str(random.choice(items)["no"])
        given = {name: value for name, value in said.items() if random.random() > _LEFT_OUT}

        def types(connection: sa.Connection, actor: Actor) -> None:
            for row in rows:
                if not (row["owner_post_id"] and row["due_on"]):
                    keep(connection, record_id, "instruction", row["no"], said, actor, now)
            if len(rows) < _FEW and random.random() < 0.6:
                add_row(connection, record_id, "instruction", given, actor, now)
            elif rows and random.random() < 0.2:
                remove_row(connection, record_id, "instruction", random.choice(rows)["no"], actor, now)

        self._types("instructions", said, types)

    def _types(self, what: str, given: dict[Any, Any], types: Types, may_write: int = MUCH) -> bool:
        """Somebody types, mostly whoever may; what is kept is known, and nothing else has changed."""
        subject, close = Subject(self.sitting.lifecycle, self.sitting.row), self.sitting.lifecycle.moves["close"]

        def make(connection: sa.Connection) -> None:
            snapshot, day = organisation(connection), self.trying.day
            actor = self.trying.whoever(
                snapshot, lambda one: may(close, subject.case(one, snapshot, day, NOTHING_BELOW))
            )
            self.trying.note(actor, f"types {what} of {self.sitting.row['code']}", given)
            types(connection, actor)

        kept = self.trying.attempt(("sitting", "typed", what.partition(" ")[0]), make, may_write)
        if kept:
            self.trying.done["typed",] += 1
        self.trying.watch.typed(self.sitting.row["id"])
        return kept


# What is refused whoever types it: part, number (0: of an item), what is typed, what stood there.
_WRONG: Final[dict[str, tuple[str, int, dict[str, Any], dict[str, Any] | None]]] = {
    "number": ("agenda_item", 99, {"wording": "Токтом"}, None),
    "field": ("agenda_item", 0, {"nonsense": "1"}, None),
    "choice": ("agenda_item", 0, {"decision": "nonsense"}, None),
    "votes": ("agenda_item", 0, {"votes_for": "-1"}, None),
    "what-stood-there": ("agenda_item", 0, {"title": "Башка"}, {"title": "Мурунку"}),
}
