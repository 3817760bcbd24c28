"""The mails that a demonstration's own SMTP server has kept: anybody's, for they leave this machine by no way."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from notifications.sink import Mail, Mailbox, NoSuchMailError
from service.organisation import PersonFacts, organisation
from service.web.pages.addresses import asked_for, link
from service.web.pages.files import POLICY, disposition, in_words
from service.web.pages.frame import show
from service.web.site import Here, Site, Visitor, Who
from states.kyrgyz import moment_in_words, sort_key
from states.refusals import Malformed, NotFound
from states.registry import lifecycles

router = APIRouter(include_in_schema=False)

PAGE = 50
# The frame may be shown by our own pages; it runs nothing, loads nothing, and knows no other origin.
FRAME_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"


@router.get("/mailbox")
async def mails(request: Request, who: Who, here: Here) -> Response:
    """The mails of one person, mine unless another is chosen, the newest first."""
    mailbox, asked = _mailbox(here), asked_for(request, "of", "before")
    if not asked.get("before", "0").isdecimal():
        raise Malformed
    before = int(asked["before"]) if "before" in asked else None

    def read(connection: sa.Connection) -> dict[str, Any]:
        people = organisation(connection).people
        whose = _whose(people.values(), asked.get("of"), who)
        entries = mailbox.entries(whose.email, PAGE + 1, before)
        more = entries[PAGE - 1].id if len(entries) > PAGE else None
        return {
            "whose": whose,
            "people": sorted(
                ({"value": one.code, "label": one.name.into(who.language)} for one in people.values()),
                key=lambda one: sort_key(one["label"]),
            ),
            "mails": [
                {
                    "subject": {"text": entry.subject, "href": f"/mailbox/{entry.id}"},
                    "at": moment_in_words(entry.received_at, who.language),
                }
                for entry in entries[:PAGE]
            ],
            "next_href": link("/mailbox", asked, before=str(more)) if more else "",
            "first_href": link("/mailbox", asked, before=None) if before else "",
        }

    return await show(request, who, "mailbox.html", read)


@router.get("/mailbox/{mail_id:int}")
async def mail(request: Request, who: Who, here: Here, mail_id: int) -> Response:
    """One mail: how it looks, its words, its headers."""
    mailbox = _mailbox(here)

    def read(connection: sa.Connection) -> dict[str, Any]:
        found = _read(mailbox, mail_id)
        people = organisation(connection).people.values()
        return {
            "mail": found,
            "whose": next((one for one in people if one.email.casefold() == found.entry.recipient), None),
            "headers": _headers(found),
            "about": _about(found),
            "enclosures": [
                {
                    "name": one.name,
                    "href": f"/mailbox/{mail_id}/enclosures/{number}",
                    "kind": one.name.rpartition(".")[2].upper(),
                    "size": in_words(len(one.content), who.language),
                    "sha256": sha256(one.content).hexdigest(),
                }
                for number, one in enumerate(found.enclosures, start=1)
            ],
        }

    return await show(request, who, "mail.html", read)


@router.get("/mailbox/{mail_id:int}/enclosures/{number:int}")
async def enclosure(who: Who, here: Here, mail_id: int, number: int) -> Response:
    """A file that came with a mail, to be saved: whatever it is, no browser shows it as a page of ours."""
    mailbox = _mailbox(here)
    found = await here.reading(lambda _: _read(mailbox, mail_id))
    if not 1 <= number <= len(found.enclosures):
        raise NotFound
    one = found.enclosures[number - 1]
    headers = {
        "Content-Disposition": disposition(one.name),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return Response(one.content, headers=headers, media_type="application/octet-stream")


@router.get("/mailbox/{mail_id:int}/html")
async def mail_html(who: Who, here: Here, mail_id: int) -> Response:
    """The HTML part as it came, for a frame in which it can do nothing."""
    mailbox = _mailbox(here)
    found = await here.reading(lambda _: _read(mailbox, mail_id))
    return HTMLResponse(found.html, headers={"Content-Security-Policy": FRAME_POLICY, "Cache-Control": "no-store"})


def _mailbox(here: Site) -> Mailbox:
    if here.mailbox is None:
        raise NotFound
    return here.mailbox


def _read(mailbox: Mailbox, mail_id: int) -> Mail:
    try:
        return mailbox.read(mail_id)
    except NoSuchMailError as error:
        raise NotFound from error


def _whose(people: Iterable[PersonFacts], code: str | None, who: Visitor) -> PersonFacts:
    wanted = code or (who.person.code if who.person else "")
    found = next((one for one in people if one.code == wanted), None)
    if found is None:
        raise NotFound
    return found


def _headers(found: Mail) -> list[dict[str, str]]:
    head = found.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    lines = re.sub(r"\n[ \t]+", " ", head).splitlines()
    return [
        {"term": name, "value": value.strip()}
        for name, colon, value in (line.partition(":") for line in lines)
        if colon
    ]


def _about(found: Mail) -> str:
    """The record that the mail is about, as a path of ours, if it names one."""
    collections = "|".join(one.collection for one in lifecycles().values())
    named = re.search(rf"https?://[^/\s]+(/(?:{collections})/[0-9a-f-]{{36}})\b", found.text)
    return named.group(1) if named else ""
