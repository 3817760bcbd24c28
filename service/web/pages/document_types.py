"""Types of documents: the university's list, and how the quality specialist adds, corrects and removes one."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import document_types as keeping
from service.keeping.change import QUALITY, keeps
from service.language import say
from service.organisation import organisation
from service.web.pages.account import LANGUAGE_NAMES
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept, must_keep
from service.web.pages.registering import back_to, leads_back
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import sort_key
from states.refusals import NotFound
from states.text import LANGUAGES, N_, Text

router = APIRouter(include_in_schema=False)

PATH = "/document-types"
USUAL = 12  # months between reviews


@router.get(PATH)
async def types(request: Request, who: Who) -> Response:
    """All of them, those of the university's list first."""
    return await _list(request, who, None)


@router.post(f"{PATH}/legend")
async def take_legend(request: Request, who: Who, here: Here) -> Response:
    """Those that come with Sapat, where there is none. Raises NotYours."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        keeping.take_legend(connection, who.actor, who.now)
        return leads_back(typed.get("next", "")) or PATH

    return await carry_out(request, here, use_case, str, lambda refused: _list(request, who, refused))


@router.get(f"{PATH}/new")
async def new_type(request: Request, who: Who) -> Response:
    """The form; `?next=` is the form to go back to. Raises NotYours."""
    return await _new(request, who, None)


@router.post(f"{PATH}/new")
async def add_type(request: Request, who: Who, here: Here) -> Response:
    """A new type; then its page, or the form one came from with the type chosen. Raises NotYours."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        given = {name: value for name, value in typed.items() if name != "next"}
        code = keeping.add_type(connection, given, who.actor, who.now)
        return leads_back(typed.get("next", ""), type=code) or _href(code)

    return await carry_out(request, here, use_case, str, lambda refused: _new(request, who, refused))


@router.get(f"{PATH}/type/{{code}}")
async def one_type(request: Request, who: Who, code: str) -> Response:
    """One type. Raises NotFound."""
    return await _type(request, who, code, None)


@router.post(f"{PATH}/type/{{code}}/{{verb}}")
async def keep_type(request: Request, who: Who, here: Here, code: str, verb: str) -> Response:
    """Correct it, or take it away. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> str:
        match verb:
            case "change":
                keeping.change_type(connection, code, typed, who.actor, who.now)
            case "remove":
                keeping.remove_type(connection, code, who.actor, who.now)
                return PATH
            case _:
                raise NotFound
        return _href(code)

    return await carry_out(request, here, use_case, str, lambda refused: _type(request, who, code, refused))


async def _list(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        rows = list(connection.execute(sa.select(t.document_type)))
        document = t.document.c
        counted = sa.select(document.type_code, sa.func.count()).group_by(document.type_code)
        uses = dict(map(tuple, connection.execute(counted)))
        routed = set(connection.execute(sa.select(t.route.c.type_code)).scalars())
        rows.sort(key=lambda row: (not row.in_legend, sort_key(row.code)))
        return {
            "rows": [_line(row, uses.get(row.code, 0), row.code in routed, who.language) for row in rows],
            "keeps": keeps(organisation(connection), who.actor, QUALITY),
            "back": back_to(request, refused).get("next", ""),
            "refused": refused.message(who.language) if refused else None,
            "messages": kept(request, who.language),
            "crumbs": [_register(who), {"label": say(_TYPES, who.language)}],
        }

    return await show(request, who, "document_types.html", read, refused.refusal.status if refused else 200)


def _line(row: sa.Row[Any], documents: int, routed: bool, language: str) -> dict[str, Any]:
    listed = {} if row.in_legend else {"note": say(_UNLISTED, language)}
    return {
        "code": row.code,
        "name": {"text": heading(_name(row), language), "href": _href(row.code), **listed},
        "months": str(row.review_months),
        "documents": {"text": str(documents), "href": f"/documents?type={quote(row.code)}"} if documents else "0",
        "route": None if routed else {"text": say(_NO_ROUTE, language), "tone": "waiting"},
    }


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, keeping.WHAT, QUALITY)
        typed = {"review_months": USUAL, "code": request.query_params.get("code", "")}
        form = keep_form(connection, who, f"{PATH}/new", _ADD, keeping.ADDS, typed, refused)
        return {
            "form": {**form, "hidden": back_to(request, refused)},
            "title": say(_NEW, who.language),
            "lede": say(_NEW_LEDE, who.language),
            "crumbs": [_register(who), _types(who), {"label": say(_NEW, who.language)}],
        }

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _type(request: Request, who: Visitor, code: str, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        row = connection.execute(sa.select(t.document_type).where(t.document_type.c.code == code)).first()
        if row is None:
            raise NotFound
        route = sa.select(t.route.c.id).where(t.route.c.type_code == code).limit(1)
        snapshot = organisation(connection)
        return {
            "one": row,
            "names": [{"term": LANGUAGE_NAMES[one], "value": _name(row).into(one)} for one in LANGUAGES],
            "title": heading(_name(row), who.language),
            "routed": connection.execute(route).first() is not None,
            "used": keeping.is_used(connection, code),
            "forms": _forms(connection, who, row, refused) if keeps(snapshot, who.actor, QUALITY) else {},
            "messages": kept(request, who.language),
            "crumbs": [_register(who), _types(who), {"label": code}],
        }

    return await show(request, who, "document_type.html", read, refused.refusal.status if refused else 200)


def _forms(connection: sa.Connection, who: Visitor, row: Any, refused: Refused | None) -> dict[str, Any]:
    path = f"{PATH}/type/{row.code}"
    typed = {field.name: getattr(row, field.name) for field in keeping.CHANGES} | {
        "in_legend": "yes" if row.in_legend else ""
    }
    forms = {"change": keep_form(connection, who, f"{path}/change", _KEEP, keeping.CHANGES, typed, refused)}
    if not keeping.is_used(connection, row.code) or (refused and refused.name == f"{path}/remove"):
        forms["remove"] = keep_form(connection, who, f"{path}/remove", _REMOVE, (), {}, refused, tone="danger")
    return forms


def _name(row: Any) -> Text:
    return Text(row.name_ky, row.name_ru, row.name_en)


def _href(code: str) -> str:
    return f"{PATH}/type/{quote(code)}"


def _register(who: Visitor) -> dict[str, str]:
    return {"href": "/documents", "label": say(_DOCUMENTS, who.language)}


def _types(who: Visitor) -> dict[str, str]:
    return {"href": PATH, "label": say(_TYPES, who.language)}


_DOCUMENTS, _TYPES, _NEW = N_("Register of documents"), N_("Types of documents"), N_("New type")
_NEW_LEDE = N_("Its abbreviation begins the codes of its documents. Which councils they take is said afterwards.")
_ADD, _KEEP, _REMOVE = N_("Enter the type"), N_("Keep the change"), N_("Remove it")
_UNLISTED, _NO_ROUTE = N_("not in the university's list"), N_("no route")
