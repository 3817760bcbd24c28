"""The controlled file as one for archives (PDF/A-2b): where each of its parts is one, and only there."""

from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from service.controlled.assemble import Assembled, Part, Stamp, assemble
from service.controlled.certificate import identity
from service.controlled.render import render
from service.controlled.seal import seal
from service.controlled.sheets import sheets_with
from service.settings import Settings
from tests.controlled.making import ADDRESS, LETTERS, NOW, Office, document, drawing, paper, words, workbook
from tests.prints.pdfs import not_pdf_a

STAMP = Stamp(UUID(int=7), "УСТ 4.09", "Алдын алуучу иш-аракеттер", 3, ADDRESS)


def bound(*parts: bytes) -> Assembled:
    return assemble([Part("Документ", one) for one in parts], STAMP)


def plain() -> bytes:
    """A part for archives."""
    return render(LETTERS.encode(), "текст.txt").pdf


def altered(pdf: bytes, alter: Any) -> bytes:
    made = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        alter(opened)
        opened.save(made)
    return made.getvalue()


class TestPartsForArchives:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("жобо.docx", document()),
            ("көрсөткүч.xlsx", workbook()),
            ("сүрөт.png", drawing()),
            ("сүрөт.jpg", drawing("JPEG")),
            ("текст.txt", LETTERS.encode()),
        ],
    )
    def test_are_what_is_rendered_here(self, name: str, content: bytes) -> None:
        made = bound(render(content, name).pdf)
        assert made.archival
        assert not_pdf_a(made.pdf) == []

    @pytest.mark.parametrize("content", [document(), workbook(chart=True)])
    def test_are_what_libreoffice_prints(self, libreoffice: str, content: bytes) -> None:
        assert libreoffice
        made = bound(render(content, "жобо").pdf, plain())
        assert made.archival
        assert not_pdf_a(made.pdf) == []

    def test_stay_so_under_the_seal(self, tmp_path: Path) -> None:
        made = bound(plain(), plain())
        by = identity(Settings(home=tmp_path), "Университет", NOW.astimezone(UTC))
        sealed = seal(made.pdf, by, "Университет", STAMP.checked_at, NOW)
        assert not_pdf_a(sealed) == ["/AcroForm in the catalogue"], "the seal's field, which a print has not"
        with pikepdf.open(BytesIO(sealed)) as opened:
            (field,) = opened.Root.AcroForm.Fields
            assert int(field.F) & 0b100111 == 0b100, "printed, never hidden (ISO 19005-2, 6.3.2)"
            assert [float(one) for one in field.Rect] == [0, 0, 0, 0], "nothing to see, so no appearance (6.3.3)"
            assert "/NeedAppearances" not in opened.Root.AcroForm
            (reference,) = field.V.Reference
            assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys()), "6.1.12"

    def test_are_described_by_signs_that_mean_something_to_xml(self) -> None:
        odd = Stamp(UUID(int=7), "УСТ 4.09", "Сапат & <башка> {жобо}", 3, ADDRESS)
        made = assemble([Part("Документ", plain())], odd)
        assert not_pdf_a(made.pdf) == []
        with pikepdf.open(BytesIO(made.pdf)) as opened, opened.open_metadata() as told:
            assert told["dc:title"] == "УСТ 4.09 Сапат & <башка> {жобо}" == str(opened.docinfo["/Title"])
            assert told["dc:description"] == told["dc:identifier"] == odd.checked_at == str(opened.docinfo["/Subject"])

    def test_make_a_file_whose_row_says_so(self, office: Office) -> None:
        revision = office.in_force({"жобо.docx": document()})
        office.make(sheets=sheets_with())
        assert office.row(revision)["how"] == "archival,pandoc"
        assert not_pdf_a(office.pdf(revision)) == ["/AcroForm in the catalogue"]


class TestAPartThatIsNot:
    @pytest.mark.parametrize(
        "given",
        [
            pytest.param(paper(), id="says nothing of the kind"),
            pytest.param(
                altered(plain(), lambda pdf: pdf.Root.OutputIntents.__delitem__(0)), id="says not in which colours"
            ),
            pytest.param(
                altered(plain(), lambda pdf: setattr(pdf.Root, "OCProperties", pikepdf.Dictionary())), id="has layers"
            ),
        ],
    )
    def test_makes_the_whole_none_and_it_claims_nothing(self, given: bytes) -> None:
        made = bound(plain(), given)
        assert not made.archival
        assert {"no pdfaid", "no output intent"} <= set(not_pdf_a(made.pdf))

    def test_for_its_font_is_not_in_it_makes_the_whole_none(self) -> None:
        def lose(pdf: pikepdf.Pdf) -> None:
            font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Arial)
            pdf.pages[0].obj.Resources.Font.Other = pdf.make_indirect(font)

        assert not bound(altered(plain(), lose)).archival

    def test_for_no_font_has_its_signs_is_rendered_all_the_same(self) -> None:
        made = render("белги \U00013000 ушул".encode(), "текст.txt")
        assert "ушул" in words(made.pdf)
        assert not bound(made.pdf).archival

    def test_harms_no_seal(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        office.make()
        assert office.row(revision)["how"] == "pdf"
