"""The shorter way to a route leads to where the longer one leads."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from models.database import Database
from service.web.shortcut import Shortcut
from tests.web.visitors import application

ID = "00000000-0000-0000-0000-000000000001"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def _asked(path: str, method: str) -> Scope:
    return {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}


def _in_turn(routes: list[BaseRoute], scope: Scope) -> BaseRoute | None:
    return next((route for route in routes if route.matches(scope)[0] == Match.FULL), None)


def _addresses(path: str) -> set[str]:
    """Addresses that a route's path may mean, and some beside them."""
    filled = [re.sub("{[^}]*}", one, path) for one in (ID, "documents", "nonconformities", "x", "7")]
    return {more for one in filled for more in (one, f"{one}/", f"{one}/x", f"/x{one}")}


def test_every_address_finds_the_route_that_it_finds_in_turn(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/any.db")
    shortcut, *routes = application(database, datetime(2026, 11, 22, tzinfo=UTC)).router.routes
    database.close()
    assert isinstance(shortcut, Shortcut)
    found = 0
    for address in set().union(*(_addresses(getattr(route, "path", "")) for route in routes)):
        for method in METHODS:
            scope = _asked(address, method)
            match, given = shortcut.matches(scope)
            expected = _in_turn(routes, scope)
            assert given.get("sapat_route") is expected, (method, address)
            assert match == (Match.NONE if expected is None else Match.FULL)
            found += expected is not None
    assert found > len(routes)


def test_only_routes_that_begin_alike_are_tried(tmp_path: Path) -> None:
    tried: list[str] = []

    class Told(Route):
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            tried.append(self.path)
            return super().matches(scope)

    paths = ["/a/new", "/a/{one}", "/a/b/c", "/b/new", "/{any}/new", "/"]
    shortcut = Shortcut([Told(path, lambda _: None) for path in paths])
    shortcut.matches(_asked("/a/b/c", "GET"))
    assert tried == ["/a/{one}", "/a/b/c"]


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_nothing_but_requests_is_taken(kind: str) -> None:
    shortcut = Shortcut([Route("/", lambda _: None)])
    assert shortcut.matches({**_asked("/", "GET"), "type": kind}) == (Match.NONE, {})
