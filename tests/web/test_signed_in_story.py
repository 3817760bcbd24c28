"""The story of "Sapat runs", played by people who sign in, each with a browser of their own.

The server is the one that `sapat serve` starts, with its own mail sink; its clock is turned by the story.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from models import tables as t
from models.database import Database
from service.verifying.database import lines
from service.verifying.verify import verify
from states.kyrgyz import moment_in_words
from tests.support.databases import HOW
from tests.support.missing import missing
from tests.support.university import DOCUMENT, PEOPLE, at
from tests.web.dangers.test_browser import another_site
from tests.web.signed_in.desk import Desk, password_of
from tests.web.signed_in.house import MORE, House, served
from tests.web.signed_in.nonconformities import SETTING_UP, TEACHING, Nonconformity
from tests.web.signed_in.nonconformities import TITLE as FOUND
from tests.web.signed_in.people import People
from tests.web.signed_in.revisions import IN_FORCE, NEW, OLD, Revisions
from tests.web.test_look import browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stored(request: pytest.FixtureRequest) -> Iterator[Database]:
    template: Any = request.getfixturevalue(f"{request.param}_template")
    if template is None:
        missing("PostgreSQL", HOW)
    with template.copy() as copied:
        yield copied


@pytest.fixture(scope="module")
def house(stored: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(stored, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def people(browser: Browser, house: House) -> Iterator[People]:
    """Everybody can sign in."""
    people = People(browser, house)
    people.come_in()
    yield people
    people.leave()


@pytest.fixture(scope="module")
def approved(people: People, house: House) -> Revisions:
    """Three revisions, approved, whose day has not come yet."""
    revisions = Revisions(people, house)
    revisions.written()
    revisions.returned()
    revisions.rewritten()
    revisions.endorsed()
    revisions.approved()
    people["reader"].open(revisions.path)
    assert people["reader"].page.locator(".signature").count() == 0  # what is not in force is not for everybody
    house.mails_go()
    return revisions


@pytest.fixture(scope="module")
def in_force(approved: Revisions, house: House) -> Revisions:
    """Their day has come."""
    house.clock.now = at(2026, 4, 19, 23, 59)
    assert house.day_passes()["woken"] == 0
    house.clock.now = at(IN_FORCE.year, IN_FORCE.month, IN_FORCE.day, 0, 5)
    assert house.day_passes()["woken"] == 3
    house.mails_go()
    house.clock.turn(hours=10)
    return approved


@pytest.fixture(scope="module")
def implemented(in_force: Revisions, people: People, house: House) -> Nonconformity:
    """Two actions that are carried out, and wait for the quality specialist."""
    found = Nonconformity(people, house)
    found.reported()
    found.analysed()
    found.vice_rector_leaves()
    found.planned()
    house.mails_go()
    found.approved()
    found.carried_out()
    return found


@pytest.fixture(scope="module")
def closed(implemented: Nonconformity, house: House) -> Nonconformity:
    """All is done."""
    house.clock.turn(days=10)
    house.day_passes()
    implemented.verified()
    house.mails_go()
    return implemented


class TestComingIn:
    def test_everybody_has_chosen_a_password_by_a_link_of_their_own(self, house: House, people: People) -> None:
        accounts = house.university.rows(t.account, t.account.c.password_hash.is_not(None))
        assert {house.university.who(one["person_id"]) for one in accounts} == set(PEOPLE)

    def test_the_link_that_the_start_printed_is_worth_nothing_now(
        self, browser: Browser, house: House, people: People
    ) -> None:
        thief = Desk(browser, house, "reader")
        thief.page.goto(house.first_link)
        assert thief.page.locator('[name="new_password"]').count() == 0
        thief.look("link-used")
        thief.context.close()

    def test_a_wrong_password_opens_nothing_and_says_nothing_of_whose_it_is(
        self, browser: Browser, house: House, people: People
    ) -> None:
        stranger, said = Desk(browser, house, "reader"), []
        for name in ("rector", "nobody-of-that-name"):
            stranger.person = name
            stranger.page.goto(f"{house.address}/documents")
            stranger.sign_in("бул туура эмес сыр сөз")
            stranger.page.locator(".notice.tone-late").wait_for()
            said.append(stranger.page.locator(".notice.tone-late").inner_text())
        assert said[0] == said[1]
        stranger.look("wrong-password")
        stranger.page.goto(f"{house.address}/tasks")
        assert "/sign-in" in stranger.page.url
        stranger.context.close()


class TestTheRevision:
    def test_a_proof_is_asked_for_once_in_a_series_and_again_after_a_pause(self, approved: Revisions) -> None:
        assert approved.asked == {
            "sec_ouk": [True, True, False, True],
            "sec_ok": [True, False, True],
            "rector": [True, False, True],
        }
        rows = sorted(approved.house.university.rows(t.signature), key=lambda row: row["signed_at"])
        methods: dict[str, list[str]] = {}
        for row in rows:
            methods.setdefault(approved.house.university.who(row["person_id"]), []).append(row["method"])
        assert methods["sec_ouk"] == ["password", "password", "series", "password"]
        assert methods["rector"] == ["passkey", "series", "passkey"]

    def test_the_signature_on_the_text_before_is_void_and_the_others_hold(self, approved: Revisions) -> None:
        signatures = t.signature.c
        rows = approved.house.university.rows(t.signature, signatures.record_id == UUID(approved.identifier))
        rows.sort(key=lambda row: row["signed_at"])
        assert [row["voided_at"] is not None for row in rows] == [True, False, False, False]
        assert [[name for name, _ in row["facts"]["files"]] for row in rows] == [[OLD[0]], *[[NEW[0]]] * 3]
        assert rows[-1]["facts"]["files"] == [[NEW[0], sha256(NEW[1]).hexdigest()]]

    @pytest.mark.parametrize("person", ["reader", "rector", "librarian"])
    def test_in_force_it_is_read_by_everybody_with_its_signatures(self, in_force: Revisions, person: str) -> None:
        desk, university = in_force.people[person], in_force.house.university
        desk.open("/documents")
        desk.look("register")
        desk.page.locator(".table tbody tr", has_text=DOCUMENT).locator("a").first.click()
        desk.page.locator(f'a[href$="{in_force.identifier}"]').first.click()
        language = PEOPLE[person][1]
        cards = desk.page.locator(".signature")
        assert cards.count() == 4
        assert desk.page.locator(".signature.void").count() == 1
        for row in university.rows(t.signature, t.signature.c.record_id == UUID(in_force.identifier)):
            card = desk.page.locator(f"#signature-{row['id']}").inner_text()
            who = university.who(row["person_id"])
            for words in (PEOPLE[who][0].into(language), moment_in_words(row["signed_at"], language), "UTC+06:00"):
                assert words in card
            assert row["content_hash"] in card
        votes = desk.page.locator(".decision .votes").first
        assert votes.locator("p .for").count() == 1
        assert votes.locator("p .against").count() == 0  # nobody said how many there were
        desk.look("in-force")
        with desk.page.expect_download() as coming:
            desk.page.locator("#files a").first.click()
        assert coming.value.path().read_bytes() == NEW[1]

    def test_mails_do_not_say_that_all_this_is_made_up(self, in_force: Revisions) -> None:
        told = in_force.house.mails_of("sec_ok")
        assert told
        assert not any("made up" in mail.text for mail in told)
        assert any("SAPAT_SMTP_URL" in line for line in in_force.house.said)

    def test_who_wrote_it_hears_that_it_is_in_force(self, in_force: Revisions) -> None:
        subjects = [mail.entry.subject for mail in in_force.house.mails_of("owner")]
        for code in (DOCUMENT, *MORE):
            assert any(code in subject and "Күчүнө кирди" in subject for subject in subjects)


class TestTheNonconformity:
    def test_its_author_is_known_to_the_quality_specialist_alone(self, implemented: Nonconformity) -> None:
        name = PEOPLE["auditor"][0]
        for person, knows in (("quality", True), ("auditor", True), ("owner", False), ("rector", False)):
            desk = implemented.people[person]
            desk.open(implemented.paths[FOUND])
            assert any(words in desk.page.content() for words in (name.ky, name.ru, name.en)) is knows, person
            desk.look("nonconformity")

    def test_a_deputy_approves_for_whoever_is_away(self, implemented: Nonconformity) -> None:
        told = implemented.house.mails_of("dean")
        assert any(SETTING_UP in mail.entry.subject or SETTING_UP in mail.text for mail in told)
        owner = implemented.people["owner"]
        owner.open(implemented.paths[SETTING_UP])
        assert "Декан Деканов" in owner.page.locator(".history").inner_text()
        assert "Жылдыз Окуева" in owner.page.locator(".history").inner_text()
        signature = implemented.house.university.one(
            t.signature, t.signature.c.record_id == UUID(implemented.paths[SETTING_UP].rpartition("/")[2])
        )
        assert signature["acting_for_id"] == implemented.house.university.people["vice"]

    def test_who_carried_it_out_cannot_verify_it_even_for_somebody_else(self, implemented: Nonconformity) -> None:
        dean = implemented.people["dean"]
        dean.open(implemented.paths[SETTING_UP])
        assert dean.may("find_effective")
        dean.open(implemented.paths[TEACHING])
        assert not dean.may("find_effective")
        house, path = implemented.house, implemented.paths[TEACHING]
        teaching = house.university.record(UUID(path.rpartition("/")[2]))
        answer = dean.context.request.post(
            f"{house.address}{path}/moves/find_effective",
            form={"rationale": "Жарайт", "password": password_of("dean"), "version": str(teaching["version"])},
            headers={"Origin": house.address},
        )
        assert answer.status == 403
        assert house.university.record(teaching["id"]) == teaching

    def test_it_is_closed_by_a_signature_and_its_author_hears_of_it(self, closed: Nonconformity) -> None:
        record = UUID(closed.paths[FOUND].rpartition("/")[2])
        assert closed.house.university.state(record) == "closed"
        signature = closed.house.university.one(t.signature, t.signature.c.record_id == record)
        assert signature["meaning"] == "verified"
        assert any("Close" in mail.entry.subject for mail in closed.house.mails_of("auditor"))


class TestLeaving:
    def test_neither_the_back_button_nor_an_old_cookie_brings_anything_back(self, in_force: Revisions) -> None:
        librarian = in_force.people["librarian"]
        librarian.open(in_force.path)
        cookies = librarian.context.cookies()
        librarian.sign_out()
        librarian.page.go_back()
        librarian.page.go_back()
        assert librarian.page.locator(".signature").count() == 0
        librarian.context.add_cookies(cookies)  # type: ignore[arg-type]  # as Playwright gave them
        librarian.page.goto(f"{in_force.house.address}/tasks")
        assert "/sign-in" in librarian.page.url

    def test_a_session_elsewhere_is_seen_and_ended(self, browser: Browser, house: House, in_force: Revisions) -> None:
        here, elsewhere = in_force.people["reader"], Desk(browser, house, "reader")
        elsewhere.open("/tasks")
        here.open("/account/sessions")
        assert here.page.locator(".session").count() >= 2
        here.look("sessions")
        here.page.locator('button[value="others"]').click()
        here.page.locator(".notice.tone-good").wait_for()
        assert here.page.locator(".session").count() == 1
        elsewhere.page.goto(f"{house.address}/tasks")
        assert "/sign-in" in elsewhere.page.url
        elsewhere.context.close()

    def test_a_reader_sees_what_is_in_force_and_nothing_else(
        self, in_force: Revisions, implemented: Nonconformity
    ) -> None:
        reader = in_force.people["reader"]
        for path in implemented.paths.values():
            reader.open(path)
            assert FOUND not in reader.says()
            assert reader.page.locator(".history").count() == 0
        reader.look("refused")
        reader.open("/nonconformities")
        assert FOUND not in reader.says()

    def test_a_form_that_another_site_sends_is_refused(self, in_force: Revisions, house: House) -> None:
        rector, before = in_force.people["rector"], len(house.university.history(UUID(in_force.identifier)))
        rector.open("/tasks")
        given = {"order_no": "1", "decided_on": "2026-04-20", "reason": "x"}
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in given.items())
        target = f"{house.address}{in_force.path}/moves/withdraw"
        page = f'<form method="post" action="{target}">{inputs}<button>Win</button></form>'
        with another_site(page) as site, rector.context.new_page() as lured:
            lured.goto(site)
            with lured.expect_response(target) as answer:
                lured.locator("button").click()
            assert answer.value.status == 403
        assert len(house.university.history(UUID(in_force.identifier))) == before


class TestAtTheEnd:
    def test_nothing_has_been_touched(self, closed: Nonconformity, house: House) -> None:
        house.clock.turn(days=1)
        assert house.day_passes()["seals"] == 1
        printed = (house.home / "seals.txt").read_text("utf-8").splitlines()
        with house.university.database.read() as connection:
            report = verify(lines(connection, house.clock.now), printed=printed)
        assert report.well, report
        assert report.counts["record"] == 9  # three of them are readings: the document came into force
        assert report.counts["signature"] >= 14
