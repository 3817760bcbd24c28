"""A quality specialist's whole day on 2,000 nonconformities and 5,000 actions of five years, in real browsers.

The years are made once, at full size; the day is played once, stage by stage, and each stage is held against what the
database and the pages say of it then.
"""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from models import tables as t
from service.verifying.database import lines
from service.verifying.verify import verify
from tests.accounts.browsing import Clock
from tests.web.day.looking import Looking
from tests.web.day.staff import APPROVER, CHECKER, DEAN, OTHER, OWNER, SPECIALIST, Staff, days_pass
from tests.web.day.story import (
    CHECKED_ON,
    DONE_BY,
    FIRST_DUE,
    JOURNAL,
    LAST_WORDS,
    LATE_DUE,
    LATER_DUE,
    NEW_DUE,
    OTHER_CAUSE,
    PROTOCOLS,
    TEACHING,
    TITLE,
    WHYS,
    Day,
)
from tests.web.day.years import MONDAY, PLAN, simulated
from tests.web.signed_in.house import House, served
from tests.web.test_look import browser

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The five years, served to whoever signs in."""
    university = simulated(tmp_path_factory.mktemp("years"))
    with served(university.database, tmp_path_factory.mktemp("house"), university, Clock(PLAN.until)) as house:
        yield house
    university.database.close()


@pytest.fixture(scope="module")
def day(browser: Browser, house: House) -> Iterator[Day]:
    """Everybody who plays has a password, and it is Monday, ten days later."""
    staff = Staff(browser, house)
    staff.come_in()
    days_pass(house, MONDAY)
    yield Day(staff, house)
    staff.leave()


@pytest.fixture(scope="module")
def registered(day: Day) -> Day:
    day.is_registered()
    return day


@pytest.fixture(scope="module")
def assessed(registered: Day) -> Day:
    registered.is_assessed()
    return registered


@pytest.fixture(scope="module")
def analysed(assessed: Day) -> Day:
    assessed.causes_are_found()
    return assessed


@pytest.fixture(scope="module")
def planned(analysed: Day) -> Day:
    analysed.actions_are_planned()
    return analysed


@pytest.fixture(scope="module")
def extended(planned: Day) -> Day:
    planned.more_time_is_asked_for()
    return planned


@pytest.fixture(scope="module")
def late(extended: Day) -> Day:
    extended.nobody_does_it()
    return extended


@pytest.fixture(scope="module")
def pressed(late: Day) -> Day:
    late.each_button_is_pressed()
    return late


@pytest.fixture(scope="module")
def done(pressed: Day) -> Day:
    pressed.both_are_done()
    return pressed


@pytest.fixture(scope="module")
def checked(done: Day) -> Day:
    done.both_are_checked()
    return done


@pytest.fixture(scope="module")
def closed(checked: Day) -> Day:
    checked.is_closed()
    return checked


class TestTheYears:
    def test_are_as_many_as_was_asked_for(self, house: House) -> None:
        with house.university.database.read() as connection:
            counted = sa.select(t.record.c.kind, sa.func.count().label("how_many")).group_by(t.record.c.kind)
            kinds = {row.kind: row.how_many for row in connection.execute(counted)}
            first = connection.execute(sa.select(sa.func.min(t.record.c.opened_at))).scalar_one()
        assert kinds["nonconformity"] == PLAN.nonconformities == 2_000
        assert kinds["corrective_action"] == PLAN.actions == 5_000
        assert (PLAN.until - first).days in range(1_790, 1_830)


class TestRegistering:
    def test_gives_the_specialist_three_days_to_assess_it(self, registered: Day) -> None:
        found, kept = registered.record(TITLE), registered.kept
        assert kept.university.state(found) == "reported"
        assert kept.moves(found) == [("open", SPECIALIST)]
        assert kept.held_by(found) == SPECIALIST
        assert kept.due(found) == (date(2026, 12, 3), date(2026, 12, 3))
        facts = kept.facts(t.nonconformity, found)
        assert (facts["source"], facts["found_on"]) == ("monitoring", date(2026, 11, 30))

    def test_puts_it_among_their_tasks(self, registered: Day) -> None:
        said = registered.seen["registered"]
        assert TITLE in said
        with registered.house.university.database.read() as connection:
            post = registered.house.university.posts[SPECIALIST]
            mine = sa.select(sa.func.count()).where(t.task.c.holder_post_id == post, t.task.c.closed_at.is_(None))
            assert registered.seen["tasks"] == str(connection.execute(mine).scalar_one())


class TestAssessing:
    def test_makes_it_somebodys(self, assessed: Day) -> None:
        found, kept = assessed.record(TITLE), assessed.kept
        assert kept.university.state(found) == "correction"
        assert kept.moves(found)[1:] == [("register", SPECIALIST)]
        facts = kept.facts(t.nonconformity, found)
        assert (facts["severity"], facts["risk"]) == ("major", "high")
        assert kept.held_by(found) == OWNER
        assert kept.due(found) == (date(2026, 12, 7), date(2026, 12, 7))

    def test_tells_them_and_the_page_says_who_has_it(self, assessed: Day) -> None:
        assert TITLE in assessed.mail(OWNER, assessed.code(TITLE)).text
        assert "Информатика кафедрасынын башчысы" in assessed.seen["assessed"]


class TestTheCauses:
    def test_are_kept_as_a_chain_and_a_branch(self, analysed: Day) -> None:
        rows = analysed.kept.university.rows(t.cause, t.cause.c.record_id == analysed.record(TITLE))
        assert [(row["no"], row["text"], row["because_of"], row["code"]) for row in rows] == [
            (1, WHYS[0], None, None),
            (2, WHYS[1], 1, "1/M1"),
            (3, OTHER_CAUSE, None, "1/G1"),
        ]
        assert analysed.kept.facts(t.nonconformity, analysed.record(TITLE))["correction"] == PROTOCOLS

    def test_are_drawn(self, analysed: Day) -> None:
        assert int(analysed.seen["pictures"]) >= 2  # the tree of whys, and the fishbone

    def test_block_the_plan_while_nothing_removes_them(self, analysed: Day) -> None:
        assert "A root cause has neither an action nor a reason" in analysed.seen["blocked"]
        found = analysed.record(TITLE)
        assert analysed.kept.university.state(found) == "action_planning"
        assert analysed.kept.moves(found)[-1] == ("record_causes", OWNER)


class TestThePlan:
    def test_answers_each_root_cause_with_an_action(self, planned: Day) -> None:
        assert "Every root cause has an action or a reason" in planned.seen["answered"]
        facts = {title: planned.kept.facts(t.corrective_action, planned.record(title)) for title in (TEACHING, JOURNAL)}
        assert [facts[title]["causes"] for title in (TEACHING, JOURNAL)] == [[2], [3]]
        assert facts[JOURNAL]["checker_post_id"] == planned.kept.university.posts[CHECKER]

    def test_is_approved_by_the_vice_rector_with_a_password(self, planned: Day) -> None:
        for title in (TEACHING, JOURNAL):
            assert planned.kept.moves(planned.record(title)) == [
                ("open", OWNER),
                ("submit", ""),
                ("approve", APPROVER),
                ("start", OWNER),
            ]
            signed = planned.kept.university.one(t.signature, t.signature.c.record_id == planned.record(title))
            assert (signed["method"], signed["voided_at"]) in (("password", None), ("series", None))

    def test_waits_for_its_actions(self, planned: Day) -> None:
        assert planned.kept.university.state(planned.record(TITLE)) == "acting"
        assert planned.kept.due(planned.record(TITLE)) == (DONE_BY, DONE_BY)
        assert planned.kept.due(planned.record(TEACHING)) == (LATE_DUE, LATE_DUE)
        assert planned.kept.due(planned.record(JOURNAL)) == (FIRST_DUE, FIRST_DUE)


class TestTheExtension:
    def test_moves_the_day_and_forgets_no_day(self, extended: Day) -> None:
        action = extended.record(JOURNAL)
        facts = extended.kept.facts(t.corrective_action, action)
        assert (facts["due_on"], facts["original_due_on"], facts["extensions"]) == (NEW_DUE, FIRST_DUE, 1)
        assert extended.kept.due(action) == (NEW_DUE, FIRST_DUE)
        assert "15.01.2027" in extended.seen["asked"]
        assert "18.12.2026" in extended.seen["granted"]

    def test_was_decided_by_the_specialist_for_the_vice_rector(self, extended: Day) -> None:
        action, university = extended.record(JOURNAL), extended.kept.university
        assert extended.kept.moves(action)[-2:] == [("request_extension", OWNER), ("grant_extension", SPECIALIST)]
        entry = university.history(action)[-1]
        assert university.who(entry["acting_for_id"]) == APPROVER
        signed = university.rows(t.signature, t.signature.c.history_id == entry["id"])
        assert [university.who(one["person_id"]) for one in signed] == [SPECIALIST]

    def test_is_told_to_whoever_asked(self, extended: Day) -> None:
        assert "15 Jan" in extended.mail(OWNER, extended.code(JOURNAL)).text


class TestTheEscalation:
    def test_climbs_the_ladder_on_its_days(self, late: Day) -> None:
        assert late.kept.told(late.tasks[TEACHING]) == [
            (-3, OWNER, date(2026, 12, 4)),
            (0, OWNER, date(2026, 12, 9)),
            (1, OWNER, date(2026, 12, 10)),
            (3, DEAN, date(2026, 12, 14)),
            (5, SPECIALIST, date(2026, 12, 16)),
        ]

    def test_comes_as_mails_each_of_which_says_who_was_told_before(self, late: Day) -> None:
        dean, specialist = (late.mail(one, late.code(TEACHING)) for one in (DEAN, SPECIALIST))
        assert "2026" in dean.text
        assert "Экономика жана МТ факультетинин деканы" in specialist.text

    def test_stands_on_the_board_with_what_comes_next(self, late: Day) -> None:
        row = late.seen["row"]
        assert late.code(TEACHING) in row
        assert "7 ичинен 5" in row
        for day in ("09.12.2026", "16.12.2026", "23.12.2026"):  # due; told; told next
            assert day in row
        assert "Окуу иштери боюнча проректор" in row

    def test_is_one_of_all_that_is_late(self, late: Day) -> None:
        assert late.seen["late"] == str(late.counted)


class TestTheButtonsOfTheBoard:
    def test_ask_whoever_has_it_by_mail(self, pressed: Day) -> None:
        asked = t.notice.c.message == "task/nudge"
        (told,) = pressed.kept.university.rows(t.notice, t.notice.c.task_id == pressed.tasks[TEACHING], asked)
        assert pressed.kept.university.who(told["reader_id"]) == OWNER
        assert told["sent_at"] is not None
        assert pressed.seen["buttons"] == "0"  # once a day is enough

    def test_give_it_to_somebody_else_with_its_day(self, pressed: Day) -> None:
        action = pressed.record(TEACHING)
        assert "Маалыматтык технологиялар бөлүмүнүн башчысы" in pressed.seen["reassigned"]
        assert "09.12.2026" in pressed.seen["reassigned"]
        assert pressed.kept.held_by(action) == OTHER
        assert pressed.code(TEACHING) in pressed.mail(OTHER, pressed.code(TEACHING)).entry.subject

    def test_put_it_off(self, pressed: Day) -> None:
        action = pressed.record(TEACHING)
        assert pressed.kept.moves(action)[-2:] == [("reassign", SPECIALIST), ("extend", SPECIALIST)]
        assert pressed.kept.due(action) == (LATER_DUE, LATE_DUE)
        assert int(pressed.seen["after"]) == int(pressed.seen["late"]) - 1


class TestTheCheck:
    def test_waits_for_its_day_with_somebody_who_did_not_do_it(self, done: Day) -> None:
        for title, checker in ((TEACHING, SPECIALIST), (JOURNAL, CHECKER)):
            assert done.kept.university.state(done.record(title)) == "implemented"
            assert done.kept.held_by(done.record(title)) == checker
            assert done.kept.due(done.record(title))[0] == CHECKED_ON
            evidence = done.kept.university.rows(t.evidence, t.evidence.c.record_id == done.record(title))
            assert [one["evidence_on"] for one in evidence] == [date(2026, 12, 21)]

    def test_of_the_last_action_sends_the_nonconformity_on_by_itself(self, checked: Day) -> None:
        assert checked.seen["half"] == "acting"
        found = checked.record(TITLE)
        assert checked.kept.university.state(found) == "verification"
        assert checked.kept.moves(found)[-1] == ("actions_done", "")
        assert checked.kept.held_by(found) == SPECIALIST
        for title, checker in ((TEACHING, SPECIALIST), (JOURNAL, CHECKER)):
            assert checked.kept.university.state(checked.record(title)) == "closed"
            assert checked.kept.moves(checked.record(title))[-1] == ("find_effective", checker)


class TestClosing:
    def test_ends_the_way(self, closed: Day) -> None:
        found = closed.record(TITLE)
        assert closed.kept.university.state(found) == "closed"
        assert closed.kept.university.open_tasks(found) == []
        assert [move for move, _ in closed.kept.moves(found)] == [
            "open",
            "register",
            "record_correction",
            *["add_cause"] * 3,
            "record_causes",
            "submit_plan",
            "actions_done",
            "close",
        ]
        assert closed.kept.facts(t.nonconformity, found)["evaluation"] == LAST_WORDS

    def test_is_signed_and_told(self, closed: Day) -> None:
        signed = closed.kept.university.one(t.signature, t.signature.c.record_id == closed.record(TITLE))
        assert (signed["meaning"], closed.kept.university.who(signed["person_id"])) == ("verified", SPECIALIST)
        assert "Closed" in closed.mail(OWNER, closed.code(TITLE)).entry.subject
        assert LAST_WORDS in closed.seen["closed"]


class TestTheFigures:
    def test_of_what_is_open_lead_to_its_rows_and_to_files_of_them(self, closed: Day) -> None:
        looking = Looking(closed)
        looking.at_the_ageing()
        with closed.house.university.database.read() as connection:
            still = sa.select(sa.func.count()).where(t.record.c.kind == "nonconformity", t.record.c.closed_at.is_(None))
            assert sum(looking.bars) == connection.execute(still).scalar_one()
        assert looking.behind == max(looking.bars)
        assert looking.exported == {"csv": max(looking.bars), "xlsx": max(looking.bars)}

    def test_of_causes_lead_to_the_nonconformities_that_have_them(self, closed: Day) -> None:
        looking = Looking(closed)
        looking.at_the_causes()
        assert looking.bars == sorted(looking.bars, reverse=True)
        assert looking.behind == looking.bars[0]

    def test_a_word_of_the_title_finds_it_among_thousands(self, closed: Day) -> None:
        assert closed.code(TITLE) in Looking(closed).found("протоколдору 2026")


class TestAtTheEnd:
    def test_every_history_is_whole(self, closed: Day) -> None:
        house = closed.house
        days_pass(house, closed.tomorrow)
        printed = (house.home / "seals.txt").read_text("utf-8").splitlines()
        with house.university.database.read() as connection:
            report = verify(lines(connection, house.clock.now), printed=printed)
        assert report.well, report
        assert report.counts["record"] == PLAN.nonconformities + PLAN.actions + 60 + 3

    def test_nothing_is_open_that_nobody_has_and_nothing_closed_that_somebody_has(self, closed: Day) -> None:
        task, record = t.task.c, t.record.c
        has_task = sa.exists().where(task.record_id == record.id, task.closed_at.is_(None))
        above = t.record.alias()
        with closed.house.university.database.read() as connection:
            wrong = sa.select(record.code).where(record.closed_at.is_(None) != has_task)
            assert connection.execute(wrong).scalars().all() == []
            orphans = sa.select(record.code).join(above, above.c.id == record.parent_id)
            orphans = orphans.where(record.closed_at.is_(None), above.c.closed_at.is_not(None))
            assert connection.execute(orphans.where(above.c.kind == "nonconformity")).scalars().all() == []
