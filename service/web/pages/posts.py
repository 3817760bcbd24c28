"""A post: who held it, holds it and will hold it; how the administrator changes, fills and closes it."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import holdings, posts
from service.keeping.change import keeps
from service.language import say
from service.organisation import PostFacts, organisation
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import CLOSES, carry_out, closing_day, keep_form, kept, must_keep, names_of, spell
from service.web.pages.organisation import PATH, post_link
from service.web.pages.wording import heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_in_words
from states.refusals import NotFound
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

HOLDS = tuple(field for field in holdings.HOLDS if field.name != "post")


@router.get("/organisation/posts/new")
async def new_post(request: Request, who: Who) -> Response:
    """The form. Raises NotYours."""
    return await _new(request, who, None)


@router.post("/organisation/posts/new")
async def add_post(request: Request, who: Who, here: Here) -> Response:
    """A new post, or the form again."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: posts.add_post(connection, typed, who.actor, who.now),
        lambda post_id: f"{PATH}/posts/{post_id}",
        lambda refused: _new(request, who, refused),
    )


@router.get("/organisation/posts/{post_id:uuid}")
async def post(request: Request, who: Who, post_id: UUID) -> Response:
    """The post. Raises NotFound."""
    return await _post(request, who, post_id, None)


@router.post("/organisation/posts/{post_id:uuid}/{verb}")
async def keep_post(request: Request, who: Who, here: Here, post_id: UUID, verb: str) -> Response:
    """Change it, fill it, close it, let it be filled again. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        match verb:
            case "change":
                posts.change_post(connection, post_id, typed, who.actor, who.now)
            case "hold":
                named = organisation(connection).posts.get(post_id)
                code = named.code if named else ""
                holdings.hold_post(connection, {**typed, "post": code}, who.actor, who.now)
            case "close":
                day = closing_day(connection, who, typed, posts.WHAT)
                posts.close_post(connection, post_id, day, who.actor, who.now)
            case "reopen":
                posts.reopen_post(connection, post_id, who.actor, who.now)
            case _:
                raise NotFound

    return await carry_out(
        request, here, use_case, f"{PATH}/posts/{post_id}", lambda refused: _post(request, who, post_id, refused)
    )


@router.post("/organisation/posts/{post_id:uuid}/holdings/{holding_id:uuid}/{verb}")
async def keep_holding(request: Request, who: Who, here: Here, post_id: UUID, holding_id: UUID, verb: str) -> Response:
    """Somebody leaves the post, or does not begin. Raises NotYours, NotFound."""

    def use_case(connection: sa.Connection, typed: dict[str, str]) -> None:
        if verb == "leave":
            holdings.leave_post(connection, holding_id, typed, who.actor, who.now)
        elif verb == "withdraw":
            holdings.withdraw_holding(connection, holding_id, who.actor, who.now)
        else:
            raise NotFound

    return await carry_out(
        request, here, use_case, f"{PATH}/posts/{post_id}", lambda refused: _post(request, who, post_id, refused)
    )


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, posts.WHAT)
        form = keep_form(connection, who, f"{PATH}/posts/new", _ADD, posts.ADDS, dict(request.query_params), refused)
        crumbs = [{"href": PATH, "label": say(_ORGANISATION, who.language)}, {"label": say(_NEW, who.language)}]
        return {"form": form, "title": say(_NEW, who.language), "lede": "", "crumbs": crumbs}

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _post(request: Request, who: Visitor, post_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language, day = organisation(connection), who.language, today(who.now)
        if post_id not in snapshot.posts:
            raise NotFound
        one, may = snapshot.posts[post_id], keeps(snapshot, who.actor)
        unit = snapshot.units[one.unit_id]
        above = snapshot.superior(post_id)
        return {
            "post": one,
            "role": heading(one.role.label, language) if one.role else "",
            "unit": {"href": f"{PATH}/units/{unit.id}", "text": heading(unit.name, language)},
            "above": post_link(snapshot.posts[above], language) if above else None,
            "vacant": not one.closed_on and not snapshot.holders(post_id, day),
            "answering": ", ".join(names_of(snapshot, snapshot.answering(post_id, day), language)),
            "closed_on": day_in_words(one.closed_on, language) if one.closed_on else "",
            "spells": _spells(connection, who, one, day, refused, may=may),
            "forms": _forms(connection, who, one, refused) if may else {},
            "messages": kept(request, language),
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, language)},
                {"href": f"{PATH}/units/{unit.id}", "label": heading(unit.name, language)},
                {"label": heading(one.name, language)},
            ],
        }

    return await show(request, who, "post.html", read, refused.refusal.status if refused else 200)


def _spells(
    connection: sa.Connection, who: Visitor, one: PostFacts, day: date, refused: Refused | None, *, may: bool
) -> list[dict[str, Any]]:
    """Who holds the post now, will hold it, held it: the latest first."""
    people = organisation(connection).people
    rows = sa.select(t.holding).where(t.holding.c.post_id == one.id).order_by(t.holding.c.since.desc())
    found = []
    for row in connection.execute(rows):
        path, ahead = f"{PATH}/posts/{one.id}/holdings/{row.id}", row.since > day
        over = row.until is not None and row.until < day
        verb, button, fields = ("withdraw", _WITHDRAW, ()) if ahead else ("leave", _LEAVE, holdings.LEAVES)
        typed = {"until": row.until or ""}
        form = keep_form(connection, who, f"{path}/{verb}", button, fields, typed, refused, tone="quiet")
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


def _forms(connection: sa.Connection, who: Visitor, one: PostFacts, refused: Refused | None) -> dict[str, Any]:
    path = f"{PATH}/posts/{one.id}"
    if one.closed_on:
        return {"reopen": keep_form(connection, who, f"{path}/reopen", _REOPEN, (), {}, refused, tone="quiet")}
    typed = {
        **{f"name_{language}": name for language, name in one.name._asdict().items()},
        "unit": organisation(connection).units[one.unit_id].code,
        "role": (one.role or posts.NO_ROLE).value,
        "heads": "yes" if one.heads else "",
    }
    return {
        "hold": keep_form(connection, who, f"{path}/hold", _HOLD, HOLDS, {"since": today(who.now)}, refused),
        "change": keep_form(connection, who, f"{path}/change", _KEEP, posts.CHANGES, typed, refused),
        "close": keep_form(connection, who, f"{path}/close", _CLOSE, CLOSES, {}, refused, tone="danger"),
    }


_ORGANISATION, _NEW, _ADD = N_("Organisation"), N_("New post"), N_("Enter the post")
_KEEP, _CLOSE, _REOPEN = N_("Keep the change"), N_("Close the post"), N_("Let it be filled again")
_HOLD, _LEAVE, _WITHDRAW = N_("Let them hold the post"), N_("Keep the last day"), N_("Take it back")
