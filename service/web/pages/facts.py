"""What is known of a record, as rows of a term and a value, out of its declaration."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from service.language import say
from service.order_fields import NUMBER, asked_by
from service.organisation import Organisation, PersonFacts, PostFacts, UnitFacts
from service.reading.entries import Catalogue
from service.reading.happened import DecisionView, Entry
from service.reading.mentioned import Mentioned, RecordName, Row, kept
from service.reading.mentioned import fields_of as fields_of
from service.reading.records import RecordView
from service.web.pages.choosing import entry_name, part_name
from service.web.pages.wording import capital, heading, iso, move_tone, unless
from states.kyrgyz import day_in_words, day_short, moment_in_words
from states.lifecycle import Field, Lifecycle, Part
from states.text import N_

Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What values are put into words with: names, catalogues, and what the record mentions.

    `above` is what the record hangs on, with the parts that it can be about, as far as that may be read.
    """

    language: str
    snapshot: Organisation
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    mentioned: Mentioned = field(default_factory=Mentioned)
    above: tuple[str, Part, Sequence[Row]] | None = None


def typed_facts(view: RecordView, known: Known) -> Facts:
    """The typed fields that hold something. An extended date says what it was first."""
    rows: Facts = []
    for name, one in fields_of(view.lifecycle).items():
        value = kept(view.subject.fields, name)
        if name in _SAID_ELSEWHERE or value in (None, "", []):
            continue
        now = cell(one, value, known)
        original = view.subject.fields.get(f"original_{name}")
        if original and original != value:
            now = say(_FIRST, known.language, {"now": now, "first": cell(one, original, known)})
        rows.append({"term": heading(one.label, known.language), "value": now})
    return rows


def cell(one: Field, value: Any, known: Known) -> Any:
    """What is kept for a field, as a cell of a list: words, a link, or several."""
    language = known.language
    if value in (None, "", []):
        return None
    match one.kind:
        case "document" if value in known.mentioned.documents:
            document = known.mentioned.documents[value]
            return {"text": f"{document.code} {document.title}", "href": f"/documents/{document.id}"}
        case "records":
            records = (known.mentioned.records.get(UUID(hexed)) for hexed in value)
            return [_record(record) for record in records if record]
        case "people":
            people = (known.snapshot.people.get(UUID(hexed)) for hexed in value)
            return [person.name.into(language) for person in people if person]
        case "parts":
            return _of_what_is_above(value, known)
        case "body":
            return _council(known.snapshot, value, language)
        case "post" | "unit" | "person":
            named = _named(one.kind, known.snapshot).get(value)
            return heading(named.name, language) if named else str(value)
        case "entry":
            return _entry(known.catalogues.get(one.of), value, language)
    return shown(one, value, language, known.snapshot)


def _record(record: RecordName) -> Any:
    if not record.readable:
        return record.code
    return {"text": f"{record.code} {record.title}", "href": f"/{record.lifecycle.collection}/{record.id}"}


def _of_what_is_above(numbers: Iterable[int], known: Known) -> Any:
    """Parts of what the record hangs on: in their words where that may be read, else their numbers."""
    if known.above is None:
        return ", ".join(map(str, numbers))
    address, part, rows = known.above
    by_no = {row["no"]: row for row in rows}
    return [
        {"text": part_name(part, by_no[no]), "href": f"{address}#{part.name}-{no}"} if no in by_no else str(no)
        for no in numbers
    ]


def _entry(catalogue: Catalogue | None, value: str, language: str) -> Any:
    found = catalogue.find(value) if catalogue else None
    if found is None:
        return value
    # An edition is a year where a standard has editions; the university's own tree says nothing by its number.
    dated = len(found.edition) == 4 and found.edition.isdigit()
    return {"text": entry_name(found, language), **({"note": found.edition} if dated else {})}


def history_entries(entries: Iterable[Entry], one: Lifecycle, known: Known) -> Facts:
    """The timeline, the last entry first, each with what was recorded."""
    language = known.language
    return [
        {
            "move": heading(entry.move, language),
            "from": entry.from_label.into(language) if entry.from_label else "",
            "to": entry.to_label.into(language),
            "who": entry.actor.into(language) if entry.actor else "",
            "acting_for": entry.acting_for.into(language) if entry.acting_for else "",
            "post": unless(entry.post, entry.acting_for or entry.actor, language) if entry.post and entry.actor else "",
            "signed": entry.signed,
            "alone": entry.actor is None,
            "date": moment_in_words(entry.at, language),
            "iso": iso(entry.at),
            "tone": move_tone(one, entry.move_name),
            "recorded": recorded(entry, one, known),
        }
        for entry in reversed(list(entries))
    ]


