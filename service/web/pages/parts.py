"""What a record has several of, as sections of its page: a line for each, with what may be done about it, in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.language import say
from service.reading.conditions import holds
from service.reading.records import RecordView
from service.reading.trees import above_in, in_tree
from service.web.pages.facts import Known, cell
from service.web.pages.kept import MARKS, mark_label
from service.web.pages.moving import Forms
from service.web.pages.wording import heading
from states.lifecycle import Case, Field, Guard, Move, Part
from states.text import N_

Row = Mapping[str, Any]
Files = Mapping[str, Mapping[str, Any]]
# Forms that are together heavier than this are not all on the page: each is opened by its address.
HEAVIEST: Final = 1_000
DEEPEST: Final = 6
# More columns than these are read more easily beneath each other.
ACROSS: Final = 4
# What these kinds hold is short enough for a column.
_SHORT: Final = frozenset({"choice", "date", "number", "flag", "part", "file"})


@dataclass(frozen=True, slots=True)
class Column:
    """One more column of a part: what is known of each by its number."""

    label: str
    cells: Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks to be open: the form of a move, of the part with a number perhaps."""

    move: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What the sections are made of: forms, words, the record's files by name, columns that are known besides."""

    forms: Forms
    known: Known
    files: Files
    asked: Asked = Asked()
    more: Mapping[str, Column] = field(default_factory=dict)


def sections(page: Page) -> list[dict[str, Any]]:
    """A section for each part that the record has, or that this person may add."""
    return [shown for part in page.forms.view.lifecycle.parts.values() if (shown := _section(page, part))]


def may_add(view: RecordView, part: str) -> bool:
    """Whether this person may add one of that part now."""
    return any(move.adds == part for move in view.moves)


def _section(page: Page, part: Part) -> dict[str, Any] | None:
    forms, language = page.forms, page.known.language
    rows = forms.view.parts[part.name]
    adding = next((move for move in forms.view.moves if move.adds == part.name), None)
    if not rows and adding is None:
        return None
    above = above_in(part)
    layout = _layout(page, part, rows, above)
    about_one = [move for move in forms.view.moves if move.part == part.name and not move.adds]
    light = {move.name for move in about_one if forms.weight(move) * len(rows) <= HEAVIEST}
    return {
        "name": part.name,
        "title": heading(part.plural, language),
        "count": len(rows),
        "columns": [label for label, _ in layout.columns],
        "acts": bool(about_one),
        "beneath": bool(layout.beneath),
        "rows": [
            {
                "no": row["no"],
                "depth": min(depth, DEEPEST),
                "above": row[above] if above else None,
                "cells": [value(row) for _, value in layout.columns],
                "beneath": [
                    {"term": label, "value": shown}
                    for label, value in layout.beneath
                    if (shown := value(row)) not in (None, "", [])
                ],
                "acts": [act for move in about_one if (act := _act(page, move, row, move.name in light))],
            }
            for row, depth in in_tree(rows, above)
        ],
        "add": _adding(page, adding) if adding else None,
    }


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the rows of a part are laid out: a column for what is short, the words first; beneath them what is longer."""

    columns: list[tuple[str, Any]]
    beneath: list[tuple[str, Any]]


def _layout(page: Page, part: Part, rows: Sequence[Row], above: str) -> _Layout:
    """Of fields in which something stands; what a tree hangs on is seen by where it stands."""
    language, table = page.known.language, rows[0] if rows else {}
    words = next((one for one in part.fields if one.kind in ("line", "text")), part.fields[0])
    others = [
        one
        for one in part.fields
        if one is not words and one.name != above and any(_value(row, one) not in (None, "", []) for row in rows)
    ]
    short = [one for one in others if one.kind in _SHORT]
    marks = [name for name in MARKS if name in table and any(row[name] for row in rows)]
    more = page.more.get(part.name)
    columns: list[tuple[str, Any]] = [
        *((heading(one.label, language), _reader(page, one)) for one in (words, *short)),
        *((mark_label(name, language), _marked(name, language)) for name in marks),
        *([(more.label, lambda row: more.cells.get(row["no"]))] if more else []),
    ]
    long = [(heading(one.label, language), _reader(page, one)) for one in others if one not in short]
    return _Layout(columns[:ACROSS], [*columns[ACROSS:], *long])


def _value(row: Row, one: Field) -> Any:
    return row[one.name] if one.name in row else row.get(f"{one.name}_id")


def _reader(page: Page, one: Field) -> Any:
    def read(row: Row) -> Any:
        value = _value(row, one)
        if one.kind == "file" and value in page.files:
            return {"text": value, "href": page.files[value]["href"]}
        return str(value) if one.kind == "file" and value else cell(one, value, page.known)

    return read


def _marked(name: str, language: str) -> Any:
    return lambda row: say(_YES, language) if row[name] else None


def _act(page: Page, move: Move, row: Row, light: bool) -> dict[str, Any] | None:
    """What may be done about one line: `form`, `link`, `button`, or why it may not be done now."""
    forms, language, no = page.forms, page.known.language, row["no"]
    label, tone = heading(move.label, language), "danger" if move.removes else "quiet"
    stopped = why_not(move, forms.view.case, no)
    alone = all(one.name == move.part for one in move.records)
    if stopped and alone and not move.removes:
        return None
    if stopped:
        why = {"title": say(stopped.says, language), "text": say(stopped.next_step, language)}
        return {"kind": "why", "label": label, "tone": tone, **why}
    if alone and not move.removes:
        return {"kind": "button", "label": label, "form": forms.form(move, row)}
    asked = page.asked.move == move.name and page.asked.no == str(no)
    if light or asked or forms.is_refused(move, row):
        return {"kind": "form", "label": label, "tone": tone, "form": forms.form(move, row, focus=asked)}
    return {"kind": "link", "label": label, "href": f"?move={move.name}&no={no}"}


def why_not(move: Move, case: Case | None, no: int) -> Guard | None:
    """The condition that is known not to hold for this one."""
    if case is None:
        return None
    return next((guard for guard in move.guards if holds(guard, case, {move.part: no}) is False), None)


def _adding(page: Page, move: Move) -> dict[str, Any]:
    return page.forms.form(move, focus=page.asked.move == move.name)


_YES = N_("Yes")
