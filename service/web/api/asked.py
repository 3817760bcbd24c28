"""One request: who asks, what the address asks for, what the body says; and the use-case that answers it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar

import sqlalchemy as sa
from fastapi import Request, Response

from service.idempotency import Answered, once
from service.organisation import organisation
from service.resolve import resolve
from service.web.api.answer import answer
from service.web.api.refusals import NotJson, TooLarge
from service.web.site import Visitor, identify, site
from states.given import parse_given
from states.lifecycle import Choice, Field
from states.refusals import Incomplete, Malformed, SignedOut
from states.text import N_, Text

T = TypeVar("T")

LARGEST_BODY: Final = 1_000_000
MOST: Final = 200

YES_NO: Final = (Choice("true", Text("ооба", "да", "yes")), Choice("false", Text("жок", "нет", "no")))
CURSOR: Final = Field(
    "cursor",
    Text("Кайсы жерден", "С какого места", "Where to begin: the `next` of the page before"),
    "line",
    required=False,
)
LIMIT: Final = Field("limit", Text("Канча", "Сколько", "How many, at most 200"), "number", required=False)
PAGING: Final = (CURSOR, LIMIT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A use-case's view of the request: whoever asks, on the connection on which it runs."""

    connection: sa.Connection
    who: Visitor


async def reading(request: Request, use_case: Callable[[Asked], T]) -> T:
    """Read as whoever asks. Raises SignedOut where nobody does."""
    here = site(request)
    now = here.clock()
    return await here.reading(lambda connection: use_case(_asked(connection, identify(connection, request, now))))


async def writing(request: Request, use_case: Callable[[Asked], T]) -> T:
    """Write as whoever asks, in one transaction. Raises SignedOut where nobody does."""
    here = site(request)
    now = here.clock()
    return await here.writing(lambda connection: use_case(_asked(connection, identify(connection, request, now))))


async def idempotently(request: Request, told: Any, use_case: Callable[[Asked], Answered]) -> Response:
    """Write as whoever asks; with an Idempotency-Key once, however often the request comes."""
    key = request.headers.get("Idempotency-Key")

    def write(asked: Asked) -> tuple[Answered, str]:
        person, language = asked.who.person, asked.who.language
        if key is None or person is None:
            return use_case(asked), language
        what = [request.method, request.url.path, request.headers.get("If-Match"), told]
        return once(asked.connection, person.id, key, what, asked.who.now, lambda: use_case(asked)), language

    done, language = await writing(request, write)
    replayed = {"Idempotent-Replayed": "true"} if done.replayed else {}
    return answer(done.content, language, done.status, {**done.headers, **replayed})


def _asked(connection: sa.Connection, who: Visitor) -> Asked:
    if who.person is None:
        raise SignedOut
    return Asked(connection, who)


def query(request: Request, fields: Iterable[Field]) -> dict[str, Any]:
    """What the address asks for, typed; what it leaves out is None.

    Raises Incomplete, also for what is not known, and for what is empty: a program that forgot a value meant no other.
    """
    empty = [name for name, value in request.query_params.items() if not value.strip()]
    if empty:
        raise Incomplete(dict.fromkeys(empty, N_("This is needed.")))
    values = parse_given(fields, request.query_params)
    if values.get("limit") is not None and not 1 <= values["limit"] <= MOST:
        raise Incomplete({"limit": N_("Give a number from 1 to 200.")})
    return values


def found(asked: Asked, fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the codes of posts, units and processes replaced by identifiers. Raises Incomplete."""
    return resolve(organisation(asked.connection), asked.connection, fields, values)


def flag(value: str | None) -> bool | None:
    """What a yes-or-no filter means."""
    return None if value is None else value == "true"


async def body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises NotJson, TooLarge, Malformed."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson
    sent = bytearray()
    async for piece in request.stream():
        sent += piece
        if len(sent) > LARGEST_BODY:
            raise TooLarge
    try:
        told = json.loads(bytes(sent), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(N_("This is not JSON."), N_("Check the brackets, the quotes and the encoding.")) from error
    if not isinstance(told, dict):
        raise Malformed(N_("The request must be a JSON object."))
    return told


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def strict(fields: Iterable[Field], given: Mapping[str, Any]) -> None:
    """Raise Incomplete where JSON types are not those that are asked for, or something is not asked for at all.

    Forms send numbers as words and leave out nothing; a program that does so is mistaken.
    """
    declared = {field.name: field for field in fields}
    errors = {name: N_("This is not asked for here.") for name in given if name not in declared}
    for name, field in declared.items():
        if field.kind == "number" and isinstance(given.get(name), str):
            errors[name] = N_("Give a whole number, 0 or more.")
    if not errors:
        return
    try:
        parse_given(declared.values(), given)
    except Incomplete as incomplete:
        errors = {**incomplete.errors, **errors}
    raise Incomplete(errors)
