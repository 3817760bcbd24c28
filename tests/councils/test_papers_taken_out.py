"""A link of an older mail leads to a paper that was taken out since: to a page that says so, for whoever may know."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from models import tables as t
from tests.councils.invitations import CALLED, PAPERS, Invited
from tests.councils.sitting import DAY, Sitting
from tests.support.university import protocol
from tests.web.visitors import Visitor, application, words

LATER = CALLED + 3 * DAY


@pytest.fixture
def links(invited: Invited, sitting: Sitting, printed: list[str]) -> dict[str, str]:
    """Where a member's invitation leads to its papers, by name."""
    sitting.go("send_papers", CALLED)
    invited.deliver(CALLED)
    found = re.findall(r"- (.*): https://sapat\.example(/files/\S+)", invited.to("dean").text)
    assert sorted(name for name, _ in found) == sorted(PAPERS)
    return dict(found)


@pytest.fixture
def visitor(invited: Invited, tmp_path: Path) -> Iterator[Visitor]:
    made = application(invited.university.database, LATER, tmp_path / "mails.db", home=tmp_path)
    yield Visitor(made).is_("dean", "en")
    made.state.site.close()


@pytest.fixture
def revision(sitting: Sitting) -> UUID:
    found: UUID = next(row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"])
    return found


def take_out(invited: Invited, revision: UUID, name: str) -> None:
    """The body returns it, and its author takes a file out."""
    given = protocol("3", CALLED + DAY, wording="Тактоо керек")
    invited.university.go(revision, "return_for_revision", "sec_ouk", CALLED + DAY, **given)
    invited.university.go(revision, "remove_file", "owner", CALLED + 2 * DAY, attachment=name, reason="Эскирген")


class TestTheLink:
    def test_leads_to_the_paper_while_it_is_there(self, visitor: Visitor, links: dict[str, str]) -> None:
        found = visitor.get(links["b.txt"])
        assert (found.status_code, found.content) == (200, PAPERS["b.txt"])

    def test_then_says_what_happened_and_to_whom_it_was_sent(
        self, invited: Invited, visitor: Visitor, sitting: Sitting, revision: UUID, links: dict[str, str]
    ) -> None:
        take_out(invited, revision, "b.txt")
        page = visitor.get(links["b.txt"])
        assert page.status_code == 410
        told = words(page)
        row = invited.university.one(t.attachment, t.attachment.c.name == "b.txt")
        for said in (
            "This file has been taken out",
            "b.txt",
            row["sha256"],
            "УСТ 4.09/1",
            "12 April 2026",
            "Эскирген",
            "Educational-methodical council, 15 April 2026, 14:00",
            "can only be postponed",
        ):
            assert said in told, said
        assert f'href="/sittings/{sitting.id}/day"' in page.text
        assert f'href="/revisions/{revision}"' in page.text
        assert links["b.txt"] not in page.text, "it leads nowhere any more"
        other = next(name for name in PAPERS if name != "b.txt")
        assert links[other] in page.text, "what is there now"
        assert visitor.get(links[other]).status_code == 200

    def test_of_another_name_or_nothing_is_not_found(
        self, invited: Invited, visitor: Visitor, revision: UUID, links: dict[str, str]
    ) -> None:
        take_out(invited, revision, "b.txt")
        assert visitor.get(links["b.txt"].replace("b.txt", "c.txt")).status_code == 404
        assert visitor.get(f"/files/{revision}/b.txt").status_code == 404

    def test_tells_nothing_to_whoever_may_not_read_the_record(
        self, invited: Invited, visitor: Visitor, revision: UUID, links: dict[str, str]
    ) -> None:
        take_out(invited, revision, "b.txt")
        assert visitor.is_("reader", "en").get(f"/revisions/{revision}").status_code == 404
        assert visitor.get(links["b.txt"]).status_code == 404

    def test_of_programs_is_not_found(
        self, invited: Invited, visitor: Visitor, revision: UUID, links: dict[str, str]
    ) -> None:
        take_out(invited, revision, "b.txt")
        assert visitor.get(f"/api/files/{links['b.txt'].split('/')[2]}").status_code == 404


def test_the_sitting_still_names_what_was_sent(
    invited: Invited, visitor: Visitor, sitting: Sitting, revision: UUID, links: dict[str, str]
) -> None:
    assert "taken out since" not in words(visitor.get(f"/sittings/{sitting.id}/day"))
    take_out(invited, revision, "b.txt")
    page = visitor.get(f"/sittings/{sitting.id}/day")
    assert "was sent, and taken out since" in words(page)
    assert links["b.txt"] not in page.text
