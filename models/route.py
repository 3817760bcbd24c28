"""Which bodies a type of document takes, in which order and with what meaning, and who puts it in force."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.base import JSON, Identified


class Route(Identified, table=True):
    """The route of a type on a campus; without a campus, wherever no route of its own is set.

    `facts`: `bodies` (codes, in their order), `meanings` (what each does: `states.routes`), `approver_post_id` (hex;
    None for the rector) and `by_order` (whether it is put in force by a numbered order).
    """

    __table_args__ = (
        sa.UniqueConstraint("type_code", "campus_id"),
        sa.Index(
            "uq_route_type_code_everywhere",
            "type_code",
            unique=True,
            sqlite_where=sa.text("campus_id IS NULL"),
            postgresql_where=sa.text("campus_id IS NULL"),
        ),
    )

    type_code: str = Field(foreign_key="document_type.code")
    campus_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    facts: dict[str, Any] = Field(sa_type=JSON)
