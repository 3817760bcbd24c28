"""The board of what is late at the university, or due soon."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from service.reading.board import BoardRow, board_page
from service.reading.board_told import ToldOf
from service.reading.late import Wanted
from service.web.api import schemas, shapes, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, YES_NO, Asked, flag, found, query, reading
from service.web.api.describe import operation
from states.lifecycle import Choice, Field
from states.registry import lifecycles
from states.text import Text

router = APIRouter(prefix="/api", tags=["late"])

_KINDS = tuple(Choice(one.name, one.label) for one in lifecycles().values())
NARROWING = (
    Field("lifecycle", Text("Түрү", "Вид", "Lifecycle"), "choice", required=False, choices=_KINDS),
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field("holder", Text("Аткаруучу", "Исполнитель", "Who has the task"), "post", required=False),
    Field(
        "soon",
        Text(
            "Кечиккен эмес, жакында бүтө тургандары", "Не просроченные, а скорые", "Those due soon, not the late ones"
        ),
        "choice",
        required=False,
        choices=YES_NO,
    ),
)
FILTERS = (*NARROWING, *PAGING)


class Told(shapes.Shape):
    """One rung that somebody was told, `days` working days from the due day; or that somebody asked (`nudge`).

    Reminders up to the deadline are told together, and so are those past the last rung: `times`, and the last of them.
    """

    kind: Literal["rung", "nudge"]
    part: str
    reader: str
    days: int | None
    at: datetime
    sent_at: datetime | None
    state: Literal["sent", "waiting", "dropped", "page"]
    times: int


class Coming(shapes.Shape):
    """What the ladder says next: to whom, and when."""

    part: str
    readers: list[str]
    at: datetime


class LateTask(shapes.Task):
    """A task of the board: on rung `rung` of `rungs` of its ladder (one more than there are: past the last)."""

    rung: int
    rungs: int
    told: list[Told]
    next: Coming


def wanted_of(wanted: dict[str, Any]) -> Wanted:
    """What the filters ask for."""
    return Wanted(
        kind=wanted["lifecycle"],
        unit=wanted["unit"],
        process=wanted["process"],
        holder=wanted["holder"],
        soon=bool(flag(wanted["soon"])),
    )


@router.get("/late", **operation("late", "What is late, or due soon", schemas.listed(LateTask), asks=FILTERS))
async def late(request: Request) -> Response:
    """Tasks past their deadline, the longest first; or those due within three working days. With who was told."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        wanted, who = found(asked, FILTERS, asks), asked.who
        page = board_page(
            asked.connection,
            who.actor,
            who.now,
            wanted_of(wanted),
            cursor=wanted["cursor"],
            limit=wanted["limit"] or 50,
        )
        return answer(listed(page, lambda one: _view(one, who.language)), who.language)

    return await reading(request, read)


def _view(row: BoardRow, language: str) -> dict[str, Any]:
    rung, rungs = row.rungs
    return {
        **views.task(row.task, language),
        "rung": rung,
        "rungs": rungs,
        "told": [_told(one, language) for one in row.told],
        "next": {
            "part": row.task.next_part.into(language),
            "readers": [name.into(language) for name in row.next_names],
            "at": row.task.next_notice_at,
        },
    }


def _told(one: ToldOf, language: str) -> dict[str, Any]:
    waits = "dropped" if one.dropped else "waiting"
    return {
        "kind": "nudge" if one.nudge else "rung",
        "part": one.part.into(language),
        "reader": one.reader.into(language),
        "days": None if one.nudge else one.days,
        "at": one.at,
        "sent_at": one.sent_at,
        "state": "page" if one.page else "sent" if one.sent_at else waits,
        "times": one.times,
    }
