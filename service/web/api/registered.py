"""The shapes of what changes rarely: the university, its register of documents, its lifecycles."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from service.web.api.shapes import Named, Shape


class Person(Named):
    """Somebody at the university, with the posts held today."""

    email: str
    language: Literal["ky", "ru", "en"]
    posts: list[Named]


class Me(Shape):
    """Whoever asks. `posts` are those they answer for today, vacant ones that fall to them too.

    With `digest` their news come as one mail a day.
    """

    code: str
    name: str
    email: str
    language: Literal["ky", "ru", "en"]
    digest: bool
    posts: list[Named]
    links: dict[str, str]


class Token(Shape):
    """A token of a program, without the token."""

    id: UUID
    label: str
    scope: Literal["read", "write"]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class NewToken(Token):
    """A token as it is answered once."""

    token: str


class Post(Named):
    """A post and who holds it today; nobody where it is vacant."""

    unit: Named
    role: str | None
    heads: bool
    holders: list[Named]


class Unit(Named):
    """A part of the university and what it belongs to."""

    parent: Named | None


class Body(Named):
    """A council, the posts of its secretary and its chair, and the rules it decides by.

    `proxies`: whether a member may vote for one who is absent. `language`: the one in which its minutes are kept.
    """

    secretary: Named
    chair: Named | None
    quorum: Literal["half", "two_thirds", "three_quarters", "none"]
    majority: Literal["simple", "present", "absolute", "two_thirds"]
    proxies: bool
    language: Literal["ky", "ru", "en"]


class Process(Named):
    """A process of the register and the posts that answer for it; `owner_as_given` is what the source says."""

    section: str
    owners: list[Named]
    owner_as_given: str


class Document(Shape):
    """A document of the register, with its revision in force and the one under way.

    `formerly` are the codes that it had before, the last first: each still finds it.
    """

    id: UUID
    code: str
    formerly: list[str]
    title: str
    type: str
    process_group: str
    is_series: bool
    owner: str | None
    unit: str | None
    number: int | None
    in_force_on: date | None
    review_due_on: date | None
    state: str | None
    state_label: str | None
    in_force: str | None
    under_way: str | None
    under_way_state: str | None
    given: dict[str, Any]
    links: dict[str, str]


class Registered(Shape):
    """A document that has just been put into the register."""

    id: UUID
    code: str
    links: dict[str, str]


class LifecycleRow(Named):
    """A lifecycle: `name` is what people call it."""

    collection: str
    child_of: str | None
    links: dict[str, str]


class LifecycleDeclaration(LifecycleRow):
    """A lifecycle as it is declared; `opens` and each move's `given` are JSON Schema."""

    initial: str
    prefix: str | None
    opens: dict[str, Any]
    opened_by: list[Named]
    steps: list[dict[str, Any]]
    moves: list[dict[str, Any]]
