"""The demonstration's councils: who sits in them, and the sittings that are planned for the days to come."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.asking import waiting_for
from service.demo.organisation import SINCE
from service.importing.facts import facts
from service.importing.report import Report
from service.opening import open_record
from service.organisation import organisation, organisation_changed
from states.working_days import today

AHEAD: Final = 4  # working days
BEGINS_AT: Final = "14:00"
HELD_AT: Final = "Башкы корпус, 201-кабинет"


def load_members(database: Database, now: datetime) -> Report:
    """Who sits in which body, and who is in its chair; a second time changes nothing."""
    report = Report("council members")
    with database.write() as connection:
        bodies = {row.code: row.id for row in connection.execute(sa.select(t.body.c.code, t.body.c.id))}
        posts = {row.code: row.id for row in connection.execute(sa.select(t.post.c.code, t.post.c.id))}
        snapshot, day = organisation(connection), today(now)
        seated = set(connection.execute(sa.select(t.membership.c.body_id, t.membership.c.person_id)))
        for row in facts("body_members"):
            body, post = bodies[row["body"]], posts[row["post"]]
            for person in snapshot.holders(post, day):
                report.rows += 1
                if (body, person) in seated:
                    report.unchanged += 1
                    continue
                seat = {"id": new_id(), "body_id": body, "person_id": person, "since": SINCE, "until": None}
                connection.execute(sa.insert(t.membership), seat)
                report.taken += 1
            if row["chair"]:
                connection.execute(sa.update(t.body).where(t.body.c.id == body).values(chair_post_id=post))
        if report.taken:
            organisation_changed(connection)
    return report


def plan_sittings(database: Database, now: datetime) -> Report:
    """A sitting of each body for which something waits, some days from now; its agenda fills by itself."""
    report = Report("sittings")
    with database.write() as connection:
        snapshot, day = organisation(connection), today(now)
        held_on = snapshot.calendar.add(day, AHEAD).isoformat()
        for code, body in sorted(snapshot.bodies.items()):
            secretaries = snapshot.holders(body.secretary_post_id, day)
            if not secretaries or not waiting_for(connection, body.id):
                continue
            report.rows += 1
            said = {"body": code, "held_on": held_on, "begins_at": BEGINS_AT, "held_at": HELD_AT}
            open_record(connection, "sitting", said, snapshot.actor(secretaries[0], day), now)
            report.taken += 1
    return report
