"""The rector's desk: what waits, each with its council decision and its changes, and one order for several."""

import asyncio
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.accounts.proving import note_signed, prove
from service.differences.chosen import Chosen, choose
from service.differences.words import Outcome
from service.language import say
from service.moves import Moved
from service.orders import MOST, Seen, approve_all
from service.organisation import organisation
from service.reading.deputies import standing_in
from service.reading.desk import coming, desk_name, done_by, require_desk, type_names, waiting
from service.reading.permitted import may_read
from service.reading.records import read_record
from service.subject import load
from service.web.pages.desk_order import CHOSEN, Sent, ordering, seen_of
from service.web.pages.desk_shown import APPROVED_FROM, card, coming_line, with_differences
from service.web.pages.differences import compared
from service.web.pages.forms import SECRETS, Refused, sent_with_files
from service.web.pages.frame import show
from service.web.pages.making import attempt
from service.web.pages.record import record_page
from service.web.pages.signing import proving
from service.web.pages.standing import done as just_done
from service.web.site import Here, Site, Visitor, Who, site
from states.kyrgyz import day_in_words
from states.refusals import Incomplete, Refusal
from states.registry import lifecycle
from states.roles import Role
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

# All comparisons of a page together have so many seconds; what takes longer is there when the page is opened again.
PATIENCE: Final = 4.0
IN_FORCE: Final = "effective"


@router.get("/desk")
async def desk(request: Request, who: Who, here: Here) -> Response:
    """The most urgent first. `?done=` the records that an order has just approved."""
    cursor = request.query_params.get("after")

    def look(connection: sa.Connection) -> dict[UUID, Chosen]:
        require_desk(connection, who.actor)
        rows = waiting(connection, who.actor, who.now, cursor).rows
        subjects = [load(connection, row.record_id) for row in rows if row.step.name == APPROVED_FROM]
        return {one.id: choose(connection, one, who.actor, who.now) for one in subjects}

    chosen = await here.reading(look)
    outcomes = await _compared(here, chosen)
    return await show(request, who, "desk.html", lambda one: _desk(one, request, who, chosen, outcomes))


async def _compared(here: Site, chosen: dict[UUID, Chosen]) -> dict[UUID, Outcome | None]:
    found = await asyncio.gather(*(compared(here, one, PATIENCE) for one in chosen.values()))
    return dict(zip(chosen, found, strict=True))


def _desk(
    connection: sa.Connection,
    request: Request,
    who: Visitor,
    chosen: dict[UUID, Chosen],
    outcomes: dict[UUID, Outcome | None],
) -> dict[str, Any]:
    snapshot, asked, language = organisation(connection), request.query_params, who.language
    page = waiting(connection, who.actor, who.now, asked.get("after"))
    how, types = proving(connection, request, who), type_names(connection)
    absent = standing_in(snapshot, who.actor, today(who.now))
    home = site(request).settings.home
    cards = [card(connection, task, who, how, types, absent, home) for task in page.rows]
    for one in cards:
        with_differences(one, chosen.get(one["id"]), outcomes.get(one["id"]), language)
    next_ones = coming(connection, who.actor, who.now)
    return {
        "name": say(desk_name(rector=snapshot.plays(who.actor, Role.RECTOR)), language),
        "cards": cards,
        "may_order": any(one["approves"] and not one["why_not"] for one in cards),
        "passkeys": how.passkeys,
        "total": page.total,
        "late": sum(task.late for task in page.rows),
        "next_href": f"/desk?after={page.next}" if page.next else "",
        "first_href": "/desk" if asked.get("after") else "",
        "coming": [coming_line(one, language) for one in next_ones.rows],
        "coming_total": next_ones.total,
        "done": _done(connection, who, asked.getlist("done")),
        "chose_none": asked.get("chosen") == "none",
        "moved": _moved(connection, who, asked.get("moved", "")),
    }


def _moved(connection: sa.Connection, who: Visitor, asked: str) -> dict[str, Any] | None:
    """What was just decided on a card, where they may still read it: said once, of its last entry."""
    seen = _chosen(asked)
    if seen is None or not may_read(connection, seen.record_id, who.actor, who.now):
        return None
    view = read_record(connection, seen.record_id, who.actor, who.now)
    said = just_done(view, who, str(seen.version))
    href, fields = f"/{view.lifecycle.collection}/{view.subject.id}", view.subject.fields
    return {"href": href, "code": fields["code"], "title": fields["title"], "text": said[0]["text"]} if said else None


