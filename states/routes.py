"""The way a type of document takes: its bodies in their order, what each of them does, and who puts it in force.

TalSU's manual was endorsed by the Academic Council and approved by the rector on the same day; at NSU the council
approved and the rector's order put it in force two weeks later. So the meaning of each stage is data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from states.text import Text


class Does(StrEnum):
    """What a body does with a document on its way."""

    DISCUSSES = "discusses"
    ENDORSES = "endorses"
    APPROVES = "approves"

    @property
    def label(self) -> Text:
        """What it does, as routes say."""
        return _LABELS[self]

    @property
    def done(self) -> Text:
        """What it has done, as title pages say."""
        return _DONE[self]


_LABELS = {
    Does.DISCUSSES: Text("талкуулайт", "обсуждает", "discusses"),
    Does.ENDORSES: Text("жактырат", "одобряет", "endorses"),
    Does.APPROVES: Text("бекитет", "утверждает", "approves"),
}
_DONE = {
    Does.DISCUSSES: Text("талкууланган", "обсуждено", "discussed"),
    Does.ENDORSES: Text("каралып, жактырылган", "рассмотрено и одобрено", "considered and endorsed"),
    Does.APPROVES: Text("каралып, бекитилген", "рассмотрено и утверждено", "considered and approved"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One body of a route, by its code, and what it does."""

    body: str
    does: Does


@dataclass(frozen=True, slots=True)
class Way:
    """A whole route: its stages, who approves at its end, and whether that takes a numbered order.

    `approver` is a post (hex), empty for the rector.
    """

    stages: tuple[Stage, ...]
    approver: str = ""
    by_order: bool = True

    @property
    def facts(self) -> dict[str, Any]:
        """The route as it is kept."""
        return {
            "bodies": [stage.body for stage in self.stages],
            "meanings": [stage.does.value for stage in self.stages],
            "approver_post_id": self.approver or None,
            "by_order": self.by_order,
        }


def way_from(facts: Mapping[str, Any]) -> Way:
    """A route as it was kept. Raises KeyError, ValueError for what is none."""
    stages = tuple(Stage(body, Does(does)) for body, does in zip(facts["bodies"], facts["meanings"], strict=True))
    return Way(stages, facts["approver_post_id"] or "", facts["by_order"])


def usual(bodies: tuple[str, ...]) -> Way:
    """The route where nothing else is said: the last body approves, those before it endorse, the rector orders."""
    last = len(bodies) - 1
    return Way(tuple(Stage(one, Does.APPROVES if at == last else Does.ENDORSES) for at, one in enumerate(bodies)))


def going_on(fields: Mapping[str, Any], takes: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the route that a revision under way has once it takes another: what bodies did stays done.

    Then come those of the new route (`takes`, as `states.routes` keeps it) that have not seen it yet: nobody is asked
    twice.
    """
    bodies, position = list(fields["route"]), int(fields["position"])
    meant = list(fields["meanings"] or usual(tuple(bodies)).facts["meanings"])
    done = bodies[:position]
    stages = zip(takes["bodies"], takes["meanings"], strict=True)
    left = [(body, does) for body, does in stages if body not in done]
    return {
        "bodies": [*done, *(body for body, _ in left)],
        "meanings": [*meant[:position], *(does for _, does in left)],
        "approver_post_id": takes["approver_post_id"],
        "by_order": takes["by_order"],
    }
