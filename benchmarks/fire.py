"""One move along a lifecycle (permission, guards, the way taken), without any database, against a dict lookup."""

from datetime import date

from benchmarks.figures import Figure, beside, interleaved, seconds
from states.lifecycle import Case
from states.registry import lifecycle
from states.roles import Role

MOVES, ROUNDS = 5_000, 7


def measure() -> dict[str, Figure]:
    """Moves per second."""
    one = lifecycle("document")
    fields = {"route": ["ouk", "ok"], "position": 0}
    given = {"decided_on": date(2026, 2, 27), "votes_for": 11, "votes_against": None}
    roles, day = frozenset({Role.ANYONE, Role.SECRETARY}), date(2026, 3, 2)
    table = {("council_review", "endorse"): "council_review"}

    def fire(_round: int) -> float:
        def work() -> None:
            for _ in range(MOVES):
                one.fire(Case("council_review", fields, day, roles, given), "endorse")

        return MOVES / seconds(work)

    def look_up(_round: int) -> float:
        def work() -> None:
            for _ in range(MOVES):
                Case(table["council_review", "endorse"], fields, day, roles, given)

        return MOVES / seconds(work)

    return {"lifecycle_fire": beside("moves/s", *interleaved(ROUNDS, [fire, look_up]))}
