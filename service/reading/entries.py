"""Catalogues as people choose from them: their entries as a tree, the newest edition first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from models import tables as t
from states.kyrgyz import sort_key
from states.text import Text


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry: `depth` 0 is the top of its edition; a `closed` one is chosen no more."""

    edition: str
    code: str
    name: Text
    parent: str | None
    depth: int
    closed: bool

    @property
    def value(self) -> str:
        """As a field of kind `entry` keeps it."""
        return f"{self.edition}/{self.code}"


class Catalogue:
    """One catalogue with all its editions; `entries` in the order in which they are read, each before those below."""

    def __init__(self, entries: Iterable[EntryView] = ()) -> None:
        self.entries = tuple(entries)

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """The newest first."""
        return tuple(dict.fromkeys(one.edition for one in self.entries))

    @cached_property
    def _by_value(self) -> dict[str, EntryView]:
        return {one.value: one for one in self.entries}

    def find(self, value: str | None) -> EntryView | None:
        """The entry of edition/code; of a code alone the newest edition's."""
        if not value:
            return None
        if "/" in value:
            return self._by_value.get(value)
        return next((one for one in self.entries if one.code == value), None)

    def top(self, value: str | None) -> EntryView | None:
        """What the entry stands under at the top of its edition; itself where it is there."""
        found = self.find(value)
        while found and found.parent and (above := self._by_value.get(f"{found.edition}/{found.parent}")):
            found = above
        return found


def catalogues(connection: sa.Connection, names: Iterable[str]) -> dict[str, Catalogue]:
    """The catalogues of these names, read in one statement; one that is not there is empty."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    entry = t.entry.c
    found: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    rows = sa.select(t.entry).where(entry.catalogue.in_(wanted)).order_by(entry.edition.desc(), entry.position)
    for row in connection.execute(rows):
        found.setdefault(row.catalogue, []).append(row)
    return {name: Catalogue(_in_order(found.get(name, []))) for name in wanted}


def _in_order(rows: list[sa.Row[tuple[object, ...]]]) -> Iterator[EntryView]:
    below: dict[tuple[str, str | None], list[sa.Row[tuple[object, ...]]]] = {}
    for row in rows:
        below.setdefault((row.edition, row.parent), []).append(row)
    for edition in dict.fromkeys(row.edition for row in rows):
        yield from _under(below, edition, None, 0)


def _under(
    below: Mapping[tuple[str, str | None], list[sa.Row[tuple[object, ...]]]],
    edition: str,
    parent: str | None,
    depth: int,
) -> Iterator[EntryView]:
    siblings = below.get((edition, parent), ())
    for row in sorted(siblings, key=lambda row: (row.position, sort_key(row.code))):
        name = Text(row.name_ky, row.name_ru, row.name_en)
        yield EntryView(edition, row.code, name, parent, depth, row.closed_on is not None)
        if row.code != parent:
            yield from _under(below, edition, row.code, depth + 1)
