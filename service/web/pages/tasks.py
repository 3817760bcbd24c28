"""My tasks: what waits for me, by when, and why."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.reading.tasks import TaskView, tasks_of
from service.web.pages.frame import show
from service.web.pages.wording import due, heading
from service.web.site import Visitor, Who
from states.kyrgyz import moment_in_words
from states.text import N_

router = APIRouter(include_in_schema=False)

GROUPS = ("late", "today", "soon", "later")


@router.get("/tasks")
async def my_tasks(request: Request, who: Who) -> Response:
    """The most urgent first."""
    return await show(request, who, "tasks.html", lambda connection: _tasks(connection, who))


def _tasks(connection: sa.Connection, who: Visitor) -> dict[str, Any]:
    mine = tasks_of(connection, who.actor, who.now)
    groups = [
        {"key": key, "tasks": [task_entry(task, who.language) for task in mine if task.group == key]} for key in GROUPS
    ]
    return {"groups": groups, "total": len(mine), "late": sum(task.late for task in mine)}


def task_entry(task: TaskView, language: str) -> dict[str, Any]:
    """A task as the list component shows it: what to do, of which record, and why it is here."""
    reached = {"part": task.step.label.into(language), "at": moment_in_words(task.opened_at, language)}
    return {
        "href": f"/{task.lifecycle.collection}/{task.record_id}",
        "what": heading(task.step.task or task.step.label, language),
        "kind": task.lifecycle.name,
        "code": task.code,
        "title": task.title,
        **due(task.due_at, task.days, language),
        "who": heading(task.holder, language),
        "note": say(_SINCE, language, reached),
    }


_SINCE = N_("In the state “%(part)s” since %(at)s")
