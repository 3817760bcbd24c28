"""The periodic reviews that the calendar opens while the demonstration's story is told: most are answered in time."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.demo.tales import Stop, Tale

# By the order in which they open: two are left to grow late, one asks for a new revision, the others are reaffirmed
# after some working days. Those of the last days are still open.
_FORGOTTEN: Final = frozenset({19, 23})
_REVISED: Final = 26
_TAKES: Final = (4, 7, 5, 9, 6, 12)


class Reviews:
    """Answers each review once, in the order in which they open."""

    def __init__(self) -> None:
        self._seen: set[UUID] = set()

    def opened(self, connection: sa.Connection, ago: int) -> list[tuple[Tale, Stop]]:
        """What follows from the reviews opened since the last call, `ago` working days before today."""
        review = sa.select(t.record.c.id).where(t.record.c.kind == "document", t.record.c.state == "periodic_review")
        answers = []
        for record_id in connection.execute(review.order_by(t.record.c.code)).scalars():
            if record_id in self._seen:
                continue
            place = len(self._seen)
            self._seen.add(record_id)
            then = ago - _TAKES[place % len(_TAKES)]
            if place in _FORGOTTEN or then < 1:
                continue
            move = "revise" if place == _REVISED else "reaffirm"
            answers.append((Tale("document", {}, (), record_id=record_id), Stop(move, then)))
        return answers


def still_open(connection: sa.Connection, tale: Tale) -> bool:
    """Whether the review is open yet: a new revision may have replaced the one under review."""
    state = connection.execute(sa.select(t.record.c.state).where(t.record.c.id == tale.record_id)).scalar()
    return bool(state == "periodic_review")
