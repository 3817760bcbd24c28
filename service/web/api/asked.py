"""One request: who asks, what the address asks for, what the body says; and the use-case that answers it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar

import sqlalchemy as sa
from fastapi import Request, Response

from service.accounts.proving import prove
from service.idempotency import Answered, once
from service.organisation import organisation
from service.resolve import resolve
from service.signing import Proof
from service.web.api.answer import answer
from service.web.api.refusals import NotJson, TooLarge
from service.web.site import Visitor, identify, signed_in, site, visitor
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
    fields = list(fields)
    values = parse_given(fields, request.query_params)
    # Signs that nobody sees are taken out of what is typed: a word of nothing else is none of the answers.
    unseen = [one.name for one in fields if one.kind == "choice" and one.name in request.query_params]
    if lost := [name for name in unseen if values[name] is None]:
        raise Incomplete(dict.fromkeys(lost, N_("Choose one of the answers.")))
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


def signature(told: dict[str, Any]) -> dict[str, str]:
    """What proves who signs, and what they saw, taken out of the body: neither kept nor compared. Raises Incomplete."""
    secrets = told.pop("signature", {})
    if not isinstance(secrets, dict) or not all(
        name in ("password", "passkey", "content") and isinstance(value, str) for name, value in secrets.items()
    ):
        raise Incomplete({"signature": N_("Give a password, or what a passkey answered.")})
    return secrets


async def proven(request: Request, secrets: Mapping[str, str]) -> Proof:
    """The proof of whoever asks, for a signature. Raises SignedOut, and what `prove` raises."""
    here = site(request)
    return await prove(here, await signed_in(request, await visitor(request)), secrets)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def strict(fields: Iterable[Field], given: Mapping[str, Any]) -> None:
    """Raise Incomplete where JSON types are not those that are asked for, or something is not asked for at all.

    Forms send numbers and lists as words and leave out nothing; a program that does so is mistaken.
    """
    declared = {field.name: field for field in fields}
    errors = {name: N_("This is not asked for here.") for name in given if name not in declared}
    for name, field in declared.items():
        if field.kind in ("number", "part") and isinstance(given.get(name), str):
            errors[name] = N_("Give a whole number, 0 or more.")
        if field.kind in _OF and given.get(name) is not None and not _is_list(given[name], _OF[field.kind]):
            errors[name] = N_("Give a list.")
        if field.kind == "flag" and not isinstance(given.get(name), bool | None):
            errors[name] = N_("Give true or false.")
    if not errors:
        return
    try:
        parse_given(declared.values(), given)
    except Incomplete as incomplete:
        errors = {**incomplete.errors, **errors}
    raise Incomplete(errors)


# What the lists hold that a field takes.
_OF: Final[Mapping[str, type]] = {"people": str, "records": str, "parts": int}


def _is_list(value: Any, of: type) -> bool:
    """Whether it is a list of such; what is empty is none."""
    return isinstance(value, list) and all(type(one) is of and str(one).strip() != "" for one in value)
