"""Tables between their trial run and the import itself: kept by their SHA-256 for a day, then taken away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from states.refusals import NotFound
from states.text import N_

KEPT: Final = timedelta(days=1)
_KEY: Final = re.compile(r"[0-9a-f]{64}")


class WaitingTables:
    """Files below `folder`; whoever runs Sapat can read them, nobody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes, name: str, now: datetime) -> str:
        """Keep a table that was sent under `name`; its key. What is older than a day goes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.iterdir():
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)
        key = sha256(content).hexdigest()
        path = self.path(key, name)
        path.touch(mode=0o600)
        path.write_bytes(content)
        return key

    @contextmanager
    def taken(self, key: str, name: str) -> Iterator[Path]:
        """The table of that key, which goes once it has been used without a refusal. Raises NotFound."""
        path = self.path(key, name)
        if not path.is_file():
            raise NotFound(N_("This table waits no more."), N_("Send it again."))
        yield path
        path.unlink(missing_ok=True)

    def path(self, key: str, name: str) -> Path:
        """Where the table of that key is kept. Raises NotFound for what is no key."""
        if not _KEY.fullmatch(key):
            raise NotFound
        # How a text is split depends on the name's end, and on nothing else of it.
        return self._folder / (f"{key}.tsv" if name.casefold().endswith(".tsv") else key)
