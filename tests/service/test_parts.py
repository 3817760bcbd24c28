"""What a record has several of: numbered once, changed by moves only, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.files.refusals import NotKept
from service.moves import Moved
from service.organisation import organisation
from service.parts import change_part, children, read_part
from service.subject import load
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotFromHere, NotYours, Refusal, Stale
from states.registry import lifecycle
from tests.support.chain import assert_whole
from tests.support.dump import dump
from tests.support.together import together
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DUE = date(2026, 6, 1)
SHA = "a" * 64


def analysing(university: University, owner: str = "owner", when: Any = NOW) -> UUID:
    """A nonconformity whose causes are being looked for; it has none yet."""
    found = university.reported(when)
    university.go(found, "register", "quality", when, severity="major", owner_post=owner)
    university.go(found, "record_correction", owner, when, correction="Табылды")
    return found


def causes(university: University, found: UUID) -> list[tuple[int, str, int | None]]:
    """Number, words, and because of which: of those that it has now."""
    with university.database.read() as connection:
        return [(row["no"], row["text"], row["because_of"]) for row in read_part(connection, found, "cause")]


def add(university: University, found: UUID, text: str, because_of: int | None = None, who: str = "owner") -> Moved:
    return university.go(found, "add_cause", who, NOW, text=text, because_of=because_of, code="1/M1")


def refuses(university: University, kind: type[Refusal], attempt: Callable[[], object]) -> Refusal:
    """The attempt is refused, and not a row is written."""
    before = dump(university.database)
    with pytest.raises(kind) as refused:
        attempt()
    assert dump(university.database) == before
    return refused.value


def has_file(university: University, who: str, name: str = "акт.pdf", sha256: str = SHA) -> dict[str, Any]:
    """A file that somebody has sent, as a move names it."""
    row = {"sha256": sha256, "size": 5, "media_type": "application/pdf"}
    with university.database.write() as connection:
        if not connection.execute(sa.select(t.file.c.sha256).where(t.file.c.sha256 == sha256)).first():
            connection.execute(sa.insert(t.file).values(**row, kept_at=NOW))
        connection.execute(sa.insert(t.upload).values(sha256=sha256, person_id=university.people[who], at=NOW))
    return {**row, "name": name}


class TestANumber:
    def test_is_counted_from_one_and_never_used_again(self, university: University) -> None:
        found = analysing(university)
        for text in ("Биринчи", "Экинчи", "Үчүнчү"):
            add(university, found, text)
        university.go(found, "remove_cause", "owner", NOW, cause=3)
        university.go(found, "remove_cause", "owner", NOW, cause=1)
        add(university, found, "Төртүнчү")
        assert causes(university, found) == [(2, "Экинчи", None), (4, "Төртүнчү", None)]
        kept = university.rows(t.cause, t.cause.c.record_id == found)
        assert [(row["no"], row["removed_at"]) for row in kept] == [(1, NOW), (2, None), (3, NOW), (4, None)]

    def test_is_the_records_own(self, university: University) -> None:
        one, other = analysing(university), analysing(university)
        add(university, one, "Бул")
        add(university, other, "Тигил")
        university.go(one, "amend_cause", "owner", NOW, cause=1, text="Башка")
        assert (causes(university, one), causes(university, other)) == ([(1, "Башка", None)], [(1, "Тигил", None)])
        university.go(other, "remove_cause", "owner", NOW, cause=1)
        assert causes(university, one) == [(1, "Башка", None)]

    def test_is_given_once_where_several_are_added_at_the_same_time(self, university: University) -> None:
        found = analysing(university)
        done = together([partial(add, university, found, f"Себеп {number}") for number in range(6)])
        made = [one for one in done if not isinstance(one, Stale)]
        assert made
        assert all(isinstance(one, Moved) for one in made), done
        assert [no for no, *_ in causes(university, found)] == list(range(1, len(made) + 1))
        assert_whole(university, found)

    def test_stands_in_the_history_of_what_was_done(self, university: University) -> None:
        found = analysing(university)
        add(university, found, "Биринчи")
        add(university, found, "Экинчи", because_of=1)
        university.go(found, "amend_cause", "owner", NOW, cause=2, text="Башка")
        university.go(found, "remove_cause", "owner", NOW, cause=2)
        given = [entry["given"] for entry in university.history(found)[-4:]]
        assert given == [
            {"text": "Биринчи", "code": "1/M1", "cause": 1},
            {"text": "Экинчи", "because_of": 1, "code": "1/M1", "cause": 2},
            {"cause": 2, "text": "Башка"},
            {"cause": 2},
        ]
        assert_whole(university, found)


class TestAmending:
    def test_replaces_all_that_is_said_of_it(self, university: University) -> None:
        found = analysing(university)
        add(university, found, "Биринчи")
        add(university, found, "Экинчи", because_of=1)
        university.go(found, "amend_cause", "owner", NOW, cause=2, text="Башка", no_action="Бир жолку")
        row = university.one(t.cause, t.cause.c.record_id == found, t.cause.c.no == 2)
        told = {name: row[name] for name in ("text", "because_of", "code", "no_action")}
        assert told == {"text": "Башка", "because_of": None, "code": None, "no_action": "Бир жолку"}

    def test_in_a_circle_is_refused(self, university: University) -> None:
        found = analysing(university)
        add(university, found, "Биринчи")
        add(university, found, "Экинчи", because_of=1)
        amend = partial(university.go, found, "amend_cause", "owner", NOW, text="Биринчи")
        for cause, because_of in ((1, 2), (1, 1), (2, 2)):
            refuses(university, GuardUnmet, partial(amend, cause=cause, because_of=because_of))


class TestRemoving:
    def test_is_refused_while_a_deeper_cause_or_an_open_action_hangs_on_it(self, university: University) -> None:
        found = university.planning(NOW)
        add(university, found, "Экинчи", because_of=1)
        remove = partial(university.go, found, "remove_cause", "owner", NOW, cause=1)
        refuses(university, GuardUnmet, remove)
        university.go(found, "remove_cause", "owner", NOW, cause=2)
        action = university.action(found, NOW, DUE)
        refuses(university, GuardUnmet, remove)
        university.go(action, "withdraw", "owner", NOW, reason="Кереги жок")
        remove()
        assert causes(university, found) == []

    def test_of_what_an_action_leaves_out_from_now_on_is_possible(self, university: University) -> None:
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE)
        university.go(action, "link_causes", "owner", NOW)
        university.go(found, "remove_cause", "owner", NOW, cause=1)
        assert university.one(t.corrective_action)["causes"] == []


NOT_THERE = "There is none of that number."


class TestANumberThatIsNotThere:
    @pytest.mark.parametrize("no", [0, 2, 3, 99])
    def test_is_refused_wherever_it_is_given(self, university: University, no: int) -> None:
        """Number 2 is another record's, number 3 has been removed."""
        other = analysing(university)
        add(university, other, "Тигил")
        add(university, other, "Тигил")
        found = university.planning(NOW)
        university.go(found, "back_to_causes", "owner", NOW, reason="Дагы")
        with university.database.write() as connection:
            connection.execute(sa.insert(t.cause).values(record_id=found, no=3, text="Алынган", removed_at=NOW))
        go = partial(university.go, found, who="owner", when=NOW)
        for field, attempt in (
            ("cause", partial(go, name="amend_cause", cause=no, text="x")),
            ("cause", partial(go, name="remove_cause", cause=no)),
            ("because_of", partial(go, name="add_cause", text="x", because_of=no)),
            ("because_of", partial(go, name="amend_cause", cause=1, text="x", because_of=no)),
        ):
            refusal = refuses(university, Incomplete, attempt)
            assert isinstance(refusal, Incomplete)
            assert refusal.errors == {field: NOT_THERE}

    def test_is_refused_for_an_action_too(self, university: University) -> None:
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE)
        told: dict[str, Any] = {
            "title": "x",
            "action_kind": "corrective",
            "criterion": "x",
            "due_on": DUE,
            "owner_post": "owner",
        }
        opening = partial(university.open, "corrective_action", "owner", NOW, parent=found, **told)
        for attempt in (
            partial(university.go, action, "link_causes", "owner", NOW, causes=[1, 2]),
            partial(opening, causes=[2]),
            partial(university.open, "corrective_action", "owner", NOW, **told, causes=[1]),
        ):
            refusal = refuses(university, Incomplete, attempt)
            assert isinstance(refusal, Incomplete)
            assert refusal.errors == {"causes": NOT_THERE}
        university.go(action, "link_causes", "owner", NOW, causes="1, 1")
        assert university.one(t.corrective_action)["causes"] == [1]


