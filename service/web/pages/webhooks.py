"""Webhooks: the administrator enters, tries and disables them, and sees what did not arrive."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models.base import new_id
from service.accounts.administration import must_administer
from service.accounts.refusals import NotAdministrator
from service.events import log_event
from service.language import say, says
from service.outgoing import Outgoing
from service.reading.webhooks import FailedCall, WebhookView, list_failed_calls, list_webhooks
from service.web.pages.forms import sent
from service.web.pages.frame import show
from service.web.site import Here, Site, Visitor, Who
from service.webhook_calls import SIGNATURE, send
from service.webhooks import (
    Entered,
    active_webhook,
    disable_webhook,
    enter_webhook,
    renew_secret,
)
from states.kyrgyz import moment_in_words
from states.refusals import Incomplete, Refusal
from states.registry import lifecycle
from states.text import N_

router = APIRouter(include_in_schema=False)

PATH = "/webhooks"


class Said(NamedTuple):
    """What the page says about what was just done."""

    tone: str
    text: str
    title: str = ""


@router.get(PATH)
async def webhooks(request: Request, who: Who) -> Response:
    """All of them. Raises NotAdministrator."""
    return await _page(request, who)


@router.post(PATH)
async def enter(request: Request, who: Who, here: Here) -> Response:
    """Enter one; its secret stands on the page that answers, and on no other. Raises NotAdministrator."""
    typed = await sent(request)
    url, label = typed.get("url", "").strip(), typed.get("label", "").strip()
    await here.reading(lambda connection: must_administer(connection, who.actor, who.now))
    try:
        if url:
            await _outgoing(here).check_address(url)
        entered = await here.writing(
            lambda connection: enter_webhook(connection, here.vault(), who.actor, url, label, who.now)
        )
    except NotAdministrator:
        raise
    except Refusal as refusal:
        return await _page(request, who, typed=typed, refusal=refusal)
    return await _page(request, who, entered=entered)


@router.post("/webhooks/{webhook_id:uuid}/test")
async def try_out(request: Request, who: Who, here: Here, webhook_id: UUID) -> Response:
    """Send it something that tells of no move, and say what it answered. Raises NotAdministrator, NotFound."""
    body = json.dumps({"id": str(new_id()), "type": "test", "at": who.now.isoformat()}).encode()

    def opened(connection: sa.Connection) -> tuple[str, str]:
        return active_webhook(connection, here.vault(), who.actor, webhook_id, who.now)

    try:
        url, secret = await here.reading(opened)
        status = await send(_outgoing(here), url, secret, body, who.now)
    except ValueError:
        said, outcome = Said("late", say(_SECRET_LOST, who.language)), "secret"
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        title, next_step = says(refusal, who.language)
        said, outcome = Said("late", next_step, title), refusal.code
    else:
        taken, outcome = 200 <= status < 300, str(status)
        said = Said("good" if taken else "late", say(_TAKEN if taken else _NOT_TAKEN, who.language, {"status": status}))

    def log(connection: sa.Connection) -> None:
        me = who.actor.person_id
        log_event(connection, "webhook.tried", who.now, actor_id=me, about_id=webhook_id, outcome=outcome)

    await here.writing(log)
    return await _page(request, who, said=said)


@router.post("/webhooks/{webhook_id:uuid}/secret")
async def renew(request: Request, who: Who, here: Here, webhook_id: UUID) -> Response:
    """Another secret, shown on the page that answers. Raises NotAdministrator, NotFound."""
    renewed = await here.writing(
        lambda connection: renew_secret(connection, here.vault(), who.actor, webhook_id, who.now)
    )
    return await _page(request, who, entered=renewed)


@router.post("/webhooks/{webhook_id:uuid}/disable")
async def disable(who: Who, here: Here, webhook_id: UUID) -> Response:
    """Tell it nothing more. Raises NotAdministrator, NotFound."""
    await here.writing(lambda connection: disable_webhook(connection, who.actor, webhook_id, who.now))
    return RedirectResponse(PATH, 303)


async def _page(
    request: Request,
    who: Visitor,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    entered: Entered | None = None,
    said: Said | None = None,
) -> Response:
    errors = _errors(refusal, who.language) if refusal else {}

    def read(connection: sa.Connection) -> dict[str, Any]:
        must_administer(connection, who.actor, who.now)
        known = list_webhooks(connection)
        return {
            "active": [_active(one, who.language) for one in known if not one.disabled_at],
            "disabled": [_disabled(one, one.disabled_at, who.language) for one in known if one.disabled_at],
            "failed": [_failed(one, who.language) for one in list_failed_calls(connection)],
            "typed": typed or {},
            "errors": errors,
            "entered": entered,
            "whose": next((one.label for one in known if entered and one.id == entered.id), ""),
            "said": said,
            "header": SIGNATURE,
        }

    return await show(request, who, "webhooks.html", read, refusal.status if refusal else 200)


def _errors(refusal: Refusal, language: str) -> dict[str, str]:
    """A sentence for each field; whatever is not about a field is about the address."""
    if isinstance(refusal, Incomplete):
        return {name: say(sentence, language) for name, sentence in refusal.errors.items()}
    return {"url": " ".join(says(refusal, language))}


def _active(one: WebhookView, language: str) -> dict[str, Any]:
    last = {"note": moment_in_words(one.last_at, language)} if one.last_at else {}
    return {
        "id": one.id,
        "label": one.label,
        "url": one.url,
        "called": {"text": str(one.called), **last},
        "waiting": str(one.waiting),
        "given_up": str(one.given_up),
    }


def _disabled(one: WebhookView, since: datetime, language: str) -> dict[str, Any]:
    return {"name": {"text": one.label, "note": one.url}, "since": moment_in_words(since, language)}


def _failed(one: FailedCall, language: str) -> dict[str, Any]:
    again = moment_in_words(one.next_try_at, language) if one.next_try_at else say(_GIVEN_UP, language)
    return {
        "record": {
            "text": "",
            "code": one.code,
            "href": f"/{lifecycle(one.kind).collection}/{one.record_id}",
        },
        "webhook": one.label,
        "error": one.error,
        "attempts": one.attempts,
        "again": again,
    }


def _outgoing(here: Site) -> Outgoing:
    return Outgoing(here.settings.outgoing_allowed)


_GIVEN_UP = N_("given up")
_TAKEN = N_("The receiver has taken it (HTTP %(status)s).")
_NOT_TAKEN = N_("The receiver has not taken it: HTTP %(status)s. Only an answer of 200 to 299 counts.")
_SECRET_LOST = N_("Its secret cannot be read any more. Make a new one, and tell it to the receiver.")
