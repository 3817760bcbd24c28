"""Who one is here, and in which language: two cookies, set by forms."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from models import tables as t
from service.language import say
from service.organisation import Organisation, PersonFacts, organisation
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.wording import heading, local
from service.web.site import LANGUAGE, PERSON, Anybody, Here, Visitor
from states.kyrgyz import sort_key
from states.refusals import NotFound
from states.roles import LABELS, Role
from states.text import LANGUAGES, N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600
_ROLES = (Role.QUALITY_SPECIALIST, Role.RECTOR, Role.VICE_RECTOR)
_SECRETARIES, _OWNERS = N_("Secretaries of councils"), N_("Process owners")
_HEADS, _OTHERS = N_("Heads of units"), N_("Everybody else")


@router.get("/")
async def first_page(who: Anybody) -> Response:
    """My tasks, once Sapat knows who I am."""
    return RedirectResponse("/tasks" if who.person else "/person", 303)


@router.get("/healthz")
async def healthy(here: Here) -> Response:
    """Whether pages can be answered: the database is read."""
    await here.reading(lambda connection: connection.execute(sa.select(1)).scalar())
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


@router.get("/person")
async def choose_person(request: Request, who: Anybody) -> Response:
    """Everybody, by what they do in the day."""
    back = local(request.query_params.get("next"))
    return await show(request, who, "person.html", lambda c: {"groups": _groups(c, who), "next": back})


@router.post("/person")
async def be_person(request: Request, here: Here) -> Response:
    """From now on I am this person, in this browser. Raises NotFound."""
    form = await sent(request)
    known = sa.select(t.person.c.code).where(t.person.c.code == form.get("person", ""))
    code = await here.reading(lambda connection: connection.execute(known).scalar())
    if code is None:
        raise NotFound
    answer = RedirectResponse(local(form.get("next")), 303)
    answer.set_cookie(PERSON, code, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


@router.post("/language")
async def speak(request: Request) -> Response:
    """From now on, pages in this language; back to where one was."""
    language = (await sent(request)).get("language", "")
    if language not in LANGUAGES:
        raise NotFound
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = came_from.netloc == request.headers.get("Host")
    back = local(came_from.path + (f"?{came_from.query}" if came_from.query else "")) if here else "/"
    answer = RedirectResponse(back, 303)
    answer.set_cookie(
        LANGUAGE, language, max_age=YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return answer


def _groups(connection: sa.Connection, who: Visitor) -> list[dict[str, Any]]:
    snapshot = organisation(connection)
    owning = set(connection.execute(sa.select(t.process_owner.c.post_id)).scalars())
    secretaries = {body.secretary_post_id for body in snapshot.bodies.values()}
    heads = {post.id for post in snapshot.posts.values() if post.heads}
    parts: list[tuple[set[UUID | None], str]] = [
        *(({snapshot.post_of(role)}, heading(LABELS[role], who.language)) for role in _ROLES),
        ({*secretaries}, say(_SECRETARIES, who.language)),
        ({*owning}, say(_OWNERS, who.language)),
        ({*heads}, say(_HEADS, who.language)),
        ({*snapshot.posts}, say(_OTHERS, who.language)),
    ]
    seen: set[str] = set()
    groups: list[dict[str, Any]] = []
    everybody = sorted(snapshot.people.values(), key=lambda person: sort_key(person.name.into(who.language)))
    for posts, label in parts:
        those = [
            person
            for person in everybody
            if person.code not in seen and not snapshot.posts_of(person.id, today(who.now)).isdisjoint(posts)
        ]
        seen |= {person.code for person in those}
        groups.append({"label": label, "people": [_card(snapshot, person, who) for person in those]})
    rest = [person for person in everybody if person.code not in seen]
    groups[-1]["people"] += [_card(snapshot, person, who) for person in rest]
    return [group for group in groups if group["people"]]


def _card(snapshot: Organisation, person: PersonFacts, who: Visitor) -> dict[str, Any]:
    held = snapshot.posts_of(person.id, today(who.now))
    return {
        "code": person.code,
        "name": person.name.into(who.language),
        "posts": [heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held],
        "current": who.person is not None and who.person.id == person.id,
    }
