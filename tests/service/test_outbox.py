"""The outbox over real SMTP: each mail goes out once, in its reader's language, whatever the server's mood."""

import asyncio
from datetime import date, timedelta
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from service.claiming import AT_ONCE, claim
from service.outbox import BATCH, LEASE, is_due
from service.sweep import sweep
from tests.support.post import Post, office_of, post_of
from tests.support.together import together
from tests.support.university import University, at, order, protocol

SPRING = at(2017, 4, 5)
SOON = SPRING + timedelta(minutes=1)


def scattered(university: University) -> int:
    """Some mails to readers of all three languages; how many."""
    revision = university.endorsed(SPRING)
    university.go(revision, "approve", "rector", SPRING, **order("01-12/138", SPRING, date(2017, 5, 2)))
    found = university.reported(SPRING)
    university.go(found, "register", "quality", SPRING, severity="minor", owner_post="librarian")
    return len(university.rows(t.notice))


def notices(university: University, **column: Any) -> list[dict[str, Any]]:
    return university.rows(t.notice, *(t.notice.c[name] == value for name, value in column.items()))


class TestADelivery:
    def test_sends_each_mail_once_and_marks_it(self, university: University, post: Post) -> None:
        count = scattered(university)
        assert post.deliver(SOON) == {"sent": count, "failed": 0, "dropped": 0}
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)
        assert all(SOON <= row["sent_at"] < SOON + timedelta(seconds=30) for row in university.rows(t.notice))
        assert post.deliver(SOON) == {"sent": 0, "failed": 0, "dropped": 0}
        assert post.deliver(SOON + timedelta(days=9)) == {"sent": 0, "failed": 0, "dropped": 0}
        assert post.mailbox.transmissions() == count

    def test_names_each_mail_after_its_notice_for_ever(
        self, university: University, post: Post, tmp_path: Path
    ) -> None:
        scattered(university)
        post.deliver(SOON)
        first = {mail.entry.message_id for mail in post.mails()}
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).values(sent_at=None, next_try_at=SOON))
        with post_of(university.database, tmp_path / "again") as other:
            other.deliver(SOON + timedelta(days=1))
            assert {mail.entry.message_id for mail in other.mails()} == first
        assert len(first) == len(university.rows(t.notice))

    def test_is_due_only_while_something_waits(self, university: University, post: Post) -> None:
        scattered(university)
        with university.database.read() as connection:
            assert is_due(connection, SOON)
            assert not is_due(connection, SPRING - timedelta(seconds=1))
        post.deliver(SOON)
        with university.database.read() as connection:
            assert not is_due(connection, SOON + timedelta(days=365))

    def test_of_more_than_one_batch_sends_all(self, university: University, post: Post) -> None:
        scattered(university)
        like = university.rows(t.notice)
        with university.database.write() as connection:
            for number in range(BATCH // len(like) + 1):
                connection.execute(sa.insert(t.notice), [{**row, "key": f"{number}:{row['key']}"} for row in like])
        count = len(university.rows(t.notice))
        assert count > BATCH
        assert post.deliver(SOON)["sent"] == count
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)


