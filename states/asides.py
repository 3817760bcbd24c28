"""Moves aside of the way: they leave a record in its step, and its task with whoever has it."""

from states.lifecycle import Case, Way


def staying_in(states: tuple[str, ...]) -> tuple[Way, ...]:
    """The ways of a move that leaves a record in whichever of these steps it is; it starts in no other."""

    def stays(state: str) -> Way:
        def is_there(case: Case) -> bool:
            return case.state == state

        return Way(state, when=is_there)

    *others, last = states
    return (*(stays(state) for state in others), Way(last))
