"""One reading: the revision that somebody has to read, its files, and one button that signs that they have."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models import tables as t
from service.controlled.given import file_of
from service.files.attachments import AttachmentView, attachments_of
from service.reading.permitted import may_read
from service.reading.readings import to_read
from service.reading.records import RecordView, read_record
from service.reading.signatures import signatures_of
from service.readings import KIND, note_opened, opened_at
from service.web.pages import wording
from service.web.pages.addresses import identifier
from service.web.pages.facts import history_entries
from service.web.pages.files import entry
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.making import attempt
from service.web.pages.signing import SHORT, proving, signature_cards
from service.web.pages.standing import done, turn
from service.web.pages.told import Told
from service.web.site import Here, Visitor, Who
from states.kyrgyz import day_in_words, day_short, moment_in_words
from states.lifecycle import Meaning
from states.refusals import GuardUnmet, NotFound
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

router = APIRouter(include_in_schema=False)

PATH: Final = f"/{lifecycle(KIND).collection}"
READS: Final = "acknowledge"
REVISIONS: Final = f"/{lifecycle('document').collection}"


@router.get(f"{PATH}/{{record_id:uuid}}")
async def reading(request: Request, who: Who, record_id: UUID) -> Response:
    """What has to be read. `?done=` is the version that a move just left behind. Raises NotFound."""
    return await _page(request, who, record_id, None)


@router.get(f"{PATH}/{{record_id:uuid}}/text")
async def text(request: Request, who: Who, here: Here, record_id: UUID) -> Response:
    """On to what is to be read: the controlled file, or `?file=`; that the reader opened it is kept. NotFound."""
    file_id = identifier(request.query_params.get("file"))

    def opened(connection: sa.Connection) -> str:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle.name != KIND:
            raise NotFound
        found = _revision(connection, view, who)
        href: str | None = next((one["leads"] for one in found["files"] if one["id"] == file_id), found["leads"])
        if not href:
            raise NotFound
        if who.person and _is_theirs(view.subject.fields, who):
            note_opened(connection, record_id, who.person.id, who.now)
        return href

    return RedirectResponse(await here.writing(opened), 303)


@router.post(f"{PATH}/{{record_id:uuid}}/moves/{{name}}")
async def make_move(request: Request, who: Who, here: Here, record_id: UUID, name: str) -> Response:
    """Sign that it was read, or excuse from it; or the same page with what is wrong.

    Here one signs once one has opened it, where it can be opened; a program signs as its person answers for.
    """
    if name == READS and await here.reading(lambda connection: _unopened(connection, who, record_id)):
        return await _page(request, who, record_id, Refused(name, {}, NotOpened()))
    made = await attempt(request, who, here, record_id, lifecycle(KIND), name)
    if isinstance(made, Refused):
        return await _page(request, who, record_id, made)
    return RedirectResponse(f"{PATH}/{record_id}{made.stays_at()}", 303)


class NotOpened(GuardUnmet):
    """Whoever signs that they have read it has not opened it here."""

    says = N_("You have not opened the document here yet.")
    next_step = N_("Open it and read it; then confirm.")


def _unopened(connection: sa.Connection, who: Visitor, record_id: UUID) -> bool:
    """Whether it could be opened and has not been, by the reader who asks."""
    view = read_record(connection, record_id, who.actor, who.now)
    if view.lifecycle.name != KIND or who.person is None or not _is_theirs(view.subject.fields, who):
        return False
    found = _revision(connection, view, who)
    there = bool(found["controlled"] or found["files"])
    return there and opened_at(connection, record_id, who.person.id) is None


def _is_theirs(fields: dict[str, Any], who: Visitor) -> bool:
    return who.person is not None and fields.get("reader_id") == who.person.id


async def _page(request: Request, who: Visitor, record_id: UUID, refused: Refused | None) -> Response:
    def read(connection: sa.Connection) -> dict[str, Any]:
        return _shown(connection, request, who, record_id, refused)

    answer = await show(request, who, "readings_page.html", read, refused.refusal.status if refused else 200)
    answer.headers.update(getattr(refused.refusal, "headers", {}) if refused else {})
    return answer


def _shown(
    connection: sa.Connection, request: Request, who: Visitor, record_id: UUID, refused: Refused | None
) -> dict[str, Any]:
    view, language = read_record(connection, record_id, who.actor, who.now), who.language
    if view.lifecycle.name != KIND:
        raise NotFound
    fields = view.subject.fields
    theirs = _is_theirs(fields, who)
    # Whoever stands in for the reader has their task, but cannot have read it for them.
    view.moves = [move for move in view.moves if theirs or move.signs is not Meaning.READ]
    told = Told(connection, view, who, refused, proving(connection, request, who))
    offered = refused is not None and any(move.name == refused.name for move in view.moves)
    reader = told.known.snapshot.people[fields["reader_id"]]
    revision = _revision(connection, view, who)
    opened = opened_at(connection, record_id, fields["reader_id"])
    forms = told.forms.of_the_record()
    for form in forms:
        if form["signing"]:  # its hash is over those of the revision's files: they are signed with it
            form["signing"]["files"] = revision["files"]
    after = [one for one in to_read(connection, who.actor) if one.id != record_id] if theirs else []
    return {
        "view": view,
        "lifecycle": view.lifecycle,
        "fields": fields,
        "state": wording.badge(view.lifecycle, view.subject.state, language),
        "tasks": [wording.due(task.due_at, task.days, language) for task in view.tasks],
        "reader": reader.name.into(language),
        "theirs": theirs,
        "revision": revision,
        "opened": moment_in_words(opened, language) if opened else "",
        "moves": forms,
        "turn": turn(view, language),
        "messages": done(view, who, request.query_params.get("done", "")),
        "refused": refused.message(language) if refused and not offered else None,
        "following": [
            {"href": f"{PATH}/{one.id}", "title": one.title, "due": day_short(today(one.due_at), language)}
            for one in after
        ],
        "signatures": signature_cards(signatures_of(connection, record_id, view.lifecycle), view.lifecycle, language),
        "history": history_entries(view.history, view.lifecycle, told.known),
    }


def _revision(connection: sa.Connection, view: RecordView, who: Visitor) -> dict[str, Any]:
    """What is to be read. While it is in force anybody may; afterwards its name alone is told to those who may not.

    `controlled` and the files' `href` lead by way of `text`; `leads` is where that goes on to.
    """
    revision_id, path = view.subject.fields["revision_id"], f"{PATH}/{view.subject.id}/text"
    record, revision, document = t.record.c, t.revision.c, t.document.c
    row = connection.execute(
        sa.select(record.state, revision.number, revision.summary, revision.in_force_on, document.code)
        .join_from(t.record, t.revision, revision.record_id == record.id)
        .join(t.document, document.id == revision.document_id)
        .where(record.id == revision_id)
    ).one()
    may = may_read(connection, revision_id, who.actor, who.now)
    made = _made(connection, revision_id) if may else ""
    return {
        "href": f"{REVISIONS}/{revision_id}" if may else "",
        "readings": f"{REVISIONS}/{revision_id}/readings",
        "code": row.code,
        "number": row.number,
        "state": wording.badge(lifecycle("document"), row.state, who.language),
        "summary": row.summary if may else "",
        "in_force_on": day_in_words(row.in_force_on, who.language) if row.in_force_on else "",
        "controlled": path if made else "",
        "leads": f"{REVISIONS}/{revision_id}/controlled.pdf" if made else "",
        "sha256": made,
        "files": [_file(one, path, who.language) for one in attachments_of(connection, revision_id)] if may else [],
    }


def _file(one: AttachmentView, path: str, language: str) -> dict[str, Any]:
    shown = entry(one, language)
    return {**shown, "id": one.id, "short": one.sha256[:SHORT], "leads": shown["href"], "href": f"{path}?file={one.id}"}


def _made(connection: sa.Connection, revision_id: UUID) -> str:
    """The hash of its controlled file; nothing where there is none yet."""
    file = file_of(connection, revision_id)
    return (file.sha256 if file else None) or ""