class TestAMail:
    def test_is_in_its_readers_language(self, university: University, post: Post) -> None:
        revision = university.endorsed(SPRING)  # to sec_ouk: ru, sec_ok: en, rector: ky
        post.deliver(SOON)
        (task,) = university.open_tasks(revision)
        assert task["due_at"] == at(2017, 4, 13, 18)
        mails = {mail.entry.recipient.partition("@")[0]: mail for mail in post.mails()}
        for reader, do, name, university_name, day in (
            ("rector", "Бекитүү же кайтаруу", "Айбек Ректоров", "Нарын МУ", "2017-жылдын 13-апрели"),
            ("sec_ouk", "Вынести на заседание совета", "Умут Катчы", "Нарынский ГУ", "27 апреля 2017 г."),
            ("sec_ok", "Put it before the council", "Nazgul Kengeshova", "Naryn SU", "27 April 2017"),
        ):
            for part in (mails[reader].text, mails[reader].html):
                for words in (do, name, university_name, day):
                    assert words in part, (reader, words)
            headers = message_from_bytes(mails[reader].raw, policy=policy.default)
            assert headers["Content-Language"] == {"rector": "ky", "sec_ouk": "ru", "sec_ok": "en"}[reader]
            assert do.split()[0] in mails[reader].entry.subject
            assert "УСТ 4.09/1" in mails[reader].text

    def test_says_who_was_told_before_and_what_was_missed(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        post.deliver(SOON)
        for moment in (at(2017, 4, 10, 9), at(2017, 4, 14, 9), at(2017, 4, 20, 9)):
            sweep(university.database, moment)
            post.deliver(moment)
        last = post.mails()[-1]
        assert last.entry.recipient == "quality@uni.example"
        assert last.text.count("Өмүр Жазуучу") == 2
        assert "2017-жылдын 10-апрели" in last.text
        assert "Башчы" not in last.text  # the head's rung was missed: nobody was told

    def test_leads_to_the_record(self, university: University, post: Post) -> None:
        revision = university.endorsed(SPRING)
        post.deliver(SOON)
        assert all(f"https://sapat.example/revisions/{revision}" in mail.text for mail in post.mails())


class TestAServer:
    def test_that_refuses_for_an_hour_gets_every_mail_once_afterwards(self, university: University, post: Post) -> None:
        count = scattered(university)
        post.sink.refuse = "451 4.3.0 try later"
        now = SOON
        while now < SOON + timedelta(hours=1):
            assert post.deliver(now)["sent"] == 0
            now += timedelta(minutes=1)
        assert post.mailbox.transmissions() == 0
        assert all("451" in row["error"] for row in university.rows(t.notice))
        post.sink.refuse = None
        for _ in range(12):
            post.deliver(now)
            now += timedelta(minutes=1)
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)
        assert {row["error"] for row in university.rows(t.notice)} == {None}

    def test_is_not_bothered_more_and_more(self, university: University, post: Post) -> None:
        scattered(university)
        post.sink.refuse = "451 4.3.0 try later"
        for minute in range(0, 120, 3):
            post.deliver(SOON + timedelta(minutes=minute))
        assert max(row["attempts"] for row in university.rows(t.notice)) < 22

    def test_that_is_away_loses_nothing(self, university: University, post: Post) -> None:
        count = scattered(university)
        address = post.sink.url
        post.sink.stop()
        away = office_of(university.database, address)
        from service.outbox import deliver

        assert asyncio.run(deliver(away, SOON)) == {"sent": 0, "failed": count, "dropped": 0}
        assert all(row["error"] for row in university.rows(t.notice))
        post.sink.start()
        back = office_of(university.database, post.sink.url)
        assert asyncio.run(deliver(back, SOON + timedelta(minutes=2)))["sent"] == count
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)

    def test_that_refuses_one_reader_for_good_drops_that_one_mail_and_says_so(
        self, university: University, post: Post
    ) -> None:
        count = scattered(university)
        post.sink.refused["librarian@uni.example"] = "550 5.1.1 no such mailbox"
        assert post.deliver(SOON) == {"sent": count - 1, "failed": 0, "dropped": 1}
        (dropped,) = notices(university, reader_id=university.people["librarian"])
        assert SOON <= dropped["dropped_at"] < SOON + timedelta(seconds=30)
        assert "550" in dropped["error"]
        assert post.deliver(SOON + timedelta(days=1)) == {"sent": 0, "failed": 0, "dropped": 0}

    def test_that_refuses_one_reader_for_now_holds_up_no_other(self, university: University, post: Post) -> None:
        count = scattered(university)
        post.sink.refused["librarian@uni.example"] = "450 4.2.1 mailbox busy"
        assert post.deliver(SOON) == {"sent": count - 1, "failed": 1, "dropped": 0}
        post.sink.refused.clear()
        assert post.deliver(SOON + timedelta(minutes=1))["sent"] == 1
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)


