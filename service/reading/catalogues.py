"""Catalogues as whoever keeps them sees them: their entries by edition, and how often each has been used."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor
from service.reading.entries import Catalogue, catalogues
from service.reading.gathered import gathered_by
from service.subject import typed_table
from states.lifecycle import Field, Lifecycle
from states.refusals import NotFound
from states.registry import lifecycles
from states.text import Text


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with how often it was used, in records that whoever asks may read; `closed_on` it was closed."""

    edition: str
    code: str
    name: Text
    parent: str | None
    depth: int
    closed_on: date | None
    uses: int

    @property
    def value(self) -> str:
        """As a field of kind `entry` keeps it."""
        return f"{self.edition}/{self.code}"


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A catalogue of the university: how many entries each of its editions has, the newest first."""

    name: str
    editions: dict[str, int]


def list_catalogues(connection: sa.Connection) -> list[CatalogueRow]:
    """All that there are, in the order of their names; those that a lifecycle asks for, empty ones too."""
    entry = t.entry.c
    counted = sa.select(entry.catalogue, entry.edition, sa.func.count()).group_by(entry.catalogue, entry.edition)
    found: dict[str, dict[str, int]] = {name: {} for name in asked_for()}
    for catalogue, edition, count in connection.execute(counted.order_by(entry.edition.desc())):
        found.setdefault(catalogue, {})[edition] = count
    return [CatalogueRow(name, editions) for name, editions in sorted(found.items())]


def read_catalogue(connection: sa.Connection, name: str, actor: Actor, now: datetime) -> list[EntryRow]:
    """All its entries as a tree, the newest edition first, each before those below it. Raises NotFound."""
    known: Catalogue = catalogues(connection, [name])[name]
    if not known.entries and name not in asked_for():
        raise NotFound
    entry = t.entry.c
    days = sa.select(entry.edition, entry.code, entry.closed_on).where(entry.catalogue == name)
    closed = {(row.edition, row.code): row.closed_on for row in connection.execute(days)}
    uses = uses_of(connection, name, actor, now)
    return [
        EntryRow(one.edition, one.code, one.name, one.parent, one.depth, closed[one.edition, one.code], uses[one.value])
        for one in known.entries
    ]


def uses_of(connection: sa.Connection, catalogue: str, actor: Actor, now: datetime) -> Counter[str]:
    """How often each entry (edition/code) stands in records that the actor may read."""
    found: Counter[str] = Counter()
    for one, column in _columns(catalogue):
        table = column.table
        rows = (
            sa.select(column, sa.func.count())
            .select_from(t.record.join(table, table.c.record_id == t.record.c.id))
            .where(t.record.c.kind == one.name, column.is_not(None), gathered_by(connection, actor, now, one.name))
        )
        if "removed_at" in table.c:
            rows = rows.where(table.c.removed_at.is_(None))
        for value, count in connection.execute(rows.group_by(column)):
            found[value] += count
    return found


def was_ever_used(connection: sa.Connection, catalogue: str, edition: str, code: str) -> bool:
    """Whether any record names the entry or has ever named it, whoever may read that: then it must keep its name."""
    value = f"{edition}/{code}"
    for column in {column for _, column in _columns(catalogue)}:
        if connection.execute(sa.select(sa.literal(1)).where(column == value).limit(1)).first():
            return True
    # A history keeps what was given: with the edition, or the code alone. One that means something else by the same
    # letters is taken for a use too; nothing is lost by that.
    given = sa.cast(t.history.c.given, sa.Text)
    said = sa.or_(*(given.contains(word, autoescape=True) for one in (value, code) for word in _in_json(one)))
    return connection.execute(sa.select(sa.literal(1)).select_from(t.history).where(said).limit(1)).first() is not None


@cache
def asked_for() -> frozenset[str]:
    """The catalogues that the fields of lifecycles choose from."""
    return frozenset(field.of for one in lifecycles().values() for _, field in _fields(one) if field.kind == "entry")


@cache
def _columns(catalogue: str) -> tuple[tuple[Lifecycle, sa.Column[str]], ...]:
    """Where entries of the catalogue are kept: each column with the lifecycle whose records it belongs to."""
    found: dict[tuple[str, str, str], tuple[Lifecycle, sa.Column[str]]] = {}
    for one in lifecycles().values():
        for part, field in _fields(one):
            table = t.record.metadata.tables[part] if part else typed_table(one.name)
            if field.kind == "entry" and field.of == catalogue and field.name in table.c:
                found[one.name, table.name, field.name] = (one, table.c[field.name])
    return tuple(found.values())


def _fields(one: Lifecycle) -> Iterator[tuple[str, Field]]:
    """Every field, with the name of the part that it belongs to."""
    for part in one.parts.values():
        yield from ((part.name, field) for field in part.fields)
    yield from (("", field) for field in one.opens)
    yield from (("", field) for move in one.moves.values() if not move.part for field in move.records)


def _in_json(word: str) -> set[str]:
    """The word as it stands in JSON: SQLite keeps letters beyond ASCII escaped, PostgreSQL as they are."""
    return {json.dumps(word, ensure_ascii=True), json.dumps(word, ensure_ascii=False)}
