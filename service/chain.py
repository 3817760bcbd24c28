"""The chain of a record's history: each entry's hash is over its facts and the hash of the entry before."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

# Facts that entries did not have at first: they count where they are there, so that older entries keep their hash.
_LATER: Final = ("post_id", "signature")


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a history entry without its own hash."""
    return digest(
        {key: value for key, value in entry.items() if key != "hash" and not (value is None and key in _LATER)}
    )


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over facts as canonical JSON: keys sorted, moments in UTC, identifiers as 32 digits."""
    plain = {key: _plain(value) for key, value in facts.items()}
    return sha256(_canonical(plain).encode()).hexdigest()


_canonical: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.hex if isinstance(value, UUID) else value
