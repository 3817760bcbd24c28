"""A request that may come twice is done once: its answer is kept in the transaction of what it did."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from states.refusals import Malformed, Refusal
from states.text import N_

KEPT: Final = timedelta(days=1)
LONGEST_KEY: Final = 200


class KeyReused(Refusal):
    """The Idempotency-Key came with another request before."""

    status = 422
    code = "idempotency-key-reused"
    says = N_("This Idempotency-Key was used for another request.")
    next_step = N_("Take a new key for each new request.")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered. `replayed` where it was answered before."""

    status: int
    content: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


def once(
    connection: sa.Connection, person_id: UUID, key: str, request: Any, now: datetime, do: Callable[[], Answered]
) -> Answered:
    """What `do` answers; what it answered before where the person's `key` is known. Raises KeyReused, Malformed.

    A refusal is not kept: it wrote nothing, and the same request may succeed later.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Malformed(N_("An Idempotency-Key has 1 to 200 characters."))
    kept, digest = t.idempotent_answer, _digest(request)
    mine = kept.c.person_id == person_id
    connection.execute(sa.delete(kept).where(mine, kept.c.created_at < now - KEPT))
    # The key is taken first: whoever comes with the same one waits here until this transaction has ended.
    row = {"person_id": person_id, "key": key, "request_hash": digest, "status": 0, "answer": {}, "created_at": now}
    insert_new(connection, kept, [row])
    before = connection.execute(sa.select(kept).where(mine, kept.c.key == key)).one()
    if before.request_hash != digest:
        raise KeyReused
    if before.status:
        return Answered(before.status, before.answer["content"], before.answer["headers"], replayed=True)
    done = do()
    answer = {"content": _plain(done.content), "headers": dict(done.headers)}
    connection.execute(sa.update(kept).where(mine, kept.c.key == key).values(status=done.status, answer=answer))
    return done


def _digest(request: Any) -> str:
    return sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _plain(content: Any) -> Any:
    return json.loads(json.dumps(content, default=str))