class TestARefusedMove:
    def test_leaves_no_row(self, university: University) -> None:
        found = analysing(university)
        add(university, found, "Биринчи")
        attempt = partial(university.go, found, "add_cause")
        refuses(university, NotYours, partial(attempt, "quality", NOW, text="x"))
        refuses(university, NotFound, partial(attempt, "librarian", NOW, text="x"))
        refuses(university, Incomplete, partial(attempt, "owner", NOW))
        refuses(university, Incomplete, partial(attempt, "owner", NOW, text="x", code="1/никакой"))
        refuses(university, Incomplete, partial(attempt, "owner", NOW, text="x", no=7))
        reported = university.reported(NOW)
        refuses(university, NotFromHere, partial(university.go, reported, "add_cause", "quality", NOW, text="x"))


class TestAnAside:
    def test_leaves_the_task_as_it_was_and_tells_nobody(self, university: University) -> None:
        found = analysing(university)
        tasks, notices = university.open_tasks(found), university.rows(t.notice)
        add(university, found, "Биринчи")
        university.go(found, "add_evidence", "owner", NOW, what="Протокол", evidence_on=NOW.date())
        university.go(found, "describe", "quality", NOW, object="Журнал")
        assert (university.open_tasks(found), university.rows(t.notice)) == (tasks, notices)
        assert university.state(found) == "cause_analysis"


