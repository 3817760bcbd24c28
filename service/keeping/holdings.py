"""Who holds which post, from a day to a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import begin, delete, insert, row_of, update
from service.keeping.given import OPEN_END, SINCE, UNTIL, Fields, in_order, overlap, read_given, works
from service.organisation import Actor
from service.rehold import rehold_of_leavers
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete
from states.text import N_, Text

WHAT: Final = Text("кызматка дайындоо жана бошотуу", "назначение на должность и освобождение", "who holds which post")
PERSON: Final = Field("person", Text("Ким", "Кто", "Who"), "person")
POST: Final = Field("post", Text("Кызматы", "Должность", "Post"), "post")
HOLDS: Final[Fields] = (PERSON, POST, SINCE, OPEN_END)
LEAVES: Final[Fields] = (replace(UNTIL, help=None),)


def hold_post(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A person holds a post from a day, perhaps to a day; the holding's identifier. A post may have several holders.

    Raises NotYours, Incomplete, GuardUnmet.
    """
    act = begin(connection, actor, now, WHAT)
    values = read_given(act, HOLDS, given)
    in_order(values["since"], values["until"])
    works(act.organisation.posts, values["post"], "post")
    row = {"person_id": values["person"], "post_id": values["post"], "since": values["since"], "until": values["until"]}
    _alone(act, row, None)
    return insert(act, t.holding, "post.held", row, about_id=values["post"])


def leave_post(
    connection: sa.Connection, holding_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """The last day of a holding, now, in the past or ahead; another one where it had one.

    Raises NotYours, NotFound, Incomplete, GuardUnmet.
    """
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.holding, holding_id)
    until: date = read_given(act, LEAVES, given)["until"]
    in_order(row["since"], until)
    _alone(act, {**row, "until": until}, holding_id)
    left = update(act, t.holding, "post.left", row, {"until": until}, about_id=row["post_id"])
    if until < act.day:
        rehold_of_leavers(act.connection, act.now)  # on its day the daily work sees to it
    return left


def withdraw_holding(connection: sa.Connection, holding_id: UUID, actor: Actor, now: datetime) -> None:
    """A holding that has not begun is taken back. Raises GuardUnmet for one that has; NotYours, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.holding, holding_id)
    if row["since"] <= act.day:
        raise GuardUnmet(N_("This has begun already."), N_("Give its last day instead: what was is not unmade."))
    delete(act, t.holding, "post.not_held", row, about_id=row["post_id"])


def _alone(act: Act, row: Mapping[str, Any], holding_id: UUID | None) -> None:
    """The same person holds the same post once at a time."""
    same = (t.holding.c.person_id == row["person_id"]) & (t.holding.c.post_id == row["post_id"])
    for other in act.connection.execute(sa.select(t.holding).where(same)):
        if other.id != holding_id and overlap(row["since"], row["until"], other.since, other.until):
            raise Incomplete({"since" if holding_id is None else "until": N_("They hold this post then already.")})
