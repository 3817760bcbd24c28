"""The second factor: codes of a device by time (RFC 6238), each good once, and ten recovery codes."""

import hmac
import re
import secrets
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pyotp
import sqlalchemy as sa

from models import tables as t
from service.accounts.account import ensure_account
from service.accounts.refusals import WrongCode
from service.accounts.tokens import hashed
from service.events import log_event
from service.vault import Vault
from states.refusals import Duplicate
from states.text import N_

STEP: Final = 30
WINDOW: Final = 1
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_GROUPS, _GROUP = 4, 4
TOTP, RECOVERY = "totp", "recovery"


class SecondFactorThere(Duplicate):
    """There is a second factor already."""

    code = "second-factor-there"
    says = N_("You have a second factor already.")
    next_step = N_("Take it away first, then set up another one.")


def begin(connection: sa.Connection, vault: Vault, person_id: UUID, now: datetime) -> None:
    """A new secret, which is worth nothing until a code of it is given. Raises SecondFactorThere."""
    ensure_account(connection, person_id, now)
    sealed = vault.seal(pyotp.random_base32(), str(person_id))
    free = (t.account.c.person_id == person_id) & t.account.c.totp_since.is_(None)
    if not connection.execute(sa.update(t.account).where(free).values(totp_secret=sealed, totp_step=0)).rowcount:
        raise SecondFactorThere


def shown_secret(connection: sa.Connection, vault: Vault, person_id: UUID) -> str | None:
    """The secret that waits for its first code; None where there is none, or where it is in use and no longer shown."""
    row = _row(connection, person_id)
    return vault.open(row.totp_secret, str(person_id)) if row and row.totp_secret and not row.totp_since else None


def address_of(secret: str, name: str) -> str:
    """What the QR code says (`otpauth://`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Sapat")


def confirm(connection: sa.Connection, vault: Vault, person_id: UUID, code: str, now: datetime) -> list[str]:
    """The device works: from now on it is asked for. Gives the recovery codes, which nobody sees again.

    Raises WrongCode.
    """
    secret = shown_secret(connection, vault, person_id)
    step = _step(secret, code, now) if secret else None
    if step is None:
        raise WrongCode
    waiting = (t.account.c.person_id == person_id) & t.account.c.totp_since.is_(None)
    if not connection.execute(sa.update(t.account).where(waiting).values(totp_since=now, totp_step=step)).rowcount:
        raise WrongCode
    log_event(connection, "second_factor.set", now, actor_id=person_id, about_id=person_id)
    return new_recovery_codes(connection, person_id)


def renew_codes(connection: sa.Connection, person_id: UUID, now: datetime) -> list[str]:
    """Ten new recovery codes. Raises WrongCode where there is no second factor."""
    row = _row(connection, person_id)
    if row is None or not row.totp_since:
        raise WrongCode
    log_event(connection, "recovery_codes.renewed", now, actor_id=person_id, about_id=person_id)
    return new_recovery_codes(connection, person_id)


def new_recovery_codes(connection: sa.Connection, person_id: UUID) -> list[str]:
    """Ten new codes in place of those there were."""
    connection.execute(sa.delete(t.recovery_code).where(t.recovery_code.c.person_id == person_id))
    codes = ["-".join(_letters() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]
    rows = [{"code_hash": _kept(person_id, code), "person_id": person_id, "used_at": None} for code in codes]
    connection.execute(sa.insert(t.recovery_code), rows)
    return codes


def codes_left(connection: sa.Connection, person_id: UUID) -> int:
    """How many recovery codes have not been used."""
    left = (t.recovery_code.c.person_id == person_id) & t.recovery_code.c.used_at.is_(None)
    return connection.execute(sa.select(sa.func.count()).where(left)).scalar_one()


def use(connection: sa.Connection, vault: Vault, person_id: UUID, code: str, now: datetime) -> str | None:
    """How the code was right, `totp` or `recovery`, and used up with this; None where it was not."""
    row = _row(connection, person_id)
    if row is None or not row.totp_since:
        return None
    typed = re.sub(r"[\s-]", "", code).lower()
    if not re.fullmatch(r"\d{6}", typed, re.ASCII):
        return RECOVERY if _use_recovery(connection, person_id, typed, now) else None
    step = _step(_opened(vault, row.totp_secret, person_id), typed, now)
    # A code that was seen once, over a shoulder or on the way, is worth nothing afterwards.
    later = (t.account.c.person_id == person_id) & (t.account.c.totp_step < (step or 0))
    return TOTP if connection.execute(sa.update(t.account).where(later).values(totp_step=step)).rowcount else None


def remove(connection: sa.Connection, person_id: UUID, actor_id: UUID | None, now: datetime) -> None:
    """No second factor any more, and no recovery codes."""
    mine = sa.update(t.account).where(t.account.c.person_id == person_id, t.account.c.totp_secret.is_not(None))
    if connection.execute(mine.values(totp_secret=None, totp_since=None, totp_step=0)).rowcount:
        connection.execute(sa.delete(t.recovery_code).where(t.recovery_code.c.person_id == person_id))
        log_event(connection, "second_factor.removed", now, actor_id=actor_id, about_id=person_id)


def _row(connection: sa.Connection, person_id: UUID) -> Any:
    columns = (t.account.c.totp_secret, t.account.c.totp_since)
    return connection.execute(sa.select(*columns).where(t.account.c.person_id == person_id)).one_or_none()


def _opened(vault: Vault, sealed: str | None, person_id: UUID) -> str | None:
    try:
        return vault.open(sealed or "", str(person_id))
    except ValueError:  # the key was lost: recovery codes still work
        return None


def _step(secret: str | None, code: str, now: datetime) -> int | None:
    """The time step whose code it is, the present one or a neighbour."""
    typed = re.sub(r"\s", "", code)
    present = int(now.timestamp()) // STEP
    for step in range(present - WINDOW, present + WINDOW + 1):
        if secret and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), typed.encode()):
            return step
    return None


def _use_recovery(connection: sa.Connection, person_id: UUID, typed: str, now: datetime) -> bool:
    kept = t.recovery_code.c.code_hash == _kept(person_id, typed)
    unused = sa.update(t.recovery_code).where(kept, t.recovery_code.c.used_at.is_(None))
    return bool(connection.execute(unused.values(used_at=now)).rowcount)


def _kept(person_id: UUID, code: str) -> str:
    return hashed(f"{person_id}:{code.replace('-', '')}")


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))
