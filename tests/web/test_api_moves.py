"""Moves through the API: from the states they start in, and a whole way. Who may make them: the permission matrix."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from service.readings import ask_readers
from states.lifecycle import Field
from states.registry import lifecycles
from tests.councils.sitting import Sitting
from tests.support.chain import assert_whole
from tests.support.university import DOCUMENT, University, at, order
from tests.web.programs import Program, refused

NOW = at(2026, 4, 6)
EACH_MOVE = pytest.mark.parametrize(
    ("name", "move"), [(one.name, move) for one in lifecycles().values() for move in one.moves]
)


def address(university: University, name: str, state: str) -> tuple[str, UUID]:
    """A record of the lifecycle, put into that state."""
    revision = university.endorsed(NOW)
    university.under_way(NOW, at(2026, 6, 1).date())
    told: dict[str, Any] = {"title": "Аудит", "criteria": "ISO 9001", "unit": "DEPARTMENT", "lead_auditor": "auditor"}
    university.open("audit", "quality", NOW, **told, planned_on=at(2026, 5, 4).date())
    if name in ("sitting", "council_task"):
        Sitting.closed(university, NOW)
    if name in ("acknowledgement", "printed_copy"):
        university.go(revision, "approve", "rector", NOW, **order("1", NOW, NOW.date()))
        ask_readers(university.database, NOW)
        university.open("printed_copy", "quality", NOW, document=DOCUMENT, owner_post="owner", kept_at="204")
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
    by_kind = {"date": today, "number": 1, "post": "owner", "part": 1, "parts": [1], "flag": True}
    by_kind |= {"people": ["reader"], "person": "auditor", "records": ["NC-2026-001"], "entry": "1/M1"}
    return {
        one.name: days.get(one.name) or (one.choices[0].value if one.choices else by_kind.get(one.kind, "Себеп"))
        for one in fields
    }


@EACH_MOVE
class TestEveryMove:
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
