"""Who may keep what through the API, written down by hand and tried by everybody; refusals write nothing."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from models import tables as t
from service.readings import ask_readers
from tests.support.databases import HOW, PostgresTemplate, SqliteTemplate
from tests.support.dump import dump
from tests.support.missing import missing
from tests.support.university import University
from tests.web.permission_matrix import EVERYBODY, QUALITY
from tests.web.permission_stage import BEFORE, Stage
from tests.web.programs import HOST

WAY: Final = {"stages": [{"body": "ok", "does": "approves"}], "by_order": False}
ACT: Final = {"title": "Мыйзам", "in_force_on": "2026-03-01"}
ANY_CAMPUS: Final = QUALITY | {"far_quality"}
OWN_CAMPUS: Final = QUALITY
FAR_ALONE: Final = frozenset({"far_quality"})


@dataclass(frozen=True)
class Duty:
    """A request, and those to whom it is not forbidden; `{…}` in its path is filled in by the stage."""

    method: str
    path: str
    by: frozenset[str]
    sent: Any = None
    writes: bool = True


DUTIES: Final = {
    "list the distribution": Duty("GET", "/distribution", ANY_CAMPUS, writes=False),
    "say whom it reaches": Duty("GET", "/distribution/reach?type=УСТ", ANY_CAMPUS, writes=False),
    "lay it down": Duty("POST", "/distribution", ANY_CAMPUS, {"type": "УСТ", "unit": "LIBRARY"}),
    "take it away": Duty("DELETE", "/distribution/{rule}", ANY_CAMPUS),
    "change a code": Duty("POST", "/documents/{document}/code", OWN_CAMPUS, {"code": "УСТ 4.88", "reason": "Жаңы"}),
    "enter an act": Duty("POST", "/legal-acts", ANY_CAMPUS, ACT),
    "correct an act": Duty("PUT", "/legal-acts/{act}", ANY_CAMPUS, ACT),
    "remove an act": Duty("DELETE", "/legal-acts/{act}", ANY_CAMPUS),
    "list files not made": Duty("GET", "/controlled", ANY_CAMPUS, writes=False),
    "make a file again": Duty("POST", "/revisions/{revision}/controlled", ANY_CAMPUS),
    "look at a route here": Duty(
        "POST", "/routes/preview", OWN_CAMPUS, {"type": "УСТ", "campus": "UNI", "way": WAY}, writes=False
    ),
    "set a route here": Duty(
        "POST", "/routes", OWN_CAMPUS, {"type": "УСТ", "campus": "UNI", "way": WAY, "seen": "0" * 32}
    ),
    "set a route there": Duty(
        "POST", "/routes", FAR_ALONE, {"type": "УСТ", "campus": "FAR", "way": WAY, "seen": "0" * 32}
    ),
}
ALL_READ: Final = ("/routes", "/legal-acts", "/reviews", "/revisions/{revision}/readings", "/figures/nonconformities")


@dataclass
class Place:
    """The stage with what the requests are about."""

    stage: Stage
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, duty: Duty, people: list[str]) -> dict[str, tuple[int, str]]:
        """What each is answered: the status and the kind of the problem."""

        async def run() -> dict[str, tuple[int, str]]:
            transport, told = httpx.ASGITransport(self.stage.app), {}
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                for person in people:
                    headers = {"Sapat-Person": person} if person else {}
                    path = f"/api{duty.path.format(**self.names)}"
                    answer = await client.request(duty.method, path, json=duty.sent, headers=headers)
                    wrong = answer.headers.get("content-type") == "application/problem+json"
                    told[person] = (answer.status_code, answer.json()["code"] if wrong else "")
            return told

        return asyncio.run(run())


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, sqlite_template: SqliteTemplate) -> Iterator[Place]:
    template: SqliteTemplate | PostgresTemplate | None = sqlite_template
    if request.param == "postgres":
        template = request.getfixturevalue("postgres_template")
    if template is None:
        missing("PostgreSQL", HOW)
    with template.copy() as database:
        made = Place(Stage(University.founded(database)))
        university = made.stage.university
        revision = made.stage.arrive("document", "effective")
        ask_readers(database, BEFORE)
        document = university.one(t.revision, t.revision.c.record_id == revision)["document_id"]
        made.names = {"revision": str(revision), "document": str(document)}
        answers = made.ask(Duty("POST", "/legal-acts", ANY_CAMPUS, ACT), ["quality"])
        assert answers == {"quality": (201, "")}
        rule = Duty("POST", "/distribution", ANY_CAMPUS, {"document": str(document), "person": "reader"})
        assert made.ask(rule, ["quality"]) == {"quality": (201, "")}
        made.names |= {
            "act": str(university.one(t.legal_act)["id"]),
            "rule": str(university.one(t.distribution)["id"]),
        }
        yield made
        made.stage.app.state.site.close()


@pytest.mark.parametrize("name", DUTIES)
def test_is_refused_to_everybody_else_and_nothing_is_written(place: Place, name: str) -> None:
    duty = DUTIES[name]
    others = ["", *sorted(EVERYBODY - duty.by)]
    before = dump(place.stage.university.database)
    told = place.ask(duty, others)
    assert dump(place.stage.university.database) == before
    assert told == {one: (403, "not-yours") if one else (401, "signed-out") for one in others}


@pytest.mark.parametrize("name", [name for name, duty in DUTIES.items() if not duty.writes])
def test_is_answered_to_each_who_may(place: Place, name: str) -> None:
    duty = DUTIES[name]
    assert place.ask(duty, sorted(duty.by)) == dict.fromkeys(duty.by, (200, ""))


@pytest.mark.parametrize("name", [name for name, duty in DUTIES.items() if duty.writes])
def test_is_not_forbidden_to_each_who_may(place: Place, name: str) -> None:
    """The first does it; what is done, or gone by then, is said to the others: it is not said that it is not theirs."""
    duty = DUTIES[name]
    told = place.ask(duty, sorted(duty.by))
    allowed = {(status, "") for status in (200, 201, 202, 204)}
    done = {(422, "guard-unmet"), (404, "not-found")}
    assert set(told.values()) <= allowed | done
    if duty.path != "/routes":  # what was seen there is nothing that there was
        assert set(told.values()) & allowed


@pytest.mark.parametrize("path", ALL_READ)
def test_is_read_by_everybody_who_is_signed_in(place: Place, path: str) -> None:
    told = place.ask(Duty("GET", path, EVERYBODY), ["", *sorted(EVERYBODY)])
    assert told == {one: (200, "") if one else (401, "signed-out") for one in ("", *EVERYBODY)}
