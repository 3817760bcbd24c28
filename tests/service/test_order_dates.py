"""When an order may be dated: after the councils, until today, and one number of a year on one day."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.orders import Seen, approve_all
from service.signing import Proof
from states.refusals import GuardUnmet
from tests.support.university import DOCUMENT, University, at, order, protocol

SITTING, NOW = at(2026, 4, 6), at(2026, 4, 20)
OTHER = "ЖЖ 3.02"


def approve(university: University, revision: UUID, number: str, day: date) -> None:
    """The rector approves by an order of that day."""
    given = {"order_no": number, "decided_on": day, "in_force_on": day}
    university.go(revision, "approve", "rector", NOW, **given)


def of_another_document(university: University, campus: UUID | None = None) -> UUID:
    """A revision of another document, which waits for the rector."""
    row = {**university.one(t.document, t.document.c.code == DOCUMENT), "id": new_id(), "code": OTHER}
    university.change(sa.insert(t.document).values({**row, "title": "Башка жобо"}))
    revision = university.draft(SITTING, document=OTHER)
    university.go(revision, "submit", "owner", SITTING)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, SITTING, **protocol("1", SITTING))
    if campus:
        university.change(sa.update(t.record).where(t.record.c.id == revision).values(campus_id=campus))
    return revision


class TestTheDayOfAnOrder:
    @pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 4, 5), date(2026, 4, 21)])
    def test_is_neither_before_the_last_council_nor_after_today(self, day: date, university: University) -> None:
        revision = university.endorsed(SITTING)
        with pytest.raises(GuardUnmet) as refused:
            approve(university, revision, "01-12/201", day)
        assert ("06.04.2026" in str(refused.value)) is (day < SITTING.date())
        assert university.state(revision) == "rector_approval"

    @pytest.mark.parametrize("day", [date(2026, 4, 6), date(2026, 4, 12), date(2026, 4, 20)])
    def test_is_any_in_between_and_the_review_counts_from_the_entry_into_force(
        self, day: date, university: University
    ) -> None:
        revision = university.endorsed(SITTING)
        approve(university, revision, "01-12/201", day)
        row = university.one(t.revision, t.revision.c.record_id == revision)
        assert (row["in_force_on"], row["review_due_on"]) == (day, day.replace(year=2027))


class TestTheNumberOfAnOrder:
    def test_is_of_one_day_of_a_year_and_the_refusal_names_the_earlier_order(self, university: University) -> None:
        first, second = university.endorsed(SITTING), of_another_document(university)
        approve(university, first, "01-12/201", date(2026, 4, 7))
        with pytest.raises(GuardUnmet) as refused:
            approve(university, second, "№ 01-12/201", date(2026, 4, 8))
        said = str(refused.value)
        assert "01-12/201" in said
        assert "07.04.2026" in said
        assert university.record(first)["code"] in said
        assert university.state(second) == "rector_approval"
        approve(university, second, "01-12/201", date(2026, 4, 7))  # the same order

    def test_is_compared_without_its_sign_and_noughts(self, university: University) -> None:
        first, second = university.endorsed(SITTING), of_another_document(university)
        approve(university, first, "№ 07", date(2026, 4, 7))
        with pytest.raises(GuardUnmet):
            approve(university, second, "7", date(2026, 4, 8))

    def test_is_refused_for_a_withdrawal_too(self, university: University) -> None:
        first = university.endorsed(SITTING)
        approve(university, first, "7", date(2026, 4, 7))
        given = {"order_no": "7", "reason": "Эскирди"}
        with pytest.raises(GuardUnmet):
            university.go(first, "withdraw", "rector", NOW, decided_on=date(2026, 4, 8), **given)
        university.go(first, "withdraw", "rector", NOW, **{**given, "order_no": "8"}, decided_on=date(2026, 4, 8))

    def test_comes_again_in_another_year_on_another_campus_and_for_another_approver(
        self, university: University
    ) -> None:
        first = university.endorsed(SITTING)
        approve(university, first, "7", date(2026, 4, 7))
        elsewhere = of_another_document(university, university.units["ACADEMIC"])
        approve(university, elsewhere, "7", date(2026, 4, 8))
        next_year = at(2027, 4, 6)
        university.go(
            university.endorsed(next_year), "approve", "rector", next_year, **order("7", next_year, next_year.date())
        )

    def test_is_free_again_for_what_it_was_recalled_of(self, university: University) -> None:
        revision = university.endorsed(SITTING)
        late = {"order_no": "7", "decided_on": date(2026, 4, 7), "in_force_on": date(2026, 9, 1)}
        university.go(revision, "approve", "rector", NOW, **late)
        university.go(revision, "recall", "rector", NOW, reason="Күнү ката")
        approve(university, revision, "7", date(2026, 4, 8))

    def test_of_an_order_over_several_is_refused_for_all_of_them(self, university: University) -> None:
        first = university.in_force(SITTING)
        assert university.one(t.decision, t.decision.c.record_id == first, t.decision.c.kind == "order")["number"]
        seen = [Seen(university.endorsed(SITTING)), Seen(of_another_document(university))]
        rector = university.as_("rector", NOW)
        given = {"order_no": "1", "decided_on": date(2026, 4, 8)}
        proof = Proof("demonstration", NOW)
        with pytest.raises(GuardUnmet, match=r"06\.04\.2026"), university.database.write() as connection:
            approve_all(connection, seen, given, rector, NOW, proof)
        with university.database.write() as connection:
            assert len(approve_all(connection, seen, {**given, "order_no": "2"}, rector, NOW, proof)) == 2
