"""Five years of a university, made up by `sapat simulate` at full size, and then left to people who sign in."""

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.accounts.demonstration import COUNTER
from service.simulating.simulate import Plan, simulate
from tests.support.university import University, at

PLAN = Plan(at(2026, 11, 20, 15))
MONDAY = at(2026, 11, 30, 9, 30)  # when the specialist's day begins


def simulated(folder: Path) -> University:
    """The university after those years. Whoever comes from now on must prove who they are."""
    database = Database(f"sqlite:///{folder / 'years.db'}")
    upgrade(database)
    simulate(database, PLAN)
    with database.write() as connection:
        connection.execute(sa.delete(t.counter).where(t.counter.c.name == COUNTER))
    people, posts, units = (_codes(database, table) for table in (t.person, t.post, t.unit))
    return University(database, people, posts, units)


def _codes(database: Database, table: sa.Table) -> dict[str, UUID]:
    with database.read() as connection:
        return {row.code: row.id for row in connection.execute(sa.select(table.c.code, table.c.id))}
