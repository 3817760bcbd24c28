"""Prints that people go on writing: protocols, extracts and orders as DOCX, in three languages."""

import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from service.prints import make_docx
from service.prints.as_docx import write_docx
from service.prints.common import Signatory
from service.prints.kinds import FORMS
from service.prints.own import OURS
from service.prints.refusals import NoForm
from service.prints.sittings import Attendant
from service.prints.words import WORDS
from states.text import LANGUAGES
from tests.prints.samples import HELD, ITEM, SAMPLES, UNIVERSITY

FOUL = "{{ it.number }} {% for %} <w:p/> & \"кош\" <b>тамга</b> 'бир' ңөү 😀"
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)
OF_EACH = pytest.mark.parametrize("name", ["protocol", "extract", "order"])


def written(name: str, shape: Any, language: str = "ky") -> bytes:
    file = BytesIO()
    write_docx(FORMS[name], shape, UNIVERSITY, language, file)
    return file.getvalue()


def said(docx: bytes) -> str:
    """Paragraphs, then tables."""
    document = Document(BytesIO(docx))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


class TestTables:
    def test_have_the_widths_that_were_meant_for_word_and_for_libreoffice(self) -> None:
        tables = Document(BytesIO(written("protocol", SAMPLES["protocol"]))).tables
        widths = [round(column.width.cm) for column in tables[0].columns if column.width]
        assert widths == [1, 8, 5, 3]

    def test_to_sign_stay_together_and_break_no_names_at_the_margin(self) -> None:
        shape = SAMPLES["protocol"]
        document = Document(BytesIO(written("protocol", shape)))
        signed = document.tables[-1]
        assert [row.cells[2].text for row in signed.rows] == [one.name.ky for one in (shape.chair, shape.secretary)]
        assert signed.rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next
        assert not signed.rows[1].cells[0].paragraphs[0].paragraph_format.keep_with_next

    def test_call_nobody_by_their_post_twice(self) -> None:
        member = Attendant("Окуу бөлүмү", "Окуу бөлүмү")
        words = said(written("protocol", replace(SAMPLES["protocol"], present=[member])))
        assert "Окуу бөлүмү, Окуу бөлүмү" not in words

    def test_to_agree_have_a_line_for_each(self) -> None:
        agreed = [Signatory(f"Кызмат {number}", f"Аты {number}") for number in range(3)]
        signed = Document(BytesIO(written("order", replace(SAMPLES["order"], agreed=agreed)))).tables[-1]
        assert [row.cells[2].text for row in signed.rows] == [one.name for one in agreed]


@OF_EACH
@IN_EACH
class TestEach:
    def test_opens_and_says_what_it_was_told(self, name: str, language: str) -> None:
        words = said(written(name, SAMPLES[name], language))
        assert UNIVERSITY.name.into(language).upper() in words  # type: ignore[union-attr]  # a Text, in the samples
        assert "{" not in words
        assert "}" not in words
        if name != "order":
            assert HELD[language] in words
            assert ITEM.title.into(language) in words  # type: ignore[union-attr]  # a Text, in the samples
            assert ITEM.decision[0].into(language) in words  # type: ignore[union-attr]  # a Text, in the samples
            assert f"{WORDS['votes_for'].into(language)} – 11" in words
            assert ITEM.tasks[0].what.into(language) in words  # type: ignore[union-attr]  # a Text, in the samples
        else:
            assert WORDS["i_order"].into(language) in words
            assert SAMPLES["order"].points[1].text.into(language) in words

    def test_numbers_its_pages(self, name: str, language: str) -> None:
        with zipfile.ZipFile(BytesIO(written(name, SAMPLES[name], language))) as parts:
            footer = parts.read("word/footer1.xml").decode()
        assert footer.index('w:instr="PAGE"') < footer.index(" / ") < footer.index('w:instr="NUMPAGES"')


class TestPeoplesText:
    def test_stays_as_it_was_typed(self) -> None:
        item = replace(ITEM, title=FOUL, decision=(FOUL, "ө" * 120))
        words = said(written("protocol", replace(SAMPLES["protocol"], items=(item,), body=FOUL)))
        assert words.count(FOUL) == 4  # the body, the agenda, the item, the decision
        assert "ө" * 120 in words  # no places to break it at: it is written on

    def test_may_have_lines(self) -> None:
        words = said(written("protocol", replace(SAMPLES["protocol"], quorum="биринчи\nэкинчи")))
        assert "биринчи\nэкинчи" in words


def test_what_is_no_docx_is_refused() -> None:
    with pytest.raises(NoForm):
        written("agenda", SAMPLES["agenda"])


def test_the_templates_are_those_that_the_script_makes(tmp_path: Any) -> None:
    make_docx.make(tmp_path)
    for name in make_docx.FORMS:
        kept, made = (zipfile.ZipFile(place / f"{name}.docx").read("word/document.xml") for place in (OURS, tmp_path))
        assert kept == made


def test_every_form_that_is_a_docx_has_a_template() -> None:
    assert {form.name for form in FORMS.values() if form.docx} == set(make_docx.FORMS)
