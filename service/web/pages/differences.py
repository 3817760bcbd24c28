"""What changes in a revision: its text beside that of the revision in force."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.differences.chosen import KIND, Chosen, Revision, choose
from service.differences.comparer import comparer_at
from service.differences.words import Differences, Outcome
from service.files.attachments import AttachmentView
from service.language import say
from service.reading.records import RecordView, read_record
from service.web.pages import differences_shown as shown
from service.web.pages.addresses import identifier
from service.web.pages.files import entry
from service.web.pages.frame import show
from service.web.pages.wording import badge
from service.web.site import Here, Site, Visitor, Who
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_

router = APIRouter(include_in_schema=False)

COLLECTION: Final = lifecycle(KIND).collection
# A page waits so many seconds for a comparison; then it says that it goes on.
PATIENCE: Final = 25.0


@router.get(f"/{COLLECTION}/{{record_id:uuid}}/differences")
async def differences(request: Request, who: Who, here: Here, record_id: UUID) -> Response:
    """`?other=` another revision, `?old=` and `?new=` other files; `?part=` of many changes, `?whole=` a whole fold."""
    asked = request.query_params
    files = {name: identifier(asked.get(name)) for name in ("other", "old", "new")}

    def look(connection: sa.Connection) -> tuple[RecordView, Chosen]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle.name != KIND:
            raise NotFound
        return view, choose(connection, view.subject, who.actor, who.now, **files)

    view, chosen = await here.reading(look)
    outcome = await compared(here, chosen, PATIENCE)
    context = _context(view, chosen, outcome, who, _number(asked.get("part"), 1), _number(asked.get("whole"), -1))
    return await show(request, who, "differences.html", lambda _: context)


async def compared(here: Site, chosen: Chosen, patience: float) -> Outcome | None:
    """What comparing the two files came to; None where there are no two, or it takes longer than `patience` seconds."""
    if chosen.pair is None:
        return None
    asked = asyncio.wrap_future(comparer_at(here.settings).asked(*chosen.pair))
    done, _ = await asyncio.wait({asked}, timeout=patience)
    return asked.result() if done else None


def _context(
    view: RecordView, chosen: Chosen, outcome: Outcome | None, who: Visitor, part: int, whole: int
) -> Mapping[str, Any]:
    language, path = who.language, f"/{COLLECTION}/{view.subject.id}"
    made = shown.blocks(outcome, whole) if isinstance(outcome, Differences) else []
    pages = shown.parts(made)
    part = min(max(part, 1), len(pages))
    changes = [block.number for block in made if block.number]
    return {
        "view": view,
        "path": path,
        "fields": view.subject.fields,
        "chosen": chosen,
        "summary": shown.summary(outcome, language) if chosen.pair else "",
        "waits": chosen.pair is not None and outcome is None,
        "alike": isinstance(outcome, Differences) and outcome.alike,
        "little": outcome is not None and shown.differs_in_all(outcome),
        "blocks": [_block(block, language, _href(path, chosen, part, block.place)) for block in pages[part - 1]],
        "total": len(changes),
        "part": part,
        "whole": whole,
        "parts": len(pages),
        "before_href": _href(path, chosen, part - 1) if part > 1 else "",
        "after_href": _href(path, chosen, part + 1) if part < len(pages) else "",
        "old_name": _name(chosen.other, language) if chosen.other else "",
        "old_href": f"/{COLLECTION}/{chosen.other.id}" if chosen.other else "",
        "old_file": entry(chosen.old, language) if chosen.old else None,
        "new_file": entry(chosen.new, language) if chosen.new else None,
        "fields_of_choice": _choices(chosen, language),
    }


def _block(block: shown.Block, language: str, whole_href: str) -> dict[str, Any]:
    half = len(block.lines) // 2
    lines = shown.in_words(block.lines, language)
    return {
        "number": block.number,
        "lines": lines[:half] if block.hidden else lines,
        "rest": lines[half:] if block.hidden else [],
        "before": shown.in_words(block.before, language),
        "after": shown.in_words(block.after, language),
        "many": len(block.lines) + block.hidden,
        "hidden": block.hidden,
        "place": block.place,
        "href": f"{whole_href}#fold-{block.place}",
    }


def _href(path: str, chosen: Chosen, part: int, whole: int = -1) -> str:
    asked = {
        "other": chosen.other and chosen.other.id,
        "old": chosen.old and chosen.old.id,
        "new": chosen.new and chosen.new.id,
        "part": part if part > 1 else None,
        "whole": whole if whole >= 0 else None,
    }
    return f"{path}/differences?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def _choices(chosen: Chosen, language: str) -> list[dict[str, Any]]:
    """The form with which other revisions and files are chosen: what there is no choice of is left out."""
    revisions = [{"value": str(one.id), "label": _name(one, language)} for one in chosen.others]
    asked = (
        ("other", _OTHER, revisions, chosen.other),
        ("old", _OLD_FILE, _options(chosen.old_files), chosen.old),
        ("new", _NEW_FILE, _options(chosen.new_files), chosen.new),
    )
    return [
        {"name": name, "label": say(label, language), "choices": choices, "value": str(now.id)}
        for name, label, choices, now in asked
        if now and len(choices) > 1
    ]


def _options(files: tuple[AttachmentView, ...]) -> list[dict[str, str]]:
    return [{"value": str(one.id), "label": one.name} for one in files]


def _name(one: Revision, language: str) -> str:
    return f"{one.code} ({badge(lifecycle(KIND), one.state, language)['text']})"


def _number(typed: str | None, otherwise: int) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 7 else otherwise


_OTHER, _OLD_FILE = N_("Compared with the revision"), N_("Its file")
_NEW_FILE = N_("The file of this revision")
