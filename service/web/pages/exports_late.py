"""The board as rows of a file: each task with all that the board says of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from service.exporting import Cell, Column, Kind
from service.language import say
from service.organisation import Actor
from service.reading.board import BoardRow, board_stream
from service.reading.late import Wanted
from service.web.pages.late_asked import names_of
from service.web.pages.late_lines import having, rung_words, told_in_one
from service.web.pages.wording import heading
from states.text import N_


def columns(language: str) -> list[Column]:
    """What a task of the board has."""
    return [Column(say(name, language), kind, width) for name, kind, width in _COLUMNS]


def rows(
    connection: sa.Connection, actor: Actor, now: datetime, wanted: Wanted, language: str
) -> Iterator[Sequence[Cell]]:
    """What is asked for, what was due first before all; read some at a time."""
    processes = names_of(connection, language).processes
    for row in board_stream(connection, actor, now, wanted):
        yield _cells(row, processes.get(row.process_id, "") if row.process_id else "", language)


def _cells(row: BoardRow, process: str, language: str) -> Sequence[Cell]:
    task = row.task
    return (
        task.code,
        task.title,
        heading(task.lifecycle.label, language),
        heading(task.step.task or task.step.label, language),
        heading(task.unit, language) if task.unit else None,
        process,
        heading(task.holder, language),
        "\n".join(filter(None, (having(one, task.holder, language) for one in row.having))),
        task.opened_at,
        task.due_at,
        task.original_due_at,
        task.days,
        rung_words(row, language),
        told_in_one(row.told, language),
        heading(task.next_part, language),
        ", ".join(name.into(language) for name in row.next_names),
        task.next_notice_at,
    )


_COLUMNS: Final[tuple[tuple[str, Kind, int], ...]] = (
    (N_("Code"), "text", 16),
    (N_("Title"), "text", 40),
    (N_("Kind"), "text", 20),
    (N_("What to do"), "text", 0),
    (N_("Unit"), "text", 0),
    (N_("Process"), "text", 0),
    (N_("Who has it"), "text", 0),
    (N_("People"), "text", 0),
    (N_("Since"), "moment", 0),
    (N_("Due"), "date", 0),
    (N_("First due"), "date", 0),
    (N_("Working days late"), "number", 0),
    (N_("Rung"), "text", 24),
    (N_("Who was told"), "text", 60),
    (N_("Who is told next"), "text", 0),
    (N_("People told next"), "text", 0),
    (N_("Told next on"), "moment", 0),
)
