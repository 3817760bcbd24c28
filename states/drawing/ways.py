"""What there is to draw: the ways between states, the main one among them, and the order of the column."""

from dataclasses import dataclass

from states.lifecycle import Kind, Lifecycle, Move, Tone


@dataclass(frozen=True, slots=True)
class Arrow:
    """One move from one state to one other (or the same); `condition` where it is one way of several."""

    source: str
    move: Move
    target: str
    condition: bool


def arrows(lifecycle: Lifecycle) -> list[Arrow]:
    """All ways of all moves, in the order of the declaration; what only stays where it is, is no way."""
    found = {
        (state, move.name, way.to): Arrow(state, move, way.to, way.when is not None)
        for state in lifecycle.steps
        for move in lifecycle.moves_from(state)
        if move.tone is not Tone.ASIDE
        for way in move.ways
    }
    return list(found.values())


def main_way(lifecycle: Lifecycle) -> list[str]:
    """The states one passes when all goes well: by the first forward move, unconditionally, never back."""
    way = [lifecycle.initial]
    while True:
        ahead = (
            move.ways[-1].to
            for move in lifecycle.moves_from(way[-1])
            if move.tone is Tone.FORWARD and move.ways[-1].to not in way
        )
        following = next(ahead, None)
        if following is None:
            return way
        way.append(following)


def leaves(lifecycle: Lifecycle) -> set[str]:
    """Ends beside the main way that one single arrow leads to, and none from there: they are drawn at its point."""
    every, main = arrows(lifecycle), main_way(lifecycle)
    sources, targets = {arrow.source for arrow in every}, [arrow.target for arrow in every]
    ends = {step.name for step in lifecycle.steps.values() if step.kind is Kind.FINAL} - sources
    return {name for name in ends if name not in main and targets.count(name) == 1}


def column(lifecycle: Lifecycle) -> list[str]:
    """The states from the top down: the main way, each detour after what leads to it, other ends at the bottom."""
    order = main_way(lifecycle)
    aside = [name for name in lifecycle.steps if name not in order and name not in leaves(lifecycle)]
    ends = [name for name in aside if lifecycle.steps[name].kind is Kind.FINAL]
    for name in (name for name in aside if name not in ends):
        sources = [arrow.source for arrow in arrows(lifecycle) if arrow.target == name and arrow.source in order]
        order.insert(order.index(sources[0]) + 1 if sources else len(order), name)
    return order + ends
