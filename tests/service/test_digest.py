"""The digest over real SMTP: news in one mail a day for whoever chose it; what is late comes by itself, at once."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from models import tables as t
from service.digest import digest_at
from service.nudging import nudge
from service.sweep import sweep
from states.working_days import Calendar
from tests.service.digests import (
    DUE,
    FRIDAY,
    MINUTE,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    chooses,
    key,
    mails_to,
    of,
    registered,
    waits,
)
from tests.support.post import Post
from tests.support.statements import heard, is_write
from tests.support.university import University, at


class TestTheMorningOfADigest:
    @pytest.mark.parametrize(
        ("told_at", "morning"),
        [
            (at(2026, 3, 10, 8), at(2026, 3, 10, 9)),
            (at(2026, 3, 10, 9), at(2026, 3, 10, 9)),
            (at(2026, 3, 10, 9, 10), at(2026, 3, 10, 9)),  # the sweep of nine
            (at(2026, 3, 10, 9, 11), at(2026, 3, 11, 9)),
            (at(2026, 3, 10, 23, 59), at(2026, 3, 11, 9)),
            (at(2026, 3, 13, 12), at(2026, 3, 16, 9)),
            (at(2026, 3, 14, 3), at(2026, 3, 16, 9)),
            (at(2026, 4, 30, 12), at(2026, 5, 11, 9)),  # the holidays of May, bridged
        ],
    )
    def test_is_the_next_of_a_working_day(self, told_at: datetime, morning: datetime) -> None:
        assert digest_at(told_at, Calendar()) == morning


class TestNews:
    def test_of_a_day_come_as_one_mail_on_the_next_morning(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = [registered(university, TUESDAY + hour * 60 * MINUTE) for hour in range(3)]
        post.deliver(TUESDAY + 4 * 60 * MINUTE)
        assert mails_to(post, "owner") == []
        assert {row["next_try_at"] for row in of(university, "owner")} == {WEDNESDAY}
        post.deliver(WEDNESDAY - MINUTE)
        assert mails_to(post, "owner") == []
        assert post.deliver(WEDNESDAY) == {"sent": 1, "failed": 0, "dropped": 0}
        (mail,) = mails_to(post, "owner")
        for record in found:
            assert f"https://sapat.example/nonconformities/{record}" in mail.text
            assert f"https://sapat.example/nonconformities/{record}" in mail.html
            assert university.record(record)["code"] in mail.text
        marked = of(university, "owner")
        assert {row["sent_in"] for row in marked} == {key(university, "owner", "20260311")}
        assert len({row["sent_at"] for row in marked}) == 1
        assert mail.entry.message_id == f"<digest_3a20260311_3a{university.people['owner'].hex}@uni.example>"

    def test_wait_without_being_looked_at(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        for _ in range(5):
            registered(university, TUESDAY)
        post.deliver(TUESDAY)
        written: list[str] = []
        for hour in range(1, 22):
            assert not waits(university, TUESDAY + hour * 60 * MINUTE)
        with heard(university.database, written.append):
            post.deliver(TUESDAY + 60 * MINUTE)
        assert not [one for one in written if is_write(one)]
        assert waits(university, WEDNESDAY)
        assert {(row["attempts"], row["sent_in"]) for row in of(university, "owner")} == {(0, None)}

    def test_wait_over_days_on_which_nobody_works(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, at(2026, 3, 13, 12))
        post.deliver(at(2026, 3, 14, 9))
        post.deliver(at(2026, 3, 15, 9))
        assert mails_to(post, "owner") == []
        post.deliver(MONDAY)
        assert len(mails_to(post, "owner")) == 1

    def test_come_at_once_to_whoever_did_not_choose(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, TUESDAY, owner="librarian")
        post.deliver(TUESDAY)
        assert len(mails_to(post, "librarian")) == 1

    def test_do_not_wait_where_they_would_come_after_the_deadline(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = registered(university, TUESDAY)
        today = at(2026, 3, 10, 18)
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).where(t.task.c.record_id == found).values(due_at=today))
        post.deliver(TUESDAY)
        (mail,) = mails_to(post, "owner")
        assert [row["sent_in"] for row in of(university, "owner")] == [None]
        assert "digest" not in mail.entry.message_id

    def test_of_one_record_are_one_entry(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        revision = university.endorsed(TUESDAY)
        told = of(university, "owner")
        post.deliver(WEDNESDAY)
        (mail,) = mails_to(post, "owner")
        assert len(told) > 1
        assert mail.text.count(f"/revisions/{revision}") == 1
        assert mail.text.count("«") == len(told)


class TestALadder:
    def test_reminds_in_the_digest_before_and_on_the_day(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, TUESDAY)
        for morning in (WEDNESDAY, THURSDAY, FRIDAY, MONDAY, DUE):
            sweep(university.database, morning)
            post.deliver(morning)
        told = {row["rung"]: row["sent_in"] for row in of(university, "owner", message="task/reminder")}
        assert told == {-3: key(university, "owner", "20260312"), 0: key(university, "owner", "20260317")}
        assert len(mails_to(post, "owner")) == len({row["sent_in"] for row in of(university, "owner")})

    def test_sends_every_rung_after_it_alone_and_at_once(self, university: University, post: Post) -> None:
        everybody = ("owner", "head", "quality", "vice", "rector")
        chooses(university, *everybody, "auditor")
        registered(university, TUESDAY)
        morning = WEDNESDAY
        while morning < at(2026, 5, 1):
            sweep(university.database, morning)
            post.deliver(morning)
            morning += timedelta(days=1)
        past = university.rows(t.notice, t.notice.c.rung > 0)
        assert {university.who(row["reader_id"]) for row in past} == set(everybody)
        assert [row["rung"] for row in past if university.who(row["reader_id"]) == "owner"][-1] > 15  # repeated
        for row in past:
            assert row["sent_in"] is None
            assert row["sent_at"] - row["created_at"] < MINUTE
        ids = [mail.entry.message_id for mail in post.mails()]
        assert len([one for one in ids if "digest" not in one]) == len(past)

    def test_of_nine_is_waited_for(self, university: University, post: Post) -> None:
        """The delivery comes first: what the sweep has to say this morning stands in this morning's digest."""
        chooses(university, "owner")
        registered(university, TUESDAY)
        sweep(university.database, MONDAY)
        other = registered(university, MONDAY + timedelta(hours=1))
        post.deliver(DUE - MINUTE)
        before = len(mails_to(post, "owner"))
        post.deliver(DUE)
        assert len(mails_to(post, "owner")) == before
        sweep(university.database, DUE + timedelta(seconds=30))
        post.deliver(DUE + timedelta(seconds=40))
        assert len(mails_to(post, "owner")) == before + 1
        assert str(other) in mails_to(post, "owner")[-1].text
        (reminder,) = of(university, "owner", rung=0)
        assert reminder["sent_in"] == key(university, "owner", "20260317")

    def test_is_not_waited_for_without_end(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, TUESDAY)
        registered(university, MONDAY + timedelta(hours=1))  # and nobody sweeps
        now = DUE
        while not mails_to(post, "owner"):
            post.deliver(now)
            now += timedelta(seconds=20)
        assert DUE + timedelta(minutes=10) < now <= DUE + timedelta(minutes=11)

    def test_that_speaks_after_the_digest_does_not_wait_past_the_deadline(
        self, university: University, post: Post
    ) -> None:
        """Swept late: today's digest has gone, tomorrow's would come too late."""
        chooses(university, "owner")
        registered(university, TUESDAY)
        sweep(university.database, THURSDAY)
        registered(university, MONDAY + timedelta(hours=1))
        post.deliver(DUE + timedelta(minutes=11))
        sweep(university.database, DUE + timedelta(minutes=30))
        post.deliver(DUE + timedelta(minutes=30))
        (reminder,) = of(university, "owner", rung=0)
        assert reminder["sent_at"]
        assert reminder["sent_in"] is None


