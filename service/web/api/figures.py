"""Figures of what was found and what was done, for programs: the same numbers as the pages draw."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from service.organisation import organisation
from service.reading.figures import AGES, Figures
from service.web.api import views
from service.web.api.answer import answer
from service.web.api.asked import Asked, found, query, reading
from service.web.api.describe import operation
from service.web.api.exports import PLACES
from service.web.api.shapes import Named, Shape
from service.web.pages.figures import kind_of, kinds, scope
from service.web.pages.figures_drawn import FIGURES

router = APIRouter(prefix="/api", tags=["figures"])

_COLLECTIONS: Final[dict[str, Any]] = {"enum": [one.collection for one in kinds()]}


class Age(Shape):
    """How many are open that were opened `least` to `most` days ago (null: longer)."""

    least: int
    most: int | None
    count: int


class MonthOf(Shape):
    """What was opened and closed from a day to a day of one month, and what was open at its end."""

    since: date
    until: date
    opened: int
    closed: int
    open: int


class TimeInStep(Shape):
    """Of those that left a step in these days: half did within `median` working days, nine of ten within `p90`."""

    step: str
    label: str
    count: int
    median: int
    p90: int


class KeptIn(Shape):
    """How many of how many kept their date; `unit` null: of no unit."""

    unit: Named | None
    kept: int
    count: int


class CauseOf(Shape):
    """How many have a root cause of a kind: `cause` is an edition/code, null where none was said yet."""

    cause: str | None
    name: str | None
    count: int


class FiguresOf(Shape):
    """Over some days, both included: as far as whoever asks may read it. Where a figure does not apply it is null.

    `kept` counts by the date that held in the end, `kept_first` by the first one; `causes_top` by what kinds of causes
    stand under. The ages are those of today, whatever days are asked for.
    """

    collection: str
    since: date
    until: date
    ageing: list[Age]
    over_time: list[MonthOf]
    steps: list[TimeInStep]
    kept: list[KeptIn]
    kept_first: list[KeptIn]
    causes_top: list[CauseOf] | None
    causes: list[CauseOf] | None


@router.get(
    "/figures/{collection}",
    **operation("read_figures", "Read figures", FiguresOf, asks=PLACES, refuses=[400, 404]),
)
async def figures(
    request: Request,
    collection: Annotated[str, Path(description="Of which records.", json_schema_extra=_COLLECTIONS)],
) -> Response:
    """Over the last twelve months, where no days are said; each number is one of the page `/figures`."""
    one, asks = kind_of(collection), query(request, PLACES)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        of = scope(connection, one, who, **found(asked, PLACES, asks))
        counted = Figures(connection, who.actor, who.now, of)
        has_causes = FIGURES["causes"][1](one)
        content = {
            "collection": one.collection,
            "since": of.since,
            "until": of.until,
            "ageing": _ages(counted.ageing()),
            "over_time": [
                {
                    "since": month.days.since,
                    "until": month.days.until,
                    "opened": month.opened,
                    "closed": month.closed,
                    "open": month.stock,
                }
                for month in counted.over_time()
            ],
            "steps": [
                {
                    "step": took.step,
                    "label": one.steps[took.step].label.into(who.language),
                    **{name: getattr(took, name) for name in ("count", "median", "p90")},
                }
                for took in counted.steps()
            ],
            "kept": _kept(asked, counted, first=False),
            "kept_first": _kept(asked, counted, first=True),
            "causes_top": _causes(asked, counted, top=True) if has_causes else None,
            "causes": _causes(asked, counted, top=False) if has_causes else None,
        }
        return answer(content, who.language)

    return await reading(request, read)


def _ages(counts: Sequence[int]) -> list[dict[str, Any]]:
    bounds = [0, *(most + 1 for most in AGES)]
    return [
        {"least": least, "most": most, "count": count}
        for least, most, count in zip(bounds, (*AGES, None), counts, strict=True)
    ]


def _kept(asked: Asked, counted: Figures, *, first: bool) -> list[dict[str, Any]]:
    units = organisation(asked.connection).units
    return [
        {
            "unit": views.named(units[unit], asked.who.language) if unit else None,
            "kept": kept,
            "count": count,
        }
        for unit, kept, count in counted.on_time(first=first)
    ]


def _causes(asked: Asked, counted: Figures, *, top: bool) -> list[dict[str, Any]]:
    found_causes = []
    for value, count in counted.causes(top=top):
        entry = counted.catalogue.find(value)
        name = entry.name.into(asked.who.language) if entry else None
        found_causes.append({"cause": value, "name": name, "count": count})
    return found_causes
