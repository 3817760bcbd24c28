"""Components are drawn once for what they are given, and never what is not theirs."""

import pytest
from jinja2 import Environment
from markupsafe import Markup

from service.web.pages.drawn import Component, Drawn

TIMES: list[object] = []
TEMPLATE = """
{%- macro row(columns, one) %}{{ seen(one) }}<td>{{ columns[0] }}: {{ one.text }}</td>{% endmacro %}
{%- macro other(columns, one) %}<p>{{ one.text }}</p>{% endmacro %}"""


def _seen(one: object) -> str:
    TIMES.append(one)
    return ""


@pytest.fixture
def macros() -> tuple[Component, Component]:
    TIMES.clear()
    environment = Environment(autoescape=True)
    environment.globals["seen"] = _seen
    module = environment.from_string(TEMPLATE).module
    return module.row, module.other  # type: ignore[attr-defined]  # what the template declares


def test_the_same_is_drawn_once(macros: tuple[Component, Component]) -> None:
    row, _ = macros
    drawn = Drawn()
    first, again = (drawn(row, ["Title"])({"text": "<a>"}) for _ in range(2))
    assert first == again == "<td>Title: &lt;a&gt;</td>"
    assert isinstance(again, Markup)
    assert len(TIMES) == 1


def test_whatever_differs_is_drawn_for_itself(macros: tuple[Component, Component]) -> None:
    row, other = macros
    drawn = Drawn()
    assert drawn(row, ["Title"])({"text": "a"}) == "<td>Title: a</td>"
    assert drawn(row, ["Title"])({"text": "b"}) == "<td>Title: b</td>"
    assert drawn(row, ["State"])({"text": "a"}) == "<td>State: a</td>"
    assert drawn(other, ["Title"])({"text": "a"}) == "<p>a</p>"


@pytest.mark.parametrize(
    ("one", "another"),
    [("<b>", Markup("<b>")), (1, True), (1, 1.0), ("1", 1), (None, ""), (("a", "b"), ["a", "b"])],
)
def test_alike_is_not_the_same(macros: tuple[Component, Component], one: object, another: object) -> None:
    row, _ = macros
    drawn = Drawn()
    for value in (one, another, one, another):
        assert drawn(row, ["Title"])({"text": value}) == row(["Title"], {"text": value})
    assert len(TIMES) == 2 + 4  # what was drawn with `drawn`, and to compare


def test_the_same_text_is_the_same_however_it_came_about(macros: tuple[Component, Component]) -> None:
    row, _ = macros
    drawn, made = Drawn(), "".join(["Ти", "тул"])
    for text in ("Титул", made, made[:5]):
        drawn(row, ["Title"])({"text": text})
    assert len(TIMES) == 1


def test_what_is_no_plain_value_is_always_drawn(macros: tuple[Component, Component]) -> None:
    row, _ = macros

    class Thing:
        text = "thing"

    drawn, thing = Drawn(), Thing()
    for text in ("one", "two"):
        thing.text = text
        assert drawn(row, ["Title"])(thing) == f"<td>Title: {text}</td>"
        assert drawn(row, (thing,))({"text": text}).endswith(f": {text}</td>")
    assert len(TIMES) == 4


def test_it_keeps_no_more_than_so_much(macros: tuple[Component, Component]) -> None:
    row, _ = macros
    drawn = Drawn(most=10_000)
    line = drawn(row, ["Title"])
    for number in range(1_000):
        assert line({"text": f"{number:050}"}) == f"<td>Title: {number:050}</td>"
        assert sum(map(len, drawn._kept.values())) <= 10_000
    TIMES.clear()
    line({"text": f"{999:050}"})
    assert not TIMES
    long = {"text": "x" * 20_000}
    assert line(long) == line(long)
    assert len(TIMES) == 2
