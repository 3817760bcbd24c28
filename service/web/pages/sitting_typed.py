"""What is typed into a sitting's page: its script sends one field at a time, a form a whole item."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.idempotency import Answered, once
from service.minutes import keep
from service.parts import read_part
from service.reading.agenda import abouts_of
from service.taking_down import FIELDS, Typed, take_down
from service.web.pages.sitting_words import code_in, proposed
from service.web.site import Visitor
from states.refusals import Incomplete, Malformed
from states.routes import Does
from states.text import N_

_KEYS: Final = frozenset({"part", "no", "values", "was", "removes", "key"})
# Fields that are chosen from a list of names that end in their codes.
_NAMES: Final = frozenset({"proxy", "owner_post"})


def from_json(told: Mapping[str, Any]) -> Typed:
    """What the script of the page, or a program, sent. Raises Incomplete."""
    part, no, values, was = told.get("part"), told.get("no"), told.get("values", {}), told.get("was")
    wrong = {name: N_("This is not asked for here.") for name in told.keys() - _KEYS}
    if not isinstance(part, str):
        wrong["part"] = N_("Choose one of the answers.")
    if not (no is None or (type(no) is int and 0 < no < 1_000_000)):
        wrong["no"] = N_("Give a whole number, 0 or more.")
    wrong |= {
        name: N_("This is not of the kind that is asked for.")
        for name, one in (("values", values), ("was", was or {}))
        if not isinstance(one, Mapping)
    }
    if wrong:
        raise Incomplete(wrong)
    removes = told.get("removes") is True
    return Typed(str(part), _codes(values), no, None if was is None else _codes(was), removes)


def written(connection: sa.Connection, sitting_id: UUID, typed: Typed, who: Visitor, key: Any = None) -> int | None:
    """Keep it; what comes twice with the same key, as from a browser that did not hear the answer, once."""

    def do() -> Answered:
        return Answered(200, {"no": take_down(connection, sitting_id, typed, who.actor, who.now)})

    if not isinstance(key, str) or not key or who.person is None:
        no: int | None = do().content["no"]
        return no
    told = [str(sitting_id), typed.part, dict(typed.values)]
    kept: int | None = once(connection, who.person.id, f"minutes:{key[:100]}", told, who.now, do).content["no"]
    return kept


def keep_form(connection: sa.Connection, sitting_id: UUID, typed: Mapping[str, str], who: Visitor) -> None:
    """Keep what differs of a form from what stood in it; its button may say more. Raises as `take_down` does."""
    for one in _from_form(typed):
        take_down(connection, sitting_id, one, who.actor, who.now)
    if typed.get("propose") and typed.get("part") == "agenda_item":
        no = _number(typed.get("no", ""))
        for row in (one for one in read_part(connection, sitting_id, "agenda_item") if one["no"] == no):
            about = abouts_of(connection, filter(None, [row["about_id"]]), who.actor, who.now).get(row["about_id"])
            does = about.does if about else Does.ENDORSES
            words = proposed(row, row["decision"], _language_of(connection, sitting_id), does)
            if not row["wording"] and words:
                keep(connection, sitting_id, "agenda_item", no, {"wording": words}, who.actor, who.now)


def _language_of(connection: sa.Connection, sitting_id: UUID) -> str:
    """The language in which its minutes are kept."""
    sitting = sa.select(t.body.c.language).join(t.sitting, t.sitting.c.body_id == t.body.c.id)
    return str(connection.execute(sitting.where(t.sitting.c.record_id == sitting_id)).scalar_one())


def _from_form(typed: Mapping[str, str]) -> Iterator[Typed]:
    part, was = typed.get("part", ""), _was(typed.get("was", ""))
    no = _number(typed.get("no", "")) if typed.get("no") else None
    now = {name: value.replace("\r\n", "\n").strip() for name, value in typed.items()}
    changed = {name: value for name, value in now.items() if value != was.get(name, "").strip()}
    if part == "attendee":
        for name, value in changed.items():
            field, _, row = name.partition("-")
            if field in ("presence", "proxy") and row:
                yield Typed(part, _codes({field: value}), _number(row), _codes({field: was.get(name, "")}))
        if rest := typed.get("rest"):
            yield Typed(part, {"presence": rest})
        return
    if part not in ("agenda_item", "instruction"):
        raise Malformed
    if "removes" in typed:
        yield Typed(part, no=no, removes=True)
        return
    if part == "agenda_item":
        # Votes that are taken back first: while there are any it stays a vote by name; the others after it is one.
        yield from _votes(no, {name: value for name, value in changed.items() if not value})
    names = {one.name for one in FIELDS[part]}
    values = {name: value for name, value in changed.items() if name in names}
    if no is None or values:
        before = None if no is None else _codes({name: was.get(name, "") for name in values})
        yield Typed(part, _codes(values), no, before)
    if part == "agenda_item":
        yield from _votes(no, {name: value for name, value in changed.items() if value})
    if part == "agenda_item" and (rest := typed.get("rest")):
        yield Typed("ballot", {"item": no, "vote": rest})


def _votes(item: int | None, changed: Mapping[str, str]) -> Iterator[Typed]:
    for name, value in changed.items():
        if name.startswith("vote-"):
            yield Typed("ballot", {"item": item, "person": name.removeprefix("vote-"), "vote": value})


def _codes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: code_in(one) if name in _NAMES and isinstance(one, str) else one for name, one in values.items()}


def _was(sent: str) -> dict[str, str]:
    """What stood in the form. Raises Malformed."""
    try:
        told = json.loads(sent or "{}")
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise Malformed
    return told


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Malformed
    return int(text)
