"""Trees: of causes, whatever they say hangs on what, and of the kinds that causes have."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.causes import causes_of
from service.reading.entries import Catalogue, EntryView
from service.reading.records import RecordView
from service.reading.trees import in_tree
from states.registry import lifecycle
from states.text import Text

WAYS = st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=12)


def rows(ways: list[int | None]) -> list[Mapping[str, Any]]:
    return [{"no": no, "because_of": above} for no, above in enumerate(ways, start=1)]


def kinds() -> Catalogue:
    """Two editions; in the newer one P holds P1, which holds P11."""
    made = [("2", "P", None, 0), ("2", "P1", "P", 1), ("2", "P11", "P1", 2), ("2", "M", None, 0), ("1", "P", None, 0)]
    return Catalogue(
        EntryView(edition, code, Text(code, code, code), up, depth, False) for edition, code, up, depth in made
    )


class TestATree:
    @given(WAYS)
    def test_has_each_once_below_what_it_hangs_on(self, ways: list[int | None]) -> None:
        """Also where some hang on what is gone, on themselves, or on each other in a ring."""
        found = in_tree(rows(ways), "because_of")
        assert sorted(row["no"] for row, _ in found) == list(range(1, len(ways) + 1))
        depths = {row["no"]: depth for row, depth in found}
        for row, depth in found:
            upper = row["because_of"]
            assert depth == 0 or depth == depths[upper] + 1

    def test_without_a_way_lies_flat(self) -> None:
        assert [depth for _, depth in in_tree(rows([2, 1]), "")] == [0, 0]


class TestACatalogue:
    def test_means_the_newest_edition_by_a_code_alone(self) -> None:
        found = kinds().find("P")
        assert found
        assert found.value == "2/P"
        assert kinds().find("1/P") != found

    @pytest.mark.parametrize(("value", "top"), [("2/P11", "2/P"), ("P1", "2/P"), ("1/P", "1/P")])
    def test_knows_the_top_of_each(self, value: str, top: str) -> None:
        found = kinds().top(value)
        assert found
        assert found.value == top

    @pytest.mark.parametrize("value", [None, "", "X", "3/P", "2/X"])
    def test_knows_nothing_of_what_it_does_not_have(self, value: str | None) -> None:
        assert kinds().find(value) is None
        assert kinds().top(value) is None


class TestTheBonesOfCauses:
    @pytest.mark.parametrize(
        ("causes", "bones"),
        [
            ([(None, "2/P11")], ["P"]),
            ([(None, "2/P1"), (1, None), (2, None)], ["P", "P", "P"]),
            ([(None, None), (1, None), (2, "2/M")], ["M", "M", "M"]),
            ([(None, "2/P1"), (1, "2/M")], ["P", "M"]),
            ([(None, None), (1, None)], ["", ""]),
            ([(None, "9/gone")], [""]),
        ],
        ids=["its own", "what it explains", "what explains it", "each its own", "none", "an edition that is gone"],
    )
    def test_are_their_own_else_those_of_the_cause_they_explain_else_of_one_that_explains_them(
        self, causes: list[tuple[int | None, str | None]], bones: list[str]
    ) -> None:
        made = [
            {"no": no, "because_of": above, "code": code, "text": "x", "no_action": None}
            for no, (above, code) in enumerate(causes, start=1)
        ]
        view = SimpleNamespace(
            parts={"cause": made},
            below=[],
            children=[],
            lifecycle=lifecycle("nonconformity"),
            subject=SimpleNamespace(state="action_planning"),
        )
        found = causes_of(cast("RecordView", view), kinds())
        assert [one.bone.code if one.bone else "" for one in found] == bones


class TestWhatBecomesOfACause:
    def test_is_told_by_the_actions_that_still_remove_it(self) -> None:
        states = ["cancelled", "ineffective", "planned"]
        made = [{"no": no, "because_of": None, "code": None, "text": "x", "no_action": None} for no in (1, 2, 3, 4)]
        made[3]["no_action"] = "Бир жолку иш"
        below = [{"id": no, "state": state, "causes": [no]} for no, state in enumerate(states, start=1)]
        view = SimpleNamespace(
            parts={"cause": made},
            below=below,
            children=[],
            lifecycle=lifecycle("nonconformity"),
            subject=SimpleNamespace(state="action_planning"),
        )
        found = causes_of(cast("RecordView", view), kinds())
        assert [one.answer for one in found] == ["nothing", "nothing", "action", "reason"]
        assert [one.blocks for one in found] == [True, True, False, False]
        assert [one.unseen for one in found] == [1, 1, 1, 0], "none of them may be read here"
