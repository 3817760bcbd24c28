"""Words that fit, and numbers as each language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pictures.scale import ticks
from service.pictures.words import Reader, fit, plain
from states.drawing.letters import width
from tests.pictures.samples import LONG, TEXT

ENGLISH, RUSSIAN, KYRGYZ = (Reader(str, language) for language in ("en", "ru", "ky"))


class TestWords:
    def test_that_fit_stay_on_one_line(self) -> None:
        assert fit("Юридика факультети", 13, 300, 2) == ("Юридика факультети",)

    def test_that_do_not_are_wrapped_and_then_shortened(self) -> None:
        assert fit(LONG, 13, 230, 2) == ("Окуу-методикалык кеңештин", "чечимдеринин аткарылышын…")

    def test_that_are_wider_than_a_line_are_broken_and_keep_their_letters(self) -> None:
        lines = fit("Шайкешкелбестиктерди", 13, 90, 9)
        assert len(lines) > 1
        assert all(len(line) > 3 for line in lines)
        assert "".join(line.removesuffix("-") for line in lines) == "Шайкешкелбестиктерди"

    def test_of_no_letters_are_no_lines(self) -> None:
        assert fit(" \n", 13, 90, 2) == ()

    @given(st.text(max_size=300), st.floats(30, 600), st.integers(1, 5))
    def test_never_leave_their_room(self, said: str, limit: float, most: int) -> None:
        lines = fit(said, 13, limit, most)
        assert len(lines) <= most
        # Three letters stay together even where they are wider than the room.
        assert all(width(line, 13) <= limit or len(line) <= 7 for line in lines)

    def test_shown_hold_nothing_unseen(self) -> None:
        assert plain(" a\x00\u202eb\n\tc\ud800 ") == "ab c"

    def test_of_many_thousand_letters_take_no_longer(self) -> None:
        assert len(fit(TEXT * 1000, 13, 200, 3)) == 3


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "english", "russian"),
        [
            (0, "0", "0"),
            (1234567, "1,234,567", "1\u00a0234\u00a0567"),
            (25.64, "25.6", "25,6"),
            (3.0, "3", "3"),
            (1234.5, "1,234.5", "1\u00a0234,5"),
        ],
    )
    def test_are_written_as_the_language_does(self, value: float, english: str, russian: str) -> None:
        assert [reader.number(value) for reader in (ENGLISH, RUSSIAN, KYRGYZ)] == [english, russian, russian]

    @pytest.mark.parametrize(
        ("part", "whole", "shown"),
        [(1, 4, "25%"), (0, 4, "0%"), (4, 4, "100%"), (999, 1000, "99%"), (1, 1000, "1%"), (0, 0, "0%")],
    )
    def test_in_per_cent_are_full_only_when_all_is(self, part: int, whole: int, shown: str) -> None:
        assert ENGLISH.per_cent(part, whole) == shown
        assert RUSSIAN.per_cent(part, whole) == shown.replace("%", "\u00a0%")


class TestAScale:
    @pytest.mark.parametrize(
        ("most", "expected"),
        [
            (0, (0, 1)),
            (1, (0, 1)),
            (3, (0, 1, 2, 3)),
            (7, (0, 2, 4, 6, 8)),
            (99, (0, 50, 100)),
            (60_000_000, (0, 20_000_000, 40_000_000, 60_000_000)),
        ],
    )
    def test_has_round_numbers(self, most: float, expected: tuple[float, ...]) -> None:
        assert ticks(most, 4) == expected

    def test_of_parts_has_parts(self) -> None:
        assert ticks(0.35, 4, whole=False) == (0, 0.1, 0.2, 0.3, 0.4)

    @given(st.floats(0.01, 1e12), st.integers(2, 6))
    def test_reaches_what_it_has_to_show_and_not_far_beyond(self, most: float, about: int) -> None:
        scale = ticks(most, about, whole=False)
        assert scale[-1] >= most * 0.99999
        assert scale[-2] < most
        assert 2 <= len(scale) <= about + 2
