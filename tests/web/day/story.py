"""One nonconformity's way, as those who work on it go it in their browsers; and what the specialist sees meanwhile."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from playwright.sync_api import Locator

from notifications.sink import Mail
from states.working_days import today
from tests.support.university import at
from tests.web.day.staff import APPROVER, CHECKER, OTHER, OWNER, SPECIALIST, Kept, Staff, days_pass
from tests.web.signed_in.desk import Desk
from tests.web.signed_in.house import House

TITLE = "Информатика кафедрасынын жыйындарынын протоколдору 2026-жылдын күзүндө жазылган эмес"
JOURNAL, TEACHING = "Протоколдордун электрондук журналын ачуу", "Катчыларга журнал менен иштөөнү үйрөтүү"
WHYS = ("Протоколду ким жазары айтылган эмес", "Катчынын милдеттери буйрукта жок")
OTHER_CAUSE = "Журнал кагазда гана, жоголуп кетет"
PROTOCOLS, LAST_WORDS = "Беш протокол калыбына келтирилди", "Декабрдагы төрт жыйындын протоколдору бар"
FIRST_DUE, NEW_DUE = date(2026, 12, 18), date(2027, 1, 15)
LATE_DUE, LATER_DUE = date(2026, 12, 9), date(2026, 12, 23)
DONE_BY, CHECKED_ON = date(2027, 2, 26), date(2026, 12, 29)
AWAY_UNTIL = date(2026, 12, 31)


@dataclass
class Day:
    """`paths` of the nonconformity and its actions, by their titles; `seen` is what pages said at a stage, by its name;
    `tasks` those that were open at a stage; `board` is the address of the part of the board that is looked at,
    `counted` how much was late then.

    Each stage is played once; what it left behind is asked of the database by whoever tests it.
    """

    staff: Staff
    house: House
    paths: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, UUID] = field(default_factory=dict)
    board: str = ""
    counted: int = 0

    @property
    def kept(self) -> Kept:
        return Kept(self.house.university)

    @property
    def specialist(self) -> Desk:
        return self.staff[SPECIALIST]

    @property
    def owner(self) -> Desk:
        return self.staff[OWNER]

    def record(self, title: str) -> UUID:
        """The record of that title."""
        return UUID(self.paths[title].rpartition("/")[2])

    def mail(self, person: str, code: str) -> Mail:
        """The newest mail of a person about a record."""
        return next(one for one in self.house.mails_of(person) if code in one.entry.subject)

    def code(self, title: str) -> str:
        """The code of the record of that title."""
        return str(self.house.university.record(self.record(title))["code"])

    def is_registered(self) -> None:
        """The specialist reports what they found on their round."""
        desk = self.specialist
        desk.open("/nonconformities/new")
        form = desk.page.locator('form[action="/nonconformities/new"]')
        desk.fill(form, title=TITLE, found="Сентябрдан ноябрга чейинки беш жыйындын протоколу жок", nc_kind="programme")
        desk.fill(form, source="monitoring", found_on=self.today(), unit="department_informatics")
        desk.look("1-register")
        self._opened(desk, TITLE)
        self.seen["registered"] = "\n".join(desk.tasks())
        self.seen["tasks"] = desk.page.locator('nav a[href="/tasks"] .count').first.inner_text()
        desk.look("1-tasks")

    def is_assessed(self) -> None:
        """They assess it: it is major, and the head of the department answers for it."""
        self.house.clock.turn(minutes=15)
        desk = self.specialist
        desk.take_up(TITLE)
        desk.look("2-assess")
        desk.make("register", severity="major", owner_post=OWNER, risk="high", impact="Чечимдер далилденбейт")
        self.seen["assessed"] = desk.says()
        desk.look("2-assessed")
        self.house.mails_go()

    def causes_are_found(self) -> None:
        """Its owner follows the mail, puts right what can be put right, asks why, and sees that the plan is blocked."""
        self.house.clock.turn(minutes=30)
        desk = self.owner
        desk.open(self.house.link_in(self.mail(OWNER, self.code(TITLE))))
        desk.make("record_correction", correction=PROTOCOLS, corrected_on=self.today())
        desk.open(f"{self.paths[TITLE]}/causes")
        self._answer(desk, WHYS[0])
        self._answer(desk, WHYS[1], code="1/M1")
        desk.open(f"{self.paths[TITLE]}/causes?why=0")
        self._answer(desk, OTHER_CAUSE, code="1/G1")
        desk.look("3-causes")
        self.seen["pictures"] = str(desk.page.locator("#drawn svg.wide").count())
        desk.open(self.paths[TITLE])
        desk.make("record_causes", similar_checked="none", similar="Башка кафедраларда журнал бар")
        self.seen["blocked"] = self._refused(desk, "submit_plan", complete_by=DONE_BY.isoformat())
        desk.look("3-blocked")

    def actions_are_planned(self) -> None:
        """From each root cause to its action; then the plan, and the vice-rector approves before leaving."""
        self.house.clock.turn(minutes=30)
        desk = self.owner
        plan = ((TEACHING, "2", LATE_DUE, ""), (JOURNAL, "3", FIRST_DUE, CHECKER))
        for title, cause, due, checker in plan:
            desk.open(f"{self.paths[TITLE]}/causes")
            desk.page.locator(f'#cause-{cause} > .head a[href^="/actions/new?"]').click()
            form = desk.page.locator('form[action="/actions/new"]')
            desk.fill(form, title=title, action_kind="corrective", criterion="Бардык жыйындын протоколу журналда")
            desk.fill(form, due_on=due.isoformat(), owner_post=OWNER, **({"checker_post": checker} if checker else {}))
            if title == JOURNAL:
                desk.look("4-action")
            form.locator(".buttons button").last.click()
            link = desk.page.locator(".notice.tone-good a", has_text=title)
            self.paths[title] = (link.get_attribute("href") or "").partition("?")[0]
        desk.look("4-answered")
        self.seen["answered"] = desk.says()
        desk.open(self.paths[TITLE])
        desk.make("submit_plan", complete_by=DONE_BY.isoformat())
        self.house.mails_go()
        approver = self.staff[APPROVER]
        for title in (TEACHING, JOURNAL):
            approver.take_up(title)
            approver.make("approve", note="Макул")
        self._leaves(approver)
        for title in (TEACHING, JOURNAL):
            desk.take_up(title)
            desk.make("start")
        desk.look("4-started")

    def more_time_is_asked_for(self) -> None:
        """Two days later its owner asks for more time for one of them; the specialist, as deputy, grants it."""
        days_pass(self.house, at(2026, 12, 2, 10))
        desk = self.owner
        desk.take_up(JOURNAL)
        desk.make("request_extension", new_due_on=NEW_DUE.isoformat(), reason="Сервер январда келет")
        self.house.mails_go()
        self.house.clock.turn(minutes=20)
        desk = self.specialist
        desk.open(self.house.link_in(self.mail(SPECIALIST, self.code(JOURNAL))))
        desk.look("5-extension")
        self.seen["asked"] = desk.says()
        desk.make("grant_extension", note="Серверсиз болбойт")
        self.seen["granted"] = desk.says()
        desk.look("5-granted")
        self.house.mails_go()

    def nobody_does_it(self) -> None:
        """The other one is not done in time: five working days after it was due the specialist is told."""
        self.tasks[TEACHING] = self.kept.task(self.record(TEACHING))["id"]
        days_pass(self.house, at(2026, 12, 16, 9, 30))
        desk = self.specialist
        desk.open(self.house.link_in(self.mail(SPECIALIST, self.code(TEACHING))))
        desk.look("6-escalated")
        self.seen["escalated"] = desk.says()
        desk.open("/late")
        desk.look("6-late")
        self.seen["late"] = self._all_late(desk)
        self.counted = self.kept.late(self.house.clock.now)
        form = desk.page.locator('form[action="/late"]')
        desk.fill(form, unit=str(self.house.university.units["department_informatics"]))
        form.locator("button").last.click()
        self.board = desk.page.url
        self.seen["row"] = self._unfolded(desk).inner_text()
        desk.look("6-row")

    def each_button_is_pressed(self) -> None:
        """From the line of the board: its holder is asked, it is given to somebody else, and put off."""
        desk, code = self.specialist, self.code(TEACHING)
        self._row(desk).get_by_role("button", name=code).click()
        desk.page.wait_for_url("**done=nudged")
        self.seen["buttons"] = str(self._row(desk).get_by_role("button", name=code).count())
        desk.look("6-nudged")
        self.house.mails_go()
        self._unfolded(desk).locator('a[href*="#f-reassign-"]').click()
        desk.make("reassign", owner_post=OTHER, reason="Катчыларды IT бөлүмү үйрөтөт")
        desk.open(self.board)
        self.seen["reassigned"] = self._row(desk).inner_text()
        self.house.mails_go()
        self._unfolded(desk).locator('a[href*="#f-extend-"]').click()
        desk.make("extend", new_due_on=LATER_DUE.isoformat(), reason="Үйрөтүүчү алмашты")
        desk.look("6-extended")
        desk.open("/late")
        self.seen["after"] = self._all_late(desk)
        self.house.mails_go()

    def both_are_done(self) -> None:
        """Who has them now carries them out, with what shows it."""
        days_pass(self.house, at(2026, 12, 21, 11))
        for person, title in ((OTHER, TEACHING), (OWNER, JOURNAL)):
            desk = self.staff[person]
            desk.take_up(title)
            desk.make("add_evidence", what="Катышкандардын тизмеси", evidence_on=self.today())
            done = {"evidence": "Журналдын 12 барагы", "implemented_on": self.today()}
            desk.make("implement", **done, check_on=CHECKED_ON.isoformat())
        self.house.mails_go()

    def both_are_checked(self) -> None:
        """On the day of the check: one by the specialist, the other by whom the plan has named."""
        days_pass(self.house, at(2026, 12, 29, 10))
        desk = self.specialist
        desk.take_up(TEACHING)
        desk.look("7-check")
        desk.make("find_effective", rationale="Сегиз катчынын баары журнал менен иштейт")
        self.seen["half"] = self.house.university.state(self.record(TITLE))
        checker = self.staff[CHECKER]
        checker.take_up(JOURNAL)
        checker.make("find_effective", rationale="Журналдагы 14 жазуу текшерилди")
        checker.look("7-checked")
        self.house.mails_go()

    def is_closed(self) -> None:
        """It has come back to the specialist by itself; they look at the whole way, and close it."""
        self.house.clock.turn(minutes=25)
        desk = self.specialist
        desk.open(self.house.link_in(self.mail(SPECIALIST, self.code(TITLE))))
        desk.look("8-close")
        desk.make("close", evaluation=LAST_WORDS)
        self.seen["closed"] = desk.says()
        desk.look("8-closed")
        self.house.mails_go()

    def today(self) -> str:
        """Today, as forms have it."""
        return today(self.house.clock.now).isoformat()

    @property
    def tomorrow(self) -> datetime:
        """The same hour of the next day."""
        return self.house.clock.now + timedelta(days=1)

    def _all_late(self, desk: Desk) -> str:
        """The number that stands first on the board."""
        return desk.page.locator(".tiles li b").first.inner_text()

    def _row(self, desk: Desk) -> Locator:
        return desk.page.locator(".board tbody tr", has_text=self.code(TEACHING))

    def _unfolded(self, desk: Desk) -> Locator:
        """The line, with all that is told of it."""
        row = self._row(desk)
        row.locator("summary").click()
        row.locator("details[open]").wait_for()
        return row

    def _opened(self, desk: Desk, title: str) -> None:
        desk.page.locator("main form .buttons button").last.click()
        desk.page.locator("h1", has_text=title).wait_for()
        self.paths[title] = desk.page.url.removeprefix(self.house.address).partition("?")[0]

    def _answer(self, desk: Desk, words: str, **more: str) -> None:
        """Write an answer into the field that asks why."""
        form = desk.page.locator('form[action$="/causes/moves/add_cause"]:has([name="text"])').last
        desk.fill(form, text=words, **more)
        with desk.page.expect_navigation():
            form.locator(".buttons button, button").last.click()
        desk.page.locator(".whys .words", has_text=words).wait_for()

    def _refused(self, desk: Desk, move: str, **given: str) -> str:
        """What the page says when a move is refused."""
        form = desk.form(move)
        desk.fill(form, **given)
        form.locator(".buttons button").click()
        desk.page.locator(".notice.tone-late").first.wait_for()
        return desk.page.locator(".notice.tone-late").first.inner_text()

    def _leaves(self, approver: Desk) -> None:
        """They are away from tomorrow on; the specialist stands in for them."""
        approver.open("/absences/new")
        form = approver.page.locator('form[action="/absences/new"]').last
        since = (today(self.house.clock.now) + timedelta(days=1)).isoformat()
        approver.fill(form, since=since, until=AWAY_UNTIL.isoformat(), deputy=SPECIALIST, reason="Иш сапары")
        form.locator("button").last.click()
        approver.page.locator('[name="seen"]').wait_for(state="attached")
        approver.page.locator('form:has([name="seen"]) button').first.click()
        approver.page.locator(".notice.tone-good").wait_for()
