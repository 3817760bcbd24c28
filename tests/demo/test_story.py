"""The demonstration is a living university, made through the one write path: complete, repeatable, believable."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.chain import entry_hash
from service.demo.organisation import load_organisation
from service.demo.story import first_start, play_story
from service.demo.tales import read_way
from states.lifecycle import Kind, Lifecycle, Tone
from states.nonconformity_fields import KINDS, SOURCES
from states.registry import lifecycle, lifecycles
from states.working_days import BISHKEK

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=BISHKEK)
Rows = list[Any]


@contextmanager
def told(folder: Path, now: datetime) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'demo.db'}")
    upgrade(database)
    first_start(database, now)
    yield database
    database.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with told(tmp_path_factory.mktemp("demo"), NOW) as database:
        yield database


def rows(database: Database, statement: sa.Select[Any]) -> Rows:
    with database.read() as connection:
        return list(connection.execute(statement))


def states(database: Database) -> Rows:
    found = rows(database, sa.select(t.record.c.kind, t.record.c.code, t.record.c.title, t.record.c.state))
    return sorted(map(tuple, found))


def _on_the_way(one: Lifecycle) -> list[str]:
    return [move.name for move in one.moves.values() if move.tone is not Tone.ASIDE]


class TestEverythingIsThere:
    def test_a_record_in_every_state_of_every_lifecycle(self, demo: Database) -> None:
        there = {(row.kind, row.state) for row in rows(demo, sa.select(t.record.c.kind, t.record.c.state))}
        assert there == {(one.name, step) for one in lifecycles().values() for step in one.steps}

    def test_every_move_of_the_way_has_been_made(self, demo: Database) -> None:
        history = t.history.join(t.record, t.record.c.id == t.history.c.record_id)
        made = {tuple(row) for row in rows(demo, sa.select(t.record.c.kind, t.history.c.move).select_from(history))}
        assert {(one.name, move) for one in lifecycles().values() for move in _on_the_way(one)} <= made

    def test_people_are_away_some_of_them_without_a_deputy(self, demo: Database) -> None:
        with_deputy = [
            row.deputy_id is not None for row in rows(demo, sa.select(t.absence).order_by(t.absence.c.since))
        ]
        assert with_deputy == [True, True, False]

    def test_a_revision_waits_for_each_body(self, demo: Database) -> None:
        review = sa.select(t.revision.c.route, t.revision.c.position).join(
            t.record, t.record.c.id == t.revision.c.record_id
        )
        waiting = {row.route[row.position] for row in rows(demo, review.where(t.record.c.state == "council_review"))}
        assert waiting == {row.code for row in rows(demo, sa.select(t.body.c.code))}

    def test_every_kind_and_source_of_nonconformity(self, demo: Database) -> None:
        pairs = {tuple(row) for row in rows(demo, sa.select(t.nonconformity.c.nc_kind, t.nonconformity.c.source))}
        assert pairs == {(kind.value, source.value) for kind in KINDS for source in SOURCES}

    def test_actions_on_time_and_late_extended_preventive_and_ineffective(self, demo: Database) -> None:
        actions = rows(demo, sa.select(t.corrective_action, t.record.c.state).join(t.record))
        assert {row.action_kind for row in actions} == {"corrective", "preventive"}
        assert any(row.extensions and row.due_on > row.original_due_on for row in actions)
        late = [row for row in actions if row.state == "in_progress" and row.due_on < NOW.date()]
        assert len(late) >= 2

    def test_ladders_have_been_climbed_to_the_rector(self, demo: Database) -> None:
        assert max(row.rung for row in rows(demo, sa.select(t.task.c.rung).where(t.task.c.closed_at.is_(None)))) >= 7

    def test_each_part_has_something_to_do(self, demo: Database) -> None:
        holders = sa.select(t.post.c.code, t.task.c.due_at).join(t.task, t.task.c.holder_post_id == t.post.c.id)
        tasks: dict[str, list[datetime]] = defaultdict(list)
        for code, due_at in rows(demo, holders.where(t.task.c.closed_at.is_(None))):
            tasks[code].append(due_at)
        for post in ("rector", "vice_rector", "quality_specialist", "academic_secretary", "secretary_ouk"):
            assert tasks[post], post
        for post in ("rector", "vice_rector", "quality_specialist"):
            assert any(due.astimezone(BISHKEK).date() == NOW.date() for due in tasks[post]), post
        assert len(tasks) >= 20


class TestHistoryIsReal:
    def test_each_record_has_its_whole_chain(self, demo: Database) -> None:
        chains: dict[Any, Rows] = defaultdict(list)
        for entry in rows(demo, sa.select(t.history).order_by(t.history.c.record_id, t.history.c.seq)):
            chains[entry.record_id].append(entry)
        for record in rows(demo, sa.select(t.record)):
            chain = chains[record.id]
            assert [entry.seq for entry in chain] == list(range(1, record.version + 1))
            assert chain[0].move in ("open", "import")
            assert chain[-1].to_state == record.state
            assert chain[-1].hash == record.head
            for before, after in pairwise(chain):
                assert (after.previous, after.from_state) == (before.hash, before.to_state)
                assert after.at >= before.at
            assert all(entry.hash == entry_hash(entry._mapping) for entry in chain)

    def test_nothing_is_told_of_the_future(self, demo: Database) -> None:
        for column in (t.history.c.at, t.notice.c.created_at, t.notice.c.sent_at, t.task.c.opened_at):
            assert all(row[0] is None or row[0] <= NOW for row in rows(demo, sa.select(sa.func.max(column))))

    def test_moves_were_made_by_people_who_may(self, demo: Database) -> None:
        by_people = rows(demo, sa.select(t.history.c.move).where(t.history.c.actor_id.is_not(None)))
        assert len(by_people) > 250

    def test_open_tasks_are_those_of_the_states(self, demo: Database) -> None:
        tasks = Counter(row[0] for row in rows(demo, sa.select(t.task.c.record_id).where(t.task.c.closed_at.is_(None))))
        for record in rows(demo, sa.select(t.record)):
            step = lifecycle(record.kind).steps[record.state]
            assert tasks[record.id] == (0 if step.kind is not Kind.WAITING else 2 if step.beside else 1)

    def test_the_mailbox_is_not_flooded(self, demo: Database) -> None:
        waiting = rows(demo, sa.select(t.notice.c.created_at).where(t.notice.c.sent_at.is_(None)))
        assert 40 <= len(waiting) <= 150


class TestAgain:
    def test_a_second_start_does_nothing(self, demo: Database) -> None:
        before = states(demo)
        assert first_start(demo, NOW) == []
        assert play_story(demo, NOW).rows == 0
        assert load_organisation(demo, NOW).taken == 0
        assert states(demo) == before

    def test_the_same_day_tells_the_same(self, demo: Database, tmp_path: Path) -> None:
        with told(tmp_path, NOW) as again:
            assert states(again) == states(demo)

    @pytest.mark.parametrize(
        "now",
        [
            datetime(2026, 1, 3, 10, tzinfo=BISHKEK),
            datetime(2026, 5, 9, 23, 50, tzinfo=BISHKEK),
            datetime(2027, 2, 13, 18, 2, tzinfo=UTC),
        ],
        ids=["new year", "a Saturday of holidays", "a Sunday just after midnight"],
    )
    def test_any_day_will_do(self, tmp_path: Path, now: datetime) -> None:
        with told(tmp_path, now) as database:
            there = {(row.kind, row.state) for row in rows(database, sa.select(t.record.c.kind, t.record.c.state))}
            assert there == {(one.name, step) for one in lifecycles().values() for step in one.steps}

    def test_on_both_databases(self, database: Database, demo: Database) -> None:
        reports = first_start(database, NOW)
        assert [report.what for report in reports] == [
            "organisation",
            "council members",
            "processes",
            "register",
            "routes",
            "story",
            "sittings",
            "absences",
            "legal_acts",
        ]
        assert states(database) == states(demo)


def test_a_way_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a stop"):
        read_way("open@5 submit")
