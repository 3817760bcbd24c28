"""Two orders over the same documents at the same moment: one is made whole, of the other nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from models import tables as t
from service.moves import Moved
from service.orders import OrderRefused, Seen, approve_all
from service.signing import Proof
from states.refusals import GuardUnmet, Incomplete, NotYours, Refusal
from tests.support.chain import assert_whole
from tests.support.dump import dump
from tests.support.together import together
from tests.support.university import University
from tests.web.desks import NOW, ORDER, Desks

ROUNDS = 4
PROOF = Proof("demonstration", NOW)


@pytest.fixture
def desks(university: University, tmp_path: Path) -> Desks:
    return Desks(university, tmp_path)


def ordering(
    desks: Desks, records: Sequence[UUID], who: str = "rector", **more: str
) -> Callable[[], dict[UUID, Moved]]:
    university, actor = desks.university, desks.university.as_(who, NOW)

    def order() -> dict[UUID, Moved]:
        with university.database.write() as connection:
            seen = [Seen(one) for one in records]
            return approve_all(connection, seen, {**ORDER, **more}, actor, NOW, PROOF)

    return order


class TestTwoOrdersAtOnce:
    def test_over_the_same_documents_are_one(self, desks: Desks) -> None:
        for number in range(ROUNDS):
            both, mine, theirs = (desks.waiting(former=False) for _ in range(3))
            calls = [
                ordering(desks, [mine, both], order_no=f"A{number}"),
                ordering(desks, [both, theirs], order_no=f"B{number}"),
            ]
            results = together(calls)
            won = [result for result in results if isinstance(result, dict)]
            lost = [result for result in results if isinstance(result, Refusal)]
            assert (len(won), len(lost)) == (1, 1), results
            assert isinstance(lost[0], OrderRefused)
            assert set(lost[0].refused) == {both}
            numbers = {}
            for record in (mine, both, theirs):
                made = desks.university.rows(t.decision, t.decision.c.record_id == record, t.decision.c.kind == "order")
                numbers[record] = [one["number"] for one in made]
                assert len(desks.signatures(record)) == len(made)
                assert_whole(desks.university, record)
            letter = "A" if isinstance(results[0], dict) else "B"
            assert numbers == {
                both: [f"{letter}{number}"],
                mine: [f"A{number}"] if letter == "A" else [],
                theirs: [f"B{number}"] if letter == "B" else [],
            }


class TestAnOrder:
    def test_that_is_refused_names_each_that_is(self, desks: Desks) -> None:
        first, second, third = (desks.waiting(former=False) for _ in range(3))
        for one in (first, third):
            desks.university.go(one, "return_to_author", "rector", NOW, reason="Жок")
        before = dump(desks.university.database)
        with pytest.raises(OrderRefused) as refused:
            ordering(desks, [third, second, first])()
        assert set(refused.value.refused) == {first, third}
        assert refused.value.facts == {"count": 2, "all": 3}
        assert dump(desks.university.database) == before

    def test_that_is_wrong_itself_is_refused_as_that(self, desks: Desks) -> None:
        records = [desks.waiting(former=False) for _ in range(2)]
        with pytest.raises(GuardUnmet, match="dated in the future"):
            ordering(desks, records, decided_on="2026-04-07")()
        desks.university.go(records[0], "return_to_author", "rector", NOW, reason="Жок")
        with pytest.raises(OrderRefused) as refused:
            ordering(desks, records, decided_on="2026-04-07")()
        assert set(refused.value.refused) == set(records)

    def test_that_is_wrong_for_some_only_names_those(self, desks: Desks) -> None:
        fit, decided = (desks.waiting(former=False) for _ in range(2))
        desks.university.go(decided, "return_to_author", "rector", NOW, reason="3-пункт")
        with pytest.raises(OrderRefused) as refused:
            ordering(desks, [fit, decided])()
        assert set(refused.value.refused) == {decided}

    def test_without_its_number_is_refused_at_the_number_where_a_route_needs_it(self, desks: Desks) -> None:
        numbered, free = (desks.waiting(former=False) for _ in range(2))
        desks.without_order(free)
        with pytest.raises(Incomplete) as refused:
            ordering(desks, [numbered, free], order_no="")()
        assert set(refused.value.errors) == {"order_no"}
        ordering(desks, [free], order_no="")()
        assert desks.university.state(free) == "effective"

    def test_gives_its_number_only_to_those_whose_routes_take_one(self, desks: Desks) -> None:
        numbered, free = (desks.waiting(former=False) for _ in range(2))
        desks.without_order(free)
        ordering(desks, [numbered, free])()
        found = desks.university.rows(t.decision, t.decision.c.kind == "order")
        assert {row["record_id"]: row["number"] for row in found} == {numbered: "01-12/138", free: ""}

    def test_of_somebody_without_a_desk_is_not_theirs(self, desks: Desks) -> None:
        records = [desks.waiting(former=False)]
        for person in ("owner", "reader", "sec_ok"):
            with pytest.raises(NotYours):
                ordering(desks, records, person)()
