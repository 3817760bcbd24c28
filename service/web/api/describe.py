"""How an endpoint describes itself in the OpenAPI document."""

from collections.abc import Iterable
from typing import Any

from fastapi import Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from pydantic import BaseModel

from service.web.api import schemas
from service.web.api.answer import Answer
from service.web.site import PERSON
from states.lifecycle import Field

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}

# Only named here: who asks is found out on the connection on which the request is answered. One endpoint depends on
# them, so that the description knows them; the others name them.
_header = APIKeyHeader(name="Sapat-Person", auto_error=False, description="In a demonstration: who asks, by code.")
_cookie = APIKeyCookie(
    scheme_name="Session", name="sapat_session", auto_error=False, description="What signing in to the pages sets."
)
_token = HTTPBearer(scheme_name="Token", auto_error=False, description="A token that somebody made for a program.")
_chosen = APIKeyCookie(name=PERSON, auto_error=False, description="In a demonstration: what choosing a person sets.")
SOMEBODY = [Security(_token), Security(_cookie), Security(_header), Security(_chosen)]
_NAMED: list[dict[str, list[str]]] = [{"Token": []}, {"Session": []}, {"APIKeyHeader": []}, {"APIKeyCookie": []}]

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request within a day: done once, answered again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that the record had when it was read: the move is made on that version or not at all.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"7"']},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the version known already: answered by 304 while it is the present one.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}


def operation(
    name: str,
    summary: str,
    answers: type[BaseModel] | None,
    *,
    status: int = 200,
    asks: Iterable[Field] = (),
    headers: Iterable[dict[str, Any]] = (),
    sends: dict[str, Any] | None = None,
    refuses: Iterable[int] = (),
    somebody: bool = True,
    more: dict[int, Any] | None = None,
) -> dict[str, Any]:
    """What `add_api_route` wants to know. `refuses` are statuses besides 401, 403 and 422."""
    extra: dict[str, Any] = {"parameters": [*schemas.parameters(asks), *headers]}
    wrong = [401, 403, *refuses] if somebody else [*refuses]
    if somebody:
        extra["security"] = _NAMED
    if sends is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": sends}}}
        wrong += [400, 413, 415]
    if any(field.name == "cursor" for field in asks):
        wrong.append(400)
    described: dict[Any, Any] = {status: {"model": answers, "description": "What was asked for."}} if answers else {}
    described |= more or {}
    described |= {code: {"description": _REFUSED[code], **PROBLEM} for code in sorted({*wrong, 422})}
    return {
        "operation_id": name,
        "summary": summary,
        "status_code": status,
        "responses": described,
        "openapi_extra": extra,
        "response_class": Answer,
    }


_REFUSED = {
    400: "The request cannot be understood.",
    401: "Nobody asks.",
    403: "Not theirs to do.",
    404: "There is no such thing.",
    409: "Not in this state, or it exists already.",
    412: "The record has another version by now.",
    413: "More than 1 MB.",
    415: "Not JSON.",
    422: "Something is missing or not right, or a condition does not hold.",
}
