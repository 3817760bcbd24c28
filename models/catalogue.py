"""Catalogues: clauses of standards, by edition, and the tree of causes that the university keeps."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from models.base import SORT_KEY, Named


class Entry(Named, table=True):
    """One entry of an edition of a catalogue, below its `parent` (a code of the same edition).

    `catalogue`: `clause` or `cause`; `position` orders those of one parent; one that was `closed_on` a day is chosen no
    more, and keeps its name for what was recorded with it.
    """

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["catalogue", "edition", "parent"],
            ["entry.catalogue", "entry.edition", "entry.code"],
            name="fk_entry_parent",
        ),
    )

    catalogue: str = Field(primary_key=True)
    edition: str = Field(primary_key=True)
    code: str = Field(primary_key=True, sa_type=SORT_KEY)
    parent: str | None = Field(default=None, sa_type=SORT_KEY)
    position: int = 0
    closed_on: date | None = None
