"""The mail of a council's secretary leads on to a sitting: the one that has the document, or planning one."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from models import tables as t
from service.sweep import sweep
from tests.councils.invitations import BEFORE, PAPERS, Invited
from tests.councils.sitting import Sitting, seat

PLAN = "https://sapat.example/sittings/new?body=ouk"
SECRETARY = "sec_ouk@uni.example"


def said(invited: Invited, *, others: bool = False) -> list[tuple[str, str]]:
    """The mails to the secretary, or those to others, as text and HTML."""
    found = [one for one in invited.post.mails() if (one.entry.recipient != SECRETARY) is others]
    return [_said(one.raw) for one in found]


def _said(raw: bytes) -> tuple[str, str]:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    return str(plain.get_content()), str(html.get_content())


class TestTheSecretarysMail:
    def test_leads_to_planning_a_sitting(self, invited: Invited) -> None:
        seat(invited.university)
        revision = invited.waiting(PAPERS)
        invited.deliver(BEFORE)
        (mail,) = said(invited)
        for words in mail:
            assert PLAN in words
            assert f"/revisions/{revision}" in words

    def test_leads_to_the_sitting_that_has_it(self, invited: Invited, sitting: Sitting) -> None:
        invited.deliver(BEFORE)  # late: the sitting was planned meanwhile
        (mail,) = said(invited)
        for words in mail:
            assert f"https://sapat.example/sittings/{sitting.id}/day" in words
            assert PLAN not in words
            assert "15 апреля 2026 г., 14:00" in words

    def test_of_a_sitting_leads_to_its_own_page(self, invited: Invited, sitting: Sitting) -> None:
        climb(invited, invited.university.one(t.task, t.task.c.record_id == sitting.id)["due_at"], 1)
        told = [plain for plain, _ in said(invited) if f"/sittings/{sitting.id}" in plain]
        assert any(f"https://sapat.example/sittings/{sitting.id}/day\n" in one for one in told)


class TestTheLadder:
    def test_reminds_with_the_same_way_on_and_asks_no_other_to_plan(self, invited: Invited) -> None:
        seat(invited.university)
        revision = invited.waiting(PAPERS)
        climb(invited, invited.university.one(t.task, t.task.c.closed_at.is_(None))["due_at"], 20)
        assert len([plain for plain, _ in said(invited) if PLAN in plain]) > 1
        others = [plain for plain, _ in said(invited, others=True) if str(revision) in plain]
        assert others
        assert not [plain for plain in others if PLAN in plain]


def climb(invited: Invited, due: datetime, days: int) -> None:
    """A task is left undone for so many days after its day."""
    for day in range(-10, days):
        sweep(invited.university.database, due + timedelta(days=day))
        invited.deliver(due + timedelta(days=day))
