from dataclasses import replace
from typing import Any

import pytest

from notifications.message import AddressError, Letter, LetterError, UnsafeHeaderError
from notifications.render import UnknownMessageError
from tests.notifications.letters import AT, letter, renderer

LETTER: dict[str, Any] = {
    "key": "task-1:opened",
    "to": "aigul@example.kg",
    "to_name": "Айгүл Өмүралиева",
    "language": "ky",
    "folder": "task/opened",
    "context": {},
}


class TestALetterCannotAddHeaders:
    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\x00"])
    @pytest.mark.parametrize("field", ["to", "to_name", "key"])
    def test_a_line_break_in_what_goes_into_a_header_is_refused(self, field: str, end: str) -> None:
        with pytest.raises(UnsafeHeaderError):
            Letter(**{**LETTER, field: f"a@b.kg{end}Bcc: all@example.kg"})

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\u2028"])
    def test_a_line_break_in_the_subject_is_refused(self, end: str) -> None:
        unsafe = letter(do=f"Жазуу{end}Bcc: all@example.kg")
        with pytest.raises(UnsafeHeaderError):
            renderer().render(unsafe, AT)

    def test_a_name_that_looks_like_an_address_stays_a_name(self) -> None:
        mail = renderer().render(replace(letter(), to_name='Eve" <eve@example.kg>, "'), AT)
        assert [one.addr_spec for one in mail["To"].addresses] == ["aigul@example.kg"]

    def test_a_name_that_looks_encoded_stays_as_it_is(self) -> None:
        mail = renderer().render(replace(letter(), to_name="=?utf-8?q?Rector?="), AT)
        assert mail["To"].addresses[0].display_name == "=?utf-8?q?Rector?="


class TestALetterGoesToOneAddress:
    @pytest.mark.parametrize(
        "address",
        ["", "aigul", "@example.kg", "a@", "a b@example.kg", "a@b.kg,c@d.kg", "<a@b.kg>", "a@b@c.kg", "ө@b.kg"],
    )
    def test_anything_else_is_refused(self, address: str) -> None:
        with pytest.raises(AddressError):
            replace(letter(), to=address)

    def test_a_letter_has_a_key(self) -> None:
        with pytest.raises(LetterError):
            replace(letter(), key="")


class TestAFolderIsAFolderOfTemplates:
    @pytest.mark.parametrize("folder", ["../etc/passwd", "task", "/task/opened", "task/opened/more", "Task/Opened"])
    def test_a_path_is_refused(self, folder: str) -> None:
        with pytest.raises(LetterError):
            letter(folder)

    def test_an_unknown_one_is_told_apart(self) -> None:
        with pytest.raises(UnknownMessageError):
            renderer().render(letter("task/nothing"), AT)
