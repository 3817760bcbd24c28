"""What is known of a record, as rows of a term and a value, out of its declaration."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from service.language import say
from service.organisation import Organisation
from service.reading.happened import DecisionView, Entry
from service.subject import Subject
from service.web.pages.wording import capital, heading, iso, move_tone
from states.kyrgyz import day_in_words, day_short, moment_in_words
from states.lifecycle import Field, Lifecycle
from states.text import N_

Facts = list[dict[str, Any]]


def fields_of(one: Lifecycle) -> dict[str, Field]:
    """All that a lifecycle records, by name: what opens a record first, then what its moves add."""
    found: dict[str, Field] = {}
    for fields in (one.opens, *(move.records for move in one.moves.values())):
        for field in fields:
            found.setdefault(field.name, field)
    return found


def typed_facts(subject: Subject, language: str) -> Facts:
    """The typed fields that hold something. An extended date says what it was first."""
    rows: Facts = []
    for name, field in fields_of(subject.lifecycle).items():
        value = subject.fields.get(name)
        if name == "title" or value in (None, ""):
            continue
        shown = _shown(field, value, language, None)
        original = subject.fields.get(f"original_{name}")
        if original and original != value:
            shown = say(_FIRST, language, {"now": shown, "first": _shown(field, original, language, None)})
        rows.append({"term": heading(field.label, language), "value": shown})
    return rows


def history_entries(entries: Iterable[Entry], one: Lifecycle, snapshot: Organisation, language: str) -> Facts:
    """The timeline, the last entry first, each with what was recorded."""
    return [
        {
            "move": heading(entry.move, language),
            "from": entry.from_label.into(language) if entry.from_label else "",
            "to": entry.to_label.into(language),
            "who": entry.actor.into(language) if entry.actor else "",
            "acting_for": entry.acting_for.into(language) if entry.acting_for else "",
            "alone": entry.actor is None,
            "date": moment_in_words(entry.at, language),
            "iso": iso(entry.at),
            "tone": move_tone(one, entry.move_name),
            "recorded": recorded(entry, one, snapshot, language),
        }
        for entry in reversed(list(entries))
    ]


def recorded(entry: Entry, one: Lifecycle, snapshot: Organisation, language: str) -> Facts:
    """What an entry of the history recorded, in the order of its form."""
    declared = one.moves[entry.move_name].records if entry.move_name in one.moves else one.opens
    known = {field.name: field for field in declared}
    rows: Facts = []
    for name, value in sorted(entry.given.items(), key=lambda pair: [*known, pair[0]].index(pair[0])):
        if field := known.get(name):
            rows.append({"term": heading(field.label, language), "value": _shown(field, value, language, snapshot)})
        else:
            rows += given_facts({name: value})
    return rows


def given_facts(given: Mapping[str, Any]) -> Facts:
    """What a source says, word for word, under its own names."""
    return [{"term": name, "value": value} for name, value in _flat(given) if value]


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield capital(str(name).replace("_", " ")), str(value)


def decision_card(decision: DecisionView, one: Lifecycle, language: str) -> dict[str, Any]:
    """A decision as the record's component shows it."""
    cast = dict(zip(("for", "against", "abstained"), (vote or 0 for vote in decision.votes), strict=True))
    more = [
        (_AGENDA, decision.agenda_item or ""),
        (_IN_FORCE, day_in_words(decision.in_force_on, language) if decision.in_force_on else ""),
    ]
    return {
        "body": heading(decision.who, language),
        "outcome": heading(decision.move, language),
        "tone": move_tone(one, decision.move_name),
        "number_label": say(_PROTOCOL if decision.kind == "body" else _ORDER, language),
        "number": decision.number.removeprefix("№").strip(),
        "date": day_in_words(decision.decided_on, language),
        "iso": decision.decided_on.isoformat(),
        "votes": cast if any(vote is not None for vote in decision.votes) else None,
        "wording": decision.wording,
        "more": [{"term": say(term, language), "value": value} for term, value in more if value],
    }


def _shown(field: Field, value: Any, language: str, snapshot: Organisation | None) -> str:
    if isinstance(value, date):
        return day_short(value, language)
    if field.kind == "date":
        return day_short(date.fromisoformat(str(value)), language)
    if field.kind == "choice":
        return next((one.label.into(language) for one in field.choices if one.value == value), str(value))
    if field.kind in ("post", "unit") and snapshot:
        among = snapshot.posts if field.kind == "post" else snapshot.units
        return next((heading(one.name, language) for one in among.values() if one.code == value), str(value))
    return str(value)


_FIRST = N_("%(now)s (at first %(first)s)")
_AGENDA, _IN_FORCE = N_("Agenda item"), N_("Entry into force")
_PROTOCOL, _ORDER = N_("Protocol №"), N_("Order №")
