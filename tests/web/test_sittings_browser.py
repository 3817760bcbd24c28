"""A sitting of 40 items and 35 members recorded in the one page by typing, killed in the middle, continued, closed.

The server is a process of its own that is ended with SIGKILL, the browser one whose context is thrown away.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from models import tables as t
from models.database import Database
from models.schema import upgrade
from tests.councils.sitting import Sitting
from tests.support.university import University
from tests.web.sittings import Server, large
from tests.web.test_look import FOCUS, OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SMALL = PRESSED + ", .segments label, .agenda-nav a"


@dataclass
class Hall:
    """A sitting, the university in a database, and the server that shows it."""

    sitting: Sitting
    server: Server

    @property
    def university(self) -> University:
        return self.sitting.university

    @property
    def path(self) -> str:
        return f"{self.server.address}/sittings/{self.sitting.id}"

    def context(self, browser: Browser, size: Any = WIDE, who: str = "sec_ouk", **how: Any) -> BrowserContext:
        """A browser of somebody's."""
        context = browser.new_context(viewport=size, **how)
        cookies = {"sapat_person": who, "sapat_language": how.pop("language", "ky")}
        context.add_cookies(
            [{"name": one, "value": value, "url": self.server.address} for one, value in cookies.items()]
        )
        context.add_init_script(REFUSED)
        context.set_default_timeout(10_000)
        return context

    @contextmanager
    def page(self, browser: Browser, size: Any = WIDE, **how: Any) -> Iterator["Typing"]:
        """The page of the sitting, open."""
        with self.context(browser, size, **how) as context:
            page = context.new_page()
            page.goto(f"{self.path}/day")
            yield Typing(page, self)

    def row(self, part: str, no: int) -> dict[str, Any]:
        """A row of the minutes as the database has it."""
        return next(row for row in self.sitting.rows(part) if row["no"] == no)

    def numbers(self) -> list[int]:
        """The items in their order, by the numbers under which they are kept."""
        return [row["no"] for row in sorted(self.sitting.rows("agenda_item"), key=lambda row: row["place"])]


@dataclass
class Typing:
    """A secretary at the page."""

    page: Page
    hall: Hall

    def item(self, no: int) -> Any:
        """An item, opened by its number in the strip."""
        item = self.page.locator(f"#item-{no}")
        if item.get_attribute("open") is None:
            self.page.click(f'.agenda-nav [data-item="{no}"]')
        return item

    def type(self, no: int, **fields: str) -> None:
        """Something is typed into an item, letter by letter."""
        item = self.item(no)
        for name, words in fields.items():
            box = item.locator(f'.item-form [name="{name}"]')
            box.focus()
            box.press("Control+a")
            box.press_sequentially(words)

    def choose(self, no: int, decision: str) -> None:
        """A decision is taken."""
        self.item(no).locator(f'[name="decision"][value="{decision}"]').check()

    def is_kept(self) -> None:
        """Wait until the page says that all is kept."""
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=40_000)

    def is_not_kept(self) -> None:
        """Wait until the page says that the server was asked in vain."""
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "failed", timeout=40_000)


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hall]:
    documents, own, sits, rules = getattr(request, "param", (3, 3, 7, {}))
    url = f"sqlite:///{tmp_path / 'sapat.db'}"
    database = Database(url)
    upgrade(database)
    sitting = large(University.founded(database), documents, own, sits, **rules)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(url, port, tmp_path)
    server.start()
    yield Hall(sitting, server)
    if server.process:
        server.kill()
    database.close()


def look(page: Page, width: int) -> None:
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.refused") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if width < 400:
        assert page.evaluate(TOO_SMALL, SMALL) == [], page.url
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())


