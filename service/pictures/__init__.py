"""Figures as accessible SVG: drawn from plain facts, each with a table that says the same."""

from service.pictures.draw import NARROW, WIDE, embed, svg
from service.pictures.figure import (
    Bar,
    Bars,
    CauseMark,
    Figure,
    Fishbone,
    OverTime,
    Pareto,
    Period,
    Series,
    Share,
    Shares,
    Span,
    Spans,
    WhyTree,
)
from service.pictures.table import Table, as_table

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Bars",
    "CauseMark",
    "Figure",
    "Fishbone",
    "OverTime",
    "Pareto",
    "Period",
    "Series",
    "Share",
    "Shares",
    "Span",
    "Spans",
    "Table",
    "WhyTree",
    "as_table",
    "embed",
    "svg",
]
