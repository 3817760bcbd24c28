"""Signatures as plain JSON: what a move would sign, what was signed, and what a request says about signing."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from service.files.attachments import AttachmentView
from service.reading.records import RecordView
from service.reading.signatures import SignatureView, ToSign, signatures_of, to_sign
from service.web.api.asked import Asked
from states.lifecycle import Move
from states.refusals import Incomplete
from states.text import N_, Text

Json = dict[str, Any]


def signatures_on(connection: sa.Connection, view: RecordView, language: str) -> list[Json]:
    """The signatures on a record, the first one first; void ones too."""
    return [_signed(one, language) for one in signatures_of(connection, view.subject.id, view.lifecycle)]


def to_be_signed(asked: Asked, view: RecordView) -> dict[str, Json]:
    """By move, what whoever asks would sign."""
    who = asked.who
    offered = ((move, to_sign(asked.connection, view.subject, move, who.actor, who.now)) for move in _signing(view))
    return {move.name: _unsigned(one, who.language) for move, one in offered}


def seen(declared: Move | None, secrets: dict[str, str]) -> str | None:
    """The hash of the content that the signer saw, taken out of what proves who signs. Raises Incomplete."""
    if secrets and not (declared and declared.signs):
        raise Incomplete({"signature": N_("This is not asked for here.")})
    return secrets.pop("content", None)


def _signing(view: RecordView) -> Iterable[Move]:
    return (move for move in view.moves if move.signs)


def _signed(one: SignatureView, language: str) -> Json:
    return {
        "id": one.id,
        "history_id": one.history_id,
        "meaning": one.meaning.value,
        "meaning_label": one.meaning.label.into(language),
        "move_label": one.move.into(language),
        "name": one.name.into(language),
        "post": _into(one.post, language),
        "acting_for": _into(one.acting_for, language),
        "signed_at": one.signed_at,
        "method": one.method,
        "fields": one.fields,
        "files": [{"name": name, "sha256": sha256} for name, sha256 in one.files],
        "content": one.content_hash,
        "hash": one.hash,
        "fits": one.fits,
        "voided_at": one.voided_at,
        "voided_by": _into(one.voided_by, language),
    }


def _unsigned(one: ToSign, language: str) -> Json:
    return {
        "meaning": one.meaning.value,
        "meaning_label": one.meaning.label.into(language),
        "post": _into(one.post, language),
        "acting_for": _into(one.acting_for, language),
        "fields": one.fields,
        "files": [_file(file) for file in one.files],
        "content": one.hash,
    }


def _file(one: AttachmentView) -> Json:
    return {**{name: getattr(one, name) for name in ("id", "name", "sha256", "size")}, "href": f"/api/files/{one.id}"}


def _into(text: Text | None, language: str) -> str | None:
    return text.into(language) if text else None
