"""The story end to end on both databases over real SMTP: every mail it must cause arrives exactly once."""

import os
import random
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

from models import tables as t
from notifications.headers import message_id
from service import daily, outbox, sweep
from tests.story.telling import DOWN, EXPECTED, Story, assert_arrived, expected_after_outages
from tests.support.chain import assert_whole
from tests.support.databases import address
from tests.support.post import Post
from tests.support.university import University, at
from tests.support.worker import KILLED, Nursery

# How many mails the server may have kept that a dying process has not marked: those on its four connections, those
# answered and not taken up, and those whose mark is being or to be written.
IN_FLIGHT = 4 + 8 + 2 * outbox.UNMARKED


def runner(university: University, post: Post, calendar: bool = True) -> Callable[[datetime], None]:
    """What happens by itself, where something is due."""
    database = university.database

    def run(now: datetime) -> None:
        with database.read() as connection:
            day, tasks, mail = (chore.is_due(connection, now) for chore in (daily, sweep, outbox))
        if calendar and day:
            daily.daily(database, now)
        if calendar and tasks:
            sweep.sweep(database, now)
        if mail or (calendar and (day or tasks)):
            post.deliver(now)

    return run


class TestTheStory:
    def test_causes_every_mail_once(self, university: University, post: Post) -> None:
        story = Story(university)
        story.tell(runner(university, post))
        assert_arrived(post, EXPECTED)
        story.assert_ended_well()
        for record in story.records.values():
            assert_whole(university, record)

    def test_causes_every_mail_once_where_the_sweep_was_down_for_nine_days(
        self, university: University, post: Post
    ) -> None:
        story = Story(university)
        awake, asleep = runner(university, post), runner(university, post, calendar=False)
        story.tell(lambda now: (asleep if any(start <= now < end for start, end in DOWN) else awake)(now))
        assert_arrived(post, expected_after_outages())
        story.assert_ended_well()
        (late,) = university.rows(t.notice, t.notice.c.missed == 3, t.notice.c.created_at < at(2018, 1, 1))
        assert university.who(late["reader_id"]) == "quality"
        theirs = message_id(late["key"], "uni.example")
        (told,) = [mail for mail in post.mails() if mail.entry.message_id == theirs]
        assert "3 кабарлама өз убагында жөнөтүлбөй калды" in told.text

    def test_causes_every_mail_once_where_the_server_refuses_for_an_hour(
        self, university: University, post: Post
    ) -> None:
        story = Story(university)
        run = runner(university, post)
        hours = {at(2017, 9, 8, 12), at(2017, 10, 27, 9)}

        def refused_for_an_hour(now: datetime) -> None:
            if now not in hours:
                return run(now)
            before = post.mailbox.transmissions()
            post.sink.refuse = "451 4.3.0 try later"
            for minute in range(0, 60, 3):
                run(now + timedelta(minutes=minute))
            assert post.mailbox.transmissions() == before
            post.sink.refuse = None
            for minute in range(60, 75, 3):
                run(now + timedelta(minutes=minute))
            assert post.mailbox.transmissions() > before
            return None

        story.tell(refused_for_an_hour)
        assert_arrived(post, EXPECTED)
        story.assert_ended_well()

    def test_causes_every_mail_once_where_the_process_is_killed(
        self, university: University, post: Post, nursery: Nursery
    ) -> None:
        """Killed after so many mails, or before so many writes of daily, sweep or delivery; then started again."""
        story = Story(university)
        run = runner(university, post)
        seed = random.randrange(2**32)
        print(f"seed {seed}")  # noqa: T201 - shown where the test fails
        chance = random.Random(seed)
        killed = {
            at(2017, 3, 22): ("mails", 1),
            at(2017, 5, 2, 0, 5): ("writes", chance.randint(2, 12)),
            at(2017, 9, 8, 12): ("mails", 2),
            at(2017, 10, 11, 9): ("writes", chance.randint(2, 6)),
            at(2017, 10, 13, 9): ("writes", chance.randint(2, 8)),
            at(2017, 10, 27, 9): ("mails", 1),
        }
        deaths = 0

        def killed_now_and_then(now: datetime) -> None:
            nonlocal deaths
            if now not in killed:
                return run(now)
            what, count = killed[now]
            url = address(university.database)
            if what == "writes":
                deaths += nursery.worker(url, post.sink.url, now, die_before=count).ended() == KILLED
            else:
                last = post.mailbox.transmissions() + count
                worker = nursery.worker(url, post.sink.url, now)
                post.sink.on_kept = lambda kept: os.kill(worker.pid, signal.SIGKILL) if kept >= last else None
                deaths += worker.ended() == KILLED
                post.sink.on_kept = lambda kept: None
            return run(now + outbox.LEASE)

        story.tell(killed_now_and_then)
        assert deaths >= 4
        assert_arrived(post, EXPECTED, retransmitted=deaths * IN_FLIGHT)
        story.assert_ended_well()
        for record in story.records.values():
            assert_whole(university, record)
