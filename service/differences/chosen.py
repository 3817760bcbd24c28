"""What is compared with what: a revision with the one in force, the main files of both, unless others are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.differences.comparer import COMPARED, kind_of
from service.files.attachments import AttachmentView, attachments_of
from service.organisation import Actor
from service.reading.permitted import readable_by
from service.subject import Subject
from states.refusals import NotFound

KIND: Final = "document"
# A former revision that held once; what was rejected or abandoned never did.
_HELD: Final = ("superseded", "withdrawn")


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of the same document, by its number; `holds` where it is in force."""

    id: UUID
    code: str
    number: int
    state: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The revision and the one it is compared with (None: there is none), their files, and the two that are compared.

    `others` are all the revisions of the document that whoever asks may read, the newest first.
    """

    others: tuple[Revision, ...]
    other: Revision | None
    old_files: tuple[AttachmentView, ...]
    new_files: tuple[AttachmentView, ...]
    old: AttachmentView | None
    new: AttachmentView | None

    @property
    def pair(self) -> tuple[AttachmentView, AttachmentView] | None:
        """The two files, where there are two."""
        return (self.old, self.new) if self.old and self.new else None


def choose(
    connection: sa.Connection,
    subject: Subject,
    actor: Actor,
    now: datetime,
    *,
    other: UUID | None = None,
    old: UUID | None = None,
    new: UUID | None = None,
) -> Chosen:
    """What to compare a readable revision with; `other`, `old` and `new` are somebody's own choice.

    Raises NotFound where they may not read that revision, or it is none of the document.
    """
    others = _others(connection, subject, actor, now)
    found = _wanted(others, subject, other)
    olds = tuple(attachments_of(connection, found.id)) if found else ()
    news = tuple(attachments_of(connection, subject.id))
    left, right = mains(olds, news)
    return Chosen(others, found, olds, news, _one(olds, old) or left, _one(news, new) or right)


def mains(old: Sequence[AttachmentView], new: Sequence[AttachmentView]) -> tuple[AttachmentView | None, ...]:
    """The main file of either side: of the first kind that both have, those whose names are most alike.

    Text is written as DOCX and printed as PDF: the former says better what a paragraph is.
    """
    for kind in COMPARED:
        lefts, rights = _of(kind, old), _of(kind, new)
        if lefts and rights:
            return max(((one, other) for one in lefts for other in rights), key=lambda pair: _names_alike(*pair))
    return _main(old), _main(new)


def _main(files: Sequence[AttachmentView]) -> AttachmentView | None:
    return next((one for kind in COMPARED for one in _of(kind, files)), files[0] if files else None)


def _of(kind: str, files: Sequence[AttachmentView]) -> list[AttachmentView]:
    return [one for one in files if kind_of(one.media_type) == kind]


def _names_alike(one: AttachmentView, other: AttachmentView) -> float:
    return SequenceMatcher(None, one.name.casefold(), other.name.casefold(), autojunk=False).ratio()


def _one(files: Sequence[AttachmentView], wanted: UUID | None) -> AttachmentView | None:
    return next((one for one in files if one.id == wanted), None)


def _others(connection: sa.Connection, subject: Subject, actor: Actor, now: datetime) -> tuple[Revision, ...]:
    record, revision = t.record.c, t.revision.c
    rows = connection.execute(
        sa.select(record.id, record.code, revision.number, record.state, revision.in_force.is_(True))
        .join(t.revision, revision.record_id == record.id)
        .where(
            record.kind == KIND,
            revision.document_id == subject.fields["document_id"],
            record.id != subject.id,
            readable_by(connection, actor, now, KIND),
        )
        .order_by(revision.number.desc())
    )
    return tuple(Revision(*row) for row in rows)


def _wanted(others: Sequence[Revision], subject: Subject, wanted: UUID | None) -> Revision | None:
    if wanted is not None:
        found = next((one for one in others if one.id == wanted), None)
        if found is None:
            raise NotFound
        return found
    former = (one for one in others if one.number < subject.fields["number"] and one.state in _HELD)
    return next((one for one in others if one.holds), None) or next(former, None)
