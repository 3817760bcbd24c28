"""Seals: the heads of all histories in one root, chained, so that nothing sealed can be touched unseen."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import Moment


class Seal(SQLModel, table=True):
    """`root` is the Merkle root (RFC 9162, 2.1) over its leaves: the heads that changed since the seal before.

    `events_until` is the last entry of the log it covers and `events_hash` what those since the seal before add up to.
    `hash` is over all of it and `previous`, so the last seal vouches for every history.
    """

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Moment)
    leaves: int
    root: str
    events_until: int
    events_hash: str
    previous: str
    hash: str


class SealLeaf(SQLModel, table=True):
    """The head of one record's history as a seal found it: the hash of its entry `seq`."""

    __tablename__ = "seal_leaf"

    seal_number: int = Field(primary_key=True, foreign_key="seal.number")
    record_id: UUID = Field(primary_key=True, index=True)
    seq: int
    head: str
