"""My tasks: what waits for me, by when, and why."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.organisation import organisation
from service.reading.authors import CONFIDENTIAL
from service.reading.deputies import StandingIn, held_for, standing_in
from service.reading.tasks import TaskView, tasks_of
from service.reading.waiting import Reason, reasons
from service.web.pages.frame import show
from service.web.pages.reporting import report_href
from service.web.pages.wording import due, heading
from service.web.site import Visitor, Who
from states.kyrgyz import day_in_words
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

GROUPS = ("late", "today", "soon", "later")


@router.get("/tasks")
async def my_tasks(request: Request, who: Who) -> Response:
    """The most urgent first."""
    return await show(request, who, "tasks.html", lambda connection: _tasks(connection, who))


def _tasks(connection: sa.Connection, who: Visitor) -> dict[str, Any]:
    mine = tasks_of(connection, who.actor, who.now)
    why = reasons(connection, mine, who.actor)
    # Whose it is stands there only where one answers for more than one post.
    several = len({task.holder for task in mine}) > 1
    absent = standing_in(organisation(connection), who.actor, today(who.now))
    groups = [
        {
            "key": key,
            "tasks": [
                task_entry(
                    task,
                    why.get(task.record_id),
                    who.language,
                    several=several,
                    behalf=absent.get(held_for(who.actor, task.holder_post_id, task.holder_person_id)),
                )
                for task in mine
                if task.group == key
            ],
        }
        for key in GROUPS
    ]
    return {
        "groups": groups,
        "total": len(mine),
        "late": sum(task.late for task in mine),
        "report_href": report_href(who, organisation(connection)),
    }


def task_entry(
    task: TaskView, why: Reason | None, language: str, *, several: bool, behalf: StandingIn | None = None
) -> dict[str, Any]:
    """A task as the list component shows it: what to do, of which record, why it is here, and for whom."""
    whose = [heading(task.holder, language)] if several and not (behalf and behalf.name == task.holder) else []
    if behalf:
        facts = {"name": behalf.name, "day": day_in_words(behalf.until, language)}
        whose.append(say(_FOR, language, facts))
    return {
        "href": f"/{task.lifecycle.collection}/{task.record_id}",
        "what": heading(task.step.task or task.step.label, language),
        "kind": task.lifecycle.name,
        "code": task.code,
        "title": task.title,
        **due(task.due_at, task.days, language),
        "who": ", ".join(whose),
        "note": _because(why, language) if why else "",
    }


def _because(why: Reason, language: str) -> str:
    facts = {"move": heading(why.move, language), "day": day_in_words(today(why.at), language)}
    if why.hidden:
        return say(_BY, language, {**facts, "who": CONFIDENTIAL})
    return say(_BY, language, {**facts, "who": why.actor}) if why.actor else say(_BY_ITSELF, language, facts)


_FOR = N_("for %(name)s until %(day)s")
_BY, _BY_ITSELF = N_("%(move)s: %(who)s, %(day)s"), N_("%(move)s: by itself, %(day)s")
