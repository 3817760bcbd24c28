"""The store in a bucket of an S3-compatible server: as on the disk, each content once, under its SHA-256.

What comes in is hashed and judged in a local file first, and then sent whole; the server checks what it got by SHA-256
and answers once it is safe. What goes out is hashed again here: nobody gets a wrong file whole.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import S3Store

from service.files.refusals import FileDamagedError
from service.files.store import MOST_BYTES, Store, is_hash

if TYPE_CHECKING:  # they are there for whoever checks types only
    from obstore.store import ClientConfig, RetryConfig, S3Config

_PIECE: Final = 1 << 20
_LIST: Final = 1000


class Bucket(Store):
    """Files in a bucket, by their SHA-256: `prefix/ab/cd/abcd…`; `folder` is where they are written on their way."""

    def __init__(self, objects: S3Store, folder: Path, most: int = MOST_BYTES) -> None:
        super().__init__(folder, most)
        self._objects = objects

    @classmethod
    def at(cls, url: str, folder: Path, most: int = MOST_BYTES) -> "Bucket":
        """The one of `s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…`. Raises ValueError for another URL.

        Without a key the environment's AWS_… variables are asked; `endpoint` is left out for Amazon's own.
        """
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.hostname:
            raise ValueError("SAPAT_FILES begins with s3://bucket")
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = asked.get("endpoint", "")
        told: S3Config = {"checksum_algorithm": "SHA256", "region": asked.get("region", "us-east-1")}
        if endpoint:
            told |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
        if parts.username:
            told |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
        client: ClientConfig = {"allow_http": endpoint.startswith("http://"), "timeout": "60s", "connect_timeout": "5s"}
        again: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}
        prefix = parts.path.strip("/") or None
        objects = S3Store(parts.hostname, prefix=prefix, config=told, client_options=client, retry_config=again)
        return cls(objects, folder, most)

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content in pieces, the last only once all of it is right. Raises NotFound, FileDamagedError."""
        found, last = sha256_of(), b""
        name = self._name(sha256)
        try:
            for piece in obstore.get(self._objects, name).stream(min_chunk_size=_PIECE):
                if last:
                    yield last
                last = bytes(piece)
                found.update(last)
        except (NotFoundError, FileNotFoundError) as error:
            raise FileDamagedError(sha256, "is missing") from error
        if found.hexdigest() != sha256:
            raise FileDamagedError(sha256, "has another content")
        yield last

    def holds(self, sha256: str) -> bool:
        """Whether there is such a file, without a look into it."""
        try:
            obstore.head(self._objects, self._name(sha256))
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    def remove(self, sha256: str) -> None:
        """Take a file away; one that is not there is no error."""
        obstore.delete(self._objects, self._name(sha256))

    def old(self, before: datetime) -> Iterator[tuple[str, int, datetime]]:
        """What was written before that moment: hash, size, when. Unfinished files of that age are taken away."""
        yield from super().old(before)
        for some in obstore.list(self._objects, chunk_size=_LIST):
            for one in some:
                name, written = one["path"].rpartition("/")[2], one["last_modified"]
                if is_hash(name) and written < before:
                    yield name, one["size"], written

    def _place(self, written: Path, sha256: str) -> None:
        # One request, whole or not at all: of the pieces of a larger one, some may be left behind.
        obstore.put(self._objects, self._name(sha256), written.read_bytes(), use_multipart=False)

    def _name(self, sha256: str) -> str:
        path = self._path(sha256)  # raises NotFound for what is no hash
        return "/".join(path.parts[-3:])
