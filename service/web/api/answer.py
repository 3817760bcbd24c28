"""Answers: JSON with the language it speaks, lists in their one shape, versions as entity tags."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from starlette.responses import JSONResponse

from service.reading.page import Page
from service.web.api.refusals import Outdated
from states.refusals import Malformed
from states.text import N_

T = TypeVar("T")


class Answer(JSONResponse):
    """JSON as the API writes it: moments and dates by RFC 3339, letters as they are."""

    def render(self, content: Any) -> bytes:
        """The bytes of the body."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def answer(content: Any, language: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer to one person in one language: nobody between may keep it for another."""
    about = {"Content-Language": language, "Vary": VARY, "Cache-Control": "private, no-cache"}
    return Answer(content, status, {**about, **(headers or {})})


def listed(page: Page[T], view: Callable[[T], Mapping[str, Any]]) -> dict[str, Any]:
    """The one shape of a list."""
    return {"items": [view(row) for row in page.rows], "next": page.next, "total": page.total}


def etag(version: int) -> str:
    """The entity tag of a record: its version."""
    return f'"{version}"'


def expected(request: Request) -> int | None:
    """The version that If-Match asks for; None where it asks for none. Raises Malformed, Outdated."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted in ("", "*"):
        return None
    if wanted.startswith("W/"):
        raise Outdated  # a weak tag never matches here (RFC 9110, 13.1.1)
    number = wanted.strip('"')
    if wanted != f'"{number}"' or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Malformed(N_('If-Match must hold the ETag of the record, for example "7".'))
    return int(number)


def unchanged(request: Request, version: int, language: str) -> Response | None:
    """304 where the client has this version already."""
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if etag(version) not in known and "*" not in known:
        return None
    about = {"ETag": etag(version), "Content-Language": language, "Vary": VARY, "Cache-Control": "private, no-cache"}
    return Response(status_code=304, headers=about)


VARY = "Accept-Language, Cookie, Sapat-Person"


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
