"""A shorter way to the route of a request: of three hundred, only those are tried that begin as its path does."""

from collections.abc import Iterable
from typing import Final

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_CHOSEN: Final = "sapat_route"
_DEPTH: Final = 2  # parts of a path that are looked at: /api/documents

Beginning = tuple[str, ...]


class Shortcut(BaseRoute):
    """Stands before all routes and finds the first that takes a request whole, the one that they would find in turn.

    What none takes whole (no such page, a method that a page does not know) is left to the routes themselves.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        begun = [(_literal(getattr(route, "path", "")), route) for route in routes]
        keys = {beginning[:depth] for beginning, _ in begun for depth in range(_DEPTH + 1)}
        # A route that has a parameter early in its path takes part wherever that parameter might be meant.
        self._routes = {key: [route for one, route in begun if key[: len(one)] == one] for key in keys}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first that matches wholly, else nothing."""
        if scope["type"] == "http":
            parts = _parts(scope["path"].removeprefix(scope.get("root_path", "")))
            for route in next(self._routes[parts[:depth]] for depth in (2, 1, 0) if parts[:depth] in self._routes):
                match, found = route.matches(scope)
                if match == Match.FULL:
                    return match, {**found, _CHOSEN: route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request to the route that was found."""
        route: BaseRoute = scope[_CHOSEN]
        await route.handle(scope, receive, send)


def _parts(path: str) -> Beginning:
    return tuple(path.split("/", _DEPTH + 1)[1 : _DEPTH + 1])


def _literal(path: str) -> Beginning:
    """The first parts of a route's path, up to its first parameter."""
    parts = _parts(path)
    return parts[: next((place for place, part in enumerate(parts) if "{" in part), _DEPTH)]
