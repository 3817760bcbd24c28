"""The shapes of what somebody was told."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from service.web.api.shapes import About, Named, Shape


class Telling(Shape):
    """One notice. `rung` is in working days from the due day, `part` as what one was told.

    `way`: by a mail of its own, in a digest, or on the page only. `state`: `waiting` may have `waits_until`, the moment
    of the digest; `why` it was dropped, or what the mail server said of it.
    """

    key: str
    message: str
    record: About
    step: str | None
    task: str | None
    happened: str | None
    asked_by: str | None
    words: str | None
    rung: int | None
    part: str | None
    rung_label: str | None
    missed: int
    at: datetime
    way: Literal["mail", "digest", "page"]
    state: Literal["sent", "waiting", "dropped"]
    sent_at: datetime | None
    waits_until: datetime | None
    why: str | None


class Nudged(Shape):
    """Who was asked to do a task."""

    task: UUID
    told: list[Named]
    at: datetime
    words: str | None
