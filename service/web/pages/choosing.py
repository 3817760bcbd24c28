"""What can be chosen in forms: posts, units, people, documents, entries of catalogues, parts of the record itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.asking import ask
from service.files.attachments import attachments_of
from service.language import say
from service.organisation import Organisation, organisation
from service.reading.entries import Catalogue, EntryView, catalogues
from service.reading.ready import once
from service.reading.similar import similar_to
from service.reading.trees import above_in, in_tree
from service.subject import Subject
from service.web.pages.wording import heading, unless
from service.web.site import Visitor
from states.kyrgyz import sort_key
from states.lifecycle import Field, Lifecycle, Part
from states.registry import lifecycle
from states.text import N_
from states.working_days import today

Options = list[dict[str, str]]
Row = Mapping[str, Any]
# A register longer than this is not listed beside its field: one types the code.
MOST_DOCUMENTS: Final = 400
INDENT: Final = "\N{NO-BREAK SPACE}" * 3


@dataclass(frozen=True, slots=True)
class Concerned:
    """The record that a form is about: its files and parts can be chosen, and the parts of what it hangs on."""

    lifecycle: Lifecycle
    record_id: UUID | None = None
    parts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    above: Callable[[str], Sequence[Row]] = lambda _part: ()
    fields: Row = field(default_factory=dict)


def key_of(one: Field) -> str:
    """Under which name the choices of a field are kept: two fields of a kind may be of different catalogues."""
    return f"{one.kind}:{one.of}" if one.of else one.kind


def options(
    connection: sa.Connection,
    fields: Iterable[Field],
    who: Visitor,
    about: Concerned | None = None,
    read: Mapping[str, Catalogue] | None = None,
) -> dict[str, Options]:
    """What can be chosen for the kinds that `fields` have, by `key_of`: values are the codes that people know.

    `read` are the catalogues that have been read already.
    """
    asked = {key_of(one): one for one in fields}
    kinds = {one.kind for one in asked.values()}
    snapshot, language = organisation(connection), who.language
    found: dict[str, Options] = {}
    if "post" in kinds:
        found["post"] = posts(snapshot, who, by_code=True)
    if "unit" in kinds:
        found["unit"] = units(snapshot, language, by_code=True)
    if "process" in kinds:
        found["process"] = processes(connection)
    if "body" in kinds:
        found["body"] = bodies(snapshot, language)
    if kinds & {"person", "people"}:
        found["person"] = found["people"] = people(snapshot, who)
    if "document" in kinds:
        found["document"] = documents(connection)
    wanted = {one.of for one in asked.values() if one.kind == "entry"}
    known = {**(read or {}), **catalogues(connection, wanted - (read or {}).keys())}
    found |= {f"entry:{name}": entries(known[name], language) for name in wanted}
    if about and about.record_id and "attachment" in kinds:
        files = attachments_of(connection, about.record_id)
        found["attachment"] = [{"value": one.name, "label": one.name} for one in files]
    for key, one in asked.items():
        if about and one.kind == "part":
            found[key] = parts(about.lifecycle.parts[one.of], about.parts.get(one.of, ()))
        elif about and one.kind == "person" and one.of:
            among = ask(connection, Subject(about.lifecycle, dict(about.fields)), one.of)
            found[key] = members(snapshot, among, language)
        elif about and one.kind == "parts" and about.lifecycle.child_of:
            found[key] = parts(lifecycle(about.lifecycle.child_of).parts[one.of], about.above(one.of))
        elif about and one.kind == "records":
            similar = similar_to(connection, about.fields, one.of, who.actor, who.now)
            found[key] = [{"value": row.code, "label": f"{row.code} {row.title}"} for row in similar]
    return found


def posts(snapshot: Organisation, who: Visitor, *, by_code: bool = False) -> Options:
    """All posts, by unit, each with who holds it today."""
    language, day = who.language, today(who.now)
    return once(snapshot, ("posts", language, day, by_code), lambda: _posts(snapshot, language, day, by_code))


def _posts(snapshot: Organisation, language: str, day: date, by_code: bool) -> Options:
    rows = [
        {
            "value": post.code if by_code else str(post.id),
            "label": heading(post.name, language),
            "hint": ", ".join(
                filter(
                    None,
                    (unless(snapshot.people[one].name, post.name, language) for one in snapshot.holders(post.id, day)),
                )
            ),
            "group": heading(snapshot.units[post.unit_id].name, language),
        }
        for post in snapshot.posts.values()
    ]
    return sorted(rows, key=lambda row: (sort_key(row["group"]), sort_key(row["label"])))


def people(snapshot: Organisation, who: Visitor) -> Options:
    """Everybody who holds a post today, by the unit of the first of them."""
    language, day = who.language, today(who.now)
    return once(snapshot, ("people", language, day), lambda: _people(snapshot, language, day))


def _people(snapshot: Organisation, language: str, day: date) -> Options:
    rows = []
    for person in snapshot.people.values():
        held = [post for post in snapshot.posts.values() if post.id in snapshot.posts_of(person.id, day)]
        if held:
            hint = ", ".join(filter(None, (unless(post.name, person.name, language) for post in held)))
            group = heading(snapshot.units[held[0].unit_id].name, language)
            rows.append({"value": person.code, "label": person.name.into(language), "hint": hint, "group": group})
    return sorted(rows, key=lambda row: (sort_key(row["group"]), sort_key(row["label"])))


def members(snapshot: Organisation, among: Iterable[UUID], language: str) -> Options:
    """These people by their names, whether or not they hold a post."""
    found = (snapshot.people[one] for one in among)
    rows = [{"value": one.code, "label": one.name.into(language)} for one in found]
    return sorted(rows, key=lambda row: sort_key(row["label"]))


def units(snapshot: Organisation, language: str, *, by_code: bool = False) -> Options:
    """All units."""
    return once(snapshot, ("units", language, by_code), lambda: _units(snapshot, language, by_code))


def _units(snapshot: Organisation, language: str, by_code: bool) -> Options:
    rows = [
        {"value": unit.code if by_code else str(unit.id), "label": heading(unit.name, language)}
        for unit in snapshot.units.values()
    ]
    return sorted(rows, key=lambda row: sort_key(row["label"]))


def bodies(snapshot: Organisation, language: str) -> Options:
    """All councils, by their names."""
    rows = [{"value": one.code, "label": heading(one.name, language)} for one in snapshot.bodies.values()]
    return sorted(rows, key=lambda row: sort_key(row["label"]))


def processes(connection: sa.Connection, *, by_code: bool = True) -> Options:
    """All processes, in the order of their codes."""
    rows = _PROCESSES.every(connection, {})
    return [
        {"value": code if by_code else str(process_id), "label": f"{code} {name}"}
        for process_id, code, name in sorted(rows, key=lambda row: sort_key(row[1]))
    ]


def documents(connection: sa.Connection) -> Options:
    """The register in the order of its codes; nothing where it is too long to be listed."""
    document = t.document.c
    rows = sa.select(document.code, document.title).order_by(document.sort_key).limit(MOST_DOCUMENTS + 1)
    found = [{"value": row.code, "label": row.title} for row in connection.execute(rows)]
    return found if len(found) <= MOST_DOCUMENTS else []


def entries(catalogue: Catalogue, language: str) -> Options:
    """All entries, the newest edition first, in groups by the tops of the tree; closed ones are marked as such."""
    several = len(catalogue.editions) > 1
    rows: Options = []
    group = ""
    for one in catalogue.entries:
        if one.depth == 0:
            group = f"{one.edition} · {entry_name(one, language)}" if several else entry_name(one, language)
        label = f"{INDENT * (one.depth - 1)}{entry_name(one, language)}"
        closed = {"closed": "yes", "hint": say(_CLOSED, language)} if one.closed else {}
        rows.append({"value": one.value, "label": label, "group": group, **closed})
    return rows


def entry_name(one: EntryView, language: str) -> str:
    """An entry as people read it: 8.5.1 and what it is called."""
    return f"{one.code} {heading(one.name, language)}"


def parts(part: Part, rows: Sequence[Row]) -> Options:
    """The numbered ones of a part, as a tree where they are one."""
    return [
        {"value": str(row["no"]), "label": f"{INDENT * depth}{part_name(part, row)}"}
        for row, depth in in_tree(rows, above_in(part))
    ]


def part_name(part: Part, row: Row) -> str:
    """One of several as people read it: its number and its first words."""
    words = next((row[one.name] for one in part.fields if one.kind in ("line", "text") and row[one.name]), "")
    return f"{row['no']} · {words}" if words else str(row["no"])


_PROCESSES: Final = Prepared(sa.select(t.process.c.id, t.process.c.code, t.process.c.name))
_CLOSED = N_("no longer in use")
