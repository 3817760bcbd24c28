"""Digests of which somebody died, or which several begin at once: one mail, with one Message-ID."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import tables as t
from service.claiming import claim_digests
from service.outbox import LEASE
from tests.service.digests import (
    MINUTE,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    chooses,
    key,
    mails_to,
    of,
    registered,
)
from tests.support.databases import address
from tests.support.post import Post, post_of
from tests.support.together import together
from tests.support.university import PEOPLE, University
from tests.support.worker import KILLED, Nursery


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


def waiting(university: University, post: Post, count: int = 3) -> None:
    """So many news wait for the morning of Wednesday."""
    chooses(university, "owner")
    for _ in range(count):
        registered(university, TUESDAY)
    post.deliver(TUESDAY)


class TestAProcessThatIsKilled:
    def test_between_the_servers_answer_and_the_mark_sends_the_same_mail_again(
        self, university: University, post: Post, nursery: Nursery
    ) -> None:
        waiting(university, post)
        others = len(post.mails())
        worker = nursery.worker(address(university.database), post.sink.url, WEDNESDAY)
        post.sink.on_kept = lambda kept: os.kill(worker.pid, signal.SIGKILL)
        assert worker.ended() == KILLED
        post.sink.on_kept = lambda kept: None
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (others + 1, others + 1)
        (first,) = mails_to(post, "owner")
        assert {(row["sent_at"], row["sent_in"]) for row in of(university, "owner")} == {
            (None, key(university, "owner", "20260311"))
        }
        assert post.deliver(WEDNESDAY + LEASE) == {"sent": 1, "failed": 0, "dropped": 0}
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (others + 1, others + 2)
        (kept,) = mails_to(post, "owner")
        assert (kept.entry.message_id, kept.text) == (first.entry.message_id, first.text)
        marked = of(university, "owner", sent_in=key(university, "owner", "20260311"))
        assert len(marked) == 3
        assert all(row["sent_at"] for row in marked)

    def test_and_tries_another_mailbox_tells_there_the_same(
        self, university: University, post: Post, nursery: Nursery, tmp_path: Path
    ) -> None:
        """What the second transmission says, seen in a mailbox that has not had the first."""
        waiting(university, post)
        worker = nursery.worker(address(university.database), post.sink.url, WEDNESDAY)
        post.sink.on_kept = lambda kept: os.kill(worker.pid, signal.SIGKILL)
        assert worker.ended() == KILLED
        registered(university, WEDNESDAY + MINUTE)
        with post_of(university.database, tmp_path / "other") as other:
            other.deliver(WEDNESDAY + LEASE)
            (second,) = mails_to(other, "owner")
        (first,) = mails_to(post, "owner")
        assert (second.entry.message_id, second.text) == (first.entry.message_id, first.text)

    @pytest.mark.parametrize("die_before", range(1, 9))
    def test_before_any_statement_that_writes_loses_and_doubles_nothing(
        self, university: University, post: Post, nursery: Nursery, die_before: int
    ) -> None:
        waiting(university, post)
        url = address(university.database)
        nursery.worker(url, post.sink.url, WEDNESDAY, die_before).ended()
        post.deliver(WEDNESDAY + LEASE + MINUTE)
        post.deliver(WEDNESDAY + 2 * LEASE + MINUTE)
        assert len(mails_to(post, "owner")) == 1
        assert {row["sent_in"] for row in of(university, "owner")} == {key(university, "owner", "20260311")}
        assert all(row["sent_at"] for row in of(university, "owner"))

    def test_for_a_day_keeps_what_may_have_arrived_apart_from_what_has_come_since(
        self, university: University, post: Post
    ) -> None:
        waiting(university, post)
        claimed = claim_digests(post.office.database, post.office.head, WEDNESDAY, LEASE)  # and not a word after it
        assert len(claimed.letters) == 1
        late = registered(university, WEDNESDAY + timedelta(hours=2))
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).values(next_notice_at=THURSDAY + timedelta(days=9)))
        post.deliver(THURSDAY)
        digests = {one.entry.message_id: one.text for one in mails_to(post, "owner")}
        assert len(digests) == 2
        assert [str(late) in text for text in digests.values()].count(True) == 1
        assert len(of(university, "owner", sent_in=key(university, "owner", "20260311"))) == 3

    def test_and_what_was_done_meanwhile_is_left_out(self, university: University, post: Post) -> None:
        waiting(university, post)
        claim_digests(post.office.database, post.office.head, WEDNESDAY, LEASE)
        gone, *_ = of(university, "owner")
        university.go(gone["record_id"], "record_correction", "owner", WEDNESDAY + MINUTE, correction="Түзөтүлдү")
        post.deliver(WEDNESDAY + LEASE)
        (mail,) = mails_to(post, "owner")
        assert str(gone["record_id"]) not in mail.text
        assert [row["error"] for row in of(university, "owner", key=gone["key"])] == ["settled"]


class TestSeveralDeliveriesAtOnce:
    def test_make_one_digest_for_each_reader(self, university: University, post: Post) -> None:
        chooses(university, *PEOPLE)
        for number in range(20):
            registered(university, TUESDAY, owner=("owner", "librarian", "reader", "dean")[number % 4])
        post.deliver(TUESDAY)
        before = post.mailbox.count()
        results = together([partial(post.deliver, WEDNESDAY) for _ in range(4)])
        assert all(isinstance(result, dict) for result in results), results
        post.deliver(WEDNESDAY + MINUTE)
        told = university.rows(t.notice, t.notice.c.sent_at.is_not(None))
        assert len({row["sent_in"] for row in told}) == len({row["reader_id"] for row in told}) == 5
        assert post.mailbox.count() - before == 5
        assert post.mailbox.transmissions() == post.mailbox.count()
        assert all(row["sent_at"] or row["dropped_at"] for row in university.rows(t.notice))

    def test_with_singles_between_them_send_each_once(self, university: University, post: Post) -> None:
        chooses(university, "owner", "reader")
        for number in range(30):
            registered(university, TUESDAY, owner=("owner", "librarian", "reader")[number % 3])
        post.deliver(TUESDAY)
        for number in range(30):
            registered(university, WEDNESDAY - MINUTE, owner=("owner", "librarian", "reader")[number % 3])
        results = together([partial(post.deliver, WEDNESDAY) for _ in range(4)])
        assert all(isinstance(result, dict) for result in results), results
        post.deliver(WEDNESDAY + MINUTE)
        assert post.mailbox.transmissions() == post.mailbox.count()
        assert len(mails_to(post, "owner")) == len(mails_to(post, "reader")) == 1
        assert len(mails_to(post, "librarian")) == 20
