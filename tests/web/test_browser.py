"""The demonstration in a real browser: a nonconformity from its report to its actions, and every page looked at."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from models import tables as t
from models.database import Database
from models.schema import upgrade
from notifications.render import Renderer
from notifications.sink import Mailbox, Sink
from notifications.smtp import SmtpServer
from service.demo.story import first_start
from service.language import translations
from service.letters import Letterhead
from service.outbox import PostOffice, deliver
from service.settings import Settings
from service.web.site import LANGUAGE, PERSON, Site
from states.lifecycle import Lifecycle
from states.registry import lifecycle, lifecycles
from states.roles import Role
from states.text import Text
from tests.support.serving import serving
from tests.support.university import at
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, THEMES, TOO_SMALL, browser

__all__ = ["browser"]  # the fixture: one Chromium, or a loud skip

NOW = at(2026, 11, 20, 15)
WIDTHS = [360, 1280]
OUTSIDE = """() => [...document.querySelectorAll(".badge, .due, .tiles a, .tiles a span, .table td, .table tbody th")]
    .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != "inline")
    .map(e => e.outerHTML.slice(0, 90))"""
AUDITED = {"planned": "checklist", "in_progress": "day", "accepted": "report"}  # pages of audits, by their step


@dataclass
class Running:
    """The demonstration being served, with every mail delivered, at `address`."""

    address: str
    database: Database

    def pages(self, *, every_state: bool) -> list[str]:
        """Every kind of page: lists, forms, a document, a mail, a refusal; a record of each kind, or in each state."""
        record, document = t.record.c, t.document.c
        scope = "lifecycle=nonconformity&step=correction&campus=university"
        with self.database.read() as connection:
            one_of_each = sa.select(record.kind, sa.func.min(sa.cast(record.id, sa.String)).label("id"))
            by = (record.kind, record.state) if every_state else (record.kind,)
            records = connection.execute(one_of_each.group_by(*by)).all()
            of_state = sa.select(record.state, sa.func.min(sa.cast(record.id, sa.String)).label("id"))
            audits = connection.execute(of_state.where(record.kind == "audit").group_by(record.state)).all()
            documents = connection.execute(sa.select(document.id).where(document.is_series).limit(1)).scalars().all()
        return [
            *("/tasks", "/person", "/documents", "/late", "/processes", "/mailbox", "/mailbox/1", "/nowhere"),
            *(
                "/organisation",
                "/organisation/people",
                "/absences",
                "/absences/new",
                "/seals",
                "/permissions?person=me",
                "/told",
                "/catalogues",
                "/audits/programme",
                "/policies",
                "/policies/nonconformities/correction",
                f"/policies/new?{scope}",
                f"/policies/replan?{scope}",
                "/nonconformities/import",
                "/complaint",
            ),
            *(
                "/late/by/process",
                "/late/by/holder",
                "/late/soon/by/unit",
                "/figures/nonconformities",
                "/figures/actions",
            ),
            *("/catalogues/clause", "/catalogues/cause", "/catalogues/cause/1/P1", "/catalogues/cause/next"),
            *[f"/nonconformities/{row.id}/causes" for row in records if row.kind == "nonconformity"][:1],
            *(f"/audits/{row.id}/{AUDITED[row.state]}" for row in audits if row.state in AUDITED),
            *(f"/{one.collection}" for one in lifecycles().values()),
            *(f"/{one.collection}/new" for one in lifecycles().values() if _everybody_opens(one)),
            *(f"/documents/{document}" for document in documents),
            *(f"/{lifecycle(row.kind).collection}/{row.id}" for row in records),
        ]


def _everybody_opens(one: Lifecycle) -> bool:
    return bool(one.opens) and one.stands_alone and one.opened_by != (Role.SECRETARY,)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home: Path = tmp_path_factory.mktemp("demonstration")
    database = Database(f"sqlite:///{home / 'sapat.db'}")
    upgrade(database)
    first_start(database, NOW)
    with Sink(Mailbox(home / "mailbox.db")) as sink:

        def site(address: str) -> Site:
            return Site(Settings(base_url=address), database, lambda: NOW, mailbox=sink.mailbox)

        with serving(site) as address:
            head = Letterhead(Text("Университет", "Университет", "University"), address, demo=True)
            renderer = Renderer(translations, "Sapat <sapat@uni.example>", "uni.example")
            office = PostOffice(database, renderer, SmtpServer.from_url(sink.url), head)
            with ThreadPoolExecutor(1) as aside:  # Playwright has a loop of its own in this thread
                aside.submit(lambda: asyncio.run(deliver(office, NOW))).result()
            yield Running(address, database)
        sink.mailbox.close()
    database.close()


def context_of(browser: Browser, running: Running, person: str, **how: object) -> BrowserContext:
    context = browser.new_context(**how)  # type: ignore[arg-type]  # what Playwright takes
    cookies = {PERSON: person, LANGUAGE: "ky"} if person else {LANGUAGE: "ky"}
    context.add_cookies([{"name": name, "value": value, "url": running.address} for name, value in cookies.items()])
    return context


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
class TestEveryPage:
    def test_is_for_everybody_fits_and_keeps_to_itself(
        self, browser: Browser, running: Running, theme: str, width: int
    ) -> None:
        size = {"width": width, "height": 900}
        with context_of(browser, running, "quality_specialist", color_scheme=theme, viewport=size) as context:
            context.add_init_script(REFUSED)
            page = context.new_page()
            asked: list[str] = []
            said: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            for path in running.pages(every_state=(theme, width) == ("light", 360)):
                answer = page.goto(running.address + path)
                assert answer is not None
                assert answer.status == (404 if path == "/nowhere" else 200), path
                assert page.evaluate("window.refused") == [], path
                page.evaluate(OPEN_ALL)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert page.evaluate(OUTSIDE) == [], path
                if width == WIDTHS[0]:
                    assert page.evaluate(TOO_SMALL, PRESSED) == [], path
                found = Axe().run(page)
                assert found.violations_count == 0, (path, found.generate_report())
            assert [line for line in said if "404" not in line] == []
            assert {url for url in asked if not url.startswith(running.address)} == set()


class Teller:
    """Somebody who clicks. Without scripts, on a phone, in Kyrgyz."""

    def __init__(self, page: Page, running: Running) -> None:
        self.page, self.running = page, running
        self.record = ""

    def be(self, person: str) -> None:
        """Choose who one is, by the button with their name."""
        self.page.goto(f"{self.running.address}/person")
        self.page.locator(f'button[name="person"][value="{person}"]').click()

    def open(self, title: str) -> None:
        """Go to the record from the list of one's tasks."""
        self.page.goto(f"{self.running.address}/tasks")
        self.page.locator(".tasks li", has_text=title).locator("a").first.click()

    def make(self, move: str, **given: str) -> None:
        """Open the form of a move, fill it in, send it; the page says that it is recorded."""
        form = self.page.locator(f'form[action$="/moves/{move}"]')
        form.wait_for(state="attached")
        if not form.is_visible():
            self.page.locator("details", has=form).locator("summary").click()
        self.fill(f'form[action$="/moves/{move}"]', **given)
        form.locator("button").click()
        self.page.locator(".notice.tone-good").wait_for()

    def fill(self, form: str, **given: str) -> None:
        """Fill in fields by their names: what is typed, chosen from a list, or marked."""
        for name, value in given.items():
            control = self.page.locator(f'{form} [name="{name}"]')
            if control.first.get_attribute("type") == "radio":
                self.page.locator(f'{form} [name="{name}"][value="{value}"]').check()
            elif control.evaluate("control => control.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)


@pytest.mark.browser
class TestAStory:
    def test_of_a_nonconformity_told_by_clicking_without_scripts(self, browser: Browser, running: Running) -> None:
        title = "Китепканада «Педагогика» боюнча окуу китеби жетишпейт"
        size = {"width": 390, "height": 844}
        with context_of(browser, running, "", viewport=size, java_script_enabled=False) as context:
            page = context.new_page()
            page.goto(f"{running.address}/nonconformities/new")
            assert page.url.endswith("/person?next=%2Fnonconformities%2Fnew")
            page.locator('button[name="person"][value="quality_specialist"]').click()
            teller, form = Teller(page, running), 'form[action="/nonconformities/new"]'
            teller.fill(form, title=title, found="40 студентке 6 нуска", nc_kind="resources", source="internal_audit")
            page.locator(f"{form} button").last.click()
            page.locator(".error-summary").wait_for()
            assert page.locator('[name="title"]').input_value() == title
            teller.fill(form, found_on="2026-11-19")
            page.locator(f"{form} button").last.click()
            page.locator("h1", has_text=title).wait_for()
            teller.make("register", severity="major", owner_post="head_library")
            teller.be("head_library")
            teller.open(title)
            teller.make("record_correction", correction="Кошуна университеттен 20 нуска алынды")
            record = page.url.partition("?")[0]
            page.goto(f"{record}/causes")
            why = 'form[action$="/causes/moves/add_cause"]'
            teller.fill(why, text="Заявкалар чогултулбайт", code="1/G3")
            page.locator(f"{why} button").last.click()
            page.locator(".whys .why .no").first.wait_for()
            page.goto(record)
            teller.make("record_causes", similar_checked="found", similar="«Тарых» багытында да ушундай")
            page.goto(f"{record}/causes")
            page.locator('a[href^="/actions/new?parent="]').first.click()
            action = "Заявкаларды жыл сайын чогултуу"
            teller.fill(
                'form[action="/actions/new"]',
                title=action,
                action_kind="corrective",
                criterion="Ар бир багытта 2 студентке 1 нуска",
                due_on="2026-12-18",
                owner_post="head_library",
            )
            page.locator('form[action="/actions/new"] button').last.click()
            page.locator(".crumbs a").last.click()
            teller.make("submit_plan", complete_by="2026-12-25")
            teller.be("vice_rector")
            teller.open(action)
            teller.make("approve", note="Макул")
            page.locator(".history").get_by_text("Макул").wait_for()
