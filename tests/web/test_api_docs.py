"""docs/api.md is true: every address of the API is in it, none that is not there; its examples fit the description."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator

from states.registry import lifecycles
from tests.web.programs import Program

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
METHODS = "GET|POST|PATCH|PUT|DELETE"
SAID = re.compile(rf"`((?:(?:{METHODS}) )+)(/api/[^`?\s]+)`")
ASKED = re.compile(rf"^({METHODS}) (/api/[^\s?]+)(?:\?(\S+))?$")
ANSWERED = re.compile(r"^→ (\d{3}) ?(.*)$")
Operation = tuple[str, str]


@dataclass
class Example:
    """A request as the page shows it, and its answer; what is left out of that is `…`."""

    method: str
    path: str
    query: str
    sent: str
    status: int
    answer: str


@pytest.fixture
def described(api: FastAPI) -> dict[str, Any]:
    return api.openapi()


def without_names(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path)


def operations(described: dict[str, Any]) -> set[Operation]:
    return {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods if method != "head"
    }


def said(text: str) -> set[Operation]:
    """The operations that stand in the page's prose and tables; `{collection}` stands for each of them."""
    found = set()
    for methods, path in SAID.findall(text):
        own = path.count("{collection}") == 1 and not re.match("/api/(exports/)?figures/", path)
        for one in lifecycles().values() if own else [None]:
            real = path.replace("{collection}", one.collection) if one else path
            found |= {(method, without_names(real)) for method in methods.split()}
    return found


def examples(text: str) -> Iterator[Example]:
    """The requests in the blocks of the page: `GET /api/…`, what is sent, `→ 200 …`."""
    for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        found: list[Example] = []
        for line in block.splitlines():
            if asked := ASKED.match(line):
                found.append(Example(asked[1], asked[2], asked[3] or "", "", 0, ""))
            elif found and (answered := ANSWERED.match(line)):
                found[-1].status, found[-1].answer = int(answered[1]), answered[2]
            elif found and found[-1].status:
                found[-1].answer += line
            elif found:
                found[-1].sent += line
        yield from found


def fitting(described: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The operation that answers a request to that path: the one with the fewest names in its place."""
    fits = [
        known
        for known, methods in described["paths"].items()
        if method.lower() in methods and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", known), path)
    ]
    assert fits, f"{method} {path} is not there"
    operation: dict[str, Any] = described["paths"][min(fits, key=lambda known: known.count("{"))][method.lower()]
    return operation


def names(described: dict[str, Any], schema: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """Every name that an answer of that shape may have, at any depth."""
    if isinstance(schema, list):
        return set().union(*(names(described, one, seen) for one in schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {}))
    if (ref := schema.get("$ref", "")) and ref not in seen:
        found |= names(described, described["components"]["schemas"][ref.rpartition("/")[2]], seen | {ref})
    return found.union(*(names(described, one, seen) for one in schema.values()))


TEXT = DOCS.read_text()
EXAMPLES = list(examples(TEXT))
IDS = [f"{one.method} {one.path} {one.status}" for one in EXAMPLES]


class TestTheAddresses:
    def test_are_all_there_and_no_others(self, described: dict[str, Any]) -> None:
        real = {(method, without_names(path)) for method, path in operations(described)}
        assert said(TEXT) == real

    def test_have_the_names_of_the_description(self, described: dict[str, Any]) -> None:
        known = {re.sub(r"^/api/\w+/\{record\}", "/api/{collection}/{record}", path) for path in described["paths"]}
        shown = {path for _, path in SAID.findall(TEXT) if "{" in path and not re.search(r"/\{collection\}$", path)}
        assert shown <= known | set(described["paths"])


class TestTheExamples:
    def test_are_of_everything_that_is_not_plain(self) -> None:
        shown = {re.sub(r"/(NC|CA|IA)-[\d-]+|/[0-9a-f-]{36}", "/{}", one.path) for one in EXAMPLES}
        assert shown >= {
            "/api/nonconformities/{}/moves",
            "/api/nonconformities/{}/history",
            "/api/tasks/{}/nudge",
            "/api/me",
            "/api/me/told",
            "/api/late",
            "/api/policies",
            "/api/policies/dry-run",
            "/api/policies/replan",
            "/api/programme",
            "/api/catalogues",
            "/api/complaints",
            "/api/exports/late",
        }

    @pytest.mark.parametrize("one", EXAMPLES, ids=IDS)
    def test_send_what_is_taken_and_get_what_is_answered(self, described: dict[str, Any], one: Example) -> None:
        operation = fitting(described, one.method, one.path)
        asked = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
        assert {pair.partition("=")[0] for pair in one.query.split("&") if pair} <= asked
        if one.sent:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            Draft202012Validator({**schema, "components": described["components"]}).validate(json.loads(one.sent))
        answer = operation["responses"][str(one.status)] if one.status < 400 else None
        told = set(re.findall(r'"(\w+)":', one.answer))
        if answer and "application/json" in answer.get("content", {}):
            assert told - _free(one) <= names(described, answer["content"]["application/json"]["schema"])
        elif answer is None:
            assert told <= {"type", "title", "status", "code", "next_step", "errors"}

    def test_of_codes_name_real_refusals(self, program: Program) -> None:
        codes = {one["code"] for one in program.get("/api/problems").json()["items"]}
        assert set(re.findall(r"/api/problems/([a-z-]+)", TEXT)) <= codes


def _free(one: Example) -> set[str]:
    """Names below fields that may hold anything: what moves record, what parts have, what is told by language."""
    found: set[str] = set()
    for start in re.finditer(r'"(?:given|parts|now|editions|names)": (?=\{)', one.answer):
        depth = 0
        for end, sign in enumerate(one.answer[start.end() :], start.end() + 1):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            if not depth:
                found |= set(re.findall(r'"(\w+)":', one.answer[start.end() : end]))
                break
    return found
