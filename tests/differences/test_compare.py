"""Two texts beside each other: what is the same, what was changed and where, what came, went or moved."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.differences import align, compare
from service.differences.align import matches
from service.differences.compare import marked
from service.differences.words import (
    ADDED,
    CHANGED,
    MOVED_AWAY,
    MOVED_HERE,
    REMOVED,
    SAME,
    Differences,
    Line,
    NotCompared,
    Piece,
    packed,
    unpacked,
)
from tests.differences.texts import CLAUSES, paragraphs


def compared(old: Sequence[str], new: Sequence[str]) -> Differences:
    return compare.compare(paragraphs(*old), paragraphs(*new))


def kinds(found: Differences) -> list[str]:
    return [line.kind for line in found.lines]


def side(found: Differences, name: str) -> list[str]:
    """The paragraphs of one side, put together again."""
    texts = ("".join(piece.text for piece in getattr(line, name)) for line in found.lines)
    return [text for text in texts if text]


class TestParagraphs:
    def test_that_are_all_the_same_are_alike(self) -> None:
        found = compared(CLAUSES, CLAUSES)
        assert found.alike
        assert kinds(found) == [SAME] * 5
        assert found.share == 1

    def test_of_which_one_has_another_word_is_changed_there_alone(self) -> None:
        found = compared(CLAUSES, [*CLAUSES[:2], CLAUSES[2].replace("беш", "он"), *CLAUSES[3:]])
        assert kinds(found) == [SAME, SAME, CHANGED, SAME, SAME]
        assert not found.alike
        (line,) = (one for one in found.lines if one.kind == CHANGED)
        assert [piece.text for piece in line.left if piece.marked] == ["беш"]
        assert [piece.text for piece in line.right if piece.marked] == ["он"]

    def test_come_and_go(self) -> None:
        found = compared(CLAUSES, [*CLAUSES[:1], "Жаңы пункт кошулду.", *CLAUSES[1:3], CLAUSES[4]])
        assert kinds(found) == [SAME, ADDED, SAME, SAME, REMOVED, SAME]
        assert found.counts == {SAME: 4, ADDED: 1, REMOVED: 1}
        added = found.lines[1]
        assert (added.left, added.right) == ((), (Piece("Жаңы пункт кошулду.", marked=True),))

    def test_that_stand_elsewhere_were_moved_and_are_not_marked(self) -> None:
        found = compared(CLAUSES, [CLAUSES[0], CLAUSES[4], *CLAUSES[1:4]])
        assert kinds(found) == [SAME, MOVED_HERE, SAME, SAME, SAME, MOVED_AWAY]
        assert found.counts[MOVED_HERE] == 1
        assert MOVED_AWAY not in found.counts
        assert not any(piece.marked for line in found.lines for piece in (*line.left, *line.right))

    def test_of_few_words_are_not_said_to_have_moved(self) -> None:
        assert MOVED_HERE not in kinds(compared(["Кол:", *CLAUSES], [*CLAUSES, "Кол:"]))

    def test_that_come_twice_are_not_said_to_have_moved(self) -> None:
        found = compared([CLAUSES[4], CLAUSES[4], *CLAUSES[:3]], [*CLAUSES[:3], CLAUSES[4]])
        assert kinds(found).count(REMOVED) == 2
        assert kinds(found).count(ADDED) == 1

    def test_that_have_little_in_common_are_not_one_that_changed(self) -> None:
        found = compared([CLAUSES[0], CLAUSES[1]], [CLAUSES[0], "Таптакыр башка сөздөр менен жазылган сүйлөм."])
        assert kinds(found) == [SAME, REMOVED, ADDED]

    def test_are_paired_with_those_they_are_most_alike_to(self) -> None:
        old = ["бир эки үч төрт беш", "алты жети сегиз тогуз он"]
        found = compared(old, ["алты жети сегиз тогуз он бир", "бир эки үч төрт алты"])
        changed = [line for line in found.lines if line.kind == CHANGED]
        assert len(changed) == 1
        assert "".join(piece.text for piece in changed[0].left) == old[1]

    def test_of_nothing(self) -> None:
        assert kinds(compared([], [])) == []
        assert kinds(compared([], ["а"])) == [ADDED]
        assert kinds(compared(["а"], [])) == [REMOVED]

    @given(*[st.lists(st.sampled_from(["а б в г", "а б в д", "е ж з и", "к", ""]).filter(bool), max_size=9)] * 2)
    def test_are_all_there_on_either_side_in_their_order(self, old: list[str], new: list[str]) -> None:
        found = compared(old, new)
        assert side(found, "left") == old
        assert side(found, "right") == new
        assert found.alike == (old == new)
        for line in found.lines:
            texts = ["".join(piece.text for piece in pieces) for pieces in (line.left, line.right)]
            assert (texts[0] == texts[1]) == (line.kind == SAME)


class TestWords:
    def test_around_a_change_are_not_marked(self) -> None:
        assert marked("беш күндүн ичинде", "он жумушчу күндүн ичинде") == (
            (Piece("беш", marked=True), Piece(" күндүн ичинде")),
            (Piece("он жумушчу", marked=True), Piece(" күндүн ичинде")),
        )

    def test_between_which_only_a_space_is_the_same_are_one_change(self) -> None:
        left, right = marked("алты жети калат", "бир эки калат")
        assert left == (Piece("алты жети", marked=True), Piece(" калат"))
        assert right == (Piece("бир эки", marked=True), Piece(" калат"))

    def test_of_a_very_long_paragraph_are_marked_as_a_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compare, "WORDS_OF_ONE", 9)
        assert marked("а б", "а в")[0] == (Piece("а "), Piece("б", marked=True))
        assert marked("а б в", "а г в") == ((Piece("а б в", marked=True),), (Piece("а г в", marked=True),))


class TestMatching:
    @given(*[st.lists(st.sampled_from("абвг"), max_size=12)] * 2)
    def test_is_of_equals_and_grows_on_both_sides(self, old: list[str], new: list[str]) -> None:
        found = matches(old, new)
        assert all(old[row] == new[column] for row, column in found)
        assert found == sorted(set(found))
        columns = [column for _, column in found]
        assert columns == sorted(set(columns))

    def test_finds_the_longest_series_where_nothing_stands_once(self) -> None:
        assert matches("абаб", "бабабв") == [(0, 1), (1, 2), (2, 3), (3, 4)]

    def test_goes_on_roughly_past_the_limit_of_the_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old, new = list("хабабх"), list("убабау")
        exact = matches(old, new)
        monkeypatch.setattr(align, "CELLS_OF_ONE", 4)
        rough = matches(old, new)
        assert len(exact) == 3
        assert 2 <= len(rough) <= 3
        assert all(old[row] == new[column] for row, column in rough)

    def test_of_three_hundred_pages_that_repeat_three_paragraphs_ends(self) -> None:
        chance = random.Random(7)
        old, new = ([chance.choice("абв") for _ in range(3_600)] for _ in range(2))
        found = matches(old, new)
        assert len(found) > 1_000


class TestAnOutcome:
    @pytest.mark.parametrize(
        "outcome",
        [
            NotCompared("empty", "old"),
            NotCompared("slow"),
            Differences(()),
            compared(CLAUSES, [CLAUSES[4], CLAUSES[1], CLAUSES[2].replace("беш", "он"), "Жаңы"]),
        ],
    )
    def test_is_the_same_after_it_was_kept(self, outcome: Differences | NotCompared) -> None:
        assert unpacked(packed(outcome)) == outcome

    @pytest.mark.parametrize(
        "told", [{}, {"why": "no such"}, {"lines": [["no such", "text", [], []]]}, {"lines": [["changed", "text"]]}]
    )
    def test_that_is_none_is_refused(self, told: dict[str, object]) -> None:
        with pytest.raises((ValueError, KeyError, TypeError)):
            unpacked(told)

    def test_says_how_much_is_the_same(self) -> None:
        half = (Piece("абвг"), Piece("дежз", marked=True))
        assert Differences((Line(CHANGED, "text", half, half),)).share == 0.5
        assert Differences((Line(ADDED, "text", (), (Piece("абвг", marked=True),)),)).share == 0
