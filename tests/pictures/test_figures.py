"""Every figure: valid, heard as well as seen, its numbers as text, its links, and a table that says the same."""

import re

import pytest

from service.pictures import Bar, Bars, Figure, as_table, embed, svg
from service.pictures.words import plain
from states.drawing.letters import width
from tests.pictures.samples import (
    awkward,
    bars,
    fishbone,
    pareto,
    usual,
)
from tests.pictures.seen import BOTH, drawn, heard, links, marks, read, shown

EACH = pytest.mark.parametrize("figure", [*usual(), *awkward()], ids=lambda figure: figure.name)
PIECES = re.compile(r"%\(\w+\)s|[^%]+")


@EACH
@BOTH
class TestEveryFigure:
    def test_is_valid_and_the_same_each_time(self, figure: Figure, across: float) -> None:
        assert drawn(figure, across).tag == "svg"
        assert svg(figure, str, "ky", across=across) == svg(figure, str, "ky", across=across)

    def test_has_a_title_and_names_itself_by_it(self, figure: Figure, across: float) -> None:
        root = drawn(figure, across)
        told = {element.get("id"): str(element.text) for element in root if element.tag in ("title", "desc")}
        assert told[root.get("aria-labelledby")] == plain(figure.title)
        assert bool(root.get("aria-describedby")) == bool(as_table(figure, str, "en").rows or figure.description)
        if described := root.get("aria-describedby"):
            assert told[described]

    def test_is_a_group_where_it_leads_somewhere_and_else_an_image_in_words(
        self, figure: Figure, across: float
    ) -> None:
        root = drawn(figure, across)
        assert root.get("role") == ("group" if links(root) else "img")
        if not links(root):
            description = next((str(element.text) for element in root if element.tag == "desc"), "")
            for row in as_table(figure, str, "en").rows[:40]:
                first = row["c0"]
                assert plain(first["text"] if isinstance(first, dict) else str(first)) in description

    def test_has_no_style_and_no_colour_of_its_own(self, figure: Figure, across: float) -> None:
        for element in drawn(figure, across).iter():
            assert element.tag not in ("style", "script", "foreignObject", "image", "use")
            assert not {"style", "fill", "stroke", "onclick", "onload"} & set(element.attrib)

    def test_keeps_its_words_within_its_sides(self, figure: Figure, across: float) -> None:
        for text in drawn(figure, across).iter("text"):
            x, wide = float(str(text.get("x"))), width(str(text.text), float(str(text.get("font-size"))))
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
            assert left >= -1, text.text
            assert left + wide <= across + 1, text.text

    def test_names_each_mark_in_full(self, figure: Figure, across: float) -> None:
        for mark in marks(drawn(figure, across)):
            assert heard(mark)
            assert mark.tag == "a" or mark.get("role") == "img"

    def test_has_a_table_with_a_cell_for_each_column(self, figure: Figure, across: float) -> None:
        table = as_table(figure, str, "en")
        keys = [column["key"] for column in table.columns]
        assert table.caption == figure.title
        assert all(list(row) == keys for row in table.rows)


@BOTH
@pytest.mark.parametrize("figure", [*usual(), fishbone([]), pareto(0)], ids=lambda figure: figure.name)
class TestTranslated:
    def test_it_says_nothing_of_its_own(self, figure: Figure, across: float) -> None:
        def translated(sentence: str) -> str:
            return "".join(re.sub("[A-Za-z]", "ж", one) if one[0] != "%" else one for one in PIECES.findall(sentence))

        root = read(svg(figure, translated, "ky", across=across))
        words = [*shown(root), *map(heard, marks(root)), *(str(one.text) for one in root.iter("desc"))]
        assert words
        assert not [said for said in words if re.search("[A-Za-z]", said)]


class TestAPage:
    def test_holds_both_drawings_and_no_name_twice(self) -> None:
        page = read(f"<div>{''.join(embed(figure, str, 'ky') for figure in [*usual(), *awkward()])}</div>")
        names = [str(element.get("id")) for element in page.iter() if element.get("id")]
        assert len(names) == len(set(names))
        for figure in page.iter("figure"):
            assert [one.get("class") for one in figure.iter("svg")] == ["picture-svg wide", "picture-svg narrow"]
            assert len(list(figure.iter("figcaption"))) == 1

    def test_may_have_a_heading_of_its_own(self) -> None:
        assert "figcaption" not in embed(bars(), str, "ky", caption=False)

    def test_is_refused_a_name_that_is_no_identifier(self) -> None:
        with pytest.raises(ValueError, match="called"):
            Bars(name='"><script>', title="x", bars=())

    @pytest.mark.parametrize(
        "href", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:a()", ""]
    )
    def test_is_refused_a_link_that_leads_away(self, href: str) -> None:
        with pytest.raises(ValueError, match="leads"):
            svg(Bars(name="a", title="x", bars=[Bar("a", 1, href)]), str, "ky")
