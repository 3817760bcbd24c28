"""A delivery that is stopped, whose database is busy, or that takes longer than the lease: nothing goes out twice."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from service.outbox import LEASE, UNMARKED, deliver
from tests.support.post import Post
from tests.support.university import University, at

SPRING = at(2017, 4, 5)
SOON = SPRING + timedelta(minutes=1)
LATER = SOON + timedelta(hours=1)


def many(university: University, count: int) -> int:
    """At least so many mails; how many."""
    found = university.reported(SPRING)
    while (there := len(university.rows(t.notice))) < count:
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        university.go(found, "dispute", "owner", SPRING, reason="Биздики эмес")
    return there


def marked(university: University) -> int:
    return len(university.rows(t.notice, t.notice.c.sent_at.is_not(None)))


class Busy:
    """A database that is locked for as long as a test wants."""

    def __init__(self, university: University) -> None:
        self._write = university.database.write
        self.times = 0

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        if self.times:
            self.times -= 1
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))
        with self._write() as connection:
            yield connection


@pytest.fixture
def busy(university: University, monkeypatch: pytest.MonkeyPatch) -> Busy:
    found = Busy(university)
    monkeypatch.setattr(university.database, "write", found.write)
    return found


class TestADeliveryThatIsCancelled:
    @pytest.mark.parametrize("after", [1, 7, 30])
    def test_keeps_every_answer_and_begins_no_other_mail(self, university: University, post: Post, after: int) -> None:
        count = many(university, 60)

        async def cancelled() -> None:
            loop = asyncio.get_running_loop()
            work = asyncio.create_task(deliver(post.office, SOON))

            def kept(number: int) -> None:
                if number == after:
                    loop.call_soon_threadsafe(work.cancel)
                time.sleep(0.02)  # the mail is kept, its answer on the way

            post.sink.on_kept = kept
            with pytest.raises(asyncio.CancelledError):
                await work

        asyncio.run(cancelled())
        post.sink.on_kept = lambda number: None
        assert after <= post.mailbox.transmissions() < after + 12
        assert marked(university) == post.mailbox.transmissions()
        post.deliver(LATER)
        assert (post.mailbox.transmissions(), post.mailbox.count(), marked(university)) == (count, count, count)

    def test_between_two_batches_claims_no_other(self, university: University, post: Post) -> None:
        count = many(university, 210)

        async def cancelled() -> None:
            loop = asyncio.get_running_loop()
            work = asyncio.create_task(deliver(post.office, SOON))

            def kept(number: int) -> None:
                if number == 195:
                    loop.call_soon_threadsafe(work.cancel)

            post.sink.on_kept = kept
            with pytest.raises(asyncio.CancelledError):
                await work

        asyncio.run(cancelled())
        assert post.mailbox.transmissions() <= 200
        assert len(university.rows(t.notice, t.notice.c.attempts == 0)) == count - 200

    def test_again_and_again_ends_at_once_and_loses_only_what_the_wire_holds(
        self, university: University, post: Post
    ) -> None:
        many(university, 60)

        async def cancelled() -> float:
            work = asyncio.create_task(deliver(post.office, SOON))
            post.sink.on_kept = lambda number: time.sleep(1)
            await asyncio.sleep(0.5)
            begun = time.monotonic()
            for _ in range(2):
                work.cancel()
                await asyncio.sleep(0.05)
            assert work.cancelled()
            return time.monotonic() - begun

        assert asyncio.run(cancelled()) < 0.5
        post.sink.on_kept = lambda number: None
        post.deliver(LATER)
        assert post.mailbox.transmissions() <= post.mailbox.count() + 4


class TestADatabaseThatIsBusy:
    def test_for_a_moment_gets_every_answer_afterwards(self, university: University, post: Post, busy: Busy) -> None:
        count = many(university, 60)

        def kept(number: int) -> None:
            if number == 10:
                busy.times = 2

        post.sink.on_kept = kept
        post.deliver(SOON)
        assert marked(university) == post.mailbox.transmissions()
        post.deliver(LATER)
        assert (post.mailbox.transmissions(), post.mailbox.count(), marked(university)) == (count, count, count)

    def test_for_good_ends_the_run_loudly_after_a_few_mails(
        self, university: University, post: Post, busy: Busy
    ) -> None:
        many(university, 60)

        def kept(number: int) -> None:
            if number == 10:
                busy.times = 10_000

        post.sink.on_kept = kept
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            post.deliver(SOON)
        busy.times = 0
        assert post.mailbox.transmissions() <= 10 + 12 + 2 * UNMARKED


class TestARunLongerThanTheLease:
    def test_claims_from_its_own_time_on(self, university: University, post: Post) -> None:
        """Three minutes go by in the first batch: nobody else may take what is claimed for the second."""
        count = many(university, 210)
        passed = 0.0
        seen: list[dict[str, Any]] = []

        def kept(number: int) -> None:
            nonlocal passed
            if number == 150:
                passed = 180.0
            if number == count - 2:
                seen.extend(university.rows(t.notice, t.notice.c.sent_at.is_(None)))

        post.sink.on_kept = kept
        counts = asyncio.run(deliver(post.office, SOON, seconds=lambda: passed))
        assert seen
        assert {row["next_try_at"] for row in seen} == {SOON + timedelta(seconds=180) + LEASE}
        assert counts == {"sent": count, "failed": 0, "dropped": 0}
        assert (post.mailbox.transmissions(), post.mailbox.count()) == (count, count)
        assert {row["sent_at"] for row in university.rows(t.notice)} == {SOON, SOON + timedelta(seconds=180)}

    def test_begins_no_mail_that_is_no_longer_its_own(self, university: University, post: Post) -> None:
        many(university, 60)
        passed = 0.0

        def kept(number: int) -> None:
            nonlocal passed
            if number == 10:
                passed = LEASE.total_seconds()
                post.sink.refuse = "451 4.3.0 try later"  # the next claim ends the run

        post.sink.on_kept = kept
        asyncio.run(deliver(post.office, SOON, seconds=lambda: passed))
        again = university.rows(t.notice, t.notice.c.attempts > 1)
        assert again
        assert all(row["sent_at"] is None for row in again)


class TestWhileTheServerTalks:
    def test_no_transaction_is_open(self, university: University, post: Post) -> None:
        university.reported(SPRING)
        pool: Any = university.database.engine.pool
        out: list[int] = []
        post.sink.on_kept = lambda number: out.append(pool.checkedout())
        assert post.deliver(SOON)["sent"] == 1
        assert out == [0]
