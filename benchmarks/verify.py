"""Verifying 100,000 history entries: a live database and an export, against nothing but as many dumps and SHA-256.

The limit has the entries ready as plain values and compares no hash: it reads no row, walks no chain, grows no tree.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

from benchmarks.figures import Figure, beside, interleaved, seconds
from benchmarks.places import place
from benchmarks.university import NOW, found, persons
from models import tables as t
from models.base import new_id
from models.database import Database
from service.chain import entry_hash
from service.sealing import seal
from service.verifying.database import lines, rows
from service.verifying.export import read_export, write_export
from service.verifying.verify import verify

ROUNDS: Final = 5
RECORDS, MOVES, AT_ONCE = 20_000, 5, 2_000
STATES: Final = ("draft", "council_review", "rector_review", "effective", "superseded")


def measure(kind: str) -> dict[str, Figure]:
    """Seconds for a live database of the kind and for its export."""
    with place(kind) as here, TemporaryDirectory(prefix="sapat-bench-") as folder:
        database = here.new("histories")
        found(database)
        _fill(database)
        seal(database, NOW + timedelta(days=MOVES))
        database.close()
        here.settle("histories")
        with closing(Database(here.url("histories"))) as opened:
            file = Path(folder) / "history.jsonl"
            with opened.read() as connection:
                write_export(lines(connection, NOW), file)
                entries = list(rows(connection, "entry"))
            live, offline, bare = interleaved(
                ROUNDS,
                [
                    lambda _: seconds(partial(_live, opened)),
                    lambda _: seconds(partial(_offline, file)),
                    lambda _: seconds(partial(_bare, entries)),
                ],
            )
    return {f"verify_{kind}": beside("s", live, bare), f"verify_export_of_{kind}": beside("s", offline, bare)}


def _live(database: Database) -> None:
    with database.read() as connection:
        report = verify(lines(connection, NOW))
    assert report.well
    assert report.counts["entry"] == RECORDS * MOVES


def _offline(file: Path) -> None:
    report = verify(read_export(file))
    assert report.well
    assert report.counts["entry"] == RECORDS * MOVES


def _bare(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        sha256(json.dumps(entry).encode()).hexdigest()


def _fill(database: Database) -> None:
    person = persons(database)["U0-1"]
    for first in range(0, RECORDS, AT_ONCE):
        records, entries = [], []
        for number in range(first, first + AT_ONCE):
            record_id = new_id()
            chain = list(_chain(record_id, person))
            last = chain[-1]
            records.append(
                {"id": record_id, "kind": "document", "code": f"УСТ {number}", "title": "Жобо", "folded": "жобо"}
                | {"state": last["to_state"], "version": MOVES, "head": last["hash"], "round": 0}
                | {"author_hidden": False, "opened_at": NOW, "moved_at": last["at"]}
            )
            entries += chain
        with database.write() as connection:
            connection.execute(sa.insert(t.record), records)
            connection.execute(sa.insert(t.history), entries)


def _chain(record_id: Any, person: Any) -> Iterator[dict[str, Any]]:
    previous, before = "", ""
    for seq, state in enumerate(STATES, start=1):
        entry = {
            "id": new_id(),
            "record_id": record_id,
            "seq": seq,
            "at": NOW + timedelta(days=seq, microseconds=seq),
            "actor_id": person,
            "acting_for_id": None,
            "post_id": person if seq > 1 else None,
            "signature": None,
            "move": "endorse",
            "from_state": before,
            "to_state": state,
            "given": {"protocol_no": "7", "decided_on": "2026-02-27", "votes_for": 11, "wording": "Жактыруу. " * 5},
            "cause_id": None,
            "previous": previous,
        }
        yield {**entry, "hash": entry_hash(entry)}
        previous, before = entry_hash(entry), state
