"""What the page of an audit's day shows: questions by clause with their results, findings and what was raised."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.auditing import mark_of
from service.language import say
from service.reading.checklists import Raised
from service.reading.entries import Catalogue
from service.web.pages.choosing import entry_name
from service.web.pages.facts import cell
from service.web.pages.told import Told
from service.web.pages.wording import badge, capital, heading
from states.lifecycle import Field, Move
from states.text import N_

Row = Mapping[str, Any]
Typed = Mapping[str, Any]
ANSWERS: Final = "answer_question"
# Each is three fields of a form that holds no more than 400.
MOST: Final = 100


def as_many_as_fit(questions: Sequence[Row]) -> list[Row]:
    """As many as a form can hold: where there are more, those without a result come first."""
    if len(questions) <= MOST:
        return list(questions)
    return sorted(questions, key=lambda row: bool(row["answer"]))[:MOST]


def by_clause(
    rows: Sequence[Row], told: Told, typed: Typed, overtaken: Mapping[int, Typed] | None = None
) -> list[dict[str, Any]]:
    """The questions by clause, in the order of the standard; those of none at the end.

    `typed` is the form as it was sent, where it was refused; `overtaken` that of each which somebody else changed.
    """
    clauses, language = told.known.catalogues.get("clause") or Catalogue(), told.who.language
    order = {one.value: place for place, one in enumerate(clauses.entries)}
    groups: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (order.get(row["clause"] or "", len(order)), row["no"])):
        entry = clauses.find(row["clause"])
        title = entry_name(entry, language) if entry else row["clause"] or ""
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "questions": []})
        groups[-1]["questions"].append(_question(row, told, typed, (overtaken or {}).get(row["no"])))
    return groups


def _question(row: Row, told: Told, typed: Typed, mine: Typed | None) -> dict[str, Any]:
    no, refused = row["no"], told.refused
    errors = refused.errors(told.who.language) if refused and refused.name == ANSWERS else {}
    said, result = mine or typed, cell(field_of(told, "question", "answer"), row["answer"], told.known)
    return {
        "no": no,
        "text": row["text"],
        "answer": said.get(f"answer-{no}", row["answer"] or ""),
        "note": said.get(f"note-{no}", row["note"] or ""),
        "saw": typed.get(f"saw-{no}", mark_of(row)),
        "result": {"text": capital(str(result)), "tone": RESULTS[row["answer"]]} if row["answer"] else None,
        "their_note": row["note"],
        "overtaken": mine is not None,
        "errors": [errors[name] for name in (f"answer-{no}", f"note-{no}", f"clause-{no}") if name in errors],
    }


def choices(told: Told, part: str, name: str) -> list[dict[str, str]]:
    """The answers of a choice field of a part."""
    language = told.who.language
    return [{"value": one.value, "label": heading(one.label, language)} for one in field_of(told, part, name).choices]


def field_of(told: Told, part: str, name: str) -> Field:
    """A field of a part, by name."""
    return next(one for one in told.view.lifecycle.parts[part].fields if one.name == name)


def finding(row: Row, told: Told, raised: Mapping[int, Raised], *, may_raise: bool = False) -> dict[str, Any]:
    """A finding with what is said of it, and what was raised from it."""
    fields = {one.name: one for one in told.view.lifecycle.parts["finding"].fields}
    about, language = raised.get(row["no"]), told.who.language
    record = about.record if about else None
    facts = [
        {"term": heading(fields[name].label, language), "value": value}
        for name in _SAID
        if (value := cell(fields[name], row[name] if name in row else row[f"{name}_id"], told.known)) is not None
    ]
    return {
        "no": row["no"],
        "title": row["title"],
        "kind": {"text": capital(str(cell(fields["kind"], row["kind"], told.known))), "tone": FINDINGS[row["kind"]]},
        "facts": facts,
        "raised": bool(about),
        "record": {
            "code": record.code,
            "title": record.title,
            "href": f"/{record.lifecycle.collection}/{record.id}",
            "state": badge(record.lifecycle, record.state, language),
        }
        if record
        else None,
        "may_raise": may_raise and row["kind"] == "nonconformity" and not row["raised"],
    }


def adding(told: Told, declared: Move, action: str, token: str, asked: str) -> dict[str, Any]:
    """The form of a finding, sent to `action`; begun with what was seen at the question that is `asked` about."""
    row = next((one for one in told.view.parts["question"] if str(one["no"]) == asked), None)
    given = _begun(row) if row is not None else {}
    form = told.forms.form(declared, is_open=bool(given), focus=row is not None, **given)
    return {**form, "action": action, "hidden": {"form_token": token}}


def _begun(row: Row) -> dict[str, Any]:
    kind = row["answer"] if row["answer"] in ("nonconformity", "observation") else None
    given = {"kind": kind, "clause": row["clause"], "found": row["note"]}
    return {name: value for name, value in given.items() if value}


def said_after(asked: Mapping[str, str], raised: Mapping[int, Raised], language: str) -> list[dict[str, str]]:
    """What the page says after something was done; `asked` is its address."""
    if (no := _number(asked.get("raised", ""))) and (about := raised.get(no)):
        code = about.record.code if about.record else ""
        return [{"tone": "good", "text": say(_RAISED, language, {"code": code, "no": no})}]
    if kept := asked.get("kept", ""):
        return [{"tone": "good", "text": say(_KEPT, language, {"count": _number(kept)})}]
    return [{"tone": "good", "text": say(_FOUND, language)}] if asked.get("found") else []


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


RESULTS: Final = {
    "conforms": "good",
    "observation": "waiting",
    "nonconformity": "late",
    "not_applicable": "resting",
}
FINDINGS: Final = {"nonconformity": "late", "observation": "waiting", "strength": "good"}
_SAID: Final = ("found", "nc_kind", "requirement", "requirement_document", "clause")
_KEPT, _FOUND = N_("Results kept: %(count)s."), N_("The finding is recorded.")
_RAISED = N_("Raised from finding %(no)s: nonconformity %(code)s.")
