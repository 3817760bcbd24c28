"""Headings, days, answers and people as lists have them: what is read is what a person would read, or nothing."""

from datetime import date

import pytest

from service.importing.list.answers import BY_CONTENT, STEPS, read_answer
from service.importing.list.days import day_within, read_day
from service.importing.list.headings import guess, known, print_of
from service.importing.list.people import People
from service.importing.list.words import ALIASES, FIELDS
from service.organisation import organisation
from states.nonconformity_fields import KINDS, SEVERITIES, SOURCES
from tests.importing.nonconformity_lists import NOW
from tests.support.university import University


def fields(*heads: str) -> list[str]:
    return [one.field for one in guess(heads)]


class TestHeadings:
    @pytest.mark.parametrize("field", ALIASES)
    def test_are_all_names_of_one_field(self, field: str) -> None:
        assert {known(name) for name in ALIASES[field]} == {field}

    def test_of_four_languages(self) -> None:
        expected = ["reference", "found_on", "found", "responsible", "due_on", "status"]
        assert fields("№", "Күнү", "Туура келбөөчүлүк", "Жооптуу", "Мөөнөтү", "Абалы") == expected
        assert fields("№ п/п", "Дата выявления", "Несоответствие", "Ответственный", "Срок", "Статус") == expected
        assert fields("No.", "Date found", "Finding", "Responsible", "Due date", "Status") == expected
        assert fields("Nº", "Fecha de detección", "Hallazgo", "Responsable", "Fecha límite", "Estado") == expected

    def test_that_are_misspelt_are_guessed_and_not_sure(self) -> None:
        guessed = guess(("Туура келбочүлүк", "Ответсвенный", "Мөнөтү", "Жоптуу", "Коректирующие действия"))
        assert [one.field for one in guessed] == ["found", "responsible", "due_on", "", "action"]
        assert not any(one.is_sure for one in guessed)
        assert fields("Жоптуу") == ["responsible"]

    def test_of_which_two_are_alike_name_one_column(self) -> None:
        assert fields("№ п/п", "Рег. №") == ["", "reference"]
        assert fields("Дата", "Дата") == ["found_on", ""]
        assert fields("Примечание", "Комментарий") == ["note", "note"]

    def test_below_a_wider_one_are_read_with_it(self) -> None:
        assert fields("Несоответствие / дата", "Несоответствие / описание", "Корректирующее действие / дата") == [
            *("found_on", "found", "due_on"),
        ]
        assert fields("Срок / план", "Срок / факт", "Закрытие / дата") == ["due_on", "done_on", "closed_on"]

    @pytest.mark.parametrize(
        "head", ["", "Что-то ещё", "Сумма, сом", "Телефон", "x" * 500, "12.03.2025", "закрыто ли это"]
    )
    def test_that_nobody_knows_are_not_guessed(self, head: str) -> None:
        assert fields(head) == [""]

    def test_have_one_fingerprint_however_they_are_typed(self) -> None:
        assert print_of(["№", "Күнү "]) == print_of(["№", "КҮНҮ:"])
        assert print_of(["№", "Күнү"]) != print_of(["Күнү", "№"])

    def test_have_a_name_for_people(self) -> None:
        assert set(ALIASES) == set(FIELDS)