def _done(connection: sa.Connection, who: Visitor, asked: list[str]) -> list[dict[str, Any]]:
    """What an order has just approved, and how each stands."""
    records = [one for one in map(_identifier, asked[:MOST]) if one]
    one, language = lifecycle("document"), who.language
    lines = []
    for done in done_by(connection, who.actor, who.now, records) if records else ():
        facts = {"number": done.number, "state": one.steps[done.state].label}
        stands, stands_from = (_STANDS, _STANDS_FROM) if done.number else (_UNNUMBERED, _UNNUMBERED_FROM)
        text = say(stands, language, facts)
        if done.in_force_on:
            text = say(stands_from, language, {**facts, "day": day_in_words(done.in_force_on, language)})
        lines.append(
            {
                "href": f"/{one.collection}/{done.id}",
                "code": done.code,
                "title": done.title,
                "text": text,
                "controlled": done.state == IN_FORCE,
            }
        )
    return lines


@router.get("/desk/order")
async def order(request: Request, who: Who) -> Response:
    """What an order over the chosen ones would do; `?record=` each with the version that was chosen: `id.version`."""
    seen = [one for one in map(_chosen, request.query_params.getlist("record")[:MOST]) if one]
    if not seen:
        return RedirectResponse("/desk?chosen=none", 303)
    return await _order_page(request, who, Sent(tuple(seen)))


@router.post("/desk/order")
async def approve(request: Request, who: Who, here: Here) -> Response:
    """Approve them all and say so; or the same page with what is wrong, nothing typed lost."""
    typed = await sent_with_files(request, here, who, (CHOSEN,))
    secrets = {secret: typed.pop(secret, "") for secret in SECRETS}
    sent = seen_of(typed)
    try:
        if not 0 < len(sent.seen) <= MOST:
            raise Incomplete({CHOSEN.name: N_("Choose at least one document, and at most 50.")})
        proof = await prove(here, who, secrets)

        def make(connection: sa.Connection) -> dict[UUID, Moved]:
            moved = approve_all(connection, sent.seen, sent.given, who.actor, who.now, proof)
            note_signed(connection, who.session, who.now)
            return moved

        await here.writing(make)
    except Refusal as refusal:
        return await _order_page(request, who, Sent(sent.seen, sent.given, sent.left_out, refusal))
    done = "&".join(f"done={one.record_id}" for one in sent.seen)
    return RedirectResponse(f"/desk?{done}", 303)


@router.get("/desk/{record_id:uuid}/moves/{name}")
async def back_to_desk(record_id: UUID, name: str) -> Response:
    """A move is made by sending its form; whoever comes here otherwise wants the desk."""
    return RedirectResponse("/desk", 303)


@router.post("/desk/{record_id:uuid}/moves/{name}")
async def decide(request: Request, who: Who, here: Here, record_id: UUID, name: str) -> Response:
    """Decide on one of the cards by itself, and go on with the others; what is refused is said on its own page."""
    made = await attempt(request, who, here, record_id, lifecycle("document"), name)
    if isinstance(made, Refused):
        return await record_page(request, who, here, lifecycle("document").collection, record_id, made)
    return RedirectResponse(f"/desk?moved={record_id}.{made.moved.version}", 303)


async def _order_page(request: Request, who: Visitor, sent: Sent) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        require_desk(connection, who.actor)
        return ordering(connection, request, who, sent)

    answer = await show(request, who, "desk_order.html", read, sent.refusal.status if sent.refusal else 200)
    answer.headers.update(getattr(sent.refusal, "headers", {}))
    return answer


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _chosen(text: str) -> Seen | None:
    name, _, version = text.partition(".")
    record_id = _identifier(name)
    known = version.isascii() and version.isdigit() and len(version) < 10
    return Seen(record_id, int(version) if known else None) if record_id else None


_STANDS = N_("order № %(number)s, now “%(state)s”")
_STANDS_FROM = N_("order № %(number)s, in force from %(day)s, now “%(state)s”")
_UNNUMBERED = N_("without a numbered order, now “%(state)s”")
_UNNUMBERED_FROM = N_("without a numbered order, in force from %(day)s, now “%(state)s”")
