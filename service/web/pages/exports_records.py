"""Records of a lifecycle as rows of a file: all that is kept of them, as far as the reader is told it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import Moment
from service.exporting import Cell, Column, Kind
from service.language import say
from service.organisation import Actor, Organisation, organisation
from service.reading.authors import CONFIDENTIAL, knows_author, told_fields, withheld
from service.reading.causes import PART as CAUSE
from service.reading.entries import catalogues
from service.reading.mentioned import fields_of, mentioned
from service.reading.permitted import readable_by
from service.subject import typed_table
from service.web.pages.facts import Known, cell
from service.web.pages.wording import capital, heading
from states.lifecycle import Field, Lifecycle
from states.registry import lifecycle
from states.text import N_, Text
from states.working_days import today

AT_ONCE: Final = 500  # rows that are read, and looked up for, together
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A column of the typed table, the field that records it (if one does), and what it is called."""

    column: sa.Column[Any]
    field: Field | None
    name: str

    @property
    def kind(self) -> Kind:
        """What stands in a column of a file."""
        if self.column.foreign_keys:
            return "text"
        kinds: tuple[tuple[type[Any], Kind], ...] = (
            (Moment, "moment"),
            (sa.Date, "date"),
            (sa.Boolean, "flag"),
            (sa.Integer, "number"),
        )
        return next((kind for of, kind in kinds if isinstance(self.column.type, of)), "text")

    @property
    def of(self) -> str:
        """The table whose rows it names; empty where it names none."""
        return next((key.column.table.name for key in self.column.foreign_keys), "")


