"""Workbooks made to be read without end: each is refused in a sentence, in a process with little memory."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.files.samples import LAUGHS, workbook

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NS: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ONE: Final = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
FAR: Final = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
# Megabytes that reading any workbook may take, the interpreter included; before it was measured first some took 3 GB.
MOST: Final = 250
READ: Final = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from service.importing.report import Report
from service.importing.table import read_table
from states.refusals import Malformed
try:
    read_table(Path(sys.argv[1]), Report("register"))
    print("read")
except Malformed as refused:
    print("refused" if refused.next_step else "refused without a way on")
# Linux counts into ru_maxrss what the process that started this one had.
own = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")] if (
    status := Path("/proc/self/status")).exists() else [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
print(int(own[0]) // 1024)
"""
Parts = dict[str, bytes]


def sheet(rows: str, before: str = "") -> bytes:
    return f"{XML}{before}<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>".encode()


def shared(texts: str, before: str = "") -> bytes:
    return f"{XML}{before}<sst {NS}>{texts}</sst>".encode()


def a_billion_laughs(parts: Parts) -> None:
    parts[SHARED], parts[SHEET] = LAUGHS, sheet(ONE)


def quadratic_blowup(parts: Parts) -> None:
    entity = f'<!DOCTYPE l [<!ENTITY a "{"x" * 100_000}">]>'
    parts[SHARED], parts[SHEET] = shared(f"<si><t>{'&a;' * 100_000}</t></si>", entity), sheet(ONE)


def an_entity_of_a_file(parts: Parts) -> None:
    entity = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    parts[SHARED], parts[SHEET] = shared("<si><t>&a;</t></si>", entity), sheet(ONE)


def an_entity_in_utf_16(parts: Parts) -> None:
    parts[SHEET] = sheet("&a0;", '<!DOCTYPE l [<!ENTITY a0 "x">]>').decode().replace("UTF-8", "UTF-16").encode("utf-16")


def a_long_text_in_many_cells(parts: Parts) -> None:
    parts[SHARED] = shared(f"<si><t>{'x' * 10_000_000}</t></si>")
    cells = '<c t="s"><v>0</v></c>' * 50
    parts[SHEET] = sheet("".join(f'<row r="{row}">{cells}</row>' for row in range(1, 1001)))


def a_text_of_a_cell_in_every_cell(parts: Parts) -> None:
    parts[SHARED] = shared(f"<si><t>{'x' * 30_000}</t></si>")
    cells = '<x:c t="s"><x:v>0</x:v></x:c>' * 90
    rows = "".join(f'<x:row r="{row}">{cells}</x:row>' for row in range(1, 5000))
    spaces = NS.replace("xmlns", "xmlns:x")
    parts[SHEET] = f"{XML}<x:worksheet {spaces}><x:sheetData>{rows}</x:sheetData></x:worksheet>".encode()


def a_text_without_end(parts: Parts) -> None:
    parts[SHARED], parts[SHEET] = shared(f"<si><t>{'x' * 60_000_000}</t></si>"), sheet(ONE)


def a_text_without_end_in_its_cell(parts: Parts) -> None:
    parts[SHEET] = sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 60_000_000}</t></is></c></row>')


def cells_without_places(parts: Parts) -> None:
    wide = "<c><v>1</v></c>" * 16_384
    parts[SHEET] = sheet(f'<row r="1">{wide}</row><row r="1048576"><c><v>1</v></c></row>')


def cells_in_small_letters(parts: Parts) -> None:
    parts[SHEET] = sheet(FAR.replace("XFD", "xfd"))


def a_sheet_by_another_name(parts: Parts) -> None:
    parts["xl/other.xml"] = sheet(FAR)
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"worksheets/sheet1.xml", b"other.xml")


def a_sheet_in_utf_16(parts: Parts) -> None:
    parts[SHEET] = sheet(FAR).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def nesting_without_end(parts: Parts) -> None:
    parts[SHEET] = sheet("<a>" * 3_000_000 + "</a>" * 3_000_000)


def nesting_in_a_part_that_nobody_needs(parts: Parts) -> None:
    parts["xl/theme/theme9.xml"] = b"<a>" * 10_000_000


def elements_without_end(parts: Parts) -> None:
    parts[SHEET] = sheet("<a/>" * 12_000_000)


def many_empty_texts(parts: Parts) -> None:
    parts[SHARED], parts[SHEET] = shared("<si/>" * 11_000_000), sheet(ONE)


def another_kind_of_workbook(parts: Parts) -> None:
    parts.clear()
    parts["mimetype"] = b"application/vnd.oasis.opendocument.spreadsheet"
    parts["META-INF/manifest.xml"] = b"<m/>"
    cell = '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
    parts["content.xml"] = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table '
        f'table:name="a"><table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def many_small_parts(parts: Parts) -> None:
    parts.update({f"xl/media/{number}.xml": b"<a/>" for number in range(501)})


def many_large_parts(parts: Parts) -> None:
    parts.update({f"xl/media/{number}.bin": b"0" * 10_000_000 for number in range(10)})


BOMBS: Final[tuple[Callable[[Parts], None], ...]] = (
    a_billion_laughs,
    quadratic_blowup,
    an_entity_of_a_file,
    an_entity_in_utf_16,
    a_long_text_in_many_cells,
    a_text_of_a_cell_in_every_cell,
    a_text_without_end,
    a_text_without_end_in_its_cell,
    cells_without_places,
    cells_in_small_letters,
    a_sheet_by_another_name,
    a_sheet_in_utf_16,
    nesting_without_end,
    nesting_in_a_part_that_nobody_needs,
    elements_without_end,
    many_empty_texts,
    another_kind_of_workbook,
    many_small_parts,
    many_large_parts,
)


def read(path: Path) -> tuple[str, int]:
    """What a process of its own makes of the workbook, and the most memory that it needed, in megabytes."""
    told = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    said, megabytes = told.stdout.split("\n")[:2]
    return said, int(megabytes)


def written(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def parts_of(folder: Path) -> Parts:
    path = folder / "good.xlsx"
    path.write_bytes(workbook())
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestABomb:
    @pytest.mark.parametrize("arm", BOMBS, ids=lambda arm: arm.__name__)
    def test_is_refused_and_takes_little_memory(self, tmp_path: Path, arm: Callable[[Parts], None]) -> None:
        parts = parts_of(tmp_path)
        arm(parts)
        path = written(tmp_path / "bomb.xlsx", parts)
        assert path.stat().st_size < 10_000_000
        said, megabytes = read(path)
        assert said == "refused"
        assert megabytes < MOST

    def test_is_not_what_people_have(self, tmp_path: Path) -> None:
        said, megabytes = read(written(tmp_path / "plain.xlsx", parts_of(tmp_path)))
        assert said == "read"
        assert megabytes < 100
