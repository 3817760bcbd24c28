"""XLSX: read back by calamine, and as the XML that spreadsheets read."""

import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from zipfile import ZipFile

import pytest

from service.exporting import MOST_ROWS, Cell, Column, TooManyRows, as_xlsx, require_fits, xlsx_file
from service.exporting.as_xlsx import sheet_name
from tests.exporting.lists import EVIL, MADE, MAIN, TEXTS, cells, many, part, sheet
from tests.exporting.lists import as_xlsx as made

LIMIT = 3_000_000  # bytes
ALL = (
    Column("Аталышы", width=40),
    Column("Саны", "number"),
    Column("Күнү", "date"),
    Column("Учуру", "moment"),
    Column("Үлүшү", "share"),
    Column("Кечиккен", "flag", width=14),
)


def one(cell: Cell, column: Column = TEXTS[0]) -> object:
    """The cell read back; an empty one is an empty text."""
    rows = cells(made([column, Column("y")], [[cell, "end"]]))
    return rows[1][0]


class TestASheet:
    def test_has_typed_cells(self) -> None:
        moment = datetime(2026, 3, 8, 20, 1, 2, tzinfo=UTC)
        rows = cells(made(ALL, [["Өнүм, үлгү, кеңеш", -5, date(2026, 3, 8), moment, 0.256, True]]))
        assert rows[0] == [column.name for column in ALL]
        assert rows[1] == [
            "Өнүм, үлгү, кеңеш", -5.0, date(2026, 3, 8), datetime(2026, 3, 9, 2, 1, 2), 0.256, True,  # noqa: DTZ001 - a cell has no zone
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("kind", "cell", "found"),
        [
            ("number", Decimal("1234567.89"), 1234567.89),
            ("number", 2**53 + 1, "9007199254740993"),
            ("number", float("nan"), ""),
            ("number", None, ""),
            ("number", "7 же 8", "7 же 8"),
            ("number", True, "True"),
            ("date", date(1896, 3, 8), "1896-03-08"),
            ("date", datetime(2026, 3, 8, 20, tzinfo=UTC), date(2026, 3, 9)),
            ("flag", False, False),
            ("flag", "ооба", "ооба"),
            ("text", "007", "007"),
            ("text", 7, "7"),
            ("text", "https://ysu.kg", "https://ysu.kg"),
        ],
    )
    def test_writes_a_cell_as_its_kind_where_it_can(self, kind: str, cell: Cell, found: object) -> None:
        assert one(cell, Column("x", kind)) == found  # type: ignore[arg-type] # each kind, from the table above

    def test_has_a_bold_header_that_stays_and_filters(self) -> None:
        workbook = made(ALL, [["a", 1, None, None, None, None]] * 3)
        root = sheet(workbook)
        pane, filters = root.find(f".//{MAIN}pane"), root.find(f"{MAIN}autoFilter")
        assert pane is not None
        assert filters is not None
        assert (pane.get("ySplit"), pane.get("state"), filters.get("ref")) == ("1", "frozen", "A1:F4")
        style = int(str(next(root.iter(f"{MAIN}c")).get("s")))
        styles = part(workbook, "xl/styles.xml")
        font = int(str(styles.findall(f"{MAIN}cellXfs/{MAIN}xf")[style].get("fontId")))
        assert styles.findall(f"{MAIN}fonts/{MAIN}font")[font].find(f"{MAIN}b") is not None

    def test_has_columns_as_wide_as_asked_for(self) -> None:
        widths = [round(float(str(col.get("width")))) for col in sheet(made(ALL, [])).iter(f"{MAIN}col")]
        assert widths == [41, 12, 13, 19, 11, 15]

    def test_of_no_rows_is_a_header(self) -> None:
        assert cells(made(TEXTS, [])) == [["Аталышы"]]

    def test_keeps_a_text_of_more_letters_than_a_cell_holds_as_far_as_it_goes(self) -> None:
        found = str(one("😀" * 40_000))
        assert found.endswith("😀…")
        assert 32_760 < len(found.encode("utf-16-le")) / 2 <= 32_767

    def test_drops_what_xml_cannot_hold(self) -> None:
        assert one("a\x00b\x0bc\x1fd\ud800e\ufffff\tg\r\nh") == "abcdef\tg\nh"

    def test_says_when_it_was_made(self) -> None:
        root = part(made(TEXTS, []), "docProps/core.xml")
        assert "2026-11-20T09:04:05Z" in [element.text for element in root.iter()]

    def test_is_written_to_a_path_and_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        assert xlsx_file(TEXTS, [["a"], ["b"]], path, title="Тизме", made=MADE) == 2
        assert cells(path) == [["Аталышы"], ["a"], ["b"]]

    def test_needs_a_column(self) -> None:
        with pytest.raises(ValueError, match="column"):
            made([], [])