class TestTheKindOfACause:
    def test_is_an_entry_of_the_tree_of_its_newest_edition_unless_it_says(self, university: University) -> None:
        found = analysing(university)
        named = {"name_ky": "x", "name_ru": "x", "name_en": "x", "catalogue": "cause", "position": 0}
        university.change(sa.insert(t.entry).values(edition="2", code="M1", **named))
        for code, kept in (("M1", "2/M1"), ("1/M1", "1/M1"), (" 1/P1 ", "1/P1"), ("P1", "1/P1")):
            university.go(found, "add_cause", "owner", NOW, text="x", code=code)
            assert university.rows(t.cause)[-1]["code"] == kept

    @pytest.mark.parametrize("code", ["7.5", "2015/7.5", "3/M1", "1/1/M1", "/M1x", "m1"])
    def test_is_none_of_another_tree(self, university: University, code: str) -> None:
        found = analysing(university)
        attempt = partial(university.go, found, "add_cause", "owner", NOW, text="x", code=code)
        refuses(university, Incomplete, attempt)

    def test_that_was_closed_is_chosen_no_more(self, university: University) -> None:
        found = analysing(university)
        add(university, found, "Биринчи")
        university.change(sa.update(t.entry).where(t.entry.c.code == "M1").values(closed_on=NOW.date()))
        refuses(university, Incomplete, partial(add, university, found, "Экинчи"))
        assert university.one(t.cause)["code"] == "1/M1"


