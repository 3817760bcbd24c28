"""Random people make random moves on random days: whatever they do, these things hold.

After each move: no open record is without its task, no task without somebody who has it; no rung is told twice or left
out; original dates stay; a nonconformity that is closed has no open action; a refusal has written nothing; and more of
it in `holding`, `together` and `climbing`. At the end every declared move has been made from every step it starts in.
"""

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from models.database import Database
from states.registry import lifecycles
from tests.properties.steering import declared
from tests.properties.story import AnyStory
from tests.support.databases import HOW, PostgresTemplate, SqliteTemplate
from tests.support.missing import missing

# So many stories with other chances each time, to hunt for what those of every day do not meet.
MORE: Final = "SAPAT_TEST_STORIES"
STORIES: Final = {"sqlite": 8, "postgres": 2}
# What must have happened besides, somewhere, or chance has shown nothing.
MEANWHILE: Final = (
    *("away", "back", "left", "held", "council", "policy", "no_policy", "replan"),
    *("reminded", "escalated", "told two parts at once", "told on the page"),
    *("told what was missed", "reminded past the last rung"),
)


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_whatever_people_do_these_things_hold(
    where: str, sqlite_template: SqliteTemplate, postgres_template: PostgresTemplate | None
) -> None:
    template = sqlite_template if where == "sqlite" else postgres_template
    if template is None:
        missing("PostgreSQL", HOW)

    def open_database() -> tuple[Database, Callable[[], object]]:
        context = template.copy()
        return context.__enter__(), partial(context.__exit__, None, None, None)

    more = os.environ.get(MORE)
    AnyStory.open_database = staticmethod(open_database)
    AnyStory.done = Counter()
    run_state_machine_as_test(
        AnyStory,
        settings=settings(
            max_examples=int(more) if more else STORIES[where],
            stateful_step_count=100,
            deadline=None,
            derandomize=not more,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    _is_deep(AnyStory.done, every_way=where == "sqlite")


def _is_deep(done: Counter[tuple[str, ...]], *, every_way: bool) -> None:
    """All that is declared was done: every move, and with `every_way` from each step to each that it leads to."""
    happened = {what for what, times in done.items() if times}
    for one in lifecycles().values():
        ways = set(declared(one))
        moves = {way[:2] for way in ways}
        steps = {way[-1] for way in happened if way[0] == one.name and len(way) == 4}
        assert one.steps.keys() == steps, one.steps.keys() - steps
        assert moves <= {way[:2] for way in happened}, moves - {way[:2] for way in happened}
        assert not every_way or ways <= happened, sorted(ways - happened)
    if every_way:
        assert {(what,) for what in MEANWHILE} <= happened, happened
