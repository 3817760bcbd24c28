"""The demonstration's organisation: units, posts, one person for each post (called by the post), bodies, types."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.importing.facts import facts
from service.importing.legend import legend
from service.importing.report import Report
from service.keeping.absences import enter_absence
from service.keeping.legal_acts import enter_act
from service.keeping.routes import change_routes, read_set
from service.organisation import CLOCK, organisation, organisation_changed
from states.working_days import today

MAIL = "sapat.example"
# Everybody has been in post since before the first thing the demonstration tells of.
SINCE = date(2023, 9, 1)
# One campus goes the way of the other university.
_TALAS, _TALAS_ROUTES = "talas", "TalSU"
_NAMES = ("name_ky", "name_ru", "name_en")


def load_organisation(database: Database, now: datetime) -> Report:
    """Bring in whatever of the organisation is not there yet; a second time changes nothing."""
    report = Report("organisation")
    with database.write() as connection:
        legend(connection)
        units = _load(connection, t.unit, facts("units"), report, lambda row, ids: _unit(row, ids))
        posts = _load(connection, t.post, facts("posts"), report, lambda row, _: _post(row, units))
        people = _load(connection, t.person, facts("posts"), report, lambda row, _: _person(row))
        _load(
            connection,
            t.body,
            facts("bodies"),
            report,
            lambda row, _: {"secretary_post_id": posts[row["secretary"]]},
        )
        _hold(connection, ((people[row["code"]], posts[row["code"]]) for row in facts("posts")))
        if report.taken:
            organisation_changed(connection)
    return report


def load_routes(database: Database, now: datetime) -> Report:
    """One campus takes the other university's routes, for all types that are known by then."""
    report = Report("routes")
    with database.write() as connection:
        talas = next(unit.id for unit in organisation(connection).units.values() if unit.code == _TALAS)
        proposed = read_set(connection, _TALAS_ROUTES, talas)
        change_routes(connection, proposed, CLOCK, now)
        report.rows = report.taken = len(proposed.ways)
    return report


def load_legal_acts(database: Database, now: datetime) -> Report:
    """Acts that may ask for documents to be changed, invented for the demonstration: working days before `now`."""
    report = Report("legal_acts")
    with database.write() as connection:
        calendar, day = organisation(connection).calendar, today(now)
        for row in facts("demo_legal_acts"):
            since = calendar.add(day, -int(row["ago"])).isoformat()
            named = {name: row[name] or None for name in ("title", "number", "says", "process", "document")}
            enter_act(connection, {**named, "in_force_on": since}, CLOCK, now)
            report.rows += 1
            report.taken += 1
    return report


def load_absences(database: Database, now: datetime) -> Report:
    """Who is away these days and soon, some with a deputy, one without: working days from `now`."""
    report = Report("absences")
    with database.write() as connection:
        calendar, day = organisation(connection).calendar, today(now)
        for row in facts("demo_absences"):
            report.rows += 1
            spell = {"since": calendar.add(day, int(row["from"])), "until": calendar.add(day, int(row["until"]))}
            named = {name: row[name] for name in ("person", "deputy", "reason") if row[name]}
            enter_absence(connection, {**named, **spell}, CLOCK, now)
            report.taken += 1
    return report


def _load(
    connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, str]], report: Report, more: Any
) -> dict[str, UUID]:
    """Insert the rows whose code is not there yet; gives the identifiers of all by code."""
    ids: dict[str, UUID] = {row.code: row.id for row in connection.execute(sa.select(table.c.code, table.c.id))}
    for row in rows:
        report.rows += 1
        if row["code"] in ids:
            report.unchanged += 1
            continue
        ids[row["code"]] = new_id()
        named = {name: row[name] for name in ("code", *_NAMES)}
        connection.execute(sa.insert(table), {"id": ids[row["code"]], **named, **more(row, ids)})
        report.taken += 1
    return ids


def _unit(row: dict[str, str], ids: dict[str, UUID]) -> dict[str, Any]:
    return {"parent_id": ids.get(row["parent"]), "is_campus": row["campus"] == "yes"}


def _post(row: dict[str, str], units: dict[str, UUID]) -> dict[str, Any]:
    return {"unit_id": units[row["unit"]], "role": row["role"] or None, "heads": row["heads"] == "yes"}


def _person(row: dict[str, str]) -> dict[str, Any]:
    return {"email": f"{row['code']}@{MAIL}", "language": row["language"]}


def _hold(connection: sa.Connection, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    held = set(connection.execute(sa.select(t.holding.c.post_id)).scalars())
    rows = [
        {"id": new_id(), "person_id": person, "post_id": post, "since": SINCE, "until": None}
        for person, post in pairs
        if post not in held
    ]
    if rows:
        connection.execute(sa.insert(t.holding), rows)
