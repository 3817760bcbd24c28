"""A lifecycle as an SVG picture, for pages, prints and files."""

from collections.abc import Collection
from functools import lru_cache
from html import escape
from typing import Final

from states.drawing.layout import LINE, MOVE, NAME, STEM, TEXT, TICK, WHO, Box, Picture, Row, picture
from states.drawing.tags import Point, cut, head, path, tag
from states.drawing.ways import arrows
from states.lifecycle import Kind, Lifecycle, Tone
from states.text import Text

Attributes = dict[str, str | float]

_NOW: Final = Text("азыр", "сейчас", "now")
_INK, _SOFT, _PAPER = "#1b232d", "#545e6b", "#ffffff"
_FILLS: Final = {Kind.WAITING: "#fbf0d5", Kind.RESTING: "#e1f1e6", Kind.FINAL: "#ebe9e2"}
_EDGES: Final = {Kind.WAITING: "#754a00", Kind.RESTING: "#1a6338", Kind.FINAL: "#4a5360"}
_STROKES: Final = {Tone.FORWARD: _INK, Tone.BACK: _SOFT, Tone.STOP: "#593872"}
_THIN, _THICK, _HERE = 1.25, 2.25, 3.0
_STYLE: Final = """
.lifecycle { font-family: system-ui, "Noto Sans", "DejaVu Sans", sans-serif; background: #ffffff; }
@media (prefers-color-scheme: dark) {
  .lifecycle { background: #1a2027; }
  .lifecycle-name, .lifecycle-move { fill: #e9e6df; }
  .lifecycle-who { fill: #a7b0bb; }
  .lifecycle-state.waiting .lifecycle-box { fill: #352a11; stroke: #edc574; }
  .lifecycle-state.resting .lifecycle-box { fill: #163322; stroke: #8ad5a4; }
  .lifecycle-state.final .lifecycle-box { fill: #2a323b; stroke: #bcc3cc; }
  .lifecycle-glyph, .lifecycle-rim, .lifecycle-been, .lifecycle-line { stroke: #bcc3cc; }
  .lifecycle-glyph.filled, .lifecycle-here, .lifecycle-head, .lifecycle-start { fill: #bcc3cc; }
  .lifecycle-port { fill: #bcc3cc; stroke: #bcc3cc; }
  .lifecycle-way.condition .lifecycle-port { fill: #1a2027; }
  .lifecycle-way.stop .lifecycle-line { stroke: #cfb4e6; }
  .lifecycle-way.stop .lifecycle-head { fill: #cfb4e6; }
}
@media print { .lifecycle { background: none; } }
"""


def svg(
    lifecycle: Lifecycle,
    language: str,
    current: str = "",
    visited: Collection[str] = (),
    *,
    standalone: bool = False,
) -> str:
    """The picture in `language`; `current` and `visited` name states to mark; `standalone` makes it a file."""
    return _svg(lifecycle, language, current, frozenset(visited), standalone)


@lru_cache(maxsize=128)
def _svg(lifecycle: Lifecycle, language: str, current: str, visited: frozenset[str], standalone: bool) -> str:
    drawn = picture(lifecycle, language)
    name = f"lifecycle-{lifecycle.name}"
    title = lifecycle.label.into(language)
    if current in lifecycle.steps:
        title += f" ({_NOW.into(language)}: {lifecycle.steps[current].label.into(language)})"
    inside = [
        tag("title", inside=escape(title), id=f"{name}-title"),
        tag("desc", inside=escape(in_words(lifecycle, language)), id=f"{name}-ways"),
        *([f"<style>{_STYLE}</style>"] if standalone else []),
        *_start(drawn),
        *(_stem(start, end) for start, end in drawn.stems),
        *(_way(row) for row in sorted(drawn.rows, key=lambda row: row.main)),
        *(_state(lifecycle, box, current, visited) for box in drawn.boxes.values()),
    ]
    return tag(
        "svg",
        "lifecycle",
        "\n" + "\n".join(inside) + "\n",
        **({"xmlns": "http://www.w3.org/2000/svg"} if standalone else {}),
        role="img",
        lang=language,
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-ways",
        viewBox=f"0 0 {drawn.width:.0f} {drawn.height:.0f}",
        width=f"{drawn.width:.0f}",
        height=f"{drawn.height:.0f}",
        font_family="system-ui, sans-serif",
    )


def in_words(lifecycle: Lifecycle, language: str) -> str:
    """All the ways, as sentences: for those who hear the picture."""
    sentences = []
    for step in lifecycle.steps.values():
        ways = [
            f"{arrow.move.label.into(language)} → {lifecycle.steps[arrow.target].label.into(language)}"
            for arrow in arrows(lifecycle)
            if arrow.source == step.name
        ]
        if ways:
            sentences.append(f"{step.label.into(language)}: {'; '.join(ways)}.")
    return " ".join(sentences)


