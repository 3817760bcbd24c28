"""The desk of whoever sits in councils or is their secretary: what waits for each, its sittings, and planning one."""

from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from models import tables as t
from service.asking import OPEN_SITTINGS, waiting_for
from service.organisation import BodyFacts, organisation
from service.reading.agenda import abouts_of
from service.reading.permitted import readable_by
from service.web.pages.frame import show
from service.web.pages.sitting_shown import about_shown
from service.web.pages.wording import badge, heading
from service.web.site import Visitor, Who
from states.kyrgyz import day_in_words, sort_key
from states.registry import lifecycle
from states.working_days import today

router = APIRouter(include_in_schema=False)

# Of what is over, the last ones: the list has all.
MOST_OVER: Final = 6
SITTING: Final = "sitting"


@router.get("/sittings/desk")
async def desk(request: Request, who: Who) -> Response:
    """Each council in which they sit, or whose secretary they are, those whose secretary first."""

    def read(connection: sa.Connection) -> dict[str, Any]:
        one = lifecycle(SITTING)
        councils = [_council(connection, body, who) for body in _bodies(connection, who)]
        return {"lifecycle": one, "councils": councils}

    return await show(request, who, "sitting_desk.html", read)


def _bodies(connection: sa.Connection, who: Visitor) -> list[BodyFacts]:
    snapshot, day = organisation(connection), today(who.now)
    posts, people = who.actor.all_posts, set(who.actor.people)
    theirs = [
        one
        for one in snapshot.bodies.values()
        if one.secretary_post_id in posts or not people.isdisjoint(snapshot.sitting_in(one.id, day))
    ]
    return sorted(theirs, key=lambda one: (one.secretary_post_id not in posts, sort_key(one.name.into(who.language))))


def _council(connection: sa.Connection, body: BodyFacts, who: Visitor) -> dict[str, Any]:
    language, one = who.language, lifecycle(SITTING)
    waiting = waiting_for(connection, body.id)
    abouts = abouts_of(connection, [row["about_id"] for row in waiting], who.actor, who.now)
    sitting, record = t.sitting.c, t.record.c
    rows = (
        sa.select(record.id, record.state, record.code, sitting.held_on, sitting.begins_at, sitting.protocol_no)
        .join(t.sitting, sitting.record_id == record.id)
        .where(sitting.body_id == body.id, readable_by(connection, who.actor, who.now))
        .order_by(sitting.held_on.desc(), record.id.desc())
    )
    ahead = connection.execute(rows.where(record.state.in_(OPEN_SITTINGS))).all()
    over = connection.execute(rows.where(record.state.not_in(OPEN_SITTINGS)).limit(MOST_OVER)).all()
    return {
        "name": heading(body.name, language),
        "code": body.code,
        "href": f"/organisation/bodies/{body.id}",
        "is_secretary": body.secretary_post_id in who.actor.all_posts,
        # Of what one may not read, only that it waits.
        "waiting": [
            {"title": row["title"], "speaker": row["speaker"], "about": about_shown(about, language)}
            for row in waiting
            if (about := abouts[row["about_id"]]).readable
        ],
        "count": len(waiting),
        "sittings": [
            {
                "href": f"/sittings/{row.id}/day",
                "code": row.code,
                "day": day_in_words(row.held_on, language),
                "begins_at": row.begins_at,
                "protocol_no": row.protocol_no,
                "state": badge(one, row.state, language),
            }
            for row in (*reversed(ahead), *over)
        ],
    }
