"""The register of processes and who answers for each: zero, one or many posts."""

from uuid import UUID

from sqlmodel import Field

from models.base import Identified


class Process(Identified, table=True):
    """A process of the register; `owner_as_given` keeps what the source says, whatever it could be read as."""

    code: str = Field(unique=True)
    name: str
    folded: str
    section: str = ""
    owner_as_given: str = ""
    source_line: int | None = None


class ProcessOwner(Identified, table=True):
    """A post that answers for a process; the first is the one that gets its tasks."""

    process_id: UUID = Field(foreign_key="process.id", index=True)
    post_id: UUID = Field(foreign_key="post.id", index=True)
    position: int = 0
