"""A server that speaks as much of S3 as a store needs, and checks what it gets by the SHA-256 that came with it."""

import hashlib
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "sapat"


@dataclass
class S3:
    """A server with one bucket; `kept` is what is in it, by name. `breaks` says to what it answers with an error."""

    address: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    breaks: set[str] = field(default_factory=set)

    def url(self, prefix: str = "") -> str:
        """What SAPAT_FILES is."""
        return f"s3://key:secret@{BUCKET}{prefix}?endpoint={self.address}&region=eu-west-1"


@contextmanager
def s3() -> Iterator[S3]:
    """A server of one's own, ended afterwards."""
    told = S3()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

        def _name(self) -> str:
            return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}/").removeprefix(f"/{BUCKET}")

        def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            for name, value in {"Content-Length": str(len(body)), **named}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            sent = self.headers.get("x-amz-checksum-sha256", "")
            if "PUT" in told.breaks:
                self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            elif sent != b64encode(hashlib.sha256(content).digest()).decode():
                self._answer(400, b"<Error><Code>BadDigest</Code></Error>")
            else:
                told.kept[self._name()] = content
                told.checked.append(sent)
                self._answer(200, ETag='"e"')

        def do_GET(self) -> None:
            if "list-type" in parse_qs(urlsplit(self.path).query):
                self._list()
                return
            content = told.kept.get(self._name())
            if content is None:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            else:
                now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
                self._answer(200, content, Last_Modified=now, ETag='"e"')

        do_HEAD = do_GET  # noqa: N815 - its caller names it so

        def do_POST(self) -> None:
            """Take several away at once."""
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            names = re.findall(r"<Key>(.*?)</Key>", asked)
            for name in names:
                told.kept.pop(name, None)
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode(), Content_Type="application/xml")

        def _list(self) -> None:
            prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            found = "".join(
                f"<Contents><Key>{escape(name)}</Key><Size>{len(content)}</Size><LastModified>{now}</LastModified>"
                '<ETag>"e"</ETag></Contents>'
                for name, content in sorted(told.kept.items())
                if name.startswith(prefix)
            )
            body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
            self._answer(200, body.encode(), Content_Type="application/xml")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