class Records:
    """The records of one lifecycle for one reader: columns in their language, rows read some at a time."""

    def __init__(self, connection: sa.Connection, actor: Actor, now: datetime, one: Lifecycle, language: str) -> None:
        self.connection, self.actor, self.now, self.one, self.language = connection, actor, now, one, language
        self.snapshot: Organisation = organisation(connection)
        self.typed = typed_table(one.name)
        self.kept = list(_kept(one, self.typed, language))
        self.catalogues = catalogues(
            connection, {one.field.of for one in self.kept if one.field and one.field.kind == "entry"} | {CAUSE}
        )
        self.processes = {row.id: f"{row.code} {row.name}" for row in connection.execute(sa.select(t.process))}

    def columns(self) -> list[Column]:
        """What every record has, what is typed, what it has several of, and what follows from that."""
        before: tuple[tuple[str, Kind, int], ...] = (
            (_CODE, "text", 16),
            (_TITLE, "text", 40),
            (_STATE, "text", 20),
            (_UNIT, "text", 0),
            (_PROCESS, "text", 0),
            (_CAMPUS, "text", 20),
            (_OWNER, "text", 0),
            (_AUTHOR, "text", 24),
            (_ABOVE, "text", 16),
        )
        after: tuple[tuple[str, Kind, int], ...] = (
            *([(_CAUSES, "text", 60)] if CAUSE in self.one.parts else []),  # type: ignore[arg-type]  # a column of words
            (_OPENED, "moment", 0),
            (_CLOSED, "moment", 0),
            (_DAYS, "number", 0),
            (_DUE, "moment", 0),
            (_LATE, "flag", 0),
        )
        typed = (Column(one.name, one.kind) for one in self.kept)
        return [*self._named(before), *typed, *self._named(after)]

    def _named(self, heads: Sequence[tuple[str, Kind, int]]) -> Iterator[Column]:
        return (Column(say(head, self.language), kind, width) for head, kind, width in heads)

    def rows(self, asked: sa.Select[Any]) -> Iterator[Sequence[Cell]]:
        """The rows of what `asked_records` gives, the newest first: never more of them in memory than AT_ONCE."""
        everything = self._with_typed(asked).order_by(t.record.c.id.desc())
        found = self.connection.execute(everything, execution_options={"yield_per": AT_ONCE})
        for some in found.partitions(AT_ONCE):
            yield from self._cells([dict(row._mapping) for row in some])

    def _with_typed(self, asked: sa.Select[Any]) -> sa.Select[Any]:
        # By a name of its own: filters may have brought the typed table along already.
        kept = self.typed.alias("kept")
        columns = (kept.c[one.column.name].label(f"typed_{one.column.name}") for one in self.kept)
        return asked.add_columns(*columns).join(kept, kept.c.record_id == t.record.c.id)

    def _cells(self, rows: Sequence[Row]) -> Iterator[Sequence[Cell]]:
        known = Known(self.language, self.snapshot, self.catalogues, self._mentioned(rows))
        above, causes = self._above(rows), self._causes([row["id"] for row in rows])
        for row in rows:
            untold = withheld(self.snapshot, self.actor, self.one, row)
            typed = {one.column.name: row[f"typed_{one.column.name}"] for one in self.kept}
            told = told_fields(typed, untold)
            yield [
                *self._before(row, above),
                *(self._value(one, told[one.column.name], known) for one in self.kept),
                *([causes.get(row["id"])] if CAUSE in self.one.parts else []),
                *self._after(row),
            ]

    def _before(self, row: Row, above: Mapping[UUID, str]) -> Iterator[Cell]:
        snapshot, language = self.snapshot, self.language
        yield row["code"]
        yield row["title"]
        yield heading(self.one.steps[row["state"]].label, language)
        yield _name(snapshot.units.get(row["unit_id"]), language)
        yield self.processes.get(row["process_id"])
        yield _name(snapshot.units.get(row["campus_id"]), language)
        yield _name(snapshot.posts.get(row["owner_post_id"]), language)
        knows = knows_author(snapshot, self.actor, self.one, row)
        author = snapshot.people.get(row["author_id"])
        yield (author.name if knows else CONFIDENTIAL).into(language) if author else None
        yield above.get(row["parent_id"])

    def _after(self, row: Row) -> Iterator[Cell]:
        yield row["opened_at"]
        yield row["closed_at"]
        yield (today(row["closed_at"] or self.now) - today(row["opened_at"])).days
        yield row["due_at"]
        yield bool(row["due_at"] and row["due_at"] < self.now)

    def _value(self, kept: Kept, value: Any, known: Known) -> Cell:
        if value is None:
            return None
        snapshot = self.snapshot
        named: Mapping[str, Mapping[UUID, Any]] = {
            "person": snapshot.people,
            "post": snapshot.posts,
            "unit": snapshot.units,
        }
        if kept.of in named:
            return _name(named[kept.of].get(value), self.language)
        if kept.of == "body":
            return _name(next((one for one in snapshot.bodies.values() if one.id == value), None), self.language)
        if kept.of == "document":
            document = known.mentioned.documents.get(value)
            return f"{document.code} {document.title}" if document else None
        if kept.kind != "text":
            number: Cell = value
            return number
        return plain(cell(kept.field, value, known) if kept.field else value)

    def _mentioned(self, rows: Sequence[Row]) -> Any:
        fields = [one.field for one in self.kept if one.field and one.field.kind == "records"]
        fields += [Field(one.column.name, _NAMELESS, "document") for one in self.kept if one.of == "document"]
        names = [one.column.name for one in self.kept]
        return mentioned(
            self.connection,
            self.actor,
            self.now,
            [(fields, {name: row[f"typed_{name}"] for name in names}) for row in rows] if fields else [],
        )

    def _above(self, rows: Sequence[Row]) -> dict[UUID, str]:
        """The codes of what these hang on, as far as that may be read."""
        wanted = {row["parent_id"] for row in rows} - {None}
        if not wanted:
            return {}
        may = readable_by(self.connection, self.actor, self.now)
        found = sa.select(t.record.c.id, t.record.c.code).where(t.record.c.id.in_(wanted), may)
        return {row.id: row.code for row in self.connection.execute(found)}

    def _causes(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """The causes of each, one in a line: its number, why, its kind, and which one it explains."""
        if CAUSE not in self.one.parts:
            return {}
        c = t.cause.c
        found: dict[UUID, list[str]] = {}
        for row in self.connection.execute(
            sa.select(t.cause).where(c.record_id.in_(ids), c.removed_at.is_(None)).order_by(c.record_id, c.no)
        ):
            kind = self.catalogues[CAUSE].find(row.code)
            named = f" [{kind.code} {kind.name.into(self.language)}]" if kind else ""
            deeper = f" → {row.because_of}" if row.because_of else ""
            found.setdefault(row.record_id, []).append(f"{row.no}. {row.text}{named}{deeper}")
        return {record_id: "\n".join(lines) for record_id, lines in found.items()}


def plain(value: Any) -> Cell:
    """A cell of a page as text: links lose their addresses, several stand in lines."""
    if isinstance(value, Mapping):
        return " ".join(str(value[name]) for name in ("code", "text") if value.get(name))
    if isinstance(value, list | tuple):
        return "\n".join(str(plain(one)) for one in value)
    return value if value is None or isinstance(value, bool | int | float | date) else str(value)


def _kept(one: Lifecycle, typed: sa.Table, language: str) -> Iterator[Kept]:
    """The typed columns: in the order in which they are recorded, then what follows from moves."""
    fields = fields_of(one)
    order = list(fields)
    if one.child_of:  # what is taken over from there is called as it is there
        fields = {**fields_of(lifecycle(one.child_of)), **fields}
    columns = [column for column in typed.c if column.name != "record_id"]

    def recorded(column: sa.Column[Any]) -> tuple[Field | None, bool]:
        name = column.name.removeprefix("original_")
        return fields.get(name) or fields.get(name.removesuffix("_id")), name != column.name

    def place(column: sa.Column[Any]) -> tuple[int, bool]:
        field, first = recorded(column)
        return (order.index(field.name), first) if field and field.name in order else (len(order), False)

    for column in sorted(columns, key=place):
        field, first = recorded(column)
        if field is None:
            label = say(MORE.get(column.name, ""), language) or capital(column.name.replace("_", " "))
        else:
            label = heading(field.label, language)
        yield Kept(column, field, say(_FIRST, language, {"field": label}) if first else label)


def _name(one: Any, language: str) -> str | None:
    return heading(one.name, language) if one else None


_NAMELESS: Final = Text("", "", "")
_CODE, _TITLE, _STATE, _UNIT = N_("Code"), N_("Title"), N_("State"), N_("Unit")
_PROCESS, _CAMPUS, _OWNER, _AUTHOR = N_("Process"), N_("Campus"), N_("Owner"), N_("Opened by")
_ABOVE, _CAUSES, _OPENED, _CLOSED = N_("Belongs to"), N_("Causes"), N_("Opened"), N_("Closed")
_DAYS, _DUE, _LATE, _FIRST = N_("Days open"), N_("Open task due"), N_("Open task late"), N_("%(field)s (at first)")
# What moves write down besides what they ask for.
MORE: Final = {
    "cancellation_reason": N_("Why cancellation was asked for"),
    "checked_on": N_("Effectiveness checked on"),
    "checks": N_("Checks without a result"),
    "conceded_by_id": N_("Concession granted by"),
    "extension_reason": N_("Why an extension was asked for"),
    "extensions": N_("Times extended"),
    "implemented_by_id": N_("Carried out by"),
    "implemented_for_id": N_("In place of"),
    "in_force": N_("In force"),
    "number": N_("Revision №"),
    "position": N_("Councils that have decided"),
    "reopened": N_("Times reopened"),
    "rounds": N_("Times sent back to the causes"),
    "requested_due_on": N_("Due date asked for"),
    "review_due_on": N_("Review due"),
    "review_months": N_("Months until the review"),
    "reviewed_on": N_("Reviewed on"),
    "risk_changes": N_("Changes to the risks"),
    "route": N_("Councils"),
    "their_reference": N_("Number in the list it came from"),
}
