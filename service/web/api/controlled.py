"""Controlled files, for programs: how one stands, the file itself, one made anew; those that are not made."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request, Response

from models import tables as t
from service.controlled import rows
from service.controlled.given import FileView, Standing, Unmade, file_of, not_made, standing
from service.files.attachments import AttachmentView
from service.idempotency import Answered
from service.language import say
from service.reading.page import Page
from service.reading.records import find_record
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import Asked, idempotently, query, reading
from service.web.api.describe import IF_NONE_MATCH, KEY, operation
from service.web.api.shapes import About, Shape
from service.web.pages.controlled import must_keep_quality
from service.web.pages.files import answered
from service.web.site import Here
from states.refusals import NotFound
from states.registry import lifecycle

router = APIRouter(prefix="/api", tags=["controlled files"])
of_revisions = APIRouter(prefix="/api", tags=["controlled files"])
Id = Annotated[str, Path(description="Its identifier or its code.")]

KIND: Final = "document"
ADDRESS: Final = "/revisions/{record:path}/controlled"


class OtherRevision(Shape):
    """Another revision of the same document."""

    id: UUID
    number: int


class Stands(Shape):
    """How a revision stands that is in force, or once was: `by` what superseded it, `now` what is in force today.

    `formerly` are the codes that its document had before.
    """

    id: UUID
    code: str
    formerly: list[str]
    title: str
    number: int
    state: Literal["in_force", "superseded", "withdrawn"]
    since: date | None
    until: date | None
    by: OtherRevision | None
    now: OtherRevision | None


class ControlledFile(Shape):
    """The controlled file of a revision. While it is `pending` or `failed`, `says` tells what hinders it.

    `made_at`, `sha256`, `size` and `pages` are those of the file that is given out, which may be older; `how` says how
    each of the revision's files went into it.
    """

    record: About
    stands: Stands | None
    state: Literal["pending", "made", "failed"]
    says: str | None
    asked_at: datetime
    next_try_at: datetime | None
    made_at: datetime | None
    sha256: str | None
    size: int | None
    pages: int | None
    how: list[str]
    links: dict[str, str]


_SENDS: Final = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


@of_revisions.get(
    f"{ADDRESS}.pdf",
    **{
        **operation(
            "read_controlled_file", "Download the controlled file", None, headers=[IF_NONE_MATCH], refuses=[404]
        ),
        "response_class": Response,
    },
)
async def pdf(request: Request, here: Here, record: Id) -> Response:
    """Byte for byte the same as long as it is given out. Its ETag is its SHA-256."""

    def read(asked: Asked) -> AttachmentView:
        record_id = _revision(asked, record)
        file, stands = file_of(asked.connection, record_id), standing(asked.connection, record_id)
        if file is None or file.sha256 is None or stands is None:
            raise NotFound
        name = f"{stands.code} № {stands.number}.pdf"
        return AttachmentView(record_id, name, file.sha256, file.size or 0, "application/pdf")

    return await answered(request, here, await reading(request, read))


@of_revisions.get(
    ADDRESS, **operation("read_controlled", "How the controlled file stands", ControlledFile, refuses=[404])
)
async def about(request: Request, record: Id) -> Response:
    """What it is and how it was made, or what hinders it; 404 where none was ever asked for."""
    query(request, ())
    return await reading(request, lambda asked: answer(_one(asked, _revision(asked, record)), asked.who.language))


@of_revisions.post(
    ADDRESS,
    **operation(
        "make_controlled",
        "Make the controlled file again",
        ControlledFile,
        status=202,
        headers=[KEY],
        refuses=[400, 404],
    ),
)
async def make_again(request: Request, record: Id) -> Response:
    """By the quality specialist. The one before is given out until the new one is made."""

    def write(asked: Asked) -> Answered:
        record_id = _revision(asked, record)
        must_keep_quality(asked.connection, asked.who)
        if standing(asked.connection, record_id) is None:
            raise NotFound
        rows.ask(asked.connection, record_id, asked.who.now)
        return Answered(202, _one(asked, record_id))

    return await idempotently(request, None, write)


@router.get(
    "/controlled",
    **operation("list_controlled", "List controlled files that are not made", schemas.listed(ControlledFile)),
)
async def unmade(request: Request) -> Response:
    """Those that cannot be made, then those that wait, for the quality specialist; 500 at most."""
    query(request, ())

    def read(asked: Asked) -> Response:
        must_keep_quality(asked.connection, asked.who)
        found = list(not_made(asked.connection))
        page = Page(found, None, len(found))
        return answer(listed(page, lambda one: _unmade(asked, one)), asked.who.language)

    return await reading(request, read)


def _revision(asked: Asked, name: str) -> UUID:
    return find_record(asked.connection, name, asked.who.actor, asked.who.now, KIND)


def _one(asked: Asked, record_id: UUID) -> dict[str, Any]:
    """Raises NotFound where no file was ever asked for."""
    file = file_of(asked.connection, record_id)
    if file is None:
        raise NotFound
    row = asked.connection.execute(_NAMED, {"of": record_id}).one()
    return _file(asked, record_id, row.code, row.title, file)


def _unmade(asked: Asked, one: Unmade) -> dict[str, Any]:
    return _file(asked, one.record_id, one.code, one.title, one.file)


def _file(asked: Asked, record_id: UUID, code: str, title: str, file: FileView) -> dict[str, Any]:
    """As ControlledFile has it, in words: what is answered again by an Idempotency-Key is the same to the letter."""
    one, language = lifecycle(KIND), asked.who.language
    here, found = f"{views.address(one, record_id)}/controlled", standing(asked.connection, record_id)
    moments = {name: getattr(file, name) for name in ("asked_at", "next_try_at", "made_at")}
    return {
        "record": {**views.about(one, record_id, code, title), "id": str(record_id)},
        "stands": stands(found) if found else None,
        "state": file.state,
        "says": say(file.says, language, file.facts) if file.says else None,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
        **{name: getattr(file, name) for name in ("sha256", "size", "pages")},
        "how": list(file.how),
        "links": {"self": here, **({"file": f"{here}.pdf"} if file.sha256 else {}), "check": f"/api/check/{record_id}"},
    }


def stands(one: Standing) -> dict[str, Any]:
    """As Stands has it."""
    days = {name: getattr(one, name) for name in ("since", "until")}
    others = {"by": one.by, "now": one.now}
    return {
        "id": str(one.record_id),
        "formerly": list(one.formerly),
        **{name: getattr(one, name) for name in ("code", "title", "number", "state")},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **{name: {"id": str(two.record_id), "number": two.number} if two else None for name, two in others.items()},
    }


_NAMED: Final = sa.select(t.record.c.code, t.record.c.title).where(t.record.c.id == sa.bindparam("of"))
