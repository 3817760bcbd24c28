"""A council: its secretary and chair, what it is the council of, and who sits in it."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import bodies
from service.keeping.change import keeps
from service.keeping.holdings import LEAVES
from service.language import say
from service.organisation import BodyFacts, organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept, must_keep, spell
from service.web.pages.organisation import PATH, post_line
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.refusals import NotFound
from states.text import N_
from states.voting import Majority, Quorum
from states.working_days import today

router = APIRouter(include_in_schema=False)


@router.get("/organisation/bodies/new")
async def new_body(request: Request, who: Who) -> Response:
    """The form. Raises NotYours."""
    return await _new(request, who, None)


@router.post("/organisation/bodies/new")
async def add_body(request: Request, who: Who, here: Here) -> Response:
    """A new council, or the form again."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: bodies.add_body(connection, typed, who.actor, who.now),
        lambda body_id: f"{PATH}/bodies/{body_id}",
        lambda refused: _new(request, who, refused),
    )


@router.get("/organisation/bodies/{body_id:uuid}")
async def body(request: Request, who: Who, body_id: UUID) -> Response:
    """The council. Raises NotFound."""
    return await _body(request, who, body_id, None)


@router.post("/organisation/bodies/{body_id:uuid}/{verb}")
async def keep_body(request: Request, who: Who, here: Here, body_id: UUID, verb: str) -> Response:
    """Change it, or let somebody sit in it. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        if verb == "change":
            bodies.change_body(connection, body_id, typed, who.actor, who.now)
        elif verb == "seat":
            bodies.seat_member(connection, body_id, typed, who.actor, who.now)
        else:
            raise NotFound

    return await carry_out(
        request, here, use_case, f"{PATH}/bodies/{body_id}", lambda refused: _body(request, who, body_id, refused)
    )


@router.post("/organisation/bodies/{body_id:uuid}/members/{membership_id:uuid}/{verb}")
async def keep_member(
    request: Request, who: Who, here: Here, body_id: UUID, membership_id: UUID, verb: str
) -> Response:
    """Somebody leaves the council, or does not begin. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        if verb == "leave":
            bodies.unseat_member(connection, membership_id, typed, who.actor, who.now)
        elif verb == "withdraw":
            bodies.withdraw_membership(connection, membership_id, who.actor, who.now)
        else:
            raise NotFound

    return await carry_out(
        request, here, use_case, f"{PATH}/bodies/{body_id}", lambda refused: _body(request, who, body_id, refused)
    )


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, bodies.WHAT)
        form = keep_form(connection, who, f"{PATH}/bodies/new", _ADD, bodies.ADDS, _USUAL, refused)
        crumbs = [{"href": PATH, "label": say(_ORGANISATION, who.language)}, {"label": say(_NEW, who.language)}]
        return {"form": form, "title": say(_NEW, who.language), "lede": "", "crumbs": crumbs}

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _body(request: Request, who: Visitor, body_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        one = next((each for each in snapshot.bodies.values() if each.id == body_id), None)
        if one is None:
            raise NotFound
        may = keeps(snapshot, who.actor)
        unit = snapshot.units[one.unit_id] if one.unit_id else None
        offices = (one.secretary_post_id, one.chair_post_id)
        return {
            "body": one,
            "offices": [post_line(snapshot, snapshot.posts[post], who) if post else None for post in offices],
            "unit": {"href": f"{PATH}/units/{unit.id}", "text": heading(unit.name, language)} if unit else None,
            "rules": _rules(connection, one.id, language),
            "members": _members(connection, who, one, refused, may=may),
            "forms": _forms(connection, who, one, refused) if may else {},
            "messages": kept(request, language),
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, language)},
                {"label": heading(one.name, language)},
            ],
        }

    return await show(request, who, "council.html", read, refused.refusal.status if refused else 200)


def _rules_of(connection: sa.Connection, body_id: UUID) -> sa.RowMapping:
    return connection.execute(sa.select(*_RULES).where(t.body.c.id == body_id)).mappings().one()


def _rules(connection: sa.Connection, body_id: UUID, language: str) -> list[dict[str, Any]]:
    """By which rules it decides, in words."""
    rules = _rules_of(connection, body_id)
    fields = {one.name: one for one in bodies.CHANGES}
    return [
        {"term": heading(fields["quorum"].label, language), "value": Quorum(rules["quorum"]).label.into(language)},
        {
            "term": heading(fields["majority"].label, language),
            "value": Majority(rules["majority"]).label.into(language),
        },
        {"term": say(_PROXIES, language), "value": say(_ALLOWED if rules["proxies"] else _NOT_ALLOWED, language)},
        {
            "term": heading(fields["language"].label, language),
            "value": next(one.label for one in fields["language"].choices if one.value == rules["language"]).into(
                language
            ),
        },
    ]


def _members(
    connection: sa.Connection, who: Visitor, one: BodyFacts, refused: Refused | None, *, may: bool
) -> list[dict[str, Any]]:
    """Who sits in it now and ahead, then who did."""
    people, day = organisation(connection).people, today(who.now)
    rows = sa.select(t.membership).where(t.membership.c.body_id == one.id).order_by(t.membership.c.since)
    found = []
    for row in connection.execute(rows):
        ahead, over = row.since > day, row.until is not None and row.until < day
        verb, button, fields = ("withdraw", _WITHDRAW, ()) if ahead else ("leave", _LEAVE, LEAVES)
        path = f"{PATH}/bodies/{one.id}/members/{row.id}/{verb}"
        form = keep_form(connection, who, path, button, fields, {"until": row.until or ""}, refused, tone="quiet")
        found.append(
            {
                "href": f"{PATH}/people/{row.person_id}",
                "name": people[row.person_id].name.into(who.language),
                "days": spell(row.since, row.until, who.language),
                "when": "before" if over else "ahead" if ahead else "now",
                "form": form if may and not over else None,
            }
        )
    return sorted(found, key=lambda row: ("now", "ahead", "before").index(str(row["when"])))


def _forms(connection: sa.Connection, who: Visitor, one: BodyFacts, refused: Refused | None) -> dict[str, Any]:
    snapshot, path = organisation(connection), f"{PATH}/bodies/{one.id}"
    typed = {
        **{f"name_{language}": name for language, name in one.name._asdict().items()},
        "secretary": snapshot.posts[one.secretary_post_id].code,
        "chair": snapshot.posts[one.chair_post_id].code if one.chair_post_id else "",
        "unit": snapshot.units[one.unit_id].code if one.unit_id else "",
        **_rules_of(connection, one.id),
    }
    begins: dict[str, date] = {"since": today(who.now)}
    return {
        "seat": keep_form(connection, who, f"{path}/seat", _SEAT, bodies.SITS, begins, refused),
        "change": keep_form(connection, who, f"{path}/change", _KEEP, bodies.CHANGES, typed, refused),
    }


_USUAL = {"quorum": Quorum.HALF.value, "majority": Majority.PRESENT.value, "language": "ky"}
_RULES = (t.body.c.quorum, t.body.c.majority, t.body.c.proxies, t.body.c.language)
_PROXIES, _ALLOWED, _NOT_ALLOWED = N_("Votes by proxy"), N_("allowed"), N_("not allowed")
_ORGANISATION, _NEW, _ADD = N_("Organisation"), N_("New council"), N_("Enter the council")
_KEEP, _SEAT = N_("Keep the change"), N_("Let them sit in the council")
_LEAVE, _WITHDRAW = N_("Keep the last day"), N_("Take it back")
