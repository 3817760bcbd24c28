"""The simulation: scripts go on one after another, day by day, with what the calendar and the sweep do in between."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service import daily as calendar_day
from service import sweep as sweeping
from service.accounts.demonstration import is_demonstration, mark_demonstration
from service.catalogues import load_catalogues
from service.demo.mailbox import settle_past
from service.demo.organisation import load_organisation
from service.importing.facts import DATA
from service.importing.processes import import_processes
from service.importing.report import Progress
from service.organisation import CLOCK, Organisation, organisation, organisation_changed
from service.sealing import seal
from service.simulating.scripts import Cast, Script, audit, nonconformity, preventive
from service.simulating.stage import Dice, Stage
from states.refusals import Refusal
from states.text import N_
from states.working_days import MORNING, moment, today

NIGHT, FIRST, LAST = time(0, 5), time(9, 5), time(17, 30)
AUDITS_A_YEAR: Final = 12
MOST_ACTIONS: Final = 6
LAST_DAYS: Final = 40


class NotEmpty(Refusal):
    """There is something real in the database, or the simulation has been run in it."""

    status = 409
    code = "not-empty"
    says = N_("A simulation needs a database without nonconformities.")
    next_step = N_("Give another SAPAT_HOME or SAPAT_DATABASE_URL.")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much shall happen, from which seed, until when."""

    until: datetime
    nonconformities: int = 2_000
    actions: int = 5_000
    years: int = 5
    seed: int = 1


@dataclass(slots=True)
class _Agenda:
    """Which script goes on when: by day, then in the order in which they were put down."""

    entries: list[tuple[date, int, Script]] = field(default_factory=list)
    count: int = 0

    def add(self, day: date, script: Script) -> None:
        self.count += 1
        heapq.heappush(self.entries, (day, self.count, script))

    def due(self, day: date) -> Iterator[Script]:
        while self.entries and self.entries[0][0] <= day:
            yield heapq.heappop(self.entries)[2]


def simulate(database: Database, plan: Plan, progress: Progress | None = None) -> dict[str, int]:
    """Let it all happen; gives how much was made: records of each kind, moves, days.

    The same plan makes the same records, moves and dates in the same organisation. Raises NotEmpty.
    """
    _prepare(database, plan)
    first = today(plan.until) - timedelta(days=365 * plan.years)
    days = [first + timedelta(days=count) for count in range((today(plan.until) - first).days + 1)]
    agenda = _Agenda()
    cast = _cast(database, plan, first)
    _write_agenda(cast, plan, agenda, days)
    for done, day in enumerate(days, start=1):
        _by_itself(database, min(moment(day, NIGHT), plan.until), min(moment(day, MORNING), plan.until))
        cast.share = done / len(days)
        _fill_up(cast, plan, agenda, day, len(days) - done)
        _act(database, cast, agenda, day, plan)
        if progress and (done % 20 == 0 or done == len(days)):
            progress("simulate", done, len(days))
    _by_itself(database, plan.until, plan.until)
    with database.write() as connection:
        settle_past(connection)
    seal(database, plan.until)
    with database.read() as connection:
        moves = connection.execute(sa.select(sa.func.count()).select_from(t.history)).scalar_one()
    return {**cast.made, "moves": moves, "days": len(days)}


def _prepare(database: Database, plan: Plan) -> None:
    begins = plan.until - timedelta(days=366 * plan.years)
    with database.write() as connection:
        there = sa.exists().where(t.record.c.kind.in_(("nonconformity", "corrective_action", "audit")))
        empty = not connection.execute(sa.select(sa.exists().where(t.person.c.id.is_not(None)))).scalar_one()
        if connection.execute(sa.select(there)).scalar_one() or not (empty or is_demonstration(connection)):
            raise NotEmpty
        mark_demonstration(connection)
    load_catalogues(database)
    if empty:
        load_organisation(database, begins)
        import_processes(database, DATA / "talsu_processes.tsv", CLOCK, begins)
        with database.write() as connection:  # who works there has done so for all those years
            connection.execute(sa.update(t.holding).values(since=begins.date()))
            organisation_changed(connection)


