"""Killed with -9 in the middle of a sweep and of a delivery, again and again: told once, mailed once."""

import os
import random
import signal

from models import tables as t
from service.outbox import LEASE, UNMARKED
from tests.support.databases import address
from tests.support.dump import dump
from tests.support.post import Post
from tests.support.university import University, at
from tests.support.worker import KILLED, Nursery

SPRING = at(2017, 4, 5)
LATE = at(2017, 4, 18, 10)
# On the wire or answered and not yet taken up (notifications.smtp), and those whose mark is being or to be written.
IN_FLIGHT = 4 + 8 + 2 * UNMARKED


def late(university: University, count: int) -> None:
    """So many nonconformities whose correction is three working days late, of two owners."""
    for number in range(count):
        found = university.reported(SPRING)
        owner = ("owner", "librarian")[number % 2]
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post=owner)
    with university.database.write() as connection:
        connection.execute(t.notice.update().values(sent_at=SPRING))


def rungs(university: University) -> list[dict[str, object]]:
    return university.rows(t.notice, t.notice.c.rung.is_not(None))


class TestAProcessThatIsKilled:
    def test_in_a_sweep_has_told_all_or_nothing(self, university: University, post: Post, nursery: Nursery) -> None:
        late(university, 20)
        url, before = address(university.database), dump(university.database)
        nowhere = "smtp://127.0.0.1:9"
        for die_before in (2, random.randint(3, 5), 6):
            how = nursery.worker(url, nowhere, LATE, die_before).ended()
            told = rungs(university)
            assert len(told) in (0, 20)
            if not told:
                assert how == KILLED
                assert dump(university.database) == before
        nursery.worker(url, post.sink.url, LATE + LEASE).ended()
        assert len(rungs(university)) == 20
        assert {row["rung"] for row in rungs(university)} == {3}
        nursery.worker(url, post.sink.url, LATE + 2 * LEASE).ended()
        assert post.readers() == ["head"] * 10 + ["rector"] * 10
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (20, 20)

    def test_in_a_delivery_sends_each_mail_once_to_the_mailbox(
        self, university: University, post: Post, nursery: Nursery
    ) -> None:
        late(university, 60)
        url, now, deaths = address(university.database), LATE, 0
        for more in (1, random.randint(5, 30), 10):
            last = post.mailbox.transmissions() + more
            worker = nursery.worker(url, post.sink.url, now)
            post.sink.on_kept = lambda kept, last=last, pid=worker.pid: (  # type: ignore[misc]  # mypy knows no default of a lambda
                os.kill(pid, signal.SIGKILL) if kept == last else None
            )
            deaths += worker.ended() == KILLED
            post.sink.on_kept = lambda kept: None
            now += LEASE
            marked = len([row for row in rungs(university) if row["sent_at"]])
            assert 0 <= post.mailbox.count() - marked <= IN_FLIGHT
        assert deaths == 3
        assert post.deliver(now)["failed"] == 0
        assert post.mailbox.count() == 60
        assert post.mailbox.transmissions() <= 60 + deaths * IN_FLIGHT
        assert len({mail.entry.message_id for mail in post.mails()}) == 60
        assert all(row["sent_at"] for row in rungs(university))
