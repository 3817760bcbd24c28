"""Makes Prefect's server take SQLite's write lock when it begins to write."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

_begin = AioSqliteConfiguration.begin_transaction


def _begin_immediate(
    self: AioSqliteConfiguration,
    session: AsyncSession,
    with_for_update: bool = False,
) -> AbstractAsyncContextManager[AsyncSessionTransaction]:
    return _begin(self, session, with_for_update=True)


def begin_immediately() -> None:
    """Let every writing session wait for its turn.

    Prefect 3.8 begins them DEFERRED: they read first, and when another session has written in the meantime SQLite
    refuses the write at once, whatever the busy timeout. Two runs at a time were enough for a 503 at one run in ten,
    and the client's next try is two seconds later. Sessions that only read are not begun here.
    """
    AioSqliteConfiguration.begin_transaction = _begin_immediate  # type: ignore[method-assign, assignment]  # as the docstring says
