"""The periodic reviews that the calendar opens while the demonstration's story is told: most are answered in time."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.demo.tales import Stop, Tale
from states.registry import lifecycle

# By the order in which they open: two are left to grow late, one asks for a new revision, of two the withdrawal is
# proposed, the others are reaffirmed after some working days. Those of the last days are still open.
_FORGOTTEN: Final = frozenset({19, 23})
_REVISED: Final = 26
_KEPT, _PROPOSED = 20, 24
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
            tale = Tale("document", {}, (), record_id=record_id)
            answers.append((tale, Stop(_ANSWERS.get(place, "reaffirm"), then)))
            if place == _KEPT:
                answers.append((tale, Stop("keep_in_force", max(1, then - 2))))
        return answers


_ANSWERS = {_REVISED: "revise", _KEPT: "propose_withdrawal", _PROPOSED: "propose_withdrawal"}


def still_open(connection: sa.Connection, tale: Tale, stop: Stop) -> bool:
    """Whether the review can still be answered so: a new revision may have replaced the one under review."""
    state = connection.execute(sa.select(t.record.c.state).where(t.record.c.id == tale.record_id)).scalar()
    return state in lifecycle("document").moves[stop.move].sources
