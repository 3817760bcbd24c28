"""The rules of sittings that a body could walk past: papers nobody was sent, votes nobody cast, secrets."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.prints.gather_sittings import extract
from service.protocol_numbers import next_protocol_no
from service.reading.gathered import gathered_by
from service.reading.permitted import may_read
from service.subject import load
from service.taking_down import Typed, take_down
from states.refusals import GuardUnmet, Incomplete, Malformed
from tests.councils.sitting import DAY, Sitting, seat
from tests.support.university import University, protocol

APRIL = datetime(2026, 4, 15, 5, tzinfo=UTC)
BEFORE = APRIL - 14 * DAY


@pytest.fixture
def waits(university: University) -> UUID:
    """A revision that waits for the educational-methodical council."""
    revision = university.draft(BEFORE)
    university.go(revision, "submit", "owner", BEFORE)
    return revision


@pytest.fixture
def sitting(university: University, waits: UUID) -> Sitting:
    """A sitting on that revision, in session."""
    seat(university)
    found = Sitting.plan(university, APRIL)
    found.begin()
    return found


@pytest.fixture
def plain(university: University) -> Sitting:
    """A sitting of one item that is about no record, in session."""
    seat(university)
    found = Sitting.plan(university, APRIL)
    found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
    found.begin()
    return found


def attach(university: University, record: UUID, name: str = "Жобо.pdf", sha256: str = "a" * 64) -> None:
    """A file for a record."""
    entry = university.history(record)[-1]["id"]
    file: dict[str, Any] = {"sha256": sha256, "size": 1, "media_type": "application/pdf", "kept_at": BEFORE}
    kept = {"id": new_id(), "record_id": record, "sha256": sha256, "name": name, "added_by_id": entry}
    university.change(sa.insert(t.file).values(**file), sa.insert(t.attachment).values(**kept))


class TestPapers:
    def test_that_came_where_none_was_sent_are_not_decided_on(
        self, university: University, sitting: Sitting, waits: UUID
    ) -> None:
        attach(university, waits)
        no = sitting.item_on(waits)
        sitting.decide(no)
        with pytest.raises(GuardUnmet, match="no longer those"):
            sitting.go("close", protocol_no="1")
        sitting.decide(no, "postpone")
        sitting.go("close", protocol_no="1")

    def test_of_an_item_that_was_taken_up_after_they_were_sent_are_not_decided_on(self, university: University) -> None:
        seat(university)
        found = Sitting.plan(university, APRIL)
        found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        found.go("send_papers", APRIL - 5 * DAY)
        late = university.draft(BEFORE)
        university.go(late, "submit", "owner", BEFORE)
        attach(university, late)
        found.go("take_up", APRIL - 4 * DAY)
        found.open()
        found.decide(1, "resolved")
        found.decide(found.item_on(late))
        with pytest.raises(GuardUnmet, match="no longer those"):
            found.go("close", protocol_no="1")

    def test_are_not_sent_once_the_day_has_passed(self, university: University) -> None:
        seat(university)
        found = Sitting.plan(university, APRIL)
        found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        with pytest.raises(GuardUnmet, match="has passed"):
            found.go("send_papers", APRIL + DAY)
        found.go("send_papers", APRIL)


class TestVotes:
    @pytest.mark.parametrize("votes", [(500, 3, 0), (1, 3, 0)])
    def test_that_were_typed_count_for_nothing_where_there_was_no_vote(
        self, university: University, sitting: Sitting, waits: UUID, votes: tuple[int, int, int]
    ) -> None:
        no = sitting.item_on(waits)
        sitting.decide(no, votes=votes)
        sitting.write("agenda_item", no, ballot="none")
        sitting.go("close", protocol_no="1")
        decision = university.one(t.decision, t.decision.c.record_id == waits)
        assert [decision[f"votes_{name}"] for name in ("for", "against", "abstained")] == [None, None, None]

    def test_that_were_cast_by_name_must_be_taken_back_before_it_is_secret(self, plain: Sitting) -> None:
        plain.write("agenda_item", 1, ballot="by_name")
        plain.vote(1, "dean", "against")
        for ballot in ("secret", "open", "none"):
            with pytest.raises(Incomplete) as refused:
                plain.write("agenda_item", 1, ballot=ballot)
            assert "ballot" in refused.value.errors
        plain.write("agenda_item", 1, ballot="by_name")
        plain.vote(1, "dean", "")
        plain.write("agenda_item", 1, ballot="secret")
        assert not plain.rows("ballot")

    def test_are_cast_by_name_only_where_the_vote_is_by_name(self, plain: Sitting) -> None:
        for ballot in ("open", "secret", "none"):
            plain.write("agenda_item", 1, ballot=ballot)
            with pytest.raises(Incomplete):
                plain.vote(1, "dean", "for")
        assert not plain.rows("ballot")


class TestTheSameDocument:
    def test_may_come_before_the_next_body_while_the_first_has_not_closed(
        self, university: University, sitting: Sitting, waits: UUID
    ) -> None:
        """It was endorsed on its own page, and stands on the first body's agenda still."""
        seat(university, "ok")
        university.go(waits, "endorse", "sec_ouk", APRIL, **protocol("9", APRIL))
        second = Sitting.plan(university, APRIL + 8 * DAY, "ok", "sec_ok")
        assert [row["about_id"] for row in second.rows("agenda_item")] == [waits]
        third = Sitting.plan(university, APRIL + 9 * DAY, "ok", "sec_ok")
        assert not third.rows("agenda_item")
        sitting.decide(sitting.item_on(waits), "postpone")
        sitting.go("close", protocol_no="9")


