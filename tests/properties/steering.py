"""Where a story goes: to what it has seldom done, and to what leads there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Final

from states.lifecycle import Lifecycle, Move, Tone
from states.registry import lifecycles
from states.roles import Role

Taken = tuple[str, str, str, str]  # lifecycle, move, the step it starts in, the step it leads to
_CLOCK: Final = (Role.CLOCK,)

_FADES: Final = 0.8  # how much less it is worth to be one move away from something
_ROUNDS: Final = 12  # longer ways than this no lifecycle has
_TRIES: Final = 6  # so many refusals count as one success
_AS_IT_COMES: Final = 0.15  # the share of moves that nobody steers
_WEIGHED_EVERY: Final = 5  # moves of a lifecycle
_LEFT_ALONE: Final = 0.1  # of what rather waits for the calendar, or was refused just now
_HELPS: Final = 0.9  # how much of a move's worth lies in what may make it possible


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: its step, the moves that were refused there, whether it waits for another record."""

    one: Lifecycle
    state: str
    stuck: frozenset[str] = frozenset()
    waits: bool = False


@dataclass(slots=True)
class Steering:
    """What one story has done so far, and how much it is worth to be in which step.

    Depends on nothing but the story itself, so that it can be told again.
    """

    random: Random
    made: Counter[Taken] = field(default_factory=Counter)
    tried: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    worth: dict[str, dict[str, float]] = field(default_factory=dict)
    _taste: dict[Taken, float] = field(default_factory=dict)
    _moves: Counter[str] = field(default_factory=Counter)
    _invited: dict[Place, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._taste = {taken: self.random.uniform(0.3, 1) for one in lifecycles().values() for taken in declared(one)}
        for one in lifecycles().values():
            self._weigh(one)

    def happened(self, taken: Taken) -> None:
        """A move was made."""
        self.made[taken] += 1
        self._moves[taken[0]] += 1
        if self._moves[taken[0]] % _WEIGHED_EVERY == 0:
            self._weigh(lifecycles()[taken[0]])

    def refused(self, kind: str, move: str, state: str) -> None:
        """A move was tried and refused."""
        self.tried[kind, move, state] += 1

    def nearest(self, places: Sequence[Place]) -> int:
        """Which of these records, those near to something seldom rather."""
        for place in set(places) - self._invited.keys():
            self._invited[place] = self._invites(place)
        weights = [self._invited[place] for place in places]
        return self.random.choices(range(len(places)), weights if any(weights) else None)[0]

    def next_move(self, place: Place) -> Move:
        """A move out of that step, one that people may make unless it is as it comes."""
        moves = list(place.one.moves_from(place.state))
        if self.random.random() < _AS_IT_COMES:
            return self.random.choice(moves)
        moves = [move for move in moves if move.by != _CLOCK]
        return self.random.choices(moves, [self._promises(place, move) ** 5 for move in moves])[0]

    def _invites(self, place: Place) -> float:
        promises = {True: 0.0, False: 0.0}
        for move in place.one.moves_from(place.state):
            by_clock = move.by == _CLOCK
            promises[by_clock] = max(promises[by_clock], self._promises(place, move))
        alone = place.waits or promises[True] >= promises[False]
        return promises[False] ** 4 * (_LEFT_ALONE if alone else 1)

    def _promises(self, place: Place, move: Move) -> float:
        """What a move promises from there; where another was just refused, what may help that one too."""
        if move.name in place.stuck:
            return self._leads(place, move) * _LEFT_ALONE
        if not move.part or move.part == "evidence":
            return self._leads(place, move)
        helps = (self._leads(place, place.one.moves[name]) for name in place.stuck)
        return max(self._leads(place, move), _HELPS * max(helps, default=0.0))

    def _leads(self, place: Place, move: Move) -> float:
        worth = self.worth[place.one.name]
        ahead = max((worth[to] for to in _ahead(move, place.state)), default=0.0)
        return max(self._wants(place.one.name, move.name, place.state), _FADES * ahead)

    def _wants(self, kind: str, move: str, state: str) -> float:
        """How much it is wanted that the move is made from there, for itself or for what follows from it."""
        tried = self.tried[kind, move, state] / _TRIES
        wanted = max(self._taste[taken] / (1 + self.made[taken] + tried) for taken in _takings(kind, move, state))
        follows = [self._taste[taken] / (1 + self.made[taken]) for taken in _following(kind, move)]
        return max(wanted, _FADES * max(follows, default=0.0) / (1 + tried))

    def _weigh(self, one: Lifecycle) -> None:
        """How much each step is worth: the best move from it, or what lies behind that."""
        self._invited.clear()
        wants = {(move.name, state): self._wants(one.name, move.name, state) for move, state in _edges(one.name)}
        worth = self.worth[one.name] = dict.fromkeys(one.steps, 0.0)
        for _ in range(_ROUNDS):
            for move, state in _edges(one.name):
                ahead = max((worth[to] for to in _ahead(move, state)), default=0.0)
                worth[state] = max(worth[state], wants[move.name, state], _FADES * ahead)


def declared(one: Lifecycle) -> list[Taken]:
    """All that can be done in a lifecycle: its moves, each from every step to every step that it may lead to."""
    return [taken for move, state in _edges(one.name) for taken in _takings(one.name, move.name, state)]


@cache
def _edges(kind: str) -> list[tuple[Move, str]]:
    return [(move, state) for move in lifecycles()[kind].moves.values() for state in move.sources]


def _ahead(move: Move, state: str) -> list[str]:
    """The other steps to which a move leads from there."""
    return [] if move.tone is Tone.ASIDE else [way.to for way in move.ways if way.to != state]


@cache
def _takings(kind: str, move: str, state: str) -> list[Taken]:
    """The ways of a move from there; one that leads aside leads back."""
    found = lifecycles()[kind].moves[move]
    return [(kind, move, state, way.to) for way in found.ways if found.tone is not Tone.ASIDE or way.to == state]


@cache
def _following(kind: str, move: str) -> list[Taken]:
    """What may follow from a move: moves of related records."""
    one = lifecycles()[kind]
    related = {
        "parent": [one.child_of],
        "children": [other.name for other in lifecycles().values() if other.child_of == kind],
        "in_force": [kind],
        "copies": ["printed_copy"],
    }
    return [
        taken
        for then in one.moves[move].then
        for other in related.get(then.relation, ())
        if other
        for taken in declared(lifecycles()[other])
        if taken[1] == then.move
    ]
