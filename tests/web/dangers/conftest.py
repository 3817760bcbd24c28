"""The application as it is attacked: in this process, or behind a real socket."""

import asyncio
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import httpx
import pytest

from models.database import Database
from service.settings import Settings
from service.web.site import Site
from tests.support.serving import serving
from tests.support.university import University, at
from tests.web.visitors import HOST, Visitor

NOW = at(2026, 4, 6)


def send_files(
    visitor: Visitor, path: str, data: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]
) -> httpx.Response:
    """Send a form of this site's own pages with files, each with its name."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=visitor.cookies) as client:
            return await client.post(path, data=dict(data), files=dict(files), headers={"Origin": HOST})

    return asyncio.run(send())


@dataclass
class Wire:
    """A server on loopback, spoken to byte by byte."""

    port: int
    pages: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Its name, as a browser says it."""
        return f"127.0.0.1:{self.port}"

    def say(self, *pieces: bytes, more: Iterable[bytes] = (), most: int = 100_000) -> bytes:
        """Send the pieces, as far as they are taken; what is answered until the server hangs up or 10 s are over."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            try:
                for piece in chain(pieces, more):
                    line.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return self._heard(line, most)

    def ask(self, head: str, body: bytes = b"") -> bytes:
        """One request: its lines, of which `HOST` is replaced, and its body; the connection is closed after it."""
        lines = head.replace("HOST", self.host).strip().splitlines()
        return self.say("\r\n".join([*(line.strip() for line in lines), "Connection: close", "", ""]).encode(), body)

    @staticmethod
    def _heard(line: socket.socket, most: int) -> bytes:
        heard = b""
        try:
            while len(heard) < most and (piece := line.recv(65536)):
                heard += piece
        except (ConnectionResetError, TimeoutError):
            pass
        return heard


def status(answer: bytes) -> int:
    """The status of an answer on the wire; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


@pytest.fixture
def wire(university: University, tmp_path: Path) -> Iterator[Wire]:
    yield from served(university.database, tmp_path)


def served(database: Database, home: Path) -> Iterator[Wire]:
    """Serve over this database until the test is over."""

    def site(address: str) -> Site:
        return Site(Settings(base_url=address, home=home), database, lambda: NOW)

    with serving(site, log_level="critical", server_header=False) as address:
        yield Wire(int(address.rpartition(":")[2]))
