"""Who told of it from outside: known to the quality specialist alone, on pages, to programs, in histories and mails."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI

from models import tables as t
from service.opening import open_record
from service.organisation import CLOCK
from service.reading.authors import PRIVATE
from service.sweep import sweep
from states.registry import lifecycles
from tests.support.post import post_of
from tests.support.university import University, at
from tests.web.capa import NOW
from tests.web.programs import Program, hash_as_described
from tests.web.visitors import Visitor, application

SOMEBODY = "Кубанычбек Айтпас, 0555 123456"
TOLD = {
    "title": "Сабак өтпөйт",
    "found": "Үч жума",
    "nc_kind": "programme",
    "source": "customers",
    "found_on": "2026-04-05",
    "reported_by": SOMEBODY,
}
OTHERS = ("owner", "head", "vice", "rector", "auditor")


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


@pytest.fixture(params=["reported", "complained"])
def found(request: pytest.FixtureRequest, university: University) -> UUID:
    """Written down by an auditor who was told, or said by somebody without an account."""
    if request.param == "reported":
        record = university.open("nonconformity", "auditor", NOW, None, **TOLD)
    else:
        with university.database.write() as connection:
            record = open_record(connection, "nonconformity", {**TOLD, "confidential": True}, CLOCK, NOW).record_id
    university.go(record, "register", "quality", NOW, severity="major", owner_post="owner")
    return record


def readers(university: University, found: UUID) -> tuple[str, ...]:
    """Those of the others who may read it: who wrote it down may, unless nobody did."""
    return OTHERS if university.record(found)["author_id"] else OTHERS[:-1]


class TestSomebodyFromOutside:
    def test_is_named_to_nobody_else_on_a_page(self, app: FastAPI, university: University, found: UUID) -> None:
        for person in readers(university, found):
            page = Visitor(app).is_(person, "en").get(f"/nonconformities/{found}")
            assert page.status_code == 200, person
            assert "Айтпас" not in page.text, person
            assert "0555" not in page.text, person

    def test_is_named_to_no_other_program(self, app: FastAPI, university: University, found: UUID) -> None:
        for person in readers(university, found):
            ask = Program(app, person)
            answer = ask.get(f"/api/nonconformities/{found}")
            assert answer.json()["fields"]["reported_by"] is None
            assert "Айтпас" not in answer.text
            history = ask.get(f"/api/nonconformities/{found}/history")
            assert "Айтпас" not in history.text

    def test_can_be_tried_out_by_no_hash(self, app: FastAPI, university: University, found: UUID) -> None:
        """Whoever had the entry's identifier and hash could compute it for every name."""
        entry = university.history(found)[0]
        for person in readers(university, found):
            first, second = Program(app, person).get(f"/api/nonconformities/{found}/history").json()["items"]
            assert (first["id"], first["hash"], first["withheld"]) == (None, None, ["reported_by"])
            assert second["withheld"] == []
            assert str(entry["id"]) not in json.dumps([first, second])

    def test_is_known_to_the_quality_specialist(self, app: FastAPI, found: UUID) -> None:
        page = Visitor(app).is_("quality", "en").get(f"/nonconformities/{found}")
        assert page.text.count(SOMEBODY) == 2, "what is known, and what was recorded"
        ask = Program(app, "quality")
        assert ask.get(f"/api/nonconformities/{found}").json()["fields"]["reported_by"] == SOMEBODY
        first, *_ = ask.get(f"/api/nonconformities/{found}/history").json()["items"]
        assert first["given"]["reported_by"] == SOMEBODY
        assert first["withheld"] == []
        assert hash_as_described(first) == first["hash"]

    def test_is_named_in_no_mail(self, university: University, found: UUID, tmp_path: Path) -> None:
        sweep(university.database, at(2026, 6, 1))
        with post_of(university.database, tmp_path) as post:
            post.deliver(at(2026, 6, 1, 12))
            mails = [str(mail) for mail in post.mails()]
            assert len(mails) > 2
            assert not [mail for mail in mails if "Айтпас" in mail]

    def test_is_carried_into_no_similar_one(self, app: FastAPI, found: UUID) -> None:
        page = Visitor(app).is_("quality").get(f"/nonconformities/new?about={found}")
        assert page.status_code == 200
        assert "Айтпас" not in page.text


class TestThePrivateFields:
    def test_are_signed_by_nobody_and_changed_by_no_form(self) -> None:
        """A signature shows what it is bound to, and a form what it is filled in with."""
        for one in lifecycles().values():
            assert not PRIVATE.intersection(one.signs_over)
            for move in one.moves.values():
                assert not PRIVATE.intersection(field.name for field in move.records)

    def test_are_kept_where_somebody_is_told(self) -> None:
        kept = [one for one in lifecycles().values() if PRIVATE.intersection(field.name for field in one.opens)]
        assert kept
        assert all(one.tells_author for one in kept)
        assert set(t.nonconformity.c.keys()) >= PRIVATE
