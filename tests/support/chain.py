"""The chain of a record's history, recomputed from what the database gives back."""

from uuid import UUID

from service.chain import entry_hash
from tests.support.university import University


def assert_whole(university: University, record: UUID) -> None:
    """Each entry's hash is that of its facts and of the entry before; the record's head is the last one's."""
    previous, state = "", ""
    for number, entry in enumerate(university.history(record), start=1):
        assert entry["seq"] == number
        assert entry["previous"] == previous
        assert entry["from_state"] == state
        assert entry["hash"] == entry_hash(entry)
        previous, state = entry["hash"], entry["to_state"]
    row = university.record(record)
    assert (row["head"], row["state"], row["version"]) == (previous, state, number)
