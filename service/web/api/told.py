"""What I was told, and asking whoever has a task to do it."""

from datetime import UTC
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.idempotency import Answered
from service.nudging import WORDS, nudge
from service.organisation import organisation
from service.reading.told import WAYS, ToldView, list_told, rung_in_words
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, idempotently, query, reading, strict
from service.web.api.describe import KEY, operation
from service.web.api.telling import Nudged, Telling
from states.lifecycle import Choice, Field
from states.text import Text

router = APIRouter(prefix="/api", tags=["me"])

_WAYS = {
    "mail": Text("өзүнчө кат менен", "отдельным письмом", "by a mail of its own"),
    "digest": Text("жыйынды кат менен", "в сводке", "in a digest"),
    "page": Text("баракта гана", "только на странице", "on the page only"),
}
FILTERS = (
    Field(
        "way",
        Text("Кандай жол менен", "Каким путём", "By which way"),
        "choice",
        required=False,
        choices=tuple(Choice(way, _WAYS[way]) for way in WAYS),
    ),
    *PAGING,
)


@router.get("/me/told", **operation("my_notices", "What I was told", schemas.listed(Telling), asks=FILTERS))
async def told(request: Request) -> Response:
    """My notices, the newest first: what, by which way, and what became of it. Of records that I may still read."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        who = asked.who
        page = list_told(
            asked.connection, who.actor, who.now, way=asks["way"], cursor=asks["cursor"], limit=asks["limit"] or 50
        )
        return answer(listed(page, lambda one: _view(one, who.language)), who.language)

    return await reading(request, read)


@router.post(
    "/tasks/{task}/nudge",
    tags=["tasks"],
    **operation(
        "nudge",
        "Ask whoever has a task to do it",
        Nudged,
        status=201,
        headers=[KEY],
        sends=schemas.form((WORDS,)),
        refuses=[404, 409],
    ),
)
async def ask(request: Request, task: UUID) -> Response:
    """By the quality specialist, the vice-rector, the rector, the record's owner or the holder's head; once a day."""
    given = await body(request)
    strict((WORDS,), given)

    def write(asked: Asked) -> Answered:
        who, snapshot = asked.who, organisation(asked.connection)
        done = nudge(asked.connection, task, who.actor, who.now, given.get("words") or "")
        at = done.at.astimezone(UTC).isoformat()
        people = [views.named(snapshot.people[one], who.language) for one in done.told]
        return Answered(201, {"task": task, "told": people, "at": at, "words": done.words or None})

    return await idempotently(request, given, write)


def _view(one: ToldView, language: str) -> dict[str, Any]:
    task = one.step.task if one.step else None
    return {
        "key": one.key,
        "message": one.message,
        "record": views.about(one.lifecycle, one.record_id, one.code, one.title),
        "step": one.step.name if one.step else None,
        "task": task.into(language) if task else None,
        "happened": one.move.into(language) if one.move else None,
        "asked_by": one.by.into(language) if one.by else None,
        "words": one.nudge.words or None if one.nudge else None,
        "rung": one.rung,
        "part": one.part.value if one.part else None,
        "rung_label": rung_in_words(one.rung, one.part, language) if one.rung is not None else None,
        "missed": one.missed,
        "at": one.at,
        "way": one.way,
        "state": one.state,
        "sent_at": one.sent_at,
        "waits_until": one.waits_until,
        "why": one.why(language) or None,
    }
