"""A university's own: its name, coat of arms, forms and fonts; and what is said where one of them is broken."""

import json
import os
import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document

from service.prints import compile as compiling
from service.prints.as_docx import write_docx
from service.prints.common import University
from service.prints.kinds import FORMS
from service.prints.own import OURS, university
from service.prints.refusals import FormBroken, TooLong
from states.text import Text
from tests.prints.pdfs import not_pdf_a, printed, text
from tests.prints.samples import SAMPLES, UNIVERSITY

COAT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#a00"/></svg>'
NAMED = Text("Аты", "Имя", "Name")


class TestWhoItIs:
    def test_is_what_sapat_knows_where_nothing_is_said(self, tmp_path: Path) -> None:
        assert university(None, NAMED) == University(NAMED)
        assert university(tmp_path, NAMED) == University(NAMED)
        assert university(tmp_path / "none", NAMED) == University(NAMED)

    def test_is_what_its_folder_says(self, tmp_path: Path) -> None:
        told = {"name": {"ky": "ТалМУ", "ru": "ТалГУ"}, "place": "Талас", "ministry": {"ky": "Министрлик"}}
        tmp_path.joinpath("university.json").write_text(json.dumps(told), "utf-8")
        assert university(tmp_path, NAMED) == University(
            Text("ТалМУ", "ТалГУ", "ТалМУ"), "Талас", Text("Министрлик", "Министрлик", "Министрлик")
        )

    def test_has_the_coat_of_arms_that_lies_there(self, tmp_path: Path) -> None:
        tmp_path.joinpath("coat.svg").write_text(COAT)
        found = university(tmp_path, NAMED)
        assert found.coat == "coat.svg"
        with_coat = printed("protocol", SAMPLES["protocol"], folder=tmp_path, university=found)
        assert not_pdf_a(with_coat) == []
        assert with_coat != printed("protocol", SAMPLES["protocol"], university=replace(found, coat=None))

    @pytest.mark.parametrize(
        ("told", "line"),
        [('{"name": "a",\n "place": }', 2), ("[1]", 1), ('{"coat": "none.svg"}', 1), ('{"coat": 7}', 1)],
    )
    def test_is_said_where_that_is_broken(self, told: str, line: int, tmp_path: Path) -> None:
        tmp_path.joinpath("university.json").write_text(told)
        with pytest.raises(FormBroken) as refused:
            university(tmp_path, NAMED)
        assert refused.value.facts["file"] == "university.json"
        assert refused.value.facts["line"] == line

    def test_has_no_coat_from_elsewhere(self, tmp_path: Path) -> None:
        folder = tmp_path / "forms"
        folder.mkdir()
        tmp_path.joinpath("secret.svg").write_text(COAT)
        folder.joinpath("university.json").write_text('{"coat": "../secret.svg"}')
        with pytest.raises(FormBroken):
            university(folder, NAMED)


