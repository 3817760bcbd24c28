"""A mail server on the loopback that takes every mail and keeps none; it says when each one came.

Run as a process of its own: prints its port, then a moment (monotonic, nanoseconds) for each mail.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from time import monotonic_ns

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Taker:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - its caller names it so
        print(monotonic_ns(), flush=True)
        return "250 2.0.0 OK"


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(_Taker()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _pass_on(lines: Iterable[str], came: "Queue[int]") -> None:
    for line in lines:
        came.put(int(line))


@contextmanager
def null_smtp() -> Iterator[tuple[int, "Queue[int]"]]:
    """The server's port, and the moments at which mails came."""
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.null_smtp"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port, came = int(server.stdout.readline()), Queue[int]()
        Thread(target=_pass_on, args=(server.stdout, came), daemon=True).start()
        yield port, came
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
