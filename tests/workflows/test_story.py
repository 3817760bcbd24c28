"""The story once more, through real flow runs of a real Prefect: every mail arrives exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from prefect.client.schemas.objects import State

from service import daily, outbox, sweep
from tests.story.telling import EXPECTED, Story, assert_arrived
from tests.support.post import Post, post_of
from tests.support.university import University
from tests.workflows.conftest import Running
from workflows import chores as registry
from workflows.chores import Chores
from workflows.daily import daily as daily_flow
from workflows.deliver import deliver as deliver_flow
from workflows.sweep import sweep as sweep_flow

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore:Type object:DeprecationWarning")]  # Prefect's own


@pytest.fixture
def post(university: University, tmp_path: Path) -> Iterator[Post]:
    with post_of(university.database, tmp_path) as opened:
        yield opened


@pytest.fixture
def flows(running: Running, university: University, post: Post) -> Iterator[None]:
    """The flows of this process run the real use-cases, where they are asked for a moment of the story."""
    fakes = registry.in_use()

    async def deliver(now: datetime) -> Mapping[str, int]:
        return await outbox.deliver(post.office, now) if now.year < 2019 else await fakes.deliver(now)

    registry.use(
        Chores(
            deliver=deliver,
            sweep=lambda now: sweep.sweep(university.database, now) if now.year < 2019 else fakes.sweep(now),
            daily=lambda now: daily.daily(university.database, now) if now.year < 2019 else fakes.daily(now),
            clock=fakes.clock,
        )
    )
    yield
    registry.use(fakes)


class TestTheStoryThroughPrefect:
    @pytest.mark.usefixtures("flows")
    def test_causes_every_mail_once(self, university: University, post: Post, running: Running) -> None:
        states: list[State] = []
        story = Story(university)

        async def flow_runs(now: datetime) -> None:
            for flow, chore in ((daily_flow, daily), (sweep_flow, sweep), (deliver_flow, outbox)):
                with university.database.read() as connection:
                    due = chore.is_due(connection, now)
                if due:
                    states.append(await flow(at=now, return_state=True))

        with asyncio.Runner() as loop:
            story.tell(lambda now: loop.run(flow_runs(now)))
        assert_arrived(post, EXPECTED)
        story.assert_ended_well()
        assert all(state.is_completed() for state in states)
        seen = {(run["name"], run["state"]["type"]) for run in running.runs("sweep", "COMPLETED")}
        assert ("sweep 2017-10-27 09:00", "COMPLETED") in seen