class TestDays:
    @pytest.mark.parametrize(
        ("words", "day"),
        [
            ("до 15.09.2025", date(2025, 9, 15)),
            ("15.09.2025гө чейин", date(2025, 9, 15)),
            ("2025-жылдын 15-сентябрына чейин", date(2025, 9, 15)),
            ("2025-09-15T00:00:00", date(2025, 9, 15)),
            ("15.09.2025 10:30", date(2025, 9, 15)),
            ("15 de septiembre de 2025", date(2025, 9, 15)),
            ("15 sept. 2025", date(2025, 9, 15)),
            ("by 15 September 2025", date(2025, 9, 15)),
        ],
    )
    def test_of_lists_are_read(self, words: str, day: date) -> None:
        found = read_day(words)
        assert found is not None
        assert (found.day, found.is_sure) == (day, True)

    def test_of_two_figures_for_the_year_are_not_sure(self) -> None:
        found = read_day("15.09.25")
        assert found is not None
        assert (found.day, found.is_sure) == (date(2025, 9, 15), False)

    @pytest.mark.parametrize(
        "words",
        [
            *("", "вчера", "31.02.2025", "9/15/2025", "сентябрь 2025", "2025", "01.09.2025-15.09.2025", "45900"),
            *("III квартал", "туруктуу", "15.09", "0.0.0000", "99.99.99", "15 de brumario de 2025"),
        ],
    )
    def test_that_are_no_single_day_are_not(self, words: str) -> None:
        assert read_day(words) is None

    def test_within_other_words_are_taken_out(self) -> None:
        words, day = day_within("Жабылды (12.05.2025)")
        assert words == "Жабылды"
        assert day is not None
        assert day.day == date(2025, 5, 12)
        assert day_within("с 12.05.2025 по 13.05.2025")[1] is None


class TestAnswers:
    @pytest.mark.parametrize(
        ("words", "step"),
        [
            *(("Закрыто", "closed"), ("не закрыто", BY_CONTENT), ("жабылган эмес", BY_CONTENT), ("Жабылды", "closed")),
            *(("устранено", "verification"), ("не устранено", BY_CONTENT), ("в стадии устранения", "acting")),
            *(("устранено частично", "acting"), ("аткарылды", "verification"), ("аткарылууда", "acting")),
            *(("аткарылган жок", BY_CONTENT), ("просрочено", "acting"), ("cerrada", "closed"), ("abierta", BY_CONTENT)),
            *(("no cerrada", BY_CONTENT), ("Open", BY_CONTENT), ("in progress", "acting"), ("rejected", "rejected")),
            *(("себептери талданууда", "cause_analysis"), ("отозвано", "withdrawn"), ("новое", "reported"), ("хз", "")),
        ],
    )
    def test_of_a_status(self, words: str, step: str) -> None:
        assert read_answer("status", words).value == step

    def test_are_sure_where_they_are_our_own_words(self) -> None:
        for step in STEPS:
            assert read_answer("status", step).is_sure
        for name, choices in (("kind", KINDS), ("source", SOURCES), ("severity", SEVERITIES)):
            for choice in choices:
                for words in (choice.value, *choice.label):
                    assert read_answer(name, words) == read_answer(name, choice.value)
                    assert read_answer(name, words).is_sure


class TestPeople:
    def test_are_found_by_each_name_they_have(self, university: University) -> None:
        with university.database.read() as connection:
            people = People(organisation(connection), NOW.date())
        owner = university.posts["owner"]
        for words in ("owner", "Owner (post)", "Өмүр Жазуучу", "ЖАЗУУЧУ Омур", "Жазуучу Ө.", "owner@uni.example"):
            assert people.find(words).post_id == owner, words
        assert people.find("DEPARTMENT").post_id == university.posts["head"]

    def test_that_are_only_alike_are_proposed(self, university: University) -> None:
        with university.database.read() as connection:
            people = People(organisation(connection), NOW.date())
        who = people.find("Омур Жазучу")
        assert (who.post_id, who.proposed) == (None, university.posts["owner"])

    def test_that_a_person_has_named_are_believed(self, university: University) -> None:
        with university.database.read() as connection:
            people = People(organisation(connection), NOW.date(), {"Омур Жазучу": "dean"})
        assert people.find("омур жазучу").post_id == university.posts["dean"]

    def test_without_a_post_answer_for_nothing(self, university: University) -> None:
        university.vacate("owner", NOW.date())
        with university.database.read() as connection:
            people = People(organisation(connection), NOW.date())
        assert people.find("Өмүр Жазуучу").post_id is None

    def test_beside_others_are_said(self, university: University) -> None:
        with university.database.read() as connection:
            people = People(organisation(connection), NOW.date())
        who = people.find("Никто, Ректоров А.; Деканов Д.")
        assert (who.post_id, who.rest) == (university.posts["rector"], ("Никто", "Деканов Д."))
