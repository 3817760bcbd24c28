"""A digest where something goes wrong or changes: servers, readers, what cannot be told."""

from datetime import timedelta

import sqlalchemy as sa

from models import tables as t
from service.sweep import sweep
from tests.service.digests import (
    FRIDAY,
    MINUTE,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    away,
    chooses,
    key,
    mails_to,
    of,
    registered,
    waits,
)
from tests.support.post import Post
from tests.support.university import University


class TestAServer:
    def test_that_is_away_for_a_day_gets_one_digest_and_not_two(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        first = registered(university, TUESDAY)
        post.deliver(TUESDAY)
        post.sink.refuse = "451 4.3.0 try later"
        now = WEDNESDAY
        second = None
        while now < THURSDAY - 5 * MINUTE:
            post.deliver(now)
            now += timedelta(minutes=15)
            second = second or registered(university, now)
        assert mails_to(post, "owner") == []
        post.sink.refuse = None
        sweep(university.database, THURSDAY)
        post.deliver(THURSDAY)
        (mail,) = mails_to(post, "owner")
        assert str(first) in mail.text
        assert str(second) in mail.text
        assert {row["sent_in"] for row in of(university, "owner")} == {key(university, "owner", "20260312")}
        post.deliver(THURSDAY + timedelta(hours=1))
        assert len(mails_to(post, "owner")) == 1

    def test_that_is_back_the_same_day_gets_the_digest_as_it_was(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, TUESDAY)
        post.deliver(TUESDAY)
        post.sink.refuse = "451 4.3.0 try later"
        post.deliver(WEDNESDAY)
        late = registered(university, WEDNESDAY + MINUTE)
        post.sink.refuse = None
        post.deliver(WEDNESDAY + timedelta(hours=1))
        (mail,) = mails_to(post, "owner")
        assert str(late) not in mail.text
        sweep(university.database, THURSDAY)
        post.deliver(THURSDAY)
        assert [str(late) in one.text for one in mails_to(post, "owner")] == [False, True]

    def test_that_refuses_the_reader_for_good_says_so_for_all_of_it(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        for _ in range(3):
            registered(university, TUESDAY)
        post.sink.refused["owner@uni.example"] = "550 5.1.1 no such mailbox"
        post.deliver(TUESDAY)
        assert post.deliver(WEDNESDAY)["dropped"] == 1
        assert all("550" in row["error"] and row["dropped_at"] for row in of(university, "owner"))
        assert not waits(university, THURSDAY)


class TestAReaderWhoChangesTheirMind:
    def test_and_wants_mails_again_has_at_once_what_was_waiting(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        for _ in range(2):
            registered(university, TUESDAY)
        post.deliver(TUESDAY)
        chooses(university, "owner", digest=False, when=TUESDAY + MINUTE)
        post.deliver(TUESDAY + MINUTE)
        assert len(mails_to(post, "owner")) == 2
        post.deliver(WEDNESDAY)
        assert len(mails_to(post, "owner")) == 2

    def test_and_wants_one_mail_has_the_rest_in_it(self, university: University, post: Post) -> None:
        early = registered(university, TUESDAY)
        post.deliver(TUESDAY)
        chooses(university, "owner", when=TUESDAY + MINUTE)
        later = registered(university, TUESDAY + 2 * MINUTE)
        post.deliver(TUESDAY + 3 * MINUTE)
        post.deliver(WEDNESDAY)
        single, digest = mails_to(post, "owner")
        assert (str(early) in single.text, str(early) in digest.text) == (True, False)
        assert str(later) in digest.text

    def test_while_a_mail_is_tried_in_vain_has_that_mail(self, university: University, post: Post) -> None:
        """It may have arrived: it is the same mail, and stands in no digest."""
        early = registered(university, TUESDAY)
        post.sink.refuse = "451 4.3.0 try later"
        post.deliver(TUESDAY)
        post.sink.refuse = None
        chooses(university, "owner", when=TUESDAY + MINUTE)
        registered(university, TUESDAY + 2 * MINUTE)
        post.deliver(TUESDAY + 3 * MINUTE)
        post.deliver(WEDNESDAY)
        single, digest = mails_to(post, "owner")
        assert (str(early) in single.text, str(early) in digest.text) == (True, False)

    def test_while_a_digest_is_tried_in_vain_has_that_digest(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        for _ in range(2):
            registered(university, TUESDAY)
        post.deliver(TUESDAY)
        post.sink.refuse = "451 4.3.0 try later"
        post.deliver(WEDNESDAY)
        post.sink.refuse = None
        chooses(university, "owner", digest=False, when=WEDNESDAY + MINUTE)
        post.deliver(WEDNESDAY + timedelta(hours=1))
        (mail,) = mails_to(post, "owner")
        assert "digest" in mail.entry.message_id
        assert all(row["sent_at"] for row in of(university, "owner"))

    def test_is_in_the_log(self, university: University) -> None:
        chooses(university, "owner")
        (line,) = university.rows(t.event, t.event.c.kind == "person.digest")
        assert line["facts"] == {"before": False, "after": True}
        assert line["about_id"] == university.people["owner"]


class TestADeputy:
    def test_has_it_in_their_own_digest_with_for_whom(self, university: University, post: Post) -> None:
        chooses(university, "librarian")
        absent = {"person_id": university.people["owner"], "deputy_id": university.people["librarian"]}
        spell = {"since": TUESDAY.date(), "until": FRIDAY.date(), "entered_by_id": university.people["admin"]}
        away(university, {**absent, **spell})
        registered(university, TUESDAY)
        post.deliver(TUESDAY)
        assert mails_to(post, "librarian") == []
        post.deliver(WEDNESDAY)
        (mail,) = mails_to(post, "librarian")
        assert "in place of Omur Jazuuchu" in mail.text
        assert mails_to(post, "owner") == []


class TestWhatCannotBeTold:
    def test_holds_up_no_other(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        gone, good = registered(university, TUESDAY), registered(university, TUESDAY)
        post.deliver(TUESDAY)
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).where(t.task.c.record_id == gone).values(step="abolished"))
        post.deliver(WEDNESDAY)
        (mail,) = mails_to(post, "owner")
        assert str(good) in mail.text
        (unfit,) = of(university, "owner", record_id=gone)
        assert (unfit["sent_at"], unfit["sent_in"]) == (None, None)
        assert "abolished" in unfit["error"]
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).where(t.task.c.record_id == gone).values(step="correction"))
        post.deliver(WEDNESDAY + timedelta(hours=1))
        assert str(gone) in mails_to(post, "owner")[-1].text

    def test_because_of_its_reader_ends_with_a_reason(self, university: University, post: Post) -> None:
        chooses(university, "owner")
        registered(university, TUESDAY)
        post.deliver(TUESDAY)
        mine = t.person.c.id == university.people["owner"]
        university.change(sa.update(t.person).where(mine).values(email="no address at all"))
        assert post.deliver(WEDNESDAY)["dropped"] == 1
        assert all(row["dropped_at"] and row["error"] for row in of(university, "owner"))
