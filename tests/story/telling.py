"""The story of the issue: what is done when and by whom, and which mails it must cause, written down by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from uuid import UUID

from models import tables as t
from states.working_days import BISHKEK
from tests.support.post import Post
from tests.support.university import University, at, order, protocol

BEGIN, END = date(2017, 2, 1), date(2018, 6, 23)


class Expected(NamedTuple):
    """One mail: the day it arrives, who reads it in which language, about what, and words of its subject."""

    day: str
    reader: str
    language: str
    code: str
    words: str


REVISION, FOUND, FIRST, SECOND, THIRD = "УСТ 4.09/2", "NC-2017-001", "CA-2017-001", "CA-2017-002", "CA-2017-003"
COUNCIL_RU, COUNCIL_EN = "совета", "council"
REVIEW_KY, REVIEW_RU = "актуалдуулугун", "актуальност"
WORK_KY, WORK_RU, WORK_EN = "далил", "свидетельств", "evidence"
CHECK = "Натыйжалуулугун текшерүү"

# Deadlines by hand. Amendments: 5 working days after 5 April (7 April is a holiday): 13 April. The rector: 5 after the
# 12th: 19 April, so he is reminded on the 14th and the 19th. The review: 20 after 2 May 2018 (9 May is a holiday): 31
# May. The second action: Friday 6 October 2017. The first is due on the 2nd, and granted until the 16th.
EXPECTED = [
    Expected("2017-02-06", "sec_ouk", "ru", REVISION, COUNCIL_RU),
    Expected("2017-02-15", "owner", "ky", REVISION, "Долбоорду бүтүрүп"),
    Expected("2017-03-09", "sec_ouk", "ru", REVISION, COUNCIL_RU),
    Expected("2017-03-22", "sec_ok", "en", REVISION, COUNCIL_EN),
    Expected("2017-03-22", "owner", "ky", REVISION, "Жактырылды"),
    Expected("2017-04-05", "owner", "ky", REVISION, "өзгөртүүлөрүн текстке киргизүү"),
    Expected("2017-04-10", "owner", "ky", REVISION, "өзгөртүүлөрүн текстке киргизүү"),
    Expected("2017-04-12", "rector", "ky", REVISION, "Бекитүү же кайтаруу"),
    Expected("2017-04-14", "rector", "ky", REVISION, "Бекитүү же кайтаруу"),
    Expected("2017-04-19", "rector", "ky", REVISION, "Бекитүү же кайтаруу"),
    Expected("2017-04-19", "owner", "ky", REVISION, "Бекитилди"),
    Expected("2017-04-19", "quality", "ky", REVISION, "Бекитилди"),
    Expected("2017-05-02", "owner", "ky", REVISION, "Күчүнө кирди"),
    Expected("2017-05-02", "quality", "ky", REVISION, "Күчүнө кирди"),
    Expected("2017-09-04", "quality", "ky", FOUND, "Баалап, каттоо же четке кагуу"),
    Expected("2017-09-05", "librarian", "en", FOUND, "Correct it at once"),
    Expected("2017-09-05", "auditor", "en", FOUND, "Register"),
    Expected("2017-09-08", "reader", "ru", SECOND, "Отправить план на утверждение"),
    Expected("2017-09-08", "quality", "ky", FOUND, "План жөнөтүлдү"),
    Expected("2017-09-08", "vice", "ru", FIRST, "Утвердить план или вернуть"),
    Expected("2017-09-08", "vice", "ru", SECOND, "Утвердить план или вернуть"),
    Expected("2017-09-11", "librarian", "en", FIRST, "Start the work"),
    Expected("2017-09-11", "reader", "ru", SECOND, "Начать выполнение"),
    Expected("2017-09-26", "vice", "ru", FIRST, "о продлении"),
    Expected("2017-09-26", "librarian", "en", FIRST, WORK_EN),
    Expected("2017-09-26", "quality", "ky", FIRST, "Узартуу"),
    Expected("2017-10-03", "reader", "ru", SECOND, WORK_RU),
    Expected("2017-10-06", "reader", "ru", SECOND, WORK_RU),
    Expected("2017-10-09", "reader", "ru", SECOND, WORK_RU),
    Expected("2017-10-10", "quality", "ky", FIRST, CHECK),
    Expected("2017-10-11", "librarian", "en", SECOND, WORK_EN),
    Expected("2017-10-13", "quality", "ky", SECOND, WORK_KY),
    Expected("2017-10-20", "vice", "ru", SECOND, WORK_RU),
    Expected("2017-10-27", "rector", "ky", SECOND, WORK_KY),
    Expected("2017-10-30", "quality", "ky", SECOND, CHECK),
    Expected("2017-11-13", "reader", "ru", SECOND, "Признано нерезультативным"),
    Expected("2017-11-13", "vice", "ru", SECOND, "Признано нерезультативным"),
    Expected("2017-11-13", "librarian", "en", FOUND, "Analyse the causes"),
    Expected("2017-11-13", "quality", "ky", FOUND, "Себептерин кайра талдоо"),
    Expected("2017-11-14", "librarian", "en", FIRST, "Found effective"),
    Expected("2017-11-15", "quality", "ky", FOUND, "План жөнөтүлдү"),
    Expected("2017-11-15", "vice", "ru", THIRD, "Утвердить план или вернуть"),
    Expected("2017-11-16", "librarian", "en", THIRD, "Start the work"),
    Expected("2017-11-20", "quality", "ky", THIRD, CHECK),
    Expected("2017-11-28", "librarian", "en", THIRD, "Found effective"),
    Expected("2017-11-28", "quality", "ky", FOUND, "Натыйжалуулугун баалап, жабуу"),
    Expected("2017-11-28", "librarian", "en", FOUND, "All actions are done"),
    Expected("2017-11-29", "auditor", "en", FOUND, "Close"),
    Expected("2017-11-29", "librarian", "en", FOUND, "Close"),
    Expected("2018-05-02", "quality", "ky", REVISION, REVIEW_KY),
    Expected("2018-05-02", "owner", "ky", REVISION, "Мезгилдүү"),
    Expected("2018-05-28", "quality", "ky", REVISION, REVIEW_KY),
    Expected("2018-05-31", "quality", "ky", REVISION, REVIEW_KY),
    Expected("2018-06-01", "quality", "ky", REVISION, REVIEW_KY),
    Expected("2018-06-05", "rector", "ky", REVISION, REVIEW_KY),
    Expected("2018-06-07", "quality", "ky", REVISION, REVIEW_KY),
    Expected("2018-06-14", "vice", "ru", REVISION, REVIEW_RU),
    Expected("2018-06-22", "rector", "ky", REVISION, REVIEW_KY),
    Expected("2018-06-22", "owner", "ky", REVISION, "Күчүндө калтырылды"),
]

# Three times nine days without a sweep and without the calendar; what is told on the day it runs again instead.
DOWN = [
    (at(2017, 4, 27, 0), at(2017, 5, 6, 0)),
    (at(2017, 10, 4, 8), at(2017, 10, 13, 8)),
    (at(2018, 5, 30, 0), at(2018, 6, 8, 0)),
]
NEVER_TOLD = {"2017-10-06", "2017-10-09", "2017-10-11", "2018-05-31", "2018-06-01", "2018-06-05"}
LATER = {"2017-05-02": "2017-05-06", "2018-06-07": "2018-06-08"}


def expected_after_outages() -> list[Expected]:
    """The mails where the sweep was down: missed rungs are in the text of the next, the calendar is made up for."""
    return [each._replace(day=LATER.get(each.day, each.day)) for each in EXPECTED if each.day not in NEVER_TOLD]


@dataclass
class Story:
    """What happens, on its days. `records` are known by name once they are opened."""

    university: University
    records: dict[str, UUID] = field(default_factory=dict)

    def events(self) -> list[tuple[datetime, Callable[[datetime], object]]]:
        """Everything people do, in its order."""
        go, open_ = self._go, self._open
        return [
            (at(2017, 2, 1), open_("rev", lambda now: self.university.draft(now))),
            (at(2017, 2, 6), go("rev", "submit", "owner")),
            (at(2017, 2, 15), go("rev", "return_for_revision", "sec_ouk", **protocol("3", at(2017, 2, 15)))),
            (at(2017, 3, 9), go("rev", "submit", "owner", note="Сын-пикирлер киргизилди")),
            (at(2017, 3, 22), go("rev", "endorse", "sec_ouk", votes_for=11, **protocol("4", at(2017, 3, 22)))),
            (
                at(2017, 4, 5),
                go("rev", "endorse_with_amendments", "sec_ok", votes_for=25, **protocol("5", at(2017, 4, 5))),
            ),
            (at(2017, 4, 12), go("rev", "enter_amendments", "owner", clauses="4.1, 5.2")),
            (
                at(2017, 4, 19),
                go("rev", "approve", "rector", **order("01-12/138", at(2017, 4, 19), date(2017, 5, 2))),
            ),
            (at(2017, 9, 4), open_("found", lambda now: self.university.reported(now))),
            (at(2017, 9, 5), go("found", "register", "quality", severity="major", owner_post="librarian")),
            (at(2017, 9, 6), go("found", "record_correction", "librarian", correction="Протоколдор калыбына келди")),
            (at(2017, 9, 6, 15), go("found", "add_cause", "librarian", text="Журнал жоголду")),
            (at(2017, 9, 7, 9), go("found", "add_cause", "librarian", text="Тартип", because_of=1)),
            (at(2017, 9, 7, 10), go("found", "remove_cause", "librarian", cause=2)),
            (at(2017, 9, 7, 11), go("found", "amend_cause", "librarian", cause=1, text="Тартип жок", code="M1")),
            (at(2017, 9, 7, 12), go("found", "record_causes", "librarian", similar_checked="none", similar="Жок")),
            (at(2017, 9, 8, 10), open_("first", lambda now: self._action(now, date(2017, 10, 2), "librarian"))),
            (at(2017, 9, 8, 11), open_("second", lambda now: self._action(now, date(2017, 10, 6), "reader"))),
            (at(2017, 9, 8, 12), go("found", "submit_plan", "librarian", complete_by=date(2017, 12, 15))),
            (at(2017, 9, 11, 10), go("first", "approve", "vice")),
            (at(2017, 9, 11, 11), go("second", "approve", "vice")),
            (at(2017, 9, 12, 10), go("first", "start", "librarian")),
            (at(2017, 9, 12, 11), go("second", "start", "reader")),
            (at(2017, 9, 13, 10), go("first", "add_step", "librarian", title="Буйруктун долбоору")),
            (at(2017, 9, 13, 11), go("first", "add_step", "librarian", title="Макулдашуу")),
            (
                at(2017, 9, 25),
                go("first", "amend_step", "librarian", work_step=1, title="Буйрук", done_on=date(2017, 9, 22)),
            ),
            (
                at(2017, 10, 6),
                go("first", "amend_step", "librarian", work_step=2, title="Макулдашуу", done_on=date(2017, 10, 6)),
            ),
            (
                at(2017, 10, 9),
                go("first", "add_evidence", "librarian", what="Буйрук №12", evidence_on=date(2017, 10, 9)),
            ),
            (
                at(2017, 9, 26, 10),
                go("first", "request_extension", "librarian", new_due_on=date(2017, 10, 16), reason="Кагаз жок"),
            ),
            (at(2017, 9, 26, 15), go("first", "grant_extension", "vice")),
            (
                at(2017, 10, 10),
                go(
                    "first",
                    "implement",
                    "librarian",
                    evidence="Буйрук №12",
                    implemented_on=date(2017, 10, 10),
                    check_on=date(2017, 11, 20),
                ),
            ),
            (
                at(2017, 10, 30),
                go(
                    "second",
                    "implement",
                    "reader",
                    evidence="Журнал",
                    implemented_on=date(2017, 10, 30),
                    check_on=date(2017, 11, 24),
                ),
            ),
            (at(2017, 11, 13), go("second", "find_ineffective", "quality", rationale="Кайталанды")),
            (at(2017, 11, 14), go("first", "find_effective", "quality", rationale="Жарайт")),
            (
                at(2017, 11, 15, 9),
                go("found", "add_cause", "librarian", text="Окутулган эмес", because_of=1, code="1/P1"),
            ),
            (
                at(2017, 11, 15, 10),
                go("found", "record_causes", "librarian", similar_checked="none", similar="Башка жерде жок"),
            ),
            (at(2017, 11, 15, 11), open_("third", lambda now: self._action(now, date(2017, 12, 1), "librarian"))),
            (at(2017, 11, 15, 11, 30), go("third", "link_causes", "librarian", causes=[3])),
            (at(2017, 11, 15, 12), go("found", "submit_plan", "librarian", complete_by=date(2017, 12, 15))),
            (at(2017, 11, 16, 10), go("third", "approve", "vice")),
            (at(2017, 11, 16, 11), go("third", "start", "librarian")),
            (
                at(2017, 11, 20),
                go(
                    "third",
                    "implement",
                    "librarian",
                    evidence="Тизме",
                    implemented_on=date(2017, 11, 20),
                    check_on=date(2017, 12, 4),
                ),
            ),
            (at(2017, 11, 28), go("third", "find_effective", "quality", rationale="Жарайт")),
            (at(2017, 11, 29), go("found", "close", "quality", evaluation="Натыйжалуу")),
            (at(2018, 6, 22), go("rev", "reaffirm", "quality", findings="Жарайт")),
        ]

    def tell(self, run: Callable[[datetime], None]) -> None:
        """Let it all happen; `run` does what happens by itself, several times a day and after each thing done."""
        self._before()
        happenings = [*self.events(), *((moment, _nothing) for moment in ticks())]
        for moment, happen in sorted(happenings, key=lambda each: each[0]):
            happen(moment)
            run(moment)

    def assert_ended_well(self) -> None:
        """Every record where the story leaves it, every mail in the outbox settled."""
        state = self.university.state
        assert state(self.records["old"]) == "superseded"
        assert state(self.records["rev"]) == "effective"
        assert state(self.records["found"]) == "closed"
        assert [state(self.records[name]) for name in ("first", "second", "third")] == [
            "closed",
            "ineffective",
            "closed",
        ]
        waiting = (t.notice.c.sent_at.is_(None), t.notice.c.dropped_at.is_(None))
        assert self.university.rows(t.notice, *waiting) == []

    def _before(self) -> None:
        """The revision before it, long in force; its mails are no part of the story."""
        self.records["old"] = self.university.in_force(at(2016, 9, 1))
        with self.university.database.write() as connection:
            connection.execute(t.notice.update().values(sent_at=at(2016, 9, 1)))

    def _action(self, now: datetime, due: date, owner: str) -> UUID:
        return self.university.action(self.records["found"], now, due, owner, who="librarian")

    def _go(self, record: str, name: str, who: str, **given: object) -> Callable[[datetime], object]:
        return lambda now: self.university.go(self.records[record], name, who, now, **given)

    def _open(self, record: str, opening: Callable[[datetime], UUID]) -> Callable[[datetime], object]:
        return lambda now: self.records.__setitem__(record, opening(now))


def _nothing(now: datetime) -> None:
    """A moment at which nobody does anything."""


def ticks() -> Iterator[datetime]:
    """Five past midnight and nine, on every day of the story."""
    day = BEGIN
    while day <= END:
        for hour, minute in ((0, 5), (9, 0)):
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=BISHKEK)
        day += timedelta(days=1)


def arrived(post: Post) -> list[Expected]:
    """What the mailbox holds, as it would have been expected: its words are the whole subject."""
    found = []
    for mail in post.mails():
        headers = message_from_bytes(mail.raw, policy=policy.default)
        day = parsedate_to_datetime(str(headers["Date"])).astimezone(BISHKEK).date().isoformat()
        code = next(one for one in (REVISION, FOUND, FIRST, SECOND, THIRD) if one in mail.entry.subject)
        reader = mail.entry.recipient.partition("@")[0]
        found.append(Expected(day, reader, str(headers["Content-Language"]), code, mail.entry.subject))
    return found


def assert_arrived(post: Post, expected: list[Expected], retransmitted: int = 0) -> None:
    """Every expected mail once, no other; `retransmitted` is how many may have come over the wire a second time."""
    missing, surplus = list(expected), []
    for mail in arrived(post):
        match = next((one for one in missing if one[:4] == mail[:4] and one.words in mail.words), None)
        if match:
            missing.remove(match)
        else:
            surplus.append(mail)
    assert not missing + surplus, "\n".join(
        [*(f"never came: {mail}" for mail in missing), *(f"not expected: {mail}" for mail in surplus)]
    )
    assert post.mailbox.count() == len(expected)
    assert 0 <= post.mailbox.transmissions() - len(expected) <= retransmitted