class TestNothingIsCalculated:
    @pytest.mark.parametrize("words", EVIL, ids=ascii)
    def test_a_text_is_a_text(self, words: str) -> None:
        root = sheet(made(TEXTS, [[words]]))
        assert [cell.get("t") for cell in root.iter(f"{MAIN}c")] == ["inlineStr", "inlineStr"]
        assert not list(root.iter(f"{MAIN}f"))
        expected = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        assert [str(text.text) for text in root.iter(f"{MAIN}t")][1] == expected

    def test_markup_in_a_text_is_not_markup(self) -> None:
        evil = "<r><t>a</t></r></is></c><c r='B2'><f>1+1</f></c><c t='inlineStr'><is><r></r>"
        root = sheet(made(TEXTS, [[evil]]))
        assert len(list(root.iter(f"{MAIN}c"))) == 2
        assert one(evil) == f" {evil}"

    def test_an_escape_in_a_text_is_not_an_escape(self) -> None:
        assert one("_x0041_") == "_x0041_"

    def test_an_address_is_no_link(self) -> None:
        assert sheet(made(TEXTS, [["https://evil.example"]])).find(f"{MAIN}hyperlinks") is None


class TestTheNameOfASheet:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Кечиккен иштер", "Кечиккен иштер"),
            ("a/b\\c:d*e?f[g]h", "a b c d e f g h"),
            ("'кавычки'", "кавычки"),
            ("History", "History_"),
            ("  ", "Sapat"),
            ("Окумуштуулар кеңешинин кечиккен чечимдери", "Окумуштуулар кеңешинин кечикке…"),
            ("😀" * 20, "😀" * 15 + "…"),
        ],
    )
    def test_is_one_that_spreadsheets_take(self, title: str, name: str) -> None:
        assert sheet_name(title) == name
        assert f'name="{name}"' in _workbook_part(title)


class TestMoreRowsThanASheetHas:
    def test_are_refused_before_they_are_read(self) -> None:
        require_fits(MOST_ROWS)
        with pytest.raises(TooManyRows) as refused:
            require_fits(MOST_ROWS + 1)
        assert (refused.value.status, refused.value.code) == (422, "too-many-rows")
        assert "1048575" in str(refused.value)

    def test_are_refused_while_they_are_written_and_leave_nothing(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(as_xlsx, "MOST_ROWS", 10)  # a million would take a minute
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        (tmp_path / "temporary").mkdir()
        with pytest.raises(TooManyRows):
            xlsx_file(TEXTS, repeat(["a"], 11), tmp_path / "a.xlsx", title="a", made=MADE)
        assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]
        assert xlsx_file(TEXTS, repeat(["a"], 10), tmp_path / "a.xlsx", title="a", made=MADE) == 10


class TestAHundredThousandRows:
    def test_are_never_held_at_once(self, tmp_path: Path) -> None:
        columns = (Column("Аталышы"), Column("№", "number"), Column("Качан", "moment"), Column("Кеч", "flag"))
        tracemalloc.start()
        try:
            written = xlsx_file(columns, many(100_000), tmp_path / "a.xlsx", title="Тизме", made=MADE)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert written == 100_000
        assert peak < LIMIT
        rows = cells(tmp_path / "a.xlsx")
        assert len(rows) == 100_001
        moment = datetime(2026, 11, 20, 9, 4, 5)  # noqa: DTZ001 - as clocks in Bishkek show it
        assert rows[-1] == ["NC-100000 Өлчөө үлгүсү жөнүндө", 100_000.0, moment, True]


def _workbook_part(title: str) -> str:
    with ZipFile(made(TEXTS, [], title=title)) as parts:
        return parts.read("xl/workbook.xml").decode()
