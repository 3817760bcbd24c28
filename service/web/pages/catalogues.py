"""The catalogues: which there are, their entries as a tree with how often each was used; what keepers do about them."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.keeping import catalogues as keeping
from service.keeping.catalogue_change import Key, keeps
from service.keeping.given import NAMES
from service.language import say
from service.organisation import organisation
from service.reading.catalogues import EntryRow, list_catalogues, read_catalogue
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short
from states.refusals import NotFound
from states.text import N_, Text

router = APIRouter(include_in_schema=False)

PATH = "/catalogues"
INDENT = "\N{NO-BREAK SPACE}" * 4
# What people call the catalogues that come with Sapat; another one is called by its name.
CALLED = {
    "cause": Text("себептердин түрлөрү", "виды причин", "kinds of causes"),
    "clause": Text("ISO 9001 пункттары", "пункты ISO 9001", "clauses of ISO 9001"),
}
TYPED = (keeping.CODE, *NAMES)


@router.get(PATH)
async def every_catalogue(request: Request, who: Who) -> Response:
    """Which catalogues there are."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        rows = [
            {
                "title": {"text": called(one.name, who.language), "href": f"{PATH}/{quote(one.name)}"},
                "editions": [
                    {"text": edition, "note": say(_ENTRIES, who.language, {"count": count})}
                    for edition, count in one.editions.items()
                ],
            }
            for one in list_catalogues(connection)
        ]
        return {"rows": rows}

    return await show(request, who, "catalogues.html", read)


@router.get(f"{PATH}/{{catalogue}}")
async def one_catalogue(request: Request, who: Who, catalogue: str) -> Response:
    """One edition of it, the newest unless the address names another. Raises NotFound."""
    return await _catalogue(request, who, catalogue, request.query_params.get("edition", ""), None)


@router.post(f"{PATH}/{{catalogue}}/{{edition}}/add")
async def add_at_the_top(request: Request, who: Who, here: Here, catalogue: str, edition: str) -> Response:
    """A new entry that stands below none. Raises NotYours, NotFound."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: keeping.add_entry(connection, catalogue, edition, typed, who.actor, who.now),
        lambda code: href(Key(catalogue, edition, code)),
        lambda refused: _catalogue(request, who, catalogue, edition, refused),
    )


@router.post(f"{PATH}/{{catalogue}}/{{edition}}/close")
async def close_edition(request: Request, who: Who, here: Here, catalogue: str, edition: str) -> Response:
    """Nothing of the edition is chosen any more. Raises NotYours, NotFound."""

    return await carry_out(
        request,
        here,
        lambda connection, _: keeping.close_edition(connection, catalogue, edition, who.actor, who.now),
        f"{PATH}/{quote(catalogue)}",
        lambda refused: _catalogue(request, who, catalogue, edition, refused),
    )


def called(name: str, language: str) -> str:
    """What people call a catalogue."""
    return heading(CALLED.get(name, Text(name, name, name)), language)


async def _catalogue(request: Request, who: Visitor, name: str, edition: str, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        rows = read_catalogue(connection, name, who.actor, who.now)
        editions = list(dict.fromkeys(row.edition for row in rows))
        shown = edition or next(iter(editions), "")
        if edition and edition not in editions:
            raise NotFound
        mine = [row for row in rows if row.edition == shown]
        may = keeps(organisation(connection), who.actor)
        return {
            "title": called(name, who.language),
            "path": f"{PATH}/{quote(name)}",
            "edition": shown,
            "editions": [
                {"href": f"{PATH}/{quote(name)}?edition={one}", "label": one, "current": one == shown}
                for one in editions
            ],
            "groups": _groups(name, mine, who.language),
            "closed": bool(mine) and all(row.closed_on for row in mine),
            "is_newest": shown == next(iter(editions), ""),
            "forms": _forms(connection, who, Key(name, shown), refused) if may and mine else {},
            "may_keep": may,
            "messages": kept(request, who.language),
        }

    return await show(request, who, "catalogue.html", read, refused.refusal.status if refused else 200)


def _groups(catalogue: str, rows: list[EntryRow], language: str) -> list[dict[str, Any]]:
    """A table for each entry at the top, with all below it."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        line = {"text": heading(row.name, language), "href": href(Key(catalogue, row.edition, row.code))}
        about = {"uses": row.uses, "state": state_of(row, language)}
        if row.depth == 0:
            groups.append({**line, **about, "code": row.code, "rows": []})
        else:
            groups[-1]["rows"].append({**about, "name": {**line, "code": row.code}, "uses": str(row.uses)})
    return groups


def state_of(row: EntryRow, language: str) -> Any:
    """Since when it is not chosen any more, as a cell; None while it is."""
    if row.closed_on is None:
        return None
    return {"text": say(_CLOSED, language, {"day": day_short(row.closed_on, language)}), "tone": "stopped"}


def _forms(connection: sa.Connection, who: Visitor, one: Key, refused: Refused | None) -> dict[str, Any]:
    path = f"{PATH}/{one.catalogue}/{one.edition}"
    return {
        "add": keep_form(connection, who, f"{path}/add", _ADD, TYPED, {}, refused),
        "close": keep_form(connection, who, f"{path}/close", _CLOSE_EDITION, (), {}, refused, tone="danger"),
    }


def href(one: Key) -> str:
    """The address of an entry."""
    return quote(plain_href(one))


def plain_href(one: Key) -> str:
    """Not quoted: forms are told apart by their addresses, which requests give so."""
    return f"{PATH}/{one.catalogue}/{one.edition}/{one.code}"


_ENTRIES = N_("%(count)s entries")
_CLOSED = N_("not chosen since %(day)s")
_ADD, _CLOSE_EDITION = N_("Add it"), N_("Close the edition from today")