class TestWhatCannotBeSent:
    @pytest.mark.parametrize(
        "change",
        [
            {"email": "no address at all"},
            {"email": ""},
            {"email": "a@b.example\nBcc: all@uni.example"},
            {"name_en": "Kitep\r\nBcc: all@uni.example"},
            {"language": "кыргызча"},
        ],
    )
    def test_because_of_its_reader_holds_up_no_other(
        self, university: University, post: Post, change: dict[str, str]
    ) -> None:
        count = scattered(university)
        librarian = t.person.c.id == university.people["librarian"]
        university.change(sa.update(t.person).where(librarian).values(change))
        assert post.deliver(SOON) == {"sent": count - 1, "failed": 0, "dropped": 1}
        (dropped,) = notices(university, reader_id=university.people["librarian"])
        assert SOON <= dropped["dropped_at"] < SOON + timedelta(seconds=30)
        assert dropped["error"]
        assert "librarian" not in post.readers()

    def test_because_of_its_subject_holds_up_no_other(self, university: University, post: Post) -> None:
        """A code that an import brought in with a line separator inside."""
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="librarian")
        poisoned = len(university.rows(t.notice))
        with university.database.write() as connection:
            connection.execute(sa.update(t.record).values(code="УСТ\u20284.09"))
        university.endorsed(SPRING)
        count = len(university.rows(t.notice))
        assert post.deliver(SOON) == {"sent": count - poisoned, "failed": 0, "dropped": poisoned}
        assert all(row["error"] for row in university.rows(t.notice, t.notice.c.dropped_at.is_not(None)))

    def test_because_nobody_wrote_its_message_holds_up_no_other(self, university: University, post: Post) -> None:
        count = scattered(university)
        (one, *_) = university.rows(t.notice)
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).where(t.notice.c.key == one["key"]).values(message="no/such"))
        assert post.deliver(SOON) == {"sent": count - 1, "failed": 0, "dropped": 1}


