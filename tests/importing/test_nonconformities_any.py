"""Whatever a list looks like: no line is lost, a trial says what the import does, a second time changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import tables as t
from service.importing.report import Severity
from states.refusals import Malformed
from states.registry import lifecycle
from tests.importing.files import write_csv, write_tsv
from tests.importing.nonconformity_lists import balances, bring_in, rows
from tests.support.databases import SqliteTemplate
from tests.support.university import University

HEADS = (
    *("№", "Дата", "Несоответствие", "Туура келбочүлүк", "Finding", "Причина", "Мероприятие", "Ответственный", "Срок"),
    *("Статус", "Дата закрытия", "Подразделение", "", "Что-то", "Дата", "Коррекция", "Estado", "Пункт", "Факт. дата"),
)
CELLS = (
    *(
        "",
        "",
        "",
        "1",
        "2",
        "Н-1",
        "12.03.2025",
        "2099-01-01",
        "вчера",
        "28.03.24",
        "librarian",
        "Никто",
        "Ректоров А.",
    ),
    *("закрыто", "в работе", "новое", "хз", "да", "Нет протоколов", "Нет\nпротоколов", "1) одно\n2) другое", "-//-"),
    *("Итого: 2", "Всего", "____", "7.5", "ISO 9001:2015 п. 7.5", "LIBRARY", "a|b", '"', "=1+1", "слово " * 120, "⁣"),
)
TABLE = st.tuples(
    st.tuples(st.lists(st.sampled_from(HEADS), max_size=3), st.lists(st.sampled_from(HEADS), max_size=6)).map(
        lambda around: [*around[0], "Несоответствие", *around[1]]
    ),
    st.lists(st.lists(st.sampled_from(CELLS) | st.text(max_size=12), max_size=10), max_size=12),
    st.integers(0, 2),
)
Table = tuple[list[str], list[list[str]], int]


def _xlsx(path: Path, table: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate(table):
            sheet.write_row(place, 0, row)
        if len(table) > 4:
            sheet.merge_range(len(table) - 2, 2, len(table) - 1, 2, table[-2][2] if len(table[-2]) > 2 else "")
            sheet.merge_range(2, 0, 2, 1, "над двумя")
    return path


def _markdown(path: Path, table: list[list[str]]) -> Path:
    lines = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in row) + " |" for row in table]
    rule = "|" + "---|" * len(table[0])
    path.write_text("\n".join(["Журнал", "", lines[0], rule, *lines[1:], "", "Конец"]), "utf-8", "replace")
    return path


WRITERS: dict[str, Callable[[Path, list[list[str]]], Path]] = {
    "list.csv": lambda path, table: write_csv(path, table, ";"),
    "list.tsv": lambda path, table: write_tsv(path, [[" ".join(cell.split()) for cell in row] for row in table]),
    "list.xlsx": _xlsx,
    "list.md": _markdown,
}


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLE)
@example(table=(["Несоответствие"], [["Факт"], ["Факт"], ["Факт", "слишком", "много"], []], 0))
@example(table=(["Дата", "Несоответствие", "Мероприятие", "Срок"], [["", "", "Дело", "12.03.2025"]], 1))
def test_any_list(name: str, table: Table, sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    heads, given_rows, above = table
    whole = [["Журнал несоответствий"]] * above + [heads, *given_rows]
    path = WRITERS[name](tmp_path / name, [[cell.replace("\x00", "") for cell in row] for row in whole])
    with sqlite_template.copy() as database:
        university = University.founded(database)
        with suppress(Malformed):  # where no other column has a name that is known
            _comes_in(university, path)


def _comes_in(university: University, path: Path) -> None:
    trial = bring_in(university, path, dry_run=True)
    assert rows(university) == []
    first = bring_in(university, path)
    assert balances(trial)
    assert balances(first)
    assert first.findings == trial.findings
    assert first.taken == trial.taken == len(rows(university))
    assert first.refused == sum(one.severity is Severity.ERROR for one in first.findings)
    for row in rows(university):
        _is_sound(university, row)
    again = bring_in(university, path)
    assert balances(again)
    assert (again.taken, again.unchanged, again.changed) == (0, first.taken, 0)
    assert len(rows(university)) == first.taken


def _is_sound(university: University, row: dict[str, Any]) -> None:
    """What is open has a task with a holder and a next notice ahead; what is over has none, nor an open action."""
    step = lifecycle("nonconformity").steps[row["state"]]
    below = university.rows(t.record, t.record.c.parent_id == row["id"])
    for record in (row, *below):
        tasks = university.open_tasks(record["id"])
        assert len(tasks) == (0 if record["closed_at"] else 1)
        assert all(task["next_notice_at"] > task["opened_at"] <= task["due_at"] for task in tasks)
    assert bool(row["closed_at"]) == (step.kind.value == "final")
    if row["closed_at"] or row["state"] == "verification":
        assert all(record["closed_at"] for record in below)
    assert row["state"] != "acting" or any(not record["closed_at"] for record in below)
    assert row["title"]
    assert row["found_on"]
