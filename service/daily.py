"""What the calendar does by itself: what is scheduled comes into force, what is due for review is opened; a seal."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
import structlog

from models import tables as t
from models.database import Database
from service.moves import move
from service.organisation import CLOCK
from service.readings import of_the_day
from service.rehold import records_of_leavers, rehold_record
from service.sealing import seal
from states.refusals import Refusal
from states.registry import lifecycle

AT_ONCE = 200
log = structlog.get_logger(__name__)


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether a record waits to be woken at `now`."""
    return connection.execute(sa.select(sa.exists().where(t.record.c.wake_at <= now))).scalar_one()


def whole_day(database: Database, now: datetime, printed: Path | None = None) -> dict[str, int]:
    """Wake what is due, ask those who have to read, give on what leavers had, then seal all histories.

    Gives the counts of `daily` and of `readings.of_the_day`, how many tasks changed hands (`reheld`), how many seals
    were made (0 or 1) and how many histories that one covers. `printed` is the file of `service.sealing.seal`.
    """
    counts = {**daily(database, now), **of_the_day(database, now)}
    counts["reheld"] = leavers(database, now)
    made = seal(database, now, printed)
    return {**counts, "seals": 1 if made else 0, "sealed": made.leaves if made else 0}


def leavers(database: Database, now: datetime) -> int:
    """Give on the tasks of those who have left the university, each record's in a transaction of its own."""
    with database.read() as connection:
        records = records_of_leavers(connection, now)
    reheld = 0
    for record_id in records:
        try:
            with database.write() as connection:
                reheld += rehold_record(connection, record_id, now)
        except sa.exc.OperationalError:
            raise  # the database is away: the day is tried again
        except Exception as error:  # noqa: BLE001 - one record's fault, or ours, stops no other
            log.warning("not_reheld", record=str(record_id), why=f"{type(error).__name__}: {error}")
    return reheld


def daily(database: Database, now: datetime) -> dict[str, int]:
    """Wake every record whose day has come, each in a transaction of its own: one that cannot go stops no other.

    Gives how many were woken and how many refused; a refused one is tried again the next day.
    """
    counts = {"woken": 0, "refused": 0}
    refused: set[UUID] = set()
    while True:
        with database.read() as connection:
            due = connection.execute(
                sa.select(t.record.c.id, t.record.c.kind, t.record.c.state)
                .where(t.record.c.wake_at <= now, t.record.c.id.not_in(refused))
                .order_by(t.record.c.wake_at, t.record.c.id)
                .limit(AT_ONCE)
            ).all()
        if not due:
            return counts
        for record_id, kind, state in due:
            try:
                wake = lifecycle(kind).steps[state].wake
                if wake is None:
                    raise Refusal
                with database.write() as connection:
                    move(connection, record_id, wake.move, CLOCK, {}, now)
                counts["woken"] += 1
            except sa.exc.OperationalError:
                raise  # the database is away: nothing is said of the record, the day is tried again
            except Exception as error:  # noqa: BLE001 - one record's fault, or ours, stops no other
                refused.add(record_id)
                counts["refused"] += 1
                if not isinstance(error, Refusal):
                    log.warning("not_woken", record=str(record_id), why=f"{type(error).__name__}: {error}")
