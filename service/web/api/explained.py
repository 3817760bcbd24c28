"""The shapes of explanations."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from service.web.api.shapes import Named, Shape

Whys = Literal["may", "condition", "not-now", "separation-of-duties", "not-yours"]


class HolderToday(Named):
    """Somebody who answers for a post today; `note` says how."""

    note: str
    acts: bool


class PostToday(Named):
    """A post and who answers for it today."""

    people: list[HolderToday]


class Part(Named):
    """A part: the person it is, or the posts that play it for the record."""

    person: Named | None
    posts: list[PostToday]


class Condition(Shape):
    """A condition; `holds` is null where that depends on what is recorded."""

    says: str
    next_step: str
    holds: bool | None


class Judged(Shape):
    """Whether a person may, and why; `otherwise` is what would let them, were it not for the reason."""

    person: Named
    may: bool
    why: Whys
    reason: str
    otherwise: str | None
    acting_for: Named | None
    part: str | None
    post: Named | None


class AboutRecord(Shape):
    """The record asked about: its code and state, and not what it is about."""

    id: UUID
    code: str
    state: str


class WhoMay(Shape):
    """What is declared, and everybody's answer where there is a record."""

    act: str
    label: str
    record: AboutRecord | None
    by: list[Part]
    never_by: list[Named]
    sources: list[str] = Field(alias="from")
    guards: list[Condition]
    people: list[Judged]


class Noted(Named):
    """Something with how it comes."""

    note: str


class AtAnyTime(Shape):
    """What is about no record in particular."""

    what: str
    reason: str


class OnRecord(Judged):
    """A record on which somebody may."""

    id: UUID
    code: str


class Act(Shape):
    """A move with the open records on which it may be made."""

    act: str
    label: str
    records: list[OnRecord]


class WhatMay(Shape):
    """Everything that a person may do."""

    person: Named
    posts: list[Noted]
    stands_in_for: list[Noted]
    at_any_time: list[AtAnyTime]
    moves: list[Act]
    complete: bool
