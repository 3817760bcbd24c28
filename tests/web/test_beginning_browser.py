"""A university begins in a real browser: an empty system, its first type, its first process, its first document."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models import tables as t
from models.base import new_id
from models.database import Database
from service.organisation import organisation_changed
from service.settings import Settings
from service.web.site import LANGUAGE, PERSON, Site
from states.text import Text
from tests.support.serving import serving
from tests.support.university import at, names
from tests.web.test_look import OPEN_ALL, PRESSED, REFUSED, TOO_SMALL, browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser

NOW = at(2026, 4, 6)
POSTS = {"head": None, "quality": "quality_specialist"}


def one_unit(database: Database) -> None:
    """What an administrator brings in first: a unit with two posts and who holds them; nothing else is there."""
    unit = new_id()
    with database.write() as connection:
        university = names(Text("Университет", "Университет", "University"))
        connection.execute(sa.insert(t.unit), {"id": unit, "code": "UNI", "is_campus": True, **university})
        for code, role in POSTS.items():
            post, person, named = new_id(), new_id(), names(Text(f"{code} ky", f"{code} ru", f"{code} en"))
            row = {"id": post, "code": code, "unit_id": unit, "role": role, "heads": role is None, **named}
            connection.execute(sa.insert(t.post), row)
            who = {"id": person, "code": code, "email": f"{code}@uni.example", "language": "ru", **named}
            connection.execute(sa.insert(t.person), who)
            held = {"id": new_id(), "person_id": person, "post_id": post, "since": NOW.date()}
            connection.execute(sa.insert(t.holding), held)
        organisation_changed(connection)


def can_be_used(page: Page, width: int) -> None:
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if width < 500:
        assert not page.evaluate(TOO_SMALL, PRESSED), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false; })")


@pytest.mark.parametrize(("language", "width"), [("ru", 360), ("ky", 1280)])
def test_from_nothing_to_a_registered_document(
    browser: Browser, database: Database, tmp_path: Path, language: str, width: int
) -> None:
    one_unit(database)

    def site(address: str) -> Site:
        made = Site(Settings(base_url=address, home=tmp_path), database, lambda: NOW)
        made.demo_sign_in = lambda _: True
        return made

    with serving(site) as address:
        context = browser.new_context(viewport={"width": width, "height": 900})
        cookies = {PERSON: "quality", LANGUAGE: language}
        context.add_cookies([{"name": one, "value": value, "url": address} for one, value in cookies.items()])
        context.add_init_script(REFUSED)
        page = context.new_page()
        page.goto(f"{address}/tasks")
        expect(page.locator("#first-steps")).to_be_visible()
        can_be_used(page, width)
        page.screenshot(path=tmp_path / "steps.png", full_page=True)
        page.goto(f"{address}/documents/new")
        page.locator("#f-title").fill("Китепкана жөнүндө жобо")
        page.locator("#f-process_group").fill("3")
        can_be_used(page, width)
        page.screenshot(path=tmp_path / "no-type.png", full_page=True)
        page.locator("button[value=type]").click()
        page.locator("[name=code]").fill("ЖЖ")
        page.locator("[name=name_ky]").fill("Жобо")
        can_be_used(page, width)
        page.screenshot(path=tmp_path / "type.png", full_page=True)
        page.locator("main form.form button").click()
        expect(page.locator("#f-title")).to_have_value("Китепкана жөнүндө жобо")
        page.locator("button[value=process]").click()
        page.locator("[name=code]").fill("3.2")
        page.locator("[name=name]").fill("Китепкана")
        page.locator("[name=owner]").select_option("head")
        page.locator("main form.form button").click()
        expect(page.locator("#f-title")).to_have_value("Китепкана жөнүндө жобо")
        expect(page.locator("#f-code")).to_have_value("ЖЖ 3.01")
        can_be_used(page, width)
        page.screenshot(path=tmp_path / "filled.png", full_page=True)
        page.locator("#f-code").press("Enter")
        expect(page.locator("h1")).to_contain_text("ЖЖ 3.01")
        can_be_used(page, width)
        page.screenshot(path=tmp_path / "document.png", full_page=True)
        for path in ("/document-types", "/document-types/type/ЖЖ", "/processes", "/processes/import", "/documents"):
            page.goto(f"{address}{path}")
            can_be_used(page, width)
            page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-')}.png", full_page=True)
        context.close()
    with database.read() as connection:
        document = connection.execute(sa.select(t.document)).mappings().one()
    assert (document["code"], document["title"]) == ("ЖЖ 3.01", "Китепкана жөнүндө жобо")
    assert document["owner_post_id"]
