"""Members get the agenda and the papers by mail, with an event for their calendars: once, and as they were sent."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.digest import choose_digest
from tests.councils.invitations import BEFORE, CALLED, PAPERS, Invited
from tests.councils.sitting import DAY, MEMBERS, Sitting
from tests.prints.pdfs import text
from tests.support.university import University

LATER = CALLED + timedelta(minutes=1)
HOSTILE = 'А, б; в\\n\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:башка\u2028\x0b"«ү»'


def away(university: University, person: str, deputy: str) -> None:
    since, until = CALLED.date() - DAY, CALLED.date() + 2 * DAY
    who = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    spell = {"id": new_id(), "reason": "", "entered_at": BEFORE, "since": since, "until": until, **who}
    university.change(sa.insert(t.absence).values(spell))


class TestAnInvitation:
    def test_goes_to_each_member_in_their_language_with_agenda_and_papers(
        self, invited: Invited, sitting: Sitting
    ) -> None:
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        told = {one.to: one for one in invited.told()}
        assert sorted(told) == sorted(MEMBERS)
        for who, body, day, agenda in (
            ("rector", "Окуу-усулдук кеңеш", "2026-жылдын 15-апрели, 14:00", "Күн тартиби 2026-04-15.pdf"),
            ("vice", "Учебно-методический совет", "15 апреля 2026 г., 14:00", "Повестка дня 2026-04-15.pdf"),
            ("dean", "Educational-methodical council", "15 April 2026, 14:00", "Agenda 2026-04-15.pdf"),
        ):
            one = told[who]
            for words in (body, day, "Башкы корпус, 201", f"https://sapat.example/sittings/{sitting.id}/day"):
                assert words in one.text
                assert words in one.part("text/html")
            assert body in one.mail["Subject"]
            assert list(one.files) == ["invite.ics", agenda, *sorted(PAPERS)]
            assert {name: one.files[name] for name in PAPERS} == PAPERS
            assert "Кышкы сессиянын жыйынтыгы" in text(one.files[agenda])
            assert body in str(one.event["summary"])
            assert str(one.event["attendee"]) == f"mailto:{who}@uni.example"
        agenda = told["dean"].text.partition("Agenda:")[2]
        assert agenda.index("1. Алдын алуучу") < agenda.index("Өмүр Жазуучу") < agenda.index("2. Кышкы сессиянын")
        links = [line for line in agenda.splitlines() if "/files/" in line]
        assert [line.split(": ")[0].strip() for line in links] == [f"- {name}" for name in sorted(PAPERS)]
        attached = {row["id"] for row in invited.university.rows(t.attachment)}
        assert all(any(str(one) in line for one in attached) for line in links)

    def test_tells_what_stands_on_the_agenda_in_its_order(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("add_item", CALLED, title="Үчүнчү маселе")
        sitting.go("place_item", CALLED, agenda_item=3, place=1)
        sitting.go("remove_item", CALLED, agenda_item=2)
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        dean = invited.to("dean")
        for said in (dean.text, str(dean.event["description"])):
            assert said.index("1. Үчүнчү маселе") < said.index("2. Алдын алуучу")
            assert "Кышкы" not in said
            assert "3." not in said

    def test_names_the_chair_and_the_secretary_as_far_as_they_are_known(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        chair = {"chair_post_id": invited.university.posts["rector"]}
        invited.university.change(sa.update(t.body).where(t.body.c.code == "ouk").values(chair))
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        dean = invited.to("dean")
        assert "In the chair: Aibek Rektorov" in dean.text
        assert "Umut Katchy" in dean.text

    def test_goes_to_the_deputy_of_who_is_away_and_says_so(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        away(invited.university, "librarian", "reader")
        away(invited.university, "head", "dean")
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        told = {one.to: one for one in invited.told()}
        assert sorted(told) == ["dean", "reader", "rector", "vice"]
        assert "Китеп Китепов" in told["reader"].text
        assert str(told["reader"].event["attendee"]) == "mailto:reader@uni.example"
        assert "in place of" not in told["dean"].text, "a member themselves"

    def test_never_waits_for_a_digest(self, invited: Invited, sitting: Sitting, printed: list[str]) -> None:
        with invited.university.database.write() as connection:
            choose_digest(connection, invited.university.people["dean"], True, BEFORE)
        for move, facts in (
            ("send_papers", {}),
            ("reschedule", {"held_on": "2026-04-20", "begins_at": "9:30", "held_at": "202"}),
            ("cancel", {"reason": "Кворум болбойт"}),
        ):
            sitting.go(move, CALLED, **facts)
            invited.deliver(CALLED)
            assert invited.to("dean").mail["Message-ID"]
        assert {row["sent_in"] for row in invited.notices()} == {None}

    def test_is_not_for_those_who_were_never_called(self, invited: Invited, sitting: Sitting) -> None:
        sitting.go("reschedule", CALLED, held_on="2026-04-20", begins_at="14:00", held_at="202")
        sitting.go("cancel", CALLED, reason="Кереги жок")
        assert not invited.notices()
        assert not invited.university.rows(t.notice, t.notice.c.message == "record/moved")


class TestAnEvent:
    def test_is_one_whose_sequence_rises(self, invited: Invited, sitting: Sitting, printed: list[str]) -> None:
        events = []
        for move, facts in (
            ("send_papers", {}),
            ("reschedule", {"held_on": "2026-04-20", "begins_at": "9:30", "held_at": "Китепкана"}),
            ("send_papers", {}),
            ("cancel", {"reason": "Кворум болбойт"}),
        ):
            sitting.go(move, CALLED, **facts)
            invited.deliver(CALLED)
            events.append(invited.to("vice"))
        assert {str(one.event["uid"]) for one in events} == {f"sitting-{sitting.id}@uni.example"}
        assert [one.event["sequence"] for one in events] == [0, 2, 4, 6]
        assert [one.calendar["method"] for one in events] == ["REQUEST"] * 3 + ["CANCEL"]
        assert [one.event["status"] for one in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        methods = [one.mail.get_body(("calendar",)) for one in events]
        assert [dict(one["Content-Type"].params)["method"] for one in methods if one] == ["REQUEST"] * 3 + ["CANCEL"]
        first, moved = events[0].event, events[1].event
        assert first["dtstart"].params["tzid"] == "Asia/Bishkek"
        assert first["dtstart"].dt.astimezone(UTC) == datetime(2026, 4, 15, 8, tzinfo=UTC)
        assert first["dtend"].dt - first["dtstart"].dt == timedelta(hours=2)
        assert moved["dtstart"].dt.astimezone(UTC) == datetime(2026, 4, 20, 3, 30, tzinfo=UTC)
        assert (str(first["location"]), str(moved["location"])) == ("Башкы корпус, 201", "Китепкана")
        zone: Any = events[0].calendar.walk("VTIMEZONE")[0]
        assert zone["tzid"] == "Asia/Bishkek"
        assert zone.to_tz().utcoffset(datetime(2026, 4, 15)) == timedelta(hours=6)  # noqa: DTZ001  local, as calendars ask
        assert "15 апреля 2026 г., 14:00, Башкы корпус, 201" in events[1].text
        assert "Кворум болбойт" in events[3].text
        assert [len(one.files) for one in events] == [4, 1, 4, 1]

    def test_is_complete_and_asks_for_no_answer(self, invited: Invited, sitting: Sitting, printed: list[str]) -> None:
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        one = invited.to("rector")
        assert str(one.event["organizer"]) == "mailto:council@uni.example"
        assert one.event["organizer"].params["cn"] == "Окуу-усулдук кеңеш"
        assert one.event["attendee"].params["cn"] == "Айбек Ректоров"
        assert one.event["attendee"].params["rsvp"] == "FALSE"
        assert one.event["dtstamp"].dt == CALLED
        assert "2. Кышкы сессиянын жыйынтыгы (Бакыт уулу Нурлан)" in str(one.event["description"])
        assert str(one.event["url"]) == f"https://sapat.example/sittings/{sitting.id}/day"
        assert all(len(line) <= 75 for line in one.files["invite.ics"].split(b"\r\n"))

    def test_tells_what_its_entry_told_however_late_it_goes(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        sitting.go("reschedule", CALLED, held_on="2026-04-20", begins_at="9:30", held_at="202")
        invited.deliver(LATER)
        first, moved = (one for one in invited.told() if one.to == "dean")
        assert [first.event["sequence"], moved.event["sequence"]] == [0, 2]
        assert first.event["dtstart"].dt.date() == date(2026, 4, 15)
        assert "15 April 2026, 14:00" in first.mail["Subject"]
        assert moved.event["dtstart"].dt.date() == date(2026, 4, 20)

    def test_is_not_broken_by_what_people_type(self, invited: Invited, sitting: Sitting, printed: list[str]) -> None:
        university = invited.university
        university.change(
            sa.update(t.agenda_item).where(t.agenda_item.c.no == 2).values(title=HOSTILE, speaker=HOSTILE),
            sa.update(t.person).where(t.person.c.code == "dean").values(name_en='Dekan; "D", E:\\n'),
            sa.update(t.body).where(t.body.c.code == "ouk").values(name_en='Council, "X"; Y'),
        )
        sitting.go("send_papers", CALLED)
        sitting.go("reschedule", CALLED, held_on="2026-04-20", begins_at="9:30", held_at='2-корпус, 5; "Б":\\n')
        invited.deliver(CALLED)
        called, moved = (one for one in invited.told() if one.to == "dean")
        for one in (called, moved):
            assert len(one.calendar.subcomponents) == 2  # the zone and the event
            assert one.event["attendee"].params["cn"] == "Dekan; 'D', E:\\n"
            assert str(one.event["summary"]) == 'Sitting: Council, "X"; Y'
            assert "BEGIN:VEVENT" in str(one.event["description"])
            assert len(str(one.event["description"]).splitlines()) == 3
        assert str(moved.event["location"]) == '2-корпус, 5; "Б":\\n'
        assert "2. А, б; в\\n END:VEVENT BEGIN:VEVENT SUMMARY:башка" in called.text
