"""The pictures: complete, readable, the same each time."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from states.drawing import mermaid, svg
from states.drawing.layout import NAME, TEXT, TICK, WHO, Picture, Rect, picture
from states.drawing.letters import BOLD, width
from states.drawing.tags import Point
from states.drawing.ways import arrows, column, leaves, main_way
from states.lifecycle import Deadline, Kind, Lifecycle, Move, Step, Tone, Way
from states.registry import lifecycle as find
from states.roles import Role
from states.text import LANGUAGES, Text
from tests.states.cases import ALL

AWKWARD = Text('"Ачуу": (a|b) {c}; #5', "<Да> & «нет» % `x`", "Re: “it's” [0]\n-->")


def awkward() -> Lifecycle:
    """A lifecycle nobody declared: names full of signs, loops, a detour of a detour, shared ends."""

    def step(name: str, kind: Kind = Kind.WAITING) -> Step:
        return Step(name, AWKWARD, kind, Role.OWNER if kind is Kind.WAITING else None, deadline=Deadline(1))

    def move(name: str, sources: tuple[str, ...], *to: str, tone: Tone = Tone.FORWARD) -> Move:
        ways = tuple(Way(target, None if target == to[-1] else lambda case: True) for target in to)
        return Move(name, AWKWARD, sources, ways, (Role.OWNER,), tone=tone)

    return Lifecycle(
        "awkward",
        "awkwards",
        AWKWARD,
        AWKWARD,
        (step("a"), step("b"), step("c"), step("d"), step("end", Kind.FINAL), step("no", Kind.FINAL)),
        (
            move("on", ("a",), "a", "c", "b"),
            move("aside", ("b",), "c", tone=Tone.BACK),
            move("further", ("c",), "d", tone=Tone.BACK),
            move("home", ("c", "d"), "a", "b", "end", tone=Tone.BACK),
            move("finish", ("b",), "end"),
            move("again", ("a", "b", "c", "d"), "a"),
            move("stop", ("a", "b", "c", "d"), "no", tone=Tone.STOP),
        ),
    )


DRAWN = [*ALL, awkward()]
EACH_PICTURE = pytest.mark.parametrize(
    ("lifecycle", "language"),
    [pytest.param(one, language, id=f"{one.name}-{language}") for one in DRAWN for language in LANGUAGES],
)


def read(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page)  # noqa: S314 - our own picture


def overlap(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def crosses(start: Point, end: Point, rect: Rect) -> bool:
    """Whether a straight line, across or down, runs through the inside of a rectangle."""
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return left < rect.right and rect.x < right and top < rect.bottom and rect.y < bottom


def lines(drawn: Picture) -> Iterator[tuple[Point, Point]]:
    for row in drawn.rows:
        yield from pairwise(row.points)
    yield from drawn.stems
    yield drawn.start


@EACH_PICTURE
class TestNothingOverlaps:
    def test_no_name_lies_on_a_box_or_on_another_name(self, lifecycle: Lifecycle, language: str) -> None:
        drawn = picture(lifecycle, language)
        rects = [row.label for row in drawn.rows] + [box.rect for box in drawn.boxes.values()]
        assert not [pair for pair in combinations(rects, 2) if overlap(*pair)]

    def test_no_line_runs_through_a_box_or_a_name(self, lifecycle: Lifecycle, language: str) -> None:
        drawn = picture(lifecycle, language)
        rects = [row.label for row in drawn.rows] + [box.rect for box in drawn.boxes.values()]
        assert not [(line, rect) for line in lines(drawn) for rect in rects if crosses(*line, rect)]

    def test_words_fit_into_their_boxes_and_all_into_the_picture(self, lifecycle: Lifecycle, language: str) -> None:
        drawn = picture(lifecycle, language)
        for box in drawn.boxes.values():
            room = box.rect.width - TEXT - TICK + 0.01
            assert all(width(line, NAME * BOLD) <= room or " " not in line for line in box.name)
            assert all(width(line, WHO) <= room or " " not in line for line in box.who)
        for row in drawn.rows:
            assert row.label.right <= drawn.width
        for x, y in (point for line in lines(drawn) for point in line):
            assert 0 < x < drawn.width
            assert 0 < y < drawn.height
        assert max(box.rect.bottom for box in drawn.boxes.values()) < drawn.height

    def test_lines_lie_on_each_other_only_where_they_lead_to_the_same(
        self, lifecycle: Lifecycle, language: str
    ) -> None:
        drawn = picture(lifecycle, language)
        by_lane = [(row.arrow.target, row.points[1], row.points[2]) for row in drawn.rows if len(row.points) > 3]
        for one, other in combinations(by_lane, 2):
            if one[0] != other[0] and one[1][0] == other[1][0]:
                (a, b), (c, d) = sorted((one[1][1], one[2][1])), sorted((other[1][1], other[2][1]))
                assert b < c or d < a

    def test_a_phone_shows_it_without_scrolling_aside(self, lifecycle: Lifecycle, language: str) -> None:
        assert picture(lifecycle, language).width <= 358


@EACH_PICTURE
class TestThePicture:
    def test_is_valid_xml_and_the_same_each_time(self, lifecycle: Lifecycle, language: str) -> None:
        one, other = (svg(lifecycle, language, lifecycle.initial, standalone=True) for _ in range(2))
        assert one == other
        assert read(one).tag == "{http://www.w3.org/2000/svg}svg"
        read(svg(lifecycle, language))

    def test_shows_each_state_once_and_each_way_once(self, lifecycle: Lifecycle, language: str) -> None:
        root = read(svg(lifecycle, language))
        groups = list(root.iter("g"))
        states = [group.get("data-state") for group in groups if group.get("data-state")]
        assert sorted(map(str, states)) == sorted(lifecycle.steps)
        ways = [tuple(group.get(f"data-{key}") for key in ("source", "move", "target")) for group in groups]
        declared = [(arrow.source, arrow.move.name, arrow.target) for arrow in arrows(lifecycle)]
        assert sorted(way for way in ways if way[0]) == sorted(declared)

    def test_names_each_state_and_each_move_in_the_language(self, lifecycle: Lifecycle, language: str) -> None:
        root = read(svg(lifecycle, language))
        shown = {" ".join(str(text.text) for text in group.iter("text")) for group in root.iter("g")}
        for move in lifecycle.moves.values():
            drawn = move.tone is not Tone.ASIDE
            assert (" ".join(move.label.into(language).split()) in shown) is drawn
        for step in lifecycle.steps.values():
            name = " ".join(step.label.into(language).split())
            assert any(words == name or words.startswith(f"{name} ") for words in shown)

    def test_can_be_heard(self, lifecycle: Lifecycle, language: str) -> None:
        root = read(svg(lifecycle, language))
        told = {element.get("id"): str(element.text) for element in root if element.tag in ("title", "desc")}
        assert root.get("role") == "img"
        assert lifecycle.label.into(language) in told[root.get("aria-labelledby")]
        for arrow in arrows(lifecycle):
            target = lifecycle.steps[arrow.target].label.into(language)
            assert f"{arrow.move.label.into(language)} → {target}" in told[root.get("aria-describedby")]

    def test_needs_no_style_but_its_own_attributes(self, lifecycle: Lifecycle, language: str) -> None:
        page = svg(lifecycle, language, lifecycle.initial)
        assert "style" not in page
        assert "var(" not in page
        assert "<style>" in svg(lifecycle, language, standalone=True)


@pytest.mark.parametrize("lifecycle", DRAWN, ids=repr)
class TestTheWayThroughThePicture:
    def test_goes_straight_down(self, lifecycle: Lifecycle) -> None:
        drawn = picture(lifecycle, "ky")
        main = [row for row in drawn.rows if row.main]
        assert [(row.arrow.source, row.arrow.target) for row in main] == list(pairwise(main_way(lifecycle)))
        assert len({x for row in main for x, _ in row.points}) == 1

    def test_ends_at_the_side_of_the_right_box(self, lifecycle: Lifecycle) -> None:
        drawn = picture(lifecycle, "ky")
        for row in drawn.rows:
            if row.head:
                rect, (x, y) = drawn.boxes[row.arrow.target].rect, row.points[-1]
                assert rect.x <= x <= rect.right
                assert rect.y <= y <= rect.bottom
                assert x in (rect.x, rect.right) or y == rect.y

    def test_has_a_head_in_each_lane_for_those_that_join_it(self, lifecycle: Lifecycle) -> None:
        drawn = picture(lifecycle, "ky")
        for row in drawn.rows:
            if not row.head:
                assert any(
                    other.head
                    and (other.arrow.target, other.back) == (row.arrow.target, row.back)
                    and other.points[1][0] == row.points[1][0]
                    for other in drawn.rows
                )

    def test_back_is_dashed(self, lifecycle: Lifecycle) -> None:
        place = {name: number for number, name in enumerate(column(lifecycle))}
        root = read(svg(lifecycle, "ky"))
        for group in root.iter("g"):
            if source := group.get("data-source"):
                back = place.get(str(group.get("data-target")), len(place)) < place[source]
                line = group.find("path")
                assert line is not None
                assert (line.get("stroke-dasharray") is not None) == back


class TestADocumentsWay:
    def test_is_the_one_it_was_designed_for(self) -> None:
        way = ["draft", "council_review", "rector_approval", "effective", "periodic_review", "superseded"]
        assert main_way(find("document")) == way
        assert leaves(find("document")) == {"rejected"}

    def test_has_its_detours_where_they_are_entered(self) -> None:
        order = column(find("document"))
        assert order[order.index("council_review") + 1] == "amendment"
        assert order[order.index("rector_approval") + 1] == "scheduled"


class TestAMark:
    def states(self, page: str) -> dict[str, ElementTree.Element]:
        root = read(page)
        return {name: group for group in root.iter("g") if (name := group.get("data-state"))}

    def test_of_the_current_state_is_more_than_a_colour(self) -> None:
        states = self.states(svg(find("document"), "ky", "council_review", ["draft", "council_review"]))
        here, other = states["council_review"], states["amendment"]
        assert str(here.get("class")).split() == ["lifecycle-state", "waiting", "current"]
        assert float(str(here[0].get("stroke-width"))) > 2 * float(str(other[0].get("stroke-width")))
        assert [one.get("class") for one in here].count("lifecycle-here") == 1
        assert "lifecycle-here" not in [one.get("class") for one in other]

    def test_of_a_visited_state_is_a_tick(self) -> None:
        states = self.states(svg(find("document"), "ky", "council_review", ["draft"]))
        ticked = [name for name, group in states.items() if "lifecycle-been" in [one.get("class") for one in group]]
        assert ticked == ["draft"]

    def test_is_said_in_the_title(self) -> None:
        assert "(сейчас: на рассмотрении совета)</title>" in svg(find("document"), "ru", "council_review")

    def test_of_an_unknown_state_is_left_out(self) -> None:
        assert svg(find("document"), "ru", "nowhere", ["elsewhere"]) == svg(find("document"), "ru")

    def test_of_each_kind_differs_in_shape(self) -> None:
        states = self.states(svg(find("document"), "ky"))
        shapes = {
            kind: [re.sub(r"[\d.]+", "", str(one.get("d", one.tag))) for one in states[state] if one.tag != "text"]
            for kind, state in (("waiting", "draft"), ("resting", "scheduled"), ("final", "withdrawn"))
        }
        assert len({str(shape) for shape in shapes.values()}) == 3


@EACH_PICTURE
class TestMermaid:
    def test_has_each_state_and_each_way(self, lifecycle: Lifecycle, language: str) -> None:
        text = mermaid(lifecycle, language)
        assert text == mermaid(lifecycle, language)
        rows = [line.strip() for line in text.splitlines()]
        assert rows[0] == "stateDiagram-v2"
        assert sum(row.startswith("state ") for row in rows) == len(lifecycle.steps)
        finals = sum(step.kind is Kind.FINAL for step in lifecycle.steps.values())
        assert sum(" --> " in row for row in rows) == len(arrows(lifecycle)) + 1 + finals

    def test_keeps_signs_that_have_a_meaning_there_out_of_names(self, lifecycle: Lifecycle, language: str) -> None:
        for line in mermaid(lifecycle, language).splitlines()[2:]:
            form = r'    (state "([^"]+)" as \w+|\S+ --> \S+( : (.+))?)'
            found = re.fullmatch(form, line)
            assert found, line
            name = re.sub(r"#\d+;", "", found[2] or found[4] or "")
            assert not set(name) & set("\"':;(){}[]<>|`%#"), line
