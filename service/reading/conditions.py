"""The conditions of a move before it is made: whether they hold, as far as that can be known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from states.lifecycle import Case, Guard


@dataclass(frozen=True, slots=True)
class GuardView:
    """A condition of a move: whether it holds now, None where that depends on what is recorded."""

    guard: Guard
    holds: bool | None = None


class _NotSaid(Exception):  # noqa: N818 - not a fault: an answer that only the move itself can have
    """A condition looked at what the move would record."""


class _Said(Mapping[str, Any]):
    """What a move records before all of it has been said: whoever looks for more learns that it depends on this."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said

    def __getitem__(self, name: str) -> Any:
        if name not in self._said:
            raise _NotSaid
        return self._said[name]

    def __iter__(self) -> Iterator[str]:
        raise _NotSaid

    def __len__(self) -> int:
        raise _NotSaid


def holds(guard: Guard, case: Case, said: Mapping[str, Any] | None = None) -> bool | None:
    """Whether a condition holds, None where that depends on what is recorded; `said` is what of it is known already."""
    case.given = _Said(said or {})
    try:
        return bool(guard.holds(case))
    except _NotSaid:
        return None
