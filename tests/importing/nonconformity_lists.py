"""Lists of nonconformities as universities keep them: files made by hand, and two workbooks."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from models import tables as t
from service.importing.list.mapping import ListMapping
from service.importing.list.report import ListReport
from service.importing.nonconformities import import_nonconformities
from tests.support.university import University, at

LISTS = Path(__file__).parent / "lists"
NOW = at(2026, 4, 6)


def bring_in(
    university: University,
    path: Path,
    *,
    dry_run: bool = False,
    who: str = "quality",
    now: datetime = NOW,
    mapping: ListMapping | None = None,
) -> ListReport:
    return import_nonconformities(
        university.database, path, university.as_(who, now), now, dry_run=dry_run, mapping=mapping
    )


def two_head_rows(folder: Path) -> Path:
    """Russian: a title, headings of two rows, three actions of one nonconformity in merged cells, a footer."""
    path = folder / "ru_two_rows.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("2025")
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.merge_range("A1:I1", "Реестр несоответствий и корректирующих действий за 2025 год")
        for cells, words in (("A3:A4", "№ п/п"), ("D3:D4", "Подразделение"), ("I3:I4", "Статус")):
            sheet.merge_range(cells, words)
        sheet.merge_range("B3:C3", "Несоответствие")
        sheet.merge_range("E3:H3", "Корректирующее действие")
        for place, words in ((1, "дата"), (2, "описание"), (4, "мероприятие"), (5, "срок"), (6, "ответственный")):
            sheet.write(3, place, words)
        sheet.write(3, 7, "факт. дата")
        sheet.merge_range("A5:I5", "Библиотека")
        sheet.merge_range("A6:A8", 1)
        sheet.merge_range("B6:B8", date(2025, 3, 12), day)
        sheet.merge_range("C6:C8", "Каталог не ведётся")
        sheet.merge_range("D6:D8", "LIBRARY")
        sheet.merge_range("I6:I8", "в работе")
        for row, (action, due, owner) in enumerate(
            (("Назначить хранителя", date(2025, 6, 1), "Китепов К."), ("Завести каталог", date(2026, 9, 1), "")), 5
        ):
            sheet.write(row, 4, action)
            sheet.write_datetime(row, 5, due, day)
            sheet.write(row, 6, owner)
        sheet.write(7, 4, "Проверить каталог")
        sheet.write(7, 5, "после сдачи")
        sheet.write_datetime("H6", date(2025, 6, 2), day)
        sheet.write_row(8, 0, [2, "05.04.2025", "Нет подписи", "DEPARTMENT", "", "", "", "", "закрыто"])
        sheet.merge_range("A10:C10", "Итого несоответствий: 2")
        sheet.write("A12", "Специалист по качеству ______________ Сапаров С.")
    return path


def ragged(folder: Path) -> Path:
    """Headings lower down and further right, formulas, numbers, blank lines, rows of any length, a second sheet."""
    path = folder / "ragged.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("список")
        sheet.write_row(4, 2, ["Номер", "Дата", "Замечание", "Срок", "Ответственный", "Мероприятия"])
        sheet.write_row(6, 2, [1, "12.03.2026", "Первое"])
        sheet.write_row(7, 2, ["", "", "", "", "", "", "", "далеко справа"])
        sheet.write_row(9, 2, [2])
        sheet.write_formula(9, 3, "=D7", None, "12.03.2026")
        sheet.write_formula(9, 4, '="Вто"&"рое"', None, "Второе")
        sheet.write_row(9, 5, ["01.10.2026", "dean", "Сделать"])
        sheet.write_row(10, 2, [3, 46000, "Третье"])
        sheet.write_row(11, 2, ["4а", "", "", "", "", "Действие ни о чём"])
        workbook.add_worksheet("2024").write("A1", "старое")
    return path


def found(report: ListReport) -> list[tuple[int | None, str]]:
    """Every finding by its line and code, in the order of lines."""
    return sorted(((one.line, one.code) for one in report.findings), key=lambda pair: (pair[0] or 0, pair[1]))


def balances(report: ListReport) -> bool:
    """No line is lost, and no row."""
    return (
        report.lines == report.rows + report.joined + report.asides
        and report.rows == report.taken + report.unchanged + report.refused
    )


def rows(university: University) -> list[dict[str, Any]]:
    """The nonconformities with their records, in the order of their lines."""
    records = {row["id"]: row for row in university.rows(t.record)}
    first = {row["record_id"]: row["given"] for row in university.rows(t.history, t.history.c.seq == 1)}
    every = [
        {**records[row["record_id"]], **row, "given": first[row["record_id"]]}
        for row in university.rows(t.nonconformity)
    ]
    return sorted(every, key=lambda row: (row["given"].get("line", 0), row["code"]))
