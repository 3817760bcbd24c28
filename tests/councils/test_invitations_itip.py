"""The bytes of each invitation against the standards that calendars go by, read by a strict reader of our own.

What Gmail, Outlook and Apple Mail ask for by their documentation is checked here too (docs/sittings.md); the
programs themselves are not.
"""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from models import tables as t
from tests.councils.invitations import CALLED, Invited, Told
from tests.councils.itip import FOLDED, Invitation, read, taken
from tests.councils.sitting import DAY, MEMBERS, Sitting
from tests.councils.test_invitations_withdrawn import leaves

pytestmark = pytest.mark.usefixtures("printed")

LONG = "Кыргыз Республикасынын жогорку окуу жайларынын; «ү», «ң», «ө»: \\ 中文 😀, " * 8
NOON = datetime(2026, 4, 15, 8, tzinfo=UTC)


def went(invited: Invited, sitting: Sitting, when: datetime, move: str, **given: str) -> dict[str, Invitation]:
    """What a move told, by whom."""
    sitting.go(move, when, **given)
    invited.deliver(when)
    return {one.to: taken(one.raw) for one in invited.told()}


def moved(day: str = "2026-04-20") -> dict[str, str]:
    return {"held_on": day, "begins_at": "9:30", "held_at": "Китепкана"}


class TestWhatIsSent:
    def test_of_a_sittings_whole_story_is_by_the_standards(self, invited: Invited, sitting: Sitting) -> None:
        first = went(invited, sitting, CALLED, "send_papers")
        assert sorted(first) == sorted(MEMBERS)
        second = went(invited, sitting, CALLED + DAY, "reschedule", **moved())
        third = went(invited, sitting, CALLED + 2 * DAY, "send_papers")
        leaves(invited.university, "librarian", CALLED.date() + 3 * DAY, CALLED + 3 * DAY)
        invited.deliver(CALLED + 3 * DAY)
        parted = {one.to: taken(one.raw) for one in invited.told()}
        last = went(invited, sitting, CALLED + 4 * DAY, "cancel", reason="Кворум болбойт")
        assert [one["dean"].method for one in (first, second, third, last)] == ["REQUEST"] * 3 + ["CANCEL"]
        assert list(parted) == ["librarian"]
        assert (parted["librarian"].method, parted["librarian"].status) == ("CANCEL", "")
        assert last["dean"].status == "CANCELLED"
        every = [one for told in (first, second, third, parted, last) for one in told.values()]
        assert len({one.uid for one in every}) == 1
        for who in ("dean", "librarian"):
            theirs = [told[who] for told in (first, second, third, parted, last) if who in told]
            assert [one.sequence for one in theirs] == sorted({one.sequence for one in theirs})
            assert [one.stamp for one in theirs] == sorted({one.stamp for one in theirs})

    def test_says_when_in_the_zone_of_bishkek(self, invited: Invited, sitting: Sitting) -> None:
        one = went(invited, sitting, CALLED, "send_papers")["dean"]
        assert (one.begins, one.ends) == (NOON, NOON + timedelta(hours=2))
        assert one.stamp == CALLED

    def test_of_long_words_in_many_letters_comes_out_whole(self, invited: Invited, sitting: Sitting) -> None:
        university = invited.university
        university.change(
            sa.update(t.agenda_item).where(t.agenda_item.c.no == 2).values(title=LONG),
            sa.update(t.body).where(t.body.c.code == "ouk").values(name_ky=LONG[:250]),
            sa.update(t.person).where(t.person.c.code == "rector").values(name_ky=LONG.replace('"', "")[:250]),
        )
        one = went(invited, sitting, CALLED, "send_papers")["rector"]
        assert LONG.strip() in one.texts["DESCRIPTION"]
        assert LONG[:250].strip() in one.texts["SUMMARY"]
        assert one.texts["LOCATION"] == "Башкы корпус, 201"

    def test_of_a_broken_mail_would_be_seen(self, invited: Invited, sitting: Sitting) -> None:
        """The reader is strict: what is not by the standards does not pass."""
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        content = invited.to("dean").files["invite.ics"]
        read(content)
        long = content.replace(b"\r\n ", b"")
        assert any(len(line) > FOLDED for line in long.split(b"\r\n"))
        for broken in (long, content.replace(b"\r\n", b"\n"), content.replace(b"END:VEVENT\r\n", b"")):
            with pytest.raises((AssertionError, ValueError, IndexError)):
                read(broken)


class TestTheMail:
    @pytest.fixture
    def mail(self, invited: Invited, sitting: Sitting) -> Told:
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        return invited.to("dean")

    def test_is_seven_bit_with_short_lines(self, mail: Told) -> None:
        assert mail.raw.isascii()
        assert max(len(line) for line in mail.raw.split(b"\r\n")) <= 998

    def test_names_the_file_and_its_method_as_programs_look_for_them(self, mail: Told) -> None:
        head = b"\r\n".join(mail.raw.split(b"\r\n\r\n"))
        assert b'Content-Type: text/calendar; charset="utf-8"; method=REQUEST\r\n' in head
        assert b'Content-Type: application/ics; name="invite.ics"\r\n' in head
        assert b'Content-Disposition: attachment; filename="invite.ics"\r\n' in head
        assert head.count(b"text/calendar") == 1
