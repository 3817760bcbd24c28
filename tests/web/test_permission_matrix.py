"""Every move of every lifecycle, tried by everybody, through the API and through the pages, on both databases."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from models import tables as t
from states.registry import lifecycles
from states.roles import Role
from tests.support.databases import HOW, PostgresTemplate, SqliteTemplate
from tests.support.dump import dump
from tests.support.missing import missing
from tests.support.university import University
from tests.web.permission_matrix import DUTIES, EVERYBODY, MATRIX, READ_BY_ALL, READERS
from tests.web.permission_stage import PLACES, Stage, given
from tests.web.programs import HOST
from tests.web.visitors import moves as forms_of_moves

T = TypeVar("T")
EACH_PLACE = pytest.mark.parametrize(("name", "state"), PLACES)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stage(request: pytest.FixtureRequest, sqlite_template: SqliteTemplate) -> Iterator[Stage]:
    """One database for all: refusals leave nothing behind, and each move has a record of its own."""
    template: SqliteTemplate | PostgresTemplate | None = sqlite_template
    if request.param == "postgres":
        template = request.getfixturevalue("postgres_template")
    if template is None:
        missing("PostgreSQL", HOW)
    with template.copy() as database:
        began = time.perf_counter()
        made = Stage(University.founded(database))
        yield made
        made.app.state.site.close()
        print(f"\nthe matrix on {request.param}: {time.perf_counter() - began:.0f} s")  # noqa: T201 - seen with -s


class ThroughTheApi:
    """A program."""

    SIGNED_OUT = 401

    @staticmethod
    async def offered(client: httpx.AsyncClient, path: str, person: str) -> set[str] | int:
        """The moves that a record offers, or the status of the refusal."""
        answer = await client.get(f"/api{path}", headers={"Sapat-Person": person})
        return {offer["name"] for offer in answer.json()["moves"]} if answer.is_success else answer.status_code

    @staticmethod
    async def make(
        client: httpx.AsyncClient, path: str, name: str, move: str, person: str, version: int
    ) -> tuple[int, str]:
        """Make a move; the status, and the kind of the problem."""
        told = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in given(name, move).items()
        }
        headers = {"Sapat-Person": person, "If-Match": f'"{version}"'} if person else {}
        answer = await client.post(f"/api{path}/moves", json={"move": move, "given": told}, headers=headers)
        if answer.is_success:
            return answer.status_code, ""
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["type"] == f"/api/problems/{problem['code']}"
        return answer.status_code, problem["code"]


class ThroughThePages:
    """Somebody at a browser, without scripts."""

    SIGNED_OUT = 303

    @staticmethod
    def _cookie(person: str) -> dict[str, str]:
        return {"Cookie": f"sapat_person={person}; sapat_language=en", "Sec-Fetch-Site": "same-origin"}

    async def offered(self, client: httpx.AsyncClient, path: str, person: str) -> set[str] | int:
        """The moves for which a record has forms, or the status of the refusal."""
        answer = await client.get(path, headers=self._cookie(person))
        return set(forms_of_moves(answer)) if answer.is_success else answer.status_code

    async def make(
        self, client: httpx.AsyncClient, path: str, name: str, move: str, person: str, version: int
    ) -> tuple[int, str]:
        """Send the form of a move; the status, and the kind of the problem as its sentence tells it."""
        answer = await client.get(path, headers=self._cookie(person)) if person in MATRIX[name, move] else None
        form = forms_of_moves(answer).get(move) if answer else None
        typed = {**(form.fields if form else {}), "version": str(version)}
        for key, value in given(name, move).items():
            sent = {f"{key}.sha256": value["sha256"], f"{key}.name": value["name"]} if isinstance(value, dict) else {}
            several = isinstance(value, list)
            typed |= sent or {key: ",".join(map(str, value)) if several else str(value)}
        headers = {**self._cookie(person), "Content-Type": "application/x-www-form-urlencoded"}
        answer = await client.post(f"{path}/moves/{move}", content=urlencode(typed), headers=headers)
        where = answer.headers.get("location", "")
        if answer.status_code == 303 and where.startswith("/person"):
            return 303, "signed-out"
        if answer.status_code == 303:
            assert "?done=" in where
            return 200, ""
        said = {"is not yours to do": "not-yours", "it would be checking your own work": "separation-of-duties"}
        said |= {"There is nothing here by that name": "not-found"}
        return answer.status_code, next((code for words, code in said.items() if words in answer.text), answer.text)


DOORS = {"api": ThroughTheApi(), "pages": ThroughThePages()}
EACH_DOOR = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
Door = ThroughTheApi | ThroughThePages


def together(stage: Stage, do: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
    """All these requests in one loop: starting one for each would take longer than the requests."""

    async def run() -> T:
        transport = httpx.ASGITransport(stage.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            return await do(client)

    return asyncio.run(run())


def address(name: str, record: UUID) -> str:
    return f"/{lifecycles()[name].collection}/{record}"


def declared_from(name: str, state: str) -> list[str]:
    return [move.name for move in lifecycles()[name].moves_from(state)]


def readers(name: str, state: str) -> frozenset[str]:
    return EVERYBODY if state in READ_BY_ALL else READERS[name]


def refusal(name: str, state: str, move: str, person: str) -> tuple[int, str]:
    """How somebody who may not make the move is told so."""
    if person not in readers(name, state):
        return 404, "not-found"
    return 403, "separation-of-duties" if person in DUTIES.get((name, move), ()) else "not-yours"


class TestTheTable:
    def test_has_every_move_and_no_other(self) -> None:
        assert set(MATRIX) == {(one.name, move) for one in lifecycles().values() for move in one.moves}

    def test_names_nobody_who_does_not_try(self) -> None:
        tables: Iterable[frozenset[str]] = (*MATRIX.values(), *DUTIES.values(), *READERS.values())
        assert frozenset().union(*tables) <= EVERYBODY

    def test_lets_nobody_do_what_separation_of_duties_forbids(self) -> None:
        assert not [move for move, people in DUTIES.items() if people & MATRIX[move]]

    def test_lets_everybody_read_what_they_may_move(self) -> None:
        for (name, move), people in MATRIX.items():
            if not READ_BY_ALL.issuperset(lifecycles()[name].moves[move].sources):
                assert people <= READERS[name], (name, move)

    def test_tries_moves_from_every_state_they_start_in(self) -> None:
        tried = {(name, move) for name, state in PLACES for move in declared_from(name, state)}
        assert tried == set(MATRIX)

    def test_leaves_only_the_clocks_moves_to_nobody(self) -> None:
        for (name, move), people in MATRIX.items():
            assert bool(people) == (lifecycles()[name].moves[move].by != (Role.CLOCK,)), (name, move)


@EACH_DOOR
@EACH_PLACE
class TestEveryMove:
    def test_is_offered_to_exactly_those_who_may_make_it(self, stage: Stage, door: Door, name: str, state: str) -> None:
        path = address(name, stage.arrive(name, state))

        async def look(client: httpx.AsyncClient) -> dict[str, set[str] | int]:
            return {person: await door.offered(client, path, person) for person in sorted(EVERYBODY)}

        theirs = {
            person: {move for move in declared_from(name, state) if person in MATRIX[name, move]}
            for person in sorted(EVERYBODY)
        }
        known = readers(name, state)
        assert together(stage, look) == {person: theirs[person] if person in known else 404 for person in theirs}

    def test_is_refused_to_everybody_else_and_nothing_is_written(
        self, stage: Stage, door: Door, name: str, state: str
    ) -> None:
        record = stage.arrive(name, state)
        path, version = address(name, record), stage.university.record(record)["version"]
        tries = [
            (move, person)
            for move in declared_from(name, state)
            for person in ("", *sorted(EVERYBODY - MATRIX[name, move]))
        ]

        async def make(client: httpx.AsyncClient) -> dict[tuple[str, str], tuple[int, str]]:
            return {
                (move, person): await door.make(client, path, name, move, person, version) for move, person in tries
            }

        before = dump(stage.university.database)
        told = together(stage, make)
        assert dump(stage.university.database) == before
        assert told == {
            (move, person): refusal(name, state, move, person) if person else (door.SIGNED_OUT, "signed-out")
            for move, person in tries
        }

    def test_is_made_by_each_who_may_make_it(self, stage: Stage, door: Door, name: str, state: str) -> None:
        tries = [
            (move, person, stage.arrive(name, state, move))
            for move in declared_from(name, state)
            for person in sorted(MATRIX[name, move])
        ]

        async def make(client: httpx.AsyncClient) -> dict[tuple[str, str], Any]:
            told = {}
            for move, person, record in tries:
                version = stage.university.record(record)["version"]
                told[move, person] = await door.make(client, address(name, record), name, move, person, version)
            return told

        assert together(stage, make) == {(move, person): (200, "") for move, person, _ in tries}
        for move, person, record in tries:
            ways = {way.to for way in lifecycles()[name].moves[move].ways}
            entry = next(entry for entry in reversed(stage.university.history(record)) if entry["move"] == move)
            assert entry["to_state"] in ways
            assert stage.university.who(entry["actor_id"]) == person


class TestWhatIsOver:
    @EACH_DOOR
    @pytest.mark.parametrize(
        ("name", "state", "move", "who"),
        [
            ("document", "effective", "withdraw", "rector"),
            ("nonconformity", "reported", "withdraw", "author"),
            ("corrective_action", "implemented", "find_effective", "rector"),
            ("audit", "acceptance", "accept", "vice"),
        ],
    )
    def test_offers_nothing_and_refuses_everything(
        self, stage: Stage, door: Door, name: str, state: str, move: str, who: str
    ) -> None:
        record = stage.arrive(name, state)
        stage.university.go(record, move, who, stage.app.state.site.clock(), **given(name, move))
        path, version = address(name, record), stage.university.record(record)["version"]

        async def look(client: httpx.AsyncClient) -> list[set[str] | int]:
            return [await door.offered(client, path, person) for person in sorted(EVERYBODY)]

        async def make(client: httpx.AsyncClient) -> set[int]:
            every = [move for one, move in MATRIX if one == name]
            tried = [await door.make(client, path, name, move, who, version) for move in every]
            return {status for status, _ in tried}

        assert all(not moves or moves == 404 for moves in together(stage, look))
        before = stage.university.rows(t.history)
        assert together(stage, make) == {409}
        assert stage.university.rows(t.history) == before
