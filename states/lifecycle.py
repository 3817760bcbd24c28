"""The vocabulary in which a lifecycle is declared, over `transitions`.

A declaration is a table one can read aloud: steps with owner, deadline and ladder; moves with who may make them, what
they record, what guards them, what they set and what follows. Pages, forms, pictures, permissions and the API are
generated from it; `fire` is the only way along it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from transitions import EventData, Machine, MachineError

from states.refusals import Duties, GuardUnmet, NotFromHere, NotYours, Refusal
from states.roles import Role
from states.text import Text


@dataclass
class Case:
    """One record as a lifecycle sees it: plain facts, gathered by whoever asks.

    `fields` are the record's typed values, `given` what the move records, `today` the day of the move in Bishkek,
    `actor` who acts, `roles` their own parts for this record, `lent` the parts of those whose deputy they are, by
    person. `children` is how many records of each state hang on it (of those that are final, the ones of the present
    round), `open_children` how many of them are not final, `below` their fields; `parts` what it has several of, by
    name; `above()` the fields of what it hangs on; `files` are the names of its files. `plays` says whether somebody
    else plays a part for it, `ask` whatever else is known by a name (`service.asking`), `clock` the time of day in
    Bishkek (14:00) where it is known. A move that was admitted has said `acting_for` whom.
    """

    state: str
    fields: Mapping[str, Any]
    today: date
    roles: frozenset[Role] = frozenset()
    given: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)
    open_children: int = 0
    files: frozenset[str] = frozenset()
    actor: Hashable = None
    lent: Mapping[Hashable, frozenset[Role]] = field(default_factory=dict)
    acting_for: Hashable = None
    below: Sequence[Mapping[str, Any]] = ()
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    plays: Callable[[Hashable, Role], bool] = lambda _person, _role: False
    above: Callable[[], Mapping[str, Any]] = dict
    ask: Callable[[str], Any] = lambda _name: ()
    clock: str = ""

    def chosen(self, part: str) -> Mapping[str, Any]:
        """The one of a part that the move is about. Raises KeyError where it has none of that number."""
        no = self.given[part]  # asked first: a condition that looks at it depends on it, whatever there is
        for row in self.parts.get(part, ()):
            if row["no"] == no:
                return row
        raise KeyError(part)


Predicate = Callable[[Case], bool]


class Meaning(StrEnum):
    """What a signature means (21 CFR 11.50 (a)(3))."""

    ENDORSED = "endorsed"
    APPROVED = "approved"
    VERIFIED = "verified"
    READ = "read"
    ATTESTED = "attested"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _MEANINGS[self]


_MEANINGS = {
    Meaning.ENDORSED: Text("жактырылды", "одобрено", "endorsed"),
    Meaning.APPROVED: Text("бекитилди", "утверждено", "approved"),
    Meaning.VERIFIED: Text("текшерилди", "проверено", "verified"),
    Meaning.ATTESTED: Text("күбөлөндүрүлдү", "удостоверено", "attested"),
    Meaning.READ: Text("таанышты", "ознакомлен", "read and understood"),
}


class Kind(StrEnum):
    """What a step waits for: a person, its day, or nothing any more."""

    WAITING = "waiting"
    RESTING = "resting"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step is due: so many working days after it was entered, or on the date a typed field holds.

    `before`: so many working days before that date. A policy may say otherwise, in calendar days too (`working` is
    False then).
    """

    days: int = 0
    on: str = ""
    working: bool = True
    before: int = 0


class Channel(StrEnum):
    """How a rung reaches people: by a mail of its own, or only on the page of what they were told."""

    MAIL = "mail"
    PAGE = "page"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _CHANNELS[self]