def recorded(entry: Entry, one: Lifecycle, known: Known) -> Facts:
    """What an entry of the history recorded, in the order of its form: in codes, as it was given."""
    move = one.moves.get(entry.move_name)
    added = (one.parts[move.adds].which,) if move and move.adds else ()
    asks = asked_by(move, {"by_order": bool(entry.given.get(NUMBER))}) if move else one.opens
    declared = {asked.name: asked for asked in (*added, *asks)}
    rows: Facts = []
    for name, value in sorted(entry.given.items(), key=lambda pair: [*declared, pair[0]].index(pair[0])):
        if value is None:  # a file that might have come along, and did not
            continue
        if asked := declared.get(name):
            rows.append({"term": heading(asked.label, known.language), "value": _given(asked, value, known)})
        else:
            rows += given_facts({name: value}, known.language)
    return rows


def _given(one: Field, value: Any, known: Known) -> Any:
    if one.kind == "entry":
        return _entry(known.catalogues.get(one.of), value, known.language)
    return shown(one, value, known.language, known.snapshot)


def given_facts(given: Mapping[str, Any], language: str) -> Facts:
    """What a source says, word for word, under its own headings; those of Sapat's own tables are translated."""
    return [{"term": name, "value": value} for name, value in _flat(given, language) if value]


def _flat(given: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _flat(value, language)
        else:
            known = _GIVEN.get(str(name).casefold().replace("_", " "))
            yield say(known, language) if known else capital(str(name).replace("_", " ")), str(value)


# What an import says of its file, and the headings of the registers that come with Sapat.
_GIVEN = {
    "file": N_("File"),
    "line": N_("Line"),
    "encoding": N_("Encoding"),
    "group": N_("Process group"),
    "no": N_("№"),
    "title": N_("Title"),
    "type as given": N_("Type as given"),
    "code as given": N_("Code as given"),
    "source line no": N_("Line of the source"),
}


def decision_card(
    decision: DecisionView, one: Lifecycle, language: str, signed: Facts, links: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """A decision as the record's component shows it, with who signed it, and where more of it can be read."""
    cast = dict(zip(("for", "against", "abstained"), decision.votes, strict=True))
    more = [
        (_AGENDA, decision.agenda_item or ""),
        (_IN_FORCE, day_in_words(decision.in_force_on, language) if decision.in_force_on else ""),
    ]
    return {
        "body": heading(decision.who, language),
        "outcome": heading(decision.move, language),
        "tone": move_tone(one, decision.move_name),
        "number_label": say(_PROTOCOL if decision.kind == "body" else _ORDER, language) if decision.number else "",
        "number": decision.number.removeprefix("№").strip(),
        "date": day_in_words(decision.decided_on, language),
        "iso": decision.decided_on.isoformat(),
        "votes": cast if any(vote is not None for vote in decision.votes) else None,
        "wording": decision.wording,
        "signed": signed,
        "links": links,
        "more": [{"term": say(term, language), "value": value} for term, value in more if value],
    }


def shown(field: Field, value: Any, language: str, snapshot: Organisation | None) -> str:
    """A value of a field in words; posts, units and people by their names where there is a snapshot."""
    if isinstance(value, date):
        return day_short(value, language)
    if field.kind == "date":
        return day_short(date.fromisoformat(str(value)), language)
    if field.kind == "file":
        return f"{value['name']}, SHA-256 {value['sha256']}"
    if field.kind == "choice":
        return next((one.label.into(language) for one in field.choices if one.value == value), str(value))
    if field.kind == "flag":
        return say(_YES if value else _NO, language)
    if field.kind in ("post", "unit", "person") and snapshot:
        among = _named(field.kind, snapshot).values()
        return next((heading(one.name, language) for one in among if one.code == value), str(value))
    if field.kind == "body" and snapshot:
        body = snapshot.bodies.get(str(value))
        return heading(body.name, language) if body else str(value)
    if field.kind == "people" and snapshot:
        people = {person.code: person.name.into(language) for person in snapshot.people.values()}
        return ", ".join(people.get(code, str(code)) for code in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _council(snapshot: Organisation, body_id: Any, language: str) -> Any:
    found = next((one for one in snapshot.bodies.values() if one.id == body_id), None)
    if found is None:
        return str(body_id)
    return {"text": heading(found.name, language), "href": f"/organisation/bodies/{found.id}"}


def _named(kind: str, snapshot: Organisation) -> Mapping[UUID, PersonFacts | PostFacts | UnitFacts]:
    among: Mapping[str, Mapping[UUID, PersonFacts | PostFacts | UnitFacts]]
    among = {"post": snapshot.posts, "unit": snapshot.units, "person": snapshot.people}
    return among[kind]


# The heading says it; and whose it is, is said of all records in one way.
_SAID_ELSEWHERE = frozenset({"title", "owner_post", "unit", "process", "author", "document"})
_YES, _NO = N_("Yes"), N_("No")
_FIRST = N_("%(now)s (at first %(first)s)")
_AGENDA, _IN_FORCE = N_("Agenda item"), N_("Entry into force")
_PROTOCOL, _ORDER = N_("Protocol №"), N_("Order №")
