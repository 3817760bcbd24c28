"""The programme of audits: a year of processes by months, what is planned, done and late, and where to plan next."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say, translations
from service.organisation import organisation
from service.reading.audits import AUDIT, ORDERS, AuditRow, Programme, ProgrammeLine, read_programme
from service.web.pages import wording
from service.web.pages.addresses import active_filters, asked_for, link
from service.web.pages.exported import exports
from service.web.pages.frame import show
from service.web.pages.permits import is_offered
from service.web.site import Visitor, Who
from states.kyrgyz import day_short
from states.refusals import Malformed
from states.registry import lifecycle
from states.text import N_, Text
from states.working_days import Calendar, today

router = APIRouter(include_in_schema=False)

PATH: Final = "/audits/programme"
FILE, LIST_FILE = "/exports/programme", "/exports/programme/audits"
ASKED: Final = ("year", "order", "show")
WAITING: Final = "waiting"
MONTHS: Final = (
    Text("январь", "январь", "January"),
    Text("февраль", "февраль", "February"),
    Text("март", "март", "March"),
    Text("апрель", "апрель", "April"),
    Text("май", "май", "May"),
    Text("июнь", "июнь", "June"),
    Text("июль", "июль", "July"),
    Text("август", "август", "August"),
    Text("сентябрь", "сентябрь", "September"),
    Text("октябрь", "октябрь", "October"),
    Text("ноябрь", "ноябрь", "November"),
    Text("декабрь", "декабрь", "December"),
)


@router.get(PATH)
async def programme(request: Request, who: Who) -> Response:
    """The year's programme. Raises Malformed for a year that is none."""
    asked = asked_for(request, *ASKED)

    def read(connection: sa.Connection) -> dict[str, Any]:
        found = read_programme(connection, who.actor, who.now, year_of(asked.get("year", "")), order_of(asked))
        snapshot, language = organisation(connection), who.language
        may_plan = is_offered(lifecycle(AUDIT), who, snapshot)
        planning = _Planning(who, snapshot.calendar, found.year) if may_plan else None
        lines = [line for line in found.lines if line.waits or asked.get("show") != WAITING]
        fields, taken = _filters(asked, language), {**asked, "year": str(found.year), "show": ""}
        return {
            "programme": found,
            "year_tabs": [
                {"href": link(PATH, asked, year=str(year)), "label": str(year), "current": year == found.year}
                for year in found.years
            ],
            "months": [{"long": wording.heading(one, language), "short": short(one, language)} for one in MONTHS],
            "lines": [_line(line, who, found.year, planning) for line in lines],
            "tiles": _tiles(found, asked, language),
            "audits": [audit_line(audit, found, language) for audit in found.audits],
            "fields": fields,
            "active": active_filters(fields, PATH, asked),
            "exports": [
                *exports(FILE, taken, say(_PROGRAMME, language)),
                *exports(LIST_FILE, taken, say(_LIST, language)),
            ],
            "may_plan": may_plan,
            "path": PATH,
        }

    return await show(request, who, "programme.html", read)


