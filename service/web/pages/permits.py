"""Who is offered to open a record: the form decides by what is filled in, so it is shown to more than may send it."""

from service.organisation import Organisation
from service.subject import Subject, all_roles
from service.web.site import Visitor
from states.lifecycle import Lifecycle
from states.roles import POSTS, Role


def may_open(one: Lifecycle, who: Visitor, snapshot: Organisation, parent: Subject | None) -> bool:
    """Whether the form is this person's: an owner shows only by what is filled in, so any post may be one."""
    roles = _roles(one, who, snapshot) | (all_roles(who.actor, parent.fields, snapshot) if parent else frozenset())
    return not roles.isdisjoint(one.opened_by) or (
        Role.OWNER in one.opened_by and parent is None and bool(who.actor.all_posts)
    )


def is_offered(one: Lifecycle, who: Visitor, snapshot: Organisation) -> bool:
    """Whether a list offers to open one: not where only the owner of something yet to be named may do it."""
    names_owner = any(field.kind in ("post", "process") for field in one.opens)
    return not _roles(one, who, snapshot).isdisjoint(one.opened_by) or (
        names_owner and may_open(one, who, snapshot, None)
    )


def _roles(one: Lifecycle, who: Visitor, snapshot: Organisation) -> frozenset[Role]:
    held = {role for role in POSTS if snapshot.plays(who.actor, role)}
    names_body = any(field.kind == "body" for field in one.opens)
    if names_body and any(body.secretary_post_id in who.actor.all_posts for body in snapshot.bodies.values()):
        held.add(Role.SECRETARY)  # of which body, is said in the form
    return frozenset({Role.ANYONE, *held})
