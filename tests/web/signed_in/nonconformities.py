"""How a nonconformity goes its way, whose author nobody may know; one of its actions is approved by a deputy."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests.web.signed_in.desk import Desk
from tests.web.signed_in.house import House
from tests.web.signed_in.people import People

TITLE = "Кафедранын протоколдору табылган жок"
SETTING_UP, TEACHING = "Протоколдорду электрондук журналга көчүрүү", "Катчыларды окутуу"


@dataclass
class Nonconformity:
    """`paths` of the record and its two actions, by their titles."""

    people: People
    house: House
    paths: dict[str, str] = field(default_factory=dict)

    def reported(self) -> None:
        """The auditor reports it, and asks that their name be kept."""
        auditor = self.people["auditor"]
        auditor.open("/nonconformities/new")
        auditor.look("nonconformity-new")
        form = auditor.page.locator('form[action="/nonconformities/new"]')
        auditor.fill(
            form,
            title=TITLE,
            found="Сентябрь жана октябрь айларынын протоколдору жок",
            nc_kind="programme",
            source="internal_audit",
            found_on=self.day(0),
            unit="DEPARTMENT",
            confidential="yes",
        )
        self._opened(auditor, TITLE)

    def analysed(self) -> None:
        """The quality specialist registers it; its owner corrects it and finds the causes."""
        self.people["quality"].take_up(TITLE)
        self.people["quality"].make("register", severity="major", owner_post="owner")
        owner = self.people["owner"]
        owner.take_up(TITLE)
        owner.make("record_correction", correction="Протоколдор калыбына келтирилди")
        owner.open(f"{self.paths[TITLE]}/causes")
        why = owner.page.locator('form[action$="/causes/moves/add_cause"]').last
        owner.fill(why, text="Протоколдор кагазда гана, журнал жок", code="1/M1")
        why.locator("button").last.click()
        owner.page.locator(".whys .why .no").first.wait_for()
        owner.look("causes")
        owner.open(self.paths[TITLE])
        owner.make("record_causes", similar_checked="none", similar="Башка кафедраларда журнал бар")

    def planned(self) -> None:
        """Two actions: one of the owner's own, one of the dean's; with the plan they ask for approval."""
        owner = self.people["owner"]
        for title, post in ((SETTING_UP, "owner"), (TEACHING, "dean")):
            owner.open(self.paths[TITLE])
            owner.page.locator('a[href^="/actions/new?parent="]').first.click()
            form = owner.page.locator('form[action="/actions/new"]')
            criterion = "Бардык протоколдор журналда бар"
            owner.fill(form, title=title, action_kind="corrective", criterion=criterion, due_on=self.day(20))
            owner.fill(form, owner_post=post, causes="1")
            self._opened(owner, title)
        owner.open(self.paths[TITLE])
        owner.make("submit_plan", complete_by=self.day(40))

    def vice_rector_leaves(self) -> None:
        """The vice-rector is away from today on; the dean acts for them. What falls into the gap is shown first."""
        vice = self.people["vice"]
        vice.open("/absences/new")
        form = vice.page.locator('form[action="/absences/new"]').last
        vice.fill(form, since=self.day(0), until=self.day(30), deputy="dean", reason="Командировка")
        form.locator("button").last.click()
        vice.page.locator('[name="seen"]').wait_for(state="attached")
        vice.look("absence-new")
        vice.page.locator('form:has([name="seen"]) button').first.click()
        vice.page.locator(".notice.tone-good").wait_for()
        vice.look("absence")

    def approved(self) -> None:
        """The dean approves for the vice-rector what is not their own; the other one the rector."""
        dean = self.people["dean"]
        dean.take_up(SETTING_UP)
        dean.form("approve")
        dean.look("action-approve")
        dean.make("approve", note="Макул")
        self.people["rector"].open(self.paths[TEACHING])
        self.people["rector"].make("approve")

    def carried_out(self) -> None:
        """Each carries out their own."""
        for person, title in (("owner", SETTING_UP), ("dean", TEACHING)):
            desk = self.people[person]
            desk.take_up(title)
            desk.make("start")
            desk.make("implement", evidence="Буйрук № 12, журнал", implemented_on=self.day(0), check_on=self.day(10))

    def verified(self) -> None:
        """The quality specialist verifies both, and closes the nonconformity."""
        quality = self.people["quality"]
        for title in (SETTING_UP, TEACHING):
            quality.take_up(title)
            quality.make("find_effective", rationale="Журналдын 14 жазуусу текшерилди")
        quality.take_up(TITLE)
        quality.make("close", evaluation="Кайталанган жок")
        quality.look("closed")

    def day(self, later: int) -> str:
        """Today or days later, as forms have it."""
        return (self.house.clock.now.date() + timedelta(days=later)).isoformat()

    def _opened(self, desk: Desk, title: str) -> None:
        collection = desk.page.url.partition("/new")[0].removeprefix(self.house.address)
        desk.page.locator("main form .buttons button").last.click()
        desk.page.locator("h1", has_text=title).wait_for()
        path = desk.page.url.removeprefix(self.house.address).partition("?")[0]
        assert path.startswith(collection), path
        self.paths[title] = path
