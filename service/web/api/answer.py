"""Answers: JSON with the language it speaks, lists in their one shape, versions as entity tags."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
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


def etag(version: int, content: Any = None) -> str:
    """The entity tag of a record: its version, then what else the answer says (deadlines, what the reader may do)."""
    return f'"{version}"' if content is None else f'"{version}-{sha256(Answer(content).body).hexdigest()[:12]}"'


def expected(request: Request) -> int | None:
    """The version that If-Match asks for; None where it asks for none. Raises Malformed, Outdated."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted in ("", "*"):
        return None
    if wanted.startswith("W/"):
        raise Outdated  # a weak tag never matches here (RFC 9110, 13.1.1)
    tag = wanted.strip('"')
    number = tag.partition("-")[0]  # a move is made on a version; the rest is its reader's
    if wanted != f'"{tag}"' or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Malformed(N_('If-Match must hold the ETag of the record, for example "7".'))
    return int(number)


def unchanged(request: Request, tag: str, language: str) -> Response | None:
    """304 where the client has this answer already."""
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if tag not in known and "*" not in known:
        return None
    about = {"ETag": tag, "Content-Language": language, "Vary": VARY, "Cache-Control": "private, no-cache"}
    return Response(status_code=304, headers=about)


VARY = "Accept-Language, Authorization, Cookie, Sapat-Person"


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
