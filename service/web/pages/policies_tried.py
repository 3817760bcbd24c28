"""What a dry run found, as pages show it: four numbers side by side, by week, by part and by person."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from markupsafe import Markup

from service.language import say
from service.organisation import Organisation
from service.pictures import OverTime, Period, Series, embed
from service.policies.dry_run import DryRun, Example, Told
from service.policies.keeping import Proposed
from service.policies.words import deadline_words, whom_words
from service.web.pages.policies_shown import for_whom, ladder_shown
from states.kyrgyz import day_in_words, day_short, sort_key
from states.lifecycle import Channel, Rung
from states.policies import TOLD, ladder_of
from states.text import N_
from states.working_days import today

Shown = dict[str, Any]
READERS: Final = 15
WEEK: Final = timedelta(days=7)


def proposed_shown(snapshot: Organisation, proposed: Proposed, language: str) -> Shown:
    """What the version would say."""
    scope, policy = proposed.scope, proposed.policy
    return {
        "facts": [
            {"term": say(_FOR, language), "value": for_whom(snapshot, scope, language)},
            {"term": say(_FROM, language), "value": day_in_words(policy.effective_from, language)},
            {"term": say(_DUE, language), "value": deadline_words(scope.lifecycle, scope.step, policy, language)},
            {"term": say(_REASON, language), "value": proposed.reason},
        ],
        "ladder": ladder_shown(ladder_of(scope.step, policy), language),
    }


def tried_shown(snapshot: Organisation, found: DryRun, collection: str, language: str) -> Shown:
    """What it would have sent and will send, beside what was and is."""
    four = (found.really, found.would_have, found.as_planned, found.will)
    lines = [_numbers(say(_IN_ALL, language), [one.total for one in four])]
    return {
        "columns": [
            {"key": "what", "label": say(_WHOM, language), "main": True},
            *({"key": key, "label": say(label, language), "number": True} for key, label in _COLUMNS),
        ],
        "parts": [*_parts(four, language), *lines],
        "readers": _readers(snapshot, four, language),
        "counts": [
            {"term": say(_OPEN_THEN, language), "value": str(found.open_then)},
            {"term": say(_OPEN_NOW, language), "value": str(found.open_now)},
            {"term": say(_MOVED, language), "value": str(found.moved)},
            {"term": say(_LATE_NOW, language), "value": str(found.late_now)},
            {"term": say(_LATE_THEN, language), "value": str(found.late_then)},
        ],
        "picture": _picture(found, language),
        "examples": [_example(one, collection, language) for one in found.examples],
        "nothing": not any(one.total for one in four),
    }


def _parts(four: tuple[Told, ...], language: str) -> list[Shown]:
    keys = [(part, channel) for part in TOLD for channel in Channel]
    return [
        _numbers(whom_words(Rung(0, (part,), channel), language), counted)
        for part, channel in keys
        if any(counted := [one.parts[part, channel] for one in four])
    ]


def _readers(snapshot: Organisation, four: tuple[Told, ...], language: str) -> list[Shown]:
    """Who is told most by the policy, then who was."""
    _, would_have, _, will = four
    by_it = would_have.readers + will.readers
    names = {reader: snapshot.people[reader].name.into(language) for one in four for reader in one.readers}
    order = sorted(names, key=lambda reader: (-by_it[reader], sort_key(names[reader])))
    return [_numbers(names[reader], [one.readers[reader] for one in four]) for reader in order[:READERS]]


def _numbers(what: str, four: list[int]) -> Shown:
    return {"what": what, **{key: str(number) for (key, _), number in zip(_COLUMNS, four, strict=True)}}


def _picture(found: DryRun, language: str) -> Markup:
    """Seven days each, around today: what was and is planned, and what would have been and would be."""
    day = today(found.now)
    now = _by_week((found.really.days, found.as_planned.days), day)
    then = _by_week((found.would_have.days, found.will.days), day)
    weeks = range(min([*now, *then, 0]), max([*now, *then, 0]) + 1)
    begins = [day + week * WEEK for week in weeks]
    figure = OverTime(
        name="tried",
        title=say(_PICTURE, language),
        description=say(_PICTURED, language, {"day": day_in_words(day, language)}),
        periods=[
            Period(say(_FROM_DAY, language, {"since": day_short(one, language)}), f"{one:%d.%m}") for one in begins
        ],
        series=[
            Series(say(_AS_IT_IS, language), [now[week] for week in weeks]),
            Series(say(_BY_IT, language), [then[week] for week in weeks]),
        ],
        of=say(_SEVEN, language),
    )
    return Markup(embed(figure, lambda sentence: say(sentence, language), language))  # noqa: S704 - drawn from numbers


def _by_week(counted: tuple[Mapping[date, int], ...], day: date) -> Counter[int]:
    found: Counter[int] = Counter()
    for days in counted:
        for one, times in days.items():
            found[(one - day) // WEEK] += times
    return found


def _example(one: Example, collection: str, language: str) -> Shown:
    return {
        "record": {"code": one.code, "text": one.title, "href": f"/{collection}/{one.record_id}"},
        "due": _changed(day_short(today(one.due_at), language), day_short(today(one.new_due_at), language)),
        "next": _changed(
            _telling(one.next_at, one.next_rung, language), _telling(one.new_next_at, one.new_next_rung, language)
        ),
    }


def _telling(at: datetime, rung: Rung, language: str) -> str:
    return f"{day_short(today(at), language)} {whom_words(rung, language)}"


def _changed(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


_COLUMNS: Final = (
    ("really", N_("Last 30 days, really")),
    ("would_have", N_("Last 30 days, by this version")),
    ("as_planned", N_("Next 30 days, as planned")),
    ("will", N_("Next 30 days, by this version")),
)
_IN_ALL, _WHOM = N_("In all"), N_("Who is told")
_PICTURE = N_("Reminders and escalations, week by week")
_PICTURED = N_("What lies before %(day)s has been, what lies after it is planned.")
_FROM_DAY, _SEVEN = N_("7 days from %(since)s"), N_("Week")
_AS_IT_IS, _BY_IT = N_("as it is"), N_("by this version")
_FOR, _FROM, _DUE, _REASON = N_("For"), N_("From which day"), N_("Due"), N_("Reason")
_OPEN_THEN, _OPEN_NOW = N_("Tasks that were open in the last 30 days"), N_("Tasks that are open now")
_MOVED, _LATE_NOW, _LATE_THEN = N_("of them due on another day by it"), N_("late now"), N_("late by it")
