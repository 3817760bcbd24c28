"""Chains of causes, whatever somebody has entered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pictures.causes import Placed, by_bone, placed
from service.pictures.figure import CauseMark
from tests.pictures.samples import causes, many_causes


def chain(*links: tuple[int, int | None], bone: str = "") -> list[CauseMark]:
    return [CauseMark(no, f"cause {no}", because_of, bone, "nothing") for no, because_of in links]


def outline(found: tuple[Placed, ...] | list[Placed]) -> list[tuple[int, int]]:
    return [(one.mark.no, one.depth) for one in found]


class TestAChain:
    def test_follows_each_cause_with_what_lies_deeper(self) -> None:
        found = placed(chain((1, None), (2, None), (3, 1), (4, 3), (5, 1), (6, 2)))
        assert outline(found) == [(1, 0), (3, 1), (4, 2), (5, 1), (2, 0), (6, 1)]
        assert [one.parent for one in found] == [None, 0, 1, 0, None, 4]
        assert [one.mark.no for one in found if one.is_root] == [4, 5, 6]

    def test_may_be_written_down_in_any_order(self) -> None:
        assert outline(placed(chain((3, 2), (2, 1), (1, None)))) == [(1, 0), (2, 1), (3, 2)]

    @pytest.mark.parametrize(
        ("links", "expected"),
        [
            ([(1, 9)], [(1, 0)]),
            ([(1, 1)], [(1, 0)]),
            ([(1, 2), (2, 1)], [(1, 0), (2, 0)]),
            ([(1, 2), (2, 3), (3, 1), (4, 2)], [(1, 0), (2, 0), (4, 1), (3, 0)]),
            ([(1, None), (1, 1), (2, 1)], [(1, 0), (1, 1), (2, 1)]),
        ],
    )
    def test_that_is_broken_or_goes_round_begins_at_the_top(
        self, links: list[tuple[int, int | None]], expected: list[tuple[int, int]]
    ) -> None:
        assert outline(placed(chain(*links))) == expected

    def test_may_be_longer_than_anybody_asks(self) -> None:
        found = placed(chain((0, None), *((no, no - 1) for no in range(1, 3_000))))
        assert found[-1].depth == 2_999

    @given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=20))
    def test_loses_no_cause_and_shows_none_twice(self, links: list[tuple[int, int | None]]) -> None:
        marks = chain(*links)
        found = placed(marks)
        assert sorted(map(id, marks)) == sorted(id(one.mark) for one in found)
        for number, one in enumerate(found):
            if one.parent is None:
                assert one.depth == 0
            else:
                assert one.parent < number
                assert found[one.parent].depth == one.depth - 1
                assert found[one.parent].mark.no == one.mark.because_of


class TestBones:
    def test_come_as_entered_and_those_without_a_category_last(self) -> None:
        marks = [*chain((1, None), bone=" "), *chain((2, None), bone="B"), *chain((3, None), bone="A")]
        assert [name for name, _ in by_bone(marks)] == ["B", "A", ""]

    def test_keep_a_deeper_cause_with_the_one_it_answers(self) -> None:
        marks = [
            *chain((1, None), bone="A"),
            *chain((2, None), bone="B"),
            *chain((3, 1), bone="B"),
            *chain((4, None), bone="A"),
            *chain((5, 4), bone="C"),
        ]
        bones = dict(by_bone(marks))
        assert {name: outline(found) for name, found in bones.items()} == {
            "A": [(1, 0), (3, 1), (4, 0), (5, 1)],
            "B": [(2, 0)],
        }
        assert [one.parent for one in bones["A"]] == [None, 0, None, 2]

    def test_hold_all_causes(self) -> None:
        for marks in (causes(), many_causes()):
            assert sum(len(found) for _, found in by_bone(marks)) == len(marks)
