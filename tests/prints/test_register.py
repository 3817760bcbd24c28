"""Registers of any length: set in pieces, they are the same to the reader, and cost the memory of one piece."""

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from subprocess import run
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types
import pytest

from service.prints import pieces
from service.prints.shapes import Register
from tests.prints.pdfs import not_pdf_a, pages, printed
from tests.prints.samples import RECTOR, register

ROOT = Path(__file__).parents[2]


def at_once(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(pieces, "AT_ONCE", rows)


def uneven(rows: int) -> Register:
    """Rows of one line and of many, some so high that they run over from page to page."""
    texts = ["Жобо", "Узун аталыш " * 40, "Өтө узун аталыш " * 400]
    return replace(
        register(0),
        rows=((f"УСТ {no}", texts[2 if no % 41 == 0 else no % 7 == 0], None, "") for no in range(1, rows + 1)),
    )


class TestPieces:
    @pytest.mark.parametrize("of", [register, uneven])
    @pytest.mark.parametrize("size", [42, 43, 60, 97])
    def test_look_as_if_they_had_been_set_at_once(self, of: Any, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 10_000)
        whole = pages(printed("register", of(250)))
        at_once(monkeypatch, size)
        assert pages(printed("register", of(250))) == whole

    def test_begin_with_a_whole_row(self) -> None:
        """Rows of several lines are not divided between pages, where they would fit on one."""
        rows = [(f"УСТ {no}", "Узун аталыш " * (5 + 7 * (no % 5)), None, "") for no in range(1, 61)]
        every = pages(printed("register", replace(register(0), rows=rows)))
        assert len(every) > 3
        assert all(re.match(r"№ Шифри .{,60}? Жооптуу \d+ УСТ \d+ Узун", page) for page in every[1:])

    def test_never_run_over_the_edge_of_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 42)
        shape = replace(register(0), rows=[("УСТ 1", "Өтө узун аталыш " * 400, None, ""), *uneven(50).rows])
        pdf = printed("register", shape)
        assert " ".join(pages(pdf)).count("Өтө узун") == 800
        for page in pypdfium2.PdfDocument(pdf):
            letters = page.get_textpage()
            lowest = min(letters.get_charbox(at)[1] for at in range(letters.count_chars()))
            assert lowest > 20  # points from the lower edge: the page's number is the last of it

    def test_are_printed_though_every_row_runs_over_its_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 4)
        rows = [(f"УСТ {no}", "Өтө узун аталыш " * 333, None, "") for no in range(1, 11)]
        said = " ".join(pages(printed("register", replace(register(0), rows=rows))))
        assert said.count("узун") == 3330
        assert [said.count(f" УСТ {no} ") for no in range(1, 11)] == [1] * 10

    def test_are_pdf_a_when_joined(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 60)
        pdf = printed("register", register(200))
        assert len(pages(pdf)) > 3
        assert not_pdf_a(pdf) == []

    def test_give_the_same_bytes_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 60)
        assert printed("register", register(150)) == printed("register", register(150))

    def test_are_headed_once_and_signed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 60)
        every = pages(printed("register", register(200), "ru"))
        assert ["Реестр документов" in page for page in every] == [True] + [False] * (len(every) - 1)
        assert [str(RECTOR.name.ru) in page for page in every] == [False] * (len(every) - 1) + [True]  # type: ignore[union-attr]  # a Text, in the samples
        assert all("Наименование документа" in page for page in every[:-1])

    @pytest.mark.parametrize("rows", [59, 60, 61, 120, 121])
    def test_lose_no_row_at_their_borders(self, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once(monkeypatch, 60)
        said = " ".join(pages(printed("register", register(rows))))
        assert [f"УСТ {no} " in said for no in range(1, rows + 2)] == [True] * rows + [False]

    def test_read_their_rows_as_they_come(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No more rows lie in memory than one piece, and the one after it."""
        at_once(monkeypatch, 60)
        read, ahead = 0, []

        def counted(shape: Register) -> Iterator[Any]:
            nonlocal read
            for row in shape.rows:
                read += 1
                yield row

        def noted(*told: Any, **more: Any) -> Any:
            ahead.append(read)
            return compiled(*told, **more)

        compiled = pieces.compiled
        monkeypatch.setattr(pieces, "compiled", noted)
        printed("register", replace(register(0), rows=counted(register(300))))
        assert ahead[0] == 61
        assert max(later - before for before, later in itertools.pairwise(ahead)) <= 61


class TestMemory:
    @pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read as Linux counts it")
    def test_is_that_of_one_piece_however_long_the_register(self) -> None:
        short, long = peaks(2_000), peaks(6_000)
        assert long[0] <= short[0] * 1.15  # typst's process
        assert long[1] <= short[1] + 25  # our own
        assert long[0] < 250


def peaks(rows: int) -> tuple[float, float]:
    """Megabytes at most, of the processes that set it and of the one that joins, in a Python of its own."""
    code = (
        "import resource; from tests.prints.pdfs import printed; from tests.prints.samples import register\n"
        f"printed('register', register({rows}))\n"
        "print(*(resource.getrusage(of).ru_maxrss / 1024 for of in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)))"
    )
    told = run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    children, own = map(float, told.stdout.split())
    return children, own


def test_a_form_of_ones_own_that_marks_no_rows_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.prints.refusals import FormBroken

    at_once(monkeypatch, 60)
    tmp_path.joinpath("register.typ").write_text('#import "form.typ": *\n#for row in it.rows [#row.first() \\ ]\n')
    with pytest.raises(FormBroken) as refused:
        printed("register", register(100), folder=tmp_path)
    assert refused.value.facts["file"] == "register.typ"


def test_pages_of_a_joined_register_open(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once(monkeypatch, 60)
    with pikepdf.open(BytesIO(printed("register", register(150)))) as document:
        assert document.check_pdf_syntax() == []
