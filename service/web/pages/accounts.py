"""The accounts of everybody, for the administrator: links to set a password, disabling, a lost second factor."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.accounts import administration, second_factor
from service.accounts.proving import confirm
from service.accounts.views import account_view, account_views, find_people
from service.language import say
from service.organisation import PersonFacts, organisation
from service.web.pages.account import account_page
from service.web.pages.addresses import asked_for, link
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.refusals import NotFound, Refusal
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH = "/accounts"
DONE = {
    "disable": N_("The account is disabled: nobody signs in to it, and whoever was signed in is so no longer."),
    "enable": N_("The account may be used again."),
    "remove-second-factor": N_(
        "The second factor is taken away: the password alone is enough until another is set up."
    ),
}


@router.get(PATH)
async def accounts(request: Request, who: Who) -> Response:
    """Everybody, and how their account stands."""
    asked = asked_for(request, "q", "after")

    def read(connection: sa.Connection) -> dict[str, Any]:
        administration.must_administer(connection, who.actor, who.now)
        people, after = find_people(connection, asked.get("q", ""), who.language, asked.get("after", ""))
        views = account_views(connection, [one.id for one in people], who.now)
        return {
            "people": [(one, views[one.id]) for one in people],
            "words": asked.get("q", ""),
            "next_href": link(PATH, asked, after=after) if after else "",
            "first_href": link(PATH, asked, after=None) if asked.get("after") else "",
        }

    return await show(request, who, "accounts.html", read)


@router.get(PATH + "/{code}")
async def one(request: Request, who: Who, here: Here, code: str) -> Response:
    """One account."""
    return await _page(request, who, here, code)


@router.post(PATH + "/{code}/link")
async def make_link(request: Request, who: Who, here: Here, code: str) -> Response:
    """A link for its person, shown this once."""

    def write(connection: sa.Connection, person: PersonFacts) -> str:
        return administration.link_for(connection, person.id, who.actor, who.now)

    return await _doing(request, who, here, code, write)


@router.post(PATH + "/{code}/disable")
async def disable(request: Request, who: Who, here: Here, code: str) -> Response:
    """Nobody signs in to it any more."""

    def write(connection: sa.Connection, person: PersonFacts) -> None:
        administration.disable(connection, person.id, who.actor, who.now)

    return await _doing(request, who, here, code, write, "disable")


@router.post(PATH + "/{code}/enable")
async def enable(request: Request, who: Who, here: Here, code: str) -> Response:
    """It may be used again."""

    def write(connection: sa.Connection, person: PersonFacts) -> None:
        administration.enable(connection, person.id, who.actor, who.now)

    return await _doing(request, who, here, code, write, "enable")


@router.post(PATH + "/{code}/remove-second-factor")
async def remove_second_factor(request: Request, who: Who, here: Here, code: str) -> Response:
    """For whoever lost their device and their recovery codes."""

    def write(connection: sa.Connection, person: PersonFacts) -> None:
        second_factor.remove(connection, person.id, who.actor.person_id, who.now)

    return await _doing(request, who, here, code, write, "remove-second-factor")


async def _doing(
    request: Request,
    who: Visitor,
    here: Site,
    code: str,
    use_case: Callable[[sa.Connection, PersonFacts], str | None],
    done: str = "",
) -> Response:
    form = await sent(request)

    def write(connection: sa.Connection) -> str | None:
        return use_case(connection, _administered(connection, who, code))

    try:
        await here.reading(lambda connection: _administered(connection, who, code))
        await confirm(here, who, form)
        token = await here.writing(write)
    except Refusal as refusal:
        return await _page(request, who, here, code, refusal)
    return await _page(
        request, who, here, code, made=f"{here.settings.address}/link/{token}" if token else "", done=done
    )


async def _page(
    request: Request,
    who: Visitor,
    here: Site,
    code: str,
    refusal: Refusal | None = None,
    made: str = "",
    done: str = "",
) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        person, snapshot = _administered(connection, who, code), organisation(connection)
        held = snapshot.posts_of(person.id, today(who.now))
        return {
            "whose": person,
            "posts": [heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held],
            "account": account_view(connection, person.id, who.now),
            "own": person.id == who.actor.person_id,
            "made": made,
            "done_text": say(DONE.get(done, ""), who.language),
        }

    return await account_page(request, who, here, "account_of.html", read, refusal)


def _administered(connection: sa.Connection, who: Visitor, code: str) -> PersonFacts:
    """The person, for the administrator. Raises NotAdministrator, NotFound."""
    administration.must_administer(connection, who.actor, who.now)
    found = next((person for person in organisation(connection).people.values() if person.code == code), None)
    if found is None:
        raise NotFound
    return found
