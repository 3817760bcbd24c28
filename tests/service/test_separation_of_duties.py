"""Nobody checks their own work: authors, owners, whoever carried something out, auditors, and those who stand in."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from states.refusals import Duties, NotFound
from states.text import Text
from tests.support.university import University, at, names, order, protocol

NOW = at(2026, 4, 6)  # a Monday
DUE = date(2026, 9, 1)


def gives(university: University, person: str, post: str, since: date = date(2000, 1, 1)) -> None:
    """The person holds the post too."""
    ids = {"person_id": university.people[person], "post_id": university.posts[post]}
    university.change(sa.insert(t.holding).values(id=new_id(), since=since, **ids))


def leaves(university: University, person: str, post: str, last: date) -> None:
    """The person holds the post until that day."""
    ids = (t.holding.c.person_id == university.people[person], t.holding.c.post_id == university.posts[post])
    university.change(sa.update(t.holding).where(*ids).values(until=last))


def away(university: University, person: str, deputy: str, when: datetime = NOW) -> None:
    """The person is away for ten days, and the deputy acts for them."""
    people = {"person_id": university.people[person], "deputy_id": university.people[deputy]}
    spell = {"since": when.date(), "until": when.date() + timedelta(days=10), "entered_at": when}
    university.change(sa.insert(t.absence).values(id=new_id(), **people, **spell))


def unit(university: University, code: str, above: str | None, *, campus: bool = False) -> None:
    """A unit that the small university does not have."""
    university.units[code] = new_id()
    row = {"id": university.units[code], "code": code, "is_campus": campus, **names(Text(code, code, code))}
    university.change(sa.insert(t.unit).values(parent_id=university.units[above] if above else None, **row))


def office(university: University, code: str, at_unit: str, role: str | None = None, *, heads: bool = False) -> None:
    """A post of that code, and somebody of the same code who holds it."""
    university.posts[code], university.people[code] = new_id(), new_id()
    named = names(Text(code, code, code))
    post = {"id": university.posts[code], "code": code, "unit_id": university.units[at_unit], "role": role}
    university.change(
        sa.insert(t.post).values(heads=heads, **post, **named),
        sa.insert(t.person).values(id=university.people[code], code=code, email=f"{code}@uni.example", **named),
    )
    gives(university, code, code)


def written_by(university: University, author: str) -> UUID:
    """A revision of that author, which both councils have endorsed."""
    revision = university.draft(NOW)
    if author != "owner":
        university.go(revision, "hand_over", "owner", NOW, author=author, reason="Ал жазсын")
    university.go(revision, "submit", author, NOW)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, NOW, **protocol("1", NOW))
    return revision


def refuses(university: University, record: UUID, move: str, who: str, **given: Any) -> None:
    """Separation of duties forbids the move, and says so; nothing is written."""
    before = university.history(record)
    with pytest.raises(Duties):
        university.go(record, move, who, NOW, **given)
    assert university.history(record) == before


APPROVAL = dict(order("7", NOW, NOW.date()))


class TestAnAuthor:
    def test_who_is_the_rector_does_not_approve_their_own_revision(self, university: University) -> None:
        refuses(university, written_by(university, "rector"), "approve", "rector", **APPROVAL)

    def test_who_is_the_rectors_deputy_does_not_approve_their_own_revision(self, university: University) -> None:
        away(university, "rector", "dean")
        refuses(university, written_by(university, "dean"), "approve", "dean", **APPROVAL)

    def test_who_is_the_deputys_deputy_does_not_approve_their_own_revision(self, university: University) -> None:
        away(university, "rector", "vice")
        away(university, "vice", "dean")
        refuses(university, written_by(university, "dean"), "approve", "dean", **APPROVAL)

    def test_who_is_the_rector_does_not_approve_it_through_a_deputy(self, university: University) -> None:
        away(university, "rector", "dean")
        refuses(university, written_by(university, "rector"), "approve", "dean", **APPROVAL)

    def test_does_not_approve_it_through_a_second_post(self, university: University) -> None:
        gives(university, "owner", "rector")
        refuses(university, written_by(university, "owner"), "approve", "owner", **APPROVAL)

    def test_is_not_approved_by_a_rector_who_stands_in_for_them(self, university: University) -> None:
        """The rector is asked for both: what they finish in the author's place is the author's work."""
        away(university, "owner", "rector")
        refuses(university, written_by(university, "owner"), "approve", "rector", **APPROVAL)

    def test_is_approved_by_somebody_else_with_the_same_post(self, university: University) -> None:
        gives(university, "vice", "rector")
        revision = written_by(university, "rector")
        university.go(revision, "approve", "vice", NOW, **APPROVAL)
        assert university.state(revision) == "effective"

    def test_who_is_the_rector_returns_it_and_hands_it_over(self, university: University) -> None:
        """The way out of a revision that nobody but its author could approve."""
        revision = written_by(university, "rector")
        university.go(revision, "return_to_author", "rector", NOW, reason="Өзүм жаздым")
        university.go(revision, "hand_over", "rector", NOW, author="owner", reason="Өзүм бекитем")
        university.go(revision, "submit", "owner", NOW)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(revision, "endorse", secretary, NOW, **protocol("2", NOW))
        university.go(revision, "approve", "rector", NOW, **APPROVAL)
        assert university.state(revision) == "effective"

    def test_who_is_the_rectors_deputy_returns_it_and_hands_it_over(self, university: University) -> None:
        away(university, "rector", "dean")
        revision = written_by(university, "dean")
        university.go(revision, "return_to_author", "dean", NOW, reason="Өзүм жаздым")
        university.go(revision, "hand_over", "dean", NOW, author="owner", reason="Башкасы бүтүрсүн")
        university.go(revision, "submit", "owner", NOW)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(revision, "endorse", secretary, NOW, **protocol("2", NOW))
        university.go(revision, "approve", "dean", NOW, **APPROVAL)
        entry = university.history(revision)[-1]
        assert (university.who(entry["actor_id"]), university.who(entry["acting_for_id"])) == ("dean", "rector")


class TestAnOwner:
    def plan(self, university: University, owner: str) -> UUID:
        found = university.planning(NOW, owner)
        action = university.action(found, NOW, DUE, owner, who=owner)
        university.go(found, "submit_plan", owner, NOW, complete_by=DUE)
        return action

    @pytest.mark.parametrize("move", ["approve", "return_plan", "cancel"])
    def test_does_not_decide_on_their_own_plan(self, university: University, move: str) -> None:
        given = {} if move == "approve" else {"reason": "Себеп"}
        refuses(university, self.plan(university, "vice"), move, "vice", **given)

    def test_has_it_decided_by_the_rector_who_has_the_task(self, university: University) -> None:
        action = self.plan(university, "vice")
        assert [task["holder_post_id"] for task in university.open_tasks(action)] == [university.posts["rector"]]
        university.go(action, "approve", "rector", NOW)

    def test_does_not_decide_on_it_as_a_deputy(self, university: University) -> None:
        away(university, "vice", "owner")
        refuses(university, self.plan(university, "owner"), "approve", "owner")

    def test_does_not_decide_on_it_through_their_own_deputy(self, university: University) -> None:
        away(university, "vice", "dean")
        refuses(university, self.plan(university, "vice"), "approve", "dean")

    def test_is_not_checked_by_one_deputy_for_both(self, university: University) -> None:
        """Whoever stands in for the owner and for the vice-rector would approve what they themselves submitted."""
        away(university, "owner", "dean")
        away(university, "vice", "dean")
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE, who="dean")
        university.go(found, "submit_plan", "dean", NOW, complete_by=DUE)
        refuses(university, action, "approve", "dean")
        university.go(action, "approve", "rector", NOW)

    def test_is_not_checked_by_a_checker_who_stands_in_for_them(self, university: University) -> None:
        away(university, "owner", "vice")
        found = university.planning(NOW)
        action = university.action(found, NOW, DUE, who="vice")
        university.go(found, "submit_plan", "vice", NOW, complete_by=DUE)
        assert [task["holder_post_id"] for task in university.open_tasks(action)] == [university.posts["rector"]]
        refuses(university, action, "approve", "vice")

    def test_does_not_grant_their_own_extension(self, university: University) -> None:
        _, action = university.under_way(NOW, DUE, "vice")
        university.go(action, "request_extension", "vice", NOW, new_due_on=date(2026, 12, 1), reason="Кечикти")
        refuses(university, action, "grant_extension", "vice")
        refuses(university, action, "refuse_extension", "vice", reason="Себеп")

    def test_does_not_close_their_own_nonconformity(self, university: University) -> None:
        found, action = university.under_way(NOW, DUE, "quality")
        university.go(action, "implement", "quality", NOW, evidence="Буйрук", implemented_on=NOW.date())
        university.go(action, "find_effective", "vice", NOW, rationale="Бар")
        assert university.state(found) == "verification"
        refuses(university, found, "close", "quality", evaluation="Баары жакшы")
        university.go(found, "close", "vice", NOW, evaluation="Баары жакшы")


@pytest.fixture
def carried_out(university: University) -> UUID:
    """An action of `owner` that the unit's quality representative has carried out."""
    office(university, "rep", "DEPARTMENT", "quality_representative")
    _, action = university.under_way(NOW, DUE)
    university.go(action, "implement", "rep", NOW, evidence="Буйрук", implemented_on=NOW.date())
    return action


