"""What is verified, line by line, whether it comes from a database or from a file: plain JSON values, fields in order.

A source gives a header; all seals by number; all events by number; then, by record: the record, its history by seq,
its leaves by seal, its signatures. So one walk, which remembers no more than the seals and one record, sees it all.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from types import NoneType
from typing import Any, Final

from service.chain import digest

FORMAT: Final = "sapat history"
VERSION: Final = 1

Fields = dict[str, Any]
Line = tuple[str, Fields]

_TEXT, _NUMBER, _FACTS = (str,), (int,), (dict,)
_MAYBE = (str, NoneType)

# The fields of format 1 in their order. Identifiers are 32 hexadecimal digits, moments ISO 8601 in UTC.
SHAPES: Final[Mapping[str, Mapping[str, tuple[type, ...]]]] = {
    "header": {"format": _TEXT, "version": _NUMBER, "at": _TEXT, "records": _NUMBER, "entries": _NUMBER},
    "seal": {
        "number": _NUMBER,
        "at": _TEXT,
        "leaves": _NUMBER,
        "root": _TEXT,
        "events_until": _NUMBER,
        "events_hash": _TEXT,
        "previous": _TEXT,
        "hash": _TEXT,
    },
    "event": {
        "number": _NUMBER,
        "at": _TEXT,
        "kind": _TEXT,
        "actor_id": _MAYBE,
        "about_id": _MAYBE,
        "address": _TEXT,
        "facts": _FACTS,
    },
    "record": {"id": _TEXT, "kind": _TEXT, "code": _TEXT, "state": _TEXT, "version": _NUMBER, "head": _TEXT},
    "entry": {
        "id": _TEXT,
        "record_id": _TEXT,
        "seq": _NUMBER,
        "at": _TEXT,
        "actor_id": _MAYBE,
        "acting_for_id": _MAYBE,
        "post_id": _MAYBE,
        "signature": _MAYBE,
        "move": _TEXT,
        "from_state": _TEXT,
        "to_state": _TEXT,
        "given": _FACTS,
        "cause_id": _MAYBE,
        "previous": _TEXT,
        "hash": _TEXT,
    },
    "leaf": {"seal_number": _NUMBER, "record_id": _TEXT, "seq": _NUMBER, "head": _TEXT},
    "signature": {
        "id": _TEXT,
        "record_id": _TEXT,
        "history_id": _TEXT,
        "person_id": _TEXT,
        "post_id": _MAYBE,
        "acting_for_id": _MAYBE,
        "meaning": _TEXT,
        "method": _TEXT,
        "signed_at": _TEXT,
        "facts": _FACTS,
        "content_hash": _TEXT,
        "hash": _TEXT,
        "voided_at": _MAYBE,
        "voided_by_id": _MAYBE,
    },
}
OF_A_RECORD: Final = ("record", "entry", "leaf", "signature")


class UnreadableError(Exception):
    """A source that cannot be read on: a damaged file, a row that its database cannot give back."""


def well_formed(kind: str, fields: Fields) -> bool:
    """Whether the fields are those of the kind, in their order, each of its very type: True is not 1 here."""
    return tuple(fields) == tuple(SHAPES[kind]) and _allowed(kind, tuple(map(type, fields.values())))


@lru_cache(4096)
def _allowed(kind: str, types: tuple[type, ...]) -> bool:
    return all(one in allowed for one, allowed in zip(types, SHAPES[kind].values(), strict=True))


def record_of(kind: str, fields: Fields) -> str:
    """The identifier of the record that a line belongs to."""
    found: str = fields["id" if kind == "record" else "record_id"]
    return found


def in_utc(moment: datetime) -> str:
    """A moment as lines say it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def seal_hash(seal: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a seal's line without its own hash."""
    return digest({name: value for name, value in seal.items() if name != "hash"})


def events_hash(events: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) over the hashes of the events, one line for each."""
    all_of_them = sha256()
    for event in events:
        all_of_them.update(event_bytes(event))
    return all_of_them.hexdigest()


def event_bytes(event: Mapping[str, Any]) -> bytes:
    """An event as the hash of several takes it in: its own hash, and a line feed."""
    return f"{digest(event)}\n".encode()
