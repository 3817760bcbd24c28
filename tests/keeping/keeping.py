"""What tests of keeping share: the administrator at work, and what the log says of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from models import tables as t
from service.organisation import Organisation, organisation
from states.refusals import Refusal
from tests.support.university import University, at

T = TypeVar("T")
NOW = at(2026, 4, 6)  # a Monday
DAY = NOW.date()


def do(university: University, use_case: Callable[..., T], *told: Any, who: str = "admin", when: datetime = NOW) -> T:
    """Somebody does it, in a transaction of its own; `told` is what stands before the actor."""
    actor = university.as_(who, when)
    with university.database.write() as connection:
        return use_case(connection, *told, actor, when)


def see(university: University, question: Callable[..., T], *told: Any) -> T:
    """Ask, on a reading connection."""
    with university.database.read() as connection:
        return question(connection, *told)


def snapshot(university: University) -> Organisation:
    """The organisation as it is read from now on."""
    return see(university, organisation)


def log(university: University, kind: str = "") -> list[dict[str, Any]]:
    """The lines of the log, of one kind perhaps."""
    return university.rows(t.event, t.event.c.kind == kind if kind else sa.true())


def unit(name: str, parent: str = "UNI", **more: Any) -> dict[str, Any]:
    """What is given for a new unit."""
    return {"code": name, "name_ky": name, "parent": parent, **more}


def post(name: str, of: str = "DEPARTMENT", **more: Any) -> dict[str, Any]:
    """What is given for a new post."""
    return {"code": name, "name_ky": name, "unit": of, **more}


def said(refusal: Refusal, fact: str = "what") -> list[str]:
    """What a refusal names, in English."""
    named = refusal.facts[fact]
    assert isinstance(named, tuple)
    return [one.en for one in named]
