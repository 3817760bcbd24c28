"""Histories written row by row with the product's own hashes, and an attacker with the database's own client."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.chain import entry_hash
from service.events import log_event
from service.sealing import Sealed, seal
from service.signing import signature_hash
from service.verifying.database import lines
from service.verifying.findings import Report
from service.verifying.lines import Line
from service.verifying.verify import verify
from tests.support.databases import address

START: Final = datetime(2030, 3, 4, 9, 30, 0, 123456, tzinfo=UTC)
STATES: Final = ("draft", "submitted", "endorsed", "approved", "effective")


@dataclass
class Archive:
    """Records of a university. Each thing that happens does so a day after the one before."""

    database: Database
    person: UUID = field(default_factory=new_id)
    records: dict[str, UUID] = field(default_factory=dict)
    now: datetime = START

    @classmethod
    def founded(cls, database: Database) -> "Archive":
        """An archive with nothing but one person in it."""
        made = cls(database)
        named = {"name_ky": "Өмүр", "name_ru": "Омур", "name_en": "Omur", "code": "omur", "language": "ky"}
        with database.write() as connection:
            connection.execute(sa.insert(t.person), {"id": made.person, "email": "omur@uni.example", **named})
        return made

    @classmethod
    def told(cls, database: Database) -> "Archive":
        """A: three entries sealed, the third signed, a fourth not; B: three sealed; C: three that are not."""
        made = cls.founded(database)
        made.go("A", 2)
        made.go("B", 3)
        made.event("account.created")
        made.event("person.changed", name="Өмүр")
        made.seal()
        made.go("A", 1, signed=True)
        made.event("signed.in")
        made.seal()
        made.go("A", 1)
        made.go("C", 3)
        made.event("signed.out")
        return made

    def go(self, code: str, times: int, *, signed: bool = False) -> None:
        """The record makes so many moves; the first opens it."""
        for _ in range(times):
            self.now += timedelta(days=1)
            with self.database.write() as connection:
                self._go(connection, code, signed)

    def _go(self, connection: sa.Connection, code: str, signed: bool) -> None:
        record = self.records.setdefault(code, new_id())
        before = connection.execute(sa.select(t.record).where(t.record.c.id == record)).mappings().one_or_none()
        seq = before["version"] + 1 if before else 1
        entry: dict[str, Any] = {
            "id": new_id(),
            "record_id": record,
            "seq": seq,
            "at": self.now,
            "actor_id": self.person,
            "acting_for_id": None,
            "post_id": new_id() if seq > 1 else None,
            "signature": None,
            "move": "open" if seq == 1 else f"move_{seq}",
            "from_state": before["state"] if before else "",
            "to_state": STATES[(seq - 1) % len(STATES)],
            "given": {"protocol_no": seq, "wording": "Жактырылсын “ооба”"},
            "cause_id": None,
            "previous": before["head"] if before else "",
        }
        signature = self._signature(entry) if signed else None
        entry["signature"] = signature["hash"] if signature else None
        entry["hash"] = entry_hash(entry)
        facts = {"state": entry["to_state"], "version": seq, "head": entry["hash"], "moved_at": self.now}
        if before:
            connection.execute(sa.update(t.record).where(t.record.c.id == record).values(facts))
        else:
            named = {"id": record, "kind": "document", "code": code, "title": code, "folded": code, "round": 0}
            row = {**named, **facts, "opened_at": self.now, "author_hidden": False}
            connection.execute(sa.insert(t.record), row)
        connection.execute(sa.insert(t.history), entry)
        if signature:
            connection.execute(sa.insert(t.signature), signature)

    def _signature(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        row = {
            "id": new_id(),
            "record_id": entry["record_id"],
            "history_id": entry["id"],
            "person_id": self.person,
            "post_id": None,
            "acting_for_id": None,
            "meaning": "approved",
            "method": "password",
            "signed_at": entry["at"],
            "facts": {"name": {"ky": "Өмүр"}, "files": [["a.docx", "0" * 64]]},
            "content_hash": "c" * 64,
        }
        return {**row, "hash": signature_hash(row)}

    def event(self, kind: str, **facts: Any) -> None:
        """A line of the log."""
        with self.database.write() as connection:
            log_event(connection, kind, self.now, actor_id=self.person, **facts)

    def seal(self) -> Sealed | None:
        """Seal what there is."""
        self.now += timedelta(days=1)
        return seal(self.database, self.now)

    def lines(self) -> list[Line]:
        """What a verification would see."""
        with self.database.read() as connection:
            return list(lines(connection, self.now))

    def verified(self, **elsewhere: Any) -> Report:
        """Verify the live database."""
        with self.database.read() as connection:
            return verify(lines(connection, self.now), **elsewhere)

    def entries(self, code: str) -> list[dict[str, Any]]:
        """The history of a record."""
        of = t.history.c.record_id == self.records[code]
        with self.database.read() as connection:
            found = connection.execute(sa.select(t.history).where(of).order_by(t.history.c.seq))
            return [dict(row) for row in found.mappings()]

    def of(self, code: str) -> str:
        """The record's identifier, as both databases read it."""
        return self.records[code].hex

    def strike(self, statement: str, *values: object) -> None:
        """Run a statement with the database's own client, past every trigger and foreign key; it must hit something."""
        if self.database.is_sqlite:
            with closing(sqlite3.connect(str(self.database.url.database))) as client:
                for (name,) in client.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    client.execute(f"DROP TRIGGER {name}")
                hit = client.execute(statement, values).rowcount
                client.commit()
        else:
            where = sa.make_url(address(self.database)).set(drivername="postgresql")
            with psycopg.connect(where.render_as_string(hide_password=False)) as server:
                server.execute("SET session_replication_role = replica")
                hit = server.execute(statement.replace("?", "%s").encode(), values).rowcount
        assert hit, statement

    def rewrite(self, code: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change a record's history and make its whole chain and its head fit again, as somebody would who can."""
        entries = self.entries(code)
        old = [entry["id"].hex for entry in entries]
        change(entries)
        previous = ""
        for seq, entry in enumerate(entries, start=1):
            entry.update(seq=seq, previous=previous, from_state=entries[seq - 2]["to_state"] if seq > 1 else "")
            previous = entry["hash"] = entry_hash(entry)
        for one in old:
            self.strike("DELETE FROM history WHERE id = ?", one)
        with self.database.write() as connection:
            connection.execute(sa.insert(t.history), entries)
        last = entries[-1]
        self.strike(
            "UPDATE record SET head = ?, version = ?, state = ? WHERE id = ?",
            last["hash"],
            last["seq"],
            last["to_state"],
            self.of(code),
        )
