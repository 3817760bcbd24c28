"""One file as PDF: nothing lost in silence, nothing run, nothing fetched, whoever is without LibreOffice."""

import io
import os
import stat
import time
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest

from service.controlled import confine, office
from service.controlled.assemble import Part, Stamp, assemble
from service.controlled.confine import own_folder, run, work
from service.controlled.office import LIBREOFFICE, PANDOC
from service.controlled.refusals import NO_LIBREOFFICE, NOT_SHOWN, REASONS, NotRendered, TookTooLongError
from service.controlled.render import AS_IT_IS, PLAIN, SIMPLIFIED, render
from tests.controlled.making import (
    LETTERS,
    changed,
    darkest,
    document,
    drawing,
    encrypted,
    paper,
    picture,
    with_part,
    words,
    workbook,
)
from tests.files.samples import office as office_file
from tests.files.samples import zipped


@pytest.fixture
def soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LibreOffice that notes how it was called, and prints a page."""
    (tmp_path / "page.pdf").write_bytes(paper("LibreOffice"))
    program = tmp_path / "soffice"
    program.write_text(
        f"""#!/bin/sh
printf '%s\\n' "$@" > {tmp_path}/called
cp -r profile {tmp_path}/profile
mkdir -p made && cp {tmp_path}/page.pdf made/given.pdf
"""
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("service.controlled.render.libreoffice", lambda: str(program))
    return program


def refused(content: bytes, name: str = "жобо") -> NotRendered:
    with pytest.raises(NotRendered) as raised:
        render(content, name)
    return raised.value


class TestAPdf:
    def test_stays_byte_for_byte_what_it_is(self) -> None:
        given = paper(pages=3)
        made = render(given, "жобо.pdf")
        assert (made.pdf, made.pages, made.how) == (given, 3, AS_IT_IS)
        assert AS_IT_IS not in SIMPLIFIED

    @pytest.mark.parametrize("password", ["сыр", ""])
    def test_that_is_encrypted_is_refused_also_where_it_opens_without_a_password(self, password: str) -> None:
        refusal = refused(encrypted(paper(), password), "жобо.pdf")
        assert (refusal.says, refusal.facts["name"]) == (REASONS["encrypted"], "жобо.pdf")

    def test_without_a_single_page_is_refused(self) -> None:
        empty = io.BytesIO()
        pikepdf.new().save(empty)
        assert refused(empty.getvalue()).says == REASONS["pages"]

    def test_that_is_no_pdf_inside_is_refused(self) -> None:
        assert refused(b"%PDF-1.7\nnothing of the kind\n%%EOF\n").says == REASONS["broken"]

    def test_whose_form_only_one_program_shows_is_refused(self) -> None:
        made = io.BytesIO()
        with pikepdf.open(io.BytesIO(paper())) as opened:
            opened.Root.NeedsRendering = True
            opened.Root.AcroForm = pikepdf.Dictionary(XFA=opened.make_stream(b"<xdp/>"), Fields=pikepdf.Array())
            opened.save(made)
        assert refused(made.getvalue()).says == REASONS["xfa"]

    def test_with_more_notes_than_can_be_drawn_in_time_is_refused(self) -> None:
        assert refused(noted(10_001)).says == REASONS["notes"]
        assert render(noted(10), "жобо.pdf").pages == 1

    def test_whose_pages_no_reader_could_turn_is_broken_not_tried_again(self) -> None:
        made = io.BytesIO()
        with pikepdf.open(io.BytesIO(paper())) as opened:
            opened.pages[0].obj.Rotate = pikepdf.Name.X
            opened.save(made)
        assert refused(made.getvalue()).says == REASONS["broken"]

    def test_that_only_binding_finds_broken_is_told_so(self) -> None:
        made = io.BytesIO()
        with pikepdf.open(io.BytesIO(paper())) as opened:
            opened.pages[0].obj.Rotate = pikepdf.Name.X
            opened.save(made)
        stamp = Stamp(uuid4(), "УСТ 4.09", "Стандарт", 1, "https://a.example")
        with pytest.raises(NotRendered) as broken:
            assemble([Part("Барак", paper()), Part("жобо.pdf", made.getvalue())], stamp)
        assert (broken.value.says, broken.value.facts["name"]) == (REASONS["broken"], "жобо.pdf")


def noted(count: int) -> bytes:
    """A PDF with so many squares drawn on its page."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        look = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 10, 10])
        drawn = pdf.make_stream(b"0 0 10 10 re f", look)
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 10, 10])
        note.AP = pikepdf.Dictionary(N=drawn)
        one = pdf.make_indirect(note)
        pdf.pages[0].obj.Annots = pikepdf.Array([one] * count)
        pdf.save(made)
    return made.getvalue()


