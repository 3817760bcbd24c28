"""What the calendar does: on its day or as soon as it can, each record on its own."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.daily import daily, is_due
from states.working_days import moment
from tests.support.dump import dump
from tests.support.together import together
from tests.support.university import University, at, order

APPROVED = at(2017, 4, 19)
MAY = date(2017, 5, 2)
NOTHING = {"woken": 0, "refused": 0}


def scheduled(university: University, document: str = "УСТ 4.09") -> UUID:
    revision = university.draft(APPROVED, document=document)
    university.go(revision, "submit", "owner", APPROVED)
    for secretary in ("sec_ouk", "sec_ok"):
        given = {"protocol_no": "1", "decided_on": APPROVED.date(), "wording": "Жактырылсын"}
        university.go(revision, "endorse", secretary, APPROVED, **given)
    university.go(revision, "approve", "rector", APPROVED, **order("2", APPROVED, MAY))
    return revision


def another_document(university: University, code: str) -> str:
    known = university.one(t.document, t.document.c.code == "УСТ 4.09")
    with university.database.write() as connection:
        fresh = {**known, "id": UUID(int=known["id"].int + sum(map(ord, code))), "code": code}
        connection.execute(sa.insert(t.document), fresh)
    return code


class TestADay:
    def test_wakes_nothing_before_it_and_all_on_it(self, university: University) -> None:
        revision = scheduled(university)
        assert daily(university.database, moment(MAY) - timedelta(microseconds=1)) == NOTHING
        with university.database.read() as connection:
            assert is_due(connection, moment(MAY))
            assert not is_due(connection, moment(MAY) - timedelta(microseconds=1))
        assert daily(university.database, moment(MAY)) == {"woken": 1, "refused": 0}
        assert university.state(revision) == "effective"

    def test_is_made_up_for_after_nine_days_down(self, university: University) -> None:
        first = university.in_force(at(2017, 4, 5))
        second = scheduled(university)
        assert daily(university.database, at(2017, 5, 11)) == {"woken": 1, "refused": 0}
        assert (university.state(first), university.state(second)) == ("superseded", "effective")
        assert university.one(t.revision, t.revision.c.record_id == second)["in_force_on"] == MAY
        assert university.record(second)["wake_at"] == moment(date(2018, 5, 2))

    def test_is_made_up_for_after_two_years_down_step_by_step(self, university: University) -> None:
        revision = scheduled(university)
        assert daily(university.database, at(2019, 6, 1)) == {"woken": 2, "refused": 0}
        assert university.state(revision) == "periodic_review"

    def test_twice_does_nothing(self, university: University) -> None:
        scheduled(university)
        daily(university.database, at(2017, 5, 2))
        before = dump(university.database)
        assert daily(university.database, at(2017, 5, 2)) == NOTHING
        assert dump(university.database) == before

    def test_in_two_processes_at_once_wakes_each_record_once(self, university: University) -> None:
        revisions = [scheduled(university)]
        revisions += [scheduled(university, another_document(university, f"УСТ {n}")) for n in (1, 2, 3)]
        results = together([partial(daily, university.database, at(2017, 5, 2)) for _ in range(3)])
        assert all(isinstance(result, dict) for result in results), results
        assert sum(result["woken"] for result in results if isinstance(result, dict)) == len(revisions)
        for revision in revisions:
            assert [entry["move"] for entry in university.history(revision)].count("come_into_force") == 1


class TestARecordThatRefuses:
    def test_stops_no_other(self, university: University) -> None:
        """One was reviewed less than a year ago and so may not be opened; the other comes into force all the same."""
        refusing = university.in_force(at(2017, 4, 5))
        with university.database.write() as connection:
            mine = t.revision.c.record_id == refusing
            connection.execute(sa.update(t.revision).where(mine).values(reviewed_on=date(2017, 4, 30)))
            woken = sa.update(t.record).where(t.record.c.id == refusing)
            connection.execute(woken.values(wake_at=at(2017, 5, 1)))
        waiting = scheduled(university, another_document(university, "УСТ 1"))
        assert daily(university.database, at(2017, 5, 2)) == {"woken": 1, "refused": 1}
        assert (university.state(refusing), university.state(waiting)) == ("effective", "effective")
        assert daily(university.database, at(2017, 5, 3)) == {"woken": 0, "refused": 1}
        assert daily(university.database, at(2018, 4, 30)) == {"woken": 1, "refused": 0}

    @pytest.mark.parametrize("change", [{"state": "abolished"}, {"kind": "abolished"}])
    def test_because_its_state_is_declared_no_longer_stops_no_other(
        self, university: University, change: dict[str, str]
    ) -> None:
        lost = scheduled(university)
        waiting = scheduled(university, another_document(university, "УСТ 1"))
        with university.database.write() as connection:
            connection.execute(sa.update(t.record).where(t.record.c.id == lost).values(change))
        assert daily(university.database, at(2017, 5, 2)) == {"woken": 1, "refused": 1}
        assert university.state(waiting) == "effective"

    def test_because_the_database_is_away_ends_the_day_loudly(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A day that was only half done must be tried again, not called refused."""
        scheduled(university)

        def away() -> None:
            raise sa.exc.OperationalError("BEGIN", None, Exception("connection refused"))

        monkeypatch.setattr(university.database, "write", away)
        with pytest.raises(sa.exc.OperationalError):
            daily(university.database, at(2017, 5, 2))