class TestTheChair:
    def test_may_be_a_member_without_a_post(self, university: University) -> None:
        body = seat(university)
        guest = {"id": new_id(), "code": "founder", "email": "f@uni.example", "language": "ky", "digest": False}
        named = dict.fromkeys(("name_ky", "name_ru", "name_en"), "Негиздөөчү")
        sits = {"id": new_id(), "body_id": body, "person_id": guest["id"], "since": APRIL.date(), "until": None}
        university.change(sa.insert(t.person).values(**guest, **named), sa.insert(t.membership).values(**sits))
        found = Sitting.plan(university, APRIL)
        found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        found.go("send_papers", APRIL - 5 * DAY)
        found.go("open_session", chair="founder")
        assert university.one(t.sitting)["chair_id"] == guest["id"]

    def test_is_one_of_the_members(self, university: University, plain: Sitting) -> None:
        again = Sitting.plan(university, APRIL + DAY)
        again.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        again.go("send_papers", APRIL - 5 * DAY)
        with pytest.raises(GuardUnmet, match="no member"):
            again.go("open_session", APRIL + DAY, chair="reader")
        with pytest.raises(Incomplete):
            again.go("open_session", APRIL + DAY, chair="nobody")
        with pytest.raises(GuardUnmet, match="no member"):
            plain.go("change_chair", chair="reader")

    def test_must_be_there_and_may_be_another(self, university: University, plain: Sitting) -> None:
        plain.decide(1, "resolved", votes=(4, 0, 0))
        for presence in ("absent", ""):
            plain.write("attendee", plain.no_of("rector"), presence=presence)
            with pytest.raises(GuardUnmet, match="in the chair"):
                plain.go("close", protocol_no="1")
        plain.go("change_chair", chair="vice")
        plain.go("close", protocol_no="1")
        assert university.one(t.sitting)["chair_id"] == university.people["vice"]
        assert [row["move"] for row in university.history(plain.id)][-2:] == ["change_chair", "close"]


