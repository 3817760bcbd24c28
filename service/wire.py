"""One POST over a connection to addresses that were checked before. httpcore is long to import: only when sending."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from service.reachable import Target

# Seconds for one of several addresses of a host, so that another can still be tried.
ONE_ADDRESS: Final = 2.0
# Of the answer's body so much is read, for the receiver's sake, and thrown away.
LARGEST: Final = 64 * 1024


async def post(
    target: Target, addresses: Sequence[str], body: bytes, headers: Mapping[str, str], trust: ssl.SSLContext | None
) -> int:
    """Send it to one of the addresses under the target's name; the status of the answer. Raises OSError."""
    url = httpcore.URL(
        scheme=b"https" if target.secure else b"http", host=target.host, port=target.port, target=target.path
    )
    told: dict[bytes | str, bytes | str] = {
        "Host": target.named,
        "User-Agent": "Sapat",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    told.update(headers.items())
    trust = trust or _trust() if target.secure else None
    try:
        async with (
            httpcore.AsyncConnectionPool(trust, network_backend=_Checked(addresses)) as pool,
            pool.stream("POST", url, headers=told, content=body) as answer,
        ):
            await _read_away(answer)
            return answer.status
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were checked, whatever name is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._wire = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses:
            try:
                return await self._wire.connect_tcp(address, port, ONE_ADDRESS, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


@cache
def _trust() -> ssl.SSLContext:
    """Whom we trust: the usual authorities, or those of SSL_CERT_FILE. Reading them takes long, so once."""
    return httpx.create_ssl_context()


async def _read_away(answer: httpcore.Response) -> None:
    """Hear the receiver out for a while: who is cut off may take it for a failure. What matters has been said."""
    read = 0
    with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        async with asyncio.timeout(1):
            async for chunk in answer.aiter_stream():
                read += len(chunk)
                if read > LARGEST:
                    return
