"""The way from a document that waits for a council to its sitting: the one that has it, or planning one."""

from typing import Any

from service.reading.awaiting import STEP, awaiting, next_step
from service.reading.permitted import may_read
from service.web.pages.told import Told


def sitting_of(told: Told) -> dict[str, Any] | None:
    """For the secretary what they do next; for others the sitting that has it, if they may read it."""
    view, who = told.view, told.who
    if view.lifecycle.name != "document" or view.subject.state != STEP:
        return None
    one = awaiting(told.connection, [view.subject.id]).get(view.subject.id)
    if one is None:
        return None
    if one.body.secretary_post_id in who.actor.all_posts:
        return next_step(one, who.language)
    if one.on_agenda and may_read(told.connection, one.on_agenda.id, who.actor, who.now):
        return next_step(one, who.language)
    return None
