"""What lifecycles declare has somewhere to be kept: whoever adds one learns here which column is missing."""

import pytest
import sqlalchemy as sa

from models import tables as t
from service.subject import typed_table
from states.lifecycle import Lifecycle, Move, Part
from states.registry import lifecycles
from states.roles import POSTS, Role

ALL = list(lifecycles().values())
EACH = pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
EACH_MOVE = pytest.mark.parametrize(
    ("one", "move"),
    [pytest.param(one, move, id=f"{one.name}-{move.name}") for one in ALL for move in one.moves.values()],
)
EACH_PART = pytest.mark.parametrize(
    ("one", "part"),
    [pytest.param(one, part, id=f"{one.name}-{part.name}") for one in ALL for part in one.parts.values()],
)
# What an opening says that no typed column keeps under its name: `service.opening` puts it elsewhere.
ELSEWHERE = {"title", "confidential", "owner_post", "unit", "process", "document"}


def columns(one: Lifecycle) -> set[str]:
    """What a record of the lifecycle keeps."""
    return {*t.record.c.keys(), *typed_table(one.name).c.keys()} - {"record_id"}


def of_part(name: str) -> sa.Table:
    return t.record.metadata.tables[name]


class TestARecordKeeps:
    @EACH
    def test_all_that_its_opening_says(self, one: Lifecycle) -> None:
        kept = columns(one)
        assert [field.name for field in one.opens if not {field.name, f"{field.name}_id"} & (kept | ELSEWHERE)] == []

    @EACH_MOVE
    def test_all_that_its_moves_set(self, one: Lifecycle, move: Move) -> None:
        assert set(move.sets) <= columns(one)

    @EACH
    def test_the_days_on_which_its_steps_are_due_or_wake(self, one: Lifecycle) -> None:
        for step in one.steps.values():
            asked = {step.deadline.on if step.deadline else "", step.wake.on if step.wake else ""} - {""}
            assert asked <= columns(one), step.name

    @EACH
    def test_what_its_signatures_are_bound_to(self, one: Lifecycle) -> None:
        assert set(one.signs_over) <= columns(one)

    @EACH
    def test_who_plays_its_parts(self, one: Lifecycle) -> None:
        kept = typed_table(one.name).c
        for role, names in one.played_by.items():
            assert role not in {Role.OWNER, Role.AUTHOR}
            # Who reads by an office reads everywhere: a record may only say which post has that part in its moves.
            assert role not in POSTS or all(name.endswith("_post_id") for name in names)
            for name in names:
                keys = {key.column.table.name for key in kept[name].foreign_keys}
                assert isinstance(kept[name].type, sa.JSON) or keys == {"post" if "post" in name else "person"}

    @EACH
    def test_the_first_of_each_date_that_it_keeps_twice(self, one: Lifecycle) -> None:
        for name in columns(one):
            assert not name.startswith("original_") or name.removeprefix("original_") in columns(one)


class TestAPartKeeps:
    @EACH_PART
    def test_its_number_whose_it_is_and_when_it_was_removed(self, one: Lifecycle, part: Part) -> None:
        table = of_part(part.name)
        assert [column.name for column in table.primary_key] == ["record_id", "no"]
        assert "removed_at" in table.c

    @EACH_PART
    def test_all_that_is_said_of_it_and_nothing_that_is_not(self, one: Lifecycle, part: Part) -> None:
        table = of_part(part.name)
        said = {field.name if field.name in table.c else f"{field.name}_id": field for field in part.fields}
        marks = {name for move in one.moves.values() if move.part == part.name for name in move.marks}
        about = {each.about for move in one.moves.values() for each in move.each if each.part == part.name} - {""}
        assert {column.name for column in table.c} - {"record_id", "no", "removed_at"} == {*said, *marks, *about}
        for name, field in said.items():
            assert field.required or table.c[name].nullable, name

    def test_is_of_the_same_shape_wherever_it_is_declared(self) -> None:
        shapes: dict[str, set[Part]] = {}
        for one in ALL:
            for part in one.parts.values():
                shapes.setdefault(part.name, set()).add(part)
        assert all(len(found) == 1 for found in shapes.values())
