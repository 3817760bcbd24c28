"""Sittings: what a new one takes from its body."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from states.sitting import titled


def prepare(act: Act, values: Mapping[str, Any], fields: dict[str, Any], typed: dict[str, Any]) -> None:
    """Fill the fields of a new sitting from its body: its name, its campus and its rules on that day."""
    snapshot, body_id = act.organisation, values["body"]
    body = snapshot.body(body_id)
    rules = act.connection.execute(sa.select(t.body).where(t.body.c.id == body_id)).one()
    unit_id = body.unit_id or snapshot.posts[body.secretary_post_id].unit_id
    fields |= {
        "title": titled(body.name, body.language, typed["held_on"]),
        "campus_id": snapshot.campus_of(unit_id),
        "owner_post_id": body.secretary_post_id,
    }
    typed |= {"quorum": rules.quorum, "majority": rules.majority, "proxies": rules.proxies}