@pytest.mark.parametrize("hall", [(20, 20, 35, {"quorum": "two_thirds"})], indirect=True)
def test_forty_items_and_thirty_five_members_are_recorded_killed_and_closed(browser: Browser, hall: Hall) -> None:
    items = hall.numbers()
    documents = [row["about_id"] for row in hall.sitting.rows("agenda_item") if row["about_id"]]
    assert (len(items), len(documents)) == (40, 20)
    with hall.context(browser) as context:
        page = context.new_page()
        page.goto(f"{hall.path}/day")
        typing = Typing(page, hall)
        for row in hall.sitting.rows("attendee")[1:5]:
            page.locator(f'[name="presence-{row["no"]}"][value="excused"]').check()
        page.click('#attendance-form [name="rest"]')
        typing.is_kept()
        assert "31" in page.locator("#quorum").inner_text()
        assert "24" in page.locator("#quorum").inner_text()
        for no in items[:17]:
            decide(typing, no)
        typing.is_kept()
        assert [row["wording"] for row in kept_items(hall, items[:17])] == [f"{no}-чечим" for no in items[:17]]

        # The server dies while an item is being typed, and what follows is typed without it.
        typing.type(items[17], heard="Өмүр Жазуучу баян")
        hall.server.kill()
        typing.page.keyboard.type("дады")
        for no in items[17:20]:
            decide(typing, no)
        typing.is_not_kept()
        assert hall.row("agenda_item", items[19])["wording"] is None
        hall.server.start()
        typing.page.evaluate("dispatchEvent(new Event('online'))")
        typing.is_kept()
        assert hall.row("agenda_item", items[17])["heard"] == "Өмүр Жазуучу баяндады"
        assert [row["wording"] for row in kept_items(hall, items[:20])] == [f"{no}-чечим" for no in items[:20]]

        # Both die: what was typed is in the browser's storage, and arrives when the page is opened again.
        hall.server.kill()
        for no in items[20:23]:
            decide(typing, no)
        typing.is_not_kept()
        page.close(run_before_unload=False)
        hall.server.start()
        assert hall.row("agenda_item", items[22])["wording"] is None
        page = context.new_page()
        page.goto(f"{hall.path}/day")
        typing = Typing(page, hall)
        typing.is_kept()
        assert [row["wording"] for row in kept_items(hall, items[:23])] == [f"{no}-чечим" for no in items[:23]]

    # Another browser, which knows nothing of the first.
    with hall.page(browser) as typing:
        assert typing.page.locator(f'#form-{items[22]} [name="wording"]').input_value() == f"{items[22]}-чечим"
        assert typing.page.locator(".item.done").count() == 23
        for no in items[23:]:
            decide(typing, no)
        typing.is_kept()
        assert typing.page.locator("#done").inner_text() == "40 / 40"
        typing.page.click("#to-closing")
        typing.page.wait_for_url("**/closing")
        assert typing.page.locator("#hindrances").count() == 0
        assert typing.page.locator('[name="protocol_no"]').input_value() == "1"
        look(typing.page, 1280)
        typing.page.locator("#close-form form button.primary").click()
        typing.page.wait_for_url("**/day?done=*")
        look(typing.page, 1280)
        assert typing.page.locator(".protocol-item").count() == 40
    assert hall.university.state(hall.sitting.id) == "closed"
    assert {hall.university.one(t.revision, t.revision.c.record_id == one)["position"] for one in documents} == {1}
    assert len(hall.university.rows(t.decision)) == 20


def decide(typing: Typing, no: int) -> None:
    """What a secretary types of one item."""
    if not typing.page.locator(f'#form-{no} [name="heard"]').input_value():
        typing.type(no, heard=f"{no}-баяндама")
    typing.type(no, votes_for="29", votes_against="2", votes_abstained="0")
    about = typing.hall.row("agenda_item", no)["about_id"]
    typing.choose(no, "endorse" if about else "resolved")
    typing.type(no, wording=f"{no}-чечим")


def kept_items(hall: Hall, numbers: list[int]) -> list[dict[str, Any]]:
    rows = {row["no"]: row for row in hall.sitting.rows("agenda_item")}
    return [rows[no] for no in numbers]


