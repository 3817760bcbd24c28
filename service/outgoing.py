"""Requests that Sapat sends to addresses people have entered, so that nobody reaches through it what is inside.

The name is looked up once, what it means is checked, and the connection goes to that very address: a name that means
something else a moment later is not asked again. TLS and the Host header keep the name. No redirect is followed, no
proxy is used, and of the answer only its status is told: whoever enters an address reads nothing through Sapat.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final, cast

from service.reachable import AddressRefused, Target, is_address, is_public, target_of
from states.refusals import Refusal
from states.text import N_

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# Seconds for everything: name, connection, TLS, request, answer.
LONGEST: Final = 5.0


class NoAnswer(Refusal):
    """The receiver could not be reached, or did not answer in time."""

    status = 502
    code = "no-answer"
    says = N_("%(host)s did not answer: %(why)s.")
    next_step = N_("See whether the receiver runs and can be reached from here, then try again.")


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as this machine knows them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [cast("str", entry[4][0]) for entry in found]


class Outgoing:
    """Sends to public addresses, and to the `host:port` in `allow` wherever they are."""

    def __init__(
        self,
        allow: Collection[str] = (),
        resolve: Resolver = look_up,
        *,
        seconds: float = LONGEST,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = frozenset(one.strip().lower() for one in allow)
        self._resolve = resolve
        self._seconds = seconds
        self._trust = trust

    async def check_address(self, url: str) -> None:
        """Say whether something could be sent there now. Raises AddressRefused with what is wrong, NoAnswer."""
        target = target_of(url, self._allow)
        try:
            async with asyncio.timeout(self._seconds):
                await self._addresses(target)
        except TimeoutError as error:
            raise NoAnswer(_NOT_IN_TIME, host=target.host) from error

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send it; the status of the answer, which may be a redirect. Raises AddressRefused, NoAnswer."""
        from service.wire import post  # long to import, and most universities never send

        target = target_of(url, self._allow)
        try:
            async with asyncio.timeout(self._seconds):
                return await post(target, await self._addresses(target), body, headers, self._trust)
        except TimeoutError as error:
            raise NoAnswer(_NOT_IN_TIME, host=target.host) from error
        except OSError as error:
            raise NoAnswer(host=target.host, why=str(error)) from error

    async def _addresses(self, target: Target) -> Sequence[str]:
        """What the host means at this moment; where one of its addresses is closed, all are."""
        try:
            found = [target.host] if is_address(target.host) else await self._resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise AddressRefused(N_("No host of the name “%(host)s” is known."), host=target.host) from error
        if target.authority not in self._allow:
            for address in found:
                if not is_public(address):
                    raise AddressRefused(N_("“%(host)s” is not on the public internet."), host=target.host)
        return found


_NOT_IN_TIME = N_("%(host)s did not answer in time.")