CHECKS: dict[str, dict[str, Any]] = {
    "find_effective": {"rationale": "Бар"},
    "find_ineffective": {"rationale": "Жок"},
    "return_work": {"due_on": DUE, "reason": "Далил жок"},
}


@pytest.mark.parametrize("move", CHECKS)
class TestWhoeverCarriedItOut:
    def test_does_not_verify_it_through_another_post(
        self, university: University, carried_out: UUID, move: str
    ) -> None:
        gives(university, "rep", "quality")
        refuses(university, carried_out, move, "rep", **CHECKS[move])

    def test_does_not_verify_it_after_changing_posts(
        self, university: University, carried_out: UUID, move: str
    ) -> None:
        leaves(university, "rep", "rep", date(2026, 4, 5))
        leaves(university, "quality", "quality", date(2026, 4, 5))
        gives(university, "rep", "quality", NOW.date())
        refuses(university, carried_out, move, "rep", **CHECKS[move])
        university.go(carried_out, move, "vice", NOW, **CHECKS[move])

    def test_does_not_verify_it_as_a_deputy(self, university: University, carried_out: UUID, move: str) -> None:
        away(university, "quality", "rep")
        refuses(university, carried_out, move, "rep", **CHECKS[move])

    def test_does_not_verify_it_through_a_deputy(self, university: University, carried_out: UUID, move: str) -> None:
        gives(university, "rep", "quality")
        away(university, "rep", "dean")
        refuses(university, carried_out, move, "dean", **CHECKS[move])

    def test_is_checked_by_another_who_holds_the_same_post(
        self, university: University, carried_out: UUID, move: str
    ) -> None:
        gives(university, "rep", "quality")
        university.go(carried_out, move, "quality", NOW, **CHECKS[move])


