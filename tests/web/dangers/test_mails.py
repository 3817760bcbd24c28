"""Nobody writes a line into the head of a mail: not by a title, a name, a wording, nor past every check."""

from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from models import tables as t
from notifications.sink import Mail
from tests.support.post import post_of
from tests.support.university import University
from tests.web.dangers.conftest import NOW
from tests.web.programs import NONCONFORMITY, Program

BREAKS: Final = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\r\n\r\n", "\n "]
HEADERS: Final = {"bcc", "x-evil", "cc", "reply-to"}
EVIL: Final = "Bcc: evil@evil.example"


def heads(mail: Mail) -> set[str]:
    """The names of a mail's headers, as a server reads them: a line that begins with no space is one."""
    head = mail.raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0]
    return {line.partition(b":")[0].decode("latin-1").lower() for line in head.split(b"\n") if line[:1].strip()}


def unharmed(mails: list[Mail]) -> None:
    """None of the mails has a header, a reader or a second part that somebody smuggled in."""
    for mail in mails:
        assert not heads(mail) & HEADERS
        assert "evil" not in mail.entry.recipient
        assert "evil" not in mail.entry.sender


class TestATitle:
    @pytest.mark.parametrize("line_break", BREAKS, ids=range(len(BREAKS)))
    def test_that_was_typed_adds_no_header(
        self, program: Program, university: University, tmp_path: Path, line_break: str
    ) -> None:
        told = {**NONCONFORMITY, "title": f"Жок{line_break}{EVIL}", "found": f"x{line_break}{EVIL}"}
        assert program.as_("dean").post("/api/nonconformities", told).status_code in (201, 422)
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            unharmed(post.mails())

    @pytest.mark.parametrize("line_break", BREAKS[:8], ids=range(8))
    def test_that_came_past_every_check_adds_no_header_either(
        self, university: University, tmp_path: Path, line_break: str
    ) -> None:
        found = university.reported(NOW)
        with university.database.write() as connection:
            bad = {"title": f"Жок{line_break}{EVIL}", "code": f"NC{line_break}X-Evil: 1"}
            connection.execute(sa.update(t.record).where(t.record.c.id == found).values(**bad))
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            unharmed(post.mails())


class TestAPerson:
    @pytest.mark.parametrize("line_break", BREAKS[:8], ids=range(8))
    def test_whose_name_or_address_breaks_lines_gets_no_mail_of_another_shape(
        self, university: University, tmp_path: Path, line_break: str
    ) -> None:
        person = sa.update(t.person)
        bad = f"Сапат{line_break}{EVIL}"
        university.change(
            person.where(t.person.c.code == "quality").values(name_ky=bad, name_ru=bad, name_en=bad),
            person.where(t.person.c.code == "owner").values(email=f"owner@uni.example{line_break}{EVIL}"),
        )
        found = university.reported(NOW)
        university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            unharmed(post.mails())

    @pytest.mark.parametrize(
        "address",
        [
            "a@x.example,evil@evil.example",
            "a@x.example evil@evil.example",
            "<evil@evil.example>",
            "a@x>\r\nRCPT TO:<evil",
        ],
    )
    def test_whose_address_is_two_gets_none(self, university: University, tmp_path: Path, address: str) -> None:
        university.change(sa.update(t.person).where(t.person.c.code == "quality").values(email=address))
        university.reported(NOW)
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            assert not [mail for mail in post.mails() if "evil" in mail.entry.recipient]


class TestAnswersOfTheServer:
    def test_are_never_part_of_what_is_sent(self, university: University, tmp_path: Path) -> None:
        university.reported(NOW)
        with post_of(university.database, tmp_path) as post:
            post.sink.refused["quality@uni.example"] = "550 5.1.1 \x1b[31mno\x07 such"
            post.deliver(NOW)
            assert post.mails() == []