class TestANudge:
    def test_stays_a_mail_of_its_own(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = registered(university, TUESDAY)
        (task,) = university.open_tasks(found)
        actor = university.as_("quality", TUESDAY)
        with university.database.write() as connection:
            nudge(connection, task["id"], actor, TUESDAY)
        post.deliver(TUESDAY)
        (mail,) = mails_to(post, "owner")
        assert "nudge" in mail.entry.message_id


class TestWhatIsNoLongerTrue:
    def test_is_left_out(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        done, still = registered(university, TUESDAY), registered(university, TUESDAY)
        post.deliver(TUESDAY)
        university.go(done, "record_correction", "owner", TUESDAY + MINUTE, correction="Түзөтүлдү")
        post.deliver(WEDNESDAY)
        (mail,) = mails_to(post, "owner")
        assert str(still) in mail.text
        assert str(done) not in mail.text
        assert [row["error"] for row in of(university, "owner", record_id=done)] == ["settled"]

    def test_makes_no_empty_digest(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = registered(university, TUESDAY)
        university.go(found, "record_correction", "owner", TUESDAY + MINUTE, correction="Түзөтүлдү")
        post.deliver(TUESDAY + 2 * MINUTE)
        counts = post.deliver(WEDNESDAY)
        assert (counts["sent"], counts["dropped"]) == (0, 1)
        assert mails_to(post, "owner") == []
        assert not waits(university, WEDNESDAY + timedelta(days=30))

    def test_leaves_a_lower_rung_to_the_higher_one(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = registered(university, TUESDAY)
        action = university.rows(t.task, t.task.c.record_id == found, t.task.c.closed_at.is_(None))[0]
        like = of(university, "owner")[0]
        for rung in (-3, 0):
            row = {**like, "key": f"{action['id'].hex}:{rung}", "rung": rung, "message": "task/reminder"}
            with university.database.write() as connection:
                connection.execute(sa.insert(t.notice), {**row, "history_id": None})
        post.deliver(WEDNESDAY)
        assert {row["rung"]: row["error"] for row in of(university, "owner", message="task/reminder")} == {
            -3: "superseded",
            0: None,
        }


class TestALongAbsenceFromTheMail:
    def test_of_hundreds_is_one_mail_that_can_still_be_read(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        found = [registered(university, TUESDAY) for _ in range(70)]
        post.deliver(TUESDAY)
        post.deliver(WEDNESDAY)
        (mail,) = mails_to(post, "owner")
        listed = [record for record in found if str(record) in mail.text]
        assert len(listed) == 60
        assert "10" in mail.text.partition("https://sapat.example/told")[0].splitlines()[-1]
        assert all(row["sent_at"] for row in of(university, "owner"))
