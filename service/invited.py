"""What the members of a body are told of its sitting: as it was by the entry of its history that tells them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import BodyFacts, Organisation
from states.sitting import LIFECYCLE
from states.text import Text
from states.working_days import today

# The moves that tell members to come, to come at another time, or not to come.
TELLING: Final = {name: move.message for name, move in LIFECYCLE.moves.items() if move.message}
CALLED, CANCELLED = TELLING["send_papers"], TELLING["cancel"]
# To one who was invited and need not come any more, while the sitting itself is held.
RELEASED: Final = "sitting/released"
MESSAGES: Final = frozenset({*TELLING.values(), RELEASED})
OPENED: Final = "open"

Row = sa.Row[Any]


@dataclass(frozen=True, slots=True)
class When:
    """A day, a time of day as people write it (14:00, in Bishkek), and a place."""

    day: date
    time: str
    place: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was sent: `size` in bytes; `path` leads to it while its record still has it, else it is empty."""

    name: str
    sha256: str
    size: int
    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Point:
    """An item of the agenda; `code` is that of the record it is about, if it is about one."""

    no: int
    title: str
    speaker: str
    code: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """A sitting as one entry of its history tells of it. `sequence` rises with each that tells the members anything.

    Between two of them is room for one: who is not invited any more is told so after the one that invited them.
    `members` are those who were sent the papers last; `before` is when it was to be held until then.
    """

    sitting: UUID
    message: str
    at: datetime
    sequence: int
    when: When
    before: When | None
    body: BodyFacts
    campus: UUID | None
    members: frozenset[UUID]
    chair: Text | None
    secretary: Text | None
    points: tuple[Point, ...]


@dataclass(slots=True)
class Tellings:
    """All that the invitations of a batch are written from, read once; each telling is put together when asked for."""

    snapshot: Organisation
    records: Mapping[UUID, Row] = field(default_factory=dict)
    entries: Mapping[UUID, Sequence[Row]] = field(default_factory=dict)
    items: Mapping[UUID, Sequence[Row]] = field(default_factory=dict)
    files: Mapping[str, sa.Row[str, int, str]] = field(default_factory=dict)
    attached: Mapping[tuple[UUID, str, str], UUID] = field(default_factory=dict)
    _made: dict[tuple[UUID, str], Telling] = field(default_factory=dict)

    def of(self, notice: Row) -> Telling:
        """What a notice tells. Raises KeyError where its sitting, its body or its entry is not there."""
        key = (notice.history_id, notice.message)
        if key not in self._made:
            self._made[key] = self._telling(self.records[notice.record_id], notice)
        return self._made[key]

    def _telling(self, row: Row, notice: Row) -> Telling:
        body = next((one for one in self.snapshot.bodies.values() if one.id == row.body_id), None)
        place = [entry.id for entry in self.entries[row.id]].index(notice.history_id)
        entries = self.entries[row.id][: place + 1]
        entry, whens = entries[-1], [_when(one.given) for one in entries if "held_on" in one.given]
        if body is None:
            raise KeyError(row.body_id)
        when = whens[-1] if whens else When(row.held_on, row.begins_at, row.held_at)
        released = notice.message == RELEASED
        return Telling(
            sitting=row.id,
            message=notice.message,
            at=notice.created_at if released else entry.at,
            sequence=2 * (sum(one.move in TELLING for one in entries) - 1) + released,
            when=when,
            before=whens[-2] if "held_on" in entry.given and len(whens) > 1 else None,
            body=body,
            campus=row.campus_id,
            members=frozenset(UUID(one) for one in row.members or ()),
            chair=self._holder(body.chair_post_id, when.day),
            secretary=self._holder(body.secretary_post_id, today(entry.at)),
            points=tuple(self._point(no, item, row) for no, item in enumerate(self.items[row.id], start=1)),
        )

    def _holder(self, post_id: UUID | None, day: date) -> Text | None:
        holders = self.snapshot.holders(post_id, day) if post_id else ()
        return self.snapshot.people[holders[0]].name if holders else None

    def _point(self, no: int, item: Row, row: Row) -> Point:
        sent = (row.papers or {}).get(str(item.no), ())
        papers = tuple(self._paper(item.about_id, name, sha256) for name, sha256 in sent)
        return Point(no, item.title, item.speaker or "", item.code or "", papers)

    def _paper(self, record_id: UUID, name: str, sha256: str) -> Paper:
        file = self.files[sha256]
        attachment = self.attached.get((record_id, name, sha256))
        path = f"/files/{attachment}/{quote(name, safe='')}" if attachment else ""
        return Paper(name, sha256, file.size, file.media_type, path)


