"""Readings as rows of a file: who was asked to read which revision, and what they signed once they had."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.exporting import Cell, Column, Kind
from service.language import say
from service.organisation import organisation
from service.web.pages.signing import SHORT
from service.web.pages.wording import heading
from states.lifecycle import Meaning
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

NAME: Final = "acknowledgement"
AT_ONCE: Final = 500


class Readings:
    """Acknowledgements for one reader: columns in their language, rows read some at a time."""

    def __init__(self, connection: sa.Connection, now: datetime, language: str) -> None:
        self.connection, self.now, self.language = connection, now, language
        self.snapshot = organisation(connection)

    def columns(self) -> list[Column]:
        """What is told of each."""
        return [Column(say(name, self.language), kind, width) for name, kind, width in _COLUMNS]

    def rows(self, asked: sa.Select[Any]) -> Iterator[Sequence[Cell]]:
        """The rows of what `asked_records` gives, the newest first."""
        found = _with_facts(asked).order_by(t.record.c.id.desc())
        for row in self.connection.execute(found, execution_options={"yield_per": AT_ONCE}):
            yield self._cells(row)

    def _cells(self, row: Any) -> Sequence[Cell]:
        post_id = row.signed_in or self._post(row.reader_id)
        unit_id = self.snapshot.posts[post_id].unit_id if post_id else row.unit_id
        return (
            row.of_document,
            row.title,
            row.number,
            self.snapshot.people[row.reader_id].name.into(self.language),
            self._named(self.snapshot.posts, post_id),
            self._named(self.snapshot.units, unit_id),
            row.opened_at,
            row.signed_at,
            heading(lifecycle(NAME).steps[row.state].label, self.language),
            row.due_at,
            row.content[:SHORT],
            row.content,
            row.signature,
        )

    def _named(self, among: Any, one: Any) -> str | None:
        return heading(among[one].name, self.language) if one in among else None

    def _post(self, reader_id: Any) -> Any:
        """The post that they hold now; of several the first, as on acquaintance sheets."""
        held = self.snapshot.posts_of(reader_id, today(self.now))
        return next(iter(sorted(held, key=lambda post: self.snapshot.posts[post].code)), None)


def _with_facts(asked: sa.Select[Any]) -> sa.Select[Any]:
    # By names of its own: filters may have brought the typed table along already.
    of, revision, document, signed = (
        table.alias(f"of_{table.name}") for table in (t.acknowledgement, t.revision, t.document, t.signature)
    )
    read = (signed.c.record_id == t.record.c.id) & (signed.c.meaning == Meaning.READ) & signed.c.voided_at.is_(None)
    return (
        asked.add_columns(
            *(of.c.reader_id, of.c.content, revision.c.number, document.c.code.label("of_document")),
            *(signed.c.signed_at, signed.c.hash.label("signature"), signed.c.post_id.label("signed_in")),
        )
        .join(of, of.c.record_id == t.record.c.id)
        .join(revision, revision.c.record_id == of.c.revision_id)
        .join(document, document.c.id == revision.c.document_id)
        .outerjoin(signed, read)
    )


_COLUMNS: Final[tuple[tuple[str, Kind, int], ...]] = (
    (N_("Document"), "text", 16),
    (N_("Title"), "text", 40),
    (N_("Revision №"), "number", 0),
    (N_("Who has to read it"), "text", 28),
    (N_("Post"), "text", 0),
    (N_("Unit"), "text", 0),
    (N_("Asked on"), "moment", 0),
    (N_("Read on"), "moment", 0),
    (N_("State"), "text", 20),
    (N_("Open task due"), "moment", 0),
    (N_("What was to be read, SHA-256 (short)"), "text", 16),
    (N_("What was to be read, SHA-256"), "text", 66),
    (N_("Signature, SHA-256"), "text", 66),
)
