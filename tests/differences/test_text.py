"""The text of files: paragraphs in the order in which they are read, and nothing that is not part of the text."""

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from service.differences import text
from service.differences.pdf_text import joined, without_edges
from service.differences.text import TooLongError, paragraphs
from service.differences.words import HEADING, ITEM, NOTE, ROW, TEXT
from service.files.archive import UnsafeArchiveError
from tests.differences.texts import CLAUSES, docx_of, pdf_of, saved, xlsx_of
from tests.files.samples import LAUGHS, office


def texts(kind: str, content: bytes) -> list[str]:
    return [one.text for one in paragraphs(kind, content)]


class TestADocx:
    def test_is_read_in_its_order_with_headings_lists_and_tables(self) -> None:
        document = docx.Document()
        document.add_heading("Жобо", 1)
        document.add_paragraph("Биринчи.")
        table = document.add_table(rows=2, cols=2)
        for row, cells in zip(table.rows, [("Кызмат", "Мөөнөт"), ("декан", "5 күн")], strict=True):
            for cell, word in zip(row.cells, cells, strict=True):
                cell.text = word
        item = document.add_paragraph("Пункт")
        item._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"))
        found = paragraphs("docx", saved(document))
        assert [(one.text, one.style) for one in found] == [
            ("Жобо", HEADING),
            ("Биринчи.", TEXT),
            ("Кызмат | Мөөнөт", ROW),
            ("декан | 5 күн", ROW),
            ("Пункт", ITEM),
        ]

    def test_has_what_was_inserted_and_not_what_was_deleted(self) -> None:
        document = docx.Document()
        changed = parse_xml(
            f"<w:p {nsdecls('w')}><w:r><w:t>Мөөнөт </w:t></w:r>"
            '<w:del w:id="1"><w:r><w:delText>беш</w:delText><w:t>беш</w:t></w:r></w:del>'
            '<w:ins w:id="2"><w:r><w:t>он</w:t></w:r></w:ins>'
            "<w:r><w:t> күн</w:t><w:tab/><w:t>калат</w:t></w:r></w:p>"
        )
        document.element.body.insert(0, changed)
        assert texts("docx", saved(document)) == ["Мөөнөт он күн калат"]

    def test_has_what_stands_in_content_controls(self) -> None:
        document = docx.Document()
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Бекитилген</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        document.element.body.insert(0, control)
        assert texts("docx", saved(document)) == ["Бекитилген"]

    def test_keeps_a_link_and_a_hyphen_that_never_breaks(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph("01")
        run = paragraph.add_run()
        run._r.append(OxmlElement("w:noBreakHyphen"))
        link = OxmlElement("w:hyperlink")
        link.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>12</w:t></w:r>"))
        paragraph._p.append(link)
        assert texts("docx", saved(document)) == ["01-12"]

    def test_ends_with_its_footnotes(self) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        document = docx.Document()
        document.add_paragraph("Текст")
        notes = (
            f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>—</w:t></w:r></w:p>'
            '</w:footnote><w:footnote w:id="1"><w:p><w:r><w:t>Эскертме</w:t></w:r></w:p></w:footnote></w:footnotes>'
        )
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        found = paragraphs("docx", saved(document))
        assert [(one.text, one.style) for one in found] == [("Текст", TEXT), ("Эскертме", NOTE)]

    def test_with_words_of_its_own_is_not_read(self) -> None:
        with pytest.raises(UnsafeArchiveError):
            paragraphs("docx", office("docx", more={"word/settings.xml": LAUGHS}))


class TestAPdf:
    def test_is_joined_into_its_paragraphs(self) -> None:
        assert texts("pdf", pdf_of(CLAUSES[1:])) == CLAUSES[1:]

    def test_is_the_same_text_on_pages_of_another_width(self) -> None:
        wide, narrow = (texts("pdf", pdf_of(CLAUSES[1:], width)) for width in ("150mm", "90mm"))
        assert wide == narrow == CLAUSES[1:]

    def test_leaves_out_what_every_page_repeats(self) -> None:
        many = [f"{clause} {number}" for number in range(12) for clause in CLAUSES[1:]]
        found = " ".join(texts("pdf", pdf_of(many, head="Талас университети", numbers=True)))
        assert "Талас" not in found
        assert found == " ".join(many)

    def test_without_text_has_no_paragraphs(self) -> None:
        assert texts("pdf", pdf_of(["#rect()"])) == []

    def test_of_too_many_pages_is_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.differences.pdf_text.MOST_PAGES", 1)
        assert texts("pdf", pdf_of(["бир"])) == ["бир"]
        with pytest.raises(TooLongError):
            paragraphs("pdf", pdf_of(["бир", "#pagebreak()", "эки"]))


class TestLinesOfAPdf:
    FULL = "бул сап баракты толугу менен ээлейт дагы"

    def test_are_joined_where_a_word_was_broken(self) -> None:
        for sign in ("-", "\u00ad", "\u0002"):
            (found,) = joined([[f"{self.FULL} универ{sign}", "ситет"]])
            assert found.text == f"{self.FULL} университет"

    def test_keep_a_hyphen_before_a_capital_letter(self) -> None:
        (found,) = joined([[f"{self.FULL} Ысык\u0002", "Көл"]])
        assert found.text.endswith("Ысык-Көл")

    def test_keep_a_hyphen_that_the_word_has_elsewhere_too(self) -> None:
        lines = [f"{self.FULL} окуу\u0002", "усулдук кеңеш", f"{self.FULL} окуу\u0002", "чу Окуу-усулдук"]
        assert [one.text for one in joined([lines])] == [
            f"{self.FULL} окуу-усулдук кеңеш {self.FULL} окуучу Окуу-усулдук"
        ]

    def test_end_a_paragraph_where_one_is_short(self) -> None:
        found = [one.text for one in joined([[self.FULL, "кыска.", self.FULL.capitalize(), self.FULL]])]
        assert found == [f"{self.FULL} кыска.", f"{self.FULL.capitalize()} {self.FULL}"]

    def test_begin_a_paragraph_with_a_clause_or_an_item(self) -> None:
        for mark in ("2.1 ", "3) ", "- ", "• ", "а) "):
            found = [one.text for one in joined([[self.FULL, f"{mark}{self.FULL}"]])]
            assert found == [self.FULL, f"{mark}{self.FULL}"], mark

    def test_go_on_over_the_end_of_a_page(self) -> None:
        assert len(list(joined([[self.FULL, self.FULL], [self.FULL]]))) == 1

    def test_at_the_edges_stay_where_they_do_not_repeat(self) -> None:
        pages = [[f"{word} {place}" for place in ("башы", "экинчи", "үчүнчү", "аягы")] for word in ("а", "б", "в", "г")]
        assert without_edges(pages) == pages
        assert without_edges([["Талас", *page, f"{number}-бет"] for number, page in enumerate(pages)]) == pages

    def test_with_only_a_number_are_no_text(self) -> None:
        assert without_edges([[self.FULL, self.FULL, "- 7 -"]]) == [[self.FULL, self.FULL]]

    def test_in_the_middle_of_pages_may_repeat(self) -> None:
        middle = [f"сап {number}" for number in "абвгд"]
        pages = [[*(f"{page}{row}" for row in "абв"), *middle, *(f"{page}{row}" for row in "гдэ")] for page in "клмн"]
        assert without_edges(pages) == pages


class TestOthers:
    def test_a_workbook_is_its_sheets_and_rows(self) -> None:
        found = paragraphs("xlsx", xlsx_of({"Мөөнөттөр": [["код", "күн"], ["УСТ", 5.0, ""], []], "Экинчи": [[2.5]]}))
        assert [(one.text, one.style) for one in found] == [
            ("Мөөнөттөр", HEADING),
            ("код | күн", ROW),
            ("УСТ | 5", ROW),
            ("Экинчи", HEADING),
            ("2.5", ROW),
        ]

    def test_plain_text_is_its_lines_with_single_spaces(self) -> None:
        assert texts("txt", "\ufeffбир   эки\n\n үч\t\n".encode()) == ["бир эки", "үч"]

    def test_more_than_is_compared_is_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(text, "MOST_PARAGRAPHS", 2)
        assert texts("txt", b"a\nb") == ["a", "b"]
        with pytest.raises(TooLongError):
            paragraphs("txt", b"a\nb\nc")
        monkeypatch.setattr(text, "MOST_CHARACTERS", 3)
        assert texts("txt", b"abc") == ["abc"]
        with pytest.raises(TooLongError):
            paragraphs("txt", b"abcd")

    def test_a_heading_is_one_in_a_document_made_by_word(self) -> None:
        assert paragraphs("docx", docx_of(CLAUSES))[0].style == HEADING
