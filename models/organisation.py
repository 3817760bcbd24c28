"""Units, posts and the people who hold them from a date to a date; the bodies that decide."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from models.base import Identified, Named


class Unit(Identified, Named, table=True):
    """A part of the university; the tree has campuses at its top, each with its own register, councils and heads.

    A unit that `closed_on` a day no longer works; what it had, its `successor` has taken over.
    """

    code: str = Field(unique=True)
    parent_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    is_campus: bool = False
    closed_on: date | None = None
    successor_id: UUID | None = Field(default=None, foreign_key="unit.id")


class Post(Identified, Named, table=True):
    """A post in a unit. `role` marks the posts that lifecycles name; `heads` the one that heads its unit.

    Each campus may have its own post of a role; one that is `closed_on` a day is filled no more.
    """

    code: str = Field(unique=True)
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    role: str | None = Field(default=None, index=True)
    heads: bool = False
    closed_on: date | None = None


class Person(Identified, Named, table=True):
    """Somebody who works here; mails go to `email` in `language`, gathered into one a day where `digest` is set."""

    code: str = Field(unique=True)
    email: str
    language: str = "ky"
    digest: bool = False


class Holding(Identified, table=True):
    """A person holds a post from `since` to `until` (both included; open where None)."""

    person_id: UUID = Field(foreign_key="person.id", index=True)
    post_id: UUID = Field(foreign_key="post.id", index=True)
    since: date
    until: date | None = None


class Body(Identified, Named, table=True):
    """A council that decides; its secretary records what it decided. `unit` is what it is the council of.

    `quorum` and `majority` are rules of `states.voting`; `proxies`: whether a member may vote for an absent one;
    `language` is the one in which its minutes are kept.
    """

    code: str = Field(unique=True)
    secretary_post_id: UUID = Field(foreign_key="post.id")
    chair_post_id: UUID | None = Field(default=None, foreign_key="post.id")
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    quorum: str = "half"
    majority: str = "present"
    proxies: bool = False
    language: str = "ky"


class Membership(Identified, table=True):
    """A person sits in a body from `since` to `until` (both included; open where None)."""

    body_id: UUID = Field(foreign_key="body.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    since: date
    until: date | None = None
