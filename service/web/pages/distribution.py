"""Whom documents concern: by type, and by document where that differs; how many people that is today."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.concerned import Rule, laid_down, rule_of
from service.keeping import distribution as keeping
from service.keeping.distribution import Of
from service.language import say
from service.organisation import Organisation, organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_in_words, sort_key
from states.refusals import NotFound
from states.text import N_, Text
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/distribution"
TYPE, DOCUMENT = f"{PATH}/types/{{code}}", f"{PATH}/documents/{{document_id:uuid}}"


@router.get(PATH)
async def every_type(request: Request, who: Who) -> Response:
    """The types of documents, and the documents that have rules of their own. Raises NotYours."""
    return await show(request, who, "distribution.html", lambda connection: _every(connection, who))


@router.get(TYPE)
async def of_type(request: Request, who: Who, code: str) -> Response:
    """Whom documents of a type concern. Raises NotYours, NotFound."""
    return await _page(request, who, Of(type_code=code), None)


@router.get(DOCUMENT)
async def of_document(request: Request, who: Who, document_id: UUID) -> Response:
    """Whom one document concerns. Raises NotYours, NotFound."""
    return await _page(request, who, Of(document_id=document_id), None)


@router.post(f"{TYPE}/add")
async def add_for_type(request: Request, who: Who, here: Here, code: str) -> Response:
    """Everybody, a unit, a post or a person more. Raises NotYours, NotFound."""
    return await _add(request, who, here, Of(type_code=code))


@router.post(f"{DOCUMENT}/add")
async def add_for_document(request: Request, who: Who, here: Here, document_id: UUID) -> Response:
    """Everybody, a unit, a post or a person more. Raises NotYours, NotFound."""
    return await _add(request, who, here, Of(document_id=document_id))


@router.post(f"{TYPE}/{{rule_id:uuid}}/remove")
async def remove_for_type(request: Request, who: Who, here: Here, code: str, rule_id: UUID) -> Response:
    """One of them less. Raises NotYours, NotFound."""
    return await _remove(request, who, here, Of(type_code=code), rule_id)


@router.post(f"{DOCUMENT}/{{rule_id:uuid}}/remove")
async def remove_for_document(request: Request, who: Who, here: Here, document_id: UUID, rule_id: UUID) -> Response:
    """One of them less. Raises NotYours, NotFound."""
    return await _remove(request, who, here, Of(document_id=document_id), rule_id)


async def _add(request: Request, who: Visitor, here: Here, of: Of) -> Response:
    return await carry_out(
        request,
        here,
        lambda connection, typed: keeping.add_rule(connection, of, typed, who.actor, who.now),
        href(of),
        lambda refused: _page(request, who, of, refused),
    )


async def _remove(request: Request, who: Visitor, here: Here, of: Of, rule_id: UUID) -> Response:
    return await carry_out(
        request,
        here,
        lambda connection, _: keeping.remove_rule(connection, of, rule_id, who.actor, who.now),
        href(of),
        lambda refused: _page(request, who, of, refused),
    )


def href(of: Of) -> str:
    """Where it is laid down."""
    return (
        f"{PATH}/documents/{of.document_id}" if of.document_id else f"{PATH}/types/{quote(of.type_code or '', safe='')}"
    )


def _every(connection: sa.Connection, who: Visitor) -> dict[str, Any]:
    snapshot, language, laid = organisation(connection), who.language, laid_down(connection)
    keeping.must_keep(snapshot, who.actor)
    counts = sa.select(t.document.c.type_code, sa.func.count()).group_by(t.document.c.type_code)
    documents = {row[0]: row[1] for row in connection.execute(counts)}
    types = []
    for row in connection.execute(sa.select(t.document_type)):
        name = Text(row.name_ky, row.name_ru, row.name_en).into(language)
        whom = [_name(rule, snapshot, language) for rule in laid.by_type.get(row.code, ())]
        types.append(
            {
                "type": {"text": f"{row.code} · {name}", "href": href(Of(type_code=row.code))},
                "whom": whom or say(_USUAL, language),
                "documents": str(documents.get(row.code, 0)),
                "people": str(keeping.how_many(connection, Of(type_code=row.code), today(who.now))),
            }
        )
    own = connection.execute(sa.select(t.document).where(t.document.c.id.in_(laid.by_document))).all()
    return {
        "types": sorted(types, key=lambda one: sort_key(one["type"]["text"])),
        "own": [
            {
                "document": {"text": f"{row.code} {row.title}", "href": href(Of(document_id=row.id))},
                "whom": [_name(rule, snapshot, language) for rule in laid.by_document[row.id]],
                "people": str(keeping.how_many(connection, Of(document_id=row.id), today(who.now))),
            }
            for row in sorted(own, key=lambda row: row.sort_key)
        ],
    }


async def _page(request: Request, who: Visitor, of: Of, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        return {**_shown(connection, who, of, refused), "messages": kept(request, who.language)}

    return await show(request, who, "distribution_of.html", read, refused.refusal.status if refused else 200)


def _shown(connection: sa.Connection, who: Visitor, of: Of, refused: Refused | None) -> dict[str, Any]:
    snapshot, language, path = organisation(connection), who.language, href(of)
    keeping.must_keep(snapshot, who.actor)
    title, type_code = _title(connection, of, language)
    rules = t.distribution.c
    whose = rules.document_id == of.document_id if of.document_id else rules.type_code == of.type_code
    rows = connection.execute(sa.select(t.distribution).where(whose).order_by(rules.id)).all()
    inherited = laid_down(connection).by_type.get(type_code, ()) if of.document_id else ()
    return {
        "title": title,
        "of_document": of.document_id is not None,
        "document": f"/documents/{of.document_id}" if of.document_id else "",
        "type": {"text": type_code, "href": href(Of(type_code=type_code))},
        "inherited": [_name(rule, snapshot, language) for rule in inherited],
        "people": keeping.how_many(connection, of, today(who.now)),
        "rules": [
            {
                "name": _name(rule_of(dict(row._mapping)), snapshot, language),
                "form": keep_form(connection, who, f"{path}/{row.id}/remove", _REMOVE, (), {}, refused, tone="quiet"),
            }
            for row in rows
        ],
        "add": keep_form(connection, who, f"{path}/add", _ADD, keeping.ADDS, {}, refused),
        "past": _past(connection, of, snapshot, language),
        "crumbs": [{"href": PATH, "label": say(_DISTRIBUTION, language)}, {"label": title}],
    }


def _title(connection: sa.Connection, of: Of, language: str) -> tuple[str, str]:
    """What it is called, and the type. Raises NotFound."""
    if of.document_id:
        row = connection.execute(sa.select(t.document).where(t.document.c.id == of.document_id)).first()
        if row is None:
            raise NotFound
        return f"{row.code} {row.title}", row.type_code
    row = connection.execute(sa.select(t.document_type).where(t.document_type.c.code == of.type_code)).first()
    if row is None:
        raise NotFound
    return f"{row.code} · {Text(row.name_ky, row.name_ru, row.name_en).into(language)}", row.code


def _name(rule: Rule, snapshot: Organisation, language: str) -> str:
    """Whom a rule means, in words."""
    if rule.unit_id:
        return say(_UNIT, language, {"unit": heading(snapshot.units[rule.unit_id].name, language)})
    if rule.post_id:
        return heading(snapshot.posts[rule.post_id].name, language)
    if rule.person_id:
        return snapshot.people[rule.person_id].name.into(language)
    return say(_EVERYBODY, language)


def _past(connection: sa.Connection, of: Of, snapshot: Organisation, language: str) -> list[dict[str, Any]]:
    """Who laid down what, when: the last one first."""
    event = t.event.c
    about = event.about_id == of.document_id if of.document_id else sa.true()
    rows = connection.execute(sa.select(t.event).where(event.kind.in_(_KINDS), about).order_by(event.number.desc()))
    found = []
    for row in rows:
        plain: dict[str, Any] = row.facts["after"] or row.facts["before"]
        told: dict[str, Any] = {name: UUID(one) if name.endswith("_id") and one else one for name, one in plain.items()}
        if Of(told["type_code"], told["document_id"]) != of:
            continue
        actor = snapshot.people.get(row.actor_id)
        found.append(
            {
                "what": say(_KINDS[row.kind], language, {"whom": _name(rule_of(told), snapshot, language)}),
                "who": actor.name.into(language) if actor else "",
                "day": day_in_words(today(row.at), language),
            }
        )
    return found


_DISTRIBUTION = N_("Whom documents concern")
_USUAL = N_("the unit that the document concerns, and its owner")
_EVERYBODY, _UNIT = N_("Everybody"), N_("%(unit)s, with all that belongs to it")
_ADD, _REMOVE = N_("Add"), N_("Take away")
_KINDS: Final = {"distribution.added": N_("Added: %(whom)s"), "distribution.removed": N_("Taken away: %(whom)s")}
