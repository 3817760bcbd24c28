"""Imports that go on while somebody looks how far they are. They are remembered as long as this process lives.

Nothing hangs on that: what is in is in, and the same file sent again goes on with the rest.
"""

from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock, Thread
from typing import Final
from uuid import UUID

from fastapi import FastAPI

from service.importing.list.mapping import ListMapping
from service.importing.list.report import ListReport
from service.importing.nonconformities import import_nonconformities
from service.importing.waiting import WaitingTables
from service.web.pages.list_import_forms import Sent
from service.web.site import Site, Visitor

KEPT: Final = 20
# Seconds in which most lists are in: whoever sends one is shown its report at once.
AT_ONCE: Final = 3.0
_door: Final = Lock()


@dataclass(slots=True)
class Run:
    """One import: whose, of which file, how far it is."""

    token: str
    person_id: UUID | None
    about: tuple[str, ...]
    name: str
    done: int = 0
    total: int = 0
    future: "Future[ListReport]" = field(default_factory=Future)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self.future.done()

    def outcome(self) -> ListReport:
        """What became of it, once it is over. Raises what ended it."""
        return self.future.result(timeout=0)

    def wait(self) -> None:
        """Until it is over, but not for long."""
        wait([self.future], AT_ONCE)


def start_run(app: FastAPI, here: Site, who: Visitor, sent: Sent, mapping: ListMapping, waiting: WaitingTables) -> Run:
    """Begin the import of the file whose trial run was seen; one that goes on already is not begun again."""
    runs = _runs(app)
    about = (sent.key, sent.name, sent.campus, sent.sheet)
    with _door:
        known = (run for run in runs.values() if run.about == about and not run.is_over)
        if (run := next(known, None)) is None:
            run = Run(token_urlsafe(16), who.actor.person_id, about, sent.name)
            runs[run.token] = run
            while len(runs) > KEPT:
                del runs[next(iter(runs))]
            Thread(target=_work, args=(run, here, who, sent, mapping, waiting), name="list", daemon=True).start()
    return run


def find_run(app: FastAPI, token: str, who: Visitor) -> Run | None:
    """The import of that token, if it is this person's."""
    run = _runs(app).get(token)
    return run if run and run.person_id == who.actor.person_id else None


def _work(run: Run, here: Site, who: Visitor, sent: Sent, mapping: ListMapping, waiting: WaitingTables) -> None:
    def progress(_what: str, done: int, total: int) -> None:
        run.done, run.total = done, total

    def bring() -> ListReport:
        with waiting.taken(sent.key, sent.name) as path:
            return import_nonconformities(
                here.database,
                path,
                who.actor,
                who.now,
                progress=progress,
                name=sent.name,
                campus=sent.campus,
                mapping=mapping,
            )

    try:
        report = bring()
    except BaseException as error:  # noqa: BLE001 - whoever looks how far it is hears of it
        run.future.set_exception(error)
    else:
        run.future.set_result(report)
    with suppress(RuntimeError):  # the loop that would deliver has ended
        here.nudge()


def _runs(app: FastAPI) -> dict[str, Run]:
    with _door_of_app:
        if not hasattr(app.state, "list_runs"):
            app.state.list_runs = {}
    found: dict[str, Run] = app.state.list_runs
    return found


_door_of_app: Final = Lock()