class TestEvidence:
    def files(self, university: University, record: UUID) -> list[str]:
        there = (t.attachment.c.record_id == record, t.attachment.c.removed_by_id.is_(None))
        return [row["name"] for row in university.rows(t.attachment, *there)]

    def adds(self, university: University, record: UUID, who: str = "owner", **given: Any) -> Moved:
        told = {"what": "Акт", "evidence_on": NOW.date()}
        return university.go(record, "add_evidence", who, NOW, **{**told, **given})

    def test_comes_with_its_file_and_goes_with_it(self, university: University) -> None:
        found = analysing(university)
        moved = self.adds(university, found, file=has_file(university, "owner"))
        self.adds(university, found, what="Сөз менен")
        row = university.rows(t.evidence)[0]
        assert (row["file"], row["what"]) == ("акт.pdf", "Акт")
        attached = university.one(t.attachment)
        assert (attached["sha256"], attached["added_by_id"]) == (SHA, moved.history_id)
        assert university.history(found)[-2]["given"]["file"]["sha256"] == SHA
        assert "file" not in university.history(found)[-1]["given"], "what was not said is not written down"
        gone = university.go(found, "remove_evidence", "owner", NOW, evidence=1)
        assert self.files(university, found) == []
        assert university.one(t.attachment)["removed_by_id"] == gone.history_id
        university.go(found, "remove_evidence", "owner", NOW, evidence=2)
        with university.database.read() as connection:
            assert read_part(connection, found, "evidence") == []

    def test_that_is_amended_keeps_its_file_until_another_comes(self, university: University) -> None:
        found = analysing(university)
        moved = self.adds(university, found, file=has_file(university, "owner"))
        declared = lifecycle("nonconformity").moves["add_evidence"]
        amends = replace(declared, adds="", amends="evidence")
        other = {"sha256": SHA, "name": "экинчи.pdf", "size": 1, "media_type": "application/pdf"}
        for file, kept in ((None, "акт.pdf"), (other, "экинчи.pdf")):
            with university.database.write() as connection:
                snapshot = organisation(connection)
                actor = snapshot.actor(university.people["owner"], NOW.date())
                act, subject = Act(connection, snapshot, actor, NOW), load(connection, found)
                case = subject.case(actor, snapshot, NOW.date(), children(connection, subject))
                case.given = {"evidence": 1, "what": "Акт", "evidence_on": NOW.date(), "file": file}
                change_part(act, subject, amends, case, 1, moved.history_id)
                act.writes.send(connection)
            assert university.one(t.evidence)["file"] == kept
            assert self.files(university, found) == [kept]

    def test_of_a_file_that_the_record_has_already_is_refused_and_possible_once_that_is_gone(
        self, university: University
    ) -> None:
        found = analysing(university)
        file = has_file(university, "owner")
        self.adds(university, found, file=file)
        refuses(university, Duplicate, partial(self.adds, university, found, file=file))
        university.go(found, "remove_evidence", "owner", NOW, evidence=1)
        self.adds(university, found, file=file)
        assert self.files(university, found) == ["акт.pdf"]

    def test_is_not_taken_out_of_somebody_elses_hands(self, university: University) -> None:
        found = analysing(university)
        theirs = has_file(university, "librarian")
        refuses(university, NotKept, partial(self.adds, university, found, file=theirs))
        never = {**theirs, "sha256": "b" * 64}
        refuses(university, NotKept, partial(self.adds, university, found, file=never))

    def test_of_one_record_is_not_removed_from_another(self, university: University) -> None:
        one, other = analysing(university), analysing(university)
        self.adds(university, one, file=has_file(university, "owner"))
        refuses(university, Incomplete, partial(university.go, other, "remove_evidence", "owner", NOW, evidence=1))
        assert self.files(university, one) == ["акт.pdf"]

    def test_is_not_from_a_day_to_come(self, university: University) -> None:
        found = analysing(university)
        refuses(university, GuardUnmet, partial(self.adds, university, found, evidence_on=date(2026, 4, 7)))

    def test_is_added_to_actions_and_audits_as_well(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        self.adds(university, action, file=has_file(university, "owner"))
        told: dict[str, Any] = {"title": "x", "planned_on": NOW.date(), "unit": "DEPARTMENT", "criteria": "x"}
        audit = university.open("audit", "quality", NOW, lead_auditor="auditor", **told)
        self.adds(university, audit, "auditor", file=has_file(university, "auditor", "тизме.pdf"))
        assert (self.files(university, action), self.files(university, audit)) == (["акт.pdf"], ["тизме.pdf"])


class TestAStep:
    def test_is_planned_changed_done_and_removed(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE)
        university.go(action, "add_step", "owner", NOW, title="Долбоор", step_due_on=date(2026, 4, 20))
        university.go(action, "amend_step", "owner", NOW, work_step=1, title="Долбоор", done_on=NOW.date())
        row = university.one(t.work_step)
        assert (row["title"], row["step_due_on"], row["done_on"]) == ("Долбоор", None, NOW.date())
        later = partial(university.go, action, "add_step", "owner", NOW, title="x", done_on=date(2026, 4, 7))
        refuses(university, GuardUnmet, later)
        university.go(action, "remove_step", "owner", NOW, work_step=1)
        with university.database.read() as connection:
            assert read_part(connection, action, "work_step") == []
