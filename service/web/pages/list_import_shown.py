"""What the pages of a list's import show: the trial run, how far an import is, and what became of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from fastapi import Request, Response

from service.exporting import Cell, Column
from service.importing.list.answers import BY_CONTENT
from service.importing.list.look import campuses_of
from service.importing.list.mapping import ListMapping
from service.importing.list.planned import Planned
from service.importing.list.report import ListReport
from service.importing.list.tally import Met, by_count
from service.importing.list.trial import Trial
from service.importing.report import GROUPS
from service.language import say, says
from service.organisation import Organisation, organisation
from service.web.pages.frame import show
from service.web.pages.keeping import post_choices
from service.web.pages.list_import_forms import Sent, Shown, crumbs
from service.web.pages.list_import_runs import Run
from service.web.pages.noticed import SEVERITIES, noticed
from service.web.pages.wording import badge, heading
from service.web.site import Visitor
from states.kyrgyz import day_short
from states.nonconformity import LIFECYCLE
from states.refusals import Refusal
from states.text import N_

SHOWN: Final = 200
PREVIEWED: Final = 10
ASKED: Final = 60


def first_page(connection: sa.Connection, who: Visitor, refusal: Refusal | None) -> Shown:
    """What the template of the first page needs."""
    snapshot = organisation(connection)
    mine = campuses_of(snapshot, who.actor, who.now)
    names = {unit.code: heading(unit.name, who.language) for unit in snapshot.units.values()}
    return {
        "campuses": [{"value": code, "label": names.get(code, code)} for code in mine] if len(mine) > 1 else [],
        "refused": dict(zip(("title", "text"), says(refusal, who.language), strict=True)) if refusal else None,
        "crumbs": crumbs(who.language),
    }


def trial_page(
    connection: sa.Connection, who: Visitor, sent: Sent, trial: Trial, mapping: ListMapping, remembered_at: date | None
) -> Shown:
    """What the template of the trial run needs."""
    snapshot, language, report = organisation(connection), who.language, trial.report
    steps = [(step, trial.steps[step]) for step in LIFECYCLE.steps if trial.steps[step]]
    return {
        "hidden_fields": sent.hidden(mapping),
        "report": report,
        "remembered": day_short(remembered_at, language) if remembered_at else "",
        "steps": [{"step": badge(LIFECYCLE, step, language), "count": str(count)} for step, count in steps],
        "preview": [_line(one, snapshot, language) for one in trial.planned[:PREVIEWED]],
        "statuses": _statuses(trial, language),
        "owners": _owners(trial, snapshot, who),
        "groups": noticed(report, language, SHOWN),
        "crumbs": crumbs(language),
    }


async def run_page(request: Request, who: Visitor, run: Run) -> Response:
    """How far an import is, or its report."""

    def read(_: sa.Connection) -> dict[str, Any]:
        report = run.outcome() if run.is_over else None
        return {
            "run": run,
            "report": report,
            "groups": noticed(report, who.language, SHOWN) if report else [],
            "crumbs": crumbs(who.language),
        }

    return await show(request, who, "list_import_run.html", read)


def doubts(report: ListReport, language: str) -> tuple[list[Column], Iterator[list[Cell]]]:
    """All that was noticed, as rows to take away."""
    columns = [
        Column(say(_LINE, language), "number"),
        Column(say(_WEIGHT, language)),
        Column(say(_WHAT, language), width=90),
        Column(say(_GROUP, language)),
    ]
    rows: Iterator[list[Cell]] = (
        [one.line, say(SEVERITIES[one.severity], language), one.says(language), say(title, language)]
        for group, title in GROUPS.items()
        for one in report.in_group(group)
    )
    return columns, rows


def _line(one: Planned, snapshot: Organisation, language: str) -> Shown:
    owner = snapshot.posts[one.owner_post_id].name if one.owner_post_id else None
    number = {"code": one.reference} if one.reference else {}
    return {
        "title": {"text": one.title, **number, "note": say(_OF_LINE, language, {"line": one.candidate.line})},
        "found_on": day_short(one.typed["found_on"], language),
        "step": badge(LIFECYCLE, one.step, language),
        "owner": heading(owner, language) if owner else None,
        "actions": str(len(one.actions)) if one.actions else None,
    }


def _statuses(trial: Trial, language: str) -> list[Shown]:
    """Each status that occurs, with the step it is read as."""
    choices = [
        {"value": BY_CONTENT, "label": say(_BY_CONTENT, language)},
        *({"value": step.name, "label": heading(step.label, language)} for step in LIFECYCLE.steps.values()),
    ]
    asked = by_count(trial.tally.statuses.values())[:ASKED]
    return [
        {
            "words": met.words,
            "field": {
                **_field("status", place, met, language),
                "value": met.answer.value or BY_CONTENT,
                "choices": choices,
                "help": "" if met.answer.is_sure else say(_CHECK if met.answer.value else _UNKNOWN, language),
            },
        }
        for place, met in enumerate(asked)
    ]


def _owners(trial: Trial, snapshot: Organisation, who: Visitor) -> list[Shown]:
    """Words by which nobody is known, with the posts that may be meant."""
    choices = post_choices(snapshot, who)
    asked = by_count(trial.tally.unknown_people.values())[:ASKED]
    return [
        {
            "words": met.words,
            "field": {
                **_field("owner", place, met, who.language),
                "kind": "post",
                "value": "",
                "choices": choices,
                "help": _perhaps(met, snapshot, who.language),
            },
        }
        for place, met in enumerate(asked)
    ]


def _field(what: str, place: int, met: Met, language: str) -> Shown:
    label = say(_TIMES, language, {"words": met.words, "count": met.count})
    return {"name": f"{what}-{place}", "label": label, "kind": "choice"}


def _perhaps(met: Met, snapshot: Organisation, language: str) -> str:
    if met.proposed is None:
        return ""
    return say(_PERHAPS, language, {"post": heading(snapshot.posts[met.proposed].name, language)})


_LINE, _WEIGHT, _WHAT, _GROUP = N_("Line"), N_("Weight"), N_("What"), N_("Where")
_OF_LINE = N_("line %(line)s")
_BY_CONTENT = N_("By what else the row says")
_CHECK = N_("This is a guess: please check it.")
_UNKNOWN = N_("Nobody knows this status.")
_TIMES = N_("“%(words)s” (rows: %(count)s)")
_PERHAPS = N_("Perhaps “%(post)s” is meant.")
