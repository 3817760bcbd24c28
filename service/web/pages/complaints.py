"""A complaint of somebody who has no account: a form for everybody, and the number to keep."""

from collections.abc import Mapping
from secrets import token_urlsafe

from fastapi import APIRouter, Request, Response

from service.complaints.complain import complain_once
from service.complaints.fields import ASKED, FIELDS, MORE, TRAP
from service.complaints.limits import from_network
from service.complaints.refusals import NoComplaints
from service.web.pages.forms import Refused, controls, sent, summary
from service.web.pages.frame import show
from service.web.site import Anybody, Here, Site, Visitor
from states.refusals import Refusal

router = APIRouter(include_in_schema=False)


@router.get("/complaint")
async def complaint_page(request: Request, who: Anybody, here: Here) -> Response:
    """The form."""
    _must_be_on(here)
    return await _form(request, who, {}, None)


@router.post("/complaint")
async def send_complaint(request: Request, who: Anybody, here: Here) -> Response:
    """Take it, and tell its number; or the form again with what is wrong, nothing typed lost."""
    _must_be_on(here)
    given = await sent(request)
    token = given.pop("form_token", "")
    told = {name: value for name, value in given.items() if name in (TRAP, *(field.name for field in FIELDS))}
    counter = from_network(here.settings.home, who.address, who.now)
    try:
        code = await here.writing(
            lambda connection: complain_once(connection, told, who.now, address=counter, token=token)
        )
    except Refusal as refusal:
        return await _form(request, who, {**told, "form_token": token}, Refused("complain", told, refusal))
    return await show(request, who, "complaint_taken.html", lambda _: {"code": code})


def _must_be_on(here: Site) -> None:
    if not here.settings.complaints:
        raise NoComplaints


async def _form(request: Request, who: Visitor, typed: Mapping[str, str], refused: Refused | None) -> Response:
    errors = refused.errors(who.language) if refused else {}

    context = {
        "token": typed.get("form_token") or token_urlsafe(16),
        "trap": TRAP,
        "asked": controls(ASKED, who.language, {}, typed, errors),
        "more": controls(MORE, who.language, {}, typed, errors),
        "opened": any(typed.get(field.name) for field in MORE),
        "errors": summary(FIELDS, errors, who.language),
        "refused": refused.message(who.language) if refused else None,
    }
    answer = await show(request, who, "complaint.html", lambda _: context, refused.refusal.status if refused else 200)
    answer.headers.update(getattr(refused.refusal if refused else None, "headers", {}))
    return answer
