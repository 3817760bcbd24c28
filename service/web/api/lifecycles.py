"""The lifecycles themselves: their declarations as JSON, and as pictures."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service.language import say
from service.order_fields import described
from service.web.api import registered, schemas, views
from service.web.api.answer import VARY, answer
from service.web.api.asked import query
from service.web.api.describe import operation
from service.web.site import language_of
from states.drawing import mermaid, svg
from states.lifecycle import Choice, Field, Lifecycle, Move, Part, Rung, Step
from states.registry import lifecycle, lifecycles
from states.text import Text

router = APIRouter(prefix="/api", tags=["lifecycles"])


class Declared(registered.LifecycleDeclaration):
    """A lifecycle as it is declared, with what its records have several of: `given` of each is JSON Schema."""

    parts: list[dict[str, Any]]


_FORMATS = tuple(Choice(name, Text(name, name, name)) for name in ("json", "svg", "mermaid"))
_FORMAT = (Field("format", Text("Түрү", "Формат", "Format"), "choice", required=False, choices=_FORMATS),)


@router.get(
    "/lifecycles",
    **operation("list_lifecycles", "List the lifecycles", schemas.listed(registered.LifecycleRow), somebody=False),
)
async def all_of_them(request: Request) -> Response:
    """Every lifecycle there is."""
    language = language_of(request)
    items = [_row(one, language) for one in lifecycles().values()]
    return answer({"items": items, "next": None, "total": len(items)}, language)


@router.get(
    "/lifecycles/{name}",
    **operation(
        "read_lifecycle",
        "Read a lifecycle",
        Declared,
        somebody=False,
        asks=_FORMAT,
        refuses=[404],
    ),
)
async def one_of_them(request: Request, name: str) -> Response:
    """Its declaration: steps with owner and deadline, moves with who may make them and what they record."""
    form = query(request, _FORMAT)["format"]
    language, one = language_of(request), lifecycle(name)
    if form == "svg":
        return Response(svg(one, language, standalone=True), media_type="image/svg+xml", headers={"Vary": VARY})
    if form == "mermaid":
        return Response(mermaid(one, language), media_type="text/vnd.mermaid", headers={"Vary": VARY})
    return answer(_declared(one, language), language)


def _row(one: Lifecycle, language: str) -> dict[str, Any]:
    return {
        "code": one.name,
        "name": one.label.into(language),
        "collection": one.collection,
        "child_of": one.child_of or None,
        "links": {"self": f"/api/lifecycles/{one.name}", "records": f"/api/{one.collection}"},
    }


def _declared(one: Lifecycle, language: str) -> dict[str, Any]:
    return {
        **_row(one, language),
        "initial": one.initial,
        "prefix": one.prefix or None,
        "opens": schemas.form(one.opens, language),
        "opened_by": _roles(one.opened_by, language),
        "steps": [_step(step, language) for step in one.steps.values()],
        "moves": [_move(move, language) for move in one.moves.values()],
        "parts": [_part(part, language) for part in one.parts.values()],
    }


def _part(part: Part, language: str) -> dict[str, Any]:
    return {
        "name": part.name,
        "label": part.label.into(language),
        "plural": part.plural.into(language),
        "given": schemas.form(part.fields, language),
    }


def _step(step: Step, language: str) -> dict[str, Any]:
    rungs = [*step.ladder.rungs, step.ladder.again] if step.ladder else []
    return {
        "name": step.name,
        "label": step.label.into(language),
        "kind": step.kind.value,
        "owner": _roles([step.owner], language)[0] if step.owner else None,
        "task": step.task.into(language) if step.task else None,
        "deadline": {"working_days": step.deadline.days, "on": step.deadline.on or None} if step.deadline else None,
        "ladder": [_rung(rung, language) for rung in rungs],
        "wake": {"on": step.wake.on, "move": step.wake.move} if step.wake else None,
    }


def _rung(rung: Rung, language: str) -> dict[str, Any]:
    return {"working_days": rung.days, "to": _roles(rung.to, language), "channel": rung.channel.value}


def _move(move: Move, language: str) -> dict[str, Any]:
    return {
        "name": move.name,
        "label": move.label.into(language),
        "tone": move.tone.value,
        "from": list(move.sources),
        "to": [way.to for way in move.ways],
        "by": _roles(move.by, language),
        "never_by": _roles(move.never_by, language),
        "given": schemas.form(described(move), language),
        "guards": [
            {"says": say(guard.says, language), "next_step": say(guard.next_step, language)} for guard in move.guards
        ],
        "tells": _roles(move.tells, language),
        "decision": move.decision or None,
        "part": views.of_part(move),
    }


def _roles(roles: Any, language: str) -> list[dict[str, str]]:
    return [{"code": role.value, "name": role.label.into(language)} for role in roles]
