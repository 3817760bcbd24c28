"""The log: what happens to people, posts, accounts and settings, which no record's history tells."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared

_TELL = Prepared(sa.insert(t.event))


def log_event(
    connection: sa.Connection,
    kind: str,
    now: datetime,
    *,
    actor_id: UUID | None = None,
    about_id: UUID | None = None,
    address: str = "",
    **facts: Any,
) -> None:
    """Add a line, in the transaction of what it tells of. `kind` is `what.happened`; `facts` (JSON) hold no secret."""
    row = {"at": now, "kind": kind, "actor_id": actor_id, "about_id": about_id, "address": address, "facts": facts}
    _TELL.run(connection, row)
