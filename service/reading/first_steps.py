"""What a new system still lacks before the first document can go its way, for those who set it up."""

from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.accounts.demonstration import COUNTER
from service.organisation import Actor, Organisation, organisation
from states.roles import Role
from states.text import N_

WHO: Final = (Role.ADMINISTRATOR, Role.QUALITY_SPECIALIST)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be entered, where, by whom; `hint` says what for, `opens` whether whoever asks may open the page."""

    name: str
    label: str
    hint: str
    href: str
    role: Role
    done: bool = False
    needed: bool = True
    opens: bool = False


ADMINISTRATOR, SPECIALIST = WHO
STEPS: Final = (
    Step(
        "units",
        N_("Units and posts"),
        N_("The tree of the university, and who heads what."),
        "/organisation",
        ADMINISTRATOR,
    ),
    Step(
        "people",
        N_("People and the posts they hold"),
        N_("Among them the rector and a quality specialist."),
        "/organisation/people",
        ADMINISTRATOR,
    ),
    Step(
        "accounts",
        N_("Accounts"),
        N_("Each person sets a password by a link of their own."),
        "/accounts",
        ADMINISTRATOR,
    ),
    Step(
        "councils",
        N_("Councils"),
        N_("With their secretaries: they record what a council decides."),
        "/organisation/bodies/new",
        ADMINISTRATOR,
    ),
    Step("processes", N_("Processes"), N_("Each with the post that answers for it."), "/processes", SPECIALIST),
    Step(
        "types", N_("Types of documents"), N_("The abbreviations by which codes begin."), "/document-types", SPECIALIST
    ),
    Step(
        "routes",
        N_("Routes of documents"),
        N_("Which councils each type takes, and who approves it."),
        "/routes",
        SPECIALIST,
    ),
    Step(
        "deadlines",
        N_("Deadlines and reminders"),
        N_("They hold as they come until you say otherwise."),
        "/policies",
        SPECIALIST,
        needed=False,
    ),
    Step("documents", N_("The register of documents"), N_("From a table, or one by one."), "/documents", SPECIALIST),
)


FOR_BOTH: Final = frozenset({"units", "people", "processes", "types", "documents"})


def first_steps(connection: sa.Connection, actor: Actor) -> list[Step]:
    """All steps with those that are done; nothing once all that are needed are, or for whoever does not set it up."""
    snapshot = organisation(connection)
    # What has been entered once stays: nobody asks again until the organisation changes.
    if snapshot.kept.get(_COMPLETE) or not any(snapshot.plays(actor, role) for role in WHO):
        return []
    posts = [post for post in snapshot.posts.values() if not post.closed_on]
    done = {
        "units": len(snapshot.units) > 1 and len(posts) > 1,
        "people": len(snapshot.people) > 1 and {post.role for post in posts} >= {Role.RECTOR, Role.QUALITY_SPECIALIST},
        "councils": bool(snapshot.bodies),
        "routes": _routed(connection, snapshot),
        **connection.execute(_THERE).mappings().one(),
    }
    plays = {role for role in WHO if snapshot.plays(actor, role)}
    steps = [
        replace(step, done=bool(done[step.name]), opens=step.name in FOR_BOTH or step.role in plays) for step in STEPS
    ]
    if all(step.done for step in steps if step.needed):
        snapshot.kept[_COMPLETE] = True
        return []
    return steps


def _routed(connection: sa.Connection, snapshot: Organisation) -> bool:
    """Whether each type of the university's list has a route, and all councils of it are there."""
    kind, route = t.document_type.c, t.route.c
    ways = t.document_type.outerjoin(t.route, (route.type_code == kind.code) & route.campus_id.is_(None))
    facts = list(connection.execute(sa.select(route.facts).select_from(ways).where(kind.in_legend)).scalars())
    return bool(facts) and all(one and snapshot.bodies.keys() >= set(one["bodies"]) for one in facts)


def _any(table: sa.Table, *those: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists(sa.select(sa.literal(1)).select_from(table).where(*those))


_COMPLETE: Final = "first steps are done"
# Whoever set the system up has an account; where the demonstration is played nobody needs one.
_ACCOUNTS: Final = sa.select(sa.func.count()).select_from(t.account).scalar_subquery()
_THERE: Final = sa.select(
    sa.or_(_ACCOUNTS > 1, _any(t.identity), _any(t.counter, t.counter.c.name == COUNTER)).label("accounts"),
    _any(t.process).label("processes"),
    _any(t.document_type).label("types"),
    _any(t.policy).label("deadlines"),
    _any(t.document).label("documents"),
)