class TestForms:
    def test_of_its_own_stand_in_place_of_ours_one_by_one(self, tmp_path: Path) -> None:
        own = '#import "form.typ": *\n#show: sheet\nБиздин форма: #it.number, #words.chair, #it.held_on.words'
        tmp_path.joinpath("protocol.typ").write_text(own, "utf-8")
        said = text(printed("protocol", SAMPLES["protocol"], folder=tmp_path))
        assert "Биздин форма: 7, Төрага, 2024-жылдын 28-марты" in said
        assert "УГУЛДУ" not in said
        assert "УГУЛДУ" in text(printed("extract", SAMPLES["extract"], folder=tmp_path))

    def test_may_change_what_all_of_them_share(self, tmp_path: Path) -> None:
        form = OURS.joinpath("form.typ").read_text("utf-8")
        tmp_path.joinpath("form.typ").write_text(
            form.replace("upper(university.name)", "[★ #university.name]"), "utf-8"
        )
        said = text(printed("agenda", SAMPLES["agenda"], folder=tmp_path))
        assert f"{UNIVERSITY.name.into('ky')}" in said  # type: ignore[union-attr]  # a Text, in the samples

    @pytest.mark.parametrize(
        ("form", "line", "about"),
        [
            ('#import "form.typ": *\n\n#nothing-like-that', 3, "unknown variable: nothing-like-that"),
            ("#let x = (", 1, "unclosed delimiter"),
            ('#import "form.typ": *\n#it.no_such_field', 2, "no_such_field"),
            ('#read("../../../../../../etc/passwd")', 1, "escape"),
            ('#import "none.typ": *', 1, "file not found"),
            ('#import "@preview/cetz:0.3.0"', 1, "package"),
        ],
    )
    def test_that_are_broken_say_file_line_and_why_and_no_path(
        self, form: str, line: int, about: str, tmp_path: Path
    ) -> None:
        tmp_path.joinpath("agenda.typ").write_text(form)
        with pytest.raises(FormBroken) as refused:
            printed("agenda", SAMPLES["agenda"], folder=tmp_path)
        facts = refused.value.facts
        assert (facts["file"], str(facts["line"])) == ("agenda.typ", str(line))
        assert about in str(facts["message"])
        assert tempfile.gettempdir() not in str(refused.value)
        assert str(tmp_path) not in str(refused.value)

    def test_cannot_read_what_lies_beside_them(self, tmp_path: Path) -> None:
        """Only forms, pictures and fonts are laid out for typst: a password left in the folder is not."""
        tmp_path.joinpath("secret.txt").write_text("secret")
        tmp_path.joinpath("agenda.typ").write_text('#read("secret.txt")')
        with pytest.raises(FormBroken):
            printed("agenda", SAMPLES["agenda"], folder=tmp_path)

    def test_of_a_docx_stand_in_place_of_ours(self, tmp_path: Path) -> None:
        document = Document()
        document.add_paragraph("Биздин буйрук: {{ it.subject }}")
        document.save(str(tmp_path / "order.docx"))
        assert docx_text("order", tmp_path) == "Биздин буйрук: Сапат документтерин ишке киргизүү жөнүндө"

    @pytest.mark.parametrize("broken", ["{{ it.subject", "{% for x in %}", "{{ ''.__class__.__mro__[1] }}"])
    def test_of_a_docx_that_are_broken_are_refused(self, broken: str, tmp_path: Path) -> None:
        document = Document()
        document.add_paragraph(broken)
        document.save(str(tmp_path / "order.docx"))
        with pytest.raises(FormBroken) as refused:
            docx_text("order", tmp_path)
        assert refused.value.facts["file"] == "order.docx"

    def test_of_a_docx_that_are_none_are_refused(self, tmp_path: Path) -> None:
        tmp_path.joinpath("order.docx").write_bytes(b"not a file of that kind")
        with pytest.raises(FormBroken):
            docx_text("order", tmp_path)


class TestLimits:
    def test_of_time_end_a_form_that_never_ends(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiling, "SECONDS", 1)
        tmp_path.joinpath("agenda.typ").write_text(
            "#let slow(n) = { let sum = 0; for one in range(3000000) { sum += calc.rem(one, n) }; sum }\n"
            "#for n in range(1, 500) [#slow(n)]"
        )
        with pytest.raises(TooLong):
            printed("agenda", SAMPLES["agenda"], folder=tmp_path)

    @pytest.mark.skipif(os.name != "posix", reason="only there can memory be limited")
    def test_of_memory_end_a_form_that_wants_it_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiling, "MEMORY", 700 << 20)
        tmp_path.joinpath("agenda.typ").write_text('#let a = range(100000000).map(n => "текст" + str(n))\n#a.len()')
        with pytest.raises(TooLong):
            printed("agenda", SAMPLES["agenda"], folder=tmp_path)

    def test_of_what_it_knows_keep_secrets_from_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: dict[str, Any] = {}
        run = compiling.subprocess.run  # type: ignore[attr-defined]  # what it imports

        def watched(*command: Any, **how: Any) -> Any:
            seen.update(how)
            return run(*command, **how)

        monkeypatch.setenv("SAPAT_OIDC_CLIENT_SECRET", "secret")
        monkeypatch.setattr(compiling.subprocess, "run", watched)  # type: ignore[attr-defined]  # what it imports
        assert pikepdf.open(BytesIO(printed("agenda", SAMPLES["agenda"]))).pages
        assert "secret" not in json.dumps(seen["env"])
        assert not any(name.startswith("SAPAT") for name in seen["env"])


def docx_text(name: str, folder: Path) -> str:
    file = BytesIO()
    write_docx(FORMS[name], SAMPLES[name], UNIVERSITY, "ky", file, folder)
    return "\n".join(one.text for one in Document(file).paragraphs)
