"""Kyrgyz as it is written and looked for."""

from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.kyrgyz import (
    ALPHABET,
    MONTHS,
    day_in_words,
    day_short,
    file_name,
    fold,
    moment_in_words,
    parse_day,
    sort_key,
)
from states.text import LANGUAGES

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))

# Nineteen words in the order of the 36 letters, ё a letter of its own after е, small letters first.
SORTED = [
    "ача", "ел", "ель", "Ёлка", "жобо", "Жобо", "йод", "кагаз", "Кеңеш", "на", "ңа", "ооз", "Өлчөө", "өнүм",
    "улут", "үлгү", "ыр", "эл", "яблоко",
]  # fmt: skip


class TestSearching:
    @pytest.mark.parametrize(
        ("asked", "kept"),
        [
            ("кенеши", "Кеңеши"),
            ("жонундо", "жөнүндө"),
            ("ЖУРГУЗУУ", "жүргүзүү"),
            ("елка", "Ёлка"),
            ("ученый", "Учёный"),
            ("сапат", "САПАТ"),
            ("йод", "и\u0306од"),
            ("уст 4.09", "УСТ\u00a04.09 "),
        ],
    )
    def test_finds_what_was_typed_on_a_russian_keyboard(self, asked: str, kept: str) -> None:
        assert fold(asked) == fold(kept)

    def test_keeps_apart_what_are_different_letters(self) -> None:
        assert fold("иод") != fold("йод")

    @given(st.text())
    def test_folding_twice_is_folding_once(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestSorting:
    def test_the_alphabet_has_36_letters(self) -> None:
        assert len(set(ALPHABET)) == len(ALPHABET) == 36
        assert sorted(ALPHABET, key=sort_key) == list(ALPHABET)
        assert sorted(ALPHABET.upper(), key=sort_key) == list(ALPHABET.upper())

    def test_words_stand_as_in_a_kyrgyz_dictionary(self) -> None:
        mixed = SORTED[:]
        Random(7).shuffle(mixed)
        assert sorted(mixed, key=sort_key) == SORTED

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("УСТ 4.09", "УСТ 4.10"),
            ("3.2", "3.10"),
            ("9", "10"),
            ("УСТ 4.9", "УСТ 4.10"),
            ("ЖЖ 3.19", "ЖЖ 3.19:2"),
            ("ЖЖ 3.2", "УСТ 1.01"),
            ("УН 1", "УС 1"),
            ("2", "а"),
            ("я", "a"),
            ("", "а"),
            ("жобо", "жобо 2"),
            ("жобо 2", "жобого"),
            ("жобо", "Жобо"),
            ("Жобо", "жобочу"),
            ("0", "1"),
            ("0" * 70 + "1", "2"),
        ],
    )
    def test_numbers_stand_by_their_value_and_short_before_long(self, before: str, after: str) -> None:
        assert sort_key(before) < sort_key(after)

    def test_both_ways_of_writing_a_letter_are_one(self) -> None:
        assert sort_key("и\u0306од") == sort_key("йод")

    @given(st.text(), st.text())
    def test_only_what_reads_the_same_has_the_same_key(self, one: str, other: str) -> None:
        if sort_key(one) == sort_key(other):
            assert fold(one) == fold(other) or not (one + other).isprintable()

    @given(st.text())
    def test_a_key_can_be_stored(self, text: str) -> None:
        key = sort_key(text)
        key.encode()
        assert "\x00" not in key

    @given(st.lists(st.integers(0, 10**9), min_size=2))
    def test_numbered_things_stand_in_their_order(self, numbers: list[int]) -> None:
        for one, other in pairwise(numbers):
            assert (sort_key(f"ЖЖ {one}") < sort_key(f"ЖЖ {other}")) == (one < other)


class TestADayInWords:
    def test_is_written_as_official_texts_write_it(self) -> None:
        day = date(2024, 3, 28)
        assert [day_in_words(day, language) for language in LANGUAGES] == [
            "2024-жылдын 28-марты",
            "28 марта 2024 г.",
            "28 March 2024",
        ]
        assert [day_short(day, language) for language in LANGUAGES] == ["28.03.2024", "28.03.2024", "28 Mar 2024"]

    def test_is_kyrgyz_where_the_language_is_unknown(self) -> None:
        assert day_in_words(date(2000, 7, 25), "kk") == "2000-жылдын 25-июлу"

    def test_names_twelve_months(self) -> None:
        assert len(MONTHS) == 12

    def test_of_a_moment_is_the_day_in_bishkek(self) -> None:
        late = datetime(2024, 3, 27, 20, 5, tzinfo=UTC)
        assert moment_in_words(late, "ky") == "2024-жылдын 28-марты, 02:05"
        assert moment_in_words(late, "ru") == "28 марта 2024 г., 02:05"
        assert moment_in_words(late, "en") == "28 March 2024, 02:05"

    def test_of_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            moment_in_words(datetime(2024, 3, 28), "ky")  # noqa: DTZ001 - that is the fault


