"""What a controlled file is made of: the revision, its document, the university, and which files are the document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.files.attachments import AttachmentView, attachments_of
from service.files.kinds import BY_MEDIA_TYPE
from service.organisation import Organisation, organisation

# A PDF beside one of these, of the same name: what its author has printed from it.
_SOURCES: Final = frozenset({"docx", "odt", "xlsx", "pptx"})
_ANNEX: Final = re.compile(r"тиркеме|приложени|annex|appendix", re.I)
UNKNOWN: Final = "Университет"


@dataclass(frozen=True, slots=True)
class Facts:
    """A revision as its controlled file tells it; `files` are those that make it up, in their order."""

    record_id: UUID
    code: str
    title: str
    number: int
    university: str
    files: tuple[AttachmentView, ...]


def facts_of(connection: sa.Connection, record_id: UUID) -> Facts:
    """What the record says now. Once in force, a revision and its files do not change."""
    row = connection.execute(_ROW.where(t.revision.c.record_id == record_id)).one()
    university = university_of(organisation(connection))
    files = chosen(attachments_of(connection, record_id))
    return Facts(record_id, row.code, row.title, row.number, university, files)


def university_of(snapshot: Organisation) -> str:
    """The university's name in its own language: that of the unit above all others."""
    tops = sorted(unit.id for unit in snapshot.units.values() if unit.parent_id is None and unit.is_campus)
    return snapshot.units[tops[0]].name.ky if tops else UNKNOWN


def chosen(files: Iterable[AttachmentView]) -> tuple[AttachmentView, ...]:
    """Which files go in, in this order: by name, annexes (тиркеме, приложение, annex) behind the others.

    Of a PDF and an office document of one name the PDF does: there is no better rendering of a document than its
    author's own.
    """
    every = list(files)
    printed = {_stem(one) for one in every if _kind(one) == "pdf"}
    wanted = [one for one in every if not (_kind(one) in _SOURCES and _stem(one) in printed)]
    return tuple(sorted(wanted, key=lambda one: bool(_ANNEX.search(one.name))))


def _stem(one: AttachmentView) -> str:
    return PurePath(one.name).stem.casefold()


def _kind(one: AttachmentView) -> str:
    return BY_MEDIA_TYPE[one.media_type].extensions[0]


_ROW = (
    sa.select(t.document.c.code, t.record.c.title, t.revision.c.number)
    .join_from(t.revision, t.record, t.record.c.id == t.revision.c.record_id)
    .join(t.document, t.document.c.id == t.revision.c.document_id)
)
