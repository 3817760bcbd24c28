"""What the board is asked for, in its address; and the names of what it is counted by."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from service.language import say
from service.organisation import Organisation, organisation
from service.reading.late import AGE, AGES, HOLDER, KIND, NONE, PROCESS, UNIT, Wanted
from service.web.pages.addresses import identifier
from service.web.pages.wording import heading
from states.kyrgyz import sort_key
from states.refusals import Malformed
from states.registry import lifecycle, lifecycles
from states.text import N_

# What stands in an address for what belongs to no unit, or to no process.
NOTHING: Final = "none"


def wanted_of(asked: Mapping[str, str], *, soon: bool = False) -> Wanted:
    """What an address asks for. Raises Malformed for what is no kind, no identifier and no age."""
    kind, age = asked.get(KIND), asked.get(AGE)
    if (kind and kind not in lifecycles()) or (age and age not in map(str, range(len(AGES) + 1))):
        raise Malformed
    return Wanted(
        kind=kind,
        unit=_identifier(asked.get(UNIT)),
        process=_identifier(asked.get(PROCESS)),
        holder=identifier(asked.get(HOLDER)),
        age=int(age) if age and not soon else None,
        soon=soon,
    )


def _identifier(text: str | None) -> UUID | None:
    return NONE if text == NOTHING else identifier(text)


@dataclass(frozen=True, slots=True)
class Names:
    """What the board is counted by, by name; `processes` by identifier."""

    snapshot: Organisation
    language: str
    processes: Mapping[UUID, str]

    def name(self, dimension: str, key: Hashable) -> str:
        """What to call one of them."""
        known: Any = key
        if dimension == KIND:
            return heading(lifecycle(known).plural, self.language)
        if dimension == AGE:
            return age_name(known, self.language)
        if known == NONE:
            return say(_NO_UNIT if dimension == UNIT else _NO_PROCESS, self.language)
        if dimension == PROCESS:
            return self.processes.get(known, "")
        among: Mapping[UUID, Any] = self.snapshot.units
        if dimension == HOLDER:
            among = self.snapshot.posts if known in self.snapshot.posts else self.snapshot.people
        return heading(among[known].name, self.language)

    @staticmethod
    def value(dimension: str, key: Hashable) -> str:
        """How an address asks for it."""
        return NOTHING if dimension in (UNIT, PROCESS) and key == NONE else str(key)

    def choices(self, dimension: str, keys: Iterable[Hashable]) -> list[dict[str, str]]:
        """What a filter offers: what there is, by name; ages from the youngest on."""
        shown = [{"value": self.value(dimension, key), "label": self.name(dimension, key)} for key in keys]
        if dimension == AGE:
            return sorted(shown, key=lambda one: one["value"])
        return sorted(shown, key=lambda one: sort_key(one["label"]))


def names_of(connection: sa.Connection, language: str) -> Names:
    """The names as the transaction sees them."""
    rows = _PROCESSES.every(connection, {})
    return Names(organisation(connection), language, {one: f"{code} {name}" for one, code, name in rows})


def age_name(age: int, language: str) -> str:
    """How long tasks of that age are late."""
    if age == len(AGES):
        return say(_MORE_THAN, language, {"days": AGES[-1]})
    return say(_BETWEEN, language, {"least": (0, *AGES)[age] + 1, "most": AGES[age]})


_PROCESSES: Final = Prepared(sa.select(t.process.c.id, t.process.c.code, t.process.c.name))
_NO_UNIT, _NO_PROCESS = N_("Without a unit"), N_("Without a process")
_BETWEEN, _MORE_THAN = N_("%(least)s–%(most)s working days"), N_("more than %(days)s working days")
