"""The year's plan of periodic reviews: by month and process as a picture, then the rows; as a file too."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from service.exporting import Cell, Column
from service.language import say
from service.organisation import organisation
from service.pictures.year import MONTHS, Tone, YearRow, year_picture
from service.pictures.year import Cell as YearCell
from service.reading.reviews import Review, Standing, counted, reviews_in
from service.web.pages.addresses import asked_for, identifier, link
from service.web.pages.exported import exports
from service.web.pages.exports import Listed, answered
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short, sort_key
from states.refusals import Malformed
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/reviews"
NAMES: Final = ("year", "campus", "month", "process", "show")
NO_PROCESS: Final = "-"  # in addresses: documents of no process
_TONES: Final[Mapping[Standing, Tone]] = {Standing.LATE: "late", Standing.DUE: "waiting", Standing.DONE: "good"}
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
Asked = Mapping[str, str]


@router.get(PATH)
async def plan(request: Request, who: Who) -> Response:
    """The plan of `?year=`, of one `campus` perhaps; the rows of a month, a process, or of those late, due or done."""
    asked, language = asked_for(request, *NAMES), who.language
    year = _year(asked, who)

    def read(connection: sa.Connection) -> dict[str, Any]:
        every = _of_year(connection, asked, who)
        rows = _narrowed(every, asked)
        units = organisation(connection).units.values()
        campuses = [unit for unit in units if unit.is_campus and not unit.closed_on]
        standings = Counter(one.standing for one in every)
        of_year = {name: value for name, value in asked.items() if name in ("year", "campus")}
        return {
            "year": year,
            "around": [{"href": link(PATH, asked, year=str(one)), "label": str(one)} for one in (year - 1, year + 1)],
            "campuses": [
                {
                    "href": link(PATH, asked, campus=str(unit.id) if unit else None),
                    "label": heading(unit.name, language) if unit else say(_ALL_CAMPUSES, language),
                    "current": asked.get("campus", "") == (str(unit.id) if unit else ""),
                }
                for unit in (None, *campuses)
            ]
            if len(campuses) > 1
            else [],
            "tiles": [
                {
                    "label": say(_STANDS[one], language),
                    "number": standings[one],
                    "href": link(PATH, of_year, show=one.value) + "#rows",
                    "tone": _TONES[one],
                }
                for one in (Standing.LATE, Standing.DUE, Standing.DONE)
            ],
            "picture": _picture(every, of_year, year, language) if every else None,
            "months": [
                {"key": str(month), "label": _ROMAN[month - 1], "number": True} for month in range(1, MONTHS + 1)
            ],
            "table_rows": _table(every, language),
            "rows": [_line(one, language) for one in rows],
            "narrowed": len(asked.keys() & {"month", "process", "show"}) > 0,
            "all_href": link(PATH, of_year) + "#rows",
            "exports": exports("/exports/reviews", asked),
        }

    return await show(request, who, "reviews.html", read)


@router.get("/exports/reviews.{ending}")
async def export(request: Request, who: Who, here: Here, ending: str) -> Response:
    """The same rows as a file."""
    asked = asked_for(request, *NAMES)
    _year(asked, who)

    def read(connection: sa.Connection) -> Listed:
        rows = _narrowed(_of_year(connection, asked, who), asked)
        return Listed(say(_PLAN, who.language), _columns(who.language), _cells(rows, who.language))

    return await answered(here, who, ending, read)


def _year(asked: Asked, who: Visitor) -> int:
    """The year asked for, else this one. Raises Malformed."""
    said = asked.get("year") or str(today(who.now).year)
    if not (said.isascii() and said.isdigit() and 1990 <= int(said) <= 2999):
        raise Malformed
    return int(said)


def _of_year(connection: sa.Connection, asked: Asked, who: Visitor) -> list[Review]:
    return reviews_in(connection, who.actor, who.now, _year(asked, who), identifier(asked.get("campus")))


def _narrowed(every: Sequence[Review], asked: Asked) -> list[Review]:
    month, process, shows = asked.get("month"), asked.get("process"), asked.get("show")
    return [
        one
        for one in every
        if (not month or str(one.month) == month)
        and (not process or (one.process or NO_PROCESS) == process)
        and (not shows or one.standing.value == shows)
    ]


def _picture(every: Sequence[Review], of_year: Asked, year: int, language: str) -> Markup:
    cells = counted(every)
    rows = []
    for process, name in _processes(every, language):
        by_month = {}
        for month in range(1, MONTHS + 1):
            if count := cells.get((process, month)):
                before = f"{name}, {_month(year, month)}"
                there = {**of_year, "month": str(month), "process": process or NO_PROCESS}
                by_month[month] = [
                    YearCell(
                        count[one],
                        _TONES[one],
                        f"{before}: {_counts({one: count[one]}, language)}",
                        link(PATH, there, show=one.value) + "#rows",
                    )
                    for one in _TONES
                    if count[one]
                ]
        rows.append(YearRow(name, by_month))
    title = say(_PLAN_OF, language, {"year": str(year)})
    # Drawn from numbers and names, each escaped where it is written.
    return Markup(year_picture("reviews", title, _ROMAN, rows, language))  # noqa: S704 - drawn by us, its words escaped there


def _table(every: Sequence[Review], language: str) -> list[dict[str, Any]]:
    """The picture's twin, for whoever prefers to read."""
    cells = counted(every)
    return [
        {
            "process": name,
            **{
                str(month): _counts(count, language) if (count := cells.get((process, month))) else None
                for month in range(1, MONTHS + 1)
            },
        }
        for process, name in _processes(every, language)
    ]


