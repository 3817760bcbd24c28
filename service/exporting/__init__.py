"""Rows of a list as a file to take away: CSV for programs, XLSX for people."""

from service.exporting.as_csv import csv_lines
from service.exporting.as_xlsx import MOST_ROWS, require_fits, xlsx_file
from service.exporting.columns import Cell, Column, Kind
from service.exporting.names import file_name
from service.exporting.refusals import TooManyRows

__all__ = [
    "MOST_ROWS",
    "Cell",
    "Column",
    "Kind",
    "TooManyRows",
    "csv_lines",
    "file_name",
    "require_fits",
    "xlsx_file",
]
