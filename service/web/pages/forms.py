"""Forms out of declarations: a control for each field, the choices of posts, units and processes, what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from fastapi import Request

from models import tables as t
from service.language import say, says
from service.organisation import Organisation, organisation
from service.web.pages.wording import capital, heading, unless
from service.web.site import Visitor
from states.kyrgyz import sort_key
from states.lifecycle import Field
from states.refusals import Incomplete, Malformed, Refusal
from states.text import N_
from states.working_days import today

Options = list[dict[str, str]]
LARGEST: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: which move, what was typed, why."""

    name: str
    typed: Mapping[str, str]
    refusal: Refusal

    def errors(self, language: str) -> dict[str, str]:
        """A sentence for each field that is missing or wrong."""
        found = self.refusal.errors if isinstance(self.refusal, Incomplete) else {}
        return {name: say(sentence, language) for name, sentence in found.items()}

    def message(self, language: str) -> dict[str, str]:
        """What is wrong as a whole, and what to do next."""
        title, next_step = says(self.refusal, language)
        return {"title": title, "text": next_step}


async def sent(request: Request) -> dict[str, str]:
    """The words of a form. Raises Malformed for files and for what is far larger than anybody types."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise Malformed(N_("This is more than a form can hold."), N_("Shorten it and send it again."))
    async with request.form(max_files=0, max_fields=100) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def options(connection: sa.Connection, fields: Iterable[Field], who: Visitor) -> dict[str, Options]:
    """What can be chosen for the kinds that `fields` have: values are the codes that people know."""
    kinds = {field.kind for field in fields}
    snapshot = organisation(connection)
    found: dict[str, Options] = {}
    if "post" in kinds:
        found["post"] = posts(snapshot, who, by_code=True)
    if "unit" in kinds:
        found["unit"] = units(snapshot, who.language, by_code=True)
    if "process" in kinds:
        found["process"] = processes(connection)
    return found


def posts(snapshot: Organisation, who: Visitor, *, by_code: bool = False) -> Options:
    """All posts, by unit, each with who holds it today."""
    language, day = who.language, today(who.now)
    rows = [
        {
            "value": post.code if by_code else str(post.id),
            "label": heading(post.name, language),
            "hint": ", ".join(
                filter(
                    None,
                    (unless(snapshot.people[one].name, post.name, language) for one in snapshot.holders(post.id, day)),
                )
            ),
            "group": heading(snapshot.units[post.unit_id].name, language),
        }
        for post in snapshot.posts.values()
    ]
    return sorted(rows, key=lambda row: (sort_key(row["group"]), sort_key(row["label"])))


def units(snapshot: Organisation, language: str, *, by_code: bool = False) -> Options:
    """All units."""
    rows = [
        {"value": unit.code if by_code else str(unit.id), "label": heading(unit.name, language)}
        for unit in snapshot.units.values()
    ]
    return sorted(rows, key=lambda row: sort_key(row["label"]))


def processes(connection: sa.Connection, *, by_code: bool = True) -> Options:
    """All processes, in the order of their codes."""
    rows = connection.execute(sa.select(t.process.c.id, t.process.c.code, t.process.c.name)).all()
    return [
        {"value": row.code if by_code else str(row.id), "label": f"{row.code} {row.name}"}
        for row in sorted(rows, key=lambda row: sort_key(row.code))
    ]


def controls(
    fields: Iterable[Field],
    language: str,
    choices: Mapping[str, Options],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    prefix: str = "",
) -> list[dict[str, Any]]:
    """The arguments of the form component's `field`, one mapping for each; ids are unique through `prefix`."""
    return [
        {
            "name": field.name,
            "label": heading(field.label, language),
            "kind": field.kind,
            "value": typed.get(field.name, ""),
            "choices": [{"value": one.value, "label": heading(one.label, language)} for one in field.choices]
            or choices.get(field.kind, []),
            "required": field.required,
            "help": field.help.into(language) if field.help else "",
            "error": errors.get(field.name, ""),
            "rows": 4,
            "least": 0 if field.kind == "number" else "",
            "id": f"f-{prefix}{field.name}",
        }
        for field in fields
    ]


def summary(
    fields: Iterable[Field], errors: Mapping[str, str], language: str, prefix: str = ""
) -> list[dict[str, str]]:
    """The list above a form: each error with the field's name, leading to the field."""
    labels = {field.name: heading(field.label, language) for field in fields}
    return [
        {
            "field": f"{prefix}{name}",
            "text": say(_AT, language, {"field": labels.get(name, capital(name)), "error": sentence}),
        }
        for name, sentence in errors.items()
    ]


_AT = N_("%(field)s: %(error)s")
