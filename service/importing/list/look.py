"""A list as it is read before anything of it is understood, whose it is, and what its rows may name."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.importing.list.blocks import Aside, Block, find_blocks
from service.importing.list.mapping import ListMapping, Remembered, guessed, recall
from service.importing.list.plan import Known
from service.importing.list.report import ListReport
from service.importing.list.source import Source, read_source
from service.importing.report import Severity
from service.organisation import Actor, Organisation, organisation
from service.tasks import NobodyThere
from states.kyrgyz import fold
from states.refusals import NotYours
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text(
    "туура келбөөчүлүктөрдүн тизмесин киргизүү", "импорт списка несоответствий", "import of a list of nonconformities"
)


@dataclass(slots=True)
class Look:
    """A file as it was read: its tables, what stands outside them, what of it was remembered."""

    source: Source
    blocks: list[Block]
    asides: list[Aside]
    campus: str
    campus_id: UUID | None
    sheet: str = ""
    remembered: Remembered | None = None

    @property
    def mapping(self) -> ListMapping:
        """How it is read unless somebody says otherwise."""
        return self.remembered.mapping if self.remembered else guessed(self.blocks, self.sheet)


def look_at(
    connection: sa.Connection,
    path: Path,
    actor: Actor,
    now: datetime,
    report: ListReport,
    *,
    campus: str = "",
    sheet: str = "",
) -> Look:
    """The file as it is read, before anything of it is understood. Raises Malformed, NotYours."""
    campuses = campuses_of(organisation(connection), actor, now)
    code = campus if campus in campuses else next(iter(campuses), "")
    if not campuses or (campus and code != campus):
        raise NotYours(move=WHAT, who=(Role.QUALITY_SPECIALIST.label,))
    if len(campuses) > 1 and not campus:
        report.find(None, "file", "campus", Severity.HINT, _CAMPUS, campus=code)
    source = read_source(Path(path), report, sheet)
    blocks, asides = find_blocks(source)
    report.lines = len(source.lines)
    remembered = recall(connection, campuses[code], blocks, sheet)
    return Look(source, blocks, asides, code, campuses[code], sheet, remembered)


def campuses_of(university: Organisation, actor: Actor, now: datetime) -> dict[str, UUID | None]:
    """The campuses, by code, whose quality specialist the actor is; Sapat itself is everybody's."""
    actor = university.anew(actor, today(now))
    every: dict[str, UUID | None] = {
        unit.code: unit.id for unit in university.units.values() if unit.is_campus and not unit.closed_on
    }
    every = every or {"": None}
    return {
        code: campus
        for code, campus in every.items()
        if actor.person_id is None
        or not actor.all_posts.isdisjoint(university.posts_of_role(Role.QUALITY_SPECIALIST, campus))
    }


def fallback_of(university: Organisation, campus_id: UUID | None) -> UUID:
    """The post that answers where the list names nobody. Raises NobodyThere."""
    for role in (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR, Role.ADMINISTRATOR):
        if post := university.post_of(role, campus_id):
            return post
    raise NobodyThere


def known_in(connection: sa.Connection, university: Organisation, campus_id: UUID | None) -> Known:
    """What rows may name: units, processes, clauses, documents, as the university has them today."""
    units: dict[str, UUID] = {}
    for unit in university.units.values():
        if not unit.closed_on:
            for name in (unit.code, *unit.name):
                units.setdefault(fold(name), unit.id)
    processes: dict[str, UUID] = {}
    for row in connection.execute(sa.select(t.process.c.id, t.process.c.code, t.process.c.name)):
        for name in (row.code, row.name, f"{row.code} {row.name}"):
            processes.setdefault(fold(name), row.id)
    return Known(units, processes, _clauses(connection), _documents(connection, campus_id), campus_id)


def _documents(connection: sa.Connection, campus_id: UUID | None) -> dict[str, UUID]:
    """By their folded codes, former ones too: of two with one code that of the campus."""
    document, former = t.document.c, t.former_code.c
    now = sa.select(document.code, document.id, document.campus_id)
    before = sa.select(former.code, former.document_id, former.campus_id)
    found: dict[str, UUID] = {}
    for statement in (now, before):
        rows = connection.execute(statement).all()
        for code, document_id, _ in sorted(rows, key=lambda row: (row[2] != campus_id, row[1])):
            found.setdefault(fold(code), document_id)
    return found


def _clauses(connection: sa.Connection) -> dict[str, str]:
    entry = t.entry.c
    clauses = sa.select(entry.edition, entry.code).where(entry.catalogue == "clause", entry.closed_on.is_(None))
    rows = connection.execute(clauses.order_by(entry.edition))
    return {row.code: f"{row.edition}/{row.code}" for row in rows}  # of two editions the newer one


_CAMPUS = N_("Nobody has said of which campus the list is; “%(campus)s” was taken.")
