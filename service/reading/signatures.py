"""Signatures as people see them: what they would sign, before they do; and what was signed (21 CFR 11.50)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.files.attachments import AttachmentView, attachments_of
from service.moves import capacity_of
from service.organisation import Actor, organisation
from service.reading.tasks import move_label
from service.signing import content_of, signature_hash
from service.subject import NOTHING_BELOW, Subject
from states.lifecycle import Lifecycle, Meaning, Move
from states.text import Text


@dataclass(frozen=True, slots=True)
class ToSign:
    """What somebody signs who makes a move now: fields by name, files, and `hash` (SHA-256, hex) over them.

    `post` is the one in which they sign, `acting_for` whose deputy they are then.
    """

    meaning: Meaning
    fields: Mapping[str, Any]
    files: tuple[AttachmentView, ...]
    hash: str
    post: Text | None
    acting_for: Text | None


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature with its facts as they were at that moment; `files` by name and SHA-256.

    `fits` says that it makes its own hash, and that the history entry of its move carries that hash. It is void since
    `voided_at`, by the change `voided_by`.
    """

    id: UUID
    history_id: UUID
    meaning: Meaning
    move: Text
    name: Text
    post: Text | None
    acting_for: Text | None
    signed_at: datetime
    method: str
    fields: Mapping[str, Any]
    files: tuple[tuple[str, str], ...]
    content_hash: str
    hash: str
    fits: bool
    voided_at: datetime | None
    voided_by: Text | None


def to_sign(connection: sa.Connection, subject: Subject, move: Move, actor: Actor, now: datetime) -> ToSign:
    """What `actor` would sign by a move that is theirs to make. Raises NotFromHere, NotYours, Duties."""
    act = Act(connection, organisation(connection), actor, now)
    case = subject.case(actor, act.organisation, act.day, NOTHING_BELOW)
    declared = subject.lifecycle.admit(case, move.name)
    assert declared.signs is not None  # noqa: S101 - asked by the caller
    capacity, content = capacity_of(act, declared.by, case.fields, case.acting_for), content_of(connection, subject)
    people, posts = act.organisation.people, act.organisation.posts
    return ToSign(
        meaning=declared.signs,
        fields=content.fields,
        files=tuple(attachments_of(connection, subject.id)),
        hash=content.hash,
        post=posts[capacity.post_id].name if capacity.post_id else None,
        acting_for=people[capacity.acting_for_id].name if capacity.acting_for_id else None,
    )


def signatures_of(connection: sa.Connection, record_id: UUID, one: Lifecycle) -> list[SignatureView]:
    """The signatures on a record, the first one first; void ones too."""
    return [_view(row, one) for row in connection.execute(_SIGNED, {"of": record_id}).mappings()]


_CARRIED, _CHANGED = t.history.alias("carried"), t.history.alias("changed")
_SIGNED = (
    sa.select(t.signature, _CARRIED.c.signature.label("carried"), _CHANGED.c.move.label("changed"))
    .outerjoin(_CARRIED, _CARRIED.c.id == t.signature.c.history_id)
    .outerjoin(_CHANGED, _CHANGED.c.id == t.signature.c.voided_by_id)
    .where(t.signature.c.record_id == sa.bindparam("of"))
    .order_by(t.signature.c.signed_at, t.signature.c.id)
)


def _view(row: sa.RowMapping, one: Lifecycle) -> SignatureView:
    facts = row["facts"]
    return SignatureView(
        id=row["id"],
        history_id=row["history_id"],
        meaning=Meaning(row["meaning"]),
        move=move_label(one, facts["move"]),
        name=Text(**facts["name"]),
        post=Text(**facts["post"]) if facts["post"] else None,
        acting_for=Text(**facts["acting_for"]) if facts["acting_for"] else None,
        signed_at=row["signed_at"],
        method=row["method"],
        fields=facts["content"],
        files=tuple((name, sha256) for name, sha256 in facts["files"]),
        content_hash=row["content_hash"],
        hash=row["hash"],
        fits=row["hash"] == row["carried"] == signature_hash(dict(row)),
        voided_at=row["voided_at"],
        voided_by=move_label(one, row["changed"]) if row["changed"] else None,
    )
