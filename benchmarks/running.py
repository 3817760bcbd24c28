"""Processes that answer on the loopback: Sapat as it is served, a bare web application, a bare Prefect server."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

SAPAT = Path(sys.executable).with_name("sapat")
PATIENCE = 120.0


@dataclass
class Running:
    """A process, the port it answers on, and how long it took from its start to its first page."""

    process: "subprocess.Popen[bytes]"
    port: int
    started_in: float

    def tree(self) -> list[psutil.Process]:
        """The process and all below it."""
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]


@contextmanager
def sapat(home: Path, **settings: Any) -> Iterator[Running]:
    """`sapat serve` on a home of its own, from its start to its end."""
    port = free_port()
    told = {f"SAPAT_{name.upper()}": str(value) for name, value in settings.items()}
    with running([str(SAPAT), "serve"], port, "/", SAPAT_HOME=str(home), SAPAT_PORT=str(port), **told) as found:
        yield found


@contextmanager
def bare_web() -> Iterator[Running]:
    """uvicorn with a FastAPI application that says hello."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.hello:app", "--port", str(port), "--log-level", "warning"]
    with running(command, port, "/") as found:
        yield found


@contextmanager
def bare_prefect(home: Path) -> Iterator[Running]:
    """Prefect's server in a process of its own, with the settings that Sapat gives it."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_prefect", str(home), str(port)]
    with running(command, port, "/api/ready") as found:
        yield found


@contextmanager
def running(command: list[str], port: int, page: str, **settings: str) -> Iterator[Running]:
    """The command, once its page has answered 200; ended as somebody at a keyboard ends it."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("SAPAT_", "PREFECT_"))}
    begun = monotonic()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**known, **settings}, start_new_session=True, **quiet)  # type: ignore[call-overload]  # its options in a mapping
    try:
        while not _answers(port, page):
            assert process.poll() is None, f"{command} has ended with {process.returncode}"
            assert monotonic() < begun + PATIENCE, f"{command} does not answer"
            sleep(0.005)
        yield Running(process, port, monotonic() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, page: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        if (leads_to := answer.headers.get("location")) and leads_to.startswith("/"):
            answer.read()
            connection.request("GET", leads_to)  # whoever has not said who they are is asked that first
            answer = connection.getresponse()
        return answer.status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
