"""A program that uses the API: the application in this process, one person's code, one language."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
from fastapi import FastAPI

HOST = "http://sapat.test"
NONCONFORMITY = {
    "title": "Протоколдор жок",
    "found": "Кафедранын протоколдору табылган жок",
    "nc_kind": "programme",
    "source": "internal_audit",
    "found_on": "2026-04-06",
}


@dataclass
class Program:
    """Asks as `person`, who may be nobody."""

    app: FastAPI
    person: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, person: str, **headers: str) -> "Program":
        """The same for somebody else, with other headers."""
        return Program(self.app, person, headers)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Read."""
        return self.send("GET", path, headers)

    def post(self, path: str, told: Any, **headers: str) -> httpx.Response:
        """Send JSON."""
        return self.send("POST", path, headers, json=told)

    def move(self, path: str, name: str, given: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Make a move on the record at `path`."""
        return self.post(f"{path}/moves", {"move": name, "given": given or {}}, **headers)

    def raw(self, path: str, content: bytes, kind: str = "application/json") -> httpx.Response:
        """Send these bytes."""
        return self.send("POST", path, {"Content-Type": kind}, content=content)

    def send(self, method: str, path: str, headers: Mapping[str, str], **told: Any) -> httpx.Response:
        """Any request; an underscore in the name of a header stands for its hyphen."""
        named = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        if self.person:
            named["Sapat-Person"] = self.person

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, headers=named, **told)

        return asyncio.run(ask())

    def pages(self, path: str, limit: int) -> Iterator[list[dict[str, Any]]]:
        """A list, page by page."""
        cursor = ""
        while cursor is not None:
            sign = "&" if "?" in path else "?"
            answer = self.get(f"{path}{sign}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            assert answer.status_code == 200, answer.text
            assert set(answer.json()) == {"items", "next", "total"}
            yield answer.json()["items"]
            cursor = answer.json()["next"]


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem, which must be this one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["code"] == code
    assert told["type"] == f"/api/problems/{code}"
    assert told["title"]
    return told


def hash_as_described(entry: dict[str, Any]) -> str:
    """By docs/api.md alone, from what the API answers."""
    people = ("actor_id", "acting_for_id")
    names = ("id", "record_id", "seq", "at", *people, "move", "from_state", "to_state", "given", "cause_id", "previous")
    facts = {name: entry[name] for name in names}
    facts |= {name: entry[name] for name in ("post_id", "signature") if entry[name] is not None}
    for name in ("id", "record_id", *people, "cause_id", *(facts.keys() & {"post_id"})):
        facts[name] = facts[name] and facts[name].replace("-", "")
    facts["at"] = datetime.fromisoformat(facts["at"]).isoformat(timespec="microseconds")
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
