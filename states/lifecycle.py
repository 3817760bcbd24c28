"""The vocabulary in which a lifecycle is declared, over `transitions`.

A declaration is a table one can read aloud: steps with owner, deadline and ladder; moves with who may make them, what
they record, what guards them, what they set and what follows. Pages, forms, pictures, permissions and the API are
generated from it; `fire` is the only way along it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from transitions import EventData, Machine, MachineError

from states.refusals import Duties, GuardUnmet, NotFromHere, NotYours
from states.roles import Role
from states.text import Text


@dataclass
class Case:
    """One record as a lifecycle sees it: plain facts, gathered by whoever asks.

    `fields` are the record's typed values, `given` what the move records, `today` the day of the move in Bishkek,
    `roles` the actor's parts for this record, `children` how many records of each state hang on it (of those that are
    final, the ones of the present round), `open_children` how many of them are not final.
    """

    state: str
    fields: Mapping[str, Any]
    today: date
    roles: frozenset[Role] = frozenset()
    given: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)
    open_children: int = 0


Predicate = Callable[[Case], bool]


class Kind(StrEnum):
    """What a step waits for: a person, its day, or nothing any more."""

    WAITING = "waiting"
    RESTING = "resting"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step is due: so many working days after it was entered, or on the date a typed field holds."""

    working_days: int = 0
    on: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder (`working_days` <= 0: before or on the day) or escalation (> 0: after it) and whom it tells."""

    working_days: int
    to: Role


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order of time; past the last one, `again` tells its part every so many working days, without end."""

    rungs: tuple[Rung, ...]
    again: Rung


@dataclass(frozen=True, slots=True)
class Wake:
    """A resting step is left by the clock: on the date in the field `on`, through the move `move`."""

    on: str
    move: str


@dataclass(frozen=True, slots=True)
class Step:
    """A state, and what it asks of whom.

    `otherwise` has the task where the owner answers for the record and so must not check it. `beside` names a step
    whose task stays open while this one lasts: asking for more time does not stop the clock.
    """

    name: str
    label: Text
    kind: Kind = Kind.WAITING
    owner: Role | None = None
    otherwise: Role | None = None
    task: Text | None = None
    deadline: Deadline | None = None
    ladder: Ladder | None = None
    wake: Wake | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """Something that must (or may) be recorded; a form control, a JSON property and a check at once.

    Kinds: `line`, `text`, `date`, `number`, `choice`, `post`, `process`, `unit`.
    """

    name: str
    label: Text
    kind: str = "text"
    required: bool = True
    choices: tuple[Choice, ...] = ()
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with what to say where it does not hold: English sentences for the catalogues."""

    holds: Predicate
    says: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where a move leads, when `when` holds; the first that holds is taken."""

    to: str
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """What follows in the same transaction: a move of related records, where it is possible for them.

    Relations: `parent`, `children`, `in_force` (the revision in force of the same document), `successor` (the next
    revision of the same document, which is opened; `move` is empty). `gives` says which of the related move's fields is
    filled with which of this one's. `first` puts it before the record's own writes.
    """

    relation: str
    move: str = ""
    when: Predicate | None = None
    gives: Mapping[str, str] = field(default_factory=dict)
    first: bool = False


class Tone(StrEnum):
    """How a move feels to those it meets; decides its button, never its permission."""

    FORWARD = "forward"
    BACK = "back"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Move:
    """A way out of one or more steps: who may make it, what it records, guards, sets, tells and causes."""

    name: str
    label: Text
    sources: tuple[str, ...]
    ways: tuple[Way, ...]
    by: tuple[Role, ...]
    never_by: tuple[Role, ...] = ()
    records: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    sets: Mapping[str, Callable[[Case], Any]] = field(default_factory=dict)
    tells: tuple[Role, ...] = ()
    then: tuple[Then, ...] = ()
    decision: str = ""  # "body" or "order": the move is a decision with a protocol or an order number
    tone: Tone = Tone.FORWARD