class TestADayIsRead:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("« 28 » март 2024 ж.", date(2024, 3, 28)),
            ("« 28 » 03 2024 ж.", date(2024, 3, 28)),
            ("1.09.2021-жылы", date(2021, 9, 1)),
            ("28.03.2024-жылы", date(2024, 3, 28)),
            ("2000-жылдын 25-июлундагы", date(2000, 7, 25)),
            ("2000-жылдын 7-декабрында", date(2000, 12, 7)),
            ("2015-жылдын 17-февралында", date(2015, 2, 17)),
            ("2009-ж.28-июлда", date(2009, 7, 28)),
            ("19.05.2010-жыл", date(2010, 5, 19)),
            ("21-январь 2011-жылдагы", date(2011, 1, 21)),
            ("28-февраль 2011-жылы", date(2011, 2, 28)),
            ("2017-жылдын 5-апрелдеги", date(2017, 4, 5)),
            ("2017-жылдын 19-апрелиндеги", date(2017, 4, 19)),
            ("2024-жылдын 14-майындагы", date(2024, 5, 14)),
            ("2024-ж., 28-март", date(2024, 3, 28)),
            ("2024-03-28", date(2024, 3, 28)),
            ("28.03.2024", date(2024, 3, 28)),
            ("28/03/2024", date(2024, 3, 28)),
            ("8.3.2024", date(2024, 3, 8)),
            ("3 мая 2024 года", date(2024, 5, 3)),
            ("«28»\u00a0марта\u00a02024 г.", date(2024, 3, 28)),
            ("28 March 2024", date(2024, 3, 28)),
        ],
    )
    def test_in_the_forms_documents_have(self, text: str, day: date) -> None:
        assert parse_day(text) == day
        assert parse_day(text.upper()) == day

    @pytest.mark.parametrize("language", LANGUAGES)
    @given(day=DAYS)
    def test_as_it_was_written(self, language: str, day: date) -> None:
        assert parse_day(day_in_words(day, language)) == day
        assert parse_day(day_short(day, language)) == day

    @pytest.mark.parametrize(
        "text",
        [
            "", "№5", "март 2024", "28-марты", "19-апрелиндеги", "2024", "2024-28-03", "28.03.24", "28/3/24",
            "31.02.2024", "0.03.2024", "28.13.2024", "28.03/2024", "028.03.2024", "28.03.20244", "28.03.0024",
            "28 мартышка 2024", "3 ма 2024", "28 марта 2024 и 29", "2017-жылдын 5-апрелдеги, 19-апрелиндеги",
            "٢٨.٠٣.٢٠٢٤", "28.03.9999", "28 мрт 2024",
        ],
    )  # fmt: skip
    def test_never_out_of_nonsense(self, text: str) -> None:
        assert parse_day(text) is None

    @given(st.text())
    def test_without_ever_failing(self, text: str) -> None:
        parse_day(text)


class TestTheNameOfAFile:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("УСТ 4.09: жобо", "UST-4.09-jobo"),
            ("Окумуштуулар кеңешинин чечими", "Okumushtuular-kengeshinin-chechimi"),
            ("туура келбөөчүлүк", "tuura-kelboochuluk"),
            ("Протокол №5.pdf", "Protokol-No5.pdf"),
            ("../../etc/passwd", "etc-passwd"),
            (".htaccess", "htaccess"),
            ("con", "file-con"),
            ("Ъ", "file"),
            ("", "file"),
            ("café", "cafe"),
        ],
    )
    def test_is_what_every_system_takes(self, text: str, name: str) -> None:
        assert file_name(text) == name

    @given(st.text())
    def test_is_never_anything_else(self, text: str) -> None:
        name = file_name(text)
        assert name
        assert name.isascii()
        assert len(name) <= 105
        assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
        assert name[0] not in ".-"
        assert ".." not in name
