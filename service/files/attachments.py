"""Files that belong to records: attached by a move, removed by a move, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from models import tables as t
from models.base import new_id
from models.database import insert_new
from service.act import Act
from service.files.names import clean_name
from service.files.refusals import NotKept
from service.files.store import Kept, Store
from service.subject import Subject
from states.kyrgyz import sort_key
from states.lifecycle import Field
from states.refusals import Duplicate, NotFound


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file of a record, as people and signatures see it; `size` in bytes, `sha256` in hex."""

    id: UUID
    name: str
    sha256: str
    size: int
    media_type: str


def remember(connection: sa.Connection, store: Store, kept: Kept, now: datetime, person_id: UUID) -> None:
    """Note that a person has sent a file: from `now` a move of theirs has a day to name it.

    Raises NotKept where the orphans' sweep took the same content away in the moment between: send it again.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {"sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type, "kept_at": now}
    statement = dialect.insert(t.file).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=[t.file.c.sha256], set_=row))
    insert_new(connection, t.upload, [{"sha256": kept.sha256, "person_id": person_id, "at": now}])
    # The row is locked from here on, and the sweep takes the row before it takes the file.
    if not store.holds(kept.sha256):
        raise NotKept


def known(connection: sa.Connection, sent: Mapping[str, Any], person_id: UUID | None) -> dict[str, Any]:
    """What a field of kind `file` records: `sha256`, `name`, `size`, `media_type`, as the store knows them.

    Of `sent` only `sha256` and `name` are looked at. Raises NotKept where the person sent no such file, NotAccepted.
    """
    kept = _kept(connection, str(sent.get("sha256", "")))
    mine = (t.upload.c.sha256 == kept.sha256) & (t.upload.c.person_id == person_id)
    if not connection.execute(sa.select(sa.exists().where(mine))).scalar():
        raise NotKept
    name = clean_name(str(sent.get("name", "")), kept.media_type)
    return {"sha256": kept.sha256, "name": name, "size": kept.size, "media_type": kept.media_type}


def attach(act: Act, subject: Subject, history_id: UUID, kept: Kept, name: str) -> UUID:
    """Give the record a file, by the move whose history entry is named. Raises NotKept, NotAccepted, Duplicate."""
    found = _kept(act.connection, kept.sha256)
    cleaned = clean_name(name, found.media_type)
    if _named(act.connection, subject.id, cleaned):
        raise Duplicate(what=cleaned)
    attachment_id = new_id()
    row = {
        "id": attachment_id,
        "record_id": subject.id,
        "sha256": found.sha256,
        "name": cleaned,
        "added_by_id": history_id,
    }
    act.connection.execute(sa.insert(t.attachment), row)
    return attachment_id


def change_files(
    act: Act, subject: Subject, fields: Iterable[Field], given: Mapping[str, Any], history_id: UUID
) -> None:
    """Attach and remove what a move records in fields of the kinds `file` and `attachment`."""
    for field in fields:
        value = given.get(field.name)
        if field.kind == "file" and value:
            attach(act, subject, history_id, Kept(value["sha256"], value["size"], value["media_type"]), value["name"])
        elif field.kind == "attachment" and value:
            detach(act, subject, history_id, value)


def detach(act: Act, subject: Subject, history_id: UUID, name: str) -> UUID:
    """Take the file of that name from the record; its content stays, for what was signed with it. Raises NotFound."""
    found = _named(act.connection, subject.id, name)
    if found is None:
        raise NotFound
    removed = sa.update(t.attachment).where(t.attachment.c.id == found).values(removed_by_id=history_id)
    act.connection.execute(removed)
    return found


def attachments_of(connection: sa.Connection, record_id: UUID) -> list[AttachmentView]:
    """The files that the record has now, in the order of their names."""
    rows = connection.execute(_VIEWS.where(t.attachment.c.record_id == record_id)).all()
    return sorted((AttachmentView(*row) for row in rows), key=lambda one: (sort_key(one.name), one.name))


def attachment(connection: sa.Connection, attachment_id: UUID) -> tuple[UUID, AttachmentView]:
    """A file that a record has now, and the record's identifier. Raises NotFound."""
    statement = _VIEWS.add_columns(t.attachment.c.record_id).where(t.attachment.c.id == attachment_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row.record_id, AttachmentView(*row[:-1])


_VIEWS = (
    sa.select(t.attachment.c.id, t.attachment.c.name, t.file.c.sha256, t.file.c.size, t.file.c.media_type)
    .join_from(t.attachment, t.file)
    .where(t.attachment.c.removed_by_id.is_(None))
)


def _kept(connection: sa.Connection, sha256: str) -> Kept:
    row = connection.execute(
        sa.select(t.file.c.sha256, t.file.c.size, t.file.c.media_type).where(t.file.c.sha256 == sha256)
    ).one_or_none()
    if row is None:
        raise NotKept
    return Kept(*row)


def _named(connection: sa.Connection, record_id: UUID, name: str) -> UUID | None:
    columns = t.attachment.c
    found: UUID | None = connection.execute(
        sa.select(columns.id).where(
            columns.record_id == record_id, columns.name == name, columns.removed_by_id.is_(None)
        )
    ).scalar()
    return found
