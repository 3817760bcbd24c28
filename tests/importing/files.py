"""Registers as files of every kind, made from rows."""

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from service.importing.facts import DATA

REGISTER = DATA / "nsu_register.tsv"
PROCESSES = DATA / "talsu_processes.tsv"
HEAD = ("group", "no", "title", "type", "code")


def rows_of(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def write_tsv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    path.write_bytes("".join("\t".join(row) + "\n" for row in rows).encode(encoding))
    return path


def write_csv(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[str | float]], sheets: int = 1) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        for number in range(sheets):
            sheet = workbook.add_worksheet(f"sheet {number}")
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path