class TestWhoeverHadItDoneByADeputy:
    @pytest.mark.parametrize("move", CHECKS)
    def test_does_not_verify_it(self, university: University, move: str) -> None:
        office(university, "rep", "DEPARTMENT", "quality_representative")
        _, action = university.under_way(NOW, DUE)
        away(university, "rep", "reader")
        university.go(action, "implement", "reader", NOW, evidence="Буйрук", implemented_on=NOW.date())
        kept = university.one(t.corrective_action)
        did = (university.people["reader"], university.people["rep"])
        assert (kept["implemented_by_id"], kept["implemented_for_id"]) == did
        gives(university, "rep", "quality")
        refuses(university, action, move, "rep", **CHECKS[move])


class TestAnAuditor:
    def finds(self, university: University, who: str, at_unit: str, source: str = "internal_audit") -> UUID:
        told: dict[str, Any] = {"found": "Жок", "nc_kind": "programme", "source": source, "found_on": NOW.date()}
        return university.open("nonconformity", who, NOW, title="Журнал", unit=at_unit, **told)

    @pytest.mark.parametrize(
        ("who", "at_unit"),
        [
            ("owner", "DEPARTMENT"),  # their own unit
            ("head", "DEPARTMENT"),
            ("dean", "DEPARTMENT"),  # a unit beneath theirs
            ("owner", "ACADEMIC"),  # what their own belongs to
            ("auditor", "UNI"),
        ],
    )
    def test_does_not_audit_their_own_unit(self, university: University, who: str, at_unit: str) -> None:
        with pytest.raises(Duties):
            self.finds(university, who, at_unit)
        assert university.rows(t.record) == []

    @pytest.mark.parametrize(
        ("who", "at_unit"), [("auditor", "DEPARTMENT"), ("owner", "LIBRARY"), ("rector", "LIBRARY")]
    )
    def test_audits_other_units(self, university: University, who: str, at_unit: str) -> None:
        """Who works for the whole university audits its units, though all of them belong to it."""
        assert university.state(self.finds(university, who, at_unit)) == "reported"

    def test_does_not_audit_the_unit_of_whom_they_stand_in_for(self, university: University) -> None:
        away(university, "head", "librarian")
        with pytest.raises(Duties):
            self.finds(university, "librarian", "DEPARTMENT")

    def test_reports_what_they_find_in_their_own_unit_otherwise(self, university: University) -> None:
        assert university.state(self.finds(university, "owner", "DEPARTMENT", "monitoring")) == "reported"


