"""Routes as they stand: of each type, everywhere and on each campus; the sets that ship; what a change would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.asking import OPEN_SITTINGS
from service.importing.facts import facts
from service.organisation import Actor, Organisation, organisation
from service.policies.scope import may_keep
from service.subject import load
from states.refusals import NotFound
from states.roles import Role
from states.routes import Does, Stage, Way, going_on, usual, way_from
from states.text import Text

EVERY_TYPE: Final = "*"
# Steps in which a revision is on its way and keeps the route that it took.
BESIDE: Final = ("amendment", "rector_approval")
Ways = Mapping[str, Way | None]


@dataclass(frozen=True, slots=True)
class TypeRoutes:
    """A type with its route everywhere (None: it has none), and those that campuses have of their own."""

    code: str
    name: Text
    everywhere: Way | None
    own: Mapping[UUID, Way]

    def on(self, campus_id: UUID | None) -> Way | None:
        """The route that holds on a campus."""
        return self.own.get(campus_id, self.everywhere) if campus_id else self.everywhere


@dataclass(frozen=True, slots=True)
class Proposed:
    """The routes that types are to take on a campus (None: everywhere); no way: the campus's own is to go."""

    campus_id: UUID | None
    ways: Ways


@dataclass(frozen=True, slots=True)
class Effect:
    """A revision that is before a body: which one (code), and which it would be then (None: on to approval).

    `campus_id` is where it stands; `changes` whether anything of its route would be another, `routed` whether there
    would be a route at all; `on_agenda` whether a sitting that is not over yet would decide on it.
    """

    record_id: UUID
    campus_id: UUID
    code: str
    title: str
    due_at: datetime | None
    now: str
    then: str | None
    changes: bool
    routed: bool
    on_agenda: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What a change of routes does: `beside` is how many revisions are on their way elsewhere and keep their route.

    `seen` names what was looked at: whoever makes the change gives it back.
    """

    under_way: tuple[Effect, ...]
    beside: int
    seen: str


def routes(connection: sa.Connection) -> list[TypeRoutes]:
    """All types with their routes, by their codes."""
    everywhere: dict[str, Way] = {}
    own: dict[str, dict[UUID, Way]] = {}
    for row in connection.execute(sa.select(t.route)):
        if row.campus_id is None:
            everywhere[row.type_code] = way_from(row.facts)
        else:
            own.setdefault(row.type_code, {})[row.campus_id] = way_from(row.facts)
    types = connection.execute(sa.select(t.document_type).order_by(t.document_type.c.code))
    return [
        TypeRoutes(
            row.code, Text(row.name_ky, row.name_ru, row.name_en), everywhere.get(row.code), own.get(row.code, {})
        )
        for row in types
    ]


def keepers_everywhere(snapshot: Organisation, day: date) -> list[tuple[UUID, tuple[UUID, ...]]]:
    """The posts that set what holds everywhere, each with who holds it; none where campuses stand side by side.

    That is a quality specialist who belongs to no campus, or to the one above all others.
    """
    posts = (post.id for post in snapshot.posts.values() if post.role is Role.QUALITY_SPECIALIST and not post.closed_on)
    held = ((post, snapshot.holders(post, day)) for post in posts)
    # Whoever holds it: what is asked is whether the post may.
    return [(post, people) for post, people in held if may_keep(snapshot, Actor(post, frozenset({post})), None)]


def sets() -> list[str]:
    """The names of the sets of routes that ship with Sapat, each a university's."""
    return list(dict.fromkeys(row["set"] for row in facts("routes")))


def set_of(snapshot: Organisation, name: str, types: list[str]) -> dict[str, Way]:
    """The routes of a set for these types. Raises KeyError for a set, a body or a post that there is not."""
    posts = {post.code: post.id for post in snapshot.posts.values()}
    found: dict[str, Way] = {}
    rows = {row["type"]: row for row in facts("routes") if row["set"] == name}
    if not rows:
        raise KeyError(name)
    for code in types:
        if row := rows.get(code) or rows.get(EVERY_TYPE):
            stages = tuple(Stage(body, Does(does)) for body, does in map(_pair, row["stages"].split()))
            for stage in stages:
                snapshot.bodies[stage.body]
            approver = posts[row["approver"]].hex if row["approver"] else ""
            found[code] = Way(stages, approver, row["by_order"] == "yes")
    return found


def _pair(written: str) -> tuple[str, str]:
    body, _, does = written.partition(":")
    return body, does


