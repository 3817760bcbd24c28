"""Who need not come any more is told so, and so is their calendar: dropped, out of the body, a deputy no longer."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.bodies import unseat_member, withdraw_membership
from tests.councils.invitations import BEFORE, CALLED, Invited, Told
from tests.councils.sitting import DAY, MEMBERS, Sitting
from tests.support.university import University

LATER = CALLED + timedelta(hours=1)
MOVED = {"held_on": "2026-04-20", "begins_at": "9:30", "held_at": "Китепкана"}

pytestmark = pytest.mark.usefixtures("printed")


def leaves(university: University, person: str, until: date, now: datetime = LATER) -> None:
    """The administrator enters somebody's last day in the council."""
    membership = university.one(t.membership, t.membership.c.person_id == university.people[person])
    with university.database.write() as connection:
        actor = university.as_("admin", now)
        unseat_member(connection, membership["id"], {"until": until.isoformat()}, actor, now)


def sent(invited: Invited, now: datetime) -> dict[str, Told]:
    """What goes out at `now`, by whom it goes to."""
    invited.deliver(now)
    told = invited.told()
    found = {one.to: one for one in told}
    assert len(found) == len(told)
    return found


def called(invited: Invited, sitting: Sitting, when: datetime = CALLED) -> dict[str, Told]:
    sitting.go("send_papers", when)
    return sent(invited, when)


class TestWhoIsDroppedBetweenTwoCallings:
    @pytest.fixture
    def twice(self, invited: Invited, sitting: Sitting) -> tuple[Told, dict[str, Told]]:
        """The librarian's last invitation, and what went out by the second calling, to which they do not belong."""
        called(invited, sitting)
        invited.university.change(
            sa.update(t.membership)
            .where(t.membership.c.person_id == invited.university.people["librarian"])
            .values(until=date(2026, 4, 17))
        )
        sitting.go("reschedule", LATER, **MOVED)
        moved = sent(invited, LATER)["librarian"]
        return moved, called(invited, sitting, LATER + timedelta(hours=1))

    def test_is_told_and_their_calendar_too(self, twice: tuple[Told, dict[str, Told]]) -> None:
        last, told = twice
        assert sorted(told) == sorted(MEMBERS)
        mail = told["librarian"]
        assert mail.calendar["method"] == "CANCEL"
        assert str(mail.event["uid"]) == str(last.event["uid"]) == str(told["dean"].event["uid"])
        assert mail.event["sequence"] > last.event["sequence"]
        assert mail.event["dtstamp"].dt > last.event["dtstamp"].dt
        assert mail.event["dtstart"].dt == last.event["dtstart"].dt
        assert str(mail.event["attendee"]) == "mailto:librarian@uni.example"
        assert list(mail.files) == ["invite.ics"], "neither agenda nor papers"

    def test_is_not_told_that_the_sitting_is_off(self, twice: tuple[Told, dict[str, Told]]) -> None:
        _, told = twice
        mail = told["librarian"]
        assert "status" not in mail.event, "RFC 5546, 3.2.5: one is uninvited, the event is not cancelled"
        assert "description" not in mail.event
        assert "url" not in mail.event
        for words in (mail.text, mail.part("text/html")):
            assert "/sittings/" not in words, "which they may not read any more"
        assert {told[one].calendar["method"] for one in MEMBERS if one != "librarian"} == {"REQUEST"}

    def test_is_told_once(self, invited: Invited, sitting: Sitting, twice: tuple[Told, dict[str, Told]]) -> None:
        sitting.go("cancel", LATER + DAY, reason="Кворум болбойт")
        assert sorted(sent(invited, LATER + DAY)) == sorted(set(MEMBERS) - {"librarian"})

    def test_who_comes_back_is_invited_above_it(
        self, invited: Invited, sitting: Sitting, twice: tuple[Told, dict[str, Told]]
    ) -> None:
        invited.university.change(
            sa.update(t.membership)
            .where(t.membership.c.person_id == invited.university.people["librarian"])
            .values(until=None)
        )
        sitting.go("reschedule", LATER + DAY, **MOVED)
        sent(invited, LATER + DAY)
        again = called(invited, sitting, LATER + 2 * DAY)["librarian"]
        assert again.calendar["method"] == "REQUEST"
        assert again.event["sequence"] > twice[1]["librarian"].event["sequence"]


