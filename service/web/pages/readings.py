"""Who has read a revision: counts by unit, names as far as they may be known, and the same as a file."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from models import tables as t
from service.exporting import Cell, Column
from service.keeping.distribution import Of, keeps
from service.language import say
from service.organisation import Organisation, organisation
from service.pictures import Share, Shares, embed
from service.reading.permitted import may_read
from service.reading.readings import ReadingRow, Tally, readers, require_known, tallies
from service.reading.tasks import days_late
from service.readings import KIND
from service.subject import load
from service.web.pages.addresses import identifier
from service.web.pages.distribution import href
from service.web.pages.exported import exports
from service.web.pages.exports import Listed, answered
from service.web.pages.frame import show
from service.web.pages.whom import nobody_reads
from service.web.pages.wording import badge, due, heading
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_short, sort_key
from states.lifecycle import Kind, Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = "/revisions/{record_id:uuid}/readings"
SHOWN: Final = 300  # names on one page: a file has them all


@router.get(PATH)
async def who_has_read(request: Request, who: Who, record_id: UUID) -> Response:
    """Counts and names; `?unit=` the names of one unit only. Raises NotFound."""
    unit_id = identifier(request.query_params.get("unit"))
    return await show(request, who, "readings.html", lambda one: _shown(one, who, record_id, unit_id))


@router.get(f"{PATH}.{{ending}}")
async def as_file(request: Request, who: Who, here: Here, record_id: UUID, ending: str) -> Response:
    """The names as a file. Raises NotFound."""
    unit_id = identifier(request.query_params.get("unit"))

    def read(connection: sa.Connection) -> Listed:
        require_known(connection, record_id, who.actor, who.now)
        row, snapshot, language = _revision(connection, record_id), organisation(connection), who.language
        rows = readers(connection, record_id, who.actor, who.now, unit_id)
        cells = (_cells(one, snapshot, who) for one in rows)
        return Listed(say(_TITLE, language, {"code": row.code}), _columns(language), cells)

    return await answered(here, who, ending, read)


def _shown(connection: sa.Connection, who: Visitor, record_id: UUID, unit_id: UUID | None) -> dict[str, Any]:
    require_known(connection, record_id, who.actor, who.now)
    row, snapshot, language = _revision(connection, record_id), organisation(connection), who.language
    path = PATH.replace("{record_id:uuid}", str(record_id))
    every = sorted(
        tallies(connection, record_id, who.actor, who.now), key=lambda one: _unit(one.unit_id, snapshot, language)
    )
    counted = [one for one in every if one.asked]
    listed = list(readers(connection, record_id, who.actor, who.now, unit_id, SHOWN + 1))
    may = may_read(connection, record_id, who.actor, who.now)
    asked = {"unit": str(unit_id)} if unit_id else {}
    subject, keeper = load(connection, record_id), keeps(snapshot, who.actor)
    ended = subject.lifecycle.steps[subject.state].kind is Kind.FINAL
    return {
        "in_force": bool(subject.fields["in_force"]),
        "nobody_reads": nobody_reads(connection, who, subject) if may and not (every or ended) else None,
        "distribution": href(Of(document_id=subject.fields["document_id"])) if keeper and not ended else "",
        "revision": row,
        "may": may,
        "href": f"/revisions/{record_id}",
        "path": path,
        "read": sum(one.read for one in counted),
        "asked": sum(one.asked for one in counted),
        "late": sum(one.late for one in counted),
        "picture": _picture(counted, snapshot, path, language) if counted else "",
        "units": [_unit_line(one, snapshot, path, language) for one in every],
        "unit": _unit(unit_id, snapshot, language)[1] if unit_id else "",
        "names": [_line(one, snapshot, who) for one in listed[:SHOWN]],
        "shown": SHOWN if len(listed) > SHOWN else 0,
        "exports": exports(path, asked) if listed else [],
        "print": f"/revisions/{record_id}/prints/acquaintance.pdf" if may and listed else "",
    }


def _revision(connection: sa.Connection, record_id: UUID) -> sa.Row[Any]:
    columns = (t.record.c[name] for name in ("code", "title", "state"))
    found = connection.execute(
        sa.select(*columns).where(t.record.c.id == record_id, t.record.c.kind == "document")
    ).first()
    if found is None:
        raise NotFound
    return found


def _unit(unit_id: UUID | None, snapshot: Organisation, language: str) -> tuple[Any, str]:
    name = heading(snapshot.units[unit_id].name, language) if unit_id else "—"
    return sort_key(name), name


def _picture(counted: Sequence[Tally], snapshot: Organisation, path: str, language: str) -> Markup:
    every = Share(say(_ALL, language), sum(one.read for one in counted), sum(one.asked for one in counted), path)
    shares = [
        Share(_unit(one.unit_id, snapshot, language)[1], one.read, one.asked, f"{path}?unit={one.unit_id}")
        for one in counted
    ]
    figure = Shares(
        name="readings",
        title=say(_BY_UNIT, language),
        description=say(_BY_UNIT_SAYS, language),
        shares=[every, *shares],
        of=say(_UNIT, language),
        counted=say(_READ, language),
    )

    def told(sentence: str, facts: Any = None) -> str:
        return say(sentence, language, facts or {})

    return Markup(embed(figure, told, language, caption=False))  # noqa: S704 - drawn by ourselves, escaped there


def _unit_line(one: Tally, snapshot: Organisation, path: str, language: str) -> dict[str, Any]:
    return {
        "unit": {"text": _unit(one.unit_id, snapshot, language)[1], "href": f"{path}?unit={one.unit_id}"},
        "read": str(one.read),
        "to_read": str(one.to_read),
        "late": {"text": str(one.late), "tone": "late"} if one.late else "0",
        "lapsed": str(one.lapsed),
    }


def _line(one: ReadingRow, snapshot: Organisation, who: Visitor) -> dict[str, Any]:
    cycle, language = lifecycle(KIND), who.language
    return {
        "name": {"text": snapshot.people[one.reader_id].name.into(language), "href": _href(cycle, one.record_id)},
        "post": _posts(one, snapshot, who),
        "unit": _unit(one.unit_id, snapshot, language)[1],
        "state": badge(cycle, one.state, language),
        "day": _day(one, snapshot, who),
    }


def _day(one: ReadingRow, snapshot: Organisation, who: Visitor) -> Any:
    """When they read it, or by when they have to."""
    if one.due_at:
        return due(one.due_at, days_late(one.due_at, who.now, snapshot.calendar), who.language)
    return day_short(today(one.read_at), who.language) if one.read_at else None


def _href(cycle: Lifecycle, record_id: UUID) -> str:
    return f"/{cycle.collection}/{record_id}"


def _posts(one: ReadingRow, snapshot: Organisation, who: Visitor) -> str:
    held = snapshot.posts_of(one.reader_id, today(who.now))
    return ", ".join(heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held)


def _columns(language: str) -> list[Column]:
    return [
        Column(say(_NAME, language), "text", 30),
        Column(say(_POST, language), "text", 40),
        Column(say(_UNIT, language), "text", 40),
        Column(say(_STATE, language), "text", 20),
        Column(say(_DUE, language), "moment", 0),
        Column(say(_READ_AT, language), "moment", 0),
        Column(say(_LATE, language), "flag", 0),
    ]


def _cells(one: ReadingRow, snapshot: Organisation, who: Visitor) -> Sequence[Cell]:
    language = who.language
    return [
        snapshot.people[one.reader_id].name.into(language),
        _posts(one, snapshot, who),
        _unit(one.unit_id, snapshot, language)[1],
        heading(lifecycle(KIND).steps[one.state].label, language),
        one.due_at,
        one.read_at,
        one.late,
    ]


_TITLE, _ALL = N_("Who has read %(code)s"), N_("All")
_BY_UNIT, _UNIT, _READ, _LATE = N_("Read, by unit"), N_("Unit"), N_("Have read it"), N_("Late")
_BY_UNIT_SAYS = N_("How many of those whom it concerns have read it.")
_NAME, _POST, _STATE, _DUE, _READ_AT = N_("Name"), N_("Post"), N_("State"), N_("Due"), N_("Read on")
