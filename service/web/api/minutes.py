"""The minutes of a sitting while it lasts: one thing that is typed, kept at once, answered with what it comes to."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from service.idempotency import Answered
from service.reading.records import find_record, read_record
from service.reading.sittings import Numbers, count
from service.taking_down import FIELDS, Typed, take_down
from service.web.api import schemas
from service.web.api.asked import Asked, body, idempotently, strict
from service.web.api.describe import KEY, operation
from service.web.api.shapes import Shape
from states.refusals import Incomplete
from states.text import N_

router = APIRouter(prefix="/api", tags=["sittings"])
Id = Annotated[str, Path(description="Its identifier or its code.")]

_ABOUT: Final = {
    "agenda_item": "Fields of the item `no`.",
    "attendee": "Presence or proxy of the member `no`; without a number the presence of all of whom nothing is said.",
    "ballot": "A vote by name: `item`, `person`, `vote`; without a person of all who have not voted.",
    "instruction": "Fields of the instruction `no`; without a number a new one.",
}

_ASKED: Final = frozenset({"part", "no", "values", "was", "removes"})


def _sends() -> schemas.Schema:
    """What is typed, by part."""
    return {"oneOf": [_one(part) for part in FIELDS]}


def _one(part: str) -> schemas.Schema:
    values = {**schemas.form(FIELDS[part]), "minProperties": 1}
    values.pop("required", None)
    numbered = part != "ballot"
    removes = {"type": "boolean", "description": "Takes the instruction away; then there are no values."}
    return {
        "type": "object",
        "description": _ABOUT[part],
        "properties": {
            "part": {"type": "string", "enum": [part]},
            "values": values,
            **({"no": {"type": "integer", "minimum": 1, "maximum": 999_999}} if numbered else {}),
            **({"was": {**values, "description": "What stood there when the typing began."}} if numbered else {}),
            **({"removes": removes} if part == "instruction" else {}),
        },
        "required": ["part"] if part == "instruction" else ["part", "no"] if part == "agenda_item" else ["part"],
        "additionalProperties": False,
    }


class CountedItem(Shape):
    """How an item stands: its votes, how many in favour carry it, and whether nothing in it hinders closing."""

    no: int
    votes_for: int
    votes_against: int
    votes_abstained: int
    needed: int
    carried: bool
    done: bool


class Kept(Shape):
    """What was kept: the number of its row, and how the sitting stands now."""

    no: int | None
    members: int
    present: int
    voices: int
    needed: int
    quorum: bool
    items: list[CountedItem]


@router.post(
    "/sittings/{record:path}/minutes",
    **operation(
        "type_minutes",
        "Keep something typed into the minutes of a sitting",
        Kept,
        headers=[KEY],
        sends=_sends(),
        refuses=[404, 409],
    ),
)
async def minutes(request: Request, record: Id) -> Response:
    """Empty is nothing. With `was`, whoever typed over somebody else's words is told (409) and nothing is written."""
    told = await body(request)
    typed = _typed(told)

    def write(asked: Asked) -> Answered:
        connection, who = asked.connection, asked.who
        record_id = find_record(connection, record, who.actor, who.now, "sitting")
        no = take_down(connection, record_id, typed, who.actor, who.now)
        view = read_record(connection, record_id, who.actor, who.now)
        return Answered(200, {"no": no, **_numbers(count(view.subject.fields, view.parts))})

    return await idempotently(request, told, write)


def _typed(told: dict[str, Any]) -> Typed:
    """What was sent. Raises Incomplete."""
    part, no, removes = told.get("part"), told.get("no"), told.get("removes", False)
    errors = {name: N_("This is not asked for here.") for name in told.keys() - _ASKED}
    if part not in FIELDS:
        errors["part"] = N_("Choose one of the answers.")
    if no is not None and not (type(no) is int and 0 < no < 1_000_000):
        errors["no"] = N_("Give a whole number, 0 or more.")
    if not isinstance(removes, bool):
        errors["removes"] = N_("Give true or false.")
    for name in ("values", "was"):
        if not isinstance(told.get(name, {}), dict):
            errors[name] = N_("This is not of the kind that is asked for.")
    if errors:
        raise Incomplete(errors)
    values, was = told.get("values", {}), told.get("was")
    for given in (values, was or {}):
        strict([one for one in FIELDS[str(part)] if one.name in given], given)
    return Typed(str(part), values, no, was, removes)


def _numbers(numbers: Numbers) -> dict[str, Any]:
    there = numbers.assembly
    return {
        "members": there.members,
        "present": there.present,
        "voices": there.voices,
        "needed": numbers.needed,
        "quorum": numbers.quorate,
        "items": [
            {
                "no": one.no,
                "votes_for": one.votes.in_favour,
                "votes_against": one.votes.against,
                "votes_abstained": one.votes.abstained,
                "needed": one.needed,
                "carried": one.carried,
                "done": not one.hindrances,
            }
            for one in numbers.items
        ],
    }
