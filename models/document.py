"""Documents, their types with the route they take, and their revisions."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import JSON, JSON_OR_NULL, SORT_KEY, Identified, Named


class DocumentType(Named, table=True):
    """A type of the university's legend; which way its documents take is in `models.route`.

    `in_legend` is False for an abbreviation that an import met and the legend does not explain.
    """

    __tablename__ = "document_type"

    code: str = Field(primary_key=True)
    review_months: int = 12
    in_legend: bool = True


class Document(Identified, table=True):
    """What its revisions have in common. `given` keeps what an import found, word for word, with its line.

    Each campus keeps a register of its own: a code is used once in each.
    """

    __table_args__ = (sa.UniqueConstraint("campus_id", "code"),)

    campus_id: UUID = Field(foreign_key="unit.id")
    code: str = Field(index=True)
    title: str
    folded: str
    sort_key: str = Field(index=True, sa_type=SORT_KEY)
    type_code: str = Field(foreign_key="document_type.code", index=True)
    process_group: str = ""
    is_series: bool = False
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    process_id: UUID | None = Field(default=None, foreign_key="process.id")
    owner_post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    given: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Revision(SQLModel, table=True):
    """The typed side of a record of the lifecycle `document`.

    `position` counts the bodies of `route` that have endorsed it, `meanings` says what each of them does; who approves
    it is `approver_post_id`, where that is not the rector, and `by_order` whether that takes a numbered order.
    `in_force` is True or None, never False, so that the unique constraint lets one revision of a document be in force
    and any number not be.
    """

    __table_args__ = (
        sa.UniqueConstraint("document_id", "number"),
        sa.UniqueConstraint("document_id", "in_force"),
    )

    record_id: UUID = Field(primary_key=True, foreign_key="record.id")
    document_id: UUID = Field(foreign_key="document.id")
    number: int
    summary: str = ""
    route: list[str] = Field(default_factory=list, sa_type=JSON)
    position: int = 0
    meanings: list[str] | None = Field(default=None, sa_type=JSON_OR_NULL)
    approver_post_id: UUID | None = Field(default=None, foreign_key="post.id")
    by_order: bool | None = None
    review_months: int = 12
    in_force: bool | None = None
    in_force_on: date | None = None
    review_due_on: date | None = None
    reviewed_on: date | None = None
