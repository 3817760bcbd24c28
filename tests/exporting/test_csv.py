"""CSV: read back by Python's reader and by a reader that was told of another delimiter."""

import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from unicodedata import normalize

import pytest

from service.exporting import Cell, Column, csv_lines
from tests.exporting.lists import EVIL, MADE, TEXTS, as_csv, many

LIMIT = 2_000_000  # bytes
MANY = (Column("Аталышы"), Column("№", "number"), Column("Качан", "moment"), Column("Кеч", "flag"))


def one(cell: Cell, column: Column = TEXTS[0]) -> str:
    """The cell read back."""
    return as_csv([column], [[cell]])[1][0]


def seen(cell: str) -> str:
    """What a spreadsheet makes of the beginning: spaces, quotes and what is not seen are passed over."""
    shown = "".join(sign for sign in cell if sign.isprintable() and not sign.isspace())
    return normalize("NFKC", shown.lstrip('"'))[:1]


class TestTheFile:
    def test_begins_with_the_mark_by_which_excel_knows_utf_8(self) -> None:
        raw = b"".join(csv_lines(TEXTS, []))
        assert raw == b'\xef\xbb\xbf"' + "Аталышы".encode() + b'"\r\n'

    def test_keeps_the_letters_of_kyrgyz(self) -> None:
        assert one("Өнүм, үлгү, кеңеш: ҢӨҮ") == "Өнүм, үлгү, кеңеш: ҢӨҮ"

    @pytest.mark.parametrize("words", ["a,b", 'a "b" c', "a;b", "a\nb", " a ", "№ 5 – «да»", "007"])
    def test_keeps_what_a_delimiter_or_a_quote_could_break(self, words: str) -> None:
        assert one(words) == words

    def test_ends_lines_within_a_cell_as_everywhere(self) -> None:
        assert one("a\r\nb\rc") == "a\nb\nc"

    def test_drops_what_no_file_may_hold(self) -> None:
        assert one("a\x00b\x07c\ud800d\uffffe\tf") == "abcde\tf"

    def test_refuses_a_row_of_another_length(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            as_csv(TEXTS, [["a", "b"]])


class TestACell:
    @pytest.mark.parametrize(
        ("kind", "cell", "written"),
        [
            ("number", -5, "-5"),
            ("number", -0.25, "-0.25"),
            ("number", Decimal("1234567.89"), "1234567.89"),
            ("number", float("nan"), ""),
            ("number", float("-inf"), ""),
            ("share", 0.256, "0.256"),
            ("flag", True, "TRUE"),
            ("flag", False, "FALSE"),
            ("date", date(2026, 3, 8), "2026-03-08"),
            ("date", datetime(2026, 3, 8, 20, tzinfo=UTC), "2026-03-09"),
            ("moment", datetime(2026, 3, 8, 20, 1, 2, 999, tzinfo=UTC), "2026-03-09 02:01:02"),
            ("moment", None, ""),
            ("text", "", ""),
            ("text", "-5", "-5"),
            ("text", "-5,25", "-5,25"),
            ("text", "-", "-"),
            ("number", "=1+1", "'=1+1"),
            ("date", "белгисиз", "белгисиз"),
        ],
    )
    def test_is_written_as_its_kind(self, kind: str, cell: Cell, written: str) -> None:
        assert one(cell, Column("x", kind)) == written  # type: ignore[arg-type] # each kind, from the table above

    def test_that_is_a_number_has_no_quotes(self) -> None:
        raw = b"".join(csv_lines([Column("x", "number"), Column("y")], [[-5, "-5"]]))
        assert raw.endswith(b'\r\n-5,"-5"\r\n')

    def test_refuses_a_moment_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            one(datetime(2026, 3, 8), Column("x", "moment"))  # noqa: DTZ001 - this is what is refused


class TestNothingIsCalculated:
    @pytest.mark.parametrize("words", EVIL, ids=ascii)
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_whatever_splits_the_cells(self, words: str, delimiter: str) -> None:
        rows = as_csv([Column("x", "number"), Column("y"), Column("z")], [[1, words, "end"]], delimiter=delimiter)
        assert not {seen(cell) for row in rows for cell in row} & set("=+-@")

    @pytest.mark.parametrize("words", [words for words in EVIL if words[0] in "=+-@＝"], ids=ascii)
    def test_and_what_was_written_can_be_read(self, words: str) -> None:
        assert one(words) == f"'{words}"

    def test_nor_by_a_header(self) -> None:
        assert as_csv([Column("=1+1")], [])[0] == ["'=1+1"]

    @pytest.mark.parametrize("words", ["\tx", "\rx", "\nx"], ids=ascii)
    def test_a_text_does_not_begin_with_a_tab_or_a_line(self, words: str) -> None:
        assert one(words)[0] == "'"

    @pytest.mark.parametrize("words", ["a-b", "a = b", "2+2", "a; b", "№-5", "(-5)", "почта@ysu.kg"])
    def test_and_what_is_harmless_stays(self, words: str) -> None:
        assert one(words) == words


class TestAHundredThousandRows:
    def test_are_never_held_at_once(self) -> None:
        tracemalloc.start()
        try:
            pieces = (len(piece) for piece in csv_lines(MANY, many(100_000)))
            assert sum(pieces) > 5_000_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < LIMIT

    def test_are_read_from_the_source_as_they_are_sent(self) -> None:
        source = many(100_000)
        pieces = csv_lines(MANY, source)
        next(pieces)
        assert len(list(source)) == 100_000
        source = many(100_000)
        pieces = csv_lines(MANY, source)
        next(pieces), next(pieces)
        assert 95_000 < len(list(source)) < 100_000

    def test_all_arrive(self) -> None:
        rows = as_csv(MANY, many(100_000))
        assert len(rows) == 100_001
        assert rows[-1] == ["NC-100000 Өлчөө үлгүсү жөнүндө", "100000", f"{MADE:%Y-%m-%d} 09:04:05", "TRUE"]
