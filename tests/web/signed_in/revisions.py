"""How three documents are written, endorsed and approved: one of them twice, because its text was changed."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from playwright.sync_api import Locator

from states.lifecycle import Meaning
from tests.files.samples import PDF, office
from tests.support.university import DOCUMENT, PEOPLE
from tests.web.signed_in.desk import Desk
from tests.web.signed_in.house import MORE, House
from tests.web.signed_in.people import People

IN_FORCE = date(2026, 4, 20)
OLD, NEW = ("Жобо.pdf", PDF), ("Жобо 2.docx", office("docx"))


@dataclass
class Revisions:
    """Their addresses, by the code of the document; `asked` says, of each signature, whether a proof was asked for."""

    people: People
    house: House
    paths: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[bool]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The one that the story is about."""
        return self.paths[DOCUMENT]

    @property
    def identifier(self) -> str:
        return self.path.rpartition("/")[2]

    def written(self) -> None:
        """The owner of the process begins a revision of each document, attaches a file, sends them to the council."""
        owner = self.people["owner"]
        for code in (DOCUMENT, *MORE):
            owner.open("/documents")
            owner.page.locator(".table tbody tr", has_text=code).locator("a").first.click()
            owner.page.locator('a[href^="/revisions/new"]').click()
            form = owner.page.locator('form[action="/revisions/new"]')
            owner.fill(form, summary="4.1-пункт такталат: протоколдор электрондук түрдө сакталат")
            if code == DOCUMENT:
                owner.look("revision-new")
            form.locator(".buttons button").click()
            owner.page.wait_for_url("**/revisions/*-*")
            self.paths[code] = owner.page.url.removeprefix(self.house.address).partition("?")[0]
            owner.make("attach_file", file=OLD)
            owner.make("submit")
        self.house.mails_go()

    def returned(self) -> None:
        """The first council endorses the text, by its secretary, who follows the mail; the second one returns it."""
        first, second = self.people["sec_ouk"], self.people["sec_ok"]
        mail = next(one for one in self.house.mails_of("sec_ouk") if f"{DOCUMENT}/" in one.entry.subject)
        first.open(self.house.link_in(mail))
        self.endorse(first, "7")
        second.take_up(DOCUMENT)
        self._signs_wrongly(second)
        second.make("return_for_revision", **self._decided("3"), wording="4.1-пункт толукталсын")

    def rewritten(self) -> None:
        """The owner replaces the file: what the council has signed is not the text any more."""
        owner = self.people["owner"]
        self.house.clock.turn(hours=3)
        owner.take_up(DOCUMENT)
        owner.make("remove_file", attachment=OLD[0], reason="Кеңештин эскертүүсү боюнча")
        owner.make("attach_file", file=NEW)
        owner.look("voided")
        owner.make("submit")

    def endorsed(self) -> None:
        """Both councils endorse all three; the secretary of the first makes a pause before the last."""
        for secretary in ("sec_ouk", "sec_ok"):
            for code in (DOCUMENT, *MORE):
                if code == list(MORE)[-1]:
                    self.house.clock.turn(minutes=11)
                self.people[secretary].take_up(code)
                self.endorse(self.people[secretary], "8")
            self.house.clock.turn(minutes=20)

    def approved(self) -> None:
        """The rector approves them with a passkey, from a day ahead, and makes a pause too."""
        rector = self.people["rector"]
        for place, code in enumerate((DOCUMENT, *MORE)):
            if place == 2:
                self.house.clock.turn(minutes=11)
            rector.take_up(code)
            form = rector.form("approve")
            if place < 2:
                rector.look(f"approve-{place}")
            self._note(rector, form)
            order = {"order_no": f"01-12/{138 + place}", "decided_on": self.house.clock.now.date().isoformat()}
            rector.make("approve", **order, in_force_on=IN_FORCE.isoformat())
        rector.look("approved")

    def endorse(self, secretary: Desk, number: str) -> None:
        """Endorse the revision that is open; what is to be signed stands there."""
        form = secretary.form("endorse")
        if secretary.person not in self.asked:
            secretary.look("endorse")
        self._shows_what_is_signed(secretary, form)
        self._note(secretary, form)
        secretary.make("endorse", **self._decided(number), wording="Окуу жылынын башынан жактырылсын", votes_for="11")

    def _shows_what_is_signed(self, secretary: Desk, form: Locator) -> None:
        shown = form.locator(".to-sign").inner_text()
        content = dict([OLD, NEW])[form.locator(".to-sign .files a").inner_text()]
        # By the route the last council approves, whatever the rector's order does after it.
        meant = Meaning.APPROVED if secretary.person == "sec_ok" else Meaning.ENDORSED
        meaning = meant.label.into(PEOPLE[secretary.person][1])
        for words in (sha256(content).hexdigest()[:12], meaning, "/1", "4.1-пункт такталат"):
            assert words in shown

    def _signs_wrongly(self, secretary: Desk) -> None:
        """With a wrong password nothing is signed, and nothing that was typed is lost."""
        form, number = secretary.form("endorse"), "2"
        secretary.fill(form, **self._decided(number), wording="Жактырылсын", password="бул менин сыр сөзүм эмес")
        form.locator(".buttons button").click()
        secretary.page.locator(".error-summary").wait_for()
        assert secretary.form("endorse").locator('[name="protocol_no"]').input_value() == number
        assert secretary.form("endorse").locator('[name="password"]').input_value() == ""
        secretary.look("wrongly-signed")

    def _note(self, desk: Desk, form: Locator) -> None:
        self.asked.setdefault(desk.person, []).append(form.locator('[name="password"]').count() > 0)

    def _decided(self, number: str) -> dict[str, str]:
        return {"protocol_no": number, "decided_on": self.house.clock.now.date().isoformat()}