class TestADocx:
    def test_keeps_its_words_lists_tables_and_pictures_without_libreoffice(self) -> None:
        made = render(document(), "жобо.docx")
        text = words(made.pdf)
        assert made.how == PANDOC
        assert PANDOC in SIMPLIFIED
        for one in (
            "Алдын алуучу иш-аракеттер",
            "1. Жалпы жоболор",
            LETTERS,
            "• биринчи",
            "1. номерленген",
            "Мөөнөтү",
            "беш күн",
        ):
            assert one in text
        assert darkest(picture(made.pdf)) < 100, "the red square is there"

    def test_says_in_signs_what_would_mean_something_to_typst(self) -> None:
        assert r'#import "@preview/x:1.0.0" $a$ `b` *c* _d_ <e> @f \g' in words(render(document(), "жобо.docx").pdf)

    def test_is_set_alike_each_time(self) -> None:
        assert render(document(), "жобо.docx").pdf == render(document(), "жобо.docx").pdf

    def test_of_many_pages_of_table_is_not_cut(self) -> None:
        import io

        import docx

        made = docx.Document()
        table = made.add_table(rows=0, cols=1)
        for number in range(150):
            table.add_row().cells[0].text = f"сап-{number}-сап"
        kept = io.BytesIO()
        made.save(kept)
        done = render(kept.getvalue(), "жобо.docx")
        assert done.pages > 2
        assert all(f"сап-{number}-сап" in words(done.pdf) for number in range(150))

    def test_with_a_picture_that_only_word_draws_is_refused_rather_than_shown_without(self) -> None:
        import io
        import zipfile

        given, made = document(), io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(given)) as old, zipfile.ZipFile(made, "w") as new:
            for one in old.namelist():
                content = old.read(one).replace(b"image1.png", b"image1.emf").replace(b'"png"', b'"emf"')
                new.writestr(one.replace("image1.png", "image1.emf"), content)
        refusal = refused(made.getvalue(), "жобо.docx")
        assert (refusal.says, refusal.facts) == (NOT_SHOWN, {"name": "жобо.docx"})

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param(with_part(document(), "word/vbaProject.bin", b"\xd0\xcf"), id="macros"),
            pytest.param(document()[:-40], id="cut off"),
            pytest.param(zipped({"a": b"0" * 300_000_000}), id="unpacks to too much"),
            pytest.param(
                office_file(
                    more={"word/settings.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}
                ),
                id="entities from elsewhere",
            ),
        ],
    )
    def test_that_is_dangerous_is_refused_before_any_program_opens_it(
        self, given: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.controlled.render.own_folder", lambda: pytest.fail("it was opened"))
        assert refused(given).says == REASONS["broken"]

    def test_is_printed_by_libreoffice_where_it_is_there(self, soffice: Path, tmp_path: Path) -> None:
        made = render(document(), "жобо.docx")
        assert made.how == LIBREOFFICE
        assert LIBREOFFICE not in SIMPLIFIED
        assert words(made.pdf).startswith("LibreOffice")
        called = (tmp_path / "called").read_text().splitlines()
        assert {"--headless", "--convert-to", "pdf"} <= set(called)
        assert any(one.startswith("-env:UserInstallation=file:///") and "/sapat-" in one for one in called)
        profile = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text()
        for name in ("DisableMacrosExecution", "BlockUntrustedRefererLinks"):
            assert f'"{name}" oor:op="fuse"><value>true</value>' in profile


class TestAWorkbook:
    def test_is_set_sheet_by_sheet_without_what_is_hidden(self) -> None:
        made = render(workbook(), "көрсөткүч.xlsx")
        text = words(made.pdf)
        assert (made.how, made.pages) == (PLAIN, 1)
        assert "Көрсөткүчтөр Бириккен баш" in text
        assert "Сап 2 3 3" in text
        assert "1,5" in text
        assert "көрүнбөйт" not in text

    def test_of_many_rows_is_not_cut(self) -> None:
        made = render(workbook(400), "көрсөткүч.xlsx")
        text = words(made.pdf)
        assert all(f"Сап {row} " in text for row in range(1, 400))

    @pytest.mark.parametrize(("rows", "columns"), [(3, 60), (6000, 2)])
    def test_larger_than_paper_is_refused_not_cut(self, rows: int, columns: int) -> None:
        assert refused(workbook(rows, columns), "көрсөткүч.xlsx").says == REASONS["table"]

    def test_with_pictures_is_for_libreoffice_alone(self) -> None:
        assert refused(workbook(chart=True), "көрсөткүч.xlsx").says == NOT_SHOWN

    def test_with_pictures_is_printed_by_libreoffice_where_it_is_there(self, soffice: Path) -> None:
        assert soffice
        assert render(workbook(chart=True), "көрсөткүч.xlsx").how == LIBREOFFICE
        assert render(workbook(), "көрсөткүч.xlsx").how == PLAIN


class TestWhatElseRecordsHold:
    def test_a_picture_gets_a_page_and_is_seen(self) -> None:
        for kind in ("PNG", "JPEG"):
            made = render(drawing(kind), "сүрөт")
            assert (made.how, made.pages) == (PLAIN, 1)
            assert darkest(picture(made.pdf)) < 100

    def test_plain_text_is_set_line_by_line_and_means_nothing_to_typst(self) -> None:
        made = render(f'{LETTERS}\n\n#read("/etc/passwd") $x$\n'.encode(), "текст.txt")
        assert f'{LETTERS} #read("/etc/passwd") $x$' in words(made.pdf)

    def test_a_presentation_needs_libreoffice(self) -> None:
        refusal = refused(office_file("pptx"), "сабак.pptx")
        assert (refusal.says, refusal.facts["name"]) == (NO_LIBREOFFICE, "сабак.pptx")


class TestWhateverRenders:
    def test_is_ended_in_time_with_all_that_it_started(self, tmp_path: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(TookTooLongError):
            run(["/bin/sh", "-c", f"(sleep 60; touch {tmp_path}/late) & echo $! > child; wait"], tmp_path, 1)
        assert time.monotonic() - begun < 10
        child = int((tmp_path / "child").read_text())
        time.sleep(0.2)
        assert not _alive(child)

    def test_has_no_more_memory_than_it_is_given(self, tmp_path: Path) -> None:
        hungry = tmp_path / "hungry.py"
        hungry.write_text("x = bytearray(3_000_000_000)")
        assert "MemoryError" in run([str(hungry)], tmp_path, 20, 500)

    def test_sees_nothing_of_our_secrets(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SAPAT_OIDC_CLIENT_SECRET", "купуя")
        assert run(["/bin/sh", "-c", "env > environment"], tmp_path) == ""
        told = (tmp_path / "environment").read_text()
        assert "SAPAT" not in told
        assert "https_proxy=http://127.0.0.1:9" in told

    def test_reaches_no_network_where_the_system_lets_it_do_without(self, tmp_path: Path) -> None:
        look = tmp_path / "look.py"
        look.write_text("import socket,pathlib;pathlib.Path('names').write_text(repr(socket.if_nameindex()))")
        assert run([str(look)], tmp_path) == ""
        names = (tmp_path / "names").read_text()
        if "'eth" in names or "'en" in names:
            pytest.skip("this system lets no process leave the network")
        assert "lo" in names

    def test_leaves_nothing_behind(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(confine, "mkdtemp", lambda prefix: str(tmp_path / prefix))
        (tmp_path / "sapat-").mkdir()
        render(paper(), "жобо.pdf")
        assert list(tmp_path.iterdir()) == []

    def test_reads_nothing_outside_of_its_folder(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("купуя")
        with own_folder() as folder:
            (folder / "a.typ").write_text(f'#read("{secret}")')
            with pytest.raises(Exception, match="file not found"):
                office.typeset("a.typ", folder)
            (folder / "b.typ").write_text('#import "@preview/cetz:0.3.1"')
            with pytest.raises(Exception, match=r"package|failed"):
                office.typeset("b.typ", folder)

    def test_says_why_a_page_of_odd_size_is_one_all_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(changed(paper(), MediaBox=[0, 0, 0, 0]))
        assert work("pdf", tmp_path, {"file": "a.pdf"})["pages"] == 1


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
