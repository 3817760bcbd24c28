"""The form of a policy, between what stands in its rows and what is given for a version."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from service.organisation import Organisation
from service.policies.keeping import COUNTS, LADDER
from service.policies.scope import Scope, read_scope
from service.web.site import Visitor
from states.lifecycle import Channel, Choice, Ladder
from states.policies import MOST_RUNGS, TOLD, Policy, deadline_of, ladder_facts, ladder_of
from states.roles import Role
from states.text import Text
from states.working_days import today

Typed = Mapping[str, str]
SPARE: Final = 2  # empty rows that are always there
ANY: Final = Choice("any", Text("каалаганы", "любая", "any"))
SCOPED: Final = ("lifecycle", "step", "severity", "campus")
_STAYS: Final = ("severity", "campus", "effective_from", "reason")


def scope_of(snapshot: Organisation, connection: sa.Connection, asks: Typed) -> Scope:
    """The scope that the form names. Raises Incomplete."""
    plain = {name: asks.get(name, "") for name in SCOPED}
    return read_scope(snapshot, connection, {name: "" if said == ANY.value else said for name, said in plain.items()})


def given_by(snapshot: Organisation, connection: sa.Connection, typed: Typed) -> dict[str, Any]:
    """What was typed as `make_policy` takes it: what is as declared is not said. Raises Incomplete."""
    scope = scope_of(snapshot, connection, typed)
    given: dict[str, Any] = {
        name: typed.get(name, "") for name in (*SCOPED, "effective_from", "reason") if typed.get(name) != ANY.value
    }
    step, declared = scope.step, deadline_of(scope.step, None)
    if not declared.on:
        given |= {"days": typed.get("days") or "0", "count": typed.get("count", "")}
        if (given["days"].strip(), given["count"]) == (str(declared.days), _count(declared.working)):
            del given["days"], given["count"]
    ladder = _ladder(typed)
    if step.ladder and ladder != _facts(step.ladder):
        given[LADDER] = ladder
    return given


def _ladder(typed: Typed) -> dict[str, Any]:
    """The rows as a ladder is given; what is no number stays as it was typed, and is refused."""
    before = [
        {"days": _negative(_number(days)), "to": [Role.HOLDER.value], "channel": _channel(typed, f"before_{n}_page")}
        for n in range(1, MOST_RUNGS + 1)
        if (days := typed.get(f"before_{n}_days", "").strip())
    ]
    after = []
    for n in range(1, MOST_RUNGS + 1):
        days = typed.get(f"after_{n}_days", "").strip()
        to = [part.value for part in TOLD if typed.get(f"after_{n}_to_{part.value}")]
        if days or to:
            after.append({"days": _number(days), "to": to, "channel": _channel(typed, f"after_{n}_page")})
    again = {"days": _number(typed.get("again_days", "").strip()), "channel": _channel(typed, "again_page")}
    rungs = [*before, *after]
    return {"rungs": sorted(rungs, key=lambda rung: _place(rung["days"])), "again": again}


def _channel(typed: Typed, name: str) -> str:
    return (Channel.PAGE if typed.get(name) else Channel.MAIL).value


def _ticked(name: str, channel: Channel) -> dict[str, str]:
    return {name: "yes"} if channel is Channel.PAGE else {}


def _number(typed: str) -> int | str:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else typed


def _negative(days: int | str) -> int | str:
    return -days if isinstance(days, int) else days


def _place(days: Any) -> int:
    return days if isinstance(days, int) else 0


def _count(working: bool) -> str:
    return COUNTS[0 if working else 1].value


def _facts(ladder: Ladder) -> dict[str, Any]:
    """A ladder as the rows of the form give it."""
    facts = ladder_facts(ladder)
    return {"rungs": facts["rungs"], "again": {name: value for name, value in facts["again"].items() if name != "to"}}


def values_of(
    snapshot: Organisation, scope: Scope, typed: Typed | None, who: Visitor, *, declared: bool
) -> dict[str, str]:
    """What the form holds: what was typed, else what holds today; days and ladder as declared, where that is wanted."""
    if typed is not None and not declared:
        return dict(typed)
    policy = None if declared else _holds(snapshot, scope, who)
    deadline, ladder = deadline_of(scope.step, policy), ladder_of(scope.step, policy)
    values = {
        "severity": scope.severity or ANY.value,
        "campus": snapshot.units[scope.campus_id].code if scope.campus_id else "",
        "effective_from": today(who.now).isoformat(),
        **{name: typed[name] for name in _STAYS if typed and name in typed},
        "days": str(deadline.days),
        "count": _count(deadline.working),
        "again_days": str(ladder.again.days),
        **_ticked("again_page", ladder.again.channel),
    }
    before = [rung for rung in ladder.rungs if rung.days <= 0]
    for n, rung in enumerate(before, start=1):
        values |= {f"before_{n}_days": str(-rung.days), **_ticked(f"before_{n}_page", rung.channel)}
    for n, rung in enumerate(ladder.rungs[len(before) :], start=1):
        values |= {f"after_{n}_days": str(rung.days), **_ticked(f"after_{n}_page", rung.channel)}
        values |= {f"after_{n}_to_{part.value}": "yes" for part in rung.to}
    return values


def _holds(snapshot: Organisation, scope: Scope, who: Visitor) -> Policy | None:
    fields = {"severity": scope.severity or None, "campus_id": scope.campus_id}
    return snapshot.policy(scope.lifecycle.name, scope.step.name, fields, today(who.now))


def rows_of(values: Typed, more: int) -> dict[str, Any]:
    """The rows of the ladder's table: those that are filled, some empty ones, and more of them where that is wanted."""
    before, after = (_numbers(values, which, more) for which in ("before", "after"))
    return {
        "before": [
            {"n": n, "days": values.get(f"before_{n}_days", ""), "page": values.get(f"before_{n}_page", "")}
            for n in before
        ],
        "after": [
            {
                "n": n,
                "days": values.get(f"after_{n}_days", ""),
                "page": values.get(f"after_{n}_page", ""),
                "to": [part.value for part in TOLD if values.get(f"after_{n}_to_{part.value}")],
            }
            for n in after
        ],
        "again": {"days": values.get("again_days", ""), "page": values.get("again_page", "")},
    }


def _numbers(values: Typed, which: str, more: int) -> range:
    """The numbers of the rows: as many as the form had when it was sent, else those that are filled and some empty."""
    told = values.get(f"rows_{which}", "")
    had = int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0
    filled = [n for n in range(1, MOST_RUNGS + 1) if values.get(f"{which}_{n}_days")]
    return range(1, min(MOST_RUNGS, max(had, max(filled, default=0) + SPARE) + more) + 1)
