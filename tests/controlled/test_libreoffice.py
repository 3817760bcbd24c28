"""What the real LibreOffice makes of documents: as people wrote them, alone, in time, fetching and running nothing."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types
import pytest

from service.controlled import confine
from service.controlled.assemble import Part, Stamp, assemble
from service.controlled.confine import own_folder
from service.controlled.office import FORMS, LIBREOFFICE, by_libreoffice
from service.controlled.refusals import (
    NOT_LOADED,
    REASONS,
    NotRendered,
    TookTooLongError,
    WorkFailedError,
)
from service.controlled.render import Rendered, render
from tests.controlled.making import ADDRESS, LETTERS, darkest, document, drawing, picture, words, workbook
from tests.controlled.written import (
    FOOTER,
    HEADER,
    letter,
    linking,
    odt,
    picture_at,
    replaced,
    section_at,
    with_open_changes,
)
from tests.files.samples import office as office_file
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("libreoffice")
A4 = (595, 842)


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    return [(round(page.get_width()), round(page.get_height())) for page in pypdfium2.PdfDocument(pdf)]


def fonts(pdf: bytes) -> dict[str, bool]:
    """The families of all fonts, and whether the font is in the file."""
    found = {}
    with pikepdf.open(BytesIO(pdf)) as opened:
        for one in opened.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                name = str(one.FontName).partition("+")[2].partition("-")[0]
                found[name] = any(f"/FontFile{n}" in one for n in ("", "2", "3"))
    return found


def is_red(pdf: bytes) -> bool:
    """Whether the red square of `drawing` is on the first page."""
    shown = pypdfium2.PdfDocument(pdf)[0].render().to_pil().convert("RGB")
    return any(red > 150 and green < 80 for _, (red, green, _blue) in shown.getcolors(1 << 24))


class TestADocument:
    def test_is_printed_with_headers_footers_tables_and_pages_on_their_side(self) -> None:
        made = render(letter(pages=4), "жобо.docx")
        assert (made.how, made.pages, made.changes) == (LIBREOFFICE, 4, False)
        assert sizes(made.pdf) == [A4, A4, A4, A4[::-1]]
        for page in range(4):
            assert HEADER in words(made.pdf, page)
            assert FOOTER in words(made.pdf, page)
        assert all(f"Үлгү {row}-{column}" in words(made.pdf, 0) for row in (0, 1) for column in (0, 1))
        assert "Жатык барак" in words(made.pdf, 3)

    @pytest.mark.parametrize(
        ("asked", "stands"),
        [
            ("Times New Roman", "LiberationSerif"),
            ("Arial", "LiberationSans"),
            ("Courier New", "LiberationMono"),
            ("Calibri", "Carlito"),
            ("Cambria", "LiberationSerif"),
            ("Aptos", "Carlito"),
            ("Tahoma", "LiberationSans"),
        ],
    )
    def test_has_the_letters_of_the_language_in_one_font_with_all_others(self, asked: str, stands: str) -> None:
        made = render(letter(asked), "жобо.docx")
        assert words(made.pdf, 0).count(LETTERS) == 2, "upright and bold, each letter in its place"
        assert fonts(made.pdf) == {stands: True}

    def test_keeps_its_lists_and_pictures(self) -> None:
        made = render(document(), "жобо.docx")
        for one in ("Алдын алуучу иш-аракеттер", "биринчи", "1. номерленген", "беш күн", "#import"):
            assert one in words(made.pdf)
        assert is_red(made.pdf)

    def test_of_a_hundred_pages_is_whole_and_is_stamped_page_by_page(self) -> None:
        made = render(letter(pages=100), "жобо.docx")
        assert made.pages == 100
        assert all(f"Барак-{number}-барак" in words(made.pdf, number - 1) for number in range(2, 100))
        stamp = Stamp(UUID(int=7), "УСТ 4.09", "Аталыш", 3, ADDRESS)
        bound = assemble([Part("Документ", made.pdf)], stamp)
        assert bound.pages == 100
        assert "100 / 100" in words(bound.pdf, 99)
        assert sizes(bound.pdf) == sizes(made.pdf)

    def test_says_that_its_changes_are_open_and_shows_them_as_word_does(self) -> None:
        made = render(with_open_changes(), "жобо.docx")
        assert made.changes
        assert words(made.pdf) == "Башы кошулганөчүрүлгөн"

    def test_of_openoffice_is_printed_too(self) -> None:
        made = render(odt("<text:p>Ортосу</text:p>"), "жобо.odt")
        assert (made.how, words(made.pdf)) == (LIBREOFFICE, "Башы Ортосу Аягы")


class TestAWorkbook:
    def test_with_pictures_is_printed_with_them(self) -> None:
        made = render(workbook(chart=True), "көрсөткүч.xlsx")
        assert made.how == LIBREOFFICE
        assert "Бириккен баш" in words(made.pdf)
        assert "көрүнбөйт" not in words(made.pdf)
        assert is_red(made.pdf)


class TestWhatCannotBePrinted:
    @pytest.mark.parametrize(
        ("name", "given"),
        [
            ("жобо.docx", replaced(document(), {"word/document.xml": b"<a/>"})),
            ("көрсөткүч.xlsx", replaced(workbook(chart=True), {"xl/workbook.xml": b"<a/>"})),
        ],
    )
    def test_for_it_makes_no_sense_is_refused_rather_than_an_empty_page(self, name: str, given: bytes) -> None:
        assert _refused(given, name) == (REASONS["empty"], {"name": name})

    def test_for_there_is_no_program_for_it_or_it_is_damaged_is_said_so(self) -> None:
        assert _refused(office_file("pptx"), "сабак.pptx") == (NOT_LOADED, {"name": "сабак.pptx"})

    @pytest.mark.parametrize("target", ["https://uni.example/logo.png", "file:///C:/Users/a/logo.png", "logo.png"])
    def test_for_its_picture_is_elsewhere_is_refused_rather_than_shown_without(self, target: str) -> None:
        assert _refused(linking(target), "жобо.docx") == (REASONS["linked"], {"name": "жобо.docx"})
        assert _refused(odt(picture_at(f"../{target}")), "жобо.odt") == (REASONS["linked"], {"name": "жобо.odt"})

    def test_but_a_picture_that_is_linked_and_kept_inside_is_shown(self) -> None:
        assert is_red(render(linking("https://uni.example/logo.png", inside=True), "жобо.docx").pdf)


class TestWhatIsElsewhere:
    """The file goes straight to LibreOffice, past the checks before it."""

    @pytest.mark.parametrize("confined", [True, False], ids=["without network", "with a network"])
    def test_is_not_asked_for(
        self, libreoffice: str, asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, confined: bool
    ) -> None:
        if not confined:
            _let_have_network(monkeypatch, tmp_path)
        for name, given in _reaching(asked[0]):
            assert not is_red(_printed(libreoffice, name, given))
        assert asked[1:] == []

    def test_is_asked_for_where_nothing_hinders_it(
        self, libreoffice: str, asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """So that what hinders it is seen to."""
        _let_have_network(monkeypatch, tmp_path)
        monkeypatch.setattr(confine, "_environment", lambda folder: {"PATH": os.environ["PATH"], "HOME": str(folder)})
        monkeypatch.setattr("service.controlled.office.FORMS", tmp_path)
        (tmp_path / "fonts.conf").write_text((FORMS / "fonts.conf").read_text())
        (tmp_path / "libreoffice.xcu").write_text(
            '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"/>'
        )
        assert is_red(_printed(libreoffice, "given.docx", linking(f"{asked[0]}/a.png")))
        assert len(asked) > 1

    def test_on_this_machine_is_not_shown(self, libreoffice: str, tmp_path: Path) -> None:
        (tmp_path / "secret.png").write_bytes(drawing())
        (tmp_path / "secret.txt").write_text("купуя")
        here = tmp_path.as_uri()
        for name, given in _reaching(here, "secret.png"):
            assert not is_red(_printed(libreoffice, name, given))
        shown = words(_printed(libreoffice, "given.odt", odt(section_at(f"{here}/secret.txt"))))
        assert shown == "Башы мурунку Аягы"


class TestAConversion:
    def test_that_hangs_is_ended_with_all_that_it_started(
        self, libreoffice: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.controlled.office.LIBREOFFICE_SECONDS", 1)
        begun = time.monotonic()
        with own_folder() as folder:
            with pytest.raises(TookTooLongError):
                _print_in(folder, libreoffice, "given.docx", letter(pages=4000))
            assert time.monotonic() - begun < 10
            assert _running(folder) == []

    def test_dies_with_whoever_wanted_it(self, libreoffice: str, tmp_path: Path) -> None:
        (tmp_path / "given.docx").write_bytes(letter(pages=4000))
        program = "import sys; from pathlib import Path; from service.controlled.office import by_libreoffice; "
        program += "here = Path(sys.argv[2]); by_libreoffice(sys.argv[1], here / 'given.docx', here, 'a')"
        told = [sys.executable, "-c", program, libreoffice, str(tmp_path)]
        wanting = subprocess.Popen(told, cwd=Path(__file__).parents[2])
        _wait_until(lambda: any("soffice.bin" in one for one in _running(tmp_path)))
        wanting.kill()
        wanting.wait()
        _wait_until(lambda: _running(tmp_path) == [])

    def test_goes_on_beside_another(self) -> None:
        made = together([lambda n=n: render(letter(pages=n), f"{n}.docx") for n in (3, 4)])  # type: ignore[misc]  # a default binds n
        assert [one.pages for one in made if isinstance(one, Rendered)] == [3, 4], made

    def test_has_no_more_memory_than_it_is_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.controlled.office.LIBREOFFICE_MEGABYTES", 150)
        with pytest.raises(WorkFailedError, match="LibreOffice"):
            render(document(), "жобо.docx")

    def test_says_of_its_pdf_that_it_is_for_archives(self) -> None:
        with pikepdf.open(BytesIO(render(document(), "жобо.docx").pdf)) as opened, opened.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")
            assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert darkest(picture(render(document(), "жобо.docx").pdf)) < 100


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The address of a server on this machine, and behind it whatever was asked of it."""
    told: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(drawing())

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.append(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def _reaching(address: str, name: str = "a.png") -> list[tuple[str, bytes]]:
    there = f"{address}/{name}"
    return [("given.docx", linking(there)), ("given.odt", odt(picture_at(there) + section_at(there)))]


def _let_have_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Workers as they are where the system lets no process do without a network."""
    there = tmp_path / "workers"
    there.mkdir()
    for worker in confine.WORKERS.glob("*.py"):
        (there / worker.name).write_text(worker.read_text().replace("        leave_network()\n", "        pass\n"))
    monkeypatch.setattr(confine, "WORKERS", there)


def _printed(program: str, name: str, given: bytes) -> bytes:
    with own_folder() as folder:
        return _print_in(folder, program, name, given)


def _print_in(folder: Path, program: str, name: str, given: bytes) -> bytes:
    (folder / name).write_bytes(given)
    return by_libreoffice(program, folder / name, folder, name).read_bytes()


def _refused(given: bytes, name: str) -> tuple[str, dict[str, str]]:
    with pytest.raises(NotRendered) as raised:
        render(given, name)
    return raised.value.says, raised.value.facts


def _running(folder: Path) -> list[str]:
    """The commands of processes that work in this folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = one.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if f"{folder.as_uri()}/profile" in command:
            found.append(command)
    return found


def _wait_until(so: "object") -> None:
    assert callable(so)
    deadline = time.monotonic() + 30
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