def tellings(connection: sa.Connection, sittings: Iterable[UUID], snapshot: Organisation) -> Tellings:
    """What these sittings have told and tell, in a few statements; without sittings, in none."""
    ids = set(sittings)
    if not ids:
        return Tellings(snapshot)
    records = {row.id: row for row in connection.execute(_SITTINGS.where(t.record.c.id.in_(ids)))}
    entries, items = defaultdict(list), defaultdict(list)
    for row in connection.execute(_ENTRIES.where(t.history.c.record_id.in_(ids))):
        entries[row.record_id].append(row)
    for row in connection.execute(_ITEMS.where(t.agenda_item.c.record_id.in_(ids))):
        items[row.record_id].append(row)
    sent = {sha256 for row in records.values() for some in (row.papers or {}).values() for _, sha256 in some}
    kept = connection.execute(_FILES.where(t.file.c.sha256.in_(sent))) if sent else ()
    files = {row.sha256: row for row in kept}
    about = {item.about_id for some in items.values() for item in some} - {None}
    attached = connection.execute(_ATTACHED.where(t.attachment.c.record_id.in_(about))) if sent and about else ()
    paths = {(row.record_id, row.name, row.sha256): row.id for row in attached}
    return Tellings(snapshot, records, entries, items, files, paths)


def no_longer(connection: sa.Connection, sitting_id: UUID, told: Collection[UUID] = ()) -> list[UUID]:
    """Those who were invited to a sitting by the last that they were told of it, and are not among those told now."""
    last = {row.reader_id: row.message for row in connection.execute(_TOLD, {"of": sitting_id})}
    return [one for one, message in last.items() if message in _INVITING and one not in told]


_INVITING = MESSAGES - {CANCELLED, RELEASED}
_TOLD = (
    sa.select(t.notice.c.reader_id, t.notice.c.message)
    .where(
        t.notice.c.record_id == sa.bindparam("of"), t.notice.c.message.in_(MESSAGES), t.notice.c.dropped_at.is_(None)
    )
    .order_by(t.notice.c.created_at, t.notice.c.key)
)
_SITTINGS = sa.select(t.record.c.id, t.record.c.campus_id, t.sitting).join(t.sitting)
_ENTRIES = (
    sa.select(*(t.history.c[name] for name in ("id", "record_id", "move", "at", "given")))
    .where(t.history.c.move.in_((OPENED, *TELLING)))
    .order_by(t.history.c.seq)
)
_about = t.record.alias()
_ITEMS = (
    sa.select(*(t.agenda_item.c[name] for name in ("record_id", "no", "about_id", "title", "speaker")), _about.c.code)
    .outerjoin(_about, _about.c.id == t.agenda_item.c.about_id)
    .where(t.agenda_item.c.removed_at.is_(None))
    .order_by(t.agenda_item.c.place, t.agenda_item.c.no)
)
_FILES = sa.select(t.file.c.sha256, t.file.c.size, t.file.c.media_type)
_ATTACHED = sa.select(*(t.attachment.c[name] for name in ("id", "record_id", "name", "sha256"))).where(
    t.attachment.c.removed_by_id.is_(None)
)


def _when(given: Mapping[str, Any]) -> When:
    return When(date.fromisoformat(given["held_on"]), given["begins_at"], given["held_at"])
