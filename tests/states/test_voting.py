"""Quorum and majority, by hand and by their laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.voting import Assembly, Majority, Quorum, Votes, counted

COUNT = st.integers(0, 60)


class TestAQuorum:
    @pytest.mark.parametrize(
        ("rule", "members", "needed"),
        [
            (Quorum.HALF, 35, 18),
            (Quorum.HALF, 34, 18),
            (Quorum.HALF, 1, 1),
            (Quorum.TWO_THIRDS, 35, 24),
            (Quorum.TWO_THIRDS, 36, 24),
            (Quorum.THREE_QUARTERS, 35, 27),
            (Quorum.THREE_QUARTERS, 36, 27),
            (Quorum.NONE, 35, 0),
        ],
    )
    def test_is_so_many(self, rule: Quorum, members: int, needed: int) -> None:
        assert rule.needs(members) == needed
        assert Assembly(members, max(needed, 1)).quorate(rule)
        assert needed == 0 or not Assembly(members, needed - 1).quorate(rule)

    def test_is_never_nobody(self) -> None:
        assert not any(Assembly(0, 0).quorate(rule) for rule in Quorum)
        assert not Assembly(35, 0).quorate(Quorum.NONE)

    def test_does_not_count_those_who_are_voted_for(self) -> None:
        assert not Assembly(35, 17, proxies=5).quorate(Quorum.HALF)


class TestAMajority:
    @pytest.mark.parametrize(
        ("rule", "votes", "carried"),
        [
            (Majority.SIMPLE, Votes(1, 0, 29), True),
            (Majority.SIMPLE, Votes(15, 15, 0), False),
            (Majority.SIMPLE, Votes(0, 0, 30), False),
            (Majority.PRESENT, Votes(15, 0, 15), False),
            (Majority.PRESENT, Votes(16, 14, 0), True),
            (Majority.ABSOLUTE, Votes(17, 0, 0), False),
            (Majority.ABSOLUTE, Votes(18, 12, 0), True),
            (Majority.TWO_THIRDS, Votes(19, 11, 0), False),
            (Majority.TWO_THIRDS, Votes(20, 10, 0), True),
        ],
    )
    def test_of_thirty_who_came_of_thirty_five(self, rule: Majority, votes: Votes, carried: bool) -> None:
        assert Assembly(35, 30).carried(rule, votes) is carried

    def test_counts_proxies_among_the_votes(self) -> None:
        assert not Assembly(35, 30, proxies=2).carried(Majority.PRESENT, Votes(16, 14, 2))
        assert Assembly(35, 30, proxies=2).carried(Majority.PRESENT, Votes(17, 13, 2))

    @given(COUNT, COUNT, COUNT, st.sampled_from(Majority))
    def test_is_never_both_for_and_against(self, yes: int, no: int, calm: int, rule: Majority) -> None:
        """By any rule: what is carried would not be carried with the votes turned round."""
        one = Assembly(yes + no + calm, yes + no + calm)
        assert not (one.carried(rule, Votes(yes, no, calm)) and one.carried(rule, Votes(no, yes, calm)))

    @given(COUNT, COUNT, COUNT, st.sampled_from(Majority))
    def test_is_not_lost_by_one_more_vote_in_favour(self, yes: int, no: int, calm: int, rule: Majority) -> None:
        one = Assembly(yes + no + calm + 1, yes + no + calm + 1)
        assert not one.carried(rule, Votes(yes, no, calm + 1)) or one.carried(rule, Votes(yes + 1, no, calm))


class TestVotesByName:
    def test_are_counted(self) -> None:
        assert counted(["for", "against", "for", "abstained", "for"]) == Votes(3, 1, 1)
        assert counted([]).cast == 0
