"""One periodic review: what has changed since the document was looked at last, and the three ways to answer it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.reading.records import RecordView, read_record
from service.reading.review_grounds import Found, Grounds, Handed, grounds
from service.reading.reviews import ANSWERS
from service.web.pages.facts import Known, shown
from service.web.pages.frame import show
from service.web.pages.legal_acts import act_shown
from service.web.pages.signing import proving
from service.web.pages.told import Told
from service.web.pages.wording import badge, heading
from service.web.site import Visitor, Who
from states.kyrgyz import day_in_words, day_short
from states.lifecycle import Field
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_, Text

router = APIRouter(include_in_schema=False)

_MOVED: Final = (
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit"),
    Field("owner_post", Text("Жооптуу кызмат", "Ответственная должность", "Responsible post"), "post"),
)


@router.get("/revisions/{record_id:uuid}/review")
async def review(request: Request, who: Who, record_id: UUID) -> Response:
    """What a review of this revision compares. Raises NotFound."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not lifecycle("document"):
            raise NotFound
        told = Told(connection, view, who, None, proving(connection, request, who))
        found = grounds(connection, view, who.actor, who.now)
        forms = [one for one in told.forms.of_the_record() if one["name"] in ANSWERS]
        return {**_shown(view, found, told.known, who), "moves": forms}

    return await show(request, who, "review.html", read)


def _shown(view: RecordView, found: Grounds, known: Known, who: Visitor) -> dict[str, Any]:
    fields, language = view.subject.fields, who.language
    since = day_in_words(found.since, language) if found.since else say(_UNKNOWN, language)
    return {
        "fields": fields,
        "document": view.document,
        "state": badge(view.lifecycle, view.subject.state, language),
        "facts": [
            {"term": say(_SINCE, language), "value": since},
            {"term": say(_DUE, language), "value": _day(fields["review_due_on"], language)},
            {"term": say(_EARLIEST, language), "value": _day(found.earliest, language)},
            {"term": say(_READ, language), "value": _read(found, language)},
        ],
        "nonconformities": _lines(found.nonconformities, language),
        "findings": _lines(found.findings, language),
        "audits": _lines(found.audits, language),
        "acts": [act_shown(one, language) for one in found.acts],
        "revisions": _lines(found.revisions, language),
        "handed": [line for one in found.handed for line in _handed(one, known)],
        "crumbs": [
            {"href": "/reviews", "label": say(_PLAN, language)},
            {"href": f"/revisions/{view.subject.id}", "label": fields["code"]},
            {"label": say(_REVIEW, language)},
        ],
    }


def _lines(found: Sequence[Found], language: str) -> list[dict[str, Any]]:
    lines = []
    for one in found:
        kind = lifecycle(one.kind)
        title = {"code": one.code, "text": one.title, "href": f"/{kind.collection}/{one.record_id}"}
        lines.append(
            {
                "title": {**title, "note": one.of} if one.of else title,
                "day": day_short(one.day, language),
                "state": badge(kind, one.state, language),
            }
        )
    return lines


def _handed(one: Handed, known: Known) -> list[dict[str, Any]]:
    return [
        {
            "term": day_short(one.day, known.language),
            "value": {
                "text": shown(field, one.given[field.name], known.language, known.snapshot),
                "note": heading(field.label, known.language),
            },
        }
        for field in _MOVED
        if one.given.get(field.name)
    ]


def _read(found: Grounds, language: str) -> str:
    whole = found.read.get("read", 0) + found.read.get("to_read", 0)  # whom it no longer concerns is not counted
    if not whole:
        return say(_NOBODY, language)
    return say(_OF, language, {"part": str(found.read.get("read", 0)), "whole": str(whole)})


def _day(day: Any, language: str) -> str | None:
    return day_in_words(day, language) if day else None


_PLAN, _REVIEW = N_("Periodic reviews"), N_("What has changed since")
_SINCE, _DUE = N_("In force or last reviewed on"), N_("Review due on")
_EARLIEST, _READ = N_("Next review not before"), N_("Acknowledged")
_UNKNOWN, _NOBODY = N_("the source does not say"), N_("nobody had to")
_OF = N_("%(part)s of %(whole)s")
