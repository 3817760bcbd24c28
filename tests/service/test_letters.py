"""What a letter states is what happened; one that cannot be written holds up no other."""

from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from notifications.message import Letter
from service.language import say
from service.letters import write_letters
from service.sweep import sweep
from states.kyrgyz import moment_in_words
from tests.support.post import HEAD, Post
from tests.support.university import University, at

SPRING = at(2017, 4, 5)
MORNINGS = [at(2017, 4, day, 9) for day in range(6, 21)]
NOT_DELIVERED = "Not delivered"


def late(university: University) -> UUID:
    """A nonconformity that `owner` has not corrected for long; every rung has its notice."""
    found = university.reported(SPRING)
    university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
    for morning in MORNINGS:
        sweep(university.database, morning)
    return found


def letters(university: University, now: datetime, *where: sa.ColumnElement[bool]) -> dict[str, Letter | Exception]:
    with university.database.read() as connection:
        return write_letters(connection, connection.execute(sa.select(t.notice).where(*where)).all(), HEAD, now)


def told(university: University, now: datetime) -> list[str]:
    """When the highest rung's reader is told that those before them were told."""
    highest = max(row["rung"] for row in university.rows(t.notice, t.notice.c.rung.is_not(None)))
    (letter,) = letters(university, now, t.notice.c.rung == highest).values()
    assert isinstance(letter, Letter)
    return [one["at"] for one in letter.context["told"]]


class TestWhoWasTold:
    def test_was_told_when_the_mail_was_sent_and_not_when_it_was_due(self, university: University, post: Post) -> None:
        late(university)
        first = t.notice.c.rung == -3
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).where(first).values(sent_at=at(2017, 4, 7, 11)))
        assert told(university, MORNINGS[-1])[0] == moment_in_words(at(2017, 4, 7, 11), "ky")

    @pytest.mark.parametrize(
        "fate", [{"error": "451 later"}, {"error": "550 no such user", "dropped_at": at(2017, 4, 10)}]
    )
    def test_is_not_claimed_of_a_mail_that_was_never_sent(
        self, university: University, fate: dict[str, object]
    ) -> None:
        late(university)
        with university.database.write() as connection:
            connection.execute(sa.update(t.notice).where(t.notice.c.rung == -3).values(fate))
        stated = told(university, MORNINGS[-1])
        assert len(stated) > 1
        assert set(stated) == {say(NOT_DELIVERED, "ky")}


class TestALetter:
    def test_of_a_step_that_is_declared_no_longer_holds_up_no_other(self, university: University, post: Post) -> None:
        late(university)
        university.endorsed(SPRING)
        gone = t.task.c.record_id.in_(sa.select(t.record.c.id).where(t.record.c.kind == "nonconformity"))
        with university.database.write() as connection:
            connection.execute(sa.update(t.task).where(gone).values(step="abolished"))
        now = MORNINGS[-1]
        counts = post.deliver(now)
        waiting = university.rows(t.notice, t.notice.c.sent_at.is_(None), t.notice.c.dropped_at.is_(None))
        assert counts["sent"] > 0
        assert counts["failed"] == len(waiting) > 0
        assert all("abolished" in row["error"] and row["next_try_at"] > now for row in waiting)

    def test_of_a_kind_that_is_declared_no_longer_is_sent_when_it_is_declared_again(
        self, university: University, post: Post
    ) -> None:
        university.reported(SPRING)
        for kind, sent in (("abolished", 0), ("nonconformity", 1)):
            with university.database.write() as connection:
                connection.execute(sa.text("UPDATE record SET kind = :kind"), {"kind": kind})
            now = MORNINGS[0] if not sent else MORNINGS[1]
            assert post.deliver(now) == {"sent": sent, "failed": 1 - sent, "dropped": 0}

    def test_comes_after_a_whole_batch_that_cannot_be_written(self, university: University, post: Post) -> None:
        found = university.reported(SPRING)
        while len(university.rows(t.notice)) < 200:
            university.go(found, "register", "quality", SPRING, severity="minor", owner_post="owner")
            university.go(found, "dispute", "owner", SPRING, reason="Биздики эмес")
        bad = len(university.rows(t.notice))
        with university.database.write() as connection:
            connection.execute(sa.text("UPDATE record SET kind = 'abolished'"))
        university.endorsed(at(2017, 4, 5, 12))
        good = len(university.rows(t.notice)) - bad
        assert post.deliver(MORNINGS[0]) == {"sent": good, "failed": bad, "dropped": 0}
