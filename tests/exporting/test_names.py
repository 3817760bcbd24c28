"""The names under which exported lists are saved."""

from datetime import date

import pytest

from service.exporting import file_name
from service.web.pages.files import disposition

DAY = date(2026, 11, 20)


class TestTheNameOfAFile:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Кечиккен иштер", "Кечиккен иштер 2026-11-20.xlsx"),
            ("УСТ 4.09 / 2\\3", "УСТ 4.09 2 3 2026-11-20.xlsx"),
            ("a:b\u202e*", "a_b_ 2026-11-20.xlsx"),
            ("", "2026-11-20.xlsx"),
            ("ү" * 300, "ү" * 184 + " 2026-11-20.xlsx"),
        ],
    )
    def test_says_what_and_when(self, title: str, name: str) -> None:
        assert file_name(title, DAY, "xlsx") == name

    def test_reaches_the_browser_with_its_letters(self) -> None:
        told = disposition(file_name("Өнүм", DAY, "csv"))
        assert told == (
            "attachment; filename=\"____ 2026-11-20.csv\"; filename*=UTF-8''%D3%A8%D0%BD%D2%AF%D0%BC%202026-11-20.csv"
        )