def _state(lifecycle: Lifecycle, box: Box, current: str, visited: Collection[str]) -> str:
    kind, rect = lifecycle.steps[box.state].kind, box.rect
    here, been = box.state == current, box.state in visited and box.state != current
    classes = ["lifecycle-state", kind.value, *(["current"] if here else []), *(["visited"] if been else [])]
    edge = _EDGES[kind]
    parts = [
        tag(
            "rect",
            "lifecycle-box",
            x=rect.x,
            y=rect.y,
            width=rect.width,
            height=rect.height,
            rx=min(rect.height / 2, 22) if kind is Kind.RESTING else 8,
            fill=_FILLS[kind],
            stroke=edge,
            stroke_width=_HERE if here else _THIN,
        ),
        *([_rim(box, edge)] if kind is Kind.FINAL else []),
        _glyph(kind, rect.x + STEM, rect.middle, edge),
        *_words(box, bold=here),
    ]
    x, y = rect.right - TICK + 4, rect.middle
    if here:
        parts.append(tag("path", "lifecycle-here", d=f"M{x + 11:.1f} {y - 6:.1f}v12l-10 -6z", fill=edge))
    elif been:
        tick = f"M{x:.1f} {y:.1f}l4 4.5 7 -9"
        parts.append(tag("path", "lifecycle-been", d=tick, fill="none", stroke=edge, stroke_width=2))
    return tag("g", " ".join(classes), "".join(parts), data_state=box.state)


def _rim(box: Box, edge: str) -> str:
    rect = box.rect
    return tag(
        "rect",
        "lifecycle-rim",
        x=rect.x + 3,
        y=rect.y + 3,
        width=rect.width - 6,
        height=rect.height - 6,
        rx=5.5,
        fill="none",
        stroke=edge,
        stroke_width=0.75,
    )


def _glyph(kind: Kind, x: float, y: float, edge: str) -> str:
    if kind is Kind.WAITING:
        head_and_shoulders = (
            f"M{x - 3.5:.1f} {y - 4:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"
            f"M{x - 7:.1f} {y + 8:.1f}a7 6.5 0 0 1 14 0z"
        )
        return tag("path", "lifecycle-glyph filled", d=head_and_shoulders, fill=edge)
    ring = tag("circle", "lifecycle-glyph", cx=x, cy=y, r=7, fill="none", stroke=edge, stroke_width=1.5)
    if kind is Kind.RESTING:
        hands = f"M{x:.1f} {y - 4:.1f}v4l3 2"
        return ring + tag("path", "lifecycle-glyph", d=hands, fill="none", stroke=edge, stroke_width=1.5)
    return ring + tag("circle", "lifecycle-glyph filled", cx=x, cy=y, r=3.5, fill=edge)


def _words(box: Box, *, bold: bool) -> list[str]:
    x, y = box.rect.x + TEXT, box.rect.y + 2.5
    name: Attributes = {"x": x, "font_size": NAME, "font_weight": "700" if bold else "600", "fill": _INK}
    who: Attributes = {"x": x, "font_size": WHO, "fill": _SOFT}
    after = y + LINE[NAME] * len(box.name) + 0.5
    return [
        *(_text("lifecycle-name", line, y + LINE[NAME] * k, name) for k, line in enumerate(box.name, start=1)),
        *(_text("lifecycle-who", line, after + LINE[WHO] * k, who) for k, line in enumerate(box.who, start=1)),
    ]


def _text(classes: str, words: str, y: float, attributes: Attributes) -> str:
    return tag("text", classes, escape(words), y=y, **attributes)


def _way(row: Row) -> str:
    arrow, stroke = row.arrow, _STROKES[row.arrow.move.tone]
    flags = {"main": row.main, "return": row.back, "condition": arrow.condition}
    line: Attributes = {"fill": "none", "stroke": stroke, "stroke_width": _THICK if row.main else _THIN}
    if row.back:
        line["stroke_dasharray"] = "5 3.5"
    x, y = row.port
    name: Attributes = {"x": row.label.x, "font_size": MOVE, "font_weight": "600" if row.main else "400", "fill": _INK}
    parts = [
        tag("path", "lifecycle-line", "", d=path(cut(row.points) if row.head else row.points), **line),
        *([tag("path", "lifecycle-head", d=head(row.points), fill=stroke)] if row.head else []),
        tag(
            "circle",
            "lifecycle-port",
            cx=x,
            cy=y,
            r=3,
            fill=_PAPER if arrow.condition else stroke,
            stroke=stroke,
            stroke_width=_THIN,
        ),
        *(
            _text("lifecycle-move", words, row.label.y + LINE[MOVE] * k - 4, name)
            for k, words in enumerate(row.lines, start=1)
        ),
    ]
    return tag(
        "g",
        " ".join(["lifecycle-way", arrow.move.tone.value, *(name for name, holds in flags.items() if holds)]),
        "".join(parts),
        data_move=arrow.move.name,
        data_source=arrow.source,
        data_target=arrow.target,
    )


def _start(drawn: Picture) -> list[str]:
    line = drawn.start
    return [
        tag("circle", "lifecycle-start", cx=line[0][0], cy=line[0][1], r=5, fill=_INK),
        tag("path", "lifecycle-line", d=path(cut(line)), fill="none", stroke=_INK, stroke_width=_THICK),
        tag("path", "lifecycle-head", d=head(line), fill=_INK),
    ]


def _stem(start: Point, end: Point) -> str:
    return tag("path", "lifecycle-line", d=path((start, end)), fill="none", stroke=_SOFT, stroke_width=_THIN)
