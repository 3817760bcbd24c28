"""Make the controlled files that were asked for: rendered, bound, sealed, kept, and only then said to be made.

No transaction is open meanwhile. Whoever is killed at any point leaves a row in hand, which another takes up later, and
perhaps a file that nothing names, which the orphans' sweep takes away.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
import structlog

from models import tables as t
from models.database import Database, put
from service.controlled import rows
from service.controlled.assemble import LANGUAGE, Assembled, Part, Stamp, assemble
from service.controlled.certificate import digest, identity
from service.controlled.of_record import Facts, facts_of
from service.controlled.refusals import GONE_WRONG, NO_FILES, TOO_LARGE, NotRendered
from service.controlled.render import ARCHIVAL, Rendered, render
from service.controlled.rows import Taken
from service.controlled.seal import seal
from service.files.at import store_at
from service.files.refusals import FileTooLarge, NotKept
from service.files.store import Store
from service.language import say
from service.settings import Settings
from states.text import N_

# Files of one round; the next one takes the next.
MOST: Final = 10
# A whole may be larger than any one file of a record.
MOST_BYTES: Final = 250 * 1024 * 1024
_AWAY: Final = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
log = structlog.get_logger(__name__)


class Sheets(NamedTuple):
    """The approval sheet and the registration sheet of changes, as PDF."""

    approval: bytes
    changes: bytes


SheetsOf = Callable[[Database, UUID], Sheets]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Made:
    """A sealed PDF, how many pages it has, and how its files were rendered, by commas; with `archival` it is PDF/A."""

    pdf: bytes
    pages: int
    how: str


class GoneOverError(Exception):
    """Another hand has it by now: whatever was done here is not said."""


class Hand:
    """A row in hand, for as long as there is work on it."""

    def __init__(self, database: Database, taken: Taken, clock: Clock) -> None:
        self._database, self._clock, self.taken = database, clock, taken

    def renew(self) -> None:
        """Say that it is still worked on. Raises GoneOverError."""
        with self._database.write() as connection:
            longer = rows.renew(connection, self.taken, self._clock())
        if longer is None:
            raise GoneOverError
        self.taken = longer


def make(
    database: Database, settings: Settings, sheets_of: SheetsOf, now: datetime, clock: Clock | None = None
) -> dict[str, int]:
    """Make what is due, a bounded number; gives how many were made, failed for good, and put off.

    It is `now` when the round begins; `clock` tells how late it is later, and goes on from there unless given. May be
    run again at any time, and by several processes at once. It blocks for seconds: not on an event loop. Raises what a
    database raises that is away.
    """
    counts: Counter[str] = Counter()
    clock = clock or _going_on(now)
    for _ in range(MOST):
        with database.write() as connection:
            taken = rows.take(connection, clock())
        if taken is None:
            break
        counts[_one(database, settings, sheets_of, Hand(database, taken, clock), clock)] += 1
    return {f"controlled_{what}": counts[what] for what in sorted(counts)}


def _going_on(now: datetime) -> Clock:
    begun = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - begun)


def _one(database: Database, settings: Settings, sheets_of: SheetsOf, hand: Hand, clock: Clock) -> str:
    record_id = hand.taken.record_id
    try:
        done = make_one(database, settings, sheets_of, record_id, clock(), hand.renew)
        return "made" if keep(database, store_of(settings), hand.taken, done, clock()) else "put_off"
    except NotRendered as refusal:
        with database.write() as connection:
            rows.failed(connection, hand.taken, refusal.says, refusal.facts)
        return "failed"
    except _AWAY:
        raise
    except GoneOverError:
        return "put_off"
    except Exception as error:
        log.warning("controlled_file_put_off", record=str(record_id), why=type(error).__name__, exc_info=error)
        why = f"{type(error).__name__}: {error}"[:500]
        with database.write() as connection:
            rows.put_off(connection, hand.taken, GONE_WRONG, {"why": why}, clock())
        return "put_off"


def make_one(
    database: Database,
    settings: Settings,
    sheets_of: SheetsOf,
    record_id: UUID,
    now: datetime,
    working: Callable[[], None] = lambda: None,
) -> Made:
    """The sealed PDF of a revision; nothing is kept. `working` is told between steps that each take minutes at most.

    Raises NotRendered and whatever goes wrong.
    """
    with database.read() as connection:
        facts = facts_of(connection, record_id)
    if not facts.files:
        raise NotRendered(NO_FILES)
    store = store_of(settings)
    rendered = []
    for file in facts.files:
        rendered.append(render(b"".join(store.read(file.sha256)), file.name))
        working()
    bound = bind(facts, rendered, sheets_of(database, record_id), settings.address)
    working()
    by = identity(settings, facts.university, now)
    checked_at = stamp_of(facts, settings.address).checked_at
    sealed = seal(bound.pdf, by, facts.university, checked_at, now, settings.timestamp_url)
    ways = {one.how for one in rendered} | ({ARCHIVAL} if bound.archival else set())
    return Made(sealed, bound.pages, ",".join(sorted(ways)))


def bind(facts: Facts, rendered: list[Rendered], sheets: Sheets, address: str) -> Assembled:
    """Approval sheet, the document's files, registration sheet of changes, each page stamped."""
    documents = [Part(file.name, one.pdf) for file, one in zip(facts.files, rendered, strict=True)]
    approval = Part(say(_APPROVAL, LANGUAGE), sheets.approval)
    changes = Part(say(_CHANGES, LANGUAGE), sheets.changes)
    return assemble([approval, *documents, changes], stamp_of(facts, address))


def keep(database: Database, store: Store, taken: Taken, done: Made, now: datetime) -> bool:
    """Put the file into the store, then say that it is made; whether it is still ours to say.

    Raises NotRendered; NotKept where the orphans' sweep took the same content away in the moment between.
    """
    try:
        kept = store.keep(done.pdf)
    except FileTooLarge as refusal:
        raise NotRendered(TOO_LARGE) from refusal
    row = {"sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type, "kept_at": now}
    with database.write() as connection:
        put(connection, t.file, row, "sha256")
        # The row is locked from here on, and the sweep takes the row before it takes the file.
        if not store.holds(kept.sha256):
            raise NotKept
        facts = {"sha256": digest(done.pdf), "size": kept.size, "pages": done.pages, "how": done.how}
        return rows.made(connection, taken, now, facts)


def stamp_of(facts: Facts, address: str) -> Stamp:
    """What stands on each page."""
    return Stamp(facts.record_id, facts.code, facts.title, facts.number, address)


def store_of(settings: Settings) -> Store:
    """Where files are kept, for those that are put together here."""
    return store_at(settings, MOST_BYTES)


_APPROVAL, _CHANGES = N_("Approval sheet"), N_("Registration sheet of changes")
