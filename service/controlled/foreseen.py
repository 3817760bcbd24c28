"""What will hinder the controlled file of a revision that is still under way, said while it can be helped."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.controlled.looking import UNDER_WAY, Looked, looked_at
from service.controlled.of_record import chosen
from service.controlled.office import PANDOC
from service.controlled.refusals import NO_FILES
from service.files.attachments import AttachmentView, attachments_of
from service.files.kinds import KINDS
from states.registry import lifecycle
from states.text import N_

HINDERS, DIFFERS, WAITS = "hinders", "differs", "waits"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is foreseen, and what to do about it: sentences for the catalogues with their `facts`.

    `weight`: it hinders the file, it lets it differ from what was written, or it is not known yet.
    """

    weight: str
    says: str
    next_step: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def foreseen(connection: sa.Connection, home: Path, record_id: UUID, state: str) -> list[Foreseen]:
    """What is foreseen of a revision in that step, what hinders first; nothing of one that came into force."""
    if state not in UNDER_WAY:
        return []
    may_change = state in lifecycle("document").moves["attach_file"].sources
    files = attachments_of(connection, record_id)
    if not files:
        return [Foreseen(HINDERS, NO_FILES, _ATTACH if may_change else _LATE)]
    found = [one for file in chosen(files) for one in _of_file(file, looked_at(home, file.sha256), may_change)]
    return sorted(found, key=lambda one: (HINDERS, DIFFERS, WAITS).index(one.weight))


def _of_file(file: AttachmentView, seen: Looked | None, may_change: bool) -> list[Foreseen]:
    facts = {"name": file.name}
    if seen is None:
        return [Foreseen(WAITS, _WAITING, facts=facts)]
    is_pdf = file.media_type == KINDS["pdf"].media_type
    instead = _NEW_PDF if is_pdf else _PDF_BESIDE
    if seen.says:
        return [Foreseen(HINDERS, seen.says, instead if may_change else _LATE, {**seen.facts, **facts})]
    found = []
    if seen.changes:
        found.append(Foreseen(DIFFERS, _CHANGES, _DECIDE if may_change else _LATE, facts))
    if seen.how == PANDOC:
        found.append(Foreseen(DIFFERS, _SIMPLIFIED, _PDF_BESIDE if may_change else "", facts))
    return found


_WAITING = N_("“%(name)s” is being looked at: in a minute it is said here whether it fits.")
_CHANGES = N_(
    "“%(name)s” holds changes that are neither accepted nor rejected: nobody can tell which wording is meant."
)
_SIMPLIFIED = N_(
    "“%(name)s” will be set in a simplified layout: without headers, footers, columns and the numbers that Word gives."
)
_ATTACH = N_("Attach its text before it is sent on. Without a file it comes into force on paper only.")
_NEW_PDF = N_("Print it into a new PDF and attach that in its place.")
_PDF_BESIDE = N_("Save it as a PDF of the same name and attach that too: then the PDF goes in.")
_DECIDE = N_("Accept or reject them, and attach the file anew.")
_LATE: Final = N_("In this step files cannot be changed: whoever decides may return it to its author.")
