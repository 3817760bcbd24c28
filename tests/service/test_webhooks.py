"""Webhooks: each move is told to each of them, signed, at least once, and whoever is down holds up nobody."""

import asyncio
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.accounts.refusals import NotAdministrator
from service.act import Act
from service.organisation import CLOCK, organisation
from service.outgoing import Outgoing
from service.vault import Vault
from service.webhook_calls import BATCH, GIVEN_UP_AFTER, LEASE, SIGNATURE, SPAN, _claim, deliver_calls, is_due
from service.webhooks import (
    KEPT,
    Entered,
    disable_webhook,
    enqueue,
    enter_webhook,
    forget_calls,
    renew_secret,
    secret_of,
)
from states.refusals import Duplicate, Incomplete, NotFound, Refusal
from tests.support.receiver import Receiver, receiving
from tests.support.statements import heard
from tests.support.university import PEOPLE, TITLE, University, at

SPRING = at(2017, 4, 3)
SOON = at(2017, 4, 3, 11)
ADDRESS = "https://sapat.example"


class Webhooks:
    """The webhooks of a university, and what is sent to them."""

    def __init__(self, university: University, folder: Path) -> None:
        self.university = university
        self.vault = Vault.at(folder)
        self.allowed: set[str] = set()

    def enter(self, url: str, who: str = "admin") -> Entered:
        self.allowed.add(url.split("/")[2])
        actor = self.university.as_(who, SPRING)
        with self.university.database.write() as connection:
            return enter_webhook(connection, self.vault, actor, url, "Портал", SPRING)

    def disable(self, webhook: UUID, who: str = "admin") -> None:
        actor = self.university.as_(who, SPRING)
        with self.university.database.write() as connection:
            disable_webhook(connection, actor, webhook, SPRING)

    def tell(self) -> None:
        """Every entry of the history that is not in the queue yet is put there, as its move does."""
        queued = {row["history_id"] for row in self.calls()}
        entries = self.university.rows(t.history)
        with self.university.database.write() as connection:
            for entry in entries:
                if entry["id"] not in queued:
                    enqueue(Act(connection, organisation(connection), CLOCK, entry["at"]), entry["id"])

    def deliver(self, now: Any = SOON, outgoing: Outgoing | None = None, **how: Any) -> dict[str, int]:
        outgoing = outgoing or Outgoing(self.allowed)
        return asyncio.run(deliver_calls(self.university.database, self.vault, outgoing, now, address=ADDRESS, **how))

    def calls(self, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        return self.university.rows(t.webhook_call, *where)


@pytest.fixture
def webhooks(university: University, tmp_path: Path) -> Webhooks:
    return Webhooks(university, tmp_path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def holds(header: str, secret: str, body: bytes) -> bool:
    """As docs/security.md tells receivers to check it."""
    found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", header)
    assert found
    signed = hmac.new(secret.encode(), found[1].encode() + b"." + body, "sha256").hexdigest()
    return hmac.compare_digest(signed, found[2])


class TestAMove:
    def test_is_told_with_a_signature_that_the_receiver_can_check(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        entered = webhooks.enter(receiver.url)
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        webhooks.tell()
        assert webhooks.deliver() == {"called": 2}
        opened, submitted = receiver.received
        assert [json.loads(one.body)["move"] for one in receiver.received] == ["open", "submit"]
        for one in (opened, submitted):
            assert one.headers["content-type"] == "application/json"
            assert holds(one.headers[SIGNATURE.lower()], entered.secret, one.body)
            assert not holds(one.headers[SIGNATURE.lower()], entered.secret, one.body + b" ")
            assert not holds(one.headers[SIGNATURE.lower()], "another", one.body)
        assert int(opened.headers[SIGNATURE.lower()][2:12]) >= int(SOON.timestamp())
        _, entry = university.history(revision)
        assert json.loads(submitted.body) == {
            "id": str(university.one(t.webhook_call, t.webhook_call.c.history_id == entry["id"])["id"]),
            "type": "move",
            "record": {
                "kind": "document",
                "code": university.record(revision)["code"],
                "id": str(revision),
                "url": f"{ADDRESS}/revisions/{revision}",
            },
            "move": "submit",
            "from": "draft",
            "to": entry["to_state"],
            "at": "2017-04-03T04:00:00+00:00",
        }

    def test_tells_nothing_of_people_and_no_title(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        university.in_force(SPRING)
        university.planning(SPRING)
        webhooks.tell()
        assert webhooks.deliver()["called"] == len(receiver.received) > 5
        told = b"\n".join(one.body for one in receiver.received).decode()
        for name, _ in PEOPLE.values():
            assert not any(word in told for word in name)
        assert TITLE not in told
        assert "Протоколдор" not in told
        assert "@" not in told
        assert not any(str(person) in told for person in university.people.values())

    def test_is_told_to_each_webhook_once(self, webhooks: Webhooks, university: University, receiver: Receiver) -> None:
        with receiving() as second:
            for one in (receiver, second):
                webhooks.enter(one.url)
            university.reported(SPRING)
            webhooks.tell()
            assert webhooks.deliver() == {"called": 2}
            assert webhooks.deliver(SOON + LEASE) == {}
            assert (len(receiver.received), len(second.received)) == (1, 1)

    def test_without_webhooks_asks_the_database_nothing(self, university: University) -> None:
        said: list[str] = []
        with heard(university.database, said.append), university.database.write() as connection:
            act = Act(connection, organisation(connection), CLOCK, SPRING)
            assert said
            said.clear()
            enqueue(act, new_id())
            assert said == []

    def test_that_is_taken_back_is_told_to_nobody(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)

        def broken() -> None:
            with university.database.write() as connection:
                enqueue(Act(connection, organisation(connection), CLOCK, SPRING), new_id())
                raise Refusal

        with pytest.raises(Refusal):
            broken()
        assert webhooks.calls() == []


class TestAReceiver:
    @pytest.mark.parametrize("status", [301, 400, 404, 410, 429, 500, 503])
    def test_that_does_not_take_it_is_told_again(
        self, webhooks: Webhooks, university: University, receiver: Receiver, status: int
    ) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        receiver.status = status
        assert webhooks.deliver() == {"uncalled": 1}
        (call,) = webhooks.calls()
        assert (call["attempts"], call["error"], call["sent_at"]) == (1, f"HTTP {status}", None)
        assert timedelta(0) < call["next_try_at"] - SOON < timedelta(minutes=2)
        assert webhooks.deliver(SOON + timedelta(seconds=1)) == {}
        receiver.status = 200
        assert webhooks.deliver(call["next_try_at"]) == {"called": 1}
        first, second = receiver.received
        assert first.body == second.body
        (call,) = webhooks.calls()
        assert (call["sent_at"] is not None, call["error"]) == (True, None)

    def test_is_tried_ever_more_rarely(self, webhooks: Webhooks, university: University, receiver: Receiver) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        receiver.status = 500
        now, pauses = SOON, []
        for _ in range(8):
            webhooks.deliver(now)
            (call,) = webhooks.calls()
            pauses.append(round((call["next_try_at"] - now).total_seconds()))
            now = call["next_try_at"]
        assert pauses == sorted(pauses)
        assert pauses[-1] < 660

    def test_that_never_takes_it_is_given_up_after_three_days_and_it_is_said_why(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        receiver.status = 500
        assert webhooks.deliver(SPRING + GIVEN_UP_AFTER - timedelta(hours=1)) == {"uncalled": 1}
        assert webhooks.deliver(SPRING + GIVEN_UP_AFTER) == {"given_up": 1}
        (call,) = webhooks.calls()
        assert (call["dropped_at"] is not None, call["error"]) == (True, "HTTP 500")
        assert webhooks.deliver(SPRING + 2 * GIVEN_UP_AFTER) == {}

    def test_that_is_heard_of_only_after_days_is_tried_once(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        assert webhooks.deliver(SPRING + 2 * GIVEN_UP_AFTER) == {"called": 1}

    def test_that_is_down_is_tried_once_and_holds_up_no_other(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        with receiving() as down:
            broken = webhooks.enter(down.url)
        webhooks.enter(receiver.url)
        for _ in range(3):
            university.reported(SPRING)
        webhooks.tell()
        tried: list[str] = []

        class Counting(Outgoing):
            async def post(self, url: str, *more: Any) -> int:
                tried.append(url)
                return await super().post(url, *more)

        assert webhooks.deliver(outgoing=Counting(webhooks.allowed)) == {"called": 3, "uncalled": 3}
        assert tried.count(down.url) == 1
        assert len(receiver.received) == 3
        waiting = webhooks.calls(t.webhook_call.c.webhook_id == broken.id)
        assert [call["attempts"] for call in waiting] == [1, 0, 0]
        assert all(call["error"] and call["next_try_at"] > SOON + timedelta(seconds=20) for call in waiting)
        webhooks.deliver(SPRING + GIVEN_UP_AFTER)
        assert all(call["dropped_at"] for call in webhooks.calls(t.webhook_call.c.webhook_id == broken.id))

    def test_that_is_slow_gives_the_mails_their_turn(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        for _ in range(5):
            university.reported(SPRING)
        webhooks.tell()
        passed = [0.0]

        class Slow(Outgoing):
            async def post(self, url: str, *more: Any) -> int:
                passed[0] += SPAN / 2
                return await super().post(url, *more)

        slow = Slow(webhooks.allowed)
        assert webhooks.deliver(outgoing=slow, seconds=lambda: passed[0]) == {"called": 2}
        later = SOON + timedelta(seconds=2 * SPAN)
        assert webhooks.deliver(later, outgoing=slow, seconds=lambda: passed[0]) == {"called": 2}

    def test_whose_name_means_something_inside_by_now_is_not_told(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        async def inside(host: str, port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        webhooks.enter(f"http://hook.example:{receiver.port}/")
        university.reported(SPRING)
        webhooks.tell()
        assert webhooks.deliver(outgoing=Outgoing((), inside)) == {"uncalled": 1}
        assert receiver.received == []


class TestACall:
    def test_of_a_claimant_who_died_is_made_after_the_lease(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        assert len(_claim(university.database, ADDRESS, SOON)) == 1
        assert webhooks.deliver(SOON + LEASE - timedelta(seconds=1)) == {}
        assert webhooks.deliver(SOON + LEASE) == {"called": 1}

    def test_comes_however_many_there_are(self, webhooks: Webhooks, university: University, receiver: Receiver) -> None:
        webhooks.enter(receiver.url)
        found = university.reported(SPRING)
        for _ in range(BATCH // 2):
            university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
            university.go(found, "dispute", "owner", SPRING, reason="Биздики эмес")
        webhooks.tell()
        assert webhooks.deliver(seconds=lambda: 0.0) == {"called": BATCH + 1}
        moves = [json.loads(one.body)["id"] for one in receiver.received]
        entries = {row["id"]: row["history_id"] for row in university.rows(t.webhook_call)}
        assert [entries[UUID(one)] for one in moves] == [entry["id"] for entry in university.history(found)]

    def test_is_due_while_it_waits(self, webhooks: Webhooks, university: University, receiver: Receiver) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()

        def due(now: Any) -> bool:
            with university.database.read() as connection:
                return is_due(connection, now)

        assert not due(SPRING - timedelta(seconds=1))
        assert due(SPRING)
        webhooks.deliver()
        assert not due(SOON + GIVEN_UP_AFTER)

    def test_is_forgotten_a_month_after_its_end(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        webhooks.deliver()
        university.reported(SOON)
        webhooks.tell()
        with university.database.write() as connection:
            assert forget_calls(connection, SOON + KEPT - timedelta(hours=1)) == 0
            assert forget_calls(connection, SOON + KEPT + timedelta(hours=1)) == 1
        assert [call["sent_at"] for call in webhooks.calls()] == [None]


class TestASecret:
    def test_is_told_once_and_kept_encrypted(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        entered = webhooks.enter(receiver.url)
        row = university.one(t.webhook)
        assert entered.secret not in str(row)
        assert secret_of(webhooks.vault, entered.id, row["secret"]) == entered.secret
        assert entered.secret not in str(university.rows(t.event))

    def test_of_one_webhook_is_no_secret_of_another(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        first = webhooks.enter(receiver.url)
        second = webhooks.enter(f"{receiver.url}/2")
        assert first.secret != second.secret
        sealed = university.one(t.webhook, t.webhook.c.id == first.id)["secret"]
        with pytest.raises(ValueError, match="somebody else"):
            secret_of(webhooks.vault, second.id, sealed)

    def test_that_was_renewed_signs_from_then_on(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        entered = webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        with university.database.write() as connection:
            renewed = renew_secret(connection, webhooks.vault, university.as_("admin", SPRING), entered.id, SPRING)
        webhooks.deliver()
        (one,) = receiver.received
        assert holds(one.headers[SIGNATURE.lower()], renewed.secret, one.body)
        assert not holds(one.headers[SIGNATURE.lower()], entered.secret, one.body)

    def test_whose_key_was_lost_stops_no_other_webhook(
        self, webhooks: Webhooks, university: University, receiver: Receiver, tmp_path: Path
    ) -> None:
        webhooks.enter(receiver.url)
        webhooks.vault = Vault.at(tmp_path / "other")
        webhooks.enter(f"{receiver.url}/2")
        university.reported(SPRING)
        webhooks.tell()
        assert webhooks.deliver() == {"called": 1, "uncalled": 1}
        assert [one.path for one in receiver.received] == ["/hook/2"]


class TestTheAdministrator:
    @pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"admin"}))
    def test_is_the_only_one_who_keeps_webhooks(self, webhooks: Webhooks, university: University, who: str) -> None:
        entered = webhooks.enter("https://hook.example/")
        actor = university.as_(who, SPRING)
        with pytest.raises(NotAdministrator):
            webhooks.enter("https://other.example/", who)
        with pytest.raises(NotAdministrator):
            webhooks.disable(entered.id, who)
        with pytest.raises(NotAdministrator), university.database.write() as connection:
            renew_secret(connection, webhooks.vault, actor, entered.id, SPRING)
        assert [row["disabled_at"] for row in university.rows(t.webhook)] == [None]

    def test_enters_an_address_once(self, webhooks: Webhooks) -> None:
        entered = webhooks.enter("https://hook.example/")
        with pytest.raises(Duplicate):
            webhooks.enter("https://hook.example/")
        webhooks.disable(entered.id)
        webhooks.enter("https://hook.example/")

    def test_names_it(self, webhooks: Webhooks, university: University) -> None:
        actor = university.as_("admin", SPRING)
        with pytest.raises(Incomplete) as refused, university.database.write() as connection:
            enter_webhook(connection, webhooks.vault, actor, " ", "", SPRING)
        assert set(refused.value.errors) == {"url", "label"}

    def test_disables_it_with_all_that_waits(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        entered = webhooks.enter(receiver.url)
        university.reported(SPRING)
        webhooks.tell()
        webhooks.disable(entered.id)
        university.reported(SPRING)
        webhooks.tell()
        assert webhooks.deliver() == {}
        assert [call["error"] for call in webhooks.calls()] == ["disabled"]
        assert receiver.received == []
        for nobody in (entered.id, new_id()):
            with pytest.raises(NotFound):
                webhooks.disable(nobody)

    def test_is_told_of_in_the_log(self, webhooks: Webhooks, university: University) -> None:
        entered = webhooks.enter("https://hook.example/")
        webhooks.disable(entered.id)
        told = [(row["kind"], row["actor_id"], row["about_id"]) for row in university.rows(t.event)]
        admin = university.people["admin"]
        assert told == [("webhook.entered", admin, entered.id), ("webhook.disabled", admin, entered.id)]

    def test_who_disables_it_during_a_claim_is_heard(
        self, webhooks: Webhooks, university: University, receiver: Receiver
    ) -> None:
        """A call of a move that still had the snapshot of before."""
        entered = webhooks.enter(receiver.url)
        found = university.reported(SPRING)
        webhooks.disable(entered.id)
        (entry,) = university.history(found)
        row = {"id": new_id(), "webhook_id": entered.id, "history_id": entry["id"], "next_try_at": SPRING}
        with university.database.write() as connection:
            connection.execute(sa.delete(t.webhook_call))
            connection.execute(sa.insert(t.webhook_call), {**row, "attempts": 0})
        assert webhooks.deliver() == {}
        assert [call["error"] for call in webhooks.calls()] == ["disabled"]
