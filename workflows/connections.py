"""Lets go of Prefect's database when its server ends, which in Sapat's process is not the end of the process.

A request that is cut off may leave its connection in a transaction, with SQLite's one write lock: Prefect could not be
started again before Sapat is. Seen were a connection that nobody closed, and one closed while a statement had rows left
to give, which SQLite keeps open with all its locks until the garbage collector comes by.
"""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection


class _Connection(sqlite3.Connection):
    """Gives its locks back when it is closed, whatever its statements still have to give."""

    def __init__(self, still_open: WeakSet[_Connection], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._still_open = still_open
        still_open.add(self)

    def close(self) -> None:
        """Roll back, then close."""
        try:
            if self in self._still_open:  # a second closing is allowed, a second rollback is not
                self.rollback()
        finally:
            self._still_open.discard(self)
            super().close()


class Connections:
    """The connections to SQLite that are opened on the running loop from now on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._known: WeakSet[aiosqlite.Connection] = WeakSet()
        self._open: WeakSet[_Connection] = WeakSet()
        event.listen(Engine, "do_connect", self._connect)

    def _connect(
        self, dialect: Dialect, record: object, args: tuple[Any, ...], options: dict[str, Any]
    ) -> DBAPIConnection | None:
        if dialect.driver != "aiosqlite" or asyncio.get_running_loop() is not self._loop:
            return None
        connection: Any = dialect.connect(*args, **options, factory=partial(_Connection, self._open))
        self._known.add(connection.driver_connection)
        return connection  # type: ignore[no-any-return]  # it is one

    async def let_go(self, seconds: float = 2.0) -> None:
        """Close what is still open. The loop has to run: a connection's thread dies when it cannot answer to it.

        Each closes when it has done what it was told before; one that waits for another's lock gets it by then.
        """
        closing = [asyncio.create_task(connection.close()) for connection in self._known]
        for _ in range(int(seconds / 0.02)):
            await asyncio.sleep(0.02)
            if not self._open:  # what counts; the closing of one that was told to stop before never returns
                break
        for task in closing:
            task.cancel()
        await asyncio.gather(*closing, return_exceptions=True)
        event.remove(Engine, "do_connect", self._connect)
