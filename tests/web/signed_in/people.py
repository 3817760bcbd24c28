"""How everybody comes in: the administrator by the link that the start prints, the others by links of theirs."""

import pyotp
from playwright.sync_api import Browser

from tests.support.university import PEOPLE
from tests.web.signed_in.desk import DESKTOP, PHONE, Desk
from tests.web.signed_in.house import House
from tests.web.test_signing_in_browser import device

WITH_A_CODE, WITH_A_PASSKEY = "quality", "rector"
ON_A_PHONE = ("sec_ouk", "auditor", "reader", "vice")


class People:
    """Everybody who plays, each at a desk of their own."""

    administrator = "admin"

    def __init__(self, browser: Browser, house: House) -> None:
        self.browser, self.house = browser, house
        self._desks: dict[str, Desk] = {}

    def __getitem__(self, person: str) -> Desk:
        if person not in self._desks:
            width = PHONE if person in ON_A_PHONE else DESKTOP
            self._desks[person] = Desk(self.browser, self.house, person, width)
        return self._desks[person]

    def come_in(self) -> None:
        """Everybody has a password, one of them a second factor, one a passkey."""
        administrator = self[self.administrator]
        administrator.choose_password(self.house.first_link)
        for person in sorted(set(PEOPLE) - {self.administrator}):
            self[person].choose_password(self.invited(person))
        administrator.look("invited")
        administrator.open("/accounts")
        administrator.look("accounts")
        self["owner"].page.goto(f"{self.house.address}/sign-in")
        self["owner"].look("sign-in")
        self.house.clock.turn(minutes=1)
        self._gets_a_device(self[WITH_A_CODE])
        self._gets_a_passkey(self[WITH_A_PASSKEY])

    def invited(self, person: str) -> str:
        """The administrator makes a link for somebody."""
        administrator = self[self.administrator]
        administrator.open(f"/accounts/{person}")
        administrator.page.locator(f'form[action="/accounts/{person}/link"] .buttons button').first.click()
        return administrator.page.locator(".secret code").inner_text()

    def leave(self) -> None:
        """Everybody closes their browser."""
        for desk in self._desks.values():
            desk.context.close()

    def _gets_a_device(self, desk: Desk) -> None:
        desk.open("/account/second-factor")
        desk.page.locator('form[action="/account/second-factor/new"] .buttons button').click()
        device = pyotp.TOTP(desk.page.locator(".secret code").inner_text().replace(" ", ""))
        desk.look("second-factor")
        desk.page.fill('[name="code"]', device.at(self.house.clock.now))
        desk.page.locator('form[action="/account/second-factor"] .buttons button').click()
        desk.page.locator(".codes").wait_for()
        desk.device = device

    def _gets_a_passkey(self, desk: Desk) -> None:
        desk.open("/account/passkeys")
        device(desk.page)
        desk.page.locator('form[action="/account/passkeys"] [name="label"]').fill("Ноутбук")
        desk.page.locator('button[data-passkey="create"]').click()
        desk.page.locator(".notice.tone-good").wait_for()
        desk.look("passkeys")
        desk.sign_out()
        desk.passkey = True
