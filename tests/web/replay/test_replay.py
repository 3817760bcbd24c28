"""The approval of TalSU's manual as its title page tells it, and of NSU's as its page does, through real browsers.

Each stage is played once, on its day by the simulated clock, and is then held against what the database says.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser

from models import tables as t
from models.database import Database
from models.schema import upgrade
from states.text import LANGUAGES
from tests.accounts.browsing import Clock
from tests.controlled.making import code_on, words
from tests.prints.pdfs import not_pdf_a, pages, text
from tests.web.replay.afterwards import Replayed
from tests.web.replay.founding import BODIES, CODE, MEMBERS, NSU, TALSU, TITLE, Sat, Way, founded, letterhead
from tests.web.replay.papers import CLAUSES
from tests.web.replay.story import DOCX, PDF, READERS, SECRETARIES, Guild
from tests.web.signed_in.house import served
from tests.web.test_look import browser

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module", params=[TALSU, NSU], ids=["TalSU", "NSU"])
def replay(
    browser: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replayed]:
    """The university an hour before the draft; those who play have come in."""
    way: Way = request.param
    home = tmp_path_factory.mktemp("replay")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)
    university = founded(database, way)
    forms = letterhead(home / "forms", way)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAPAT_FORMS", str(forms))
        with served(database, home, university, Clock(way.drafted - timedelta(hours=1))) as house:
            guild = Guild(browser, house)
            guild.come_in()
            yield Replayed(guild, house, way, forms)
            guild.leave()
    database.close()


@pytest.fixture(scope="module")
def prepared(replay: Replayed) -> Replayed:
    replay.is_prepared()
    return replay


@pytest.fixture(scope="module")
def drafted(prepared: Replayed) -> Replayed:
    prepared.is_drafted()
    return prepared


@pytest.fixture(scope="module")
def decided(drafted: Replayed) -> Replayed:
    for sat in drafted.way.sittings:
        drafted.is_planned(sat)
        drafted.is_held(sat)
    return drafted


@pytest.fixture(scope="module")
def approved(decided: Replayed) -> Replayed:
    decided.is_approved()
    return decided


@pytest.fixture(scope="module")
def published(approved: Replayed) -> Replayed:
    approved.is_published()
    return approved


@pytest.fixture(scope="module")
def read(published: Replayed) -> Replayed:
    published.is_read()
    return published


@pytest.fixture(scope="module")
def checked(read: Replayed) -> Replayed:
    read.is_checked()
    return read


@pytest.fixture(scope="module")
def printed(checked: Replayed) -> Replayed:
    checked.is_printed()
    return checked


def subjects(replay: Replayed, person: str) -> list[str]:
    return [one.entry.subject for one in replay.house.mails_of(person)]


class TestTheRoutes:
    def test_are_taken_as_a_set_by_one_click(self, prepared: Replayed) -> None:
        said = prepared.seen["route"]
        lines = [line for sat in prepared.way.sittings for line in (BODIES[sat.body].ky, sat.does.ky)]
        found = [said.index(line) for line in [*lines, "Ректор"]]
        assert found == sorted(found)
        ways = [row["facts"] for row in prepared.house.university.rows(t.route)]
        assert ways
        assert {tuple(way["bodies"]) for way in ways} == {tuple(sat.body for sat in prepared.way.sittings)}
        assert {way["by_order"] for way in ways} == {bool(prepared.way.order_no)}


class TestTheDraft:
    def test_goes_to_the_first_council_with_its_files(self, drafted: Replayed) -> None:
        first = drafted.way.sittings[0].body
        steps = ["open", "attach_file", "attach_file", "submit"]
        assert drafted.kept.moves(drafted.record) == [(step, "owner") for step in steps]
        assert drafted.house.university.state(drafted.record) == "council_review"
        assert drafted.kept.held_by(drafted.record) == SECRETARIES[first]
        files = drafted.house.university.rows(t.attachment, t.attachment.c.record_id == drafted.record)
        assert sorted(row["name"] for row in files) == [DOCX, PDF]
        assert any(CODE in subject for subject in subjects(drafted, SECRETARIES[first]))


class TestTheCouncils:
    def test_had_it_on_their_agendas_with_the_papers_as_sent(self, decided: Replayed) -> None:
        for sat in decided.way.sittings:
            assert f"{TITLE} ({CODE}/1)" in decided.seen[f"planned-{sat.body}"]
            sitting = decided.kept.facts(t.sitting, decided.sitting(sat.body))
            assert (sitting["held_on"], sitting["begins_at"]) == (sat.held.date(), "14:00")
            assert sorted(name for name, _ in sitting["papers"]["1"]) == [DOCX, PDF]

    def test_called_their_members_by_mail(self, decided: Replayed) -> None:
        for sat in decided.way.sittings:
            code = decided.house.university.record(decided.sitting(sat.body))["code"]
            for member in MEMBERS[sat.body]:
                assert any(code in one.text + one.entry.subject for one in decided.house.mails_of(member)), member

    def test_decided_on_their_days_under_their_numbers(self, decided: Replayed) -> None:
        university = decided.house.university
        rows = university.rows(t.decision, t.decision.c.record_id == decided.record)
        said = [(row["kind"], row["number"], row["decided_on"], row["votes_for"], row["votes_against"]) for row in rows]
        assert said == [("body", sat.number, sat.held.date(), sat.votes, 0) for sat in decided.way.sittings]
        for row, sat in zip(rows, decided.way.sittings, strict=True):
            assert row["wording"] == decided.seen[f"wording-{sat.body}"]
            assert university.state(decided.sitting(sat.body)) == "closed"
            closed = decided.kept.facts(t.sitting, decided.sitting(sat.body))
            assert (closed["protocol_no"], closed["protocol_year"]) == (sat.number, sat.held.year)
            assert decided.kept.moves(decided.sitting(sat.body)) == [
                (move, SECRETARIES[sat.body]) for move in ("open", "send_papers", "open_session", "close")
            ]

    def test_handed_it_on(self, decided: Replayed) -> None:
        bodies = [sat.body for sat in decided.way.sittings]
        on = [("council_review", SECRETARIES[body]) for body in bodies[1:]] + [("rector_approval", "rector")]
        assert [decided.after[body] for body in bodies] == on
        assert decided.kept.moves(decided.record)[4:] == [("endorse", SECRETARIES[body]) for body in bodies]
        for _, holder in on:
            assert any(CODE in subject for subject in subjects(decided, holder))

    def test_have_no_task_left(self, decided: Replayed) -> None:
        for sat in decided.way.sittings:
            assert decided.house.university.open_tasks(decided.sitting(sat.body)) == []


class TestTheRector:
    def test_sees_what_the_councils_decided(self, approved: Replayed) -> None:
        for sat in approved.way.sittings:
            assert f"Протокол № {sat.number}, {approved.way.days[sat.body].ky}" in approved.seen["desk"]

    def test_approves_it_on_the_day_and_it_is_in_force(self, approved: Replayed) -> None:
        way, university = approved.way, approved.house.university
        decision = university.one(t.decision, t.decision.c.record_id == approved.record, t.decision.c.kind == "order")
        assert (decision["number"], decision["decided_on"]) == (way.order_no, way.approved_on)
        assert decision["in_force_on"] == way.approved_on
        assert university.state(approved.record) == "effective"
        assert approved.kept.moves(approved.record)[-1] == ("approve", "rector")
        revision = approved.kept.facts(t.revision, approved.record)
        assert revision["in_force"] is True
        assert revision["in_force_on"] == way.approved_on
        assert revision["review_due_on"] == date(way.approved_on.year + 1, way.approved_on.month, way.approved_on.day)
        assert university.open_tasks(approved.record) == []

    def test_reads_of_a_number_only_where_there_is_one(self, approved: Replayed) -> None:
        line = approved.seen["approved"]
        assert f"{CODE}/1 {TITLE}" in line
        assert ("№" in line) is bool(approved.way.order_no)
        assert approved.way.order_no in line
        assert approved.way.days["rector"].ky in line

    def test_is_told_to_the_author_and_to_the_quality_specialist(self, approved: Replayed) -> None:
        for person in ("owner", "quality"):
            newest = approved.house.mails_of(person)[0]
            assert f"{CODE}/1" in newest.entry.subject + newest.text, person

    def test_signed_over_what_the_councils_signed(self, approved: Replayed) -> None:
        rows = approved.house.university.rows(t.signature, t.signature.c.record_id == approved.record)
        who = [approved.house.university.who(row["person_id"]) for row in rows]
        assert who == [*(SECRETARIES[sat.body] for sat in approved.way.sittings), "rector"]
        assert all(row["voided_at"] is None for row in rows)
        assert len({row["content_hash"] for row in rows}) == 1


class TestTheControlledFile:
    def test_is_made_and_its_readers_are_asked(self, published: Replayed) -> None:
        assert published.counted["controlled_made"] == 1
        assert published.counted["readers_asked"] == len(READERS)
        for reader in READERS:
            assert any(CODE in one.text for one in published.house.mails_of(reader)), reader

    def test_is_read_and_signed_for(self, read: Replayed) -> None:
        rows = read.house.university.rows(t.acknowledgement, t.acknowledgement.c.revision_id == read.record)
        states = {
            read.house.university.who(row["reader_id"]): read.house.university.state(row["record_id"]) for row in rows
        }
        assert states == {"reader": "read", "head": "to_read"}

    def test_holds_the_title_page_the_manual_and_the_sheet_of_changes(self, read: Replayed) -> None:
        every, way = pages(read.controlled), read.way
        assert len(every) == 4
        title = words(read.controlled, 0)
        for sat in way.sittings:
            assert f"{sat.done.ky} {BODIES[sat.body].ky} Протокол № {sat.number} {way.days[sat.body].ky}" in title
        assert f"{way.head.ky} Ректор Айбек Ректоров {way.days['rector'].ky}" in title
        assert ("Буйрук №" in title) is bool(way.order_no)
        assert way.order_no in title
        for heading, clause in CLAUSES:
            assert heading in words(read.controlled, 1)
            assert clause in words(read.controlled, 1)
        assert "Өзгөртүүлөрдү жана толуктоолорду каттоо барагы" in words(read.controlled, 3)

    def test_leads_to_the_public_page_from_every_page(self, read: Replayed) -> None:
        address = f"{read.house.address}/check/{read.record}"
        assert all(code_on(read.controlled, page, address) for page in range(4))


class TestThePublicPage:
    @pytest.mark.parametrize(
        ("language", "state"), [("ky", "Күчүндө"), ("ru", "Действует"), ("en", "In force")], ids=LANGUAGES
    )
    def test_says_that_it_is_in_force(self, checked: Replayed, language: str, state: str) -> None:
        said = checked.seen[f"check-{language}"]
        assert f"{CODE} {TITLE}" in said
        assert state in said
        assert checked.way.days["rector"].into(language) in said

    def test_knows_our_file_and_a_flipped_byte(self, checked: Replayed) -> None:
        ours, flipped = checked.verdicts
        assert "byte for byte" in ours
        assert "Changed after it was sealed" in flipped


class TestEveryPrint:
    def test_is_there_in_each_language_and_is_pdf_a(self, printed: Replayed) -> None:
        of_sitting = {"agenda", "protocol", "extract", "sign-off"}
        of_revision = {"approval", "sign-off", "changes", "acquaintance", "extract"}
        of_revision |= {"order"} if printed.way.order_no else set()
        expected = {sat.body: of_sitting for sat in printed.way.sittings}
        expected |= {"revision": of_revision, "register": {"register"}}
        for source, forms in expected.items():
            assert set(printed.prints[source]) == {(form, one) for form in forms for one in LANGUAGES}, source
        for prints in printed.prints.values():
            for which, pdf in prints.items():
                assert not_pdf_a(pdf) == [], which
                assert "□" not in text(pdf), which
                assert len(pages(pdf)) == 1, which

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_a_sitting_says_what_was_decided_when(self, printed: Replayed, language: str) -> None:
        for sat in printed.way.sittings:
            day, body = printed.way.days[sat.body].into(language), BODIES[sat.body].into(language)
            said = {form: text(printed.prints[sat.body][form, language]) for form in ("agenda", "protocol", "extract")}
            for form, words_ in said.items():
                for expected in (printed.way.name.into(language).upper(), body, day, f"{TITLE} ({CODE}/1)"):
                    assert expected in words_, (form, expected)
            assert f"{_PROTOCOL[language]} № {sat.number} {body} {day}, 14:00" in said["protocol"]
            assert _EXTRACT[language].format(sat.number) in said["extract"]
            outcome = f"{sat.outcome.into(language)}. {printed.seen[f'wording-{sat.body}']}"
            for form in ("protocol", "extract"):
                assert f"{_VOTES[language]} – {sat.votes}" in said[form]
                assert outcome in said[form]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_the_revision_says_who_approved_it_when(self, printed: Replayed, language: str) -> None:
        way = printed.way
        said = {form: text(pdf) for (form, one), pdf in printed.prints["revision"].items() if one == language}
        for sat in way.sittings:
            assert _considered(way, sat, language) in said["approval"]
        assert way.head.into(language) in said["approval"]
        assert way.days["rector"].into(language) in said["approval"]
        assert (_ORDER_NO[language] in said["approval"]) is bool(way.order_no)
        assert way.order_no in said["approval"]
        for name in _NAMES[language]:
            assert name in said["sign-off"]
        assert _READER[language] in said["acquaintance"]
        assert _AUTHOR[language] in said["acquaintance"]
        assert f"{CODE} {TITLE}" in said["changes"]
        register = text(printed.prints["register"]["register", language])
        assert f"{CODE} {TITLE}" in register

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_the_order_has_its_number_day_and_grounds(self, printed: Replayed, language: str) -> None:
        if not printed.way.order_no:
            return  # its route takes none, which the first of these tests has seen
        said, way = text(printed.prints["revision"]["order", language]), printed.way
        assert f"{_ORDER[language]} № 01-12/138 {way.days['rector'].into(language)}" in said
        council = f"{BODIES['ok'].into(language)}, {_PROTOCOL[language].lower()} № 5, {way.days['ok'].into(language)}"
        assert council in said
        assert _ENACTED[language] in said


def _considered(way: Way, sat: Sat, language: str) -> str:
    body = BODIES[sat.body].into(language)
    number = f"{_PROTOCOL[language].capitalize()} № {sat.number}"
    return f"{sat.done.into(language)} {body} {number} {way.days[sat.body].into(language)}"


_PROTOCOL = {"ky": "ПРОТОКОЛ", "ru": "ПРОТОКОЛ", "en": "PROTOCOL"}
_EXTRACT = {"ky": "№ {} ПРОТОКОЛДОН КӨЧҮРМӨ", "ru": "ВЫПИСКА ИЗ ПРОТОКОЛА № {}", "en": "EXTRACT OF PROTOCOL № {}"}
_VOTES = {"ky": "макул", "ru": "за", "en": "for"}
_ORDER = {"ky": "БУЙРУК", "ru": "ПРИКАЗ", "en": "ORDER"}
_ORDER_NO = {"ky": "Буйрук №", "ru": "Приказ №", "en": "Order №"}
_ENACTED = {"ky": "ишке киргизилсин", "ru": "Ввести в действие редакцию № 1", "en": "is put into force"}
_NAMES = {
    "ky": ("Назгүл Кеңешова", "Айбек Ректоров"),
    "ru": ("Назгуль Кенешова", "Айбек Ректоров"),
    "en": ("Nazgul Kengeshova", "Aibek Rektorov"),
}
_READER = {"ky": "Окурман Окуров Китепканачы", "ru": "Окурман Окуров Библиотекарь", "en": "Okurman Okurov Librarian"}
_AUTHOR = {"ky": "Өмүр Жазуучу", "ru": "Омур Жазуучу", "en": "Omur Jazuuchu"}
