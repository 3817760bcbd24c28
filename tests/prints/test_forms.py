"""Each form, set for real in each language: its words, names, dates, numbers of pages, and that it is PDF/A-2b."""

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, Final
from uuid import uuid4

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types
import pytest

from service.prints.gather import _sign_off
from service.prints.kinds import FORMS
from service.prints.shapes import OrderPoint, SignOff
from service.prints.words import WORDS
from service.reading.authors import CONFIDENTIAL
from service.reading.signatures import SignatureView
from states.lifecycle import Meaning
from states.text import LANGUAGES, Text
from tests.prints.pdfs import created, not_pdf_a, pages, printed, text
from tests.prints.samples import HASH, HELD, MOMENT, SAMPLES, TITLE, UNIVERSITY, register

EVERY: Final = {**SAMPLES, "register": register(40)}
# A word of each form that it always prints.
HEADS: Final = {
    "agenda": "agenda",
    "protocol": "protocol",
    "approval": "approve",
    "sign-off": "sign_off",
    "changes": "changes",
    "acquaintance": "acquaintance",
    "order": "order",
    "nonconformity": "act",
}
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)
OF_EACH = pytest.mark.parametrize("name", list(FORMS))
# All that typst, HTML, Jinja or a shell could take for something else than text.
FOUL: Final = (
    "#set page(width: 1pt) *bold* _it_ $x^2$ @ref <label> `raw` = Head // c /* c */ \\ [b] {c} ~ -- https://x.kg/a "
    '{{ x }} {% y %} & < > #panic() #read("/etc/passwd")'
)
NAMED: Final = Text("Аты", "Имя", "Name")
LONG: Final = "ө" * 150


def sample(name: str) -> Any:
    return register(40) if name == "register" else SAMPLES[name]


@OF_EACH
@IN_EACH
class TestEachForm:
    def test_says_what_it_was_told_with_every_letter_and_number(self, name: str, language: str) -> None:
        shape = sample(name)
        pdf = printed(name, shape, language)
        said = text(pdf)
        for told in _told(replace(shape, rows=()) if name == "register" else shape, language):
            # Lines may be broken anywhere in it.
            assert _glued(told) in _glued(said), told
        assert UNIVERSITY.name.into(language).upper() in said  # type: ignore[union-attr]  # a Text, in the samples
        if name in HEADS:
            assert WORDS[HEADS[name]].into(language) in said

    def test_is_pdf_a(self, name: str, language: str) -> None:
        assert not_pdf_a(printed(name, sample(name), language)) == []

    def test_numbers_its_pages_of_how_many(self, name: str, language: str) -> None:
        every = pages(printed(name, sample(name), language))
        for number, page in enumerate(every, start=1):
            assert (f"{number} / {len(every)}" in page) is (name != "approval")  # a title page has no number


@OF_EACH
class TestTheSame:
    def test_twice_gives_the_same_bytes_and_says_the_day_of_what_it_says(self, name: str) -> None:
        first, second = printed(name, sample(name)), printed(name, sample(name))
        assert first == second
        assert created(first) == sample(name).dated


class TestDates:
    @pytest.mark.parametrize("name", ["agenda", "protocol", "extract"])
    @IN_EACH
    def test_stand_as_the_language_writes_them(self, name: str, language: str) -> None:
        said = text(printed(name, SAMPLES[name], language))
        assert HELD[language] in said
        assert not any(other in said for one, other in HELD.items() if one != language)

    def test_stand_short_in_tables(self) -> None:
        assert "28.03.2024" in text(printed("register", register(3), "ru"))
        assert "28 Mar 2024" in text(printed("register", register(3), "en"))

    @pytest.mark.parametrize(("language", "day"), [("ky", "2026-жылдын 22-ноябры"), ("ru", "22 ноября 2026 г.")])
    def test_are_not_torn_at_the_end_of_a_line(self, language: str, day: str) -> None:
        """Wherever it comes to stand in a line: the words before it are a letter longer each time."""
        points = [OrderPoint(f"{'Өзгөртүү ' * 5}{'м' * letters} {day} күчүнө кирет") for letters in range(1, 50)]
        pdf = printed("order", replace(SAMPLES["order"], points=points), language)
        lines = [
            line for page in pypdfium2.PdfDocument(pdf) for line in page.get_textpage().get_text_range().splitlines()
        ]
        assert sum(day in line for line in lines) == len(points)


