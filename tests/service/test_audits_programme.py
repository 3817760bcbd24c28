"""The programme of audits: a year of processes by months, and what to think of before the next one is planned."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.reading.audits import Programme, ProgrammeLine, read_programme
from states.kyrgyz import fold
from states.working_days import BISHKEK
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DAY = NOW.date()
PROCESSES = ("1.1", "1.2", "1.10")


@pytest.fixture
def processes(university: University) -> dict[str, UUID]:
    """Three processes; `owner` of the department answers for the first."""
    found = {code: new_id() for code in PROCESSES}
    rows = [{"id": one, "code": code, "name": f"Процесс {code}", "folded": fold(code)} for code, one in found.items()]
    owned = {"id": new_id(), "process_id": found["1.1"], "post_id": university.posts["owner"], "position": 0}
    university.change(sa.insert(t.process).values(rows), sa.insert(t.process_owner).values(owned))
    return found


def planned(university: University, day: date, when: Any = NOW, unit: str = "LIBRARY", **more: Any) -> UUID:
    """An audit of a unit, perhaps of a process, by the auditor."""
    given: dict[str, Any] = {
        "title": "Аудит",
        "planned_on": day,
        "unit": unit,
        "criteria": "ISO 9001",
        "lead_auditor": "auditor",
    }
    return university.open("audit", "quality", when, **given, **more)


def carried_out(university: University, audit: UUID, when: Any) -> None:
    university.go(audit, "begin", "auditor", when)
    university.go(audit, "finish", "auditor", when, carried_out_on=when.astimezone(BISHKEK).date())


def programme(university: University, who: str = "quality", year: int | None = None, order: str = "code") -> Programme:
    actor = university.as_(who, NOW)
    with university.database.read() as connection:
        return read_programme(connection, actor, NOW, year, order)


def lines(found: Programme) -> dict[str, ProgrammeLine]:
    return {line.code or line.name.en: line for line in found.lines}


@pytest.mark.usefixtures("processes")
class TestTheMatrix:
    def test_has_every_process_in_the_order_of_codes_audited_or_not(self, university: University) -> None:
        found = programme(university)
        assert [line.code for line in found.lines] == ["1.1", "1.2", "1.10"]
        assert {len(line.months) for line in found.lines} == {12}
        assert found.audits == []
        assert (found.year, found.years) == (2026, (2026, 2027))

    def test_shows_an_audit_in_the_month_it_is_planned_for(self, university: University) -> None:
        planned(university, date(2026, 5, 20), process="1.2")
        planned(university, date(2026, 5, 12), process="1.2")
        planned(university, date(2027, 5, 12), process="1.2")
        months = lines(programme(university))["1.2"].months
        assert [(place, len(month)) for place, month in enumerate(months) if month] == [(4, 2)]
        assert [audit.planned_on.day for audit in months[4]] == [12, 20]
        assert [audit.code for audit in programme(university, year=2027).audits] == ["IA-2026-003"]

    def test_moves_it_with_its_date_and_keeps_the_first_one(self, university: University) -> None:
        audit = planned(university, date(2026, 5, 20), process="1.2")
        university.go(audit, "reschedule", "quality", NOW, planned_on=date(2026, 9, 1), reason="Сессия")
        (row,) = lines(programme(university))["1.2"].months[8]
        assert (row.planned_on, row.original_planned_on) == (date(2026, 9, 1), date(2026, 5, 20))

    def test_puts_an_audit_of_no_process_beside_its_unit(self, university: University) -> None:
        planned(university, date(2026, 6, 1))
        found = lines(programme(university))
        assert [len(month) for month in found["LIBRARY"].months][5] == 1
        assert found["LIBRARY"].unit == "LIBRARY"
        assert list(found) == ["1.1", "1.2", "1.10", "LIBRARY"]

    def test_says_how_late_an_audit_is(self, university: University) -> None:
        audit = planned(university, date(2026, 3, 30), at(2026, 3, 2), process="1.1", unit="LIBRARY")
        (row,) = lines(programme(university))["1.1"].months[2]
        assert (row.id, row.late) == (audit, 5)
        university.go(audit, "cancel", "quality", NOW, reason="Бөлүм жок")
        (row,) = lines(programme(university))["1.1"].months[2]
        assert (row.late, row.over) == (0, True)

    def test_counts_the_nonconformities_that_an_audit_led_to(self, university: University) -> None:
        audit = planned(university, date(2026, 4, 6), process="1.1")
        university.go(audit, "begin", "auditor", NOW)
        given = {"kind": "nonconformity", "title": "Жок", "found": "Тартип жок", "nc_kind": "programme"}
        university.go(audit, "add_finding", "auditor", NOW, **given)
        university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        (row,) = lines(programme(university))["1.1"].months[3]
        assert row.raised == 1

    def test_knows_the_unit_that_an_audit_of_a_process_would_be_of(self, university: University) -> None:
        found = lines(programme(university))
        assert (found["1.1"].unit, found["1.2"].unit) == ("DEPARTMENT", None)


@pytest.mark.usefixtures("processes")
class TestWhatIsToBeThoughtOf:
    def test_is_when_a_process_was_audited_last(self, university: University) -> None:
        for day in (at(2025, 2, 3), at(2025, 11, 3)):
            audit = planned(university, day.date(), day, process="1.1", unit="LIBRARY")
            carried_out(university, audit, day)
        line = lines(programme(university))["1.1"]
        assert (line.last_on, line.waits) == (date(2025, 11, 3), False)
        assert line.last is not None
        assert line.last.id == audit

    def test_is_that_a_process_waits_to_be_audited(self, university: University) -> None:
        then = at(2025, 4, 4)
        carried_out(university, planned(university, then.date(), then, process="1.1", unit="LIBRARY"), then)
        found = lines(programme(university))
        assert (found["1.1"].waits, found["1.2"].waits) == (True, True)
        planned(university, date(2026, 12, 1), process="1.1")
        cancelled = planned(university, date(2026, 12, 1), process="1.2")
        university.go(cancelled, "cancel", "quality", NOW, reason="Кийин")
        found = lines(programme(university))
        assert (found["1.1"].waits, found["1.2"].waits) == (False, True)

    def test_is_what_went_wrong_within_a_year(self, university: University) -> None:
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        for day, process in ((DAY, "1.2"), (DAY - timedelta(days=364), "1.2"), (DAY - timedelta(days=366), "1.2")):
            university.open("nonconformity", "quality", NOW, **given, found_on=day, process=process)
        rejected = university.open("nonconformity", "quality", NOW, **given, found_on=DAY, process="1.2")
        university.go(rejected, "reject", "quality", NOW, reason="Негизсиз")
        university.open("nonconformity", "quality", NOW, **given, found_on=DAY, unit="LIBRARY")
        planned(university, date(2026, 6, 1))
        found = lines(programme(university))
        assert {name: line.nonconformities for name, line in found.items()} == {
            "1.1": 0,
            "1.2": 2,
            "1.10": 0,
            "LIBRARY": 1,
        }

    def test_is_what_has_changed_within_a_year(self, university: University, processes: dict[str, UUID]) -> None:
        university.change(sa.update(t.document).values(process_id=processes["1.1"]))
        university.in_force(at(2025, 3, 3))
        assert lines(programme(university))["1.1"].changes == 0
        university.in_force(at(2026, 3, 3))
        assert lines(programme(university))["1.1"].changes == 1

    def test_can_come_first(self, university: University) -> None:
        then = at(2026, 2, 2)
        carried_out(university, planned(university, then.date(), then, process="1.1", unit="LIBRARY"), then)
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        university.open("nonconformity", "quality", NOW, **given, found_on=DAY, process="1.10")
        assert [line.code for line in programme(university, order="longest").lines] == ["1.2", "1.10", "1.1"]
        assert [line.code for line in programme(university, order="nonconformities").lines] == ["1.10", "1.1", "1.2"]


@pytest.mark.usefixtures("processes")
class TestWhoeverAsks:
    def test_sees_and_counts_only_what_they_may_read(self, university: University) -> None:
        then = at(2026, 2, 2)
        audit = planned(university, then.date(), then, process="1.1", unit="LIBRARY")
        carried_out(university, audit, then)
        given: dict[str, Any] = {"title": "Ката", "found": "Ката", "nc_kind": "programme", "source": "monitoring"}
        university.open("nonconformity", "quality", NOW, **given, found_on=DAY, process="1.1")
        mine, whole = programme(university, "sec_ok"), programme(university)
        assert (mine.all, whole.all) == (False, True)
        assert (lines(mine)["1.1"].last_on, lines(mine)["1.1"].nonconformities, mine.audits) == (None, 0, [])
        assert (lines(whole)["1.1"].last_on, lines(whole)["1.1"].nonconformities) == (then.date(), 1)
        # The head of who answers for the process reads what went wrong in it.
        assert lines(programme(university, "head"))["1.1"].nonconformities == 1

    def test_is_told_of_an_audit_by_being_its_auditor(self, university: University) -> None:
        planned(university, date(2026, 6, 1), process="1.1", unit="LIBRARY")
        assert len(programme(university, "auditor").audits) == 1
        assert len(programme(university, "reader").audits) == 1  # it is of their unit
        assert programme(university, "sec_ok").audits == []
