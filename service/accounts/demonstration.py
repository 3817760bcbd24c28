"""Demo sign-in: anybody may be anybody, where nothing is real and nobody else can come."""

from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sa

from models import tables as t
from models.database import put
from service.settings import Settings

COUNTER: Final = "demonstration"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# What a proxy adds: who asks through one may be anywhere.
_PROXIED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def mark_demonstration(connection: sa.Connection) -> None:
    """What is in this database was made up, all of it. Only what fills an empty one says so."""
    put(connection, t.counter, {"name": COUNTER, "value": 1}, key="name")


def is_demonstration(connection: sa.Connection) -> bool:
    """Whether what is in this database was made up."""
    return connection.execute(sa.select(sa.exists().where(t.counter.c.name == COUNTER))).scalar_one()


def demo_sign_in(settings: Settings, demonstration: bool) -> Callable[[Mapping[str, str]], bool]:
    """By the headers of a request, whether it may say who it is: only on this machine, with made-up data and mails."""
    if not (demonstration and settings.demo and settings.host in LOOPBACK and not settings.proxy):
        return lambda _: False
    return _from_here


def _from_here(headers: Mapping[str, str]) -> bool:
    """Whether a browser on this machine asked for this machine: a foreign name may lead here as well as ours."""
    host = headers.get("host", "")
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOOPBACK and not any(header in headers for header in _PROXIED)