def year_of(text: str) -> int | None:
    """The year that an address names. Raises Malformed."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4 and 1900 <= int(text) <= 2200):
        raise Malformed(N_("There is no such year."), N_("Give four digits."))
    return int(text)


def order_of(asked: dict[str, str]) -> str:
    """The order that an address asks for; that of the codes where it asks for none that there is."""
    return asked["order"] if asked.get("order") in ORDERS else ORDERS[0]


def short(month: Text, language: str) -> str:
    """The first letters of a month, as the head of a narrow column."""
    return wording.heading(month, language)[:3]


class _Planning:
    """Where whoever may plan audits can plan one: in no month that has passed."""

    def __init__(self, who: Visitor, calendar: Calendar, year: int) -> None:
        self._who, self._calendar, self._year = who, calendar, year

    def href(self, line: ProgrammeLine, month: int) -> str:
        """The form for a new audit, filled in; empty where the month has no working day ahead."""
        day = self._first(month)
        if day is None:
            return ""
        title = say(_TITLE, self._who.language, {"what": named(line, self._who.language)})
        filled = {"title": title, "planned_on": day.isoformat(), "process": line.code, "unit": line.unit or ""}
        return f"/audits/new?{urlencode({name: value for name, value in filled.items() if value})}"

    def _first(self, month: int) -> date | None:
        first = date(self._year, month, 1)
        day = max(first, today(self._who.now))
        while day.year == first.year and day.month == first.month:
            if self._calendar.is_working(day):
                return day
            day += timedelta(days=1)
        return None


def named(line: ProgrammeLine, language: str) -> str:
    """A process by its code and name; a unit by its name."""
    return " ".join(filter(None, (line.code, wording.heading(line.name, language))))


def _line(line: ProgrammeLine, who: Visitor, year: int, planning: _Planning | None) -> dict[str, Any]:
    language, day, what = who.language, today(who.now), named(line, who.language)
    about = {"process": str(line.process_id)} if line.process_id else {"unit": str(line.unit_id)}
    return {
        "code": line.code,
        "name": wording.heading(line.name, language),
        "href": f"/audits?{urlencode(about)}",
        "waits": line.waits,
        "cells": [
            {
                "month": wording.heading(MONTHS[place], language),
                "short": short(MONTHS[place], language),
                "audits": [_mark(audit, language) for audit in audits],
                "plan": planning.href(line, place + 1) if planning and not audits else "",
                "says": say(_PLAN_HERE, language, {"what": what, "month": MONTHS[place].into(language), "year": year}),
                "now": (year, place + 1) == (day.year, day.month),
            }
            for place, audits in enumerate(line.months)
        ],
        "last": {
            "text": day_short(line.last_on, language),
            "href": f"/audits/{line.last.id}",
            "note": ago(line.last_on, day, language),
        }
        if line.last and line.last_on
        else {"text": say(_NEVER, language)},
        "nonconformities": {
            "number": line.nonconformities,
            "href": f"/nonconformities?{urlencode(about)}" if line.nonconformities else "",
        },
        "changes": line.changes,
    }


def ago(then: date, day: date, language: str) -> str:
    """How long ago, in months; nothing within the month."""
    months = (day.year - then.year) * 12 + day.month - then.month - (day.day < then.day)
    said = translations(language).ngettext("%(num)s month ago", "%(num)s months ago", months)
    return said % {"num": months} if months > 0 else ""


def _mark(audit: AuditRow, language: str) -> dict[str, Any]:
    """An audit in a cell: the day of its month, and in words what its colour says."""
    badge = wording.badge(audit.lifecycle, audit.state, language)
    return {
        "href": f"/audits/{audit.id}",
        "day": audit.planned_on.day,
        "code": audit.code,
        "title": audit.title,
        "state": badge,
        "tone": "late" if audit.late else badge["tone"],
        "late": audit.late,
        "moved": day_short(audit.original_planned_on, language)
        if audit.original_planned_on != audit.planned_on
        else "",
    }


def audit_line(audit: AuditRow, found: Programme, language: str) -> dict[str, Any]:
    """An audit of the year as a row of the list below the matrix."""
    process = next((line for line in found.lines if line.process_id and line.process_id == audit.process_id), None)
    first = audit.original_planned_on
    planned: dict[str, Any] = {"text": day_short(audit.planned_on, language)}
    if first != audit.planned_on:
        planned["note"] = say(_FIRST, language, {"day": day_short(first, language)})
    return {
        "title": {"code": audit.code, "text": audit.title, "href": f"/audits/{audit.id}"},
        "planned": planned,
        "state": _state(audit, language),
        "what": process.code if process else wording.heading(audit.unit, language) if audit.unit else None,
        "lead": audit.lead.into(language) if audit.lead else None,
        "raised": str(audit.raised),
    }


def _state(audit: AuditRow, language: str) -> dict[str, str]:
    badge = wording.badge(audit.lifecycle, audit.state, language)
    return {**badge, "tone": "late", "note": wording.late_by(audit.late, language)} if audit.late else badge


def _tiles(found: Programme, asked: dict[str, str], language: str) -> list[dict[str, Any]]:
    audits = found.audits
    waits, late = sum(line.waits for line in found.lines), sum(bool(audit.late) for audit in audits)
    done = sum(audit.carried_out_on is not None for audit in audits)
    raised = sum(audit.raised for audit in audits)
    list_of_them, waiting = f"{link(PATH, asked, show=None)}#audits", link(PATH, asked, show=WAITING)
    tiles = (
        (_OF_THE_YEAR, len(audits), list_of_them, ""),
        (_DONE, done, list_of_them, "good"),
        (_LATE, late, "/audits?show=late", "late" if late else "good"),
        (_RAISED, raised, list_of_them, ""),
        (_WAITS, waits, waiting, "waiting" if waits else "good"),
    )
    return [
        {"label": say(label, language), "number": number, "href": href, "tone": tone}
        for label, number, href, tone in tiles
    ]


def _filters(asked: dict[str, str], language: str) -> list[dict[str, Any]]:
    first, *others = zip(ORDERS, (_BY_CODE, _BY_AGE, _BY_FOUND), strict=True)
    order = order_of(asked)
    return [
        {
            "name": "order",
            "label": say(_ORDER, language),
            "value": "" if order == first[0] else order,
            "unset": say(first[1], language),
            "choices": _said(others, language),
        },
        {
            "name": "show",
            "label": say(_SHOW, language),
            "value": asked.get("show", ""),
            "choices": _said([(WAITING, _WAITS)], language),
        },
    ]


def _said(choices: Any, language: str) -> list[dict[str, str]]:
    return [{"value": value, "label": say(sentence, language)} for value, sentence in choices]


_TITLE, _PLAN_HERE = N_("Audit: %(what)s"), N_("Plan an audit here: %(what)s, %(month)s %(year)s")
_PROGRAMME, _LIST = N_("Programme of audits"), N_("List of audits")
_NEVER, _FIRST = N_("never"), N_("first planned for %(day)s")
_OF_THE_YEAR, _DONE, _LATE = N_("Audits of the year"), N_("Carried out"), N_("Late")
_RAISED, _WAITS = N_("Nonconformities raised"), N_("Not audited within a year, none ahead")
_ORDER, _SHOW = N_("Order"), N_("Show")
_BY_CODE, _BY_AGE, _BY_FOUND = N_("By code"), N_("Audited longest ago first"), N_("Most nonconformities first")
