"""Files as people have them: every kind gives the same rows, and a bad one a sentence that says what to do."""

import struct
import zipfile
from pathlib import Path

import pytest

from service.importing import table as limits
from service.importing.report import Report
from service.importing.table import Table, read_table
from states.refusals import Malformed
from tests.importing.files import REGISTER, rows_of, write_csv, write_tsv, write_xlsx

ROWS = [["code", "title"], ["УСТ 1.08", "Ички аудит"], ["ЖЖ 1.09", "Жетекчилик, «тарап»; анализ"]]


def read(path: Path) -> tuple[Table, Report]:
    report = Report("register")
    return read_table(path, report), report


def cells(path: Path) -> list[tuple[str, ...]]:
    return [row.cells for row in read(path)[0].rows]


class TestEveryKindGivesTheSameRows:
    def test_the_real_register(self, tmp_path: Path) -> None:
        rows = rows_of(REGISTER)
        expected = [tuple(cell.replace("\xa0", " ").strip() for cell in row) for row in rows]
        assert cells(REGISTER) == expected
        assert cells(write_csv(tmp_path / "comma.csv", rows)) == expected
        assert cells(write_csv(tmp_path / "semicolon.csv", rows, ";", "utf-8-sig")) == expected
        assert cells(write_xlsx(tmp_path / "register.xlsx", rows)) == expected
        assert cells(write_tsv(tmp_path / "no suffix", rows)) == expected

    def test_lines_are_those_of_the_file(self, tmp_path: Path) -> None:
        text = 'code,title\n"УСТ 1","эки\nсап"\n\nУСТ 2,бир\n'
        path = tmp_path / "lines.csv"
        path.write_text(text, encoding="utf-8")
        assert [(row.line, row.cells) for row in read(path)[0].rows] == [
            (1, ("code", "title")),
            (2, ("УСТ 1", "эки сап")),
            (5, ("УСТ 2", "бир")),
        ]

    def test_rows_of_a_sheet_that_begins_lower_down_keep_their_numbers(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "low.xlsx", [[], [], *ROWS])
        assert [row.line for row in read(path)[0].rows] == [3, 4, 5]

    def test_whole_numbers_of_a_spreadsheet_lose_their_fraction(self, tmp_path: Path) -> None:
        assert cells(write_xlsx(tmp_path / "n.xlsx", [["no", "code"], [19.0, 3.19]]))[1] == ("19", "3.19")

    def test_a_quotation_mark_that_is_never_closed_swallows_nothing(self, tmp_path: Path) -> None:
        path = write_tsv(tmp_path / "q.tsv", [["code", "title"], ["A 1.01", '"Ачык'], ["A 1.02", '"Жабык ""сөз"""']])
        assert cells(path)[1:] == [("A 1.01", '"Ачык'), ("A 1.02", 'Жабык "сөз"')]

    def test_other_sheets_are_reported(self, tmp_path: Path) -> None:
        _, report = read(write_xlsx(tmp_path / "two.xlsx", ROWS, sheets=2))
        assert [finding.code for finding in report.findings] == ["other-sheets"]


class TestEncodings:
    def test_windows_1251_is_read_and_reported(self, tmp_path: Path) -> None:
        table, report = read(write_csv(tmp_path / "old.csv", [["код", "аталышы"], ["ПО 1", "Жобо"]], ";", "cp1251"))
        assert table.encoding == "cp1251"
        assert table.rows[1].cells == ("ПО 1", "Жобо")
        assert [finding.code for finding in report.findings] == ["encoding"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "iso8859-15", "koi8-r"])
    def test_others_are_refused_with_what_to_do(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "wrong.csv"
        words = "code;title\nA 1;été à l’école" if encoding == "iso8859-15" else "код;аталышы\nПО 1;Жалпы жобо\n"
        path.write_bytes(words.encode(encoding, "replace"))
        with pytest.raises(Malformed) as refused:
            read(path)
        assert "UTF-8" in refused.value.next_step

    def test_what_cannot_be_shown_is_left_out_and_reported(self, tmp_path: Path) -> None:
        table, report = read(
            write_tsv(tmp_path / "nul.tsv", [["code", "title"], ["A 1.01", "Жо\x00бо\x1b"]] + ROWS * 9)
        )
        assert table.rows[1].cells == ("A 1.01", "Жобо")
        assert [(finding.line, finding.code) for finding in report.findings] == [(2, "control")]


def _cells_far_apart(path: Path) -> None:
    write_xlsx(path, ROWS)
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'r="B3"', b'r="XFD1048576"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)


def _bomb_that_lies(path: Path) -> None:
    _bomb(path)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 1000)))


class TestFilesThatAreNoTables:
    @pytest.mark.parametrize(
        "content",
        [b"", b"\n\n  \n\t\t\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"%PDF-1.7 text", bytes(range(256)) * 40],
        ids=["empty", "blank", "image", "pdf", "binary"],
    )
    def test_are_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "register.csv"
        path.write_bytes(content)
        with pytest.raises(Malformed) as refused:
            read(path)
        assert refused.value.next_step

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 500, b"\xd0\xcf\x11\xe0" + b"\x00" * 600]
    )
    def test_damaged_workbooks_are_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "register.xlsx"
        path.write_bytes(content)
        with pytest.raises(Malformed):
            read(path)

    def test_a_zip_that_is_no_workbook_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as target:
            target.writestr("hello.txt", "hello")
        with pytest.raises(Malformed):
            read(path)

    @pytest.mark.parametrize("make", [_bomb, _bomb_that_lies, _cells_far_apart])
    def test_bombs_are_refused(self, tmp_path: Path, make: object) -> None:
        path = tmp_path / "bomb.xlsx"
        make(path)  # type: ignore[operator]  # it makes a file
        with pytest.raises(Malformed):
            read(path)

    def test_too_large_or_too_many_rows_are_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write_tsv(tmp_path / "long.tsv", ROWS)
        monkeypatch.setattr(limits, "MAX_ROWS", 2)
        with pytest.raises(Malformed, match="rows"):
            read(path)
        monkeypatch.setattr(limits, "MAX_BYTES", 10)
        with pytest.raises(Malformed, match="too large"):
            read(path)

    def test_a_cell_or_a_row_without_end_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Malformed, match="longer"):
            read(write_tsv(tmp_path / "cell.tsv", [["code", "x" * 20_001]]))
        with pytest.raises(Malformed, match="columns"):
            read(write_tsv(tmp_path / "row.tsv", [["x"] * 101]))
        with pytest.raises(Malformed, match="CSV"):
            read(write_csv(tmp_path / "cell.csv", [["code", "x" * 200_000]]))

    def test_a_file_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Malformed):
            read(tmp_path / "nowhere.tsv")
        with pytest.raises(Malformed):
            read(tmp_path)

    def test_an_open_quotation_mark_in_csv_is_refused_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "open.csv"
        path.write_text('code,title\nA 1.01,"Ачык\nA 1.02,Жобо\n', encoding="utf-8")
        with pytest.raises(Malformed, match="Line 2"):
            read(path)
