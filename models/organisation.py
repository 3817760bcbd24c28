"""Units, posts and the people who hold them from a date to a date; the bodies that decide."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from models.base import Identified, Named


class Unit(Identified, Named, table=True):
    """A part of the university; the tree has campuses at its top."""

    code: str = Field(unique=True)
    parent_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)


class Post(Identified, Named, table=True):
    """A post in a unit. `role` marks the posts that lifecycles name; `heads` the one that heads its unit."""

    code: str = Field(unique=True)
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    role: str | None = Field(default=None, unique=True)
    heads: bool = False


class Person(Identified, Named, table=True):
    """Somebody who works here; mails go to `email` in `language`."""

    code: str = Field(unique=True)
    email: str
    language: str = "ky"


class Holding(Identified, table=True):
    """A person holds a post from `since` to `until` (both included; open where None)."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    post_id: UUID = Field(foreign_key="post.id", index=True)
    since: date
    until: date | None = None


class Body(Identified, Named, table=True):
    """A council that decides; its secretary records what it decided."""

    code: str = Field(unique=True)
    secretary_post_id: UUID = Field(foreign_key="post.id")
