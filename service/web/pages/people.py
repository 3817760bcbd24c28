"""People: a list with a search, and one person with posts now and before, absences, and how much waits for them."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.keeping import people as keeping
from service.keeping.absences import may_enter, may_see
from service.keeping.change import keeps
from service.language import say
from service.organisation import Organisation, PersonFacts, organisation
from service.reading.waiting import waiting
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.keeping import carry_out, keep_form, kept, must_keep, spell
from service.web.pages.organisation import PATH
from service.web.pages.wording import heading, in_all
from service.web.site import Here, Visitor, Who
from states.kyrgyz import fold, sort_key
from states.refusals import NotFound
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PEOPLE = f"{PATH}/people"
MOST = 200


@router.get("/organisation/people")
async def people(request: Request, who: Who) -> Response:
    """Everybody, in the order of their names, or who a search finds."""
    asked = request.query_params.get("q", "").strip()

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language = organisation(connection), who.language
        found = [one for one in snapshot.people.values() if not asked or _means(one, fold(asked))]
        found.sort(key=lambda one: sort_key(one.name.into(language)))
        return {
            "rows": [_row(snapshot, one, who) for one in found[:MOST]],
            "asked": asked,
            "total": in_all(len(found), language),
            "more": len(found) > MOST,
            "keeps": keeps(snapshot, who.actor),
            "crumbs": [{"href": PATH, "label": say(_ORGANISATION, language)}, {"label": say(_PEOPLE, language)}],
        }

    return await show(request, who, "people.html", read)


@router.get("/organisation/people/new")
async def new_person(request: Request, who: Who) -> Response:
    """The form. Raises NotYours."""
    return await _new(request, who, None)


@router.post("/organisation/people/new")
async def add_person(request: Request, who: Who, here: Here) -> Response:
    """A new person, or the form again."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: keeping.add_person(connection, typed, who.actor, who.now),
        lambda person_id: f"{PEOPLE}/{person_id}",
        lambda refused: _new(request, who, refused),
    )


@router.get("/organisation/people/{person_id:uuid}")
async def person(request: Request, who: Who, person_id: UUID) -> Response:
    """The person. Raises NotFound."""
    return await _person(request, who, person_id, None)


@router.post("/organisation/people/{person_id:uuid}/change")
async def change_person(request: Request, who: Who, here: Here, person_id: UUID) -> Response:
    """Another name, address or language. Raises NotYours, NotFound."""
    return await carry_out(
        request,
        here,
        lambda connection, typed: keeping.change_person(connection, person_id, typed, who.actor, who.now),
        f"{PEOPLE}/{person_id}",
        lambda refused: _person(request, who, person_id, refused),
    )


async def _new(request: Request, who: Visitor, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        must_keep(organisation(connection), who, keeping.WHAT)
        form = keep_form(connection, who, f"{PEOPLE}/new", _ADD, keeping.ADDS, {"language": "ky"}, refused)
        crumbs = [{"href": PEOPLE, "label": say(_PEOPLE, who.language)}, {"label": say(_NEW, who.language)}]
        return {"form": form, "title": say(_NEW, who.language), "lede": "", "crumbs": crumbs}

    return await show(request, who, "keep_new.html", read, refused.refusal.status if refused else 200)


async def _person(request: Request, who: Visitor, person_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, language, day = organisation(connection), who.language, today(who.now)
        one = snapshot.people.get(person_id)
        if one is None:
            raise NotFound
        typed = {
            **{f"name_{each}": name for each, name in one.name._asdict().items()},
            "email": one.email,
            "language": one.language,
        }
        path = f"{PEOPLE}/{person_id}/change"
        may = keeps(snapshot, who.actor)
        tasks = waiting(connection, who.now)
        mine = [tasks.get(each, (0, 0)) for each in (person_id, *snapshot.actor(person_id, day).posts)]
        return {
            "somebody": one,
            "posts": _posts(connection, snapshot, person_id, who, day),
            "absences": _absences(connection, snapshot, person_id, who, day),
            "may_enter": may_enter(snapshot, who.actor, person_id),
            "tasks": sum(number for number, _ in mine),
            "late": sum(late for _, late in mine),
            "form": keep_form(connection, who, path, _KEEP, keeping.CHANGES, typed, refused) if may else None,
            "messages": kept(request, language),
            "crumbs": [
                {"href": PATH, "label": say(_ORGANISATION, language)},
                {"href": PEOPLE, "label": say(_PEOPLE, language)},
                {"label": one.name.into(language)},
            ],
        }

    return await show(request, who, "somebody.html", read, refused.refusal.status if refused else 200)


def _means(one: PersonFacts, words: str) -> bool:
    return any(words in fold(text) for text in (one.code, one.email, *one.name))


def _row(snapshot: Organisation, one: PersonFacts, who: Visitor) -> dict[str, Any]:
    held = snapshot.posts_of(one.id, today(who.now))
    names = [heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held]
    return {
        "name": {"text": one.name.into(who.language), "href": f"{PEOPLE}/{one.id}"},
        "posts": ", ".join(names) or None,
        "email": one.email,
    }


def _posts(
    connection: sa.Connection, snapshot: Organisation, person_id: UUID, who: Visitor, day: date
) -> list[dict[str, Any]]:
    rows = sa.select(t.holding).where(t.holding.c.person_id == person_id).order_by(t.holding.c.since.desc())
    return [
        {
            "post": {
                "text": heading(snapshot.posts[row.post_id].name, who.language),
                "href": f"{PATH}/posts/{row.post_id}",
            },
            "unit": heading(snapshot.units[snapshot.posts[row.post_id].unit_id].name, who.language),
            "days": spell(row.since, row.until, who.language),
            "when": _when(row, day, who.language),
        }
        for row in connection.execute(rows)
    ]


def _absences(
    connection: sa.Connection, snapshot: Organisation, person_id: UUID, who: Visitor, day: date
) -> list[dict[str, Any]]:
    """When they are away and who acts; why is said to few, and so is what was before."""
    absence, sees = t.absence.c, may_see(snapshot, who.actor, person_id)
    wanted = (absence.person_id == person_id) & absence.cancelled_at.is_(None)
    if not sees:
        wanted &= absence.until >= day
    rows = connection.execute(sa.select(t.absence).where(wanted).order_by(absence.since.desc()).limit(50))
    return [
        {
            "days": {
                "text": spell(row.since, row.until, who.language),
                **({"href": f"/absences/{row.id}"} if sees else {}),
            },
            "deputy": snapshot.people[row.deputy_id].name.into(who.language) if row.deputy_id else None,
            "when": _when(row, day, who.language),
        }
        for row in rows
    ]


def _when(row: Any, day: date, language: str) -> dict[str, str]:
    if row.since > day:
        return {"text": say(_AHEAD, language), "tone": "waiting"}
    if row.until is not None and row.until < day:
        return {"text": say(_BEFORE, language), "tone": "resting"}
    return {"text": say(_NOW, language), "tone": "good"}


_ORGANISATION, _PEOPLE, _NEW = N_("Organisation"), N_("People"), N_("New person")
_ADD, _KEEP = N_("Enter the person"), N_("Keep the change")
_NOW, _AHEAD, _BEFORE = N_("now"), N_("ahead"), N_("before")
