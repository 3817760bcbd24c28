"""What moves set: where the value of a column comes from."""

from collections.abc import Callable
from datetime import date
from typing import Any

from states.lifecycle import Case


def given(name: str) -> Callable[[Case], Any]:
    """What the move records under that name."""
    return lambda case: case.given[name]


def given_or_kept(name: str, column: str = "") -> Callable[[Case], Any]:
    """What the move records under that name; left empty, the column (of that name, unless said) stays as it is."""
    return lambda case: case.given[name] or case.fields[column or name]


def one_more(name: str) -> Callable[[Case], int]:
    """One more than the number that there is."""
    return lambda case: int(case.fields[name]) + 1


def nothing(_case: Case) -> None:
    """Nothing any more."""


def on_that_day(case: Case) -> date:
    """The day of the move."""
    return case.today
