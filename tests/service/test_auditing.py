"""Internal audits: who may audit whom, what must have been answered, and what a finding carries over."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.moves import Moved
from service.rehold import rehold
from states.refusals import Duties, GuardUnmet, Incomplete, NotFound, NotFromHere, NotYours, Stale
from states.text import Text
from states.working_days import due_moment
from tests.service.test_actions_checked import away
from tests.service.test_parts import refuses
from tests.support.chain import assert_whole
from tests.support.together import together
from tests.support.university import DOCUMENT, University, at, names

NOW = at(2026, 4, 6)
DAY = NOW.date()
PLANNED = date(2026, 4, 20)


def planned(university: University, lead: str = "auditor", unit: str = "DEPARTMENT", **told: Any) -> UUID:
    """An audit of the department, by an auditor of another unit."""
    said = {"title": "Кафедранын аудити", "planned_on": PLANNED, "criteria": "ISO 9001", "lead_auditor": lead}
    return university.open("audit", "quality", NOW, None, **{"unit": unit, **said, **told})


def begun(university: University, **told: Any) -> UUID:
    audit = planned(university, **told)
    university.go(audit, "begin", told.get("lead", "auditor"), NOW)
    return audit


def finds(university: University, audit: UUID, who: str = "auditor", **told: Any) -> None:
    said = {"kind": "nonconformity", "title": "Протоколдор жок", "found": "Үч протокол жок", "nc_kind": "programme"}
    university.go(audit, "add_finding", who, NOW, **{**said, **told})


def reporting(university: University) -> UUID:
    audit = begun(university)
    university.go(audit, "finish", "auditor", NOW, carried_out_on=DAY)
    return audit


def raised(university: University, audit: UUID) -> list[dict[str, Any]]:
    """The nonconformities that hang on the audit."""
    return university.rows(t.record, t.record.c.parent_id == audit)


def process(university: University, code: str = "4.1", owner: str = "owner") -> UUID:
    """A process that a post answers for."""
    made = new_id()
    owned = {"id": new_id(), "process_id": made, "post_id": university.posts[owner], "position": 0}
    university.change(
        sa.insert(t.process).values(id=made, code=code, name="x", folded="x", section="4", owner_as_given="x"),
        sa.insert(t.process_owner).values(**owned),
    )
    return made


class TestAnAuditor:
    @pytest.mark.parametrize("who", ["owner", "head", "dean"])
    def test_does_not_audit_their_own_unit_nor_what_stands_beneath_it(self, university: University, who: str) -> None:
        refuses(university, Duties, partial(planned, university, lead=who))
        refuses(university, Duties, partial(planned, university, auditors=["reader", who]))
        audit = planned(university)
        appoint = partial(university.go, audit, "appoint", "quality", NOW, reason="Ооруп калды")
        refuses(university, Duties, partial(appoint, lead_auditor=who))
        refuses(university, Duties, partial(appoint, lead_auditor="reader", auditors=who))
        appoint(lead_auditor="reader", auditors=["auditor"])

    def test_does_not_audit_the_process_they_answer_for(self, university: University) -> None:
        process(university, owner="librarian")
        refuses(university, Duties, partial(planned, university, lead="librarian", process="4.1"))
        planned(university, lead="librarian")

    def test_audits_other_units(self, university: University) -> None:
        audit = planned(university, lead="librarian", auditors=["reader", "reader"])
        kept = university.one(t.audit)
        assert kept["lead_auditor_id"] == university.people["librarian"]
        assert kept["auditors"] == [university.people["reader"].hex]
        (task,) = university.open_tasks(audit)
        assert (task["holder_person_id"], task["due_at"]) == (university.people["librarian"], due_moment(PLANNED))

    def test_of_the_team_does_what_the_leading_one_does_and_nobody_else(self, university: University) -> None:
        audit = planned(university, auditors=["reader"])
        for who in ("quality", "head", "vice", "rector"):
            refuses(university, NotYours, partial(university.go, audit, "begin", who, NOW))
        university.go(audit, "begin", "reader", NOW)

    def test_who_is_away_is_stood_in_for(self, university: University) -> None:
        audit = planned(university)
        away(university, "auditor", "librarian")
        university.go(audit, "begin", "librarian", NOW)
        assert university.history(audit)[-1]["acting_for_id"] == university.people["auditor"]

    def test_of_another_audit_is_none_of_this_one(self, university: University) -> None:
        planned(university, lead="librarian")
        audit = planned(university)
        refuses(university, NotFound, partial(university.go, audit, "begin", "librarian", NOW))

    def told(self, university: University, audit: UUID) -> set[str]:
        return {university.who(row["reader_id"]) for row in university.rows(t.notice, t.notice.c.record_id == audit)}

    def test_of_the_team_is_told_as_the_leading_one_is(self, university: University) -> None:
        audit = planned(university)
        university.go(audit, "appoint", "quality", NOW, lead_auditor="librarian", auditors="reader", reason="x")
        assert self.told(university, audit) == {"auditor", "librarian", "reader"}

    def test_is_replaced_with_the_task(self, university: University) -> None:
        audit = planned(university)
        (before,) = university.open_tasks(audit)
        university.go(audit, "appoint", "quality", NOW, lead_auditor="librarian", reason="Ооруп калды")
        (after,) = university.open_tasks(audit)
        assert after == {**before, "holder_person_id": university.people["librarian"]}
        assert university.one(t.audit)["auditors"] == []

    def test_who_has_left_leaves_the_task_to_whoever_may_appoint_another(self, university: University) -> None:
        audit = reporting(university)
        university.vacate("auditor", DAY)
        with university.database.write() as connection:
            rehold(connection, NOW)
        (task,) = university.open_tasks(audit)
        assert task["holder_post_id"] == university.posts["quality"]

    def test_who_has_left_while_the_report_is_being_written_can_be_replaced(self, university: University) -> None:
        audit = reporting(university)
        university.vacate("auditor", DAY)
        university.go(audit, "appoint", "quality", NOW, lead_auditor="librarian", reason="Кетти")
        university.go(audit, "report", "librarian", NOW, conclusion="Ылайык")


class TestAPlannedAudit:
    def test_is_planned_for_a_day_ahead_and_moved_to_one(self, university: University) -> None:
        refuses(university, GuardUnmet, partial(planned, university, planned_on=date(2026, 4, 5)))
        audit = planned(university)
        move = partial(university.go, audit, "reschedule", "quality", NOW, reason="Каникул")
        refuses(university, GuardUnmet, partial(move, planned_on=date(2026, 4, 5)))
        move(planned_on=date(2026, 5, 18))
        kept = university.one(t.audit)
        assert (kept["planned_on"], kept["original_planned_on"]) == (date(2026, 5, 18), PLANNED)
        (task,) = university.open_tasks(audit)
        assert (task["due_at"], task["original_due_at"]) == (due_moment(date(2026, 5, 18)), due_moment(PLANNED))

    def test_is_opened_by_the_quality_specialist_only(self, university: University) -> None:
        told = {"title": "x", "planned_on": PLANNED, "criteria": "x", "lead_auditor": "reader", "unit": "DEPARTMENT"}
        for who in ("auditor", "vice", "owner"):
            refuses(university, NotYours, partial(university.open, "audit", who, NOW, None, **told))


class TestTheChecklist:
    def test_has_an_answer_to_each_question_before_the_audit_is_finished(self, university: University) -> None:
        audit = begun(university)
        for text in ("Протоколдор барбы", "План барбы"):
            university.go(audit, "add_question", "auditor", NOW, text=text, clause="7.5")
        answer = partial(university.go, audit, "answer_question", "auditor", NOW)
        finish = partial(university.go, audit, "finish", "auditor", NOW, carried_out_on=DAY)
        answer(question=1, text="Протоколдор барбы", answer="conforms")
        refuses(university, GuardUnmet, finish)
        university.go(audit, "remove_question", "quality", NOW, question=2)
        finish()
        assert university.state(audit) == "reporting"

    def test_is_not_finished_before_the_audit_took_place(self, university: University) -> None:
        audit = begun(university)
        finish = partial(university.go, audit, "finish", "auditor", NOW)
        refuses(university, GuardUnmet, partial(finish, carried_out_on=date(2026, 4, 7)))


class TestAFinding:
    def test_that_is_a_nonconformity_says_of_which_kind(self, university: University) -> None:
        audit = begun(university)
        refuses(university, GuardUnmet, partial(finds, university, audit, nc_kind=None))
        finds(university, audit, kind="observation", nc_kind=None)
        amend = partial(university.go, audit, "amend_finding", "auditor", NOW, finding=1, title="x", found="x")
        refuses(university, GuardUnmet, partial(amend, kind="nonconformity"))
        amend(kind="nonconformity", nc_kind="learners")

    def test_carries_all_over_into_the_nonconformity(self, university: University) -> None:
        made = process(university)
        audit = begun(university, process="4.1")
        finds(university, audit, requirement="Протокол жүргүзүлөт", requirement_document=DOCUMENT, clause="2015/7.5")
        moved = university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        (record,) = raised(university, audit)
        typed = university.one(t.nonconformity)
        assert (record["code"], record["title"], record["state"]) == ("NC-2026-001", "Протоколдор жок", "reported")
        assert (record["process_id"], record["unit_id"]) == (made, university.units["DEPARTMENT"])
        assert (record["owner_post_id"], record["author_id"]) == (
            university.posts["owner"],
            university.people["auditor"],
        )
        assert {name: typed[name] for name in ("found", "nc_kind", "source", "found_on", "requirement", "clause")} == {
            "found": "Үч протокол жок",
            "nc_kind": "programme",
            "source": "internal_audit",
            "found_on": DAY,
            "requirement": "Протокол жүргүзүлөт",
            "clause": "2015/7.5",
        }
        assert typed["requirement_document_id"] == university.one(t.document)["id"]
        (entry,) = university.history(record["id"])
        assert (entry["cause_id"], entry["actor_id"]) == (moved.history_id, university.people["auditor"])
        (task,) = university.open_tasks(record["id"])
        assert task["holder_post_id"] == university.posts["quality"]
        assert university.one(t.finding)["raised"] is True
        assert_whole(university, audit)

    def test_of_an_audit_that_was_carried_out_says_when(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit)
        university.go(audit, "finish", "auditor", NOW, carried_out_on=date(2026, 4, 1))
        university.go(audit, "raise_nonconformity", "auditor", at(2026, 4, 9), finding=1)
        assert university.one(t.nonconformity)["found_on"] == date(2026, 4, 1)

    def test_is_raised_once_and_not_changed_after_that(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit)
        go = partial(university.go, audit, who="auditor", when=NOW, finding=1)
        go("raise_nonconformity")
        refuses(university, GuardUnmet, partial(go, "raise_nonconformity"))
        refuses(university, GuardUnmet, partial(go, "remove_finding"))
        said = {"kind": "observation", "title": "x", "found": "x"}
        refuses(university, GuardUnmet, partial(go, "amend_finding", **said))
        assert len(raised(university, audit)) == 1

    def test_that_is_no_nonconformity_is_not_raised(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit, kind="strength", nc_kind=None)
        raise_it = partial(university.go, audit, "raise_nonconformity", "auditor", NOW)
        refuses(university, GuardUnmet, partial(raise_it, finding=1))
        refuses(university, Incomplete, partial(raise_it, finding=2))

    def test_of_another_audit_is_not_raised_here(self, university: University) -> None:
        other, audit = begun(university), begun(university)
        finds(university, other)
        refuses(university, Incomplete, partial(university.go, audit, "raise_nonconformity", "auditor", NOW, finding=1))

    def test_keeps_a_clause_that_was_closed_meanwhile_and_takes_no_closed_one(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit, clause="7.5")
        university.change(sa.update(t.entry).where(t.entry.c.code.in_(("7.5", "7.4"))).values(closed_on=DAY))
        said = {"kind": "nonconformity", "title": "Толук эмес", "found": "x", "nc_kind": "learners"}
        amend = partial(university.go, audit, "amend_finding", "auditor", NOW, finding=1, **said)
        refuses(university, Incomplete, partial(amend, clause="2015/7.4"))
        amend(clause="2015/7.5")
        university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        assert university.one(t.finding)["raised"] is True
        assert university.one(t.nonconformity)["clause"] == "2015/7.5"

    def test_is_raised_once_however_many_raise_it_at_the_same_time(self, university: University) -> None:
        audit = begun(university, auditors=["reader"])
        for _ in range(3):
            finds(university, audit)
        go = partial(university.go, audit, "raise_nonconformity", when=NOW)
        tries = [partial(go, who=who, finding=no) for no in (1, 2, 3) for who in ("auditor", "reader")]
        done = together(tries)
        assert all(isinstance(one, Moved | GuardUnmet | Stale) for one in done), done
        records = raised(university, audit)
        assert len(records) == len([one for one in done if isinstance(one, Moved)]) > 0
        assert len({record["code"] for record in records}) == len(records)
        assert len([row for row in university.rows(t.finding) if row["raised"]]) == len(records)
        assert_whole(university, audit)

    def test_is_not_raised_by_an_auditor_who_works_there_by_now(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit)
        holds = {"person_id": university.people["auditor"], "post_id": university.posts["owner"], "since": DAY}
        university.change(sa.insert(t.holding).values(id=new_id(), **holds))
        refuses(university, Duties, partial(university.go, audit, "raise_nonconformity", "auditor", NOW, finding=1))
        assert university.one(t.finding)["raised"] is False


class TestTheReport:
    def test_is_submitted_once_all_nonconformities_have_been_raised(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit)
        finds(university, audit, kind="observation", nc_kind=None)
        university.go(audit, "finish", "auditor", NOW, carried_out_on=DAY)
        report = partial(university.go, audit, "report", "auditor", NOW, conclusion="Ылайык")
        refuses(university, GuardUnmet, report)
        university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        report()
        university.go(audit, "accept", "quality", NOW)
        assert university.record(audit)["closed_at"] == NOW
        assert university.state(raised(university, audit)[0]["id"]) == "reported"

    def test_is_accepted_by_nobody_who_audited(self, university: University) -> None:
        audit = begun(university, lead="quality")
        university.go(audit, "finish", "quality", NOW, carried_out_on=DAY)
        university.go(audit, "report", "quality", NOW, conclusion="Ылайык")
        (task,) = university.open_tasks(audit)
        assert task["holder_post_id"] == university.posts["vice"]
        refuses(university, Duties, partial(university.go, audit, "accept", "quality", NOW))
        refuses(university, Duties, partial(university.go, audit, "return_report", "quality", NOW, reason="x"))
        university.go(audit, "return_report", "vice", NOW, reason="Толуктагыла")
        assert university.state(audit) == "reporting"

    def test_is_accepted_by_no_deputy_of_the_auditor(self, university: University) -> None:
        audit = reporting(university)
        university.go(audit, "report", "auditor", NOW, conclusion="Ылайык")
        away(university, "auditor", "quality")
        refuses(university, Duties, partial(university.go, audit, "accept", "quality", NOW))

    def test_adds_nothing_to_what_has_been_reported(self, university: University) -> None:
        audit = reporting(university)
        university.go(audit, "report", "auditor", NOW, conclusion="Ылайык")
        refuses(university, NotFromHere, partial(finds, university, audit))
        told = {"title": "x", "found": "x", "nc_kind": "programme", "source": "internal_audit", "found_on": DAY}
        refuses(university, GuardUnmet, partial(university.open, "nonconformity", "quality", NOW, audit, **told))


class TestACancelledAudit:
    def test_is_not_held_up_by_what_those_who_were_audited_hang_on_it(self, university: University) -> None:
        audit = begun(university)
        told = {"title": "x", "found": "x", "nc_kind": "programme", "source": "monitoring", "found_on": DAY}
        refuses(university, NotYours, partial(university.open, "nonconformity", "head", NOW, audit, **told))

    def test_leaves_no_open_nonconformity_behind(self, university: University) -> None:
        audit = begun(university)
        finds(university, audit)
        university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        cancel = partial(university.go, audit, "cancel", "quality", NOW, reason="Бириктирилди")
        refuses(university, GuardUnmet, cancel)
        (record,) = raised(university, audit)
        university.go(record["id"], "reject", "quality", NOW, reason="Негизсиз")
        cancel()
        assert university.open_tasks(audit) == []


class TestADocumentOfAnotherCampusWithTheSameCode:
    def test_is_not_taken_for_the_own_one(self, university: University) -> None:
        """Each campus keeps a register of its own; an auditor of the second one finds against the second's."""
        top, far, chair = new_id(), new_id(), new_id()
        named = names(Text("x", "x", "x"))
        for one, code, above, is_campus in (
            (top, "TOP", None, False),
            (far, "FAR", top, True),
            (chair, "CH", far, False),
        ):
            row = {"id": one, "code": code, "parent_id": above, "is_campus": is_campus}
            university.units[code] = one
            university.change(sa.insert(t.unit).values(**row, **named))
        university.change(sa.update(t.unit).where(t.unit.c.code == "UNI").values(parent_id=top))
        document = {**university.one(t.document), "id": new_id(), "campus_id": far}
        university.change(
            sa.insert(t.document).values(document),
            sa.update(t.post).where(t.post.c.code == "auditor").values(unit_id=far),
        )
        audit = begun(university, unit="CH")
        finds(university, audit, requirement_document=DOCUMENT)
        university.go(audit, "raise_nonconformity", "auditor", NOW, finding=1)
        assert university.one(t.nonconformity)["requirement_document_id"] == document["id"]