def _processes(every: Sequence[Review], language: str) -> list[tuple[str, str]]:
    names = {one.process: f"{one.process} {one.process_name}".strip() or say(_NONE, language) for one in every}
    return sorted(names.items(), key=lambda pair: (not pair[0], sort_key(pair[0])))


def _counts(count: Mapping[Standing, int], language: str) -> str:
    return ", ".join(f"{say(_STANDS[one], language)} {count[one]}" for one in _STANDS if count.get(one))


def _month(year: int, month: int) -> str:
    return f"{date(year, month, 1):%m.%Y}"


def _line(one: Review, language: str) -> dict[str, Any]:
    day = {"text": day_short(one.day, language)}
    if one.until:
        day["note"] = say(_UNTIL, language, {"day": day_short(one.until, language)})
    return {
        "title": {"code": one.code, "text": one.title, "href": f"/revisions/{one.record_id}/review"},
        "process": one.process or None,
        "day": day,
        "standing": {"text": say(_STANDS[one.standing], language), "tone": _TONES[one.standing]},
        "earliest": day_short(one.earliest, language) if one.earliest else None,
        "owner": heading(one.owner, language) if one.owner else None,
    }


def _columns(language: str) -> list[Column]:
    names = ((_CODE, 16), (_TITLE, 40), (_PROCESS, 12))
    texts = [Column(say(name, language), "text", width) for name, width in names]
    days = [Column(say(name, language), "date", 14) for name in (_DAY, _TASK_DUE, _EARLIEST)]
    return [*texts, *days, Column(say(_STATE, language), "text", 12), Column(say(_OWNER, language), "text", 30)]


def _cells(rows: Sequence[Review], language: str) -> Iterator[Sequence[Cell]]:
    for one in rows:
        owner = heading(one.owner, language) if one.owner else None
        days = (one.day, one.until, one.earliest)
        yield one.code, one.title, one.process, *days, say(_STANDS[one.standing], language), owner


_STANDS = {Standing.LATE: N_("late"), Standing.DUE: N_("planned"), Standing.DONE: N_("done")}
_PLAN, _PLAN_OF = N_("Periodic reviews"), N_("Periodic reviews of %(year)s by month and process")
_ALL_CAMPUSES, _NONE, _UNTIL = N_("All campuses"), N_("without a process"), N_("open, due %(day)s")
_CODE, _TITLE, _PROCESS = N_("Code"), N_("Title"), N_("Process")
_DAY, _TASK_DUE, _EARLIEST = N_("Day"), N_("Task due"), N_("Not before")
_STATE, _OWNER = N_("State"), N_("Owner")
