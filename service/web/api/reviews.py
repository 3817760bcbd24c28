"""Periodic reviews, for programs: the year's plan, and what has changed since a revision was looked at last."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request, Response

from service.organisation import Organisation, organisation
from service.reading.page import Page
from service.reading.records import find_record, read_record
from service.reading.review_grounds import Found, Handed, grounds
from service.reading.reviews import Review, Standing, reviews_in
from service.web.api import schemas, views
from service.web.api.answer import answer, listed
from service.web.api.asked import Asked, found, query, reading
from service.web.api.describe import operation
from service.web.api.legal_acts import LegalAct
from service.web.api.legal_acts import view as act_view
from service.web.api.shapes import About, Named, Shape
from states.lifecycle import Choice, Field
from states.refusals import Incomplete
from states.registry import lifecycle
from states.text import N_, Text
from states.working_days import today

router = APIRouter(prefix="/api", tags=["reviews"])
of_revisions = APIRouter(prefix="/api", tags=["reviews"])
Id = Annotated[str, Path(description="Its identifier or its code.")]

FIRST, LAST, MONTHS = 1990, 2999, 12
_STANDINGS: Final = {
    Standing.LATE: Text("кечиккендер", "просроченные", "late"),
    Standing.DUE: Text("пландалгандар", "запланированные", "planned"),
    Standing.DONE: Text("аткарылгандар", "выполненные", "done"),
}
FILTERS: Final = (
    Field("year", Text("Жыл", "Год", "The year; this one if left out"), "number", required=False),
    Field("month", Text("Ай", "Месяц", "A month, 1 to 12"), "number", required=False),
    Field("campus", Text("Кампус", "Кампус", "Campus"), "unit", required=False),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field(
        "show",
        Text("Кайсылары", "Какие", "Only those late, due or done"),
        "choice",
        required=False,
        choices=tuple(Choice(one.value, label) for one, label in _STANDINGS.items()),
    ),
)


class PlannedReview(Shape):
    """A document's review: done on `day`, or due from `day` on; `until` its open task is due.

    `earliest` is the first day on which there may be another one (null: nobody knows since when it is in force).
    """

    record: About
    document: str
    process: str | None
    owner: str | None
    day: date
    until: date | None
    earliest: date | None
    standing: Literal["done", "due", "late"]
    open: bool


class Ground(Shape):
    """A record that concerns the document; `of` is the title of the audit, where a finding of it does."""

    record: About
    state: str
    state_label: str
    day: date
    open: bool
    of: str | None


class HandedOver(Shape):
    """It came to another owner or unit."""

    day: date
    owner_post: Named | None
    unit: Named | None


class Grounds(Shape):
    """What has changed `since` (null: nobody knows, so everything counts); as far as whoever asks may read it."""

    record: About
    since: date | None
    review_due_on: date | None
    earliest: date | None
    nonconformities: list[Ground]
    findings: list[Ground]
    audits: list[Ground]
    legal_acts: list[LegalAct]
    revisions: list[Ground]
    handed: list[HandedOver]
    read: int
    to_read: int


@router.get(
    "/reviews",
    **operation("list_reviews", "The year's plan of periodic reviews", schemas.listed(PlannedReview), asks=FILTERS),
)
async def plan(request: Request) -> Response:
    """Those planned, those late, and those done, of documents that may be read."""
    asks = query(request, FILTERS)
    _within("year", asks["year"], FIRST, LAST)
    _within("month", asks["month"], 1, MONTHS)

    def read(asked: Asked) -> Response:
        connection, who = asked.connection, asked.who
        campus = found(asked, FILTERS, asks)["campus"]
        year = asks["year"] or today(who.now).year
        rows = [
            one
            for one in reviews_in(connection, who.actor, who.now, year, campus)
            if (asks["month"] or one.month) == one.month
            and (asks["process"] or one.process) == one.process
            and (asks["show"] or one.standing) == one.standing
        ]
        return answer(listed(Page(rows, None, len(rows)), lambda one: _review(one, who.language)), who.language)

    return await reading(request, read)


@of_revisions.get(
    "/revisions/{record:path}/review",
    **operation("grounds_of_review", "What has changed since a revision was reviewed", Grounds, refuses=[404]),
)
async def review(request: Request, record: Id) -> Response:
    """Its nonconformities, audits, legal acts, other revisions; one answers by a move: reaffirm, revise, withdraw."""

    def read(asked: Asked) -> Response:
        connection, who, language = asked.connection, asked.who, asked.who.language
        record_id = find_record(connection, record, who.actor, who.now, "document")
        view = read_record(connection, record_id, who.actor, who.now)
        known, fields, snapshot = (
            grounds(connection, view, who.actor, who.now),
            view.subject.fields,
            organisation(connection),
        )
        content = {
            "record": views.about(view.lifecycle, record_id, fields["code"], fields["title"]),
            "since": known.since,
            "review_due_on": fields["review_due_on"],
            "earliest": known.earliest,
            **{
                name: [_ground(one, language) for one in getattr(known, name)]
                for name in ("nonconformities", "findings", "audits", "revisions")
            },
            "legal_acts": [act_view(one, language) for one in known.acts],
            "handed": [_handed(one, snapshot, language) for one in known.handed],
            "read": known.read.get("read", 0),
            "to_read": known.read.get("to_read", 0),
        }
        return answer(content, language)

    return await reading(request, read)


def _within(name: str, number: int | None, least: int, most: int) -> None:
    if number is not None and not least <= number <= most:
        raise Incomplete({name: N_("This is not of the kind that is asked for.")})


def _review(one: Review, language: str) -> dict[str, Any]:
    return {
        "record": views.about(lifecycle("document"), one.record_id, one.code, one.title),
        "document": f"/api/documents/{one.document_id}",
        "process": one.process or None,
        "owner": one.owner.into(language) if one.owner else None,
        "day": one.day,
        "until": one.until,
        "earliest": one.earliest,
        "standing": one.standing.value,
        "open": one.is_open,
    }


def _ground(one: Found, language: str) -> dict[str, Any]:
    kind = lifecycle(one.kind)
    return {
        "record": views.about(kind, one.record_id, one.code, one.title),
        "state": one.state,
        "state_label": kind.steps[one.state].label.into(language),
        "day": one.day,
        "open": one.is_open,
        "of": one.of or None,
    }


def _handed(one: Handed, snapshot: Organisation, language: str) -> dict[str, Any]:
    posts = {post.code: post for post in snapshot.posts.values()}
    units = {unit.code: unit for unit in snapshot.units.values()}
    return {
        "day": one.day,
        "owner_post": views.named(posts.get(one.given.get("owner_post", "")), language),
        "unit": views.named(units.get(one.given.get("unit", "")), language),
    }
