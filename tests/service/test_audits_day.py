"""The day of an audit: checklists taken over, made of clauses, answered by several people at a time."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.auditing import Answer, Answered, answer_checklist, ask_clauses, copy_checklist, mark, mark_of
from service.organisation import Actor
from service.parts import read_part
from service.reading.checklists import FormerAudit, former_audits, raised_from
from service.reading.records import read_record
from service.subject import load
from states.refusals import Incomplete, NotFound, NotFromHere, NotYours
from tests.support.chain import assert_whole
from tests.support.university import University, at

NOW = at(2026, 4, 6)


def audit(university: University, unit: str = "LIBRARY", **more: Any) -> UUID:
    """An audit of a unit by `auditor` and `sec_ok`."""
    given: dict[str, Any] = {"title": "Аудит", "planned_on": NOW.date(), "unit": unit, "criteria": "ISO 9001"}
    team = {"lead_auditor": "auditor", "auditors": ["sec_ok"]}
    return university.open("audit", "quality", NOW, None, **{**given, **team, **more})


def asked(university: University, record: UUID, *texts: str, clause: str = "2015/7.5") -> UUID:
    for text in texts:
        university.go(record, "add_question", "auditor", NOW, text=text, clause=clause)
    return record


def questions(university: University, record: UUID) -> list[dict[str, Any]]:
    with university.database.read() as connection:
        return [dict(row) for row in read_part(connection, record, "question")]


def copy(university: University, record: UUID, source: UUID, *numbers: int, who: str = "auditor") -> int:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        return copy_checklist(connection, record, source, numbers, actor, NOW)


def ask(university: University, record: UUID, *clauses: str, language: str = "ru", who: str = "auditor") -> int:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        return ask_clauses(connection, record, clauses, language, actor, NOW)


def answer(university: University, record: UUID, *answers: Answer, who: str = "auditor") -> Answered:
    actor = university.as_(who, NOW)
    with university.database.write() as connection:
        return answer_checklist(connection, record, answers, actor, NOW)


def former(university: University, record: UUID, who: str = "quality") -> list[FormerAudit]:
    actor: Actor = university.as_(who, NOW)
    with university.database.read() as connection:
        return former_audits(connection, load(connection, record).fields, actor, NOW)


class TestAFormerChecklist:
    def test_is_taken_over_without_its_results_by_moves_of_its_own(self, university: University) -> None:
        source, new = asked(university, audit(university), "Барбы?", "Жаңыбы?"), audit(university)
        university.go(
            source, "answer_question", "auditor", NOW, question=1, text="Барбы?", clause="2015/7.5", answer="conforms"
        )
        assert copy(university, new, source, 1, 2) == 2
        assert [(row["no"], row["text"], row["clause"], row["answer"]) for row in questions(university, new)] == [
            (1, "Барбы?", "2015/7.5", None),
            (2, "Жаңыбы?", "2015/7.5", None),
        ]
        assert [entry["move"] for entry in university.history(new)] == ["open", "add_question", "add_question"]
        assert_whole(university, new)

    def test_is_taken_over_as_far_as_it_is_chosen_and_not_there_yet(self, university: University) -> None:
        source, new = asked(university, audit(university), "А", "Б", "В"), asked(university, audit(university), "Б")
        assert copy(university, new, source, 2, 3, 99) == 1
        assert copy(university, new, source, 2, 3) == 0
        assert [row["text"] for row in questions(university, new)] == ["Б", "В"]
        with pytest.raises(Incomplete):
            copy(university, new, source)

    def test_is_taken_over_by_whoever_may_add_questions_and_may_read_it(self, university: University) -> None:
        source = asked(university, audit(university, "DEPARTMENT"), "А")
        new = audit(university)
        with pytest.raises(NotYours):
            copy(university, new, source, 1, who="rector")
        with pytest.raises(NotFound):
            copy(university, new, source, 1, who="reader")
        with pytest.raises(NotFound):
            copy(university, new, university.reported(NOW), 1, who="quality")
        assert copy(university, new, source, 1, who="quality") == 1
        cancelled = audit(university)
        university.go(cancelled, "cancel", "quality", NOW, reason="Жок")
        with pytest.raises(NotFromHere):
            copy(university, cancelled, source, 1, who="quality")

    def test_is_asked_by_the_newest_clause_where_the_old_one_is_closed(self, university: University) -> None:
        source, new = asked(university, audit(university), "А"), audit(university)
        names = {f"name_{language}": "7.5" for language in ("ky", "ru", "en")}
        university.change(
            sa.update(t.entry).where(t.entry.c.catalogue == "clause").values(closed_on=NOW.date()),
            sa.insert(t.entry).values(catalogue="clause", edition="2026", code="7.5", position=0, **names),
        )
        assert copy(university, new, source, 1) == 1
        assert questions(university, new)[0]["clause"] == "2026/7.5"
        assert questions(university, source)[0]["clause"] == "2015/7.5"

    def test_is_asked_without_a_clause_where_that_is_nowhere(self, university: University) -> None:
        source, new = asked(university, audit(university), "А"), audit(university)
        university.change(sa.update(t.entry).where(t.entry.c.catalogue == "clause").values(closed_on=NOW.date()))
        assert copy(university, new, source, 1) == 1
        assert questions(university, new)[0]["clause"] is None

    def test_is_found_by_process_or_unit_the_latest_first(self, university: University) -> None:
        library = [asked(university, audit(university, planned_on=date(2026, 4, day)), "А") for day in (7, 9)]
        department = asked(university, audit(university, "DEPARTMENT", planned_on=date(2026, 4, 30)), "А", "Б")
        audit(university)
        new = audit(university)
        found = former(university, new)
        assert [one.id for one in found] == [library[1], library[0], department]
        assert [(one.alike, one.questions) for one in found] == [(True, 1), (True, 1), (False, 2)]
        assert [one.id for one in former(university, new, "reader")] == [library[1], library[0]]


class TestClauses:
    def test_become_questions_in_the_order_of_the_standard(self, university: University) -> None:
        new = audit(university)
        assert ask(university, new, "2015/7.5", "2015/7", "2015/99") == 2
        assert [(row["clause"], row["text"]) for row in questions(university, new)] == [
            ("2015/7", "7 (ru)"),
            ("2015/7.5", "7.5 (ru)"),
        ]
        assert ask(university, new, "2015/7.5") == 0
        with pytest.raises(Incomplete):
            ask(university, new, "2015/99")


class TestAnswers:
    @pytest.fixture
    def record(self, university: University) -> UUID:
        return asked(university, audit(university), "А", "Б", "В")

    def said(self, no: int, result: str, note: str = "", saw: str = "") -> Answer:
        return Answer(no, result, note, saw or mark("", ""))

    def test_are_kept_together_a_move_for_each_that_is_new(self, university: University, record: UUID) -> None:
        untouched = self.said(3, "")
        done = answer(university, record, self.said(1, "conforms"), self.said(2, "observation", "Эски"), untouched)
        assert done == Answered(2, ())
        assert [(row["answer"], row["note"]) for row in questions(university, record)] == [
            ("conforms", None),
            ("observation", "Эски"),
            (None, None),
        ]
        assert [entry["move"] for entry in university.history(record)].count("answer_question") == 2
        again = [
            Answer(row["no"], row["answer"] or "", row["note"] or "", mark_of(row))
            for row in questions(university, record)
        ]
        assert answer(university, record, *again) == Answered(0, ())

    def test_of_two_auditors_at_a_time_stand_beside_each_other(self, university: University, record: UUID) -> None:
        assert answer(university, record, self.said(1, "conforms"), self.said(2, "")) == Answered(1, ())
        # Who opened the page before that sends all of it: only what they said themselves is meant.
        theirs = (self.said(1, ""), self.said(2, "nonconformity", "Жок"))
        assert answer(university, record, *theirs, who="sec_ok") == Answered(1, ())
        assert [row["answer"] for row in questions(university, record)] == ["conforms", "nonconformity", None]

    def test_never_overwrite_what_somebody_else_said_meanwhile(self, university: University, record: UUID) -> None:
        answer(university, record, self.said(1, "conforms", "Бар"))
        done = answer(university, record, self.said(1, "nonconformity"), self.said(3, "conforms"), who="sec_ok")
        assert done == Answered(1, (1,))
        assert questions(university, record)[0]["answer"] == "conforms"
        seen = mark_of(questions(university, record)[0])
        assert answer(university, record, self.said(1, "nonconformity", saw=seen), who="sec_ok") == Answered(1, ())

    def test_that_say_the_same_are_no_quarrel(self, university: University, record: UUID) -> None:
        answer(university, record, self.said(1, "conforms", "Бар"))
        assert answer(university, record, self.said(1, "conforms", "Бар"), who="sec_ok") == Answered(0, ())

    def test_of_a_question_that_was_removed_are_told(self, university: University, record: UUID) -> None:
        university.go(record, "remove_question", "auditor", NOW, question=2)
        assert answer(university, record, self.said(2, "conforms")) == Answered(0, (2,))

    def test_are_all_or_none_and_say_which_is_wrong(self, university: University, record: UUID) -> None:
        with pytest.raises(Incomplete) as refused:
            answer(university, record, self.said(1, "conforms"), self.said(2, "perhaps"))
        assert set(refused.value.errors) == {"answer-2"}
        assert questions(university, record)[0]["answer"] is None

    def test_are_the_auditors(self, university: University, record: UUID) -> None:
        with pytest.raises(NotYours):
            answer(university, record, self.said(1, "conforms"), who="quality")

    def test_are_told_from_others_by_their_words_not_by_the_ends_of_their_lines(self) -> None:
        assert mark("conforms", "Бир\r\nэки ") == mark("conforms", "Бир\nэки")
        assert len({mark("conforms", ""), mark("", "conforms"), mark("", ""), mark("conforms", "Бир")}) == 4


class TestWhatWasRaised:
    def test_is_known_by_the_finding_it_was_raised_from(self, university: University) -> None:
        record = audit(university)
        university.go(record, "begin", "auditor", NOW)
        for title in ("Биринчи", "Экинчи", "Үчүнчү"):
            given = {"kind": "nonconformity", "title": title, "found": title, "nc_kind": "programme"}
            university.go(record, "add_finding", "auditor", NOW, **given)
        for no in (3, 1):
            university.go(record, "raise_nonconformity", "auditor", NOW, finding=no)
        actor = university.as_("auditor", NOW)
        with university.database.read() as connection:
            found = raised_from(connection, read_record(connection, record, actor, NOW))
        titles = {no: one.record.title if one.record else None for no, one in found.items()}
        assert titles == {3: "Үчүнчү", 1: "Биринчи"}
