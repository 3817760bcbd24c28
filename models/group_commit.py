"""One writer for many: each use-case that waits gets a savepoint, one commit makes all of them durable, then all know.

SQLite has one writer at a time, and a durable commit is most of what a small write costs: those who wait share one.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from models.database import Database

MOST: Final = 64

T = TypeVar("T")


@dataclass(slots=True)
class _Asked:
    use_case: Callable[[sa.Connection], Any]
    answer: Future[Any] = field(default_factory=Future)


class GroupCommit:
    """The thread that writes. What is raised in a use-case undoes that one alone; a commit that fails, all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: SimpleQueue[_Asked | None] = SimpleQueue()
        self._door = Lock()
        self._ended = False
        self._thread = Thread(target=self._run, name="write", daemon=True)
        self._thread.start()

    def submit(self, use_case: Callable[[sa.Connection], T]) -> Future[T]:
        """Let the use-case be run soon; its future is answered once what it wrote is durable.

        Raises RuntimeError after `shutdown`.
        """
        asked = _Asked(use_case)
        with self._door:
            if self._ended:
                raise RuntimeError("the writer has ended: nothing is written any more")
            self._waiting.put(asked)
        return asked.answer

    def shutdown(self) -> None:
        """Do what has been asked, then end."""
        with self._door:
            if not self._ended:
                self._ended = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            group: list[_Asked | None] = [self._waiting.get()]
            with suppress(Empty):
                while len(group) < MOST and group[-1] is not None:
                    group.append(self._waiting.get_nowait())
            goes_on = group[-1] is not None
            asked = [one for one in group if one is not None and one.answer.set_running_or_notify_cancel()]
            if asked:
                self._commit(asked)

    def _commit(self, group: list[_Asked]) -> None:
        try:
            with self._database.write() as connection:
                outcomes = [_attempt(connection, one.use_case) for one in group]
        except BaseException as error:  # noqa: BLE001  nothing was kept: whoever waits must hear of it
            for one in group:
                one.answer.set_exception(error)
            return
        for one, (done, refused) in zip(group, outcomes, strict=True):
            if refused is None:
                one.answer.set_result(done)
            else:
                one.answer.set_exception(refused)


def _attempt(connection: sa.Connection, use_case: Callable[[sa.Connection], Any]) -> tuple[Any, Exception | None]:
    # Where SQLite has given up the whole transaction, there is no savepoint to undo: that raises, the group has failed.
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT one_of_group")
    try:
        done = use_case(connection)
    except Exception as error:  # noqa: BLE001  handed on to whoever asked
        driver.execute("ROLLBACK TO one_of_group")
        driver.execute("RELEASE one_of_group")
        return None, error
    driver.execute("RELEASE one_of_group")
    return done, None
