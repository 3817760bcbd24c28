"""What holds for every lifecycle, also for those not yet written."""

import re
from collections.abc import Collection
from pkgutil import iter_modules

import pytest

import states
from states.given import _KINDS
from states.ladders import rung_at
from states.lifecycle import Choice, Field, Guard, Kind, Ladder, Lifecycle, Move, Tone
from states.policies import ladder_facts, ladder_from
from states.refusals import NotFound
from states.registry import lifecycle as find
from states.registry import lifecycles
from states.roles import LABELS, Role
from states.text import Text
from tests.states.cases import ALL, ASKED, EACH, EACH_MOVE, parts, ready

TASK_ROLES = {Role.HOLDER, Role.HOLDERS_HEAD}
STANDARD_NAME = "ISO 9001"  # written so in Kyrgyz and in Russian too


def leaving(lifecycle: Lifecycle, state: str) -> list[Move]:
    """The moves that take a record on from a state: those aside of the way leave it there."""
    return [move for move in lifecycle.moves_from(state) if move.tone is not Tone.ASIDE]


def reachable(lifecycle: Lifecycle, start: str) -> set[str]:
    seen, ahead = set[str](), [start]
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead += (way.to for move in leaving(lifecycle, state) for way in move.ways)
    return seen


class TestALifecycleIsFoundByItself:
    def test_every_module_that_declares_one_is_in_the_registry(self) -> None:
        assert {"document", "nonconformity", "corrective_action"} <= set(lifecycles())
        assert set(lifecycles()) <= {module.name for module in iter_modules(states.__path__)}

    @EACH
    def test_it_is_known_by_its_name_and_by_its_collection(self, lifecycle: Lifecycle) -> None:
        assert find(lifecycle.name) is find(lifecycle.collection) is lifecycle

    def test_names_collections_and_prefixes_are_of_one_lifecycle_only(self) -> None:
        names = [name for one in ALL for name in (one.name, one.collection)]
        prefixes = [one.prefix for one in ALL if one.prefix]
        assert len(names) == len(set(names))
        assert len(prefixes) == len(set(prefixes))

    def test_an_unknown_name_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            find("protocol")

    @EACH
    def test_what_it_hangs_on_is_a_lifecycle(self, lifecycle: Lifecycle) -> None:
        assert lifecycle.child_of in {"", *lifecycles()}

    @EACH
    def test_what_hangs_on_another_is_opened_there_by_those_who_read_that(self, lifecycle: Lifecycle) -> None:
        assert bool(lifecycle.child_of) == bool(lifecycle.opened_in)
        if lifecycle.child_of:
            above = lifecycles()[lifecycle.child_of]
            assert set(lifecycle.opened_in) <= set(above.steps)
            for state in lifecycle.opened_in:
                readers = set(above.readers(state))
                # Whoever is the secretary of a body reads what MEMBER reads.
                assert set(lifecycle.hung_by) <= readers | ({Role.SECRETARY} if Role.MEMBER in readers else set())


