"""A council endorses: the whole write path, against the bare driver issuing exactly the same writes.

The writes are those that `move` really made on a copy of the database, with their values ready: the limit computes no
hash, no deadline and no identifier, and reads one row before it writes. One client, a durable commit for each decision.
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

from benchmarks.figures import Figure, beside, interleaved, seconds
from benchmarks.listening import Writes, listen_in
from benchmarks.places import Place, place
from benchmarks.university import NOW, found, persons, submit_revisions
from models import tables as t
from models.database import Database
from service.moves import move
from service.organisation import Actor, organisation
from service.signing import Proof
from states.working_days import today

ROUNDS = 9
DECISIONS = 300  # in each round
GIVEN = {
    "protocol_no": "7",
    "decided_on": "2026-02-27",
    "votes_for": "11",
    "wording": "Жобону жактыруу жана бекитүүгө сунуштоо.",
}


def measure(kind: str) -> dict[str, Figure]:
    """Decisions per second, product and limit on a database each."""
    with place(kind) as here:
        original = here.new("original")
        records = submit_revisions(original, found(original), ROUNDS * DECISIONS)
        secretary = _secretary(original)
        original.close()
        here.settle("original")
        copies = {name: here.copy("original", name) for name in ("recorded", "product", "limit")}
        writes = _record(copies["recorded"], records, secretary)
        copies["limit"].close()
        with closing(here.bare("limit")) as connection, closing(copies["recorded"]), closing(copies["product"]):
            bare = _replay(here, connection, records, writes)

            def product(record_id: UUID) -> None:
                _decide(copies["product"], record_id, secretary)

            rates = interleaved(
                ROUNDS, [lambda one: _rate(product, one, records), lambda one: _rate(bare, one, records)]
            )
    return {f"decision_{kind}": beside("decisions/s", *rates)}


def _rate(decide: Callable[[UUID], None], one: int, records: list[UUID]) -> float:
    mine = records[one * DECISIONS : (one + 1) * DECISIONS]

    def all_of_mine() -> None:
        for record_id in mine:
            decide(record_id)

    return len(mine) / seconds(all_of_mine)


def _secretary(database: Database) -> Actor:
    with database.read() as connection:
        return organisation(connection).actor(persons(database)["secretary_ouk"], today(NOW))


def _decide(database: Database, record_id: UUID, secretary: Actor) -> None:
    with database.write() as connection:
        move(connection, record_id, "endorse", secretary, GIVEN, NOW, proof=Proof("password", NOW))


def _record(database: Database, records: list[UUID], secretary: Actor) -> dict[UUID, Writes]:
    """What the product writes for each record: statements, their values, and whether there are several rows of them."""
    noted: Writes = []
    listen_in(database, noted)
    written = {}
    for record_id in records:
        _decide(database, record_id, secretary)
        written[record_id] = [one for one in noted if one[0].startswith(("INSERT", "UPDATE"))]
        noted.clear()
    return written


def _replay(here: Place, connection: Any, records: list[UUID], writes: dict[UUID, Writes]) -> Callable[[UUID], None]:
    begin = "BEGIN IMMEDIATE" if here.is_sqlite else "BEGIN"
    read = f"SELECT {', '.join(t.record.c.keys())} FROM record WHERE id = {'?' if here.is_sqlite else '%s'}"
    prepared = {} if here.is_sqlite else {"prepare": True}
    cursor = connection.cursor()

    def decide(record_id: UUID) -> None:
        cursor.execute(begin)
        cursor.execute(read, (record_id.hex if here.is_sqlite else record_id,), **prepared)
        cursor.fetchall()
        for statement, values, many in writes[record_id]:
            if many:
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values, **prepared)
        cursor.execute("COMMIT")

    return decide
