"""Pages that stand beside the list of a lifecycle's records, or beside one: nobody would look for them elsewhere."""

from typing import Final, NamedTuple

from service.organisation import Organisation
from service.web.pages.prints_gathered import prints_of
from service.web.site import Visitor
from states.registry import lifecycle
from states.roles import Role
from states.text import N_


class Beside(NamedTuple):
    """A page by its address and what it is called; of a role where only that may open it, in these steps if named."""

    href: str
    label: str
    role: Role | None = None
    steps: frozenset[str] = frozenset()


_DISTRIBUTION: Final = Beside("/distribution", N_("Whom documents concern"), Role.QUALITY_SPECIALIST)
BESIDE: Final = {
    "acknowledgement": (_DISTRIBUTION,),
    "audit": (Beside("/audits/programme", N_("The year's programme")),),
    "document": (
        Beside("/document-types", N_("Types of documents"), Role.QUALITY_SPECIALIST),
        Beside("/documents/import", N_("Bring in from a table"), Role.QUALITY_SPECIALIST),
        Beside("/controlled", N_("Controlled files that are not made"), Role.QUALITY_SPECIALIST),
        _DISTRIBUTION,
        Beside("/printed-copies", N_("Printed copies"), Role.QUALITY_SPECIALIST),
    ),
    "nonconformity": (Beside("/nonconformities/import", N_("Bring in a list"), Role.QUALITY_SPECIALIST),),
    "sitting": (Beside("/sittings/desk", N_("What waits for the councils")),),
}

_CAME_INTO_FORCE: Final = frozenset({"effective", "periodic_review", "withdrawal_proposed", "superseded", "withdrawn"})
# Of one record: its address goes before theirs.
BESIDE_ONE: Final = {
    "audit": (Beside("day", N_("The day of the audit")), Beside("report", N_("The report"))),
    "document": (
        Beside("controlled", N_("The controlled file"), steps=_CAME_INTO_FORCE),
        Beside("differences", N_("Differences")),
        Beside("review", N_("What has changed since"), steps=_CAME_INTO_FORCE),
        Beside("readings", N_("Who has read it"), steps=_CAME_INTO_FORCE),
    ),
    "sitting": (Beside("day", N_("The sitting itself")),),
}


def beside(name: str, who: Visitor, snapshot: Organisation) -> list[Beside]:
    """Those beside the list of that lifecycle, for whoever asks."""
    return [one for one in BESIDE.get(name, ()) if one.role is None or snapshot.plays(who.actor, one.role)]


def beside_one(name: str, state: str) -> tuple[Beside, ...]:
    """Those beside a record of that lifecycle in that step, for whoever may read it; its prints, where it has any."""
    prints = (Beside("prints", N_("Print")),) if prints_of(lifecycle(name)) else ()
    return (*(one for one in BESIDE_ONE.get(name, ()) if not one.steps or state in one.steps), *prints)
