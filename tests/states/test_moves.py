"""Moving: what `fire` allows, and that it refuses everything else and leaves the case as it was."""

from copy import deepcopy

import pytest

from states.lifecycle import Lifecycle, Move, permits
from states.refusals import Duties, NotFromHere, NotYours, Refusal
from states.roles import Role
from states.text import Text
from tests.states.cases import ALL, EACH, EACH_MOVE, cases, ready

EACH_GUARD = pytest.mark.parametrize(
    ("lifecycle", "move", "number"),
    [
        pytest.param(one, move, number, id=f"{one.name}-{move.name}-{number}")
        for one in ALL
        for move in one.moves.values()
        for number in range(len(move.guards))
    ],
)


@EACH_MOVE
class TestAMove:
    def test_leads_where_it_was_declared_to(self, lifecycle: Lifecycle, move: Move) -> None:
        for source in move.sources:
            case = ready(move, source)
            assert lifecycle.fire(case, move.name) is move
            assert case.state in {way.to for way in move.ways}

    def test_takes_the_first_way_whose_condition_holds(self, lifecycle: Lifecycle, move: Move) -> None:
        for source in move.sources:
            for case in cases(move, source, frozenset(move.by)):
                if not move.never_by and all(guard.holds(case) for guard in move.guards):
                    expected = next(way.to for way in move.ways if way.when is None or way.when(case))
                    lifecycle.fire(case, move.name)
                    assert case.state == expected

    def test_may_be_made_by_each_of_its_roles(self, lifecycle: Lifecycle, move: Move) -> None:
        for role in move.by:
            case = ready(move, move.sources[0], frozenset({role, Role.ANYONE}))
            assert move in lifecycle.offers(case)
            lifecycle.fire(case, move.name)

    def test_can_set_all_it_sets_once_it_is_made(self, lifecycle: Lifecycle, move: Move) -> None:
        case = ready(move, move.sources[0])
        lifecycle.fire(case, move.name)
        for value in (*move.sets.values(), *move.marks.values()):
            value(case)
        for then in move.then:
            assert then.when is None or isinstance(bool(then.when(case)), bool)
            for said in then.gives.values():
                case.given[said] if isinstance(said, str) else said(case)

    def test_is_refused_from_every_other_state(self, lifecycle: Lifecycle, move: Move) -> None:
        for state in set(lifecycle.steps) - set(move.sources):
            case = ready(move, state)
            with pytest.raises(NotFromHere) as refused:
                lifecycle.fire(case, move.name)
            assert case.state == state
            assert refused.value.status == 409
            assert refused.value.facts == {"move": move.label, "state": lifecycle.steps[state].label}

    def test_is_refused_to_everybody_else(self, lifecycle: Lifecycle, move: Move) -> None:
        others = frozenset(set(Role) - set(move.by))
        for roles in (frozenset[Role](), others, *(frozenset({role}) for role in others)):
            case = ready(move, move.sources[0], roles)
            assert move not in lifecycle.offers(case)
            with pytest.raises(NotYours) as refused:
                lifecycle.fire(case, move.name)
            assert case.state == move.sources[0]
            assert refused.value.status == 403
            assert refused.value.facts["who"] == tuple(role.label for role in move.by)

    def test_is_refused_to_whoever_would_check_own_work(self, lifecycle: Lifecycle, move: Move) -> None:
        for role in move.by:
            for own in move.never_by:
                case = ready(move, move.sources[0], frozenset({role, own}))
                assert not permits(move, case.roles)
                with pytest.raises(Duties) as refused:
                    lifecycle.fire(case, move.name)
                assert case.state == move.sources[0]
                assert refused.value.status == 403

    def test_that_is_refused_changes_nothing(self, lifecycle: Lifecycle, move: Move) -> None:
        for source in lifecycle.steps:
            for case in cases(move, source, frozenset(move.by)):
                before = deepcopy(case)
                try:
                    lifecycle.fire(case, move.name)
                except Refusal:
                    assert case == before


class TestAGuard:
    @EACH_GUARD
    def test_that_does_not_hold_refuses_the_move(self, lifecycle: Lifecycle, move: Move, number: int) -> None:
        guard = move.guards[number]
        role = next(role for role in move.by if role not in move.never_by)
        unmet = [
            case
            for case in cases(move, move.sources[0], frozenset({role}))
            if not guard.holds(case) and all(earlier.holds(case) for earlier in move.guards[:number])
        ]
        assert unmet, "no circumstance in which this guard does not hold: add it to CIRCUMSTANCES"
        for case in unmet:
            with pytest.raises(Refusal) as refused:
                lifecycle.fire(case, move.name)
            assert type(refused.value) is guard.refuses
            assert case.state == move.sources[0]
            told = guard.tells(case) if guard.tells else guard
            assert (refused.value.says, refused.value.next_step) == (told.says, told.next_step)

    @EACH_GUARD
    def test_is_not_asked_before_it_is_known_who_asks(self, lifecycle: Lifecycle, move: Move, number: int) -> None:
        for case in cases(move, move.sources[0], frozenset()):
            with pytest.raises(NotYours):
                lifecycle.fire(case, move.name)


@EACH
class TestThereIsNoWayPastTheDeclaration:
    def test_nothing_moves_by_the_name_of_a_state(self, lifecycle: Lifecycle) -> None:
        move = next(iter(lifecycle.moves.values()))
        for name in (*(f"to_{state}" for state in lifecycle.steps), *lifecycle.steps, "to", "trigger", "", "__init__"):
            if name not in lifecycle.moves:
                case = ready(move, lifecycle.initial, frozenset(Role))
                with pytest.raises(NotFromHere) as refused:
                    lifecycle.fire(case, name)
                assert refused.value.facts["move"] == Text(name, name, name)
                assert case.state == lifecycle.initial

    def test_a_case_is_never_attached_to_the_machine(self, lifecycle: Lifecycle) -> None:
        move = next(iter(lifecycle.moves_from(lifecycle.initial)))
        case = ready(move, lifecycle.initial)
        lifecycle.fire(case, move.name)
        assert lifecycle._machine.models == []
        assert not [name for name in dir(case) if name.startswith(("is_", "may_", "to_", "trigger"))]
