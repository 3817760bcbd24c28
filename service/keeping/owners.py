"""Who answers for a process: zero, one or many posts, the first of which gets its tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.change import QUALITY, begin, held_anew, row_of, tell
from service.organisation import Actor
from states.refusals import Incomplete
from states.text import N_, Text

WHAT: Final = Text("процесстердин жетекчилерин белгилөө", "назначение владельцев процессов", "naming process owners")


def set_owners(connection: sa.Connection, process_id: UUID, posts: Sequence[str], actor: Actor, now: datetime) -> bool:
    """The posts (by code, in their order) that answer for a process; False where they did already.

    Raises NotYours, NotFound, Incomplete.
    """
    act = begin(connection, actor, now, WHAT, QUALITY)
    row_of(act, t.process, process_id)
    by_code = {post.code: post for post in act.organisation.posts.values() if not post.closed_on}
    wanted = list(dict.fromkeys(code for code in posts if code))
    if any(code not in by_code for code in wanted):
        raise Incomplete({"owners": N_("Nothing here has this code. Choose one from the list.")})
    owner = t.process_owner.c
    rows = sa.select(t.post.c.code).join(t.process_owner, owner.post_id == t.post.c.id)
    before = list(connection.execute(rows.where(owner.process_id == process_id).order_by(owner.position)).scalars())
    if before == wanted:
        return False
    connection.execute(sa.delete(t.process_owner).where(owner.process_id == process_id))
    for position, code in enumerate(wanted):
        row = {"id": new_id(), "process_id": process_id, "post_id": by_code[code].id, "position": position}
        connection.execute(sa.insert(t.process_owner), row)
    tell(act, "process.owners", process_id, {"owners": before}, {"owners": wanted}, QUALITY)
    held_anew(act, act.organisation.process_owners.get(process_id, ()))
    return True
