"""One order over several documents: all of them approved in one transaction, or none."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from service.accounts.proving import note_signed
from service.idempotency import Answered
from service.orders import FIELDS, MOST, Seen, approve_all
from service.reading.desk import KIND
from service.reading.records import find_record
from service.web.api import schemas, views
from service.web.api.asked import Asked, body, idempotently, proven, signature, strict
from service.web.api.describe import KEY, operation
from service.web.api.shapes import Moved, Shape
from states.refusals import Incomplete
from states.registry import lifecycle
from states.text import N_

router = APIRouter(prefix="/api", tags=["revisions"])

_LONGEST: Final = 500
_RECORD: Final[schemas.Schema] = {
    "type": "object",
    "properties": {
        "record": {"type": "string", "minLength": 1, "maxLength": _LONGEST, "pattern": r"\S"},
        "version": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        "content": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "required": ["record"],
    "additionalProperties": False,
    "description": "Its identifier or code; the version, and the `content` of what would be signed, as they were read.",
}


def _sends() -> schemas.Schema:
    """An order as it is sent: what the approval records, once; the revisions; what proves who signs."""
    asked = schemas.form(FIELDS)
    proof = {name: one for name, one in schemas.SIGNATURE["properties"].items() if name != "content"}
    return {
        **asked,
        "properties": {
            **asked["properties"],
            "records": {"type": "array", "items": _RECORD, "minItems": 1, "maxItems": MOST},
            "signature": {**schemas.SIGNATURE, "properties": proof},
        },
        "required": [*asked.get("required", []), "records"],
    }


class Ordered(Shape):
    """What an order left behind: each revision, in the order in which they were named."""

    items: list[Moved]


@router.post(
    "/orders",
    **operation(
        "approve_together",
        "Approve several revisions under one order",
        Ordered,
        headers=[KEY],
        sends=_sends(),
        refuses=[404, 409],
    ),
)
async def order(request: Request) -> Response:
    """All or nothing; each is a signature of its own. Where some are refused, `errors` says why, by identifier."""
    told = await body(request)
    secrets = signature(told)
    if "content" in secrets:
        raise Incomplete({"signature": N_("Say what was seen of each record beside it.")})
    given = {name: value for name, value in told.items() if name != "records"}
    strict(FIELDS, given)
    named = _named(told.get("records"))
    proof = await proven(request, secrets)

    def write(asked: Asked) -> Answered:
        connection, who, one = asked.connection, asked.who, lifecycle(KIND)
        ids = [find_record(connection, name, who.actor, who.now, KIND) for name, *_ in named]
        if len(set(ids)) < len(ids):
            raise Incomplete({"records": N_("One of them is named twice.")})
        seen = [Seen(record_id, *how) for record_id, (_, *how) in zip(ids, named, strict=True)]
        moved = approve_all(connection, seen, given, who.actor, who.now, proof)
        note_signed(connection, who.session, who.now)
        items = [
            {
                "id": record_id,
                "state": moved[record_id].state,
                "state_label": one.steps[moved[record_id].state].label.into(who.language),
                "version": moved[record_id].version,
                "links": views.links(one, record_id),
            }
            for record_id in ids
        ]
        return Answered(200, {"items": items})

    return await idempotently(request, told, write)


def _named(records: Any) -> list[tuple[str, Any, Any]]:
    """The revisions with what was seen of them. Raises Incomplete."""
    if not isinstance(records, list) or not 0 < len(records) <= MOST:
        raise Incomplete({"records": N_("Give a list of 1 to 50 records.")})
    if not all(_is_record(one) for one in records):
        raise Incomplete({"records": N_("Each is an object: record, and perhaps version and content.")})
    return [(one["record"].strip(), one.get("version"), one.get("content")) for one in records]


def _is_record(told: Any) -> bool:
    if not isinstance(told, Mapping) or not set(told) <= set(_RECORD["properties"]):
        return False
    name, version, content = told.get("record"), told.get("version", 1), told.get("content", "0" * 64)
    return (
        isinstance(name, str)
        and 0 < len(name.strip()) <= len(name) <= _LONGEST
        and type(version) is int
        and 1 <= version <= 999_999_999
        and isinstance(content, str)
        and len(content) == 64
        and set(content) <= set("0123456789abcdef")
    )
