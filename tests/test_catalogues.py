"""The catalogues: every sentence that people read, in Kyrgyz and Russian, saying the same with the same facts."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from service.language import CATALOGUES, DOMAIN, say, says, translations
from service.locale.extract import ROOT, sentences
from states import refusals
from states.document import LIFECYCLE
from states.lifecycle import Case
from states.refusals import Refusal
from states.registry import lifecycles
from states.roles import Role
from states.text import Text

LANGUAGES: Final = ("ky", "ru")
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)

PLACE: Final = re.compile(r"%\((\w+)\)([sd])")
LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9/-]*(?: serve| run)?")
# What is written in Latin letters everywhere: names of programs, formats and of what a program sends.
NAMES: Final = frozenset(
    {
        *("Sapat", "Prefect", "API", "JSON", "CSV", "XLSX", "UTF-8", "Windows-1251", "SMTP", "HTML", "URL", "PDF"),
        *("ETag", "If-Match", "Idempotency-Key", "Content-Type", "application/json", "make run", "sapat serve"),
        *("DOC", "DOCX", "XLS", "PPT", "PPTX", "ODT", "PNG", "JPEG", "TXT", "TSV", "XML", "DTD", "passkey"),
        *("HTTP", "POST", "HMAC-SHA-256", "SHA-256", "t", "v1", "id", "true", "false", "SAPAT", "HOSTS"),
        *(
            "Windows-1252",
            "Markdown",
            "ISO",
            "HOME",
            "DATABASE",
            "code",
            "parent",
            "name",
            "record",
            "version",
            "content",
        ),
        *("LibreOffice", "TalSU", "NSU", "QR-", "Word", "PDF/A-2b"),
        # What is typed to have LibreOffice.
        *("Debian", "apt", "install", "no-install-recommends"),
        # An address, a code and the languages, as they are typed.
        *("https", "http", "host/path", "NC-2026-007", "ky", "ru", "en"),
    }
)
PLURALS: Final = {
    "ky": {0: 1, 1: 0, 2: 1, 5: 1, 11: 1, 21: 1},
    "ru": {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 21: 0, 22: 1, 101: 0, 112: 2},
}


class Said(NamedTuple):
    """A sentence with its translation: one form, or one for each kind of number."""

    english: tuple[str, ...]
    forms: tuple[str, ...]

    def __str__(self) -> str:
        return self.english[0]

    @property
    def counts(self) -> bool:
        """Whether it has a number, and so several forms."""
        return len(self.english) > 1

    def read(self, language: str, number: int) -> str:
        """What pages and mails make of it."""
        found = translations(language)
        return found.ngettext(self.english[0], self.english[1], number) if self.counts else found.gettext(str(self))


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as lines:
        return read_po(lines, locale=language, domain=DOMAIN)


@cache
def translated(language: str) -> tuple[Said, ...]:
    return tuple(Said(_each(entry.id), _each(entry.string)) for entry in catalogue(language) if entry.id)


def _each(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, list | tuple) else (words or "",)


def told(language: str) -> Iterator[tuple[Said, str]]:
    for said in translated(language):
        for form in filter(None, said.forms):
            yield said, form


def places(words: str) -> list[tuple[str, str]]:
    return sorted(set(PLACE.findall(words)))


@IN_EACH
class TestTheCataloguesAreWhole:
    def test_they_hold_the_sentences_of_the_code_and_the_templates_and_no_other(self, language: str) -> None:
        wanted = {(entry.id, entry.context) for entry in sentences() if entry.id}
        there = {(entry.id, entry.context) for entry in catalogue(language) if entry.id}
        assert there == wanted, "`make messages` brings them up to date; then translate what is new"

    def test_each_sentence_is_translated_in_every_form(self, language: str) -> None:
        missing = [
            str(said)
            for said in translated(language)
            if not all(said.forms) or len(said.forms) != (catalogue(language).num_plurals if said.counts else 1)
        ]
        assert missing == []

    def test_none_is_doubtful_or_left_over(self, language: str) -> None:
        assert [entry.id for entry in catalogue(language) if entry.id and entry.fuzzy] == []
        assert list(catalogue(language).obsolete) == []

    def test_they_load_as_the_pages_and_mails_load_them(self, language: str) -> None:
        for said in translated(language):
            assert said.read(language, 1) == (said.forms[0] or str(said))

    def test_numbers_take_the_forms_of_the_language(self, language: str) -> None:
        plurals = [said for said in translated(language) if said.counts]
        assert plurals
        for said in plurals:
            for number, form in PLURALS[language].items():
                assert said.read(language, number) == said.forms[form], (str(said), number)


@IN_EACH
class TestATranslationSaysTheSame:
    def test_it_has_the_places_of_the_sentence_in_every_form(self, language: str) -> None:
        # The last English form names the number, which a form for 1, 21 and 101 needs as well.
        differs = [form for said, form in told(language) if places(form) != places(said.english[-1])]
        assert differs == []

    def test_a_percent_sign_stands_for_a_fact_only(self, language: str) -> None:
        for said, form in told(language):
            for words in (*said.english, form):
                assert "%" not in PLACE.sub("", words), words

    def test_it_begins_and_ends_with_the_same_space(self, language: str) -> None:
        for said, form in told(language):
            edges = [
                (words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]) for words in (str(said), form)
            ]
            assert edges[0] == edges[1], form

    def test_it_ends_as_a_sentence_where_the_english_does(self, language: str) -> None:
        ends = [form for said, form in told(language) if str(said)[-1:] in ".:" and form[-1:] not in ".:!"]
        assert ends == []

    def test_it_is_not_the_english(self, language: str) -> None:
        words = re.compile(r"[A-Za-z]")
        same = [form for said, form in told(language) if form in said.english and words.search(PLACE.sub("", form))]
        assert same == []


class TestTheWritingIsRight:
    @IN_EACH
    def test_latin_letters_stand_in_names_only(self, language: str) -> None:
        found = {word for _, form in told(language) for word in LATIN.findall(PLACE.sub("", form))}
        assert found <= NAMES

    def test_kyrgyz_uses_its_36_letters_and_russian_its_33(self) -> None:
        letters = {
            language: {sign for _, form in told(language) for sign in PLACE.sub("", form).lower() if sign > "\u0400"}
            for language in LANGUAGES
        }
        kyrgyz, russian = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
        assert letters["ky"] <= {*kyrgyz, "–", "…", "№"}
        # The Russian sentence about lost letters shows them.
        assert letters["ru"] <= {*russian, "ң", "ө", "ү", "–", "…", "№"}

    @IN_EACH
    def test_quotation_marks_are_those_of_the_language(self, language: str) -> None:
        for said, form in told(language):
            # A program's own quotes, as in an ETag, stay as they are.
            assert not set("“”„‘’'") & set(form), form
            assert ('"' in form) == ('"' in str(said)), form
            assert form.count("«") == form.count("»") == str(said).count("“"), form

    @IN_EACH
    def test_no_ending_hangs_on_a_fact(self, language: str) -> None:
        # A case ending depends on the fact's last sounds. Only what is numbered follows, hyphened.
        numbered = "сап|кеңеш|бөлүк|маселе|түзөтүү|өзгөртүү"
        hangs = re.compile(rf"%\(\w+\)[sd](?:[’']?\w|-(?!{numbered}))|\w%\(")
        assert [form for _, form in told(language) if hangs.search(form)] == []

    def test_no_full_stop_follows_a_russian_day_which_ends_with_one(self) -> None:
        # «28 марта 2024 г.»
        follows = re.compile(r"%\((?:date|day|due|original_due)\)s\.")
        assert [form for _, form in told("ru") if follows.search(form)] == []

    @IN_EACH
    def test_no_two_spaces_stand_together(self, language: str) -> None:
        assert [form for _, form in told(language) if "  " in form] == []


class TestNothingSpeaksEnglishOnly:
    """What a template shows to people goes through the catalogues."""

    TEMPLATES = tuple(
        path
        for room in ("service", "notifications")
        for path in sorted((ROOT / room).rglob("templates/**/*"))
        # The page for whoever designs components has a university's own words in it.
        if path.suffix in (".html", ".txt") and path.name != "design.html"
    )
    NAMES = frozenset({"Sapat", "API", "api", "openapi", "json", "OpenAPI", "SHA"})

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_template_holds_no_words_of_its_own(self, path: Path) -> None:
        tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text("utf-8"))
        markup = "\0".join(data.data for data in tree.find_all(nodes.TemplateData))
        heard = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"\0]+)"', markup)
        # What stands in <pre> is typed at a terminal.
        seen = re.sub(
            r"<(style|script|pre)\b.*?</\1>|<[^>]*>|aria-[\w-]+=\"[^\"\0]*|\baria-\w+", " ", markup, flags=re.DOTALL
        )
        words = re.findall(r"[^\W\d_]{2,}", " ".join([seen, *heard, *_arguments(tree)]))
        assert set(words) <= self.NAMES


def _arguments(tree: nodes.Template) -> Iterator[str]:
    """Constants that read like words for people and are not marked."""
    marked = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext", "pgettext")
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        words = constant.value if isinstance(constant.value, str) and id(constant) not in marked else ""
        if re.search(r"[A-Z][a-z]|[a-z] [a-z]|[а-яңөү]", words):
            yield words


class TestARefusalSpeaksTheReadersLanguage:
    def test_each_kind_has_words_in_each_language(self) -> None:
        kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
        assert len(kinds) > 8
        for kind in kinds:
            for sentence in filter(None, (kind.says, kind.next_step)):
                for language in LANGUAGES:
                    assert say(sentence, language) != sentence, (kind, language)

    @pytest.mark.parametrize(
        ("language", "wrong", "next_step"),
        [
            ("ky", "«Жактыруу»: муну сиз жасай албайсыз.", "Муну төмөнкүлөр жасай алат: кеңештин катчысы, ректор."),
            ("ru", "«Одобрить»: вы не можете этого сделать.", "Это может сделать: секретарь совета, ректор."),
            ("en", "“Endorse” is not yours to do.", "It may be done by: secretary of the council, rector."),
        ],
    )
    def test_names_among_its_facts_are_put_into_the_language(self, language: str, wrong: str, next_step: str) -> None:
        refusal = refusals.NotYours(
            move=Text("Жактыруу", "Одобрить", "Endorse"), who=(Role.SECRETARY.label, Role.RECTOR.label)
        )
        assert says(refusal, language) == (wrong, next_step)

    @pytest.mark.parametrize(
        ("language", "wrong"),
        [
            ("ky", "«Бекитүү» азыр мүмкүн эмес: абалы «долбоор»."),
            ("ru", "«Утвердить» сейчас невозможно: состояние «проект»."),
            ("en", "“Approve” is not possible now: the state is “draft”."),
        ],
    )
    def test_a_move_refused_by_a_lifecycle_names_the_move_and_the_state(self, language: str, wrong: str) -> None:
        case = Case("draft", {}, today=date(2026, 11, 21), roles=frozenset({Role.RECTOR}))
        with pytest.raises(refusals.NotFromHere) as refused:
            LIFECYCLE.fire(case, "approve")
        assert says(refused.value, language)[0] == wrong

    def test_the_conditions_of_moves_are_told_in_each_language(self) -> None:
        guards = [guard for one in lifecycles().values() for move in one.moves.values() for guard in move.guards]
        assert guards
        for guard in guards:
            for language in LANGUAGES:
                assert re.search("[а-яңөү]", say(guard.says, language)), guard.says
                assert re.search("[а-яңөү]", say(guard.next_step, language)), guard.next_step