class TestAReminder:
    def test_of_what_was_done_meanwhile_is_dropped_as_settled(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        post.deliver(SOON)
        sent = post.mailbox.count()
        sweep(university.database, at(2017, 4, 13, 9))
        university.go(found, "record_correction", "owner", at(2017, 4, 13, 9, 1), correction="Түзөтүлдү")
        counts = post.deliver(at(2017, 4, 13, 9, 2))
        assert counts["dropped"] == 1
        (reminder,) = university.rows(t.notice, t.notice.c.rung.is_not(None))
        assert (reminder["sent_at"], reminder["error"]) == (None, "settled")
        assert post.mailbox.count() == sent + counts["sent"]
        assert all("task/reminder" not in mail.text for mail in post.mails())

    def test_of_what_is_still_open_is_sent(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        sweep(university.database, at(2017, 4, 13, 9))
        post.deliver(at(2017, 4, 13, 9))
        assert len([row for row in university.rows(t.notice, t.notice.c.rung.is_not(None)) if row["sent_at"]]) == 1


class TestAServerThatWasAwayForWeeks:
    """Swept every morning: when it is back, each reader hears of a task once, by the highest of their rungs."""

    MORNINGS = tuple(at(2017, 4, 5, 9) + timedelta(days=days) for days in range(1, 40))

    def late(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        post.deliver(SOON)

    def test_sends_no_burst_of_stale_reminders(self, university: University, post: Post) -> None:
        self.late(university, post)
        for morning in self.MORNINGS:
            sweep(university.database, morning)
        before, rungs = post.mailbox.count(), university.rows(t.notice, t.notice.c.rung.is_not(None))
        readers = {row["reader_id"] for row in rungs}
        assert len(rungs) > len(readers) > 1
        counts = post.deliver(self.MORNINGS[-1])
        assert counts == {"sent": len(readers), "failed": 0, "dropped": len(rungs) - len(readers)}
        assert post.mailbox.count() == before + len(readers)
        for reader in readers:
            *lower, highest = sorted(
                notices(university, reader_id=reader, message="task/reminder")
                + notices(university, reader_id=reader, message="task/escalation"),
                key=lambda row: int(row["rung"]),
            )
            assert highest["sent_at"]
            assert highest["missed"] == len(lower)
            assert {(row["sent_at"], row["error"]) for row in lower} <= {(None, "superseded")}

    def test_says_how_many_it_speaks_for(self, university: University, post: Post) -> None:
        self.late(university, post)
        for morning in self.MORNINGS:
            sweep(university.database, morning)
        post.deliver(self.MORNINGS[-1])
        (mine,) = [mail for mail in post.mails()[-5:] if mail.entry.recipient == "owner@uni.example"]
        (owners,) = [
            row
            for row in notices(university, reader_id=university.people["owner"])
            if row["sent_at"] and row["rung"] is not None
        ]
        assert owners["missed"] >= 2
        assert f"{owners['missed']} " in mine.text

    def test_counts_whatever_was_superseded_before(self, university: University, post: Post) -> None:
        """Tried each morning in vain: the highest speaks for all, not only for the one before it."""
        self.late(university, post)
        post.sink.refuse = "451 4.3.0 try later"
        for morning in self.MORNINGS:
            sweep(university.database, morning)
            post.deliver(morning)
        post.sink.refuse = None
        post.deliver(self.MORNINGS[-1] + timedelta(hours=1))
        mine = [row for row in notices(university, reader_id=university.people["owner"]) if row["rung"] is not None]
        assert [row["missed"] for row in mine if row["sent_at"]] == [len(mine) - 1]

    def test_sends_no_lower_rung_after_a_higher_one(self, university: University, post: Post) -> None:
        """The lower one's pause was the longer."""
        self.late(university, post)
        sweep(university.database, self.MORNINGS[7])
        held = t.notice.c.rung.is_not(None)
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).where(held).values(next_try_at=self.MORNINGS[-1]))
        for morning in self.MORNINGS[8:30]:
            sweep(university.database, morning)
        post.deliver(self.MORNINGS[30])
        sent = post.mailbox.count()
        post.deliver(self.MORNINGS[-1])
        assert post.mailbox.count() == sent

    def test_still_tells_what_somebody_decided_about_a_task_done_since(
        self, university: University, post: Post
    ) -> None:
        found = university.reported(SPRING)
        university.go(found, "withdraw", "auditor", SOON, reason="Ката")
        opened = len(notices(university, message="task/opened"))
        assert opened
        post.deliver(self.MORNINGS[-1])
        assert len([row for row in notices(university, message="task/opened") if row["sent_at"]]) == opened


class TestTwoDeliveriesAtOnce:
    def test_supersede_without_waiting_for_each_other(self, university: University, post: Post) -> None:
        for _ in range(15):
            found = university.reported(SPRING)
            university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
        morning = at(2017, 4, 5, 9)
        for days in range(1, 30):
            sweep(university.database, morning + timedelta(days=days))
        results = together([partial(post.deliver, morning + timedelta(days=30)) for _ in range(4)])
        assert all(isinstance(result, dict) for result in results), results
        sent = [row for row in university.rows(t.notice, t.notice.c.rung.is_not(None)) if row["sent_at"]]
        assert len(sent) == len({(row["task_id"], row["reader_id"]) for row in sent})
        assert post.mailbox.transmissions() == post.mailbox.count()

    def test_do_not_send_twice(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        for _ in range(30):
            university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
            university.go(found, "dispute", "owner", SPRING, reason="Биздики эмес")
        count = len(university.rows(t.notice))
        results = together([partial(post.deliver, SOON) for _ in range(3)])
        assert all(isinstance(result, dict) for result in results), results
        assert sum(result["sent"] for result in results if isinstance(result, dict)) == count
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)


class TestAClaimantWhoDied:
    def test_holds_its_mails_for_the_time_of_the_lease_and_no_longer(self, university: University, post: Post) -> None:
        count = scattered(university)
        letters = claim(post.office.database, post.office.head, SOON, AT_ONCE, BATCH, LEASE).letters
        assert len(letters) == count
        assert post.deliver(SOON + LEASE - timedelta(seconds=1))["sent"] == 0
        assert post.deliver(SOON + LEASE)["sent"] == count
        assert (post.mailbox.count(), post.mailbox.transmissions()) == (count, count)


class TestADecision:
    def test_waits_for_no_server(self, university: University, post: Post) -> None:
        post.sink.stop()
        revision = university.draft(SPRING)
        university.go(revision, "submit", "owner", SPRING)
        university.go(revision, "endorse", "sec_ouk", SPRING, **protocol("1", SPRING))
        assert university.rows(t.notice)
        post.sink.start()