class TestAProtocol:
    def test_of_nothing_is_not_closed(self, university: University) -> None:
        seat(university)
        found = Sitting.plan(university, APRIL)
        found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        found.go("send_papers", APRIL - 5 * DAY)
        found.go("remove_item", APRIL - 4 * DAY, agenda_item=1)
        found.open()
        with pytest.raises(GuardUnmet, match="agenda is empty"):
            found.go("close", protocol_no="1")
        found.go("cancel", reason="Маселе калган жок")

    def test_instructs_for_days_after_it_only(self, university: University, plain: Sitting) -> None:
        today, later = APRIL.date().isoformat(), (APRIL + DAY).date().isoformat()
        with pytest.raises(Incomplete) as refused:
            plain.add("instruction", what="Тактоо", owner_post="dean", due_on=today)
        assert refused.value.errors.keys() == {"due_on"}
        no = plain.add("instruction", what="Тактоо", owner_post="dean", due_on=later)
        with pytest.raises(Incomplete):
            plain.write("instruction", no, due_on="2026-04-01")
        plain.decide(1, "resolved")
        university.change(t.instruction.update().values(due_on=APRIL.date()))  # as it could be typed before
        with pytest.raises(GuardUnmet, match="on the day of the sitting or before"):
            plain.go("close", protocol_no="1")
        plain.write("instruction", no, due_on=later)
        plain.go("close", protocol_no="1")
        more: dict[str, Any] = {"title": "Дагы", "owner_post": "dean"}
        with pytest.raises(GuardUnmet, match="on the day of the sitting or before"):
            university.open("council_task", "sec_ouk", APRIL, plain.id, **more, due_on=today)
        university.open("council_task", "sec_ouk", APRIL, plain.id, **more, due_on=later)


class TestTheNumber:
    """Of a protocol: a body gives it once a year, however it is written and whoever entered it."""

    def closing(self, university: University, day: datetime) -> Sitting:
        found = Sitting.plan(university, day)
        found.go("add_item", day - 6 * DAY, title="Кышкы сессия")
        found.begin()
        for item in found.rows("agenda_item"):
            found.decide(item["no"], "postpone" if item["about_id"] else "resolved")
        return found

    def proposed(self, university: University, sitting: Sitting) -> str:
        body = university.one(t.body, t.body.c.code == "ouk")["id"]
        with university.database.read() as connection:
            return next_protocol_no(connection, body, sitting.day.date())

    def test_is_the_same_with_a_nought_before_it(self, university: University) -> None:
        seat(university)
        first, second = (self.closing(university, day) for day in (APRIL, APRIL + DAY))
        first.go("close", protocol_no="7")
        for same in ("07", "№ 7", " 7 "):
            with pytest.raises(GuardUnmet, match="number this year"):
                second.go("close", protocol_no=same)
        second.go("close", protocol_no="7а")

    def test_goes_on_after_decisions_that_were_entered_by_hand(self, university: University, waits: UUID) -> None:
        university.go(waits, "endorse", "sec_ouk", BEFORE, **protocol("12", BEFORE))
        seat(university)
        later = self.closing(university, APRIL)
        assert self.proposed(university, later) == "13"
        with pytest.raises(GuardUnmet, match="number this year"):
            later.go("close", protocol_no="12")
        later.go("close", protocol_no="13")

    def test_of_decisions_of_that_very_day_is_its_own(self, university: University, waits: UUID) -> None:
        """They were entered from the paper that this protocol is."""
        seat(university)
        held = self.closing(university, APRIL)
        university.go(waits, "endorse", "sec_ouk", APRIL, **protocol("9", APRIL))
        assert self.proposed(university, held) == "9"
        held.go("close", protocol_no="9")
        again = self.closing(university, APRIL + DAY)
        assert self.proposed(university, again) == "10"


class TestPlanning:
    @pytest.mark.parametrize("said", [":00", "25:00", "14", "１4:00", "14:0", "14:60", "9" * 400 + ":00"])
    def test_asks_for_a_time_of_day(self, university: University, said: str) -> None:
        facts: dict[str, Any] = {"body": "ouk", "held_on": "2026-04-15", "held_at": "201"}
        with pytest.raises(Incomplete) as refused:
            university.open("sitting", "sec_ouk", BEFORE, **facts, begins_at=said)
        assert refused.value.errors.keys() == {"begins_at"}

    @pytest.mark.parametrize(("said", "kept"), [("14.30", "14:30"), ("9:05", "09:05"), (" 14:30 ", "14:30")])
    def test_understands_how_people_write_it(self, university: University, said: str, kept: str) -> None:
        facts: dict[str, Any] = {"body": "ouk", "held_on": "2026-04-15", "held_at": "201"}
        record = university.open("sitting", "sec_ouk", BEFORE, **facts, begins_at=said)
        assert university.one(t.sitting)["begins_at"] == kept
        assert university.history(record)[0]["given"]["begins_at"] == kept

    def test_is_not_for_an_hour_that_has_passed(self, university: University) -> None:
        """Five in the morning by universal time is eleven in Bishkek."""
        facts: dict[str, Any] = {"body": "ouk", "held_on": APRIL.date().isoformat(), "held_at": "201"}
        with pytest.raises(GuardUnmet, match="has passed"):
            university.open("sitting", "sec_ouk", APRIL, **facts, begins_at="10:59")
        record = university.open("sitting", "sec_ouk", APRIL, **facts, begins_at="11:30")
        moved = {name: value for name, value in facts.items() if name != "body"}
        with pytest.raises(GuardUnmet, match="has passed"):
            university.go(record, "reschedule", "sec_ouk", APRIL, **moved, begins_at="8:00")


