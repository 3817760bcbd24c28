"""Bars, Pareto, series, spans and shares: what each of them has to show."""

import re
from itertools import pairwise

import pytest

from service.language import say
from service.pictures import NARROW, Bar, Bars, OverTime, Pareto, Period, Series, as_table
from service.pictures.bars import bars as lay_bars
from service.pictures.spans import MEDIAN, P90
from service.pictures.words import Reader
from states.text import LANGUAGES
from tests.pictures.samples import (
    TEXT,
    bars,
    over_time,
    pareto,
    shares,
    spans,
)
from tests.pictures.seen import BOTH, drawn, heard, links, marks, shown


@BOTH
class TestBars:
    def test_lead_to_their_rows(self, across: float) -> None:
        assert links(drawn(bars(), across)) == [bar.href for bar in bars().bars]

    def test_show_their_numbers(self, across: float) -> None:
        assert [words for words in shown(drawn(bars(), across)) if words.isdigit()] == ["14", "9", "7", "3", "1", "0"]

    def test_are_as_long_as_their_numbers(self, across: float) -> None:
        root = drawn(bars(), across)
        long = [float(str(rect.get("width"))) for rect in root.iter("rect") if "bar" in str(rect.get("class"))]
        assert [round(14 * one / long[0], 1) for one in long] == [14, 9, 7, 3, 1]

    def test_that_are_next_to_nothing_are_still_seen(self, across: float) -> None:
        figure = Bars(name="a", title="x", bars=[Bar("a", 10**12), Bar("b", 1)])
        root = drawn(figure, across)
        assert [rect.get("width") for rect in root.iter("rect") if rect.get("class") == "picture-bar"][1] == "2"

    def test_shorten_a_name_and_say_it_in_full(self, across: float) -> None:
        root = drawn(Bars(name="a", title="x", bars=[Bar(TEXT, 1, "/a")]), across)
        assert any(words.endswith("…") for words in shown(root))
        assert heard(marks(root)[0]) == f"{TEXT}: 1"

    def test_grow_with_their_number(self, across: float) -> None:
        tall = lay_bars(Bars(name="a", title="x", bars=[Bar("a", 1)] * 60), Reader(str, "ky"), across).height
        assert 60 * 28 <= tall <= 60 * 60


class TestAPareto:
    def test_puts_the_most_frequent_first_and_counts_together(self) -> None:
        figure = Pareto(name="a", title="x", bars=[Bar("a", 1), Bar("b", 6), Bar("c", 3), Bar("d", 0)])
        assert [list(row.values()) for row in as_table(figure, str, "en").rows] == [
            ["b", "6", "60%"],
            ["c", "3", "90%"],
            ["a", "1", "100%"],
        ]

    def test_marks_the_few_that_make_four_fifths(self) -> None:
        figure = Pareto(name="a", title="x", bars=[Bar("a", 1), Bar("b", 6), Bar("c", 3)])
        kinds = [str(rect.get("class")) for rect in drawn(figure).iter("rect") if "bar" in str(rect.get("class"))]
        assert kinds == ["picture-bar", "picture-bar", "picture-bar lesser"]
        assert "The most frequent 2 of 3 make up 80% or more." in shown(drawn(figure))

    def test_of_exactly_four_fifths_needs_no_more(self) -> None:
        figure = Pareto(name="a", title="x", bars=[Bar("a", 8), Bar("b", 1), Bar("c", 1)])
        assert "The most frequent 1 of 3 make up 80% or more." in shown(drawn(figure))

    def test_folds_the_rest_into_one_bar_and_keeps_it_in_the_table(self) -> None:
        root = drawn(pareto(16))
        assert len(links(root)) == 12
        assert links(root)[-1] == "/nc?cause=others"
        assert "Others: 5" in shown(root)
        assert len(as_table(pareto(16), str, "en").rows) == 16

    def test_has_a_line_that_ends_at_the_whole(self) -> None:
        line = next(path for path in drawn(pareto()).iter("path") if path.get("class") == "picture-line")
        xs = [float(pair.split()[0]) for pair in str(line.get("d"))[1:].split("L")]
        goal = next(one for one in drawn(pareto()).iter("line") if one.get("class") == "picture-goal")
        axis = next(one for one in drawn(pareto()).iter("line") if one.get("class") == "picture-axis")
        left, at = float(str(axis.get("x1"))), float(str(goal.get("x1")))
        assert xs == sorted(xs)
        assert (at - left) / (xs[-1] - left) == pytest.approx(0.8, abs=0.01)

    def test_draws_nothing_through_the_names_where_they_stand_above_the_bars(self) -> None:
        root = drawn(pareto(), NARROW)
        names = [
            (float(str(text.get("y"))) - 10, float(str(text.get("y"))) + 3)
            for text in root.iter("text")
            if text.get("class") == "picture-name" and text.get("text-anchor") is None
        ]
        upright = [
            one for one in root.iter("path") if one.get("class") in ("picture-goal", "picture-grid", "picture-axis")
        ]
        assert {one.get("class") for one in upright} == {"picture-goal", "picture-grid", "picture-axis"}
        for one in upright:
            for x, top, down in re.findall(r"M([\d.]+) ([\d.]+)v([\d.]+)", str(one.get("d"))):
                assert not [name for name in names if name[0] < float(top) + float(down) and float(top) < name[1]], x
        assert not [one for one in root.iter("path") if one.get("class") == "picture-line"]
        assert len([one for one in root.iter("circle") if one.get("class") == "picture-dot"]) == 12


