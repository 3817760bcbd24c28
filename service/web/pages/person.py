"""Who one is here, and in which language: two cookies, set by forms."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from models import tables as t
from service.language import say
from service.organisation import Organisation, PersonFacts, organisation
from service.reading.waiting import waiting
from service.web.entering import forget
from service.web.pages.forms import sent
from service.web.pages.frame import show, way_in
from service.web.pages.wording import heading, local
from service.web.site import LANGUAGE, PERSON, Anybody, Here, Visitor, site
from states.kyrgyz import sort_key
from states.refusals import NotFound
from states.roles import LABELS, Role
from states.text import LANGUAGES, N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600


@router.get("/")
async def first_page(request: Request, who: Anybody) -> Response:
    """My tasks, once Sapat knows who I am."""
    return RedirectResponse("/tasks" if who.person else way_in(request), 303)


@router.get("/healthz")
async def healthy(here: Here) -> Response:
    """Whether pages can be answered: the database is read."""
    await here.reading(lambda connection: connection.execute(sa.select(1)).scalar())
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


@router.get("/person")
async def choose_person(request: Request, who: Anybody) -> Response:
    """Everybody, by what they do in the day; where one proves who one is, nobody is shown."""
    back = local(request.query_params.get("next"))
    if way_in(request) != request.url.path:
        return RedirectResponse(f"{way_in(request)}?{urlencode({'next': back})}", 303)
    complaints = site(request).settings.complaints
    return await show(
        request, who, "person.html", lambda c: {"groups": _groups(c, who), "next": back, "complaints": complaints}
    )


@router.post("/person")
async def be_person(request: Request, here: Here) -> Response:
    """From now on I am this person, in this browser. Raises NotFound."""
    if not here.demo_sign_in(request.headers):
        raise NotFound
    form = await sent(request)
    known = sa.select(t.person.c.code).where(t.person.c.code == form.get("person", ""))
    code = await here.reading(lambda connection: connection.execute(known).scalar())
    if code is None:
        raise NotFound
    answer = RedirectResponse(local(form.get("next")), 303)
    forget(answer, here.settings)
    answer.set_cookie(PERSON, code, httponly=True, samesite="lax", secure=_protected(request))
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
    answer.set_cookie(LANGUAGE, language, max_age=YEAR, httponly=True, samesite="lax", secure=_protected(request))
    return answer


def _protected(request: Request) -> bool:
    # What the browser sees, whatever a proxy in between speaks.
    return site(request).settings.address.startswith("https://")


def _groups(connection: sa.Connection, who: Visitor) -> list[dict[str, Any]]:
    snapshot, tasks = organisation(connection), waiting(connection, who.now)
    owning = set(connection.execute(sa.select(t.process_owner.c.post_id)).scalars())
    parts: list[tuple[set[UUID | None], str, str]] = [
        *(({snapshot.post_of(role)}, heading(LABELS[role], who.language), note) for role, note in _ROLES.items()),
        ({body.secretary_post_id for body in snapshot.bodies.values()}, say(_SECRETARIES, who.language), _RECORD),
        ({*owning}, say(_OWNERS, who.language), _ANSWER),
        ({post.id for post in snapshot.posts.values() if post.heads}, say(_HEADS, who.language), _HEAR),
        ({*snapshot.posts}, say(_OTHERS, who.language), _READ),
    ]
    left = sorted(snapshot.people.values(), key=lambda person: sort_key(person.name.into(who.language)))
    groups: list[dict[str, Any]] = []
    for posts, label, note in parts:
        those = [one for one in left if not snapshot.posts_of(one.id, today(who.now)).isdisjoint(posts)]
        left = [one for one in left if one not in those]
        cards = [_card(snapshot, person, who, tasks) for person in those]
        groups.append({"label": label, "note": say(note, who.language), "people": cards})
    groups[-1]["people"] += [_card(snapshot, person, who, tasks) for person in left]
    return [group for group in groups if group["people"]]


def _card(
    snapshot: Organisation, person: PersonFacts, who: Visitor, tasks: Mapping[UUID, tuple[int, int]]
) -> dict[str, Any]:
    held = snapshot.posts_of(person.id, today(who.now))
    counted = [tasks.get(one, (0, 0)) for one in (person.id, *snapshot.actor(person.id, today(who.now)).posts)]
    return {
        "code": person.code,
        "name": heading(person.name, who.language),
        "posts": [
            heading(post.name, who.language)
            for post in snapshot.posts.values()
            if post.id in held and post.name != person.name
        ],
        "tasks": sum(number for number, _ in counted),
        "late": sum(late for _, late in counted),
        "current": who.person is not None and who.person.id == person.id,
    }


_ROLES = {
    Role.RECTOR: N_("Approves, or returns, what the councils have endorsed."),
    Role.QUALITY_SPECIALIST: N_("Registers nonconformities, checks what was done, and watches what is late."),
    Role.VICE_RECTOR: N_("Approves plans and more time; hears of what others did not solve."),
}
_SECRETARIES, _RECORD = N_("Secretaries of councils"), N_("Record what a council has decided.")
_OWNERS, _ANSWER = N_("Process owners"), N_("Write documents, correct what was found, carry out actions.")
_HEADS, _HEAR = N_("Heads of units"), N_("Carry out actions, and hear of what is late in their unit.")
_OTHERS, _READ = N_("Everybody else"), N_("Read what is in force, and report what they find.")
