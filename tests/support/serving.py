"""The application behind a real socket of this machine, for as long as a test asks it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from service.web.app import create_app
from service.web.site import Site


@contextmanager
def serving(site_at: Callable[[str], Site], host: str = "127.0.0.1", **config: Any) -> Iterator[str]:
    """Its address; `site_at` makes the site that is served there, `config` is for uvicorn."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://{host}:{free.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(create_app(site_at(address)), **({"log_level": "warning"} | config)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(10)
