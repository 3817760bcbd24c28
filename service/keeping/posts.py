"""Posts: what the university has them for, where they stand, which one heads a unit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import begin, held_anew, insert, row_of, update
from service.keeping.given import CODE, NAMES, Fields, named, new_code, not_ahead, read_given, works
from service.keeping.ties import refuse_tied, ties_of_post
from service.organisation import Actor
from states.lifecycle import Choice, Field
from states.refusals import GuardUnmet, Incomplete
from states.roles import GIVEN_TO_POSTS
from states.text import N_, Text

WHAT: Final = Text("кызматтарды жүргүзүү", "ведение должностей", "keeping the posts")
# A button that was chosen cannot be unchosen: having no role is a choice too.
NO_ROLE: Final = Choice("none", Text("ролу жок", "без роли", "no role"))
CHANGES: Final[Fields] = (
    *NAMES,
    Field("unit", Text("Бөлүмү", "Подразделение", "Unit"), "unit"),
    Field(
        "role",
        Text("Ролу", "Роль", "Role"),
        "choice",
        required=False,
        choices=(NO_ROLE, *(Choice(role.value, role.label) for role in sorted(GIVEN_TO_POSTS))),
        help=Text(
            "Жазуулардын жолунда бул кызмат эмне кылат",
            "Что эта должность делает на пути записей",
            "What the post does on the way of records",
        ),
    ),
    Field("heads", Text("Бөлүмдү башкарат", "Возглавляет подразделение", "Heads its unit"), "flag", required=False),
)
ADDS: Final[Fields] = (CODE, *CHANGES)


def add_post(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new post, vacant; its identifier. Raises NotYours, Incomplete, Duplicate, GuardUnmet."""
    act = begin(connection, actor, now, WHAT)
    values = read_given(act, ADDS, given)
    code = new_code(act, t.post, values["code"])
    _stands(act, None, values)
    row = {"code": code, **_columns(values)}
    post_id = insert(act, t.post, "post.added", row)
    if row["role"] or row["heads"]:
        held_anew(act)
    return post_id


def change_post(
    connection: sa.Connection, post_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Another name, unit or part for a post; False where nothing differs. Raises as `add_post`, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row, values = row_of(act, t.post, post_id), read_given(act, CHANGES, given)
    _stands(act, post_id, values)
    after = _columns(values)
    done = update(act, t.post, "post.changed", row, after)
    if any(row[name] != after[name] for name in ("unit_id", "role", "heads")):
        held_anew(act)
    return done


def close_post(connection: sa.Connection, post_id: UUID, day: date, actor: Actor, now: datetime) -> None:
    """A post that is filled no more from `day` on. Raises GuardUnmet while it has anything; NotYours, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row_of(act, t.post, post_id)
    not_ahead(act, day)
    refuse_tied(ties_of_post(act, post_id), N_("Give these to another post first, and let its holders leave it."))
    close_each(act, [post_id], day)
    held_anew(act, [post_id])


def reopen_post(connection: sa.Connection, post_id: UUID, actor: Actor, now: datetime) -> None:
    """A post that was closed by mistake can be filled again. Raises NotYours, NotFound, Incomplete, GuardUnmet."""
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.post, post_id)
    _stands(act, post_id, {"unit": row["unit_id"], "heads": row["heads"]})
    if update(act, t.post, "post.reopened", row, {"closed_on": None}):
        held_anew(act)


def close_each(act: Act, posts: Iterable[UUID], day: date) -> None:
    """Close these posts, of which nothing hangs any more. Raises GuardUnmet for one that is closed."""
    for post_id in posts:
        row = row_of(act, t.post, post_id)
        if row["closed_on"] is not None:
            raise GuardUnmet(N_("This post is closed already."))
        update(act, t.post, "post.closed", row, {"closed_on": day})


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    role = None if values["role"] == NO_ROLE.value else values["role"]
    return {**named(values), "unit_id": values["unit"], "role": role, "heads": values["heads"]}


def _stands(act: Act, post_id: UUID | None, values: Mapping[str, Any]) -> None:
    works(act.organisation.units, values["unit"], "unit")
    others = [
        post
        for post in act.organisation.posts.values()
        if post.unit_id == values["unit"] and post.heads and not post.closed_on and post.id != post_id
    ]
    if values["heads"] and others:
        raise Incomplete({"heads": N_("Another post heads this unit already: a unit has one head.")})
