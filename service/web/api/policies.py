"""Deadlines and ladders for programs: the versions, a new one, what it would send; withdrawing, re-planning."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.idempotency import Answered
from service.organisation import organisation
from service.policies.dry_run import dry_run
from service.policies.keeping import LADDER, SAYS, make_policy, read_policy, withdraw_policy
from service.policies.reading import list_versions, read_version
from service.policies.replan import preview_replan, replan
from service.policies.scope import LIFECYCLE, SCOPE, STEP, Scope, read_scope
from service.web.api import schemas
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, idempotently, query, reading, strict, writing
from service.web.api.describe import KEY, operation
from service.web.api.policies_shapes import LADDER_SCHEMA, PolicyVersion, Replanned, Tried, replanned, tried, version
from states.lifecycle import Field
from states.policies import MOST_DAYS
from states.refusals import Incomplete
from states.text import N_, Text

router = APIRouter(prefix="/api", tags=["policies"])


SEEN: Final = Field(
    "seen", Text("Каралган", "Просмотренное", "What was seen: `seen` of the look"), "line", required=False
)
_TRIES: Final = (*SCOPE, *(replace(field, required=False) for field in SAYS))
_MAKES: Final = (*SCOPE, *SAYS)
_REPLANS: Final = (*SCOPE, SEEN)
FILTERS: Final = (replace(LIFECYCLE, required=False), replace(STEP, required=False), *PAGING)


def _sends(fields: tuple[Field, ...]) -> dict[str, Any]:
    form = schemas.form(fields)
    days = {
        "title": "How many days",
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_DAYS}, {"type": "null"}],
    }
    return {**form, "properties": {**form["properties"], "days": days, LADDER: LADDER_SCHEMA}}


@router.get(
    "/policies",
    **operation(
        "list_policies", "List the versions of deadlines and ladders", schemas.listed(PolicyVersion), asks=FILTERS
    ),
)
async def policies(request: Request) -> Response:
    """Every version, the newest made first."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        snapshot, who = organisation(asked.connection), asked.who
        page = list_versions(
            asked.connection,
            who.now,
            lifecycle_name=asks["lifecycle"],
            step=asks["step"],
            cursor=asks["cursor"],
            limit=asks["limit"] or 50,
        )
        return answer(listed(page, lambda one: version(one, snapshot, who.language)), who.language)

    return await reading(request, read)


@router.post(
    "/policies",
    **operation("make_policy", "Make a version", PolicyVersion, status=201, headers=[KEY], sends=_sends(_MAKES)),
)
async def make(request: Request) -> Response:
    """A new version, by the quality specialist. Neither days nor ladder: as declared again."""
    given = await body(request)
    _strict(_MAKES, given)

    def write(asked: Asked) -> Answered:
        connection, who = asked.connection, asked.who
        policy_id = make_policy(connection, given, who.actor, who.now)
        made = read_version(connection, policy_id, who.now)
        content = version(made, organisation(connection), who.language)
        return Answered(201, content, {"Location": f"/api/policies?lifecycle={made.policy.lifecycle}"})

    return await idempotently(request, given, write)


@router.post(
    "/policies/dry-run",
    **operation("try_policy", "Try a version out", Tried, sends=_sends(_TRIES)),
)
async def try_out(request: Request) -> Response:
    """What it would have sent in the last 30 days and will send in the next 30; nothing is written."""
    given = await body(request)
    _strict(_TRIES, given)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        proposed = read_policy(connection, given, who.actor, who.now, trying=True)
        found = dry_run(connection, proposed, who.actor, who.now)
        return answer(tried(found, organisation(connection), who.language), who.language)

    return await reading(request, read)


@router.delete(
    "/policies/{policy}",
    **operation("withdraw_policy", "Withdraw a version that has not begun", None, status=204, refuses=[404]),
)
async def withdraw(request: Request, policy: UUID) -> Response:
    """It will not come to hold."""

    def write(asked: Asked) -> Response:
        withdraw_policy(asked.connection, policy, asked.who.actor, asked.who.now)
        return Response(status_code=204)

    return await writing(request, write)


@router.post(
    "/policies/replan",
    **operation("replan", "Re-plan open tasks", Replanned, sends=schemas.form(_REPLANS)),
)
async def plan_again(request: Request) -> Response:
    """Without `seen` only a look at what would change; with what the look gave as `seen`, it is done."""
    given = await body(request)
    _strict(_REPLANS, given)

    def look(asked: Asked) -> Response:
        who, scope = asked.who, _scope(asked, given)
        found = preview_replan(asked.connection, scope, who.actor, who.now)
        return answer(replanned(found, done=False), who.language)

    def write(asked: Asked) -> Response:
        who, scope = asked.who, _scope(asked, given)
        done = replan(asked.connection, scope, given["seen"], who.actor, who.now)
        return answer(replanned(done, done=True), who.language)

    return await (writing(request, write) if given.get("seen") else reading(request, look))


def _scope(asked: Asked, given: Mapping[str, Any]) -> Scope:
    named = {field.name: given.get(field.name) for field in SCOPE}
    return read_scope(organisation(asked.connection), asked.connection, named)


def _strict(fields: Iterable[Field], given: Mapping[str, Any]) -> None:
    """As `strict`, beside the ladder; and what is given is not empty. Raises Incomplete."""
    fields = tuple(fields)
    empty = [name for name, value in given.items() if isinstance(value, str) and not value.strip()]
    if empty:
        raise Incomplete(dict.fromkeys(empty, N_("This is needed.")))
    has_ladder = any(field.name == "days" for field in fields)
    strict(fields, {name: value for name, value in given.items() if name != LADDER or not has_ladder})
