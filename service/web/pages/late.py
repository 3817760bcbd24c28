"""The board of what is late: what, whose, since when, who was told, and what happens next."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.letters import NOT_SENT
from service.organisation import Organisation, organisation
from service.reading.late import AGES, LateNumbers, late_numbers
from service.reading.tasks import TaskView, Telling, late_board, told
from service.web.pages import wording
from service.web.pages.addresses import active_filters, asked_for, identifier, link
from service.web.pages.frame import show
from service.web.site import Who
from states.kyrgyz import day_short
from states.registry import lifecycle, lifecycles
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/late"
FILTERS = ("kind", "unit", "holder")
MOST_BARS = 8


@router.get(PATH)
async def board(request: Request, who: Who) -> Response:
    """The longest late first."""
    asked, after = asked_for(request, *FILTERS), request.query_params.get("after")

    def read(connection: sa.Connection) -> dict[str, Any]:
        page = late_board(
            connection,
            who.now,
            lifecycle_name=asked.get("kind"),
            unit_id=identifier(asked.get("unit")),
            post_id=identifier(asked.get("holder")),
            cursor=after,
        )
        tellings = told(connection, [task.id for task in page.rows])
        numbers, snapshot = late_numbers(connection, who.now), organisation(connection)
        fields = _filters(numbers, snapshot, asked, who.language)
        return {
            "rows": [_line(task, tellings, who.language) for task in page.rows],
            "numbers": numbers,
            "tiles": _tiles(numbers, asked, who.language),
            "by_unit": _by_unit(numbers, snapshot, asked, who.language),
            "by_age": _by_age(numbers, who.language),
            "fields": fields,
            "active": active_filters(fields, PATH, asked),
            "total": wording.in_all(page.total, who.language),
            "next_href": link(PATH, asked, after=page.next) if page.next else "",
            "first_href": link(PATH, asked) if after else "",
        }

    return await show(request, who, "late.html", read)


def _line(task: TaskView, tellings: list[Telling], language: str) -> dict[str, Any]:
    # One line for each part of the ladder that was told, the last time it was.
    parts = {telling.part: telling for telling in tellings if telling.task_id == task.id}
    people = filter(None, (wording.unless(name, task.holder, language) for name in task.people))
    return {
        "task": {
            "text": wording.heading(task.step.task or task.step.label, language),
            "href": f"/{task.lifecycle.collection}/{task.record_id}",
            "code": task.code,
            "title": task.title,
        },
        "holder": {
            "text": wording.heading(task.holder, language),
            "note": ", ".join(people),
        },
        "due": wording.due(task.due_at, task.days, language),
        "told": [
            {
                "part": wording.heading(telling.part, language),
                "reader": wording.unless(telling.reader, telling.part, language),
                "at": day_short(today(telling.sent_at), language) if telling.sent_at else say(NOT_SENT, language),
            }
            for telling in parts.values()
        ],
        "next": {
            "text": wording.heading(task.next_part, language),
            "note": day_short(today(task.next_notice_at), language),
        },
    }


def _tiles(numbers: LateNumbers, asked: dict[str, str], language: str) -> list[dict[str, Any]]:
    oldest = say(_OLDEST, language, {"days": numbers.oldest}) if numbers.total else ""
    everything = {"label": say(_ALL, language), "number": numbers.total, "href": PATH, "tone": "late", "note": oldest}
    return [
        everything,
        *(
            {
                "label": wording.heading(one.plural, language),
                "number": numbers.lifecycles[one.name],
                "href": link(PATH, asked, kind=one.name),
                "tone": "late" if numbers.lifecycles[one.name] else "good",
            }
            for one in lifecycles().values()
        ),
    ]


def _by_unit(
    numbers: LateNumbers, snapshot: Organisation, asked: dict[str, str], language: str
) -> list[dict[str, Any]]:
    rows = [
        {
            "label": wording.heading(snapshot.units[unit_id].name, language) if unit_id else say(_NO_UNIT, language),
            "number": number,
            "href": link(PATH, asked, unit=str(unit_id)) if unit_id else "",
        }
        for unit_id, number in numbers.units.most_common()
    ]
    shown = rows[: MOST_BARS if len(rows) <= MOST_BARS else MOST_BARS - 1]
    if rest := sum(int(str(row["number"])) for row in rows[len(shown) :]):
        shown.append({"label": say(_OTHER_UNITS, language), "number": rest, "href": ""})
    return shown


def _by_age(numbers: LateNumbers, language: str) -> list[dict[str, Any]]:
    bounds = (0, *AGES)
    labels = [
        say(_BETWEEN, language, {"least": low + 1, "most": high}) for low, high in zip(bounds, AGES, strict=False)
    ]
    labels.append(say(_MORE_THAN, language, {"days": AGES[-1]}))
    return [
        {"label": label, "number": number, "tone": "late" if place else "waiting"}
        for place, (label, number) in enumerate(zip(labels, numbers.ages, strict=True))
    ]


def _filters(
    numbers: LateNumbers, snapshot: Organisation, asked: dict[str, str], language: str
) -> list[dict[str, Any]]:
    choices = {
        "kind": (
            _KIND,
            [(name, lifecycle(name).plural) for name in numbers.lifecycles],
        ),
        "unit": (_UNIT, [(str(unit_id), snapshot.units[unit_id].name) for unit_id in numbers.units if unit_id]),
        "holder": (_HOLDER, [(str(post_id), snapshot.posts[post_id].name) for post_id in numbers.posts]),
    }
    return [
        {
            "name": name,
            "label": say(label, language),
            "value": asked.get(name, ""),
            "choices": sorted(
                ({"value": value, "label": wording.heading(text, language)} for value, text in values),
                key=lambda one: one["label"],
            ),
        }
        for name, (label, values) in choices.items()
    ]


_ALL, _OLDEST = N_("Late in all"), N_("the oldest: %(days)s working days")
_NO_UNIT, _OTHER_UNITS = N_("Without a unit"), N_("Other units")
_BETWEEN, _MORE_THAN = N_("%(least)s–%(most)s working days"), N_("more than %(days)s working days")
_KIND, _UNIT, _HOLDER = N_("Kind"), N_("Unit"), N_("Who has it")
