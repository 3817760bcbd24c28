"""What tests of controlled files share: revisions with files, documents of every kind, pages that are looked at."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import docx
import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types
import segno
import typst
import xlsxwriter
from docx.shared import Cm
from PIL import Image, ImageDraw

from models import tables as t
from models.database import Database
from service.controlled import rows
from service.controlled.make import Sheets, make, store_of
from service.files.attachments import remember
from service.settings import Settings
from tests.support.university import University, at, order, protocol

NOW = at(2026, 4, 6)
ADDRESS = "https://sapat.uni.example"
LETTERS = "Өзгөчө үлгүлөр жаңы: ң ө ү Ң Ө Ү"


def paper(text: str = LETTERS, width: float = 595, height: float = 842, pages: int = 1) -> bytes:
    """A PDF of pages that are full to their edges: a frame, the text on top, a word in the lower right corner."""
    one = f"#rect(width: 100%, height: 100%, stroke: 2pt, inset: 12pt)[{text}]#place(bottom + right, dx: -6pt)[ылдый]"
    head = f'#set page(width: {width}pt, height: {height}pt, margin: 4pt)\n#set text(font: "Libertinus Serif")\n'
    made = typst.compile((head + "#pagebreak()".join([one] * pages)).encode(), ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def changed(pdf: bytes, **facts: Any) -> bytes:
    """The same with facts of its first page set: Rotate, MediaBox, CropBox, UserUnit."""
    made = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        for name, value in facts.items():
            opened.pages[0].obj[f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value
        opened.save(made)
    return made.getvalue()


def encrypted(pdf: bytes, password: str) -> bytes:
    """The same, encrypted; with the empty password anybody may open it."""
    made = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(made, encryption=pikepdf.Encryption(owner="ээси", user=password, R=6))
    return made.getvalue()


def document(text: str = LETTERS, picture: bytes | None = None) -> bytes:
    """A DOCX as offices write them: a title, a heading, lists, a table, a picture, a note in its foot."""
    made = docx.Document()
    made.add_heading("Алдын алуучу иш-аракеттер", 0)
    made.add_heading("1. Жалпы жоболор", 1)
    made.add_paragraph(text)
    made.add_paragraph('Белгилер: #import "@preview/x:1.0.0" $a$ `b` *c* _d_ <e> @f \\g')
    for one in ("биринчи", "экинчи"):
        made.add_paragraph(one, style="List Bullet")
    made.add_paragraph("номерленген", style="List Number")
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Аталышы", "Мөөнөтү"
    row = table.add_row()
    row.cells[0].text, row.cells[1].text = "Кароо", "беш күн"
    made.add_picture(BytesIO(picture or drawing()), width=Cm(5))
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def drawing(kind: str = "PNG") -> bytes:
    """A red square."""
    made = Image.new("RGB", (80, 80), "white")
    ImageDraw.Draw(made).rectangle((10, 10, 70, 70), fill=(220, 0, 0))
    kept = BytesIO()
    made.save(kept, kind)
    return kept.getvalue()


def workbook(rows_: int = 3, columns: int = 3, *, chart: bool = False) -> bytes:
    """A workbook with a merged heading, numbers, and a hidden sheet."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Көрсөткүчтөр")
        sheet.merge_range(0, 0, 0, 1, "Бириккен баш")
        for row in range(1, rows_):
            sheet.write_row(row, 0, [f"Сап {row}", *(row * 1.5 for _ in range(columns - 1))])
        hidden = book.add_worksheet("Жашыруун")
        hidden.write(0, 0, "көрүнбөйт")
        hidden.hide()
        if chart:
            sheet.insert_image(5, 5, "red.png", {"image_data": BytesIO(drawing())})
    return made.getvalue()


def with_part(office: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part more."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(office)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, old.read(one))
        new.writestr(name, content)
    return made.getvalue()


def words(pdf: bytes, page: int | None = None) -> str:
    """The text of a page or of all, without line ends, as a reader's search finds it."""
    opened = pypdfium2.PdfDocument(pdf)
    numbers = range(len(opened)) if page is None else [page]
    return " ".join(" ".join(opened[n].get_textpage().get_text_range().split()) for n in numbers)


def picture(pdf: bytes, page: int = 0, scale: float = 2) -> Image.Image:
    """A page as readers show it, in grey."""
    shown: Image.Image = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil()
    return shown.convert("L")


def darkest(shown: Image.Image) -> int:
    """The darkest point of a picture in grey: 0 is black."""
    return next(value for value, count in enumerate(shown.histogram()) if count)


def code_on(pdf: bytes, page: int, told: str) -> bool:
    """Whether the page carries exactly the QR code of `told` at its lower right corner, as a camera would see it."""
    matrix = [[bool(one) for one in row] for row in segno.make(told, error="m", micro=False, boost_error=False).matrix]
    shown = picture(pdf, page, 4)
    square, edge = 15 / 25.4 * 72 * 4, 5 / 25.4 * 72 * 4
    left, top, step = shown.width - edge - square, shown.height - edge - square, square / len(matrix)
    seen = [
        [shown.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))) < 128 for x in range(len(matrix))]  # type: ignore[operator]  # one channel
        for y in range(len(matrix))
    ]
    return seen == matrix


def two_sheets(_database: Database, _record: UUID) -> Sheets:
    """Sheets that nobody fills in: fast."""
    return Sheets(paper("Бекитүү барагы"), paper("Өзгөртүүлөр"))


@dataclass
class Office:
    """A university with a data folder, in which controlled files are made."""

    university: University
    home: Path
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, base_url=ADDRESS, **self.more)

    def in_force(self, files: Mapping[str, bytes], when: datetime = NOW) -> UUID:
        """A revision with these files that came into force then, and whose controlled file has been asked for."""
        revision = self.university.draft(when)
        for name, content in files.items():
            self.attach(revision, name, content, when)
        self.university.go(revision, "submit", "owner", when)
        for secretary in ("sec_ouk", "sec_ok"):
            self.university.go(revision, "endorse", secretary, when, **protocol("1", when))
        # One order of a year has one day: those of other days have other numbers.
        number = 138 if when == NOW else 1000 + when.timetuple().tm_yday
        self.university.go(revision, "approve", "rector", when, **order(f"01-12/{number}", when, when.date()))
        self.ask(revision, when)
        return revision

    def attach(self, revision: UUID, name: str, content: bytes, when: datetime = NOW) -> None:
        store = store_of(self.settings)
        kept = store.keep(content)
        with self.university.database.write() as connection:
            remember(connection, store, kept, when, self.university.people["owner"])
        told = {"sha256": kept.sha256, "name": name, "size": kept.size, "media_type": kept.media_type}
        self.university.go(revision, "attach_file", "owner", when, file=told)

    def ask(self, revision: UUID, when: datetime = NOW) -> None:
        with self.university.database.write() as connection:
            rows.ask(connection, revision, when)

    def make(self, when: datetime = NOW, sheets: Any = two_sheets) -> dict[str, int]:
        return make(self.university.database, self.settings, sheets, when, lambda: when)

    def row(self, revision: UUID) -> dict[str, Any]:
        return self.university.one(t.controlled_file, t.controlled_file.c.record_id == revision)

    def pdf(self, revision: UUID) -> bytes:
        return b"".join(store_of(self.settings).read(self.row(revision)["sha256"]))
