"""From the codes people give (a post, a unit, a process) to what they name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.files.attachments import known
from service.organisation import Organisation, PersonFacts, PostFacts, UnitFacts
from states.lifecycle import Field
from states.refusals import Incomplete
from states.text import N_

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def resolve(
    organisation: Organisation,
    connection: sa.Connection,
    fields: Iterable[Field],
    given: Mapping[str, Any],
    person_id: UUID | None = None,
    *,
    day: date | None = None,
    campuses: Collection[UUID | None] = (),
    present: Mapping[str, Any] = _NOTHING,
) -> dict[str, Any]:
    """`given` with the codes of posts, units, people and processes replaced by identifiers, and files as they are kept.

    Of what is in use on `day`, where that is said: no closed post, unit or entry of a catalogue, nobody who has left;
    unless it is what stands there already, in `present`: what was right stays right. Where a code is used on several
    campuses, that of `campuses` is meant. Raises Incomplete, NotKept, NotAccepted.
    """
    values = dict(given)
    errors: dict[str, str] = {}

    def find(field: Field, code: str) -> UUID | None:
        there = present.get(field.name) or present.get(f"{field.name}_id")
        return _find(organisation, connection, field, code, day, campuses, there)

    for field in fields:
        if values[field.name] is None:
            continue
        if field.kind == "file":
            values[field.name] = known(connection, values[field.name], person_id)
        if field.kind in ("people", "records"):
            several = [find(field, code) for code in values[field.name]]
            values[field.name] = [one.hex for one in several if one]
            if None in several:
                errors[field.name] = N_("One of these is not known here. Choose from the list.")
        elif field.kind == "entry":
            values[field.name] = _entry(connection, field.of, values[field.name], present.get(field.name))
            if values[field.name] is None:
                errors[field.name] = N_("Nothing here has this code. Choose one from the list.")
        elif field.kind in ("post", "unit", "body", "process", "person", "document"):
            values[field.name] = find(field, values[field.name])
            if values[field.name] is None:
                errors[field.name] = N_("Nothing here has this code. Choose one from the list.")
    if errors:
        raise Incomplete(errors)
    return values


def coded(connection: sa.Connection, kind: str, value: Any) -> Any:
    """The way back: what people would give for a value of a field of that kind, as `resolve` takes it."""
    if kind in _SEVERAL:
        return [coded(connection, _SEVERAL[kind], one) for one in value or ()]
    if kind not in _TABLES or value is None:
        return value
    table = _TABLES[kind]
    found = value if isinstance(value, UUID) else UUID(value)
    return connection.execute(sa.select(table.c.code).where(table.c.id == found)).scalar()


_SEVERAL = {"people": "person", "records": "record"}
_TABLES = {
    "post": t.post,
    "unit": t.unit,
    "person": t.person,
    "process": t.process,
    "body": t.body,
    "document": t.document,
    "record": t.record,
}


def _entry(connection: sa.Connection, catalogue: str, code: str, there: str | None) -> str | None:
    """The entry as edition/code; a code alone means the newest edition. One that was closed is chosen no more.

    It stays where it is `there`.
    """
    if there and code == there:
        return there
    entry = t.entry.c
    edition, _, last = code.rpartition("/")
    is_it = (entry.catalogue == catalogue) & (entry.code == last.strip()) & entry.closed_on.is_(None)
    if edition:
        is_it &= entry.edition == edition.strip()
    found = connection.execute(sa.select(entry.edition, entry.code).where(is_it).order_by(entry.edition.desc())).first()
    return f"{found.edition}/{found.code}" if found else None


def _find(
    organisation: Organisation,
    connection: sa.Connection,
    field: Field,
    code: str,
    day: date | None,
    campuses: Collection[UUID | None],
    there: Any,
) -> UUID | None:
    if field.kind in ("post", "unit", "person", "people"):
        among: Mapping[str, Mapping[UUID, PersonFacts | PostFacts | UnitFacts]] = {
            "post": organisation.posts,
            "unit": organisation.units,
        }
        every = among.get(field.kind, organisation.people)
        found = next((one for one in every.values() if one.code == code), None)
        # Of whom the record itself tells, some hold no post here: a student, a founder.
        chosen_of = field.kind == "person" and bool(field.of)
        if (
            found is None
            or day is None
            or chosen_of
            or found.id in _several(there)
            or _in_use(organisation, found, day)
        ):
            return found.id if found else None
        return None
    if field.kind == "body":
        body = organisation.bodies.get(code)
        return body.id if body else None
    table = {"process": t.process, "document": t.document, "records": t.record}[field.kind]
    rows = sa.select(table).where(table.c.code == code).order_by(table.c.id)
    if field.kind == "records":
        rows = rows.where(t.record.c.kind == field.of)
    rows_found = connection.execute(rows).mappings().all()
    if field.kind == "document" and not rows_found:  # it may have been called so before
        before = sa.select(t.former_code.c.document_id).where(t.former_code.c.code == code)
        rows_found = connection.execute(sa.select(table).where(table.c.id.in_(before))).mappings().all()
    chosen = min(rows_found, key=lambda row: row.get("campus_id") not in campuses, default=None)
    return chosen["id"] if chosen else None


def _several(there: Any) -> set[UUID]:
    """What stands there already: one, or a list of them as they are kept."""
    ones = there if isinstance(there, list) else [there] if there else []
    return {one if isinstance(one, UUID) else UUID(one) for one in ones}


def _in_use(organisation: Organisation, one: PersonFacts | PostFacts | UnitFacts, day: date) -> bool:
    if isinstance(one, PersonFacts):
        return bool(organisation.posts_of(one.id, day))
    return one.closed_on is None or one.closed_on > day
