"""A body sits: its agenda fills, what is said is kept as it is typed, and closing moves all documents or none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.minutes import TypedOver
from service.protocol_numbers import next_protocol_no
from service.web.pages.sitting_words import decisions, proposed
from states.refusals import Duties, GuardUnmet, Incomplete, NotMovedOn, NotYours, Refusal
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


class TestAnAgenda:
    def test_fills_from_what_waits_for_that_body(self, university: University, waits: UUID) -> None:
        seat(university)
        items = Sitting.plan(university, APRIL).rows("agenda_item")
        assert [(row["about_id"], row["place"], row["ballot"]) for row in items] == [(waits, 1, "open")]
        assert "УСТ 4.09/1" in items[0]["title"]
        assert items[0]["speaker"] == "Өмүр Жазуучу"

    def test_takes_nothing_that_waits_for_another_body_or_stands_on_an_agenda(
        self, university: University, waits: UUID
    ) -> None:
        seat(university)
        seat(university, "ok")
        assert not Sitting.plan(university, APRIL, "ok", "sec_ok").rows("agenda_item")
        first = Sitting.plan(university, APRIL)
        assert not Sitting.plan(university, APRIL + DAY).rows("agenda_item")
        first.go("cancel", BEFORE + DAY, reason="Кворум болбойт")
        later = Sitting.plan(university, APRIL + DAY)
        assert [row["about_id"] for row in later.rows("agenda_item")] == [waits]

    def test_takes_up_what_came_since(self, university: University) -> None:
        seat(university)
        sitting = Sitting.plan(university, APRIL)
        with pytest.raises(GuardUnmet, match="Nothing more waits"):
            sitting.go("take_up", BEFORE + 8 * DAY)
        revision = university.draft(BEFORE)
        university.go(revision, "submit", "owner", BEFORE)
        sitting.go("add_item", BEFORE + 8 * DAY, title="Кышкы сессия")
        sitting.go("take_up", BEFORE + 8 * DAY)
        assert [(row["place"], row["about_id"]) for row in sitting.rows("agenda_item")] == [(1, None), (2, revision)]

    def test_is_ordered_by_hand_without_gaps(self, university: University) -> None:
        seat(university)
        sitting = Sitting.plan(university, APRIL)
        for title in ("А", "Б", "В", "Г"):
            sitting.go("add_item", BEFORE + 8 * DAY, title=title)

        def order() -> str:
            return "".join(row["title"] for row in sorted(sitting.rows("agenda_item"), key=lambda row: row["place"]))

        sitting.go("place_item", BEFORE + 8 * DAY, agenda_item=3, place=1)
        assert order() == "ВАБГ"
        sitting.go("place_item", BEFORE + 8 * DAY, agenda_item=1, place=99)
        assert order() == "ВБГА"
        sitting.go("remove_item", BEFORE + 8 * DAY, agenda_item=2)
        assert order() == "ВГА"
        assert sorted(row["place"] for row in sitting.rows("agenda_item")) == [1, 2, 3]

    def test_is_the_secretarys(self, university: University) -> None:
        seat(university)
        sitting = Sitting.plan(university, APRIL)
        with pytest.raises(NotYours):
            sitting.go("add_item", BEFORE + 8 * DAY, who="sec_ok", title="Бөтөн")
        with pytest.raises(NotYours):
            university.open(
                "sitting", "owner", BEFORE, body="ouk", held_on="2026-04-15", begins_at="14:00", held_at="201"
            )


class TestAnotherDay:
    def test_is_said_by_its_title_and_papers_are_sent_again(self, university: University) -> None:
        seat(university)
        sitting = Sitting.plan(university, APRIL)
        sitting.go("add_item", BEFORE + 8 * DAY, title="Маселе")
        sitting.go("send_papers", BEFORE + 8 * DAY)
        sitting.go("reschedule", BEFORE + 9 * DAY, held_on="2026-04-16", begins_at="15:00", held_at="101")
        row = university.record(sitting.id)
        assert (row["title"], row["state"]) == ("Окуу-усулдук кеңеш, 2026-жылдын 16-апрели", "planned")
        assert "16-апрели" in row["folded"]
        sitting.go("send_papers", BEFORE + 9 * DAY)


class TestTheLanguageOfTheMinutes:
    def test_is_the_bodys_whatever_its_secretary_reads(self, university: University, waits: UUID) -> None:
        seat(university, language="en")
        sitting = Sitting.plan(university, APRIL)
        assert university.record(sitting.id)["title"] == "Educational-methodical council, 15 April 2026"
        assert [row["speaker"] for row in sitting.rows("agenda_item")] == ["Omur Jazuuchu"]
        sitting.go("reschedule", BEFORE + 8 * DAY, held_on="2026-04-16", begins_at="15:00", held_at="101")
        assert university.record(sitting.id)["title"] == "Educational-methodical council, 16 April 2026"

    @pytest.mark.parametrize(
        ("language", "wording"),
        [("ky", "«Отчёт» жактырылсын."), ("ru", "Одобрить «Отчёт»."), ("en", "“Отчёт” is endorsed.")],
    )
    def test_is_that_of_the_wordings_that_are_proposed(self, language: str, wording: str) -> None:
        row = {"title": "Отчёт", "about_id": None}
        assert proposed(row, "endorse", language) == wording
        assert proposed(row, None, language) == ""
        every = decisions(row, "en", language)
        assert all(one["proposal"].count("Отчёт") == 1 for one in every)
        assert len({one["proposal"] for one in every}) == len(every)

    def test_is_kyrgyz_where_none_was_chosen(self, university: University, waits: UUID) -> None:
        seat(university)
        title = university.record(Sitting.plan(university, APRIL).id)["title"]
        assert title == "Окуу-усулдук кеңеш, 2026-жылдын 15-апрели"


class TestPapers:
    def test_go_to_the_members_of_that_day_once(self, university: University, waits: UUID) -> None:
        seat(university)
        sitting = Sitting.plan(university, APRIL)
        sitting.go("send_papers", APRIL - 5 * DAY)
        told = university.rows(t.notice, t.notice.c.record_id == sitting.id, t.notice.c.message == "sitting/called")
        assert {university.who(row["reader_id"]) for row in told} == {"rector", "vice", "dean", "head", "librarian"}
        assert len(told) == 5
        with pytest.raises(Refusal):
            sitting.go("send_papers", APRIL - 5 * DAY)

    def test_are_not_sent_to_a_body_without_members_or_of_an_empty_agenda(self, university: University) -> None:
        sitting = Sitting.plan(university, APRIL)
        with pytest.raises(GuardUnmet, match="agenda is empty"):
            sitting.go("send_papers", APRIL - 5 * DAY)
        sitting.go("add_item", APRIL - 5 * DAY, title="Маселе")
        with pytest.raises(GuardUnmet, match="Nobody sits"):
            sitting.go("send_papers", APRIL - 5 * DAY)

    def test_are_due_three_working_days_before(self, university: University) -> None:
        sitting = Sitting.plan(university, APRIL)
        (task,) = university.open_tasks(sitting.id)
        assert task["step"] == "planned"
        assert task["due_at"].astimezone(UTC).date().isoformat() in ("2026-04-10", "2026-04-09")


class TestMinutes:
    @pytest.fixture
    def sitting(self, university: University, waits: UUID) -> Sitting:
        seat(university)
        found = Sitting.plan(university, APRIL)
        found.begin()
        return found

    def test_have_every_member_when_the_sitting_is_opened(self, sitting: Sitting) -> None:
        assert len(sitting.rows("attendee")) == 5

    def test_are_kept_as_they_are_typed_without_any_move(self, university: University, sitting: Sitting) -> None:
        before = university.record(sitting.id)
        sitting.write("agenda_item", 1, heard="Угулду", votes_for="4")
        sitting.write("agenda_item", 1, spoke="Декан сурады")
        sitting.write("agenda_item", 1, heard="")
        (item,) = sitting.rows("agenda_item")
        assert (item["heard"], item["spoke"], item["votes_for"]) == (None, "Декан сурады", 4)
        assert university.record(sitting.id) == before

    def test_typed_over_are_told_and_not_lost(self, sitting: Sitting) -> None:
        sitting.write("agenda_item", 1, was={"wording": ""}, wording="Биринчи")
        with pytest.raises(TypedOver, match="Биринчи"):
            sitting.write("agenda_item", 1, was={"wording": ""}, wording="Экинчи")
        sitting.write("agenda_item", 1, was={"wording": ""}, wording="Биринчи")  # sent again by a browser: no quarrel
        sitting.write("agenda_item", 1, was={"wording": "Биринчи"}, wording="Экинчи")
        assert sitting.rows("agenda_item")[0]["wording"] == "Экинчи"

    @pytest.mark.parametrize("given", [{"votes_for": "көп"}, {"decision": "maybe"}, {"title": ""}, {"place": "1"}])
    def test_refuse_what_is_none(self, sitting: Sitting, given: dict[str, Any]) -> None:
        with pytest.raises(Incomplete) as refused:
            sitting.write("agenda_item", 1, **given)
        assert refused.value.errors.keys() == given.keys()

    def test_are_the_secretarys_and_only_while_it_lasts(self, university: University, sitting: Sitting) -> None:
        with pytest.raises(NotYours):
            sitting.write("agenda_item", 1, who="sec_ok", heard="Бөтөн")
        sitting.decide(1)
        sitting.go("close", protocol_no="1")
        with pytest.raises(GuardUnmet, match="not written now"):
            sitting.write("agenda_item", 1, heard="Кийин")

    def test_know_only_members(self, sitting: Sitting) -> None:
        sitting.write("agenda_item", 1, ballot="by_name")
        sitting.vote(1, "dean", "for")
        sitting.vote(1, "dean", "against")
        with pytest.raises(Incomplete):
            sitting.vote(1, "owner", "for")
        assert [row["vote"] for row in sitting.rows("ballot")] == ["against"]
        sitting.vote(1, "dean", "")
        assert not sitting.rows("ballot")


class TestClosing:
    @pytest.fixture
    def sitting(self, university: University, waits: UUID) -> Sitting:
        seat(university)
        found = Sitting.plan(university, APRIL)
        found.begin()
        return found

    def test_moves_the_documents_on_with_what_was_decided(
        self, university: University, sitting: Sitting, waits: UUID
    ) -> None:
        sitting.decide(1, votes=(4, 1, 0))
        sitting.go("close", protocol_no="7")
        decision = university.one(t.decision)
        assert decision["number"] == "7"
        assert decision["decided_on"] == APRIL.date()
        assert (decision["votes_for"], decision["votes_against"]) == (4, 1)
        assert university.one(t.revision)["position"] == 1
        assert university.state(sitting.id) == "closed"
        (signed,) = university.rows(t.signature, t.signature.c.record_id == sitting.id)
        assert signed["meaning"] == "attested"
        assert signed["facts"]["parts"]["agenda_item"][0]["votes_for"] == 4
        (endorsed,) = university.rows(t.signature, t.signature.c.record_id == waits)
        assert endorsed["meaning"] == "endorsed"
        entry = university.history(waits)[-1]
        assert entry["cause_id"] == university.history(sitting.id)[-1]["id"]

    def test_is_all_or_nothing(self, university: University, sitting: Sitting, waits: UUID) -> None:
        """The draft was abandoned while the council sat: nothing of the protocol is closed."""
        sitting.decide(1)
        sitting.add("instruction", what="Тактоо", item="1", owner_post="dean", due_on="2026-05-15")
        university.go(waits, "abandon", "owner", APRIL, reason="Кереги жок")
        with pytest.raises(NotMovedOn, match="so nothing was done"):
            sitting.go("close", protocol_no="7")
        assert university.state(sitting.id) == "in_session"
        assert not university.rows(t.council_task)
        sitting.decide(1, "postpone")
        sitting.go("close", protocol_no="7")

    def test_leaves_what_is_postponed_waiting(self, university: University, sitting: Sitting, waits: UUID) -> None:
        sitting.decide(1, "postpone")
        sitting.go("close", protocol_no="7")
        assert university.state(waits) == "council_review"
        assert not university.rows(t.decision)
        assert [row["about_id"] for row in Sitting.plan(university, APRIL + 20 * DAY).rows("agenda_item")] == [waits]

    def test_needs_a_quorum_a_decision_its_wording_and_its_votes(self, sitting: Sitting) -> None:
        for one in ("dean", "head", "librarian"):
            sitting.write("attendee", sitting.no_of(one), presence="absent")
        with pytest.raises(GuardUnmet, match="no quorum"):
            sitting.go("close", protocol_no="7")
        sitting.write("attendee", sitting.no_of("dean"), presence="online")
        with pytest.raises(GuardUnmet, match="no decision"):
            sitting.go("close", protocol_no="7")
        sitting.write("agenda_item", 1, decision="endorse")
        with pytest.raises(GuardUnmet, match="no wording"):
            sitting.go("close", protocol_no="7")
        sitting.decide(1, votes=(4, 0, 0))
        with pytest.raises(GuardUnmet, match="more votes"):
            sitting.go("close", protocol_no="7")
        sitting.decide(1, votes=(1, 1, 1))
        with pytest.raises(GuardUnmet, match="votes that its decision needs"):
            sitting.go("close", protocol_no="7")
        sitting.decide(1, votes=(2, 0, 1))
        sitting.go("close", protocol_no="7")

    def test_counts_votes_by_name_and_proxies_where_the_body_allows_them(self, university: University) -> None:
        seat(university, "ok", proxies=True)
        sitting = Sitting.plan(university, APRIL, "ok", "sec_ok")
        sitting.go("add_item", APRIL - 6 * DAY, title="Ректордун отчёту")
        sitting.begin(there=("rector", "vice", "dean"))
        sitting.write("attendee", sitting.no_of("head"), presence="excused", proxy="dean")
        sitting.write(
            "agenda_item", 1, ballot="by_name", decision="resolved", wording="Канааттандырарлык", majority="absolute"
        )
        for one in ("rector", "dean"):
            sitting.vote(1, one, "for")
        with pytest.raises(GuardUnmet, match="votes that its decision needs"):
            sitting.go("close", protocol_no="1")
        sitting.vote(1, "head", "for")
        sitting.write("attendee", sitting.no_of("librarian"), presence="excused", proxy="dean")
        with pytest.raises(GuardUnmet, match="more than one absent"):
            sitting.go("close", protocol_no="1")
        sitting.write("attendee", sitting.no_of("librarian"), presence="excused", proxy="")
        sitting.go("close", protocol_no="1")

    def test_counts_no_vote_of_somebody_who_left_nobody_to_vote_for_them(self, sitting: Sitting) -> None:
        """They voted, and were marked as away after that."""
        sitting.decide(1)
        sitting.write("agenda_item", 1, ballot="by_name")
        for one in ("rector", "vice", "dean", "head"):
            sitting.vote(1, one, "for")
        sitting.write("attendee", sitting.no_of("head"), presence="absent")
        with pytest.raises(GuardUnmet, match="somebody who was not there"):
            sitting.go("close", protocol_no="7")
        sitting.vote(1, "head", "")
        sitting.go("close", protocol_no="7")

    def test_lets_somebody_without_a_post_here_vote_for_another(self, university: University) -> None:
        """A founder or a student may sit in a council."""
        body = seat(university, "ok", proxies=True)
        guest = {"id": new_id(), "code": "founder", "email": "f@uni.example", "language": "ky"}
        named = dict.fromkeys(("name_ky", "name_ru", "name_en"), "Негиздөөчү")
        since = {"since": APRIL.date(), "until": None}
        university.change(
            sa.insert(t.person).values(**guest, **named, digest=False),
            sa.insert(t.membership).values(id=new_id(), body_id=body, person_id=guest["id"], **since),
        )
        sitting = Sitting.plan(university, APRIL, "ok", "sec_ok")
        sitting.go("add_item", APRIL - 6 * DAY, title="Маселе")
        sitting.begin()
        sitting.write("attendee", sitting.no_of("head"), presence="excused", proxy="founder")
        assert [row["proxy_id"] for row in sitting.rows("attendee") if row["proxy_id"]] == [guest["id"]]

    def test_numbers_protocols_by_body_and_year(self, university: University, sitting: Sitting) -> None:
        sitting.decide(1)
        sitting.go("close", protocol_no="7")
        body_id = university.one(t.body, t.body.c.code == "ouk")["id"]
        with university.database.read() as connection:
            assert next_protocol_no(connection, body_id, date(2026, 5, 1)) == "8"
            assert next_protocol_no(connection, body_id, date(2027, 5, 1)) == "1"
        again = Sitting.plan(university, APRIL + 20 * DAY)
        again.go("add_item", APRIL + 14 * DAY, title="Маселе")
        again.begin()
        again.decide(1, "resolved")
        with pytest.raises(GuardUnmet, match="number this year"):
            again.go("close", protocol_no="7")
        again.go("close", protocol_no="8")

    def test_gives_a_number_once_though_two_are_closed_at_once(self, university: University) -> None:
        seat(university)
        sittings = [Sitting.plan(university, APRIL + days * DAY) for days in (0, 1)]
        for one in sittings:
            one.go("add_item", one.day - 6 * DAY, title="Маселе")
            one.begin()
            one.decide(next(row["no"] for row in one.rows("agenda_item")), "resolved")
        together = Barrier(2)

        def close(one: Sitting) -> str:
            together.wait(10)
            try:
                one.go("close", protocol_no="9")
            except GuardUnmet as refused:
                return str(refused)
            return "closed"

        with ThreadPoolExecutor(2) as pool:
            ended = sorted(pool.map(close, sittings))
        assert ended == ["This body has a protocol of that number this year already.", "closed"]

    def test_opens_what_the_council_instructed(self, university: University, sitting: Sitting) -> None:
        sitting.decide(1)
        no = sitting.add("instruction", what="Жобону тактоо", item="1")
        with pytest.raises(GuardUnmet, match="instruction does not say"):
            sitting.go("close", protocol_no="7")
        sitting.write("instruction", no, owner_post="dean", due_on="2026-05-15")
        sitting.go("close", protocol_no="7")
        task = university.one(t.record, t.record.c.kind == "council_task")
        assert (task["title"], task["state"], task["parent_id"]) == ("Жобону тактоо", "given", sitting.id)
        (open_task,) = university.open_tasks(task["id"])
        assert open_task["holder_post_id"] == university.posts["dean"]
        university.go(task["id"], "report_done", "dean", APRIL + DAY, done="Бүттү", done_on="2026-04-16")
        university.go(task["id"], "accept", "sec_ouk", APRIL + 2 * DAY)
        assert university.state(task["id"]) == "accepted"

    def test_gives_a_secretarys_own_task_to_who_may_accept_it(self, university: University, sitting: Sitting) -> None:
        sitting.decide(1)
        sitting.add("instruction", what="Жобону тактоо", owner_post="sec_ouk", due_on="2026-05-15")
        sitting.go("close", protocol_no="7")
        task = university.one(t.record, t.record.c.kind == "council_task")["id"]
        for move, given in (("extend", {"new_due_on": "2026-06-01", "reason": "-"}), ("withdraw", {"reason": "-"})):
            with pytest.raises(Duties):
                university.go(task, move, "sec_ouk", APRIL + DAY, **given)
        university.go(task, "extend", "quality", APRIL + DAY, new_due_on="2026-06-01", reason="Убакыт жок")
        university.go(task, "report_done", "sec_ouk", APRIL + DAY, done="Бүттү", done_on="2026-04-16")
        (open_task,) = university.open_tasks(task)
        assert open_task["holder_post_id"] == university.posts["quality"]
        university.go(task, "withdraw", "quality", APRIL + 2 * DAY, reason="Кереги жок")

    def test_decides_nothing_for_another_body(self, university: University, sitting: Sitting, waits: UUID) -> None:
        """One person may be the secretary of both: what was endorsed meanwhile waits for the other body."""
        university.change(t.body.update().values(secretary_post_id=university.posts["sec_ouk"]))
        university.go(waits, "endorse", "sec_ouk", APRIL, **protocol("6", APRIL))
        sitting.decide(1)
        with pytest.raises(NotMovedOn, match="could not be moved on"):
            sitting.go("close", protocol_no="7")
        sitting.decide(1, "postpone")
        sitting.go("close", protocol_no="7")
        assert university.state(waits) == "council_review"

    def test_refuses_a_document_whose_papers_are_not_those_sent(self, university: University, sitting: Sitting) -> None:
        university.change(t.sitting.update().values(papers={"1": [["эски.docx", "0" * 64]]}))
        sitting.decide(1)
        with pytest.raises(GuardUnmet, match="no longer those"):
            sitting.go("close", protocol_no="7")

    def test_is_final_but_for_corrections_that_are_seen(self, university: University, sitting: Sitting) -> None:
        sitting.decide(1)
        sitting.go("close", protocol_no="7")
        closed = university.record(sitting.id)["closed_at"]
        before = sitting.rows("agenda_item")
        sitting.go("correct", APRIL + DAY, item=1, says="Добуштар: 4 макул")
        assert sitting.rows("agenda_item") == before
        (entered,) = sitting.rows("correction")
        assert (entered["says"], entered["corrected_on"]) == ("Добуштар: 4 макул", (APRIL + DAY).date())
        assert entered["person_id"] == university.people["sec_ouk"]
        assert university.record(sitting.id)["closed_at"] == closed
        first, _ = university.rows(t.signature, t.signature.c.record_id == sitting.id)
        assert first["voided_at"] is None


def test_an_approval_takes_no_order_number_where_the_route_asks_for_none(university: University) -> None:
    facts = university.one(t.route)["facts"]
    revision = university.endorsed(BEFORE)
    approved = {"decided_on": "2026-04-15", "in_force_on": "2026-04-15"}
    with pytest.raises(GuardUnmet, match="no number"):
        university.go(revision, "approve", "rector", APRIL, **approved)
    university.go(revision, "return_to_author", "rector", APRIL, reason="Такталсын")
    university.change(t.route.update().values(facts={**facts, "by_order": False}))
    university.go(revision, "submit", "owner", APRIL)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, APRIL, **protocol("2", APRIL))
    university.go(revision, "approve", "rector", APRIL, **approved)
    assert university.state(revision) == "effective"


def test_a_route_may_end_at_another_post(university: University) -> None:
    facts = university.one(t.route)["facts"]
    university.change(t.route.update().values(facts={**facts, "approver_post_id": university.posts["dean"].hex}))
    revision = university.endorsed(BEFORE)
    (task,) = university.open_tasks(revision)
    assert task["holder_post_id"] == university.posts["dean"]
    approved = {"order_no": "1", "decided_on": "2026-04-15", "in_force_on": "2026-04-15"}
    with pytest.raises(NotYours):
        university.go(revision, "approve", "rector", APRIL, **approved)
    university.go(revision, "approve", "dean", APRIL, **approved)
    assert university.rows(t.controlled_file)[0]["state"] == "pending"
