"""Importing a university's own list of nonconformities, whatever it looks like: nothing of it is lost or made up.

A trial run only reads. The import itself writes some rows at a time, so that others are not kept waiting; where it
ends early, the same file goes on with what is missing. A second time changes nothing.
"""

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from models.database import Database, next_number
from service.act import Act
from service.importing.list.bring import Told, bring
from service.importing.list.existing import Existing
from service.importing.list.look import Look
from service.importing.list.mapping import ListMapping, remember
from service.importing.list.planned import Planned
from service.importing.list.report import ListReport
from service.importing.list.trial import COUNTER, Trial, try_list
from service.importing.report import Progress
from service.organisation import Actor, Organisation, organisation
from states.working_days import today

AT_ONCE: Final = 50
# Seconds for others that want to write, between some rows and the next.
BREATH: Final = 0.005


def import_nonconformities(
    database: Database,
    path: Path,
    actor: Actor,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    name: str = "",
    campus: str = "",
    mapping: ListMapping | None = None,
) -> ListReport:
    """Bring in a list; without a `mapping` as lists of these headings were read before, else as they seem to be.

    `name` is what the file is called, `campus` the code of the campus it is of (else the actor's first). Raises
    Malformed for a file that is no table or names no column of what was found, Incomplete for a mapping that says too
    little, NotYours for anybody but a quality specialist of the campus.
    """
    with database.read() as connection:
        trial = try_list(connection, path, actor, now, name=name, campus=campus, mapping=mapping)
    trial.report.dry_run = dry_run
    if not dry_run:
        _bring_in(database, trial, actor, now, mapping, progress)
    return trial.report


def _bring_in(
    database: Database,
    trial: Trial,
    actor: Actor,
    now: datetime,
    mapping: ListMapping | None,
    progress: Progress | None,
) -> None:
    look, report, told = trial.look, trial.report, Told()
    left, seen, brought, total = trial.planned, trial.seen, set[UUID](), len(trial.planned)
    report.taken = report.actions = report.causes = 0
    while left:
        with database.write() as connection:
            university = organisation(connection)
            act = Act(connection, university, university.anew(actor, today(now)), now)
            number = next_number(connection, COUNTER)
            if number != seen + 1:  # somebody else has brought something in meanwhile
                there = Existing.load(connection, but=brought).match([one.candidate for one in left], look.campus)
                left = [one for place, one in enumerate(left) if place not in there]
                report.unchanged += len(there)
            seen, some, left = number, left[:AT_ONCE], left[AT_ONCE:]
            begun = [move for one in some for move in bring(act, one, _given(look, one, report.source, university))]
            told.hold(connection, begun, now)
        brought.update(one.record_id for one in begun)
        _count(report, some)
        if progress:
            progress("nonconformities", total - len(left), total)
        time.sleep(BREATH)
    with database.write() as connection:
        report.mailed = told.let_go(connection, now)
        if mapping:
            remember(connection, look.campus_id, mapping, look.blocks, actor.person_id, now)


def _given(look: Look, planned: Planned, file: str, university: Organisation) -> dict[str, object]:
    own = university.units[planned.campus_id].code if planned.campus_id else ""
    return planned.given(file, look.source.encoding, look.campus if own != look.campus else "")


def _count(report: ListReport, some: Iterable[Planned]) -> None:
    for one in some:
        report.taken += 1
        report.actions += len(one.actions)
        report.causes += len(one.causes)
