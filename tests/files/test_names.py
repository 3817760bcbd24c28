"""Names that people gave: kept as far as no system and no eye trips over them."""

import pytest

from service.files.names import clean_name
from service.files.refusals import NotAccepted

PDF = "application/pdf"


class TestAName:
    @pytest.mark.parametrize(
        "name",
        [
            "Жобо.pdf",
            "Үй-бүлө, өнөр жана ңаалат № 4.09 (соңку).pdf",
            "УСТ 4.09 — долбоор.pdf",
            "50% даяр.pdf",
            "x.tar.pdf",
            "ЖОБО.PDF",
        ],
    )
    def test_of_kyrgyz_words_is_kept(self, name: str) -> None:
        assert clean_name(name, PDF) == name

    @pytest.mark.parametrize(
        ("name", "cleaned"),
        [
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\Users\\айбек\\Жобо.pdf", "Жобо.pdf"),
            ("..pdf", "pdf.pdf"),
            (".htaccess.pdf", "htaccess.pdf"),
            ("", "file.pdf"),
            ("///", "file.pdf"),
            ("Жобо", "Жобо.pdf"),
            ("Жобо 4.09", "Жобо 4.09.pdf"),
            ("  Жобо  .pdf. ", "Жобо.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
            ("a\x00b\x1bc\x7f.pdf", "abc.pdf"),
            ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
            ("\u2066a\u2069\u200b\ufeff.pdf", "a.pdf"),
            ("a\u2028b\u0085c.pdf", "abc.pdf"),
            ("Жобои\u0306.pdf", "Жобой.pdf"),
            ('a<b>"c|d?e*.pdf', "a_b__c_d_e_.pdf"),
            ("CON.pdf", "_CON.pdf"),
            ("nul.2026.pdf", "_nul.2026.pdf"),
            ("com¹.pdf", "_com¹.pdf"),
            ("LPT9 .pdf", "_LPT9.pdf"),
            ("console.pdf", "console.pdf"),
            ("\ud800.pdf", "pdf.pdf"),
        ],
    )
    def test_loses_what_is_dangerous(self, name: str, cleaned: str) -> None:
        assert clean_name(name, PDF) == cleaned

    @pytest.mark.parametrize("name", ["ө" * 500 + ".pdf", "ө" * 500, "nul." + "a" * 500 + ".pdf"])
    def test_is_at_most_two_hundred_letters_long_and_keeps_its_ending(self, name: str) -> None:
        cleaned = clean_name(name, PDF)
        assert len(cleaned) == 200
        assert cleaned.endswith(".pdf")

    @pytest.mark.parametrize(
        "name", ["a.exe", "a.pdf.exe", "a.docx", "a.pdf/../b.html", "a.pdf\u202e.exe", "a.html", "a.SVG", "a.7z"]
    )
    def test_whose_ending_is_of_another_kind_is_refused(self, name: str) -> None:
        with pytest.raises(NotAccepted, match="PDF"):
            clean_name(name, PDF)

    def test_may_have_any_ending_of_its_kind(self) -> None:
        assert clean_name("a.jpeg", "image/jpeg") == "a.jpeg"
        assert clean_name("a.csv", "text/plain") == "a.csv"

    def test_that_was_cleaned_stays(self) -> None:
        for name in ("CON.pdf", "..pdf", "a\\b:c.pdf", "é" * 300):
            cleaned = clean_name(name, PDF)
            assert clean_name(cleaned, PDF) == cleaned