class TestWhatIsTyped:
    def test_of_nothing_is_nothing(self, plain: Sitting) -> None:
        before = plain.rows("agenda_item")
        plain.write("agenda_item", 1)
        assert plain.rows("agenda_item") == before

    @pytest.mark.parametrize("item", ["9" * 5000, 10**30, -1, True, "²"])
    def test_of_a_number_without_end_is_refused(self, university: University, plain: Sitting, item: Any) -> None:
        typed = Typed("ballot", {"item": item, "person": "rector", "vote": "for"})
        with pytest.raises(Incomplete), university.database.write() as connection:
            take_down(connection, plain.id, typed, university.as_("sec_ouk", APRIL), APRIL)

    def test_extract_of_a_number_without_end_is_refused(self, university: University, plain: Sitting) -> None:
        with pytest.raises(Malformed), university.database.read() as connection:
            extract(connection, load(connection, plain.id), {"item": "9" * 5000}, APRIL)


class TestWhoReads:
    def reads(self, university: University, who: str, record: UUID, when: datetime) -> bool:
        with university.database.read() as connection:
            return may_read(connection, record, university.as_(who, when), when)

    def test_the_papers_is_whoever_was_called_though_their_seat_begins_on_the_day(
        self, university: University, waits: UUID
    ) -> None:
        body = seat(university, people=("rector", "vice"))
        sits = {"id": new_id(), "body_id": body, "person_id": university.people["reader"], "until": None}
        university.change(sa.insert(t.membership).values(**sits, since=APRIL.date()))
        found = Sitting.plan(university, APRIL)
        assert not self.reads(university, "reader", waits, APRIL - 6 * DAY)
        found.go("send_papers", APRIL - 5 * DAY)
        for record in (found.id, waits):
            assert self.reads(university, "reader", record, APRIL - 4 * DAY)
        university.change(t.agenda_item.update().values(removed_at=APRIL - 4 * DAY))
        assert not self.reads(university, "reader", waits, APRIL - 4 * DAY)

    def test_a_sitting_and_its_instructions_is_who_sits_in_that_body(self, university: University) -> None:
        seat(university, "ok", people=("librarian",))
        seat(university, people=("rector", "vice", "reader"))
        found = Sitting.plan(university, APRIL)
        found.go("add_item", APRIL - 6 * DAY, title="Кышкы сессия")
        assert self.reads(university, "reader", found.id, APRIL - 6 * DAY)
        assert not self.reads(university, "librarian", found.id, APRIL - 6 * DAY)
        found.begin(there=("rector", "vice", "reader"))
        found.decide(1, "resolved", (3, 0, 0))
        found.add("instruction", what="Тактоо", owner_post="dean", due_on="2026-05-15")
        found.go("close", protocol_no="1")
        task = university.one(t.council_task)["record_id"]
        for who, may in (("reader", True), ("sec_ouk", True), ("librarian", False)):
            for record in (found.id, task):
                assert self.reads(university, who, record, APRIL) is may, (who, record)
        for kind in ("sitting", "council_task"):
            with university.database.read() as connection:
                mine = gathered_by(connection, university.as_("reader", APRIL), APRIL, kind)
                kept = connection.execute(sa.select(t.record.c.id).where(t.record.c.kind == kind, mine)).scalars().all()
            assert kept == [found.id if kind == "sitting" else task]
