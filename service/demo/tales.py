"""The demonstration's story as tables: what happens to each record, so many working days ago.

`open@40 submit@27 approve@2>-10` reads: opened 40 working days ago, submitted 27 ago, approved 2 ago with the date that
the move records 10 working days ahead. The tables are `data/demo_*.tsv`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from service.importing.facts import facts
from states.lifecycle import Field, Tone
from states.registry import lifecycle

_STOP = re.compile(r"(?P<move>[a-z_]+)@(?P<ago>\d+)(?:>(?P<until>-?\d+))?")
# Dates that say when something was: the day of the move itself, never a day in the future.
_THAT_DAY = frozenset({"decided_on", "implemented_on", "found_on", "carried_out_on"})


@dataclass(frozen=True, slots=True)
class Stop:
    """One move of a tale. `ago` and `until` count working days before today; below 0 they lie ahead."""

    move: str
    ago: int
    until: int | None = None


@dataclass(slots=True)
class Tale:
    """What happens to one record: `row` holds the words its moves record, `record_id` is known once it is open."""

    lifecycle: str
    row: Mapping[str, str]
    stops: tuple[Stop, ...]
    parent: "Tale | None" = None
    record_id: UUID | None = None


def read_way(way: str) -> tuple[Stop, ...]:
    """The stops of a way, in their order. Raises ValueError for one that cannot be read."""
    stops = []
    for written in way.split():
        found = _STOP.fullmatch(written)
        if found is None:
            raise ValueError(f"not a stop: {written}")
        until = found["until"]
        stops.append(Stop(found["move"], int(found["ago"]), None if until is None else int(until)))
    return tuple(stops)


def tales() -> list[Tale]:
    """All tales: parents before their children."""
    documents = [
        Tale("document", {**row, "document": row["code"]}, read_way(row["way"])) for row in facts("demo_documents")
    ]
    found = {row["key"]: Tale("nonconformity", row, read_way(row["way"])) for row in facts("demo_nonconformities")}
    actions = [Tale("corrective_action", row, read_way(row["way"]), found[row["nc"]]) for row in facts("demo_actions")]
    audits = [Tale("audit", row, read_way(row["way"])) for row in facts("demo_audits")]
    return [*documents, *found.values(), *actions, *audits]


def words_for(tale: Tale, move: str) -> Mapping[str, str]:
    """What the move records in words: the tale's own, else why, where it does not lead on, else what is usual."""
    usual = {row["field"]: row["words"] for row in facts("demo_words") if row["move"] == move}
    declared = lifecycle(tale.lifecycle).moves.get(move)
    because = tale.row.get("because", "")
    if (
        declared
        and because
        and (declared.tone is not Tone.FORWARD or move in ("endorse_with_amendments", "reschedule"))
    ):
        usual = dict.fromkeys(("reason", "wording"), because)
    return {**usual, **{name: words for name, words in tale.row.items() if words}}


def dates_for(fields: tuple[Field, ...], day: date, until: date | None) -> Iterator[tuple[str, Any]]:
    """The dates that a move made on `day` records; `until` is the one it sets."""
    for field in fields:
        if field.kind != "date":
            continue
        if field.name in _THAT_DAY:
            yield field.name, day.isoformat()
        elif until or field.required:
            yield field.name, (until or day).isoformat()
