"""The API's description: true of every answer, made from the declarations alone, readable without scripts."""

import re
from contextlib import suppress
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.routing import Route

from service.web.api.collections import build
from states.lifecycle import Choice, Field, Kind, Lifecycle, Move, Step, Way
from states.registry import lifecycles
from states.roles import Role
from states.text import Text
from tests.support.university import University, at
from tests.web.programs import Program

EXAMPLES = 5
HERE = {"Host": "sapat.test"}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


def text(word: str) -> Text:
    return Text(word, word, word)


COMPLAINT = Lifecycle(
    name="complaint",
    collection="complaints",
    label=text("complaint"),
    plural=text("complaints"),
    steps=(Step("received", text("received")), Step("answered", text("answered"), kind=Kind.FINAL)),
    moves=(
        Move(
            "answer",
            text("Answer"),
            ("received",),
            (Way("answered"),),
            by=(Role.QUALITY_SPECIALIST,),
            records=(Field("tone", text("Tone"), "choice", choices=(Choice("kind", text("kind")),)),),
        ),
    ),
    opens=(Field("title", text("Title"), "line"), Field("pages", text("Pages"), "number", required=False)),
)


class TestANewLifecycle:
    @pytest.fixture
    def described(self) -> dict[str, Any]:
        app = FastAPI()
        app.include_router(build([COMPLAINT]))
        return app.openapi()

    def test_has_its_addresses(self, described: dict[str, Any]) -> None:
        here = "/api/complaints"
        assert set(described["paths"]) == {here, *(f"{here}/{{record}}{more}" for more in ("", "/moves", "/history"))}

    def test_says_what_opens_a_record(self, described: dict[str, Any]) -> None:
        body = described["paths"]["/api/complaints"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert set(body["properties"]) == {"title", "pages"}
        assert body["required"] == ["title"]
        assert not body["additionalProperties"]

    def test_says_what_each_move_records(self, described: dict[str, Any]) -> None:
        path = described["paths"]["/api/complaints/{record}/moves"]
        (form,) = path["post"]["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
        assert form["properties"]["move"]["enum"] == ["answer"]
        assert form["required"] == ["move", "given"]

    def test_says_what_its_list_can_be_filtered_by(self, described: dict[str, Any]) -> None:
        asks = {one["name"]: one["schema"] for one in described["paths"]["/api/complaints"]["get"]["parameters"]}
        assert asks["state"]["enum"] == ["received", "answered"]


class TestTheDescription:
    def test_has_a_collection_for_each_lifecycle_with_its_typed_fields(self, api: FastAPI) -> None:
        described = api.openapi()
        for one in lifecycles().values():
            assert {f"/api/{one.collection}", f"/api/{one.collection}/{{record}}/moves"} <= set(described["paths"])
        fields = described["components"]["schemas"]["NonconformityFields"]["properties"]
        assert {"nc_kind", "found_on", "reopened"} <= set(fields)

    def test_names_nothing_that_is_not_there(self, api: FastAPI) -> None:
        described = api.openapi()
        names = set(re.findall(r"#/components/(\w+/\w+)", str(described)))
        assert names <= {f"{kind}/{name}" for kind, those in described["components"].items() for name in those}

    def test_has_every_address_of_the_api(self, api: FastAPI) -> None:
        paths = {re.sub(r":path}", "}", route.path) for route in api.routes if isinstance(route, Route)}
        ours = {path for path in paths if path.startswith("/api/")} - {"/api/docs", "/api/openapi.json"}
        assert ours == set(api.openapi()["paths"])


class TestItsPage:
    @pytest.fixture(params=["ky", "ru", "en"])
    def page(self, program: Program, request: pytest.FixtureRequest) -> str:
        answer = program.get("/api/docs", Accept_Language=request.param)
        assert answer.status_code == 200
        assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
        assert f'<html lang="{request.param}"' in answer.text
        return answer.text

    def test_tells_every_operation_and_every_problem(self, page: str, api: FastAPI, program: Program) -> None:
        for path in api.openapi()["paths"]:
            assert path in page
        for problem in program.get("/api/problems").json()["items"]:
            assert f'href="/api/problems/{problem["code"]}"' in page

    def test_asks_nothing_of_anybody_else_and_runs_no_script(self, page: str) -> None:
        assert not re.search(r"<script|<style|style=|\son\w+=|(src|href)=\"(https?:)?//", page)

    def test_leads_only_to_shapes_it_shows(self, page: str) -> None:
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page)) | {"main"}


class TestEveryOperation:
    @pytest.mark.parametrize("mode", GenerationMode)
    def test_answers_as_it_is_described_whatever_is_sent(
        self, api: FastAPI, university: University, mode: GenerationMode
    ) -> None:
        university.in_force(at(2026, 4, 6))
        university.under_way(at(2026, 4, 6), at(2026, 6, 1).date())
        for found in schemathesis.openapi.from_asgi("/api/openapi.json", api, headers=HERE).get_all_operations():
            assert isinstance(found, Ok)
            self._ask(found.ok(), mode)

    @staticmethod
    def _ask(operation: Any, mode: GenerationMode) -> None:
        @seed(7)
        @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers={"Sapat-Person": "quality", **HERE}, checks=CHECKS)

        with suppress(Unsatisfiable, SkipTest):  # nothing can be sent that is wrong where nothing is asked for
            ask()
