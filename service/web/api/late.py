"""The board of what is late at the university."""

from fastapi import APIRouter, Request, Response

from service.reading.tasks import late_board
from service.web.api import schemas, shapes, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, found, query, reading
from service.web.api.describe import operation
from states.lifecycle import Choice, Field
from states.registry import lifecycles
from states.text import Text

router = APIRouter(prefix="/api", tags=["late"])

_KINDS = tuple(Choice(one.name, one.label) for one in lifecycles().values())
FILTERS = (
    Field("lifecycle", Text("Түрү", "Вид", "Lifecycle"), "choice", required=False, choices=_KINDS),
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    Field("holder", Text("Аткаруучу", "Исполнитель", "Who has the task"), "post", required=False),
    *PAGING,
)


@router.get("/late", **operation("late", "What is late", schemas.listed(shapes.Task), asks=FILTERS))
async def late(request: Request) -> Response:
    """Tasks past their deadline, the longest first."""
    asks = query(request, FILTERS)

    def read(asked: Asked) -> Response:
        wanted, who = found(asked, FILTERS, asks), asked.who
        page = late_board(
            asked.connection,
            who.now,
            lifecycle_name=wanted["lifecycle"],
            unit_id=wanted["unit"],
            post_id=wanted["holder"],
            cursor=wanted["cursor"],
            limit=wanted["limit"] or 50,
        )
        return answer(listed(page, lambda one: views.task(one, who.language)), who.language)

    return await reading(request, read)