_CHANNELS = {
    Channel.MAIL: Text("кат менен", "письмом", "by mail"),
    Channel.PAGE: Text("баракта гана", "только на странице", "on the page only"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder (`days` <= 0: working days before the due day, or on it) or escalation (> 0: after it).

    It tells the parts `to`, each through the channel.
    """

    days: int
    to: tuple[Role, ...]
    channel: Channel = Channel.MAIL


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order of time; past the last one, `again` tells its parts every so many working days, without end."""

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
    whose task stays open while this one lasts: asking for more time does not stop the clock. `read_by` says who may
    read a record in this step, where that is not what the lifecycle says. What enters a `controlled` step is given its
    controlled file.
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
    read_by: tuple[Role, ...] = ()
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """Something that must (or may) be recorded; a form control, a JSON property and a check at once.

    Kinds: `line`, `text`, `date`, `time`, `number`, `choice`, `flag`, `post`, `process`, `unit`, `body`, `person` (who
    holds a post; or, with or without one, whoever the record tells when it is asked for `of`), `people` (several),
    `document` (by its code), `records` (several of the lifecycle `of`, by their codes), `entry` (of the catalogue `of`,
    as edition/code), `part` (one of the record's own `of`, by its number), `parts` (several `of` those of what the
    record hangs on), `file` (one that was uploaded), `attachment` (one of the record's files, by name).
    """

    name: str
    label: Text
    kind: str = "text"
    required: bool = True
    choices: tuple[Choice, ...] = ()
    help: Text | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a record has several of, numbered 1, 2, … and never renumbered; each kind in the table of its name."""

    name: str
    label: Text
    plural: Text
    fields: tuple[Field, ...]

    @property
    def which(self) -> Field:
        """The field in which a move says which of them it is about."""
        return Field(self.name, self.label, "part", of=self.name)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with what to say where it does not hold: English sentences for the catalogues.

    `tells` says it of the case: what stands in the way, by its name.
    """

    holds: Predicate
    says: str
    next_step: str
    refuses: type[Refusal] = GuardUnmet
    tells: Callable[[Case], Refusal] | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where a move leads, when `when` holds; the first that holds is taken."""

    to: str
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """What follows in the same transaction: a move of related records, where it is possible for them.

    Relations: `parent`, `children`, `in_force` (the revision in force of the same document), `copies` (its printed
    copies), `successor` (the next
    revision of the same document, which is opened; `move` is empty), `new` (a record of the lifecycle `opens`, which is
    opened by the same actor and hangs on this one). `gives` says which of the related move's fields is filled with
    which of this one's, or how it is told from the case. `first` puts it before the record's own writes.
    """

    relation: str
    move: str = ""
    when: Predicate | None = None
    gives: Mapping[str, str | Callable[[Case], Any]] = field(default_factory=dict)
    first: bool = False
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """What follows for each row of a part, where `when` holds of it: by the same actor, all of it or nothing.

    Either the record in the row's column `about` makes the move that `move` tells from the row, or a record of the
    lifecycle `opens` is opened, which hangs on this one. `gives` says what it records.
    """

    part: str
    gives: Callable[[Case, Mapping[str, Any]], Mapping[str, Any]]
    when: Callable[[Mapping[str, Any]], bool] = lambda _row: True
    about: str = ""
    move: Callable[[Mapping[str, Any]], str] = lambda _row: ""
    opens: str = ""


class Tone(StrEnum):
    """How a move feels to those it meets; decides its button, never its permission. ASIDE leads back to its step."""

    FORWARD = "forward"
    ASIDE = "aside"
    BACK = "back"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Move:
    """A way out of one or more steps: who may make it, what it records, guards, sets, tells and causes.

    `label` is what one does, `done` what has been done then, for histories and letters.

    One that `signs` is a signature: whoever makes it proves who they are, and is bound to what they saw. One that
    `changes` what is signed voids the signatures on it. One that `adds`, `amends` or `removes` a part does so with what
    it records; `marks` are further columns of the part that it sets. One that `postpones` gives the open task more
    time, until the day in the field of that name; when it was first due stays. One that `fills` parts adds rows to
    them; one that `places` keeps that column of its part as the order, without gaps. What follows for `each` row of a
    part comes last. `message` is the folder of templates for those whom the move `tells`; without one they are told
    that the record moved.
    """

    name: str
    label: Text
    sources: tuple[str, ...]
    ways: tuple[Way, ...]
    by: tuple[Role, ...]
    done: Text | None = None
    never_by: tuple[Role, ...] = ()
    records: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    sets: Mapping[str, Callable[[Case], Any]] = field(default_factory=dict)
    tells: tuple[Role, ...] = ()
    then: tuple[Then, ...] = ()
    decision: str = ""  # "body" or "order": the move is a decision with a protocol or an order number
    signs: Meaning | None = None
    changes: bool = False
    tone: Tone = Tone.FORWARD
    adds: str = ""
    amends: str = ""
    removes: str = ""
    marks: Mapping[str, Callable[[Case], Any]] = field(default_factory=dict)
    postpones: str = ""
    fills: Mapping[str, Callable[[Case], Sequence[Mapping[str, Any]]]] = field(default_factory=dict)
    places: str = ""
    each: tuple[Each, ...] = ()
    message: str = ""

    @property
    def part(self) -> str:
        """The part that it adds, amends or removes one of; empty where it does none of that."""
        return self.adds or self.amends or self.removes

    @property
    def happened(self) -> Text:
        """What to call it once it was made."""
        return self.done or self.label


class Lifecycle:
    """A declaration, compiled once into one shared `transitions.Machine` that no record is ever attached to.

    `collection` is its name in addresses; `prefix` begins its reference numbers; `opens` is what a new record must
    record, `opening_guards` what must hold then, `opened_by` who may open one; `child_of` names the lifecycle its
    records hang on, `hung_by` who may open one there (by their part in that one), `opened_in` the steps of that one
    in which they may be opened. `read_by` says who may read its records, nobody unless said; `signs_over` which
    fields a signature is bound to; `tells_author` to whom alone the author is named where the flag `confidential`
    was set at the opening; `parts` what its records have several of; `played_by` which typed fields (`…_post_id`,
    `…_id` of a person, or a list of people) say who plays a role. `opening_fills` are rows of parts that a new record
    begins with; `typed_in` says which parts are kept as they are typed, in which steps, until a move binds them;
    a signature is bound to `signs_parts` as well. One that does not `stand_alone` is opened on another record only.
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
        hung_by: tuple[Role, ...] = (),
        opened_in: tuple[str, ...] = (),
        read_by: tuple[Role, ...] = (),
        signs_over: tuple[str, ...] = (),
        tells_author: tuple[Role, ...] = (),
        parts: tuple[Part, ...] = (),
        played_by: Mapping[Role, tuple[str, ...]] | None = None,
        opening_fills: Mapping[str, Callable[[Case], Sequence[Mapping[str, Any]]]] | None = None,
        typed_in: Mapping[str, tuple[str, ...]] | None = None,
        signs_parts: tuple[str, ...] = (),
        stands_alone: bool = True,
    ) -> None:
        self.name, self.collection, self.label, self.plural = name, collection, label, plural
        self.opens, self.opened_by, self.opening_guards, self.prefix = opens, opened_by, opening_guards, prefix
        self.child_of, self.hung_by, self.opened_in = child_of, hung_by or opened_by, opened_in
        self.read_by, self.signs_over, self.tells_author = read_by, signs_over, tells_author
        self.parts: dict[str, Part] = {part.name: part for part in parts}
        self.played_by: Mapping[Role, tuple[str, ...]] = played_by or {}
        self.stands_alone = stands_alone
        self.opening_fills, self.typed_in, self.signs_parts = opening_fills or {}, typed_in or {}, signs_parts
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

    def readers(self, state: str) -> tuple[Role, ...]:
        """Who may read a record in that step."""
        return self.steps[state].read_by or self.read_by

    def admit(self, case: Case, name: str) -> Move:
        """The move, if it starts here and the actor may make it: `case.acting_for` is for whom.

        Raises NotFromHere, NotYours or Duties.
        """
        move = self.moves.get(name)
        if move is None or case.state not in move.sources:
            label = move.label if move else Text(name, name, name)
            raise NotFromHere(move=label, state=self.steps[case.state].label)
        case.acting_for = allowed(move, case)
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
        return [move for move in self.moves_from(case.state) if may(move, case)]

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
    """Raise GuardUnmet, or what the guard says, for the first guard that does not hold."""
    for guard in guards:
        if not guard.holds(case):
            raise guard.tells(case) if guard.tells else guard.refuses(guard.says, guard.next_step)


def permits(move: Move, roles: frozenset[Role]) -> bool:
    """Whether a person with these parts may make the move; no unless said."""
    return not roles.isdisjoint(move.by) and roles.isdisjoint(move.never_by)


def may(move: Move, case: Case) -> bool:
    """Whether the actor may make the move, for themselves or as a deputy."""
    try:
        allowed(move, case)
    except (NotYours, Duties):
        return False
    return True


def allowed(move: Move, case: Case) -> Hashable:
    """For whom the actor makes the move: None for themselves, else whose deputy they are. Raises NotYours or Duties.

    What separation of duties forbids to anybody they stand in for, it forbids to them: they do the work of both.
    """
    every = case.roles.union(*case.lent.values())
    if every.isdisjoint(move.never_by):
        for principal, roles in ((None, case.roles), *case.lent.items()):
            if permits(move, roles):
                return principal
    who = tuple(role.label for role in move.by)
    if not every.isdisjoint(move.by):
        raise Duties(move=move.label, who=who)
    raise NotYours(move=move.label, who=who)


def _condition(when: Predicate | None) -> Callable[..., bool | None] | None:
    return None if when is None else lambda event: when(cast("Case", event.model))
