"""Putting a new document into the register: the next free code is proposed, and can be changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models import tables as t
from service.keeping.change import QUALITY, keeps
from service.language import say
from service.organisation import organisation
from service.registering import OPENS, must_register, propose_code, register_document
from service.web.pages.forms import Refused, controls, options, sent, summary
from service.web.pages.frame import show
from service.web.pages.keeping import kept
from service.web.pages.registering import away
from service.web.site import Here, Visitor, Who
from states.kyrgyz import sort_key
from states.lifecycle import Choice
from states.refusals import NotYours, Refusal
from states.text import N_, Text

router = APIRouter(include_in_schema=False)

PATH: Final = "/documents/new"
_BY_NAME: Final = {field.name: field for field in OPENS}
# What the code is made of first, then the code itself.
SHOWN: Final = tuple(
    _BY_NAME[name] for name in ("type", "process", "process_group", "unit", "owner_post", "code", "title")
)
# What the form may lack, by the button that leads there.
ENTERED: Final = {"type": "/document-types/new", "types": "/document-types", "process": "/processes/new"}
Typed = Mapping[str, str]


@router.get(PATH)
async def new_document(request: Request, who: Who) -> Response:
    """The form; `?series=` is the code of a series whose next member it is. Raises NotYours."""
    asked = {name: value for name, value in request.query_params.items() if name in (*_BY_NAME, "series")}
    return await _form(request, who, asked, None)


@router.post(PATH)
async def register(request: Request, who: Who, here: Here) -> Response:
    """The form with the code that is free (`do=propose`), or the document. Raises NotYours."""
    typed = await sent(request)
    if typed.get("do") in ENTERED:
        return RedirectResponse(away(ENTERED[typed["do"]], typed), 303)
    if typed.get("do") == "propose":
        return await _form(request, who, {**typed, "code": ""}, None)
    given = {name: typed.get(name) or None for name in _BY_NAME}
    try:
        document_id, _ = await here.writing(lambda connection: register_document(connection, given, who.actor, who.now))
    except NotYours:
        raise
    except Refusal as refusal:
        return await _form(request, who, typed, Refused(PATH, typed, refusal))
    return RedirectResponse(f"/documents/{document_id}?done=registered", 303)


async def _form(request: Request, who: Visitor, typed: Typed, refused: Refused | None) -> Response:
    language = who.language

    def read(connection: sa.Connection) -> dict[str, Any]:
        must_register(connection, who.actor)
        values = {**_of_series(connection, typed), **typed}
        proposed = propose_code(connection, values, who.actor, who.now)
        values["code"] = values.get("code") or proposed
        types = _types(connection)
        fields = tuple(replace(one, kind="choice", choices=types) if one.name == "type" else one for one in SHOWN)
        errors = refused.errors(language) if refused else {}
        return {
            "action": PATH,
            "series": typed.get("series", ""),
            "controls": controls(fields, language, options(connection, fields, who), values, errors),
            "no_types": not types,
            "enters": keeps(organisation(connection), who.actor, QUALITY),
            "messages": kept(request, language),
            "proposed": proposed if proposed != values["code"] else "",
            "errors": summary(fields, errors, language),
            "message": refused.message(language) if refused and not errors else None,
            "crumbs": [{"href": "/documents", "label": say(_REGISTER, language)}, {"label": say(_NEW, language)}],
        }

    return await show(request, who, "documents_new.html", read, refused.refusal.status if refused else 200)


def _types(connection: sa.Connection) -> tuple[Choice, ...]:
    rows = connection.execute(sa.select(t.document_type)).all()
    rows = sorted(rows, key=lambda row: (not row.in_legend, sort_key(row.code)))
    return tuple(
        Choice(row.code, Text(*(f"{row.code} · {name}" for name in (row.name_ky, row.name_ru, row.name_en))))
        for row in rows
    )


def _of_series(connection: sa.Connection, typed: Typed) -> dict[str, str]:
    """What a member has in common with its series."""
    if not typed.get("series"):
        return {}
    document, process = t.document.c, t.process.c
    wanted = sa.select(document.type_code, document.process_group, process.code.label("process")).select_from(
        t.document.outerjoin(t.process, process.id == document.process_id)
    )
    row = connection.execute(wanted.where(document.code == typed["series"]).limit(1)).first()
    return {"type": row.type_code, "process_group": row.process_group, "process": row.process or ""} if row else {}


_REGISTER, _NEW = N_("Register of documents"), N_("New document")
