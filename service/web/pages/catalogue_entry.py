"""One entry of a catalogue: its names, what stands below it; how keepers change, place and close it."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping import catalogues as keeping
from service.keeping.catalogue_change import Key, keeps
from service.keeping.given import NAMES
from service.language import say
from service.organisation import organisation
from service.reading.catalogues import EntryRow, read_catalogue
from service.web.pages.catalogues import PATH, TYPED, called, href, plain_href, state_of
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound
from states.text import N_

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/{{catalogue}}/{{edition}}/{{code}}")
async def one_entry(request: Request, who: Who, catalogue: str, edition: str, code: str) -> Response:
    """One entry. Raises NotFound."""
    return await _entry(request, who, Key(catalogue, edition, code), None)


@router.post(f"{PATH}/{{catalogue}}/{{edition}}/{{code}}/{{verb}}")
async def keep_entry(
    request: Request, who: Who, here: Here, catalogue: str, edition: str, code: str, verb: str
) -> Response:
    """Rename it, add one below it, put it in order, close it. Raises NotYours, NotFound."""
    one = Key(catalogue, edition, code)
    mine = who.actor, who.now

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        match verb:
            case "rename":
                keeping.rename_entry(connection, one, typed, *mine)
            case "add":
                return href(one._replace(code=_add(connection, one, typed, who)))
            case "up" | "down":
                keeping.place_entry(connection, one, *mine, up=verb == "up")
            case "close":
                keeping.close_entry(connection, one, *mine)
            case "reopen":
                keeping.reopen_entry(connection, one, *mine)
            case "remove":
                keeping.remove_entry(connection, one, *mine)
                return f"{PATH}/{quote(catalogue)}"
            case _:
                raise NotFound
        return href(one)

    return await carry_out(request, here, use_case, str, lambda refused: _entry(request, who, one, refused))


def _add(connection: sa.Connection, one: Key, typed: dict[str, str], who: Visitor) -> str:
    given = {**typed, "parent": one.code}
    return keeping.add_entry(connection, one.catalogue, one.edition, given, who.actor, who.now)


async def _entry(request: Request, who: Visitor, one: Key, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        rows = [
            row for row in read_catalogue(connection, one.catalogue, who.actor, who.now) if row.edition == one.edition
        ]
        row = next((row for row in rows if row.code == one.code), None)
        if row is None:
            raise NotFound
        by_code, language = {row.code: row for row in rows}, who.language
        upper = by_code.get(row.parent or "")
        may = keeps(organisation(connection), who.actor)
        return {
            "one": row,
            "title": heading(row.name, language),
            "over": f"{called(one.catalogue, language)}, {one.edition}",
            "crumbs": [
                {"href": PATH, "label": say(_CATALOGUES, language)},
                {
                    "href": f"{PATH}/{quote(one.catalogue)}?edition={one.edition}",
                    "label": called(one.catalogue, language),
                },
                *([{"href": href(one._replace(code=upper.code)), "label": upper.code}] if upper else []),
                {"label": row.code},
            ],
            "facts": [
                *({"term": language_name, "value": row.name.into(code)} for code, language_name in _names(language)),
                {"term": say(_USED, language), "value": str(row.uses)},
                {"term": say(_STATE, language), "value": state_of(row, language) or say(_IN_USE, language)},
            ],
            "href": href(one),
            "below": [_link(one, lower, language) for lower in rows if lower.parent == row.code],
            "order": [lower.code for lower in rows if lower.parent == row.parent],
            "forms": _entry_forms(connection, who, one, row, refused) if may else {},
            "messages": kept(request, language),
        }

    return await show(request, who, "catalogue_entry.html", read, refused.refusal.status if refused else 200)


def _entry_forms(
    connection: sa.Connection, who: Visitor, one: Key, row: EntryRow, refused: Refused | None
) -> dict[str, Any]:
    path = plain_href(one)
    typed = {f"name_{language}": words for language, words in row.name._asdict().items()}
    forms = {"rename": keep_form(connection, who, f"{path}/rename", _KEEP, NAMES, typed, refused)}
    if row.closed_on:
        forms["reopen"] = keep_form(connection, who, f"{path}/reopen", _REOPEN, (), {}, refused, tone="quiet")
    else:
        forms["add"] = keep_form(connection, who, f"{path}/add", _ADD, TYPED, {}, refused)
        forms["close"] = keep_form(connection, who, f"{path}/close", _CLOSE, (), {}, refused, tone="danger")
    if not row.uses or (refused and refused.name == f"{path}/remove"):
        forms["remove"] = keep_form(connection, who, f"{path}/remove", _REMOVE, (), {}, refused, tone="danger")
    return forms


def _names(language: str) -> list[tuple[str, str]]:
    return [(field.name.removeprefix("name_"), heading(field.label, language)) for field in NAMES]


def _link(one: Key, row: EntryRow, language: str) -> dict[str, str]:
    return {"href": href(one._replace(code=row.code)), "text": f"{row.code} {heading(row.name, language)}"}


_CATALOGUES = N_("Catalogues")
_USED, _STATE, _IN_USE = N_("How often it was used"), N_("State"), N_("in use")
_ADD, _KEEP = N_("Add it"), N_("Keep the change")
_CLOSE, _REOPEN, _REMOVE = N_("Close it from today"), N_("Let it be chosen again"), N_("Remove it")