class TestWhoSigns:
    def test_never_signs_a_page_with_nothing_else_on_it(self) -> None:
        """The protocol's last item comes along, wherever the page ends."""
        sample = SAMPLES["protocol"]
        for lines in range(0, 40, 2):
            first = replace(sample.items[0], heard=["Угулду"] * lines)
            *_, last = pages(printed("protocol", replace(sample, items=[first, sample.items[-1]])))
            if "Төрага" in last and "ПРОТОКОЛ" not in last:
                assert sample.items[-1].title.into("ky") in last or "УГУЛДУ" in last, lines

    def test_stands_beside_whoever_else_signs_wherever_the_page_ends(self) -> None:
        sample, split = SAMPLES["protocol"], 0
        for lines in range(24, 60):
            item = replace(sample.items[0], heard=["Угулду"] * lines)
            each = pages(printed("protocol", replace(sample, items=[item])))
            signed = [page.count("(колу)") for page in each]
            assert sorted(signed, reverse=True)[0] == 2, lines
            split += signed[-1] == 2 and len(each) > 1
        assert split


class TestPeoplesText:
    @pytest.mark.parametrize("name", list(SAMPLES))
    def test_prints_as_it_was_typed(self, name: str) -> None:
        said = text(printed(name, _foul(SAMPLES[name], f"{FOUL} {LONG}")))
        # Lines may be broken anywhere in it.
        assert _glued(FOUL) in _glued(said)
        assert LONG in said.replace(" ", "")

    def test_has_every_letter_of_kyrgyz(self) -> None:
        said = text(printed("agenda", replace(SAMPLES["agenda"], place="Ңң Өө Үү Ёё №«»")))
        assert "Ңң Өө Үү Ёё №«»" in said

    def test_prints_as_it_was_typed_in_a_register(self) -> None:
        shape = replace(register(1), title=FOUL, rows=[(FOUL, f"{LONG} {FOUL}", None, FOUL)])
        assert text(printed("register", shape)).count("#panic()") == 4

    def test_a_very_long_title_stays_on_the_sheet(self) -> None:
        """Long words are broken: otherwise they would run over the edge, where no printer puts anything."""
        pdf = printed("approval", replace(SAMPLES["approval"], title="Жобо" * 100, code="К" * 200))
        with pikepdf.open(BytesIO(pdf)) as document:
            width = float(document.pages[0].mediabox[2])
        for page in pypdfium2.PdfDocument(pdf):
            letters = page.get_textpage()
            edges = [letters.get_charbox(at)[2] for at in range(letters.count_chars())]
            assert max(edges) <= width - 28  # 10 mm

    def test_signs_that_no_font_has_become_squares_and_the_rest_stays(self) -> None:
        said = text(printed("agenda", replace(SAMPLES["agenda"], place="Зал 😀 中 № 1\x00\x07\ufffe")))
        assert "Зал □ □ № 1" in said

    @pytest.mark.parametrize("name", list(SAMPLES))
    def test_may_be_missing(self, name: str) -> None:
        """Nothing is known but what must be: the form leaves lines, and is whole."""
        shape = _emptied(SAMPLES[name])
        assert not_pdf_a(printed(name, shape)) == []

    def test_a_register_without_rows_says_so(self) -> None:
        assert "Жазуу жок." in text(printed("register", register(0)))


