"""Routes are set by the quality specialist: for a type on a campus, or everywhere; a set of them at once.

What is under way keeps the route that it took, unless whoever sets one says otherwise after seeing what that does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.keeping.change import alone
from service.moves import move
from service.organisation import Actor, Organisation, organisation, organisation_changed
from service.policies.keeping import tell
from service.policies.scope import may_keep
from service.reading.routes import Effect, Effects, Proposed, effects, routes, set_of
from states.refusals import GuardUnmet, Incomplete, NotFound, NotYours
from states.roles import LABELS, Role
from states.routes import Does, Stage, Way
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text("документтердин багытын коюу", "настройка маршрутов документов", "setting the routes of documents")
MOST_BODIES: Final = 6


def must_keep(snapshot: Organisation, actor: Actor, campus_id: UUID | None) -> None:
    """Raise NotYours unless the actor sets routes there: its quality specialist, or Sapat itself."""
    if actor.person_id is not None and not may_keep(snapshot, actor, campus_id):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def may_reroute(snapshot: Organisation, actor: Actor, effect: Effect) -> bool:
    """Whether it is theirs to take that revision to another route: of its campus's quality specialist."""
    return not actor.all_posts.isdisjoint(snapshot.posts_of_role(Role.QUALITY_SPECIALIST, effect.campus_id))


def read_way(snapshot: Organisation, given: Mapping[str, Any]) -> Way:
    """A route out of a form: `body_1`, `does_1`, … in their order, `approver` (a post's code), `by_order`.

    Raises Incomplete.
    """
    stages: list[Stage] = []
    errors: dict[str, str] = {}
    for place in range(1, MOST_BODIES + 1):
        code, does = given.get(f"body_{place}") or "", given.get(f"does_{place}") or ""
        if not code:
            continue
        if code not in snapshot.bodies:
            errors[f"body_{place}"] = N_("Nothing here has this code. Choose one from the list.")
        elif code in [stage.body for stage in stages]:
            errors[f"body_{place}"] = N_("This council stands in the route already.")
        elif does not in {one.value for one in Does}:
            errors[f"does_{place}"] = N_("Choose what the council does.")
        else:
            stages.append(Stage(code, Does(does)))
    if not stages and not errors:
        errors["body_1"] = N_("Choose at least one council.")
    approver = next((post for post in snapshot.posts.values() if post.code == given.get("approver")), None)
    if given.get("approver") and (approver is None or approver.closed_on):
        errors["approver"] = N_("Nothing here has this code. Choose one from the list.")
    if given.get("by_order") not in ("yes", "no"):
        errors["by_order"] = N_("Choose one of the two.")
    if errors:
        raise Incomplete(errors)
    return Way(tuple(stages), approver.id.hex if approver else "", given["by_order"] == "yes")


def read_set(connection: sa.Connection, name: str, campus_id: UUID | None) -> Proposed:
    """The routes of a set that ships with Sapat, for all types. Raises NotFound, Incomplete."""
    try:
        ways = set_of(organisation(connection), name, [one.code for one in routes(connection)])
    except KeyError as missing:
        if missing.args == (name,):
            raise NotFound from missing
        raise Incomplete({"set": N_("A council of this set has not been entered here yet.")}) from missing
    return Proposed(campus_id, ways)


def copied(connection: sa.Connection, code: str, campus_id: UUID) -> Proposed:
    """The route that a type has everywhere, as the campus's own. Raises NotFound."""
    way = next((one.everywhere for one in routes(connection) if one.code == code), None)
    if way is None:
        raise NotFound
    return Proposed(campus_id, {code: way})


def change_routes(
    connection: sa.Connection,
    proposed: Proposed,
    actor: Actor,
    now: datetime,
    *,
    seen: str | None = None,
    under_way: bool = False,
    reason: str = "",
) -> int:
    """Set the routes; with `under_way`, of what is before a body as well. Gives how many of those took another route.

    `seen` is what `effects` gave to whoever decided. Raises NotYours, NotFound, Incomplete; GuardUnmet where other
    documents are under way by now, or where nothing would change.
    """
    must_keep(organisation(connection), actor, proposed.campus_id)
    act = alone(connection, actor, now)
    act = Act(connection, act.organisation, act.organisation.anew(actor, today(now)), now)
    must_keep(act.organisation, act.actor, proposed.campus_id)
    found = effects(connection, proposed)
    if seen is not None and seen != found.seen:
        raise GuardUnmet(
            N_("Other documents are under way, or on another route, than those you looked at. Nothing was changed."),
            N_("Look at what would change, and decide again."),
        )
    changed = [_write(act, code, proposed.campus_id, way) for code, way in proposed.ways.items()]
    if not any(changed):
        raise GuardUnmet(N_("This is how it is already."), N_("Change the route, or leave it as it is."))
    organisation_changed(connection)
    return _reroute(act, found, reason) if under_way else 0


def _reroute(act: Act, found: Effects, reason: str) -> int:
    """Through the one write path, each of them: its history says who let it take another route."""
    taken = 0
    for one in found.under_way:
        if one.changes and may_reroute(act.organisation, act.actor, one):
            name = "reroute" if one.then else "pass_on"
            move(act.connection, one.record_id, name, act.actor, {"reason": reason} if reason else {}, act.now)
            taken += 1
    return taken


def _write(act: Act, code: str, campus_id: UUID | None, way: Way | None) -> bool:
    """Set the route of a type, or let the campus's own go; False where that is how it is."""
    route = t.route.c
    is_it = (route.type_code == code, route.campus_id == campus_id if campus_id else route.campus_id.is_(None))
    there = act.connection.execute(sa.select(route.id, route.facts).where(*is_it)).first()
    if way is None and campus_id is None:
        raise NotFound  # what holds where nothing else is said stays
    after = way.facts if way else None
    if (there.facts if there else None) == after:
        return False
    about = {"type": code, "campus": str(campus_id) if campus_id else None}
    told = {**about, "before": there.facts if there else None, "after": after}
    if there is None:
        row_id = new_id()
        row = {"id": row_id, "type_code": code, "campus_id": campus_id, "facts": after}
        act.connection.execute(sa.insert(t.route), row)
        tell(act, "route.set", row_id, told)
    elif after is None:
        act.connection.execute(sa.delete(t.route).where(route.id == there.id))
        tell(act, "route.removed", there.id, told)
    else:
        act.connection.execute(sa.update(t.route).where(route.id == there.id).values(facts=after))
        tell(act, "route.set", there.id, told)
    return True
