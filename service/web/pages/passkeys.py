"""One's passkeys: made with a device, named, taken away; and the challenges that a proof by passkey answers."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts import passkeys
from service.accounts.proving import confirm, session_of
from service.accounts.refusals import PasskeyRefused
from service.web.pages.account import account_page
from service.web.pages.forms import sent
from service.web.refused import problem_answer
from service.web.site import Here, Site, Visitor, Who
from states.refusals import Refusal, SignedOut

router = APIRouter(include_in_schema=False)

PATH = "/account/passkeys"


@router.get(PATH)
async def page(request: Request, who: Who, here: Here) -> Response:
    """My passkeys."""
    return await _page(request, who, here)


@router.post(f"{PATH}/challenge")
async def challenge(who: Who, here: Here) -> Response:
    """What the browser needs to show one of my passkeys, as a proof (JSON)."""
    try:
        session, party = session_of(who), _party(here)
        options = await here.writing(lambda connection: passkeys.ask(connection, party, who.now, session.person_id))
    except Refusal as refusal:
        return problem_answer(refusal, who.language)
    return _json(options)


@router.post(f"{PATH}/options")
async def options_for_new(request: Request, who: Who, here: Here) -> Response:
    """What the browser needs to make a passkey for me (JSON), once I have proved who I am."""
    form, person = await sent(request), who.person
    if person is None:
        raise SignedOut
    try:
        party = _party(here)
        await confirm(here, who, form)
        options = await here.writing(
            lambda connection: passkeys.ask_new(connection, party, person, who.language, who.now)
        )
    except Refusal as refusal:
        return problem_answer(refusal, who.language)
    return _json(options)


@router.post(PATH)
async def add(request: Request, who: Who, here: Here) -> Response:
    """Keep the passkey that the browser has made: its challenge was given to nobody who had not proved who they are."""
    form, session = await sent(request), session_of(who)
    answer, label = form.get("passkey", ""), form.get("label", "")
    try:
        party = _party(here)
        await here.writing(
            lambda connection: passkeys.add(connection, party, session.person_id, answer, label, who.now)
        )
    except Refusal as refusal:
        return await _page(request, who, here, refusal)
    return RedirectResponse(f"{PATH}?done=added", 303)


@router.post(PATH + "/{passkey_id:uuid}/name")
async def rename(request: Request, who: Who, here: Here, passkey_id: UUID) -> Response:
    """Call it something else."""
    label, session = (await sent(request)).get("label", ""), session_of(who)
    await here.writing(lambda connection: passkeys.rename(connection, session.person_id, passkey_id, label, who.now))
    return RedirectResponse(PATH, 303)


@router.post(PATH + "/{passkey_id:uuid}/remove")
async def remove(request: Request, who: Who, here: Here, passkey_id: UUID) -> Response:
    """It opens nothing any more."""
    form, session = await sent(request), session_of(who)
    mine = session.person_id
    try:
        await confirm(here, who, form)
        await here.writing(lambda connection: passkeys.remove(connection, mine, passkey_id, mine, who.now))
    except Refusal as refusal:
        return await _page(request, who, here, refusal)
    return RedirectResponse(f"{PATH}?done=removed", 303)


async def _page(request: Request, who: Visitor, here: Site, refusal: Refusal | None = None) -> Response:
    session = session_of(who)
    return await account_page(
        request,
        who,
        here,
        "passkeys.html",
        lambda connection: {"passkeys": passkeys.list_passkeys(connection, session.person_id)},
        refusal,
    )


def _party(here: Site) -> passkeys.Party:
    party = passkeys.Party.at(here.settings.address)
    if party is None:
        raise PasskeyRefused
    return party


def _json(options: str) -> Response:
    return Response(options, media_type="application/json", headers={"Cache-Control": "no-store"})