class Lifecycle:
    """A declaration, compiled once into one shared `transitions.Machine` that no record is ever attached to.

    `collection` is its name in addresses; `prefix` begins its reference numbers; `opens` is what a new record must
    record, `opening_guards` what must hold then, `opened_by` who may open one; `child_of` names the lifecycle its
    records hang on, `opened_in` the steps of that one in which they may be opened.
    """

    def __init__(
        self,
        name: str,
        collection: str,
        label: Text,
        plural: Text,
        steps: tuple[Step, ...],
        moves: tuple[Move, ...],
        opens: tuple[Field, ...] = (),
        opened_by: tuple[Role, ...] = (Role.ANYONE,),
        opening_guards: tuple[Guard, ...] = (),
        prefix: str = "",
        child_of: str = "",
        opened_in: tuple[str, ...] = (),
    ) -> None:
        self.name, self.collection, self.label, self.plural = name, collection, label, plural
        self.opens, self.opened_by, self.opening_guards, self.prefix = opens, opened_by, opening_guards, prefix
        self.child_of, self.opened_in = child_of, opened_in
        self.steps: dict[str, Step] = {step.name: step for step in steps}
        self.moves: dict[str, Move] = {move.name: move for move in moves}
        self.initial = steps[0].name

    def __repr__(self) -> str:
        return f"<Lifecycle {self.name}>"

    def moves_from(self, state: str) -> Iterator[Move]:
        """The moves that start in `state`, in the order of the declaration."""
        return (move for move in self.moves.values() if state in move.sources)

    def leads_to(self, state: str) -> frozenset[str]:
        """The states one move away from `state`."""
        return frozenset(way.to for move in self.moves_from(state) for way in move.ways)

    def admit(self, case: Case, name: str) -> Move:
        """The move, if it starts here and the actor may make it. Raises NotFromHere, NotYours or Duties."""
        move = self.moves.get(name)
        if move is None or case.state not in move.sources:
            label = move.label if move else Text(name, name, name)
            raise NotFromHere(move=label, state=self.steps[case.state].label)
        allowed(move, case.roles)
        return move

    def fire(self, case: Case, name: str) -> Move:
        """Make the move: `case.state` is the new state afterwards.

        Raises NotFromHere, NotYours, Duties or GuardUnmet, and has changed nothing then.
        """
        move = self.admit(case, name)
        try:
            moved = self._machine.events[name].trigger(case)
        except MachineError as error:  # pragma: no cover - the sources were checked above
            raise NotFromHere(move=move.label, state=self.steps[case.state].label) from error
        if not moved:
            raise NotFromHere(move=move.label, state=self.steps[case.state].label)
        return move

    def offers(self, case: Case) -> list[Move]:
        """The moves this actor may make from here, whether or not their guards hold yet."""
        return [move for move in self.moves_from(case.state) if permits(move, case.roles)]

    @cached_property
    def _machine(self) -> Machine:
        # auto_transitions would add a way past every guard; a model would be attached and kept forever.
        machine = Machine(
            model=None,
            states=list(self.steps),
            initial=self.initial,
            auto_transitions=False,
            send_event=True,
            prepare_event=[self._check],
        )
        for move in self.moves.values():
            for source in move.sources:
                for way in move.ways:
                    machine.add_transition(move.name, source, way.to, conditions=_condition(way.when))
        return machine

    def _check(self, event: EventData) -> None:
        # Refused by raising before any way is tried: a false condition alone would be a silent False. Who may do it
        # has been asked by `admit`, which is the only way here.
        move = self.moves[event.event.name]
        case = cast("Case", event.model)
        hold(move.guards, case)


def hold(guards: Iterable[Guard], case: Case) -> None:
    """Raise GuardUnmet for the first guard that does not hold."""
    for guard in guards:
        if not guard.holds(case):
            raise GuardUnmet(guard.says, guard.next_step)


def permits(move: Move, roles: frozenset[Role]) -> bool:
    """Whether a person with these parts may make the move; no unless said."""
    return not roles.isdisjoint(move.by) and roles.isdisjoint(move.never_by)


def allowed(move: Move, roles: frozenset[Role]) -> None:
    """Raise NotYours or Duties unless a person with these parts may make the move."""
    if roles.isdisjoint(move.by):
        raise NotYours(move=move.label, who=tuple(role.label for role in move.by))
    if not roles.isdisjoint(move.never_by):
        raise Duties(move=move.label, who=tuple(role.label for role in move.by))


def _condition(when: Predicate | None) -> Callable[..., bool | None] | None:
    return None if when is None else lambda event: when(cast("Case", event.model))
