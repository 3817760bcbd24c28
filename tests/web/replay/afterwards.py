"""What follows an approval: the controlled file, those who read it, anybody who checks a paper, and every print."""

from dataclasses import dataclass, field
from pathlib import Path

from service.controlled.make import make
from service.controlled.sheets import sheets_with
from service.readings import ask_readers
from service.settings import Settings
from states.text import LANGUAGES
from tests.controlled.test_browser import DROP
from tests.web.replay.founding import CODE
from tests.web.replay.printed import Prints, drawn, printed, register
from tests.web.replay.story import PDF, Replay


@dataclass
class Replayed(Replay):
    """`counted` is what *publish* did, `controlled` the file that somebody took; `verdicts` are what the public page
    said of it and of a changed one; `prints` are by what they were printed from.
    """

    counted: dict[str, int] = field(default_factory=dict)
    controlled: bytes = b""
    verdicts: list[str] = field(default_factory=list)
    prints: dict[str, Prints] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Those of the Sapat that is served."""
        return Settings(home=self.house.home, base_url=self.house.address, forms=self.forms)

    def is_published(self) -> None:
        """What the chore *publish* does, soon after: readers are asked, the controlled file is made."""
        self.house.clock.turn(minutes=1)
        database, now = self.house.university.database, self.house.clock.now
        self.counted = {**ask_readers(database, now), **make(database, self.settings, sheets_with(self.forms), now)}
        self.house.mails_go()
        desk = self.guild["owner"]
        desk.open(self.revision)
        desk.look(f"{self.way.routes}-6-in-force")
        self.seen["in force"] = desk.says()

    def is_read(self) -> None:
        """One of those who were asked follows the mail, opens the controlled file, and says that they have read it."""
        self.house.clock.turn(hours=1)
        desk = self.guild["reader"]
        mail = next(one for one in self.house.mails_of("reader") if CODE in one.text)
        desk.open(self.house.link_in(mail))
        desk.look(f"{self.way.routes}-7-to-read")
        with desk.page.expect_download() as coming:
            desk.page.locator('#text a[href$="/text"]').click()  # by which Sapat knows that it was opened
        self.controlled = Path(coming.value.path()).read_bytes()
        desk.make("acknowledge")
        desk.look(f"{self.way.routes}-7-read")
        self.seen["read"] = desk.says()

    def is_checked(self) -> None:
        """Anybody with the paper in hand opens the page of its code, and drops the file there, then a changed one."""
        for language in LANGUAGES:
            with self.guild.browser.new_context(locale=language) as context:
                page = context.new_page()
                page.goto(f"{self.house.address}/check/{self.record}")
                self.seen[f"check-{language}"] = page.locator("main").inner_text()
        with self.guild.browser.new_context(locale="en") as context:
            page = context.new_page()
            middle = len(self.controlled) // 2
            flipped = bytearray(self.controlled)
            flipped[middle] ^= 1
            for content in (self.controlled, bytes(flipped)):
                page.goto(f"{self.house.address}/check/{self.record}")
                page.locator(".drop.can-drop").wait_for()
                page.evaluate(DROP, [list(content), PDF])
                page.locator("#verdict").wait_for()
                self.verdicts.append(page.locator("#verdict").inner_text())

    def is_printed(self) -> None:
        """All prints of both kinds of record and the register, in three languages, by the quality specialist."""
        desk = self.guild["quality"]
        for body, path in self.sittings.items():
            self.prints[body] = printed(desk, path, f"{self.way.routes}-{body}")
        self.prints["revision"] = printed(desk, self.revision, f"{self.way.routes}-revision")
        self.prints["register"] = register(desk, self.way.routes)
        drawn({("controlled", "ky"): self.controlled}, self.way.routes)