class TestWhoseMembershipEnds:
    def test_before_the_day_is_told_at_once(self, invited: Invited, sitting: Sitting) -> None:
        first = called(invited, sitting)["librarian"]
        leaves(invited.university, "librarian", date(2026, 4, 14))
        told = sent(invited, LATER)
        assert list(told) == ["librarian"]
        mail = told["librarian"]
        assert (mail.calendar["method"], str(mail.event["uid"])) == ("CANCEL", str(first.event["uid"]))
        assert mail.event["sequence"] > first.event["sequence"]
        assert mail.event["dtstamp"].dt == LATER

    def test_and_others_hear_of_the_next_change_above_it(self, invited: Invited, sitting: Sitting) -> None:
        called(invited, sitting)
        leaves(invited.university, "librarian", date(2026, 4, 14))
        gone = sent(invited, LATER)["librarian"].event["sequence"]
        sitting.go("reschedule", LATER + DAY, **MOVED)
        moved = sent(invited, LATER + DAY)
        assert moved["dean"].event["sequence"] > gone

    def test_on_the_day_or_later_still_comes(self, invited: Invited, sitting: Sitting) -> None:
        called(invited, sitting)
        leaves(invited.university, "librarian", date(2026, 4, 15))
        assert not sent(invited, LATER)

    def test_without_having_been_called_is_told_nothing(self, invited: Invited, sitting: Sitting) -> None:
        leaves(invited.university, "librarian", date(2026, 4, 14), BEFORE + DAY)
        assert not invited.notices()

    def test_after_it_is_over_is_told_nothing(self, invited: Invited, sitting: Sitting) -> None:
        called(invited, sitting)
        sitting.go("cancel", LATER, reason="Кворум болбойт")
        assert len(sent(invited, LATER)) == len(MEMBERS)
        leaves(invited.university, "librarian", date(2026, 4, 14), LATER + timedelta(hours=1))
        assert not sent(invited, LATER + timedelta(hours=1))

    def test_before_it_began_is_told_as_well(self, invited: Invited, sitting: Sitting) -> None:
        university = invited.university
        mine = t.membership.c.person_id == university.people["librarian"]
        university.change(sa.update(t.membership).where(mine).values(since=date(2026, 4, 13)))
        assert "librarian" in called(invited, sitting)
        with university.database.write() as connection:
            membership = university.one(t.membership, mine)["id"]
            withdraw_membership(connection, membership, university.as_("admin", LATER), LATER)
        assert list(sent(invited, LATER)) == ["librarian"]

    def test_while_their_deputy_got_it_lets_the_deputy_go(self, invited: Invited, sitting: Sitting) -> None:
        away(invited.university, "librarian", "reader", CALLED.date() + 2 * DAY)
        assert "reader" in called(invited, sitting)
        leaves(invited.university, "librarian", date(2026, 4, 14))
        told = sent(invited, LATER)
        assert list(told) == ["reader"]
        assert told["reader"].calendar["method"] == "CANCEL"


class TestADeputy:
    def test_whose_time_is_over_is_let_go_by_the_next_change(self, invited: Invited, sitting: Sitting) -> None:
        away(invited.university, "librarian", "reader", CALLED.date())
        called(invited, sitting)
        sitting.go("reschedule", CALLED + 2 * DAY, **MOVED)
        told = sent(invited, CALLED + 2 * DAY)
        assert told["librarian"].calendar["method"] == "REQUEST"
        assert told["reader"].calendar["method"] == "CANCEL"
        assert "status" not in told["reader"].event

    def test_whose_time_is_over_hears_that_it_is_not_held(self, invited: Invited, sitting: Sitting) -> None:
        away(invited.university, "librarian", "reader", CALLED.date())
        called(invited, sitting)
        sitting.go("cancel", CALLED + 2 * DAY, reason="Кворум болбойт")
        told = sent(invited, CALLED + 2 * DAY)
        assert told["reader"].calendar["method"] == "CANCEL"
        assert told["reader"].event["status"] == "CANCELLED"


def test_who_sends_the_papers_is_invited_too_where_they_sit_in_the_body(invited: Invited, sitting: Sitting) -> None:
    university = invited.university
    like: dict[str, Any] = university.rows(t.membership)[0]
    row = {**like, "id": new_id(), "person_id": university.people["sec_ouk"]}
    university.change(sa.insert(t.membership).values(row))
    assert sorted(called(invited, sitting)) == sorted([*MEMBERS, "sec_ouk"])


def away(university: University, person: str, deputy: str, until: date) -> None:
    """Somebody is away from the day before the papers go, with a deputy."""
    who = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    spell = {"id": new_id(), "reason": "", "entered_at": BEFORE, "since": CALLED.date() - DAY, "until": until, **who}
    university.change(sa.insert(t.absence).values(spell))
