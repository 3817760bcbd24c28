"""What belongs to a record: the records that hang on it, and what it has several of (causes, steps, evidence, …)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any, TypeVar, overload
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.asking import ask
from service.files.attachments import attach, detach
from service.files.store import Kept
from service.subject import Below, Subject, load, typed_table
from states.lifecycle import Case, Field, Move, Part
from states.refusals import Incomplete
from states.registry import lifecycles
from states.text import N_

Row = Mapping[str, Any]
T = TypeVar("T")


class Later(Sequence[T]):
    """A sequence that is read when somebody first looks at it."""

    def __init__(self, read: Callable[[], Sequence[T]]) -> None:
        self._read = read

    @cached_property
    def _rows(self) -> Sequence[T]:
        return self._read()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """The row of that place."""
        return self._rows[index]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        """Each in turn."""
        return iter(self._rows)


def _parts_of(connection: sa.Connection, subject: Subject) -> dict[str, Sequence[Row]]:
    """The parts that the record has now, by name: rows with `no` and the part's columns, each read when looked at."""
    return {name: Later(partial(read_part, connection, subject.id, name)) for name in subject.lifecycle.parts}


def read_part(connection: sa.Connection, record_id: UUID, name: str) -> list[Row]:
    """Those of a part that the record has now, in the order of their numbers."""
    return [dict(row._mapping) for row in connection.execute(_rows_of(name), {"of": record_id})]


@cache
def _rows_of(name: str) -> sa.Select[Any]:
    table = t.record.metadata.tables[name]
    there = sa.select(table).where(table.c.record_id == sa.bindparam("of"), table.c.removed_at.is_(None))
    return there.order_by(table.c.no)


def children(connection: sa.Connection, subject: Subject) -> Below:
    """What hangs on this record (of what is final only what the present round has done), and its parts."""
    parts, above = _parts_of(connection, subject), partial(_fields_above, connection, subject)
    asks = partial(ask, connection, subject)
    if not has_children(subject.lifecycle.name):
        return Below({}, 0, parts=parts, above=above, ask=asks)
    counts = connection.execute(_COUNTS, {"of": subject.id, "round": subject.fields.get("rounds", 0)}).all()
    return Below(
        {state: count for state, count, _ in counts},
        sum(int(unfinished) for *_, unfinished in counts),
        Later(lambda: _rows_below(connection, subject)),
        parts,
        above,
        asks,
    )


def _fields_above(connection: sa.Connection, subject: Subject) -> Row:
    """The fields of what it hangs on; nothing where it hangs on none."""
    parent_id = subject.fields["parent_id"]
    return load(connection, parent_id).fields if parent_id else {}


_IS_OPEN = t.record.c.closed_at.is_(None)
_COUNTS = (
    sa.select(t.record.c.state, sa.func.count(), sa.func.sum(sa.case((_IS_OPEN, 1), else_=0)))
    .where(t.record.c.parent_id == sa.bindparam("of"), _IS_OPEN | (t.record.c.round == sa.bindparam("round")))
    .group_by(t.record.c.state)
)


@cache
def has_children(name: str) -> bool:
    """Whether records of another lifecycle hang on those of this one."""
    return any(one.child_of == name for one in lifecycles().values())


def _rows_below(connection: sa.Connection, subject: Subject) -> list[Row]:
    """The records that hang on this one, with their typed fields."""
    statements = _below(subject.lifecycle.name)
    return [dict(row._mapping) for one in statements for row in connection.execute(one, {"of": subject.id})]


@cache
def _below(name: str) -> tuple[sa.Select[Any], ...]:
    """For each kind of records that hang on those of a lifecycle, what reads them."""
    kinds = [(one.name, typed_table(one.name)) for one in lifecycles().values() if one.child_of == name]
    return tuple(
        sa.select(t.record, table)
        .join(table, table.c.record_id == t.record.c.id)
        .where(t.record.c.parent_id == sa.bindparam("of"), t.record.c.kind == kind)
        .order_by(t.record.c.id)
        for kind, table in kinds
    )


def require_known(
    connection: sa.Connection,
    subject: Subject,
    fields: Iterable[Field],
    given: Mapping[str, Any],
    parts: Mapping[str, Sequence[Row]],
) -> None:
    """Raise Incomplete where a number names none of the `parts` of the record, or of what it hangs on."""
    errors = {}
    for field in fields:
        if field.kind not in ("part", "parts") or given[field.name] is None:
            continue
        rows = parts[field.of] if field.kind == "part" else parts_above(connection, subject, field.of)
        asked = {given[field.name]} if field.kind == "part" else set(given[field.name])
        if not asked <= {row["no"] for row in rows}:
            errors[field.name] = N_("There is none of that number.")
    if errors:
        raise Incomplete(errors)


