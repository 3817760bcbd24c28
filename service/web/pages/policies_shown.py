"""Policies as pages show them: whom a version is for, its days and its ladder in words."""

from typing import Any
from urllib.parse import urlencode

from service.language import say
from service.organisation import Organisation
from service.policies.reading import Holding, PolicyView, Standing
from service.policies.scope import Scope, given_of, may_keep, severity_label
from service.policies.words import (
    again_words,
    deadline_briefly,
    deadline_words,
    ladder_briefly,
    when_words,
    whom_words,
)
from service.web.pages.wording import capital, heading
from service.web.site import Visitor
from states.kyrgyz import day_in_words, day_short
from states.lifecycle import Ladder, Lifecycle, Step
from states.policies import ladder_of
from states.text import N_

Shown = dict[str, Any]
PATH = "/policies"
_TONES = {
    Standing.HOLDS: "good",
    Standing.AHEAD: "waiting",
    Standing.PAST: "resting",
    Standing.WITHDRAWN: "stopped",
}


def step_href(one: Lifecycle, step: Step) -> str:
    """The page of a step."""
    return f"{PATH}/{one.collection}/{step.name}"


def asked(snapshot: Organisation, scope: Scope) -> str:
    """A scope as an address asks for it."""
    return urlencode(given_of(snapshot, scope))


def for_whom(snapshot: Organisation, scope: Scope, language: str) -> str:
    """Of which severity, on which campus."""
    severity = severity_label(scope)
    campus = snapshot.units[scope.campus_id].name if scope.campus_id else None
    named = [heading(one, language) for one in (severity, campus) if one]
    return ", ".join(named) or say(_ALL, language)


def ladder_shown(ladder: Ladder, language: str) -> list[Shown]:
    """The rungs as the component `ladder` takes them: reminders hollow, what comes after the deadline full."""
    rungs = [
        {
            "who": capital(when_words(rung, language)),
            "name": whom_words(rung, language),
            "state": "done" if rung.days > 0 else "reminder",
            "sent": False,
        }
        for rung in ladder.rungs
    ]
    again = {"who": capital(again_words(ladder, language)), "name": whom_words(ladder.again, language)}
    return [*rungs, {**again, "state": "reminder", "sent": False}]


def holding_row(snapshot: Organisation, holding: Holding, language: str) -> Shown:
    """A line of the overview."""
    scope, now = holding.scope, holding.now
    step = heading(scope.step.label, language)
    policy = now.policy if now else None
    return {
        "step": {
            "text": step,
            "href": step_href(scope.lifecycle, scope.step),
            **({"note": for_whom(snapshot, scope, language)} if scope.severity or scope.campus_id else {}),
        },
        "due": deadline_briefly(scope.lifecycle, scope.step, policy, language),
        "ladder": ladder_briefly(ladder_of(scope.step, policy), language),
        "since": _since_cell(snapshot, holding, language),
        "ahead": ", ".join(day_short(one.policy.effective_from, language) for one in holding.ahead) or None,
    }


def _since_cell(snapshot: Organisation, holding: Holding, language: str) -> Any:
    """Since when what holds does, and who made it; or for whom else it is."""
    now = holding.now
    if now is None:
        return say(_DECLARED, language)
    note = now.made_by.name.into(language)
    if now.scope != holding.scope:
        note = say(_AS_FOR, language, {"whom": for_whom(snapshot, now.scope, language)})
    return {"text": day_short(now.policy.effective_from, language), "note": note}


def holding_shown(snapshot: Organisation, holding: Holding, who: Visitor) -> Shown:
    """What holds for a scope, with its ladder drawn and what comes."""
    language, scope = who.language, holding.scope
    keeps = may_keep(snapshot, who.actor, scope.campus_id)
    policy = holding.now.policy if holding.now else None
    asks = asked(snapshot, scope)
    return {
        "title": for_whom(snapshot, scope, language),
        "facts": [
            {"term": say(_DUE, language), "value": deadline_words(scope.lifecycle, scope.step, policy, language)},
            {"term": say(_SINCE, language), "value": _since(snapshot, holding, language)},
            *([{"term": say(_REASON, language), "value": holding.now.reason}] if holding.now else []),
        ],
        "ladder": ladder_shown(ladder_of(scope.step, policy), language),
        "ahead": [version_shown(snapshot, one, who) for one in holding.ahead],
        "change_href": f"{PATH}/new?{asks}" if keeps else "",
    }


def version_shown(snapshot: Organisation, one: PolicyView, who: Visitor) -> Shown:
    """One version, with what it says."""
    language, scope = who.language, one.scope
    return {
        "id": one.id,
        "whom": for_whom(snapshot, scope, language),
        "from": day_short(one.policy.effective_from, language),
        "day": day_in_words(one.policy.effective_from, language),
        "due": deadline_words(scope.lifecycle, scope.step, one.policy, language),
        "ladder": ladder_shown(ladder_of(scope.step, one.policy), language),
        "briefly": ladder_briefly(ladder_of(scope.step, one.policy), language),
        "reason": one.reason,
        "made": {"text": one.made_by.name.into(language), "note": day_short(one.made_at, language)},
        "standing": {"text": one.standing.label.into(language), "tone": _TONES[one.standing]},
        "withdraw": f"{PATH}/{one.id}/withdraw"
        if one.standing is Standing.AHEAD and may_keep(snapshot, who.actor, scope.campus_id)
        else "",
    }


def _since(snapshot: Organisation, holding: Holding, language: str) -> Any:
    now = holding.now
    if now is None:
        return say(_DECLARED, language)
    name, day = now.made_by.name.into(language), day_in_words(now.policy.effective_from, language)
    by = say(_BY, language, {"day": day, "name": name})
    if now.scope == holding.scope:
        return by
    return {"text": by, "note": say(_AS_FOR, language, {"whom": for_whom(snapshot, now.scope, language)})}


POLICIES = N_("Deadlines and reminders")
_ALL, _DECLARED = N_("For all"), N_("as declared")
_DUE, _SINCE, _REASON = N_("Due"), N_("Since"), N_("Reason")
_BY = N_("%(day)s, made by %(name)s")
_AS_FOR = N_("the same as: %(whom)s")
