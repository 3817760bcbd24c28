"""How a list is to be read: which column is what, what its statuses and names stand for. Said once, then remembered.

What is remembered is a line of the log about the campus and the fingerprint of the headings; the latest one holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.events import log_event
from service.importing.list.answers import BY_CONTENT, CHOICES, STEPS
from service.importing.list.blocks import Block
from service.importing.list.words import FIELDS, SEVERAL
from states.refusals import Incomplete
from states.text import N_

KIND: Final = "list.mapped"
MOST: Final = 500
LONGEST: Final = 300
# What is taken where neither the list nor a person says it: every such row is counted in the report.
FALLBACK: Final[Mapping[str, str]] = {"kind": "programme", "source": "internal_audit", "severity": "major"}


@dataclass(frozen=True, slots=True)
class ListMapping:
    """`columns` by the fingerprint of their headings, one field (or "") each; `statuses` and `owners` by folded words.

    `defaults` are kind, source and severity where the list does not say them; `sheet` is the sheet of a workbook.
    """

    columns: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    def fields(self, block: Block) -> tuple[str, ...]:
        """What each column of the block is; where nobody has said it, what it seems to be."""
        return self.columns.get(block.print) or tuple(one.field for one in block.guesses)

    def facts(self) -> dict[str, Any]:
        """As JSON, for a form and for the log."""
        return {
            "columns": {print_: list(fields) for print_, fields in self.columns.items()},
            "statuses": dict(self.statuses),
            "owners": dict(self.owners),
            "defaults": dict(self.defaults),
            "sheet": self.sheet,
        }


def guessed(blocks: Iterable[Block], sheet: str = "") -> ListMapping:
    """What the headings say, with nothing said by anybody."""
    return ListMapping({block.print: tuple(one.field for one in block.guesses) for block in blocks}, sheet=sheet)


def mapping_from(facts: Any, *, is_whole: bool = True) -> ListMapping:
    """A mapping out of JSON. Raises Incomplete for what is none; one that `is_whole` says all that is needed."""
    try:
        columns = {str(print_): tuple(map(str, fields)) for print_, fields in facts["columns"].items()}
        statuses, owners, defaults = ({**facts[name]} for name in ("statuses", "owners", "defaults"))
        made = ListMapping(columns, statuses, owners, defaults, str(facts.get("sheet", "")))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Incomplete({"mapping": _WRONG}) from error
    if not {one for fields in columns.values() for one in fields if one} <= set(FIELDS) or not _are_answers(made):
        raise Incomplete({"mapping": _WRONG})
    if is_whole:
        check(made)
    return made


def check(mapping: ListMapping) -> None:
    """Raise Incomplete where two columns are one thing, or none says what was found."""
    every = [fields for fields in mapping.columns.values() if any(fields)]
    twice = [one for fields in every for one in set(fields) - SEVERAL - {""} if fields.count(one) > 1]
    if twice:
        raise Incomplete({"columns": N_("Two columns are said to be the same thing. Choose another answer for one.")})
    if not any("found" in fields or "title" in fields for fields in every):
        raise Incomplete({"columns": N_("Say which column holds what was found.")})


def _are_answers(mapping: ListMapping) -> bool:
    words = [*mapping.statuses, *mapping.owners, *mapping.owners.values()]
    return (
        len(words) <= 3 * MOST
        and all(isinstance(one, str) and len(one) <= LONGEST for one in words)
        and set(mapping.statuses.values()) <= {*STEPS, BY_CONTENT}
        and mapping.defaults.keys() <= CHOICES.keys()
        and all(value in {one.value for one in CHOICES[name]} for name, value in mapping.defaults.items())
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mapping of before: since when, and whether it says all columns of the list."""

    mapping: ListMapping
    at: datetime
    is_whole: bool


def recall(
    connection: sa.Connection, campus_id: UUID | None, blocks: Sequence[Block], sheet: str = ""
) -> Remembered | None:
    """How lists of these headings were read before; what was not said then is guessed."""
    mapping, latest, known = guessed(blocks, sheet), None, 0
    for block in blocks:
        about = sa.select(t.event.c.at, t.event.c.facts).where(
            t.event.c.kind == KIND, t.event.c.about_id == _about(campus_id, block.print)
        )
        row = connection.execute(about.order_by(t.event.c.number.desc()).limit(1)).first()
        fields = tuple(row.facts["columns"].get(block.print, ())) if row else ()
        if row is None or len(fields) != len(block.heads):
            continue
        known += 1
        latest = max(latest or row.at, row.at)
        mapping = replace(
            mapping,
            columns={**mapping.columns, block.print: fields},
            statuses={**mapping.statuses, **row.facts["statuses"]},
            owners={**mapping.owners, **row.facts["owners"]},
            defaults={**mapping.defaults, **row.facts["defaults"]},
        )
    return Remembered(mapping, latest, known == len(blocks)) if latest else None


def remember(
    connection: sa.Connection,
    campus_id: UUID | None,
    mapping: ListMapping,
    blocks: Sequence[Block],
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Write down how the list was read, unless that is known already."""
    known = recall(connection, campus_id, blocks, mapping.sheet)
    mine = replace(mapping, columns={block.print: mapping.fields(block) for block in blocks})
    if known and known.is_whole and known.mapping == mine:
        return
    for block in blocks:
        facts = replace(mine, columns={block.print: mine.columns[block.print]}, sheet="").facts()
        about = _about(campus_id, block.print)
        log_event(connection, KIND, now, actor_id=actor_id, about_id=about, **facts)


def _about(campus_id: UUID | None, print_: str) -> UUID:
    return UUID(bytes=sha256(f"{campus_id}:{print_}".encode()).digest()[:16])


_WRONG = N_("This is not a mapping that was made here. Send the file again.")