def parts_above(connection: sa.Connection, subject: Subject, part: str) -> list[Row]:
    """Those of a part that the record which this one hangs on has; none where it hangs on none."""
    parent_id = subject.fields.get("parent_id")
    return read_part(connection, parent_id, part) if parent_id else []


def next_no(connection: sa.Connection, record_id: UUID, part: str) -> int:
    """The next number of a part; those that were removed keep theirs."""
    return int(connection.execute(_highest(part), {"of": record_id}).scalar() or 0) + 1


@cache
def _highest(part: str) -> sa.Select[Any]:
    table = t.record.metadata.tables[part]
    return sa.select(sa.func.max(table.c.no)).where(table.c.record_id == sa.bindparam("of"))


def change_part(act: Act, subject: Subject, declared: Move, case: Case, no: int, history_id: UUID) -> None:
    """Add, amend or remove the one of number `no`, as the move says, with the file that comes or goes with it."""
    part = subject.lifecycle.parts[declared.part]
    table = t.record.metadata.tables[part.name]
    is_it = (table.c.record_id == subject.id) & (table.c.no == no)
    if declared.removes:
        _leave_file(act, subject, part, case.parts[part.name], no, history_id)
        act.connection.execute(sa.update(table).where(is_it).values(removed_at=act.now))
        if declared.places:
            _in_places(act, subject, part.name, declared.places)
        return
    given = {field.name for field in declared.records}
    values = {_column(table, field.name): case.given[field.name] for field in part.fields if field.name in given}
    for field in part.fields:
        if field.kind != "file" or field.name not in values:
            continue
        file = values.pop(field.name)
        if file:
            if declared.amends:
                _leave_file(act, subject, part, case.parts[part.name], no, history_id)
            attach(act, subject, history_id, Kept(file["sha256"], file["size"], file["media_type"]), file["name"])
            values[field.name] = file["name"]
    values |= {name: value(case) for name, value in declared.marks.items()}
    if declared.adds:
        act.connection.execute(sa.insert(table).values(record_id=subject.id, no=no, **values))
    elif declared.places:
        _in_places(act, subject, part.name, declared.places, no, case.given[declared.places])
    elif values:
        act.connection.execute(sa.update(table).where(is_it).values(values))


def fill_part(act: Act, subject: Subject, name: str, rows: Sequence[Row]) -> None:
    """Add rows to a part, numbered after those it has or had."""
    table = t.record.metadata.tables[name]
    first = next_no(act.connection, subject.id, name)
    filled = [{"record_id": subject.id, "no": no, **row} for no, row in enumerate(rows, start=first)]
    if filled:
        act.connection.execute(sa.insert(table), [_identified(table, row) for row in filled])


def _identified(table: sa.Table, row: Row) -> dict[str, Any]:
    """The row with its identifiers as such, where they were said in hex."""
    return {name: _id(value) if isinstance(table.c[name].type, sa.Uuid) else value for name, value in row.items()}


def _id(value: Any) -> Any:
    return UUID(value) if isinstance(value, str) else value


def _in_places(act: Act, subject: Subject, name: str, column: str, no: int = 0, to: int = 0) -> None:
    """Number the places of a part's rows 1, 2, …; the one of number `no` comes to the place `to`."""
    table = t.record.metadata.tables[name]
    rows = sorted(read_part(act.connection, subject.id, name), key=lambda row: (row[column], row["no"]))
    order = [row["no"] for row in rows if row["no"] != no]
    if no:
        order.insert(max(to, 1) - 1, no)
    was = {row["no"]: row[column] for row in rows}
    for place, one in enumerate(order, start=1):
        if was[one] != place:
            is_it = (table.c.record_id == subject.id) & (table.c.no == one)
            act.connection.execute(sa.update(table).where(is_it).values({column: place}))


def _leave_file(act: Act, subject: Subject, part: Part, rows: Sequence[Row], no: int, history_id: UUID) -> None:
    row = next(row for row in rows if row["no"] == no)
    for field in part.fields:
        if field.kind == "file" and row[field.name]:
            detach(act, subject, history_id, row[field.name])


def _column(table: sa.Table, name: str) -> str:
    return name if name in table.c else f"{name}_id"