class TestSpans:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_say_what_each_column_is_in_full(self, language: str) -> None:
        root = drawn(spans(), NARROW, language)
        heads = " ".join(str(text.text) for text in root.iter("text") if text.get("class") == "picture-soft")
        assert say(MEDIAN, language) in heads
        assert say(P90, language) in heads


class TestSeries:
    def test_differ_in_more_than_colour(self) -> None:
        root = drawn(over_time(12))
        dots = [element for element in root.iter() if str(element.get("class")).startswith("picture-dot")]
        shapes = {(str(dot.get("class")), dot.tag, re.sub(r"[\d.]+", "", str(dot.get("d", "")))) for dot in dots}
        assert len(shapes) == len({one[1:] for one in shapes}) == 3

    def test_are_named_at_their_ends_with_their_last_number(self) -> None:
        figure = over_time(12)
        ends = [f"{one.values[-1]} {one.name}" for one in figure.series]
        assert set(ends) <= set(shown(drawn(figure)))

    def test_lead_from_each_month_to_its_rows(self) -> None:
        figure = over_time(36)
        root = drawn(figure, NARROW)
        assert links(root) == [period.href for period in figure.periods]
        assert heard(marks(root)[0]) == "Янв 2025. Ачылган: 3; Жабылган: 2; Ачык калган: 21"

    def test_have_gaps_where_nothing_was_counted(self) -> None:
        periods = [Period(str(k), str(k)) for k in range(5)]
        figure = OverTime(name="a", title="x", periods=periods, series=[Series("a", [1, 2, None, 4, 5])])
        lines = [path for path in drawn(figure).iter("path") if "picture-line" in str(path.get("class"))]
        assert len(lines) == 2
        assert as_table(figure, str, "en").rows[2] == {"c0": "2", "c1": None}

    def test_lead_from_the_table_to_the_rows_of_a_number(self) -> None:
        series = [Series("a", [1, 2], ["/a?1", None])]
        figure = OverTime(name="a", title="x", periods=[Period("1", "1", "/1"), Period("2", "2")], series=series)
        assert as_table(figure, str, "en").rows == [
            {"c0": {"text": "1", "href": "/1"}, "c1": {"text": "1", "href": "/a?1"}},
            {"c0": "2", "c1": "2"},
        ]

    @pytest.mark.parametrize("series", [[Series("a", [1])], [Series("a", [1, 2], ["/a"])], [Series("a", [1, 2])] * 5])
    def test_that_cannot_be_drawn_are_refused(self, series: list[Series]) -> None:
        with pytest.raises(ValueError, match=r"values|lines"):
            OverTime(name="a", title="x", periods=[Period("1", "1"), Period("2", "2")], series=series)

    def test_have_labels_that_do_not_touch(self) -> None:
        periods = [Period("1", "1"), Period("2", "2")]
        series = [Series(name, [0, 0]) for name in "abcd"]
        root = drawn(OverTime(name="a", title="x", periods=periods, series=series))
        ys = sorted(float(str(text.get("y"))) for text in root.iter("text") if "series" in str(text.get("class")))
        assert all(below - above >= 15 for above, below in pairwise(ys))


class TestSpansAndShares:
    def test_show_working_days(self) -> None:
        words = shown(drawn(spans()))
        assert {"4.5", "15", "96", "—", "working days"} <= set(words)
        assert heard(marks(drawn(spans()))[1]) == (
            "Себептерди талдоо: Half done within 6 working days; Nine of ten within 24 working days; Cases: 180"
        )

    def test_keep_the_number_of_cases_on_a_phone(self) -> None:
        assert any("cases: 210" in words for words in shown(drawn(spans(), NARROW)))

    def test_draw_a_disc_and_a_diamond_with_a_line_between(self) -> None:
        mark = marks(drawn(spans()))[1]
        classes = [str(element.get("class")) for element in mark.iter()]
        assert {"picture-disc", "picture-ring", "picture-reach"} <= set(classes)
        assert "picture-disc" not in [element.get("class") for element in marks(drawn(spans()))[4].iter()]

    def test_show_per_cent_with_both_numbers(self) -> None:
        words = shown(drawn(shares()))
        assert {"87%", "13 of 15", "99%", "199 of 200", "1%", "—"} <= set(words)

    def test_of_nothing_are_an_empty_outline(self) -> None:
        last = marks(drawn(shares()))[-1]
        assert "picture-track empty" in [rect.get("class") for rect in last.iter("rect")]
