"""My tasks: what waits for me, by when, and why."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.organisation import organisation
from service.own_page import path_of
from service.reading.authors import CONFIDENTIAL
from service.reading.awaiting import STEP, awaiting, next_step
from service.reading.deputies import StandingIn, held_for, standing_in
from service.reading.first_steps import Step, first_steps
from service.reading.tasks import TaskView, tasks_of
from service.reading.tasks_asked import (
    DEPUTY,
    LATE,
    LATER,
    OWN,
    WEEK,
    WHEN,
    WHOSE,
    AskedTasks,
    asked_tasks_of,
    kinds_of,
)
from service.reading.waiting import Reason, reasons
from service.web.pages.addresses import active_filters, asked_for
from service.web.pages.frame import show
from service.web.pages.reporting import report_href
from service.web.pages.wording import due, heading
from service.web.site import Visitor, Who
from states.kyrgyz import day_in_words, sort_key
from states.refusals import Malformed
from states.registry import lifecycle, lifecycles
from states.roles import LABELS
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/tasks"
GROUPS = ("late", "today", "soon", "later")
MOST: Final = 200
# Fewer are seen at a glance.
FILTERED: Final = 8


@router.get(PATH)
async def my_tasks(request: Request, who: Who) -> Response:
    """The most urgent first; of many, those that the address asks for."""
    asked = asked_for(request, "q", "kind", "when", "whose")
    wanted = _wanted(asked)
    return await show(
        request, who, "tasks.html", lambda connection: _tasks(connection, who, wanted, asked), little=not asked
    )


def _wanted(asked: Mapping[str, str]) -> AskedTasks:
    """What an address asks for. Raises Malformed for what cannot be asked."""
    kind, when, whose = (asked.get(name, "") for name in ("kind", "when", "whose"))
    if (kind and kind not in lifecycles()) or (when and when not in WHEN) or (whose and whose not in WHOSE):
        raise Malformed
    return AskedTasks(kind, when, whose, asked.get("q", ""))


def _tasks(connection: sa.Connection, who: Visitor, wanted: AskedTasks, asked: dict[str, str]) -> dict[str, Any]:
    actor, now = who.actor, who.now
    mine = asked_tasks_of(connection, actor, now, wanted, MOST) if asked else tasks_of(connection, actor, now, MOST)
    why = reasons(connection, mine, who.actor)
    waits = awaiting(connection, [task.record_id for task in mine if task.step.name == STEP])
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
                    then=next_step(waits[task.record_id], who.language) if task.record_id in waits else None,
                )
                for task in mine
                if task.group == key
            ],
        }
        for key in GROUPS
    ]
    fields = _filters(connection, who, mine, asked) if asked or len(mine) >= FILTERED else []
    return {
        "groups": groups,
        "total": len(mine),
        "most": MOST,
        "late": sum(task.late for task in mine),
        "path": PATH,
        "fields": fields,
        "active": active_filters(fields, PATH, asked),
        "report_href": report_href(who, organisation(connection)),
        "steps": [] if asked else [_step(one, who.language) for one in first_steps(connection, who.actor)],
    }


def _step(step: Step, language: str) -> dict[str, Any]:
    """One of the first steps: what is to be entered, where, by whom."""
    return {
        "href": step.href if step.opens else "",
        "label": say(step.label, language),
        "hint": say(step.hint, language),
        "whose": say(_ENTERED_BY, language, {"role": LABELS[step.role]}),
        "done": step.done,
        "needed": step.needed,
    }


def _filters(
    connection: sa.Connection, who: Visitor, mine: list[TaskView], asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the tasks can be narrowed by: kinds that there are, and whose only for a deputy."""
    language = who.language
    # Where all of them were read, they tell their kinds themselves.
    every = not asked and len(mine) < MOST
    names = {task.lifecycle.name for task in mine} if every else kinds_of(connection, who.actor)
    kinds = [{"value": name, "label": heading(lifecycle(name).plural, language)} for name in names]
    selects = [
        ("kind", _KIND, sorted(kinds, key=lambda one: sort_key(one["label"]))),
        ("when", _DUE, _choices(_WHEN, language)),
        ("whose", _WHOSE_ARE, _choices(_WHOSE, language) if who.actor.lent else []),
    ]
    return [
        {"name": "q", "label": say(_SEARCH, language), "kind": "search", "value": asked.get("q", "")},
        *(
            {"name": name, "label": say(label, language), "choices": choices, "value": asked.get(name, "")}
            for name, label, choices in selects
            if len(choices) > 1 or asked.get(name)
        ),
    ]


def _choices(sentences: Mapping[str, str], language: str) -> list[dict[str, str]]:
    return [{"value": value, "label": say(sentence, language)} for value, sentence in sentences.items()]


def task_entry(
    task: TaskView,
    why: Reason | None,
    language: str,
    *,
    several: bool,
    behalf: StandingIn | None = None,
    then: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A task as the list component shows it: what to do, of which record, why it is here, for whom, and what then."""
    whose = [heading(task.holder, language)] if several and not (behalf and behalf.name == task.holder) else []
    if behalf:
        facts = {"name": behalf.name, "day": day_in_words(behalf.until, language)}
        whose.append(say(_FOR, language, facts))
    return {
        "href": path_of(task.lifecycle, task.record_id),
        "what": heading(task.step.task or task.step.label, language),
        "kind": task.lifecycle.name,
        "code": task.code,
        "title": task.title,
        **due(task.due_at, task.days, language),
        "who": ", ".join(whose),
        "note": _because(why, language) if why else "",
        "then": then,
    }


def _because(why: Reason, language: str) -> str:
    facts = {"move": heading(why.move, language), "day": day_in_words(today(why.at), language)}
    if why.hidden:
        return say(_BY, language, {**facts, "who": CONFIDENTIAL})
    return say(_BY, language, {**facts, "who": why.actor}) if why.actor else say(_BY_ITSELF, language, facts)


_KIND, _DUE, _WHOSE_ARE, _SEARCH = N_("Kind"), N_("Due"), N_("Whose tasks"), N_("Code or words of a title")
_WHEN: Final = {LATE: N_("Late"), WEEK: N_("Still this week"), LATER: N_("After this week")}
_WHOSE: Final = {OWN: N_("My own"), DEPUTY: N_("Those I have as a deputy")}
_FOR = N_("for %(name)s until %(day)s")
_BY, _BY_ITSELF = N_("%(move)s: %(who)s, %(day)s"), N_("%(move)s: by itself, %(day)s")
_ENTERED_BY = N_("Entered by: %(role)s.")
