"""The fishbone and the tree of why: every cause, what became of it, and where it leads."""

import re
from collections.abc import Callable

import pytest

from service.pictures import NARROW, WIDE, Figure, as_table
from tests.pictures.samples import (
    BONES,
    PROBLEM,
    TEXT,
    causes,
    fishbone,
    many_causes,
    why_tree,
)
from tests.pictures.seen import BOTH, drawn, heard, links, marks, shown


@BOTH
@pytest.mark.parametrize("make", [fishbone, why_tree])
class TestCauses:
    def test_lead_to_each_cause(self, make: Callable[..., Figure], across: float) -> None:
        for found in (causes(), many_causes()):
            assert sorted(links(drawn(make(found), across))) == sorted(str(one.href) for one in found)

    def test_say_by_words_and_shape_what_became_of_a_root(self, make: Callable[..., Figure], across: float) -> None:
        root = drawn(make(), across)
        for mark in marks(root):
            number = re.match(r"\d+", heard(mark))
            if not number:
                assert heard(mark) == PROBLEM
                continue
            cause = causes()[int(number[0]) - 1]
            signs = [group for group in mark.iter("g") if "picture-answer" in str(group.get("class"))]
            assert len(signs) == (cause.answer != "deeper")
            expected = {"action": "An action removes it", "reason": "No action, with a reason"}
            said = heard(mark).rpartition(": ")[2]
            assert said == expected.get(cause.answer, said)
            if signs:
                assert said.split()[0] in " ".join(shown(mark)).split()

    def test_are_counted_for_the_ear(self, make: Callable[..., Figure], across: float) -> None:
        description = next(str(one.text) for one in drawn(make(), across) if one.tag == "desc")
        assert description == ("An action removes it: 3. No action, with a reason: 2. No action and no reason yet: 2.")

    def test_survive_sixty_of_them_with_texts_of_four_hundred_letters(
        self, make: Callable[..., Figure], across: float
    ) -> None:
        assert len(TEXT) > 390
        root = drawn(make(many_causes()), across)
        assert sum(TEXT in heard(mark) for mark in marks(root)) == 20
        assert len(marks(root)) == 61

    def test_are_named_where_there_are_none(self, make: Callable[..., Figure], across: float) -> None:
        assert "No causes have been written down yet." in " ".join(shown(drawn(make([]), across)))


class TestAFishbone:
    @BOTH
    def test_names_each_category_once(self, across: float) -> None:
        words = shown(drawn(fishbone(), across))
        assert [words.count(bone) for bone in BONES[:5]] == [1] * 5

    def test_lies_on_a_wide_page_and_stands_on_a_narrow_one(self) -> None:
        ways = {}
        for across in (WIDE, NARROW):
            spine = next(
                line for line in drawn(fishbone(), across).iter("line") if line.get("class") == "picture-spine"
            )
            ways[across] = spine.get("y1") == spine.get("y2")
        assert ways == {WIDE: True, NARROW: False}

    def test_has_as_many_spines_as_its_bones_need(self) -> None:
        spines = [line for line in drawn(fishbone(many_causes())).iter("line") if line.get("class") == "picture-spine"]
        across = [line for line in spines if line.get("y1") == line.get("y2") and line.get("x1") == "6"]
        assert len(across) == 2  # eight categories, six of them on a spine


class TestATableOfCauses:
    def test_says_what_answers_what(self) -> None:
        rows = as_table(fishbone(), str, "en").rows
        assert [row["c0"] for row in rows] == [str(number) for number in range(1, 11)]
        assert rows[2] == {
            "c0": "3",
            "c1": {"text": "Окутуу планында бул тема жок", "href": "#cause-3"},
            "c2": "2",
            "c3": "Адамдар",
            "c4": "An action removes it",
        }