class TestCampuses:
    @pytest.fixture(autouse=True)
    def second_campus(self, university: University) -> None:
        """A campus beside the other, under a university whose rector is above both; neither has a rector of its own."""
        unit(university, "TOP", None)
        unit(university, "FAR", "TOP", campus=True)
        unit(university, "FAR_DEPARTMENT", "FAR")
        top = university.units["TOP"]
        university.change(
            sa.update(t.unit).where(t.unit.c.code == "UNI").values(parent_id=top),
            sa.update(t.post).where(t.post.c.code == "rector").values(unit_id=top),
        )
        for code, role in (("far_vice", "vice_rector"), ("far_quality", "quality_specialist")):
            office(university, code, "FAR", role)
        office(university, "far_owner", "FAR_DEPARTMENT")

    def test_the_quality_specialist_of_one_does_not_decide_for_the_other(self, university: University) -> None:
        told: dict[str, Any] = {"found": "Жок", "nc_kind": "programme", "source": "monitoring", "found_on": NOW.date()}
        here = university.open("nonconformity", "reader", NOW, title="Журнал", unit="LIBRARY", **told)
        there = university.open("nonconformity", "reader", NOW, title="Журнал", unit="FAR_DEPARTMENT", **told)
        for record, stranger, own in ((here, "far_quality", "quality"), (there, "quality", "far_quality")):
            with pytest.raises(NotFound):
                university.go(record, "register", stranger, NOW, severity="minor", owner_post="owner")
            university.go(record, "register", own, NOW, severity="minor", owner_post="owner")

    def test_the_vice_rector_of_one_does_not_decide_for_the_other_and_the_rector_does_for_both(
        self, university: University
    ) -> None:
        for owner, stranger, checker in (("owner", "far_vice", "quality"), ("far_owner", "vice", "far_quality")):
            unit_code = "DEPARTMENT" if owner == "owner" else "FAR_DEPARTMENT"
            told: dict[str, Any] = {"found": "Жок", "nc_kind": "programme", "source": "monitoring"}
            found = university.open(
                "nonconformity", "reader", NOW, title="Журнал", unit=unit_code, found_on=NOW.date(), **told
            )
            university.go(found, "register", checker, NOW, severity="major", owner_post=owner)
            university.go(found, "record_correction", owner, NOW, correction="Табылды")
            university.analysed(found, NOW, owner)
            action = university.action(found, NOW, DUE, owner, who=owner)
            university.go(found, "submit_plan", owner, NOW, complete_by=DUE)
            with pytest.raises(NotFound):
                university.go(action, "approve", stranger, NOW)
            university.go(action, "approve", "rector", NOW)
