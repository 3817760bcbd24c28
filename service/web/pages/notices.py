"""What I was told, by mail or here only; and a nudge to whoever has a task."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.language import say
from service.nudging import MESSAGE as NUDGE
from service.nudging import nudge
from service.reading.told import DIGEST, DROPPED, MAIL, PAGE, SENT, ToldView, list_told, rung_in_words
from service.web.pages.addresses import active_filters, asked_for, link
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.wording import heading, local, short
from service.web.site import Here, Who
from states.text import N_
from states.working_days import BISHKEK

router = APIRouter(include_in_schema=False)

PATH = "/told"
NUDGED = "nudged"  # what stands in `?done=` of the page that one comes back to


@router.get(PATH)
async def told(request: Request, who: Who) -> Response:
    """My notices, the newest first."""
    asked, after = asked_for(request, "way"), request.query_params.get("after")
    way = asked.get("way") if asked.get("way") in _WAYS else None

    def read(connection: sa.Connection) -> dict[str, Any]:
        page = list_told(connection, who.actor, who.now, way=way, cursor=after, most=0)  # nobody counts mails
        choices = [{"value": one, "label": say(label, who.language)} for one, label in _WAYS.items()]
        fields = [{"name": "way", "label": say(_WAY, who.language), "value": way or "", "choices": choices}]
        return {
            "rows": [_line(one, who.language) for one in page.rows],
            "fields": fields,
            "active": active_filters(fields, PATH, asked),
            "next_href": link(PATH, asked, after=page.next) if page.next else "",
            "first_href": link(PATH, asked) if after else "",
        }

    return await show(request, who, "told.html", read, little=True)


@router.post("/tasks/{task_id:uuid}/nudge")
async def ask(request: Request, who: Who, here: Here, task_id: UUID) -> Response:
    """Ask whoever has the task to do it, and go back to where one was: the form's `next`, a page of ours."""
    form = await sent(request)
    await here.writing(lambda connection: nudge(connection, task_id, who.actor, who.now, form.get("words", "")))
    return RedirectResponse(_done(local(form.get("next"))), 303)


def _done(back: str) -> str:
    parts = urlsplit(back)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "done"]
    return parts._replace(query=urlencode([*query, ("done", NUDGED)])).geturl()


def _line(one: ToldView, language: str) -> dict[str, Any]:
    code_and_title = f"{one.code} · {one.title}"
    words = say(_WORDS, language, {"words": one.nudge.words}) if one.nudge and one.nudge.words else ""
    return {
        "what": {
            "text": _what(one, language),
            "href": f"/{one.lifecycle.collection}/{one.record_id}",
            "note": f"{code_and_title}. {words}" if words else code_and_title,
        },
        "rung": rung_in_words(one.rung, one.part, language) if one.rung is not None else None,
        "at": _short(one.at, language),
        "how": {"text": say(_WAYS[one.way], language), "note": _became(one, language)},
    }


def _what(one: ToldView, language: str) -> str:
    task = (one.step.task or one.step.label) if one.step else None
    if one.message not in _WHAT or task is None or (one.message == NUDGE and one.by is None):
        happened = one.move or (one.step.label if one.step else one.lifecycle.label)
        return heading(happened, language)
    return say(_WHAT[one.message], language, {"task": task, "by": one.by or ""})


def _became(one: ToldView, language: str) -> str:
    """What became of it: sent when, waiting for what, or not sent and why."""
    if one.way == PAGE:
        return ""
    if one.sent_at and one.state == SENT:
        return say(_SENT, language, {"at": _short(one.sent_at, language)})
    if one.state == DROPPED:
        return say(_DROPPED, language, {"why": one.why(language)})
    if one.waits_until:
        return say(_UNTIL, language, {"at": _short(one.waits_until, language)})
    why = one.why(language)
    return say(_TRIED, language, {"why": why}) if why else say(_WAITING, language)


def _short(moment: datetime, language: str) -> str:
    here = moment.astimezone(BISHKEK)
    return f"{short(here.date(), language)}, {here.hour:02}:{here.minute:02}"


_WAY = N_("How it came")
_WAYS = {MAIL: N_("By mail"), DIGEST: N_("In a digest"), PAGE: N_("Only here")}
_WHAT = {
    "task/opened": N_("New task: %(task)s"),
    "task/reminder": N_("Reminder: %(task)s"),
    "task/escalation": N_("Escalation: %(task)s"),
    NUDGE: N_("%(by)s asks: %(task)s"),
}
_WORDS, _SENT, _DROPPED = N_("“%(words)s”"), N_("sent %(at)s"), N_("not sent: %(why)s")
_UNTIL, _WAITING, _TRIED = N_("waits until %(at)s"), N_("on its way"), N_("not sent yet: %(why)s")