def effects(connection: sa.Connection, proposed: Proposed) -> Effects:
    """What it does to revisions under way: of these types, on that campus or wherever no route of its own holds.

    Raises NotFound for a type that there is not.
    """
    there = {one.code: one for one in routes(connection)}
    if not there.keys() >= proposed.ways.keys():
        raise NotFound
    takes = {code: way or there[code].everywhere for code, way in proposed.ways.items()}
    record, revision, document = t.record.c, t.revision.c, t.document.c
    due = sa.select(sa.func.min(t.task.c.due_at)).where(t.task.c.record_id == record.id, t.task.c.closed_at.is_(None))
    statement = (
        sa.select(
            *(record.id, record.code, record.title, record.state, record.version, record.campus_id),
            *(revision.route, revision.position, revision.meanings, revision.approver_post_id, revision.by_order),
            *(document.type_code, document.campus_id.label("register_id"), due.scalar_subquery().label("due_at")),
        )
        .select_from(t.record)
        .join(t.revision, revision.record_id == record.id)
        .join(t.document, document.id == revision.document_id)
        .where(record.kind == "document", record.state.in_(("council_review", *BESIDE)))
        .where(document.type_code.in_(list(proposed.ways)))
        .order_by(document.sort_key, record.id)
    )
    if proposed.campus_id:
        statement = statement.where(document.campus_id == proposed.campus_id)
    rows = [
        row
        for row in connection.execute(statement)
        if proposed.campus_id or row.register_id not in there[row.type_code].own
    ]
    waiting = [row for row in rows if row.state == "council_review"]
    called = _on_agendas(connection)
    under_way = tuple(_effect(row, takes.get(row.type_code), row.id in called) for row in waiting)
    looked_at = [str(proposed.campus_id), *(f"{code}:{there[code].on(proposed.campus_id)}" for code in sorted(takes))]
    looked_at += [f"{code}:{takes[code]}" for code in sorted(takes)]
    looked_at += [f"{row.id}:{row.version}" for row in waiting]
    seen = sha256("\n".join(looked_at).encode()).hexdigest()[:32]
    return Effects(under_way, len(rows) - len(waiting), seen)


def _on_agendas(connection: sa.Connection) -> frozenset[UUID]:
    """What stands on the agenda of a sitting that is not over."""
    item = t.agenda_item.c
    about = sa.select(item.about_id).join(t.record, t.record.c.id == item.record_id)
    open_ones = about.where(item.removed_at.is_(None), item.about_id.is_not(None), t.record.c.state.in_(OPEN_SITTINGS))
    return frozenset(connection.execute(open_ones).scalars())


def _effect(row: Any, way: Way | None, on_agenda: bool) -> Effect:
    now = row.route[row.position] if row.position < len(row.route) else ""
    then: str | None = now
    changes = False
    if way is not None:
        fields = {"route": row.route, "position": row.position, "meanings": row.meanings}
        after = going_on(fields, way.facts)
        meant = list(row.meanings or usual(tuple(row.route)).facts["meanings"])
        before = (list(row.route), meant, row.approver_post_id, row.by_order is not False)
        approver = UUID(way.approver) if way.approver else None
        changes = before != (after["bodies"], after["meanings"], approver, way.by_order)
        left = after["bodies"][row.position :]
        then = left[0] if left else None
    return Effect(
        row.id, row.campus_id, row.code, row.title, row.due_at, now, then, changes, way is not None, on_agenda
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A body of the route that a revision takes: what it does, and how far that is: done, current or next."""

    body: Text
    does: Does
    state: str


def chain(connection: sa.Connection, record_id: UUID) -> tuple[list[Taken], UUID | None, bool]:
    """The route of a revision as its bodies, then who approves it (None: the rector), and whether by an order.

    Of a draft it is the route that it would take today.
    """
    subject = load(connection, record_id)
    fields, position = subject.fields, subject.fields["position"]
    drafted = subject.state == "draft"
    takes = fields["type_route"] if drafted else None
    bodies = list(takes["bodies"] if takes else fields["route"])
    meant = takes["meanings"] if takes else fields["meanings"] or usual(tuple(bodies)).facts["meanings"]
    post = takes["approver_post_id"] if takes else fields["approver_post_id"]
    names = organisation(connection).bodies
    # With amendments the body has decided, though they are still being entered.
    done = 0 if drafted else len(bodies) if _is_past(subject.state) else position + (subject.state == "amendment")
    found = [
        Taken(
            names[body].name if body in names else Text(body, body, body),
            Does(does),
            "done" if place < done else "current" if place == done and subject.state == "council_review" else "next",
        )
        for place, (body, does) in enumerate(zip(bodies, meant, strict=False))
    ]
    by_order = takes["by_order"] if takes else fields["by_order"] is not False
    return found, UUID(str(post)) if post else None, by_order


def _is_past(state: str) -> bool:
    return state not in ("draft", "council_review", "amendment", "rejected", "abandoned")
