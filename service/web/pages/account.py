"""One's own account: who one is here, in which language mails come, and how one signs in."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models import tables as t
from service.accounts import passkeys
from service.accounts.account import credentials, keep_password, own_words
from service.accounts.proving import confirm, needs_proof, session_of
from service.accounts.sessions import end_sessions, renew
from service.accounts.views import account_view, recovery_codes_left
from service.digest import choose_digest, has_digest
from service.events import log_event
from service.organisation import organisation, organisation_changed
from service.web.entering import set_session
from service.web.pages.forms import Refused, sent
from service.web.pages.frame import show
from service.web.pages.signing_in import new_password
from service.web.pages.wording import heading
from service.web.site import Here, Site, Visitor, Who
from states.refusals import NotFound, Refusal, SignedOut
from states.text import LANGUAGES
from states.working_days import today

router = APIRouter(include_in_schema=False)

SINGLE, DIGEST = "single", "digest"
# Each in itself: whoever looks for their language may read no other.
LANGUAGE_NAMES = {"ky": "Кыргызча", "ru": "Русский", "en": "English"}


@router.get("/account")
async def account(request: Request, who: Who) -> Response:
    """Who I am here."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot, me = organisation(connection), who.person
        if me is None:
            raise SignedOut
        held = snapshot.posts_of(me.id, today(who.now))
        view = account_view(connection, me.id, who.now)
        return {
            "me": me,
            "posts": [heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held],
            "account": view,
            "codes_left": recovery_codes_left(connection, view),
            "signed_in": who.session is not None,
            "mail_languages": [{"value": code, "label": name} for code, name in LANGUAGE_NAMES.items()],
            "mails": DIGEST if has_digest(connection, me.id) else SINGLE,
            "done": request.query_params.get("done", ""),
        }

    return await show(request, who, "account.html", read)


@router.post("/account/language")
async def set_language(request: Request, who: Who, here: Here) -> Response:
    """In which language mails come. Raises NotFound."""
    language, me = (await sent(request)).get("language", ""), who.person
    if language not in LANGUAGES or me is None:
        raise NotFound

    def write(connection: sa.Connection) -> None:
        connection.execute(sa.update(t.person).where(t.person.c.id == me.id).values(language=language))
        log_event(
            connection,
            "person.language",
            who.now,
            actor_id=me.id,
            about_id=me.id,
            address=who.address,
            before=me.language,
            after=language,
        )
        organisation_changed(connection)

    await here.writing(write)
    return RedirectResponse("/account?done=language", 303)


@router.post("/account/mails")
async def set_mails(request: Request, who: Who, here: Here) -> Response:
    """Whether news come each by itself, or as one mail a day. Raises NotFound."""
    wanted, me = (await sent(request)).get("mails", ""), who.person
    if wanted not in (SINGLE, DIGEST) or me is None:
        raise NotFound
    person_id = me.id
    await here.writing(lambda connection: choose_digest(connection, person_id, wanted == DIGEST, who.now, who.address))
    return RedirectResponse(f"/account?done={wanted}", 303)


@router.get("/account/password")
async def password_page(request: Request, who: Who, here: Here) -> Response:
    """Where one sets another password."""
    return await _password_page(request, who, here)


@router.post("/account/password")
async def set_password(request: Request, who: Who, here: Here) -> Response:
    """Another password: every other session ends, and this one goes on under a new token."""
    form, session, me = await sent(request), session_of(who), who.person
    if me is None:
        raise SignedOut
    known = await here.reading(lambda connection: credentials(connection, me.id))
    try:
        password = new_password(form, own_words(me))
        await confirm(here, who, form, always=bool(known and known.password_hash))
        kept = await here.passwords.hash(password)
    except Refusal as refusal:
        return await _password_page(request, who, here, refusal)

    def write(connection: sa.Connection) -> str:
        keep_password(connection, me.id, kept, me.id, who.now, who.address)
        end_sessions(connection, me.id, me.id, who.now, besides=session.token_hash, address=who.address)
        return renew(connection, session)

    answer = RedirectResponse("/account?done=password", 303)
    set_session(answer, here.settings, await here.writing(write))
    return answer


async def _password_page(request: Request, who: Visitor, here: Site, refusal: Refusal | None = None) -> Response:
    session = session_of(who)

    def read(connection: sa.Connection) -> dict[str, Any]:
        known = credentials(connection, session.person_id)
        has = bool(known and known.password_hash)
        return {"has_password": has, "asks": has or needs_proof(session, who.now)}

    return await account_page(request, who, here, "account_password.html", read, refusal)


async def account_page(
    request: Request, who: Visitor, here: Site, template: str, use_case: Any, refusal: Refusal | None = None
) -> Response:
    """A page about how one signs in; with what is wrong, where something was refused. Raises SessionNeeded."""
    session = session_of(who)
    refused = Refused("", {}, refusal) if refusal else None
    wrong: Mapping[str, str] = refused.errors(who.language) if refused else {}

    def read(connection: sa.Connection) -> dict[str, Any]:
        return {
            "asks": needs_proof(session, who.now),
            "passkeys_work": passkeys.Party.at(here.settings.address) is not None,
            "refused": refused.message(who.language) if refused and not wrong else None,
            "wrong": wrong,
            "done": request.query_params.get("done", ""),
            **use_case(connection),
        }

    answer = await show(request, who, template, read, refusal.status if refusal else 200)
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer
