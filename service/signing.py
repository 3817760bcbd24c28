"""Signatures: what an approval proves, and what it is bound to (21 CFR 11.50, 11.70, 11.200).

A signature is a row of its own, whose hash stands in the history entry of the move: taken off one record and put on
another, or changed, it no longer fits its chain. It is bound to the content that was signed: once that changes it is
void, and stays to be seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.prepared import Prepared
from service.act import Act
from service.chain import digest
from service.organisation import PersonFacts, PostFacts
from service.subject import Subject
from states.lifecycle import Move
from states.refusals import Refusal
from states.text import N_
from states.working_days import BISHKEK


@dataclass(frozen=True, slots=True)
class Proof:
    """That whoever signs is who they say, at the moment of signing.

    `method`: `password`, `passkey`, `series` (within a pause of a signature of the same session) or `demonstration`.
    """

    method: str
    at: datetime


class ProofNeeded(Refusal):
    """A signature, or a change of how one signs in, needs a proof given at this moment (21 CFR 11.200)."""

    status = 403
    code = "proof-needed"
    says = N_("This is a signature: show that it is you.")
    next_step = N_("Give your password, or use a passkey.")


@dataclass(frozen=True, slots=True)
class Content:
    """What a signature is bound to: fields of the record, its files (name and SHA-256), and rows of its parts."""

    fields: Mapping[str, Any]
    files: tuple[tuple[str, str], ...]
    parts: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over all of it."""
        parts = {"parts": self.parts} if self.parts else {}
        return digest({"fields": self.fields, "files": self.files, **parts})


def content_of(connection: sa.Connection, subject: Subject) -> Content:
    """What somebody signs who signs the record as it stands now."""
    names = ("kind", "code", *subject.lifecycle.signs_over)
    # Sorted here: databases differ in how they order letters, and the hash must not.
    files = sorted(_FILES.every(connection, {"of": subject.id}))
    return Content({name: _said(subject.fields.get(name)) for name in names}, tuple(files), _parts(connection, subject))


def _parts(connection: sa.Connection, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """The rows of the parts that are signed, without what every row has."""
    from service.parts import read_part  # which needs files, and they need signatures

    def said(row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _said(value) for name, value in row.items() if name not in ("record_id", "removed_at")}

    return {
        name: [said(row) for row in read_part(connection, subject.id, name)] for name in subject.lifecycle.signs_parts
    }


def sign(
    act: Act,
    subject: Subject,
    declared: Move,
    given: Mapping[str, Any],
    history_id: UUID,
    capacity: "Capacity",
    proof: Proof,
) -> str:
    """Sign a move that is a signature; gives the hash, for the history entry."""
    assert declared.signs is not None and act.actor.person_id is not None  # noqa: S101, PT018 - asked by the caller
    people = act.organisation.people
    behalf = people.get(capacity.acting_for_id) if capacity.acting_for_id else None
    content = content_of(act.connection, subject)
    row: dict[str, Any] = {
        "id": new_id(),
        "record_id": subject.id,
        "history_id": history_id,
        "person_id": act.actor.person_id,
        "post_id": capacity.post_id,
        "acting_for_id": capacity.acting_for_id,
        "meaning": declared.signs.value,
        "method": proof.method,
        "signed_at": act.now,
        "facts": {
            "name": _names(people[act.actor.person_id]),
            "post": _post_names(act, capacity),
            "acting_for": _names(behalf) if behalf else None,
            "at": act.now.astimezone(BISHKEK).isoformat(timespec="seconds"),
            "move": declared.name,
            "given": {name: _said(value) for name, value in given.items()},
            "content": dict(content.fields),
            "files": [list(file) for file in content.files],
            **({"parts": content.parts} if content.parts else {}),
        },
        "content_hash": content.hash,
    }
    row["hash"] = signature_hash(row)
    act.writes.add(_SIGN, row)
    return str(row["hash"])


def void(act: Act, subject: Subject, history_id: UUID) -> None:
    """Void the signatures on what the record said before, once the entry `history_id` has changed that."""
    now = {"of": subject.id, "but": content_of(act.connection, subject).hash}
    _VOID.run(act.connection, {**now, "voided_at": act.now, "voided_by_id": history_id})


def signature_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a signature without its own hash and its voiding."""
    return digest({name: row[name] for name in SIGNED})


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which post somebody made a move, and whose deputy they were then."""

    post_id: UUID | None = None
    acting_for_id: UUID | None = None


SIGNED = tuple(column.name for column in t.signature.c if column.name not in ("hash", "voided_at", "voided_by_id"))
_FILES = Prepared(
    sa.select(t.attachment.c.name, t.attachment.c.sha256).where(
        t.attachment.c.record_id == sa.bindparam("of"), t.attachment.c.removed_by_id.is_(None)
    )
)
_SIGN = Prepared(sa.insert(t.signature))
_VOID = Prepared(
    sa.update(t.signature).where(
        t.signature.c.record_id == sa.bindparam("of"),
        t.signature.c.voided_at.is_(None),
        t.signature.c.content_hash != sa.bindparam("but"),
    )
)


def _post_names(act: Act, capacity: "Capacity") -> dict[str, str] | None:
    """What the post is called; of a vacant one, whose post it was signed in."""
    posts, person_id = act.organisation.posts, capacity.acting_for_id or act.actor.person_id
    if capacity.post_id is None or person_id is None:
        return None
    post, held = posts[capacity.post_id].name, act.organisation.posts_of(person_id, act.day)
    if capacity.post_id in held or not held:
        return _names(posts[capacity.post_id])
    own = posts[min(held)].name
    return {
        "ky": f"{own.ky} (бош кызмат орду үчүн: {post.ky})",
        "ru": f"{own.ru} (за вакантную должность: {post.ru})",
        "en": f"{own.en} (for the vacant post: {post.en})",
    }


def _names(one: PersonFacts | PostFacts) -> dict[str, str]:
    return {"ky": one.name.ky, "ru": one.name.ru, "en": one.name.en}


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value
