"""What became of mails, written down with all the notices that each of them told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.prepared import Prepared
from notifications.message import LetterError
from notifications.smtp import Outcome
from service.overtaken import drop

LONGEST_PAUSE: Final = timedelta(minutes=10)
_SENT: Final = Prepared(sa.update(t.notice).where(t.notice.c.key == sa.bindparam("of")))


def fault_of(key: str, error: Exception) -> Outcome:
    """What became of a mail that cannot be written: a fault of ours is put off and shown, until it is mended."""
    hopeless = isinstance(error, LetterError)
    return Outcome(key, accepted=False, permanent=hopeless, reply=f"{type(error).__name__}: {error}")


def keep(
    connection: sa.Connection, outcomes: Sequence[Outcome], now: datetime, told_in: Mapping[str, Sequence[str]]
) -> Counter[str]:
    """Write down what became of these mails, and count them; `told_in` says which notices a digest tells."""
    # Whoever dropped it while it was on the wire was too late.
    marks = {"sent_at": now, "dropped_at": None, "error": None}
    sent = [{"of": key, **marks} for one in outcomes if one.accepted for key in told_in.get(one.key, (one.key,))]
    if sent:
        _SENT.run(connection, *sent)
    for one in outcomes:
        if not one.accepted:
            mine = t.notice.c.key.in_(told_in.get(one.key, (one.key,)))
            if one.permanent:
                drop(connection, mine, one.reply, now)
            else:
                _put_off(connection, mine, one.reply, now)
    return Counter("sent" if one.accepted else "dropped" if one.permanent else "failed" for one in outcomes)


def _put_off(connection: sa.Connection, mine: sa.ColumnElement[bool], why: str, now: datetime) -> None:
    attempts: int = connection.execute(sa.select(sa.func.max(t.notice.c.attempts)).where(mine)).scalar_one()
    pause = min(timedelta(seconds=15 * 2 ** min(attempts, 10)), LONGEST_PAUSE)
    connection.execute(sa.update(t.notice).where(mine).values(next_try_at=now + pause, error=why[:500]))
