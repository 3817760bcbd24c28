"""A figure as SVG without styles and scripts: its colours are in static/pictures.css, and all is said in words too."""

from html import escape
from typing import Final

from service.pictures.bars import bars
from service.pictures.causes import summary
from service.pictures.drawing import Drawing, nothing
from service.pictures.figure import Bars, Figure, Fishbone, OverTime, Pareto, Shares, Spans, WhyTree
from service.pictures.fishbone import fishbone
from service.pictures.over_time import over_time
from service.pictures.pareto import pareto, sentence
from service.pictures.shares import shares
from service.pictures.spans import spans
from service.pictures.table import as_table, in_words
from service.pictures.why_tree import why_tree
from service.pictures.words import Reader, Say, plain
from states.drawing.tags import tag

WIDE: Final = 720.0
NARROW: Final = 300.0
_FEW, _MANY = 5, 40  # rows in words: where each mark can be reached and heard by itself, and where none can


def embed(figure: Figure, say: Say, language: str, *, caption: bool = True) -> str:
    """The figure for a page: drawn twice, wide and narrow, of which the stylesheet shows the one that fits.

    `caption` writes its title above it. Raises ValueError for links that lead away from here.
    """
    head = tag("figcaption", inside=escape(plain(figure.title))) if caption else ""
    both = "".join(svg(figure, say, language, across=across) for across in (WIDE, NARROW))
    return tag("figure", "picture", head + tag("div", "picture-frame", both))


def svg(figure: Figure, say: Say, language: str, *, across: float = WIDE) -> str:
    """The figure as one SVG, drawn for a place about so wide (in pixels)."""
    reader = Reader(say, language)
    drawn = _drawing(figure, reader, across)
    kind = "wide" if across >= WIDE else "narrow"
    name = f"{figure.name}-{kind}"
    inside = "".join(drawn.parts)
    # Where parts of it are links, it is a group: what is inside an image cannot be reached.
    linked = '<a class="picture-mark"' in inside
    description = plain(f"{figure.description} {_summary(figure, reader)}")
    if not linked or not description:
        rows = in_words(as_table(figure, say, language), _FEW if linked else _MANY)
        description = plain(f"{description} {rows}")
    heard = [tag("title", inside=escape(plain(figure.title)), id=f"{name}-title")]
    if description:
        heard.append(tag("desc", inside=escape(description), id=f"{name}-desc"))
    return tag(
        "svg",
        f"picture-svg {kind}",
        "".join([*heard, inside]),
        role="group" if linked else "img",
        lang=language,
        aria_labelledby=f"{name}-title",
        **({"aria_describedby": f"{name}-desc"} if description else {}),
        viewBox=f"0 0 {drawn.width:.0f} {drawn.height:.0f}",
        width=f"{drawn.width:.0f}",
        height=f"{drawn.height:.0f}",
    )


def _summary(figure: Figure, reader: Reader) -> str:
    match figure:
        case Pareto():
            return sentence(figure, reader)
        case Fishbone() | WhyTree():
            return summary(figure.causes, reader)
    return ""


def _drawing(figure: Figure, reader: Reader, across: float) -> Drawing:
    match figure:
        case Bars(bars=[]) | Shares(shares=[]) | Spans(spans=[]):
            return nothing(reader, across)
        case Bars():
            return bars(figure, reader, across)
        case Pareto():
            return pareto(figure, reader, across)
        case OverTime():
            return over_time(figure, reader, across)
        case Spans():
            return spans(figure, reader, across)
        case Shares():
            return shares(figure, reader, across)
        case Fishbone():
            return fishbone(figure, reader, across)
        case WhyTree():
            return why_tree(figure, reader, across)
    raise TypeError(f"{type(figure).__name__} is no figure")