class TestTheFormsThemselves:
    def test_a_title_page_says_who_considered_and_who_approved(self) -> None:
        said = text(printed("approval", SAMPLES["approval"], "ru"))
        for words in (
            "РАССМОТРЕНО И ОДОБРЕНО Учёный совет Протокол № 7 28 марта 2024 г.",
            "УТВЕРЖДАЮ Ректор О. Ж. Усенов 2 апреля 2024 г. Приказ № 01-12/138",
            "Введено в действие: 1 сентября 2024 г.",
            "Кок-Жар – 2024",
        ):
            assert words in said

    def test_a_title_page_without_a_place_leaves_it_out(self) -> None:
        """Neither a dash before the year, nor anything else where it would stand."""
        sheet, bare = SAMPLES["approval"], replace(UNIVERSITY, place="")
        assert text(printed("approval", sheet, "ru")).rstrip().endswith("Кок-Жар – 2024")
        said = text(printed("approval", sheet, "ru", university=bare)).rstrip()
        assert said.endswith(" 2024")
        assert not said.endswith("– 2024")

    def test_a_title_page_without_a_numbered_order_leaves_no_line_for_one(self) -> None:
        sheet = replace(SAMPLES["approval"], order_no="")
        assert "Буйрук №" in text(printed("approval", sheet))
        assert "Буйрук №" not in text(printed("approval", replace(sheet, by_order=False)))

    def test_a_title_page_says_when_the_order_only_puts_it_in_force(self) -> None:
        said = text(printed("approval", replace(SAMPLES["approval"], enacts=True), "ru"))
        assert "ВВЕДЕНО В ДЕЙСТВИЕ Ректор О. Ж. Усенов 2 апреля 2024 г. Приказ № 01-12/138" in said
        assert "УТВЕРЖДАЮ" not in said

    def test_a_title_page_before_the_approval_leaves_lines(self) -> None:
        open_ = replace(SAMPLES["approval"], approved_on=None, order_no="", in_force_on=None, dated=date(2025, 1, 2))
        said = text(printed("approval", open_))
        assert "____" in said
        assert "2-апрели" not in said
        assert "Көк-Жар – 2025" in said

    def test_the_change_sheet_has_the_columns_of_the_manual_and_lines_to_fill_in(self) -> None:
        blank = printed("changes", replace(SAMPLES["changes"], rows=()))
        for name in ("changed_by", "clause", "changed_on"):
            assert WORDS[name].ky in text(blank)
        assert "Жазуу жок" not in text(blank)

    def test_the_act_has_its_five_parts_in_order(self) -> None:
        for language in LANGUAGES:
            said = text(printed("nonconformity", SAMPLES["nonconformity"], language))
            parts = ("act_found", "act_corrected", "act_causes", "act_actions", "act_checked")
            heads = [
                f"{no}. {WORDS[part].into(language)}"
                for no, part in zip(("I", "II", "III", "IV", "V"), parts, strict=True)
            ]
            assert [said.index(head) for head in heads] == sorted(said.index(head) for head in heads)

    def test_signatures_are_printed_whole(self) -> None:
        assert HASH in text(printed("sign-off", SAMPLES["sign-off"])).replace(" ", "")

    def test_an_order_that_is_no_draft_has_its_number_and_day(self) -> None:
        draft = text(printed("order", SAMPLES["order"], "ru"))
        order = text(printed("order", replace(SAMPLES["order"], number="17", signed_on=date(2024, 4, 3)), "ru"))
        assert "(проект)" in draft
        assert "(проект)" not in order
        assert "ПРИКАЗ № 17" in order
        assert "3 апреля 2024 г." in order

    def test_a_code_in_the_subject_of_an_order_stays_on_one_line(self) -> None:
        subject = "О введении в действие документа «Сапат менеджмент системасы боюнча колдонмо» (СК 1.03)"
        page = pypdfium2.PdfDocument(printed("order", replace(SAMPLES["order"], subject=subject), "ru"))[0]
        assert "(СК 1.03)" in page.get_textpage().get_text_range()

    def test_a_secret_vote_says_so_and_counts(self) -> None:
        said = text(printed("protocol", SAMPLES["protocol"], "ru"))
        assert "(тайное голосование): за – 10, против – 0, воздержались – 2." in said.replace("\xa0", " ")

    def test_who_is_called_by_their_post_is_called_so_once(self) -> None:
        sheet = replace(
            SAMPLES["sign-off"], rows=(replace(SAMPLES["sign-off"].rows[1], name="Проректор", post="Проректор"),)
        )
        assert text(printed("sign-off", sheet)).count("Проректор") == 1


def _glued(words: str) -> str:
    """Without what depends on where lines end: pdfium takes a hyphen there for one that was not written."""
    return "".join(words.casefold().replace("-", "").split())


def _told(value: Any, language: str) -> list[str]:
    """Every text of a shape, in the language."""
    if isinstance(value, Text):
        return [value.into(language)]
    if isinstance(value, str):
        return [value] if value != HASH and len(value) < 60 else []
    if isinstance(value, list | tuple):
        return [told for one in value for told in _told(one, language)]
    if is_dataclass(value):
        return [told for field in fields(value) for told in _told(getattr(value, field.name), language)]
    return []


def _foul(value: Any, foul: str) -> Any:
    if isinstance(value, str | Text):
        return foul
    if isinstance(value, tuple):
        return tuple(_foul(one, foul) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _foul(getattr(value, field.name), foul) for field in fields(value)})
    return value


def _emptied(shape: Any) -> Any:
    """With nothing in whatever has a default, and nothing in its lists."""
    empty = {field.name: field.default for field in fields(shape) if field.default is not MISSING}
    lists = {field.name: () for field in fields(shape) if type(getattr(shape, field.name)) is tuple}
    return replace(shape, **(empty | lists))


def test_every_form_has_a_sample_and_a_title() -> None:
    assert set(FORMS) == set(EVERY)
    assert TITLE.ky


def test_who_signed_unknown_to_the_reader_is_not_named_nor_to_be_guessed_by_a_hash() -> None:
    view = SignatureView(
        *(uuid4(), uuid4(), Meaning.READ, NAMED, NAMED, NAMED, None, MOMENT, "password", {}, ()),
        *("c0" * 32, "ab" * 32, True, None, None),
    )
    assert _sign_off(view, False) == SignOff(NAMED, NAMED, Meaning.READ.label, MOMENT, "ab" * 32)
    assert _sign_off(view, True) == SignOff(CONFIDENTIAL, "", Meaning.READ.label, MOMENT)