class TestTyping:
    def test_is_kept_shortly_after_and_at_once_when_one_goes_on(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            typing.type(no, spoke="Декан: колдойм")
            typing.is_kept()
            assert hall.row("agenda_item", no)["spoke"] == "Декан: колдойм"
            assert typing.page.locator("#saved").inner_text().endswith(("14:00:00.", "14:00:00"))
            assert typing.page.evaluate("Object.keys(localStorage)") == []

    def test_over_somebody_elses_words_shows_both(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            hall.sitting.write("agenda_item", no, wording="Жардамчынын сөзү")
            typing.type(no, wording="Катчынын сөзү")
            box = typing.page.locator(f"#form-{no} .not-kept")
            expect(box).to_contain_text("Жардамчынын сөзү")
            assert hall.row("agenda_item", no)["wording"] == "Жардамчынын сөзү"
            look(typing.page, 1280)
            box.locator("button").first.click()
            typing.is_kept()
            assert hall.row("agenda_item", no)["wording"] == "Катчынын сөзү"
            hall.sitting.write("agenda_item", no, heard="Биринчи")
            typing.type(no, heard="Экинчи")
            typing.page.locator(f"#form-{no} .not-kept button").last.click()
            typing.is_kept()
            assert typing.page.locator(f'#form-{no} [name="heard"]').input_value() == "Биринчи"
            assert hall.row("agenda_item", no)["heard"] == "Биринчи"

    def test_of_two_at_once_in_different_fields_is_all_kept(self, browser: Browser, hall: Hall) -> None:
        first, second, *_ = hall.numbers()
        with hall.page(browser) as one, hall.page(browser) as other:
            one.type(first, heard="Бир")
            other.type(first, spoke="Эки")
            one.type(second, wording="Үч")
            other.type(second, heard="Төрт")
            one.is_kept()
            other.is_kept()
        assert [hall.row("agenda_item", first)[name] for name in ("heard", "spoke")] == ["Бир", "Эки"]
        assert [hall.row("agenda_item", second)[name] for name in ("wording", "heard")] == ["Үч", "Төрт"]

    def test_something_wrong_is_said_at_its_field(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            typing.type(no, votes_for="көп")
            expect(typing.page.locator(f"#form-{no} .in-numbers .not-kept .error")).to_be_visible()
            typing.type(no, votes_for="5")
            typing.is_kept()
            expect(typing.page.locator(f"#form-{no} .not-kept")).to_have_count(0)
            assert hall.row("agenda_item", no)["votes_for"] == 5

    def test_instructs_once_though_the_answer_was_lost(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            lost: list[Any] = []

            def lose(route: Any) -> None:
                """The first that is added reaches the server, but its answer nobody."""
                if "key" in (route.request.post_data_json or {}) and not lost:
                    lost.append(route.fetch())
                    route.abort()
                else:
                    route.continue_()

            typing.page.route("**/minutes", lose)
            typing.item(no).locator("[data-instruct]").click()
            form = typing.page.locator(f"#item-{no} form.instruction[data-key]")
            form.locator('[name="what"]').press_sequentially("Жобону тактоо")
            form.locator('[name="owner_post"]').fill("Dean [dean]")
            form.locator('[name="due_on"]').fill("2026-05-15")
            typing.is_kept()
            assert lost
            (row,) = hall.sitting.rows("instruction")
            assert (row["what"], row["item"], str(row["due_on"])) == ("Жобону тактоо", no, "2026-05-15")
            assert row["owner_post_id"] == hall.university.posts["dean"]
            form.locator('[name="removes"]').click()
            expect(form).to_have_count(0)
            typing.is_kept()
            assert not hall.sitting.rows("instruction")

    def test_marks_the_field_of_an_instruction_that_is_wrong_until_it_is_right(
        self, browser: Browser, hall: Hall
    ) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            typing.item(no).locator("[data-instruct]").click()
            form = typing.page.locator(f"#item-{no} form.instruction[data-key]")
            form.locator('[name="what"]').press_sequentially("Жобону тактоо")
            form.locator('[name="owner_post"]').fill("эч ким")
            wrong = form.locator(".not-kept")
            expect(wrong).to_have_count(1)
            assert wrong.get_attribute("data-of") == "owner_post"
            assert form.locator('.field:has(.not-kept) [name="owner_post"]').count() == 1
            form.locator('[name="owner_post"]').fill("Dean [dean]")
            typing.is_kept()
            expect(wrong).to_have_count(0)
            form.locator('[name="due_on"]').fill("2026-01-05")
            expect(wrong).to_have_count(1)
            assert wrong.get_attribute("data-of") == "due_on"

    @pytest.mark.parametrize("hall", [(0, 2, 7, {"proxies": True, "majority": "absolute"})], indirect=True)
    def test_of_votes_by_name_counts_them(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser, PHONE) as typing:
            page = typing.page
            page.click('#attendance-form [name="rest"]')
            page.locator('[name="presence-7"][value="excused"]').check()
            page.fill('[name="proxy-7"]', "Мүчө01 Кеңешбекова [member01]")
            typing.item(no).locator('[name="ballot"]').select_option("by_name")
            voters = page.locator(f"#form-{no} .voter:visible")
            expect(voters).to_have_count(7)
            page.locator(f'#form-{no} [name="vote-member02"][value="against"]').check()
            page.locator(f'#form-{no} .by-name [name="rest"]').click()
            typing.is_kept()
            assert len(hall.sitting.rows("ballot")) == 7
            assert "6" in page.locator(f"#item-{no} .counted").inner_text()
            page.fill('[name="proxy-7"]', "")
            page.keyboard.press("Tab")
            typing.is_kept()
            look(page, 360)

    def test_is_done_by_the_keyboard_alone(self, browser: Browser, hall: Hall) -> None:
        first = hall.numbers()[0]
        with hall.page(browser) as typing:
            page = typing.page
            page.locator(f'.agenda-nav [data-item="{first}"]').focus()
            page.keyboard.press("Enter")
            for _ in range(14):
                page.keyboard.press("Tab")
                seen, what = page.evaluate(FOCUS)
                # A radio lies over its words, which show where one is.
                assert seen or 'type="radio"' in what, what
            page.locator(f'#form-{first} [name="decision"]').first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
            typing.is_kept()
            assert hall.row("agenda_item", first)["decision"] == "endorse_with_amendments"


class TestTheProposedWording:
    def test_is_recorded_only_when_it_is_taken(self, browser: Browser, hall: Hall) -> None:
        no = hall.numbers()[0]
        with hall.page(browser) as typing:
            typing.choose(no, "endorse")
            typing.is_kept()
            assert hall.row("agenda_item", no)["wording"] is None
            typing.page.locator(f"#form-{no} .propose").click()
            typing.is_kept()
            assert hall.row("agenda_item", no)["wording"].endswith("жактырылсын.")


@pytest.mark.parametrize(("theme", "size"), [("light", PHONE), ("dark", WIDE), ("dark", PHONE)])
def test_each_page_is_for_everybody_and_fits(browser: Browser, hall: Hall, theme: str, size: dict[str, int]) -> None:
    hall.sitting.write("agenda_item", hall.numbers()[0], ballot="by_name")
    for who in ("sec_ouk", "member01"):
        with hall.context(browser, size, who, color_scheme=theme) as context:
            page = context.new_page()
            for path in ("day", "closing"):
                page.goto(f"{hall.path}/{path}")
                look(page, size["width"])


def test_without_scripts_each_item_has_its_button(browser: Browser, hall: Hall) -> None:
    no = hall.numbers()[0]
    with hall.page(browser, PHONE, java_script_enabled=False) as typing:
        page = typing.page
        page.locator('#attendance-form [name="rest"]').click()
        assert "7" in page.locator("#quorum").inner_text()
        item = page.locator(f"#item-{no}")
        item.locator('[name="wording"]').fill("Жактырылсын")
        item.locator('[name="votes_for"]').fill("7")
        item.locator('[name="decision"][value="endorse"]').check()
        item.locator(".item-form .plain").click()
        assert page.url.endswith(f"item={no}#item-{no}")
        row = hall.row("agenda_item", no)
        assert (row["wording"], row["votes_for"], row["decision"]) == ("Жактырылсын", 7, "endorse")
        item.locator("details summary").click()
        item.locator('[name="what"]').fill("Тактоо")
        item.locator('[name="owner_post"]').fill("dean")
        item.locator("form.instruction button").click()
        (row,) = hall.sitting.rows("instruction")
        assert (row["what"], row["item"]) == ("Тактоо", no)
        assert (
            page.locator(f'#item-{no} form.instruction[data-no="1"] [name="owner_post"]')
            .input_value()
            .endswith("[dean]")
        )
