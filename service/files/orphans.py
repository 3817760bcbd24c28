"""Files that nothing names: sent for a move that was never made, or left by a process that died."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.database import insert_new
from service.files.store import Store

GRACE: Final = timedelta(days=1)


def sweep_orphans(connection: sa.Connection, store: Store, now: datetime) -> int:
    """Remove the files that were kept more than a day before `now` and that nothing names; gives how many.

    The row goes first, and the file while the row is locked: whoever keeps the same content meanwhile waits, and then
    finds that it must be sent again (`remember`), or has come first, and then the row is young.
    """
    _adopt(connection, store, now - GRACE)
    named = sa.or_(
        sa.exists().where(t.attachment.c.sha256 == t.file.c.sha256),
        sa.exists().where(t.controlled_file.c.sha256 == t.file.c.sha256),
    )
    orphans = sa.delete(t.file).where(t.file.c.kept_at < now - GRACE, ~named).returning(t.file.c.sha256)
    removed = connection.execute(orphans).scalars().all()
    connection.execute(sa.delete(t.upload).where(t.upload.c.sha256.in_(removed)))
    for sha256 in removed:
        store.remove(sha256)
    return len(removed)


def _adopt(connection: sa.Connection, store: Store, before: datetime) -> None:
    """Files without a row get one, so that they are removed like the others, under its lock."""
    found = list(store.old(before))
    known = set(connection.execute(sa.select(t.file.c.sha256)).scalars()) if found else set()
    strays = [
        {"sha256": sha256, "size": size, "media_type": _UNKNOWN, "kept_at": written}
        for sha256, size, written in found
        if sha256 not in known
    ]
    insert_new(connection, t.file, strays)


_UNKNOWN = "application/octet-stream"
