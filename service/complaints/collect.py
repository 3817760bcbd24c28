"""Mails become complaints: one that was handed over, or all that are new in the mailbox."""

import ssl
from collections import Counter
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
import structlog

from models import tables as t
from models.database import Database
from service.complaints.by_mail import CLEAR, Complaint, Refused, read_mail
from service.complaints.complain import take
from service.complaints.inbox import Inbox, InboxAddress, open_inbox
from service.complaints.limits import from_mailbox
from service.complaints.refusals import TooManyComplaints
from service.settings import Settings

# Mails of one round; the next one takes the next.
MOST: Final = 50
TOO_MANY, BROKEN = "too-many", "broken"
# Why a mail was set aside that is tried again once somebody marks it as unread.
AGAIN: Final = (TOO_MANY, BROKEN)
_AWAY: Final = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
log = structlog.get_logger(__name__)


class Received(NamedTuple):
    """What came of a mail: the number of its nonconformity; or why there is none; `known` where it came before."""

    code: str = ""
    why: str = ""
    known: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.why) and self.why not in CLEAR


def receive(database: Database, raw: bytes, now: datetime) -> Received:
    """Take a mail: opened once, however often it comes. Raises TooManyComplaints, and where the database is away."""
    read = read_mail(raw)
    try:
        return _taken(database, read, now)
    except (TooManyComplaints, *_AWAY):
        raise
    except Exception as error:  # noqa: BLE001 - it holds up no other mail, and a person is told to look at it
        # Two at once: the other one has written it down by now.
        if isinstance(error, sa.exc.IntegrityError) and (known := _known(database, read.key)):
            return known
        log.warning("mail_not_taken", why=type(error).__name__, mail=read.key[:12])
        set_aside(database, read.key, BROKEN, now)
        return Received(why=BROKEN)


def collect(
    database: Database, settings: Settings, now: datetime, *, tls: ssl.SSLContext | None = None
) -> dict[str, int]:
    """Take what is new in the mailbox of SAPAT_INBOX, the oldest first; gives how many of what.

    Raises InboxError where the mailbox is not to be had, and what a database raises that is away: what is left waits,
    unread. May be run again at any time. It blocks, for a minute at times: not on an event loop.
    """
    if settings.inbox is None or not settings.inbox.get_secret_value():
        return {}
    counts: Counter[str] = Counter()
    with open_inbox(InboxAddress.from_url(settings.inbox.get_secret_value()), tls) as inbox:
        uids = inbox.new(MOST)
        for place, uid in enumerate(uids):
            raw = inbox.fetch(uid)
            if raw is None:
                continue
            try:
                done = _one(database, inbox, uid, raw, now)
            except TooManyComplaints:
                counts["waiting"] += len(uids) - place
                break
            counts[done] += 1
    return {f"complaints_{what}": counts[what] for what in sorted(counts)}


def _one(database: Database, inbox: Inbox, uid: str, raw: bytes, now: datetime) -> str:
    """One mail, and what came of it. Written down before it is marked: whoever dies between finds it known."""
    try:
        received = receive(database, raw, now)
    except TooManyComplaints as refusal:
        if refusal.all_over:
            raise
        received = Received(why=TOO_MANY)
        set_aside(database, read_mail(raw).key, TOO_MANY, now)
    inbox.put_away(uid, look=received.doubtful)
    if received.known:
        return "known"
    if received.code:
        return "opened"
    return "set_aside" if received.doubtful else "refused"


def set_aside(database: Database, key: str, why: str, now: datetime) -> None:
    """Write down that a mail was not taken, and why."""
    with database.write() as connection:
        _forget(connection, key)
        connection.execute(sa.insert(t.received_mail), {"message_id": key, "at": now, "record_id": None, "why": why})


def _taken(database: Database, read: Complaint | Refused, now: datetime) -> Received:
    with database.write() as connection:
        _forget(connection, read.key)
        if known := _before(connection, read.key):
            return known
        row = {"message_id": read.key, "at": now, "record_id": None, "why": None}
        if isinstance(read, Refused):
            connection.execute(sa.insert(t.received_mail), {**row, "why": read.why.value})
            return Received(why=read.why.value)
        taken = take(connection, read.given, now, address=from_mailbox(read.sender))
        connection.execute(sa.insert(t.received_mail), {**row, "record_id": taken.record_id})
        return Received(taken.code)


def _known(database: Database, key: str) -> Received | None:
    with database.read() as connection:
        return _before(connection, key)


def _before(connection: sa.Connection, key: str) -> Received | None:
    mail, record = t.received_mail.c, t.record.c
    found = sa.select(mail.why, record.code).outerjoin(t.record, record.id == mail.record_id)
    row = connection.execute(found.where(mail.message_id == key)).one_or_none()
    return Received(row.code or "", row.why or "", known=True) if row else None


def _forget(connection: sa.Connection, key: str) -> None:
    """What was set aside is tried as if it came for the first time."""
    mail = t.received_mail.c
    connection.execute(sa.delete(t.received_mail).where(mail.message_id == key, mail.why.in_(AGAIN)))
