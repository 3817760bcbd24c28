"""What a form or a request sends becomes what a move records, or is refused with a sentence for each field."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.given import _KINDS, LARGEST, LIMITS, MOST, parse_given
from states.lifecycle import Choice, Field, Lifecycle, Move
from states.refusals import Incomplete
from states.text import Text
from tests.states.cases import EACH_MOVE
from tests.states.cases import given as filled

LABEL = Text("а", "а", "a")


def asked(kind: str, *, required: bool = True) -> Field:
    choices = (Choice("minor", LABEL), Choice("major", LABEL)) if kind == "choice" else ()
    return Field("it", LABEL, kind, required, choices)


def parsed(kind: str, raw: Any) -> Any:
    return parse_given([asked(kind)], {"it": raw})["it"]


def refused(kind: str, raw: Any) -> str:
    with pytest.raises(Incomplete) as refusal:
        parsed(kind, raw)
    assert refusal.value.status == 422
    assert list(refusal.value.errors) == ["it"]
    return refusal.value.errors["it"]


class TestANumber:
    @pytest.mark.parametrize(
        ("raw", "value"), [("0", 0), ("007", 7), ("0" * 20 + "7", 7), (" 21 ", 21), (0, 0), (str(LARGEST), LARGEST)]
    )
    def test_is_digits(self, raw: object, value: int) -> None:
        assert parsed("number", raw) == value

    @pytest.mark.parametrize(
        "raw",
        [False, True, "false", "-1", -1, "1.0", 1.0, "1e3", "٣", "²", "x", [1], {}, LARGEST + 1, "9" * 500, "1 000"],
    )
    def test_is_nothing_else(self, raw: object) -> None:
        assert refused("number", raw) == "Give a whole number, 0 or more."


class TestADate:
    @pytest.mark.parametrize("raw", ["2026-03-28", " 2026-03-28 ", date(2026, 3, 28)])
    def test_is_year_month_day(self, raw: object) -> None:
        assert parsed("date", raw) == date(2026, 3, 28)

    @pytest.mark.parametrize(
        "raw",
        [
            "28.03.2026",
            "2026-02-30",
            "2026-W13-6",
            "20260328",
            "2026-3-28",
            "9999-12-31",
            "1899-12-31",
            "0001-01-01",
            "२०२६-०३-२८",
            date(9999, 12, 31),
            datetime(2026, 3, 28, tzinfo=UTC),
            20260328,
            True,
            ["2026-03-28"],
        ],
    )
    def test_is_nothing_else(self, raw: object) -> None:
        assert "year" in refused("date", raw)


class TestWords:
    @pytest.mark.parametrize("kind", ["line", "text"])
    def test_lose_what_no_page_can_show(self, kind: str) -> None:
        assert parsed(kind, "а\x00б\x07в\x1b\x7f\ud800г") == "абвг"

    def test_are_put_together_again(self) -> None:
        assert parsed("line", "и\u0306од") == "йод"

    @pytest.mark.parametrize("raw", ["\x00", " \x00 ", "", "   ", "\n", None])
    def test_are_needed_where_they_are_asked_for(self, raw: object) -> None:
        assert refused("text", raw) == "This is needed."

    @pytest.mark.parametrize("raw", ["\x00", "", "   ", None])
    def test_may_be_absent_where_they_are_not_required(self, raw: object) -> None:
        assert parse_given([asked("text", required=False)], {"it": raw}) == {"it": None}
        assert parse_given([asked("text", required=False)], {}) == {"it": None}

    @pytest.mark.parametrize("kind", ["line", "post", "unit", "process", "person", "document", "entry"])
    @pytest.mark.parametrize("raw", ["а\nб", "а\rб", "а\tб", "а\u2028б"])
    def test_of_a_line_stay_on_it(self, kind: str, raw: str) -> None:
        assert refused(kind, raw) == "Write this on one line."

    def test_of_a_text_keep_their_lines(self) -> None:
        assert parsed("text", "а\n\n\tб") == "а\n\n\tб"

    @pytest.mark.parametrize(("kind", "most"), [*LIMITS.items(), ("post", 500)])
    def test_have_a_length(self, kind: str, most: int) -> None:
        assert parsed(kind, "ө" * most) == "ө" * most
        assert refused(kind, "ө" * (most + 1)) == "This is too long."

    @pytest.mark.parametrize("raw", [1, True, ["а"], {"а": "б"}, 1.5])
    def test_are_words(self, raw: object) -> None:
        assert refused("text", raw) == "Write words here."


class TestAChoice:
    def test_is_one_of_the_answers(self) -> None:
        assert parsed("choice", "minor") == "minor"

    @pytest.mark.parametrize("raw", ["Minor", "other", 0, True, ["minor"], {}])
    def test_is_nothing_else(self, raw: object) -> None:
        assert refused("choice", raw) == "Choose one of the answers."


class TestSeveral:
    @pytest.mark.parametrize("kind", ["people", "records"])
    @pytest.mark.parametrize(
        "raw",
        ["а б", "а, б", "а;б", " а\nб ", "а,,б", ["а", "б"], ["а", "б", "а"], ["а", " ", "б"], ["а\x00", "\ud800б"]],
    )
    def test_are_a_list_or_words_with_signs_between_them_each_once(self, kind: str, raw: object) -> None:
        assert parsed(kind, raw) == ["а", "б"]

    @pytest.mark.parametrize("raw", ["2 1", "2,1", [2, 1], ["2", "1"], "02 1 2"])
    def test_that_are_parts_are_numbers(self, raw: object) -> None:
        assert parsed("parts", raw) == [2, 1]

    @pytest.mark.parametrize("raw", ["a", "-1", "1.5", [1.5], [True], [None], [[1]], {"1": 2}, 1, True])
    def test_that_are_no_numbers_are_no_parts(self, raw: object) -> None:
        assert refused("parts", raw)

    @pytest.mark.parametrize("kind", ["people", "records"])
    @pytest.mark.parametrize("raw", [1, {}, {"а": "б"}, [1.5], [["а"]], [None], [{}], ["а", "б\nв"], [True]])
    def test_are_nothing_else(self, kind: str, raw: object) -> None:
        assert refused(kind, raw)

    def test_are_so_many_at_most(self) -> None:
        assert len(parsed("people", [f"а{number}" for number in range(MOST)])) == MOST
        assert refused("people", [f"а{number}" for number in range(MOST + 1)]) == "This is too long."
        assert refused("people", ["ө" * 501]) == "This is too long."

    @pytest.mark.parametrize("kind", ["people", "records", "parts"])
    @pytest.mark.parametrize("raw", [[], " , ", [" "], ["\x00"]])
    def test_are_at_least_one_where_they_are_needed(self, kind: str, raw: object) -> None:
        assert refused(kind, raw) == "This is needed."
        assert parse_given([asked(kind, required=False)], {"it": raw}) in ({"it": []}, {"it": None})


class TestAPart:
    @pytest.mark.parametrize(("raw", "value"), [("1", 1), (3, 3), (" 12 ", 12)])
    def test_is_said_by_its_number(self, raw: object, value: int) -> None:
        assert parsed("part", raw) == value

    @pytest.mark.parametrize("raw", ["first", -1, True, [1], "1 2"])
    def test_is_said_by_nothing_else(self, raw: object) -> None:
        assert refused("part", raw) == "Give a whole number, 0 or more."


class TestAllIsCheckedAtOnce:
    def test_what_is_not_asked_for_is_refused(self) -> None:
        with pytest.raises(Incomplete) as refusal:
            parse_given([asked("line")], {"it": "а", "state": "effective"})
        assert refusal.value.errors == {"state": "This is not asked for here."}

    def test_each_field_has_its_own_sentence(self) -> None:
        fields = [asked("line"), Field("votes", LABEL, "number"), Field("day", LABEL, "date")]
        with pytest.raises(Incomplete) as refusal:
            parse_given(fields, {"votes": "many", "day": "soon", "more": 1})
        assert set(refusal.value.errors) == {"it", "votes", "day", "more"}

    @EACH_MOVE
    def test_what_a_move_asks_for_comes_back_typed(self, lifecycle: Lifecycle, move: Move) -> None:
        values = filled(move)
        sent = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        assert parse_given(move.records, sent) == values

    @given(
        st.dictionaries(
            st.sampled_from(["it", "else"]), st.none() | st.text() | st.integers() | st.floats() | st.booleans()
        )
    )
    def test_it_never_fails_in_another_way(self, raw: dict[str, Any]) -> None:
        for kind in sorted(_KINDS):
            try:
                values = parse_given([asked(kind)], raw)
            except Incomplete:
                continue
            str(values["it"]).encode()
