"""A complaint of somebody who has no account, sent by a program: a university's own page, a kiosk."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.complaints.complain import complain_once
from service.complaints.fields import FIELDS, LONGEST, require_short
from service.complaints.limits import from_network
from service.complaints.refusals import NoComplaints
from service.web.api import schemas, shapes
from service.web.api.answer import answer
from service.web.api.asked import body, strict
from service.web.api.describe import KEY, PROBLEM, operation
from service.web.site import Anybody, Here
from states.refusals import Malformed
from states.text import N_

router = APIRouter(prefix="/api", tags=["complaints"])

LONGEST_KEY = 200


class Number(shapes.Shape):
    """The number of a complaint, for whoever made it."""

    code: str = Field(examples=["NC-2026-014"])


def _sends() -> schemas.Schema:
    form = schemas.form(FIELDS)
    shorter = {
        name: {**form["properties"][name], "anyOf": [{"type": "string", "minLength": 1, "maxLength": most}, _NULL]}
        for name, most in LONGEST.items()
    }
    return {**form, "properties": {**form["properties"], **shorter}}


_NULL = {"type": "null"}


@router.post(
    "/complaints",
    **operation(
        "complain",
        "Make a complaint, without an account",
        Number,
        status=201,
        headers=[KEY],
        sends=_sends(),
        refuses=[404],
        somebody=False,
        more={429: {"description": "Too many within a short time; `Retry-After` is in seconds.", **PROBLEM}},
    ),
)
async def complain(request: Request, who: Anybody, here: Here) -> Response:
    """It becomes a nonconformity; the answer holds its number and nothing else."""
    if not here.settings.complaints:
        raise NoComplaints
    given, key = await body(request), request.headers.get("Idempotency-Key", "")
    require_short(given)
    strict(FIELDS, given)
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Malformed(N_("An Idempotency-Key has 1 to 200 characters."))
    counter = from_network(here.settings.home, who.address, who.now)
    code = await here.writing(lambda connection: complain_once(connection, given, who.now, address=counter, token=key))
    return answer({"code": code}, who.language, 201)
