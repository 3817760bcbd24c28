"""Where people go on with a record: its own page, for the kinds whose work is done there."""

from typing import Final
from uuid import UUID

from states.lifecycle import Lifecycle

# A sitting is prepared and recorded on one page; the record beside it tells its history, and who is told when.
OWN: Final = {"sitting": "/day"}


def path_of(one: Lifecycle, record_id: UUID | str) -> str:
    """The address, without the host, at which a record of this lifecycle is worked on."""
    return f"/{one.collection}/{record_id}{OWN.get(one.name, '')}"
