"""The form of one order over several revisions: what each signature is bound to, and why one of them was refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request

from service.differences.chosen import choose
from service.language import say, says
from service.order_fields import APPROVE, asked_together
from service.orders import FIELDS, OrderRefused, Seen
from service.organisation import organisation
from service.reading.desk import desk_name
from service.reading.records import RecordView, read_record
from service.web.pages.desk_shown import why_not
from service.web.pages.forms import controls, summary
from service.web.pages.signing import Proving, panel, proof_error, proving
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.lifecycle import Field
from states.refusals import Incomplete, NotFound, Refusal
from states.roles import Role
from states.text import Text
from states.working_days import today

CHOSEN: Final = Field("record", Text("Документтер", "Документы", "Documents"), "records")
_NAMES: Final = frozenset(one.name for one in FIELDS)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was chosen and typed, and why it was refused, if it was. `left_out` were shown, and chosen no more."""

    seen: tuple[Seen, ...]
    given: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[Seen, ...] = ()
    refusal: Refusal | None = None


def seen_of(typed: Mapping[str, Any]) -> Sent:
    """What a form of the page holds."""
    several = typed.get(CHOSEN.name)
    chosen = several if isinstance(several, list) else []
    shown = [name.partition("-")[2] for name in typed if name.startswith("version-")]
    seen = {text: one for text in dict.fromkeys([*chosen, *shown]) if (one := _seen(typed, text))}
    given = {name: value for name, value in typed.items() if name in _NAMES}
    left_out = tuple(one for text, one in seen.items() if text not in chosen)
    return Sent(tuple(one for text, one in seen.items() if text in chosen), given, left_out)


def _seen(typed: Mapping[str, Any], text: str) -> Seen | None:
    """One of the documents, at the version and with the content that the form showed: none was ever at version 0."""
    try:
        record_id = UUID(text)
    except ValueError:
        return None
    version = str(typed.get(f"version-{text}", ""))
    known = version.isascii() and version.isdigit() and len(version) < 10
    return Seen(record_id, int(version) if known else 0, str(typed.get(f"content-{text}", "")))


def ordering(connection: sa.Connection, request: Request, who: Visitor, sent: Sent) -> dict[str, Any]:
    """All that the page shows."""
    how, language, refusal = proving(connection, request, who), who.language, sent.refusal
    refused = refusal.refused if isinstance(refusal, OrderRefused) else {}
    errors = refusal.errors if isinstance(refusal, Incomplete) else {}
    told = {name: say(sentence, language) for name, sentence in errors.items()}
    left_out = {one.record_id for one in sent.left_out}
    lines = [
        _line(connection, one, who, how, refused.get(one.record_id), first=refusal is None)
        for one in (*sent.seen, *sent.left_out)
    ]
    for line in lines:
        line["chosen"] = line["chosen"] and line["id"] not in left_out
    proof = proof_error(refusal, language) if refusal else ""
    message = None
    if refusal and not errors and not proof:
        title, text = says(refusal, language)
        message = {"title": title, "text": text}
    takes = {line["by_order"] for line in lines if not line["gone"]}
    asked = asked_together(takes or {True})
    rector = organisation(connection).plays(who.actor, Role.RECTOR)
    return {
        "name": say(desk_name(rector=rector), language),
        "lines": lines,
        "count": len(lines),
        "ordered": True in (takes or {True}),
        "mixed": len(takes) > 1,
        # Most orders are of the day on which they are entered.
        "controls": controls(asked, language, {}, sent.given or {"decided_on": today(who.now)}, told),
        "errors": [
            *summary((CHOSEN, *asked), told, language),
            *([{"field": "password", "text": proof}] if proof else []),
        ],
        "refused": message,
        "move": {
            "prefix": "",
            "signing": {
                "needed": how.needed,
                "until": _until(lines),
                "passkeys": how.passkeys,
                "error": proof,
            },
        },
        "back": "/desk",
    }


def _until(lines: list[dict[str, Any]]) -> str:
    return next((line["signing"]["until"] for line in lines if line["signing"]), "")


def _line(
    connection: sa.Connection, seen: Seen, who: Visitor, how: Proving, refused: Refusal | None, *, first: bool
) -> dict[str, Any]:
    """One of the chosen: what becomes of it, what is signed of it, or why it cannot be."""
    language = who.language
    try:
        view = read_record(connection, seen.record_id, who.actor, who.now)
        if APPROVE not in view.lifecycle.moves:
            raise NotFound
    except NotFound as missing:
        return {
            "id": seen.record_id,
            "gone": " ".join(says(refused or missing, language)),
            "chosen": False,
            "signing": None,
        }
    fields, reason = view.subject.fields, why_not(view, language)
    changed = first and seen.version is not None and seen.version != fields["version"]
    return {
        "id": seen.record_id,
        "href": f"/{view.lifecycle.collection}/{view.subject.id}",
        "code": fields["code"],
        "title": fields["title"],
        "version": fields["version"],
        "by_order": fields["by_order"] is not False,
        "why_not": reason,
        "refused": " ".join(says(refused, language)) if refused else "",
        "changed": changed and not reason,
        "chosen": not reason and not changed,
        "leads": " / ".join(
            dict.fromkeys(heading(view.lifecycle.steps[way.to].label, language) for way in _move(view).ways)
        ),
        "replaces": _replaced(connection, view, who),
        "signing": None if reason else panel(connection, view, _move(view), who, how),
        "gone": "",
    }


def _move(view: RecordView) -> Any:
    return view.lifecycle.moves[APPROVE]


def _replaced(connection: sa.Connection, view: RecordView, who: Visitor) -> str:
    """The code of the revision that is in force until then."""
    other = choose(connection, view.subject, who.actor, who.now).other
    return other.code if other and other.holds else ""
