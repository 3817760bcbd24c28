"""A manual's way to its approval, as everybody goes it at a browser of their own."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from playwright.sync_api import Locator, expect

from models import tables as t
from tests.web.day.staff import Kept, days_pass
from tests.web.replay.founding import CODE, TITLE, TYPE, Sat, Way
from tests.web.replay.papers import manual_docx, manual_pdf
from tests.web.signed_in.desk import Desk, password_of
from tests.web.signed_in.house import House
from tests.web.signed_in.people import People

SECRETARIES = {"ouk": "sec_ouk", "ok": "sec_ok"}
PLAYERS = ("quality", "owner", "sec_ouk", "sec_ok", "rector", "reader", "head")
DOCX, PDF = "Колдонмо.docx", "Колдонмо.pdf"
READERS = ("reader", "head")


class Guild(People):
    """Those who have a part; nobody has more than a password, nobody comes on a phone."""

    def __getitem__(self, person: str) -> Desk:
        if person not in self._desks:
            self._desks[person] = Desk(self.browser, self.house, person)
        return self._desks[person]

    def come_in(self) -> None:
        self[self.administrator].choose_password(self.house.first_link)
        for person in PLAYERS:
            self[person].choose_password(self.invited(person))


@dataclass
class Replay:
    """The story of one university. `sittings` are their addresses by body, `seen` is what pages said at a stage.

    `after` says of each body's sitting in which state and with whom it left the manual.
    """

    guild: Guild
    house: House
    way: Way
    forms: Path
    revision: str = ""
    sittings: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    after: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def kept(self) -> Kept:
        return Kept(self.house.university)

    @property
    def record(self) -> UUID:
        """The revision's identifier."""
        return UUID(self.revision.rpartition("/")[2])

    def sitting(self, body: str) -> UUID:
        """The identifier of a body's sitting."""
        return UUID(self.sittings[body].rpartition("/")[2])

    def is_prepared(self) -> None:
        """The quality specialist takes the routes by one click, enters the manual, says whom it concerns."""
        desk = self.guild["quality"]
        desk.open("/routes")
        desk.look(f"{self.way.routes}-1-routes")
        desk.page.locator(f'button[name="set"][value="{self.way.routes}"]').click()
        desk.page.locator("#tried").wait_for()
        self.seen["route"] = desk.page.locator("#tried").inner_text()
        desk.look(f"{self.way.routes}-1-routes-tried")
        desk.page.locator('button[name="do"][value="new"]').click()
        desk.page.wait_for_url("**/routes?done=1")
        desk.open("/documents/new")
        form = desk.page.locator('form[action="/documents/new"]')
        desk.fill(form, type=TYPE, process_group="1", owner_post="owner", code=CODE, title=TITLE)
        form.locator('button[value="keep"]').click()
        desk.page.wait_for_url("**/documents/*done=registered")
        path = f"/distribution/types/{quote(TYPE)}"
        desk.open(path)
        form = desk.page.locator('form[action$="/add"]')
        for reader in READERS:
            desk.fill(desk.page.locator('form[action$="/add"]'), post=reader)
            desk.page.locator('form[action$="/add"] .buttons button').click()
            desk.page.locator(".spells li", has_text=self._called(reader)).wait_for()

    def is_drafted(self) -> None:
        """Its author begins a revision, attaches what they wrote, and submits it."""
        days_pass(self.house, self.way.drafted)
        desk = self.guild["owner"]
        desk.open("/documents")
        desk.page.locator(".table tbody tr", has_text=CODE).locator("a").first.click()
        desk.page.locator('a[href^="/revisions/new"]').click()
        form = desk.page.locator('form[action="/revisions/new"]')
        desk.fill(form, summary="Биринчи редакция: ISO 9001:2015 талаптарына ылайык")
        form.locator(".buttons button").click()
        desk.page.wait_for_url("**/revisions/*-*")
        self.revision = desk.page.url.removeprefix(self.house.address).partition("?")[0]
        desk.make("attach_file", file=(DOCX, manual_docx()))
        desk.make("attach_file", file=(PDF, manual_pdf()))
        desk.make("submit")
        desk.look(f"{self.way.routes}-2-submitted")
        self.house.mails_go()

    def is_planned(self, sat: Sat) -> None:
        """The secretary follows the mail, plans a sitting, finds the manual on its agenda, and sends the papers."""
        days_pass(self.house, sat.planned)
        desk = self.guild[SECRETARIES[sat.body]]
        mail = next(one for one in self.house.mails_of(desk.person) if CODE in one.entry.subject)
        desk.open(self.house.link_in(mail))
        desk.look(f"{self.way.routes}-3-{sat.body}-mail")
        desk.open("/sittings/new")
        form = desk.page.locator('form[action="/sittings/new"]')
        held = {"held_on": sat.held.date().isoformat(), "begins_at": "14:00", "held_at": "Башкы корпус, 201-бөлмө"}
        desk.fill(form, body=sat.body, **held)
        form.locator(".buttons button").click()
        desk.page.wait_for_url(re.compile(r"/sittings/[0-9a-f-]{36}"))
        self.sittings[sat.body] = re.sub(r"(/sittings/[0-9a-f-]{36}).*", r"\1", desk.page.url).removeprefix(
            self.house.address
        )
        desk.open(f"{self.sittings[sat.body]}/day")
        desk.look(f"{self.way.routes}-3-{sat.body}-planned")
        self.seen[f"planned-{sat.body}"] = desk.page.locator("ol.agenda").inner_text()
        days_pass(self.house, sat.called)
        desk.open(f"{self.sittings[sat.body]}/day")
        self._sends(desk, "send_papers")
        self.house.mails_go()

    def is_held(self, sat: Sat) -> None:
        """On its day: who is there, what was heard and decided, the votes; then the protocol is closed and signed."""
        days_pass(self.house, sat.held)
        desk, path = self.guild[SECRETARIES[sat.body]], self.sittings[sat.body]
        page = desk.page
        desk.open(f"{path}/day")
        desk.look(f"{self.way.routes}-4-{sat.body}-called")
        chair = "rector" if sat.body == "ok" else "vice"
        self._sends(desk, "open_session", chair=chair)
        page.locator("#minutes").wait_for()
        page.click('#attendance-form [name="rest"]')
        form = page.locator("form.item-form").first
        item = page.locator("details.item").first
        if item.get_attribute("open") is None:
            item.locator("summary").first.click()
        form.locator('[name="speaker"]').fill("Өмүр Жазуучу, сапат бөлүмүнүн башчысы")
        form.locator('[name="heard"]').fill("Колдонмонун долбоору ISO 9001:2015 талаптарына ылайык түзүлдү.")
        form.locator('[name="spoke"]').fill("Декан Деканов: долбоорду колдойм, бөлүмдөр менен макулдашылган.")
        for name, votes in (("votes_for", sat.votes), ("votes_against", 0), ("votes_abstained", 0)):
            form.locator(f'[name="{name}"]').fill(str(votes))
        form.locator('[name="decision"][value="endorse"]').check()
        if sat.wording:
            form.locator('[name="wording"]').fill(sat.wording)
        else:
            form.locator(".propose").click()
        expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=20_000)
        self.seen[f"wording-{sat.body}"] = form.locator('[name="wording"]').input_value()
        desk.look(f"{self.way.routes}-4-{sat.body}-session")
        page.click("#to-closing")
        page.wait_for_url("**/closing")
        closing = page.locator("#close-form form")
        desk.fill(closing, protocol_no=sat.number)
        self._signs(desk, closing)
        desk.look(f"{self.way.routes}-4-{sat.body}-closing")
        closing.locator("button.primary").click()
        page.wait_for_url("**/day?done=*")
        desk.look(f"{self.way.routes}-4-{sat.body}-closed")
        self.house.mails_go()
        self.after[sat.body] = self.house.university.state(self.record), self.kept.held_by(self.record)

    def is_approved(self) -> None:
        """The rector follows the mail, and approves it at the desk."""
        days_pass(self.house, self.way.approved)
        desk = self.guild["rector"]
        mail = next(one for one in self.house.mails_of("rector") if CODE in one.entry.subject)
        desk.open(self.house.link_in(mail))
        desk.look(f"{self.way.routes}-5-rector-mail")
        desk.open("/desk")
        desk.look(f"{self.way.routes}-5-desk")
        self.seen["desk"] = desk.says()
        desk.page.locator(f"#waiting-{self.record} .take input").check()
        desk.page.locator("#order button").click()
        form = desk.page.locator('form[action="/desk/order"]')
        form.wait_for()
        self.seen["order"] = desk.says()
        told = {"decided_on": self.way.approved_on.isoformat()}
        if self.way.order_no:
            told["order_no"] = self.way.order_no
        desk.fill(form, **told)
        self._signs(desk, form)
        desk.look(f"{self.way.routes}-5-order")
        form.locator("button.primary").click()
        desk.page.wait_for_url("**/desk?done=*")
        desk.look(f"{self.way.routes}-5-approved")
        self.seen["approved"] = desk.page.locator(".notice.tone-good .told li").inner_text()
        self.house.mails_go()

    def _sends(self, desk: Desk, move: str, **given: Any) -> None:
        """A move on the page of the sitting's day."""
        form = desk.form(move)
        desk.fill(form, **given)
        form.locator(".buttons button").first.click()
        desk.page.wait_for_url("**/day?done=*")

    def _signs(self, desk: Desk, form: Locator) -> None:
        password = form.locator('[name="password"]')
        if password.count():
            password.fill(password_of(desk.person))

    def _called(self, post: str) -> str:
        found = self.house.university.one(t.post, t.post.c.code == post)
        return str(found["name_ky"])
