"""Which passwords are taken, and what is kept of them."""

import asyncio
from unicodedata import normalize

import pytest

from service.accounts.passwords import Passwords
from service.accounts.refusals import Busy
from service.accounts.strength import COMMON, TOO_LONG, TOO_SHORT, weakness
from tests.accounts.browsing import quick

OWN = ("dean", "dean@uni.example", "Декан Деканов", "Dekan Dekanov")


class TestAPasswordIsRefused:
    @pytest.mark.parametrize("password", ["", "short", "elevenchars", "жашыл-терек", "ﬁﬁﬁﬁﬁ"])
    def test_that_is_shorter_than_twelve_characters(self, password: str) -> None:
        assert weakness(password, OWN) == TOO_SHORT

    def test_that_is_longer_than_256(self) -> None:
        assert weakness("ab7-" * 64 + "x", OWN) == TOO_LONG

    @pytest.mark.parametrize(
        "password",
        [
            *("password1234", "Password2024!", "P@ssw0rd!2024", "qwertyuiop123", "1qaz2wsx3edc", "123456789012"),
            *("iloveyou1234", "administrator", "Admin123456!", "sapat-sapat-1", "Sapat2026Sapat", "letmeinletmein"),
            *(
                "aaaaaaaaaaaa",
                "abababababab",
                "abcdefghijkl",
                "zxcvbnmasdfgh",
                "111122223333",
            ),
            *(
                "correcthorsebatterystaple",
                "йцукенгшщзхъ",
                "парольпароль",
                "Кыргызстан2024",
                "бишкек123456",
                "ысык-көл-2025",
                "manas2024manas",
            ),
            *("dean12345678", "Деканов-2026", "dekanov!dekanov", "dean@uni.example"),
        ],
    )
    def test_that_whoever_guesses_tries_first(self, password: str) -> None:
        assert weakness(password, OWN) == COMMON


class TestAPasswordIsTaken:
    @pytest.mark.parametrize(
        "password",
        [
            *(
                "жол боюндагы көк терек 41",
                "kettle violet hammock",
                "tr0ub4dor&3xkcd",
                "x7#Kp2!mQ9vL",
                "            .kzfhwp",
            ),
            *("тоодо кар калың жатат", "ёлка-слон-гудок-7", "🐎🐎🐎 тулпар чапты", "9f86d081884c"),
        ],
    )
    def test_in_any_alphabet_whatever_its_characters(self, password: str) -> None:
        assert weakness(password, OWN) is None


class TestWhatIsKept:
    def test_is_argon2id_with_parameters_above_the_least_that_owasp_names(self) -> None:
        passwords = Passwords()
        kept = asyncio.run(passwords.hash("жол боюндагы көк терек"))
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert asyncio.run(passwords.verify("жол боюндагы көк терек", kept)) == (True, None)
        passwords.close()

    def test_is_the_same_however_a_keyboard_composes_its_letters(self) -> None:
        passwords = quick()
        kept = asyncio.run(passwords.hash(normalize("NFC", "кайрадан й ушундай")))
        assert asyncio.run(passwords.verify(normalize("NFD", "кайрадан й ушундай"), kept)).right
        passwords.close()

    def test_is_renewed_when_the_parameters_have_changed(self) -> None:
        weak, strong = quick(), Passwords(time_cost=2, memory_kib=64, lanes=1)
        kept = asyncio.run(weak.hash("жол боюндагы"))
        right, renewed = asyncio.run(strong.verify("жол боюндагы", kept))
        assert right
        assert renewed is not None
        assert "t=2" in renewed
        assert asyncio.run(strong.verify("башка нерсе", kept)) == (False, None)
        weak.close()
        strong.close()

    def test_is_compared_at_the_same_cost_where_nothing_is_kept(self) -> None:
        passwords = quick()
        assert asyncio.run(passwords.verify("жол боюндагы", None)) == (False, None)
        assert passwords.verifications == 1
        passwords.close()


class TestTooManyAtOnce:
    def test_are_told_to_come_again(self) -> None:
        passwords = Passwords(time_cost=1, memory_kib=8192, lanes=1)

        async def all_at_once() -> list[object]:
            return await asyncio.gather(*(passwords.verify("x", None) for _ in range(100)), return_exceptions=True)

        refused = [one for one in asyncio.run(all_at_once()) if isinstance(one, Busy)]
        assert len(refused) == 100 - 64
        passwords.close()
