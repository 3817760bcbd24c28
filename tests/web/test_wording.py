"""What pages say in words: one is not said as many are."""

import pytest

from service.web.pages.wording import late_by, missed


class TestOneAndMany:
    @pytest.mark.parametrize(
        ("count", "said"),
        [(1, "1 earlier one could not be sent in time"), (3, "3 earlier ones could not be sent in time")],
    )
    def test_of_what_was_missed(self, count: int, said: str) -> None:
        assert missed(count, "en") == said

    @pytest.mark.parametrize(
        ("days", "language", "said"),
        [
            (1, "en", "late 1 working day"),
            (2, "en", "late 2 working days"),
            (1, "ru", "просрочено на 1 раб. день"),
            (3, "ru", "просрочено на 3 раб. дня"),
            (15, "ru", "просрочено на 15 раб. дней"),
        ],
    )
    def test_of_what_is_late(self, days: int, language: str, said: str) -> None:
        assert late_by(days, language) == said
