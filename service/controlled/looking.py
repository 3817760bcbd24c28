"""Can the files of a revision be put into its controlled file? Looked at once, after they were attached, long before.

A verdict is about a content and the programs that render here: `<sha256>-<way>.json` in the folder `looked` of `home`,
which may be thrown away at any time. So one content is rendered once, whoever attaches it, and all are looked at anew
once LibreOffice is there. No page waits for it.
"""

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import sqlalchemy as sa
import structlog

from models import tables as t
from models.database import Database
from service.controlled.make import store_of
from service.controlled.refusals import NOT_DONE, NotRendered, TookTooLongError, WorkFailedError
from service.controlled.render import render
from service.controlled.renderers import way
from service.files.refusals import FileDamagedError
from service.files.store import Store
from service.settings import Settings

# The steps before a revision comes into force.
UNDER_WAY: Final = ("draft", "council_review", "amendment", "rector_approval", "scheduled")
FOLDER: Final = "looked"
# Of one round: files, and seconds after which no other one is begun.
MOST: Final = 20
SECONDS: Final = 60
# What took too long or too much may be better another day.
AGAIN: Final = timedelta(days=1)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen: why the content cannot be rendered (`says`, for the catalogues), or how it is and its pages.

    `until`: when to look again (ISO 8601), where what went wrong may go right.
    """

    says: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    how: str = ""
    pages: int = 0
    changes: bool = False
    until: str = ""


def looked_at(home: Path, sha256: str) -> Looked | None:
    """What was seen of a content by the programs that are here now; None where it was not looked at."""
    try:
        return Looked(**json.loads(_path(home, sha256, way()).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def is_due(connection: sa.Connection, home: Path, now: datetime) -> bool:
    """Whether a file of a revision under way was not looked at yet."""
    return any(_is_wanted(home, sha256, now) for sha256 in _attached(connection))


def look(database: Database, settings: Settings, now: datetime) -> dict[str, int]:
    """Look at files of revisions under way, a bounded number, the newest first; gives how many are fit and unfit.

    May be run again at any time, and by several processes at once. It blocks: not on an event loop.
    """
    with database.read() as connection:
        wanted = [sha256 for sha256 in _attached(connection) if _is_wanted(settings.home, sha256, now)]
    counts: Counter[str] = Counter()
    store, begun = store_of(settings), time.monotonic()
    for sha256 in wanted[:MOST]:
        if time.monotonic() - begun > SECONDS:
            break
        seen = _seen(store, sha256, now)
        _write(_path(settings.home, sha256, way()), seen)
        counts["files_unfit" if seen.says else "files_fit"] += 1
    return dict(sorted(counts.items()))


def forget(connection: sa.Connection, home: Path) -> None:
    """Throw away what was seen of contents that are not kept any more, and by programs that are not here any more."""
    kept = set(connection.execute(sa.select(t.file.c.sha256)).scalars())
    for path in (home / FOLDER).glob("*.json"):
        sha256, _, by = path.stem.partition("-")
        if sha256 not in kept or by != way():
            path.unlink(missing_ok=True)


def _attached(connection: sa.Connection) -> list[str]:
    """The contents of the files of all revisions under way, those that were attached last first."""
    return list(dict.fromkeys(connection.execute(_FILES).scalars()))


def _is_wanted(home: Path, sha256: str, now: datetime) -> bool:
    seen = looked_at(home, sha256)
    return seen is None or bool(seen.until and datetime.fromisoformat(seen.until) <= now)


def _seen(store: Store, sha256: str, now: datetime) -> Looked:
    try:
        made = render(b"".join(store.read(sha256)), "")
    except NotRendered as refusal:
        return Looked(refusal.says, {name: fact for name, fact in refusal.facts.items() if name != "name"})
    except (TookTooLongError, WorkFailedError, FileDamagedError) as error:
        log.warning("file_not_looked_at", sha256=sha256, why=f"{type(error).__name__}: {error}"[:500])
        return Looked(NOT_DONE, until=(now + AGAIN).isoformat())
    return Looked(how=made.how, pages=made.pages, changes=made.changes)


def _path(home: Path, sha256: str, by: str) -> Path:
    return home / FOLDER / f"{sha256}-{by}.json"


def _write(path: Path, seen: Looked) -> None:
    """Whole or not at all: pages read it meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="utf-8", delete=False) as file:
        json.dump(asdict(seen), file, ensure_ascii=False)
    Path(file.name).replace(path)


_FILES: Final = (
    sa.select(t.attachment.c.sha256)
    .join(t.record, t.record.c.id == t.attachment.c.record_id)
    .where(t.record.c.kind == "document", t.record.c.state.in_(UNDER_WAY), t.attachment.c.removed_by_id.is_(None))
    .order_by(t.attachment.c.id.desc())
)
