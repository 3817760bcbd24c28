"""Every move of every lifecycle through the API: made by who may make it, refused to everybody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from service.subject import load, roles_of
from states.lifecycle import Field, permits
from states.registry import lifecycles
from tests.support.chain import assert_whole
from tests.support.university import PEOPLE, University, at
from tests.web.programs import Program, refused

NOW = at(2026, 4, 6)
EACH_MOVE = pytest.mark.parametrize(
    ("name", "move"), [(one.name, move) for one in lifecycles().values() for move in one.moves]
)


def address(university: University, name: str, state: str) -> tuple[str, UUID]:
    """A record of the lifecycle, put into that state."""
    university.endorsed(NOW)
    university.under_way(NOW, at(2026, 6, 1).date())
    record = UUID(str(university.rows(t.record, t.record.c.kind == name)[0]["id"]))
    soon = NOW.date() + timedelta(days=90)
    with university.database.write() as connection:
        connection.execute(sa.update(t.record).where(t.record.c.id == record).values(state=state))
        connection.execute(sa.update(t.revision).values(position=0))
        connection.execute(sa.update(t.corrective_action).values(requested_due_on=soon))
    return f"/api/{lifecycles()[name].collection}/{record}", record


def given(fields: tuple[Field, ...]) -> dict[str, Any]:
    """What a move records, of the right kinds."""
    today = NOW.date().isoformat()
    days = {"new_due_on": "2026-09-01", "complete_by": "2026-09-01"}
    by_kind = {"date": today, "number": 1, "post": "owner"}
    return {
        one.name: days.get(one.name) or (one.choices[0].value if one.choices else by_kind.get(one.kind, "Себеп"))
        for one in fields
    }


def may(university: University, record: UUID, person: str, move: str) -> bool:
    actor = university.as_(person, NOW)
    with university.database.read() as connection:
        subject = load(connection, record)
        return permits(subject.lifecycle.moves[move], roles_of(actor, subject.fields, organisation(connection)))


@EACH_MOVE
class TestEveryMove:
    def test_is_refused_to_whoever_may_not_make_it(
        self, program: Program, university: University, name: str, move: str
    ) -> None:
        declared = lifecycles()[name].moves[move]
        path, record = address(university, name, declared.sources[0])
        before = university.record(record)
        for person in PEOPLE:
            if not may(university, record, person, move):
                answer = program.as_(person).move(path, move, given(declared.records))
                assert answer.status_code == 403, (person, answer.text)
                assert answer.json()["code"] in ("not-yours", "separation-of-duties")
        assert university.record(record) == before

    def test_is_made_by_whoever_may_make_it(
        self, program: Program, university: University, name: str, move: str
    ) -> None:
        one = lifecycles()[name]
        declared = one.moves[move]
        path, record = address(university, name, declared.sources[0])
        person = next((who for who in PEOPLE if may(university, record, who, move)), "")
        if not person:
            assert {role.value for role in declared.by} == {"clock"}
            return
        offered = program.as_(person).get(path).json()
        assert move in {offer["name"] for offer in offered["moves"]}
        answer = program.as_(person, Accept_Language="en").move(
            path, move, given(declared.records), If_Match=f'"{offered["version"]}"'
        )
        if answer.status_code == 422:
            problem = refused(answer, 422, "guard-unmet")
            assert problem["title"] in [guard.says for guard in declared.guards]
            return
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["state"] in {way.to for way in declared.ways}
        assert told["version"] >= offered["version"] + 1
        assert answer.headers["etag"] == f'"{told["version"]}"'
        there = program.as_(person).get(told["links"]["self"])
        assert there.json()["state"] == told["state"]

    def test_is_refused_from_every_other_state(
        self, program: Program, university: University, name: str, move: str
    ) -> None:
        one = lifecycles()[name]
        other = next(state for state in one.steps if state not in one.moves[move].sources)
        path, record = address(university, name, other)
        answer = program.as_("quality").move(path, move, given(one.moves[move].records))
        refused(answer, 409, "not-from-here")
        assert university.state(record) == other


class TestAWholeWay:
    def test_of_a_document_is_gone_through_the_api(self, program: Program, university: University) -> None:
        opened = program.as_("owner").post("/api/revisions", {"document": "УСТ 4.09", "summary": "Такталат"})
        path = opened.json()["links"]["self"]
        decision = {"protocol_no": "7", "decided_on": "2026-04-06", "wording": "Жактырылсын", "votes_for": 11}
        approval = {"order_no": "01-12/138", "decided_on": "2026-04-06", "in_force_on": "2026-04-06"}
        for person, move, records in (
            ("owner", "submit", {}),
            ("sec_ouk", "endorse", decision),
            ("sec_ok", "endorse", decision),
            ("rector", "approve", approval),
        ):
            answer = program.as_(person).move(path, move, records)
            assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == "effective"
        register = program.as_("reader").get("/api/documents?state=effective").json()
        assert [row["in_force"] for row in register["items"]] == [path]
        assert_whole(university, UUID(path.rpartition("/")[2]))
