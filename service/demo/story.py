"""A living university at today's date: half a year of decisions, deadlines and lateness, told in the order of time.

Everything goes through the doors that people and the clock use (`open_record`, `move`, `daily`, `sweep`), called with
past moments. Nothing is left to chance: the same day gives the same codes, states and dates.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service import daily as calendar_day
from service import sweep as sweeping
from service.accounts.demonstration import mark_demonstration
from service.catalogues import load_catalogues
from service.demo.councils import load_members, plan_sittings
from service.demo.mailbox import settle_past
from service.demo.organisation import load_absences, load_legal_acts, load_organisation, load_routes
from service.demo.reviews import Reviews, still_open
from service.demo.sat import tell_councils
from service.demo.tales import Stop, Tale, tales
from service.demo.teller import Teller
from service.files.store import Store
from service.importing.facts import DATA, facts
from service.importing.processes import import_processes
from service.importing.register import import_register
from service.importing.report import Progress, Report
from service.organisation import CLOCK, organisation
from states.working_days import MORNING, Calendar, moment, today

BEGINS_AGO = 110
NIGHT, FIRST, LAST = time(0, 5), time(9, 40), time(17, 20)
Book = dict[date, list[tuple[Tale, Stop]]]


def first_start(
    database: Database, now: datetime, progress: Progress | None = None, store: Store | None = None
) -> list[Report]:
    """Fill an empty database with the demonstration; does nothing where there are documents already.

    With a `store`, the revisions of the story have their texts as files.
    """
    with database.read() as connection:
        if connection.execute(sa.select(sa.exists().where(t.document.c.id.is_not(None)))).scalar_one():
            return []
    with database.write() as connection:
        mark_demonstration(connection)
    load_catalogues(database)
    reports = [load_organisation(database, now), load_members(database, now)]
    with database.read() as connection:
        begins = moment(_begins(organisation(connection).calendar, today(now)), FIRST)
    owners = {row["code"]: (row["process"], row["post"]) for row in facts("document_owners")}
    reports += [
        import_processes(database, DATA / "talsu_processes.tsv", CLOCK, begins, progress=progress),
        import_register(database, DATA / "nsu_register.tsv", CLOCK, begins, progress=progress, owners=owners),
        load_routes(database, begins),
        play_story(database, now, progress, store),
        plan_sittings(database, now),
        load_absences(database, now),
        load_legal_acts(database, now),
    ]
    return reports


def play_story(
    database: Database, now: datetime, progress: Progress | None = None, store: Store | None = None
) -> Report:
    """Tell the story up to `now`, on top of the organisation and the register; a second time nothing is told.

    In the report a row is a move. Raises Refusal where a table tells something impossible.
    """
    report = Report("story")
    with database.read() as connection:
        calendar = organisation(connection).calendar
        told = sa.exists().where(t.record.c.kind == "nonconformity")
        if connection.execute(sa.select(told)).scalar_one():
            return report
    last = today(now)
    book = _book(calendar, last)
    teller, reviews = Teller(store), Reviews()
    days = _days(_begins(calendar, last), last)
    for done, day in enumerate(days, start=1):
        _by_itself(database, min(moment(day, NIGHT), now), min(moment(day, MORNING), now))
        with database.read() as connection:
            for tale, stop in reviews.opened(connection, calendar.between(day, last)):
                book[calendar.add(last, -stop.ago)].append((tale, stop))
        if stops := book.get(day):
            report.rows += len(stops)
            report.taken += _tell(database, teller, stops, day, calendar, last)
        if progress:
            progress("story", done, len(days))
    report.unchanged = report.rows - report.taken
    held = tell_councils(database, calendar, last)
    report.rows, report.taken = report.rows + held, report.taken + held
    _by_itself(database, now, now)
    with database.write() as connection:
        settle_past(connection)
    return report


def _begins(calendar: Calendar, last: date) -> date:
    return calendar.add(last, -BEGINS_AGO)


def _book(calendar: Calendar, last: date) -> Book:
    book: Book = defaultdict(list)
    for tale in tales():
        for stop in tale.stops:
            book[calendar.add(last, -stop.ago)].append((tale, stop))
    return book


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def _by_itself(database: Database, night: datetime, morning: datetime) -> None:
    """What the clock does on a day: the calendar first, then the sweep, each only where something is due."""
    with database.read() as connection:
        wakes = calendar_day.is_due(connection, night)
    if wakes:
        calendar_day.daily(database, night)
    with database.read() as connection:
        speaks = sweeping.is_due(connection, morning)
    if speaks:
        sweeping.sweep(database, morning)


def _tell(
    database: Database, teller: Teller, stops: list[tuple[Tale, Stop]], day: date, calendar: Calendar, last: date
) -> int:
    """Make the moves of a day in one transaction, spread over its working hours; gives how many were made."""
    first, length = moment(day, FIRST), moment(day, LAST) - moment(day, FIRST)
    made = 0
    with database.write() as connection:
        for place, (tale, stop) in enumerate(stops):
            if not tale.stops and not still_open(connection, tale, stop):
                continue
            until = None if stop.until is None else calendar.add(last, -stop.until)
            teller.tell(connection, tale, stop, first + length * place / len(stops), until)
            made += 1
    return made