def _cast(database: Database, plan: Plan, first: date) -> Cast:
    with database.read() as connection:
        snapshot = organisation(connection)
        entry = t.entry.c
        causes = sa.select(entry.edition, entry.code, entry.name_ky).where(
            entry.catalogue == "cause", entry.parent.is_not(None)
        )
        clauses = sa.select(entry.edition, entry.code).where(entry.catalogue == "clause", entry.parent.is_not(None))
        causes, clauses = causes.order_by(entry.position), clauses.order_by(entry.position)
        stage = Stage(connection, moment(first, FIRST))
        return Cast(
            plan.seed,
            _units(snapshot, plan.seed, first),
            tuple((f"{edition}/{code}", name) for edition, code, name in connection.execute(causes)),
            tuple(f"{edition}/{code}" for edition, code in connection.execute(clauses)),
            stage,
            lambda script, days: None,
        )


def _units(snapshot: Organisation, seed: int, day: date) -> dict[str, tuple[str, str | None, int]]:
    """The units that have a head who is there, and how much goes wrong in each: most in a few (Pareto)."""
    dice = Dice.of(seed, "units")
    found: dict[str, tuple[str, str | None, int]] = {}
    for unit in snapshot.units.values():
        head = snapshot.head_of(unit.id)
        if unit.parent_id is None or unit.is_campus or head is None or snapshot.posts[head].unit_id != unit.id:
            continue
        if snapshot.posts[head].role is None and snapshot.holders(head, day):
            found[unit.code] = (snapshot.posts[head].code, None, 1 + int(dice.random.paretovariate(1.1) * 3))
    return found


def _write_agenda(cast: Cast, plan: Plan, agenda: _Agenda, days: list[date]) -> None:
    """When each record begins: spread over the years, a little more each year; the last days stay free for none."""
    dice = Dice.of(plan.seed, "agenda")
    audits = min(AUDITS_A_YEAR * plan.years, plan.nonconformities // 4)
    for number in range(audits):
        agenda.add(days[int((number + 0.5) / audits * len(days) * 0.95)], audit(cast, number))
    for number in range(plan.nonconformities - audits):
        place = int(dice.random.random() ** 0.85 * len(days))
        agenda.add(days[place], nonconformity(cast, number, MOST_ACTIONS))
    cast.begin = lambda script, wait: agenda.add(cast.stage.later(wait), script)
    cast.actions_wanted = plan.actions
    for number in range(plan.actions // 5):
        agenda.add(days[int(dice.random.random() * len(days))], preventive(cast, number))


def _fill_up(cast: Cast, plan: Plan, agenda: _Agenda, day: date, left: int) -> None:
    """In the last weeks what is missing to the number of actions is begun, a part of it each day."""
    if left < LAST_DAYS:
        missing = plan.actions - cast.made.get("actions", 0)
        for number in range(-(-missing // (left + 1))):
            agenda.add(day, preventive(cast, plan.actions + left * plan.actions + number))


def _act(database: Database, cast: Cast, agenda: _Agenda, day: date, plan: Plan) -> None:
    scripts = list(agenda.due(day))
    if not scripts:
        return
    first = moment(day, FIRST)
    length = min(moment(day, LAST), plan.until) - first
    with database.write() as connection:
        for place, script in enumerate(scripts):
            now = first + length * place / len(scripts)
            cast.stage = Stage(connection, now)
            wait = next(script, None)
            if wait is not None:
                agenda.add(cast.stage.later(wait), script)


def _by_itself(database: Database, night: datetime, morning: datetime) -> None:
    with database.read() as connection:
        wakes, speaks = calendar_day.is_due(connection, night), sweeping.is_due(connection, morning)
    if wakes:
        calendar_day.daily(database, night)
    if speaks:
        sweeping.sweep(database, morning)