@EACH
class TestEveryState:
    def test_is_reached_from_the_initial_one(self, lifecycle: Lifecycle) -> None:
        assert reachable(lifecycle, lifecycle.initial) == set(lifecycle.steps)

    def test_can_be_left_or_is_final_and_left_by_being_opened_again_at_most(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            moves = leaving(lifecycle, step.name)
            if step.kind is not Kind.FINAL:
                assert moves, step.name
                continue
            beside = [move for move in lifecycle.moves_from(step.name) if move.tone is Tone.ASIDE]
            assert all(move.adds and not move.sets for move in beside), "nothing is changed in what is final"
            for move in moves:
                assert move.tone is Tone.BACK, step.name
                assert move.records, "whoever opens it again says why"
                assert Role.CLOCK not in move.by, step.name
                assert all(lifecycle.steps[way.to].kind is Kind.WAITING for way in move.ways), step.name

    def test_has_a_way_to_an_end(self, lifecycle: Lifecycle) -> None:
        ends = {step.name for step in lifecycle.steps.values() if step.kind is Kind.FINAL}
        for state in lifecycle.steps:
            assert reachable(lifecycle, state) & ends, state

    def test_that_waits_has_an_owner_a_task_a_deadline_and_a_ladder(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            if step.kind is Kind.WAITING:
                assert step.owner, step.name
                assert step.task, step.name
                assert step.ladder, step.name
                assert step.deadline, step.name
                assert bool(step.deadline.days > 0) != bool(step.deadline.on), step.name
            else:
                assert (step.owner, step.task, step.deadline, step.ladder) == (None,) * 4, step.name

    def test_that_waits_can_be_left_by_somebody_other_than_the_clock(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            if step.kind is Kind.WAITING:
                assert any(set(move.by) - {Role.CLOCK} for move in lifecycle.moves_from(step.name)), step.name

    def test_that_rests_wakes_by_the_clock_through_a_move_of_its_own_on_a_field_that_a_move_sets(
        self, lifecycle: Lifecycle
    ) -> None:
        written = {name for move in lifecycle.moves.values() for name in move.sets}
        for step in lifecycle.steps.values():
            others = {then.move for one in ALL for move in one.moves.values() for then in move.then}
            left = {move.name for move in lifecycle.moves_from(step.name)}
            assert (step.wake is not None or bool(left & others)) >= (step.kind is Kind.RESTING), step.name
            if step.wake:
                assert step.kind is Kind.RESTING
                move = lifecycle.moves[step.wake.move]
                assert step.name in move.sources
                assert Role.CLOCK in move.by
                assert not [one for one in move.records if one.required], "the clock has nothing to record"
                assert step.wake.on in written

    def test_is_left_by_the_holder_of_its_task_or_by_what_related_records_do(self, lifecycle: Lifecycle) -> None:
        follows = {then.move for one in ALL for move in one.moves.values() for then in move.then}
        for step in lifecycle.steps.values():
            if step.owner:
                moves = list(lifecycle.moves_from(step.name))
                assert any(step.owner in move.by or move.name in follows for move in moves), step.name

    def test_has_somebody_else_for_its_task_where_its_owner_would_check_own_work(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            for move in lifecycle.moves_from(step.name):
                if step.owner in move.by and Role.OWNER in move.never_by:
                    assert step.otherwise in set(move.by) - {step.owner}, f"{step.name}: {move.name}"

    def test_whose_task_lasts_beside_another_is_reached_from_it(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            if step.beside:
                assert step.beside in {
                    source
                    for source in lifecycle.steps
                    for move in leaving(lifecycle, source)
                    if step.name in {way.to for way in move.ways}
                }
                assert lifecycle.steps[step.beside].kind is Kind.WAITING


@EACH_MOVE
class TestEveryMove:
    def test_has_somebody_who_may_make_it(self, lifecycle: Lifecycle, move: Move) -> None:
        assert set(move.by) - set(move.never_by)

    def test_leads_from_declared_states_to_declared_states(self, lifecycle: Lifecycle, move: Move) -> None:
        assert move.sources
        assert move.ways
        assert {*move.sources, *(way.to for way in move.ways)} <= set(lifecycle.steps)
        assert len(set(move.sources)) == len(move.sources)

    def test_ends_in_a_way_without_a_condition_and_only_there(self, lifecycle: Lifecycle, move: Move) -> None:
        *conditional, last = move.ways
        assert last.when is None
        assert all(way.when for way in conditional)

    def test_never_names_a_part_that_exists_only_for_a_task(self, lifecycle: Lifecycle, move: Move) -> None:
        assert not TASK_ROLES & {*move.by, *move.never_by, *move.tells}
        assert not {Role.ANYONE, Role.CLOCK} & set(move.tells)

    def test_records_each_thing_once_in_a_kind_that_is_known(self, lifecycle: Lifecycle, move: Move) -> None:
        names = [one.name for one in move.records]
        assert len(names) == len(set(names))
        assert {one.kind for one in move.records} <= set(_KINDS)

    def test_that_is_a_decision_records_its_paper_and_its_date(self, lifecycle: Lifecycle, move: Move) -> None:
        paper = {"": set(), "body": {"protocol_no", "decided_on"}, "order": {"order_no", "decided_on"}}[move.decision]
        recorded = {one.name: one for one in move.records}
        assert paper <= recorded.keys()
        assert all(recorded[name].required for name in paper - {"order_no"}), "an order has its number by its route"

    def test_causes_only_what_exists(self, lifecycle: Lifecycle, move: Move) -> None:
        hang_on_it = [one for one in ALL if one.child_of == lifecycle.name]
        for then in move.then:
            related = {
                "parent": [lifecycles()[lifecycle.child_of]] if lifecycle.child_of else [],
                "children": hang_on_it,
                "in_force": [lifecycle],
                "copies": [lifecycles()["printed_copy"]],
                "successor": [],
                "new": [],
            }[then.relation]
            assert bool(related) == bool(then.move)
            for one in related:
                assert Role.CLOCK in one.moves[then.move].by, f"{then.move} follows without anybody"
                assert then.gives.keys() <= {asked.name for asked in one.moves[then.move].records}
            said = {name for name in then.gives.values() if isinstance(name, str)}
            assert said <= {asked.name for asked in move.records}

    def test_opens_what_hangs_on_it_with_all_that_it_must_say(self, lifecycle: Lifecycle, move: Move) -> None:
        for then in move.then:
            assert (then.relation == "new") == bool(then.opens)
            if then.opens:
                one = lifecycles()[then.opens]
                assert one.child_of == lifecycle.name
                assert set(move.sources) <= set(one.opened_in)
                assert then.gives.keys() <= {asked.name for asked in one.opens}
                assert {asked.name for asked in one.opens if asked.required} <= then.gives.keys()

    def test_that_is_about_a_part_says_which_and_leaves_the_record_where_it_is(
        self, lifecycle: Lifecycle, move: Move
    ) -> None:
        names = {asked.name for asked in move.records}
        assert sum(map(bool, (move.adds, move.amends, move.removes))) <= 1
        assert not move.marks or move.part
        if move.part:
            part = lifecycle.parts[move.part]
            assert move.tone is Tone.ASIDE
            assert (part.name in names) == (not move.adds)
            assert part.name not in {one.name for one in part.fields}
            fields = {one for one in part.fields if one.name in names}
            assert fields <= set(move.records), "a field of a part is asked for as the part declares it"
            if move.adds:
                assert {one.name for one in part.fields if one.required} <= names

    def test_that_is_aside_of_the_way_leaves_the_record_where_it_is(self, lifecycle: Lifecycle, move: Move) -> None:
        if move.tone is Tone.ASIDE:
            for source in move.sources:
                case = ready(move, source)
                lifecycle.fire(case, move.name)
                assert case.state == source

    def test_refers_only_to_what_there_is(self, lifecycle: Lifecycle, move: Move) -> None:
        above = lifecycles()[lifecycle.child_of].parts if lifecycle.child_of else {}
        of_parts = [one for part in lifecycle.parts.values() for one in part.fields]
        for asked in (*move.records, *lifecycle.opens, *of_parts):
            known: dict[str, Collection[str]] = {
                "part": lifecycle.parts,
                "parts": above,
                "records": lifecycles(),
                "entry": {"clause", "cause"},
                "person": {"", *ASKED},
            }
            assert asked.of in known.get(asked.kind, {""}), asked.name

    def test_that_only_the_clock_makes_is_woken_or_follows_from_another(self, lifecycle: Lifecycle, move: Move) -> None:
        if set(move.by) == {Role.CLOCK}:
            woken = {step.wake.move for step in lifecycle.steps.values() if step.wake}
            follows = {then.move for one in ALL for other in one.moves.values() for then in other.then}
            assert move.name in woken | follows | {"lapse"}, "a chore lets what nobody has to read any more lapse"


@EACH
class TestALifecycle:
    def test_keeps_its_tables_whole(self, lifecycle: Lifecycle) -> None:
        assert all(name == step.name for name, step in lifecycle.steps.items())
        assert all(name == move.name for name, move in lifecycle.moves.items())
        assert all(re.fullmatch(r"[a-z][a-z_]*", name) for name in (*lifecycle.steps, *lifecycle.moves))

    def test_has_no_move_that_was_not_declared(self, lifecycle: Lifecycle) -> None:
        machine = lifecycle._machine
        assert set(machine.events) == set(lifecycle.moves)
        made = {(name, one.source, one.dest) for name in machine.events for one in machine.get_transitions(name)}
        declared = {
            (move.name, source, way.to)
            for move in lifecycle.moves.values()
            for source in move.sources
            for way in move.ways
        }
        assert made == declared
        assert machine.models == []

    def test_is_opened_by_somebody_with_fields_of_known_kinds(self, lifecycle: Lifecycle) -> None:
        assert lifecycle.opened_by
        assert not TASK_ROLES & set(lifecycle.opened_by)
        assert {one.kind for one in lifecycle.opens} <= set(_KINDS)

    def test_gives_tasks_to_parts_for_a_record_only(self, lifecycle: Lifecycle) -> None:
        for step in lifecycle.steps.values():
            assert not {step.owner, step.otherwise} & (TASK_ROLES | {Role.ANYONE, Role.CLOCK}), step.name


@EACH
class TestEveryName:
    def texts(self, lifecycle: Lifecycle) -> list[Text]:
        return [one for one in parts(lifecycle) if isinstance(one, Text)]

    def test_is_in_three_languages(self, lifecycle: Lifecycle) -> None:
        for text in self.texts(lifecycle):
            assert all(words.strip() == words and words for words in text), text

    def test_is_in_the_letters_of_its_language(self, lifecycle: Lifecycle) -> None:
        for text in self.texts(lifecycle):
            assert not re.search("[a-zA-Z]", (text.ky + text.ru).replace(STANDARD_NAME, "")), text
            assert not re.search("[а-яёңөү]", text.en, re.IGNORECASE), text
            assert not re.search("[ңөү]", text.ru, re.IGNORECASE), text

    def test_differs_from_every_other_in_its_place(self, lifecycle: Lifecycle) -> None:
        for language in ("ky", "ru", "en"):
            for table in (lifecycle.steps, lifecycle.moves, lifecycle.parts):
                names = [one.label.into(language) for one in table.values()]
                assert len(names) == len(set(names)), language
            for asked in (lifecycle.opens, *(one.records for one in (*lifecycle.moves.values(),))):
                names = [one.label.into(language) for one in asked]
                assert len(names) == len(set(names)), language

    def test_of_what_was_done_is_given_to_one_move_only(self, lifecycle: Lifecycle) -> None:
        for language in ("ky", "ru", "en"):
            names = [move.happened.into(language) for move in lifecycle.moves.values()]
            assert len(names) == len(set(names)), language

    def test_of_a_choice_is_given_to_one_value_only(self, lifecycle: Lifecycle) -> None:
        for one in parts(lifecycle):
            if isinstance(one, Field):
                assert bool(one.choices) == (one.kind == "choice")
                assert all(isinstance(choice, Choice) for choice in one.choices)
                assert len({choice.value for choice in one.choices}) == len(one.choices)

    def test_of_a_guard_says_what_is_wrong_and_what_to_do(self, lifecycle: Lifecycle) -> None:
        for one in parts(lifecycle):
            if isinstance(one, Guard):
                assert one.says.endswith(".")
                assert one.next_step.endswith(".")


class TestEveryRole:
    def test_has_a_name_in_three_languages(self) -> None:
        assert set(LABELS) == set(Role)
        assert all(all(label) for label in LABELS.values())


@EACH
class TestEveryLadder:
    def ladders(self, lifecycle: Lifecycle) -> list[Ladder]:
        return [step.ladder for step in lifecycle.steps.values() if step.ladder]

    def test_rises_in_the_order_of_time(self, lifecycle: Lifecycle) -> None:
        for ladder in self.ladders(lifecycle):
            days = [rung_at(ladder, index).days for index in range(20)]
            assert days == sorted(set(days))

    def test_speaks_to_its_holder_before_the_deadline_and_to_others_after_it(self, lifecycle: Lifecycle) -> None:
        for ladder in self.ladders(lifecycle):
            assert {rung.to for rung in ladder.rungs if rung.days <= 0} == {(Role.HOLDER,)}
            assert {rung.to for rung in ladder.rungs if rung.days > 0} > {(Role.HOLDER,)}

    def test_never_ends(self, lifecycle: Lifecycle) -> None:
        for ladder in self.ladders(lifecycle):
            assert ladder.again.days > 0

    def test_tells_only_parts_that_are_somebody(self, lifecycle: Lifecycle) -> None:
        for ladder in self.ladders(lifecycle):
            assert not {Role.ANYONE, Role.CLOCK} & {part for rung in (*ladder.rungs, ladder.again) for part in rung.to}

    def test_could_be_a_policys_and_is_kept_as_one(self, lifecycle: Lifecycle) -> None:
        """The organisation reads each ladder that was kept, and refuses to work with one it would not have taken."""
        for ladder in self.ladders(lifecycle):
            assert ladder_from(ladder_facts(ladder)) == ladder
