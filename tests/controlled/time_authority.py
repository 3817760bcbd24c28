"""A time-stamp authority (RFC 3161) on this machine, over HTTP: one that stamps, and one that does all else."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import core, keys, tsp  # type: ignore[import-untyped]  # it brings no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass
class TimeAuthority:
    """`does`: `stamps`, `refuses`, `stamps another`, `forges`, `rubbish`, `fails`, `drips`, `is silent`, `floods`.

    `given` counts the stamps; `asked` all questions.
    """

    certificate: asn1_x509.Certificate
    stamper: DummyTimeStamper
    does: str = "stamps"
    url: str = ""
    asked: int = 0
    given: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, question: bytes) -> bytes:
        """The answer to a question, as long as it gives one."""
        asked = tsp.TimeStampReq.load(question, strict=True)
        if self.does == "rubbish":
            return b"\x30\x82\x7f\xffrubbish"
        if self.does == "refuses":
            told = {"status": "rejection", "status_string": ["not today"]}
            return bytes(tsp.TimeStampResp({"status": tsp.PKIStatusInfo(told)}).dump())
        if self.does == "stamps another":
            asked["message_imprint"]["hashed_message"] = core.OctetString(bytes(32))
        given = asyncio.run(self.stamper.async_request_tsa_response(asked))
        if self.does == "forges":
            signer = given["time_stamp_token"]["content"]["signer_infos"][0]
            signer["signature"] = core.OctetString(bytes(len(signer["signature"].native)))
        self.given += 1
        return bytes(given.dump(force=True))


@contextmanager
def time_authority(now: datetime) -> Iterator[TimeAuthority]:
    """One that runs, and stamps with this moment."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Убакыт борбору")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = asn1_x509.Certificate.load(made.public_bytes(Encoding.DER))
    secret = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    authority = TimeAuthority(certificate, DummyTimeStamper(certificate, secret, fixed_dt=now))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(authority))
    server.daemon_threads = True
    authority.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        authority.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def _answering(authority: TimeAuthority) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            assert self.headers["Content-Type"] == QUERY
            question = self.rfile.read(int(self.headers["Content-Length"]))
            if authority.does == "is silent":
                authority.ended.wait(60)
                return
            self.send_response(503 if authority.does == "fails" else 200)
            self.send_header("Content-Type", REPLY)
            self.end_headers()
            if authority.does == "fails":
                return
            if authority.does in ("drips", "floods"):
                self._without_end()
                return
            self.wfile.write(authority.answer(question))

        def _without_end(self) -> None:
            piece, pause = (b"\x30", 0.1) if authority.does == "drips" else (b"\x30" * 65536, 0.0)
            deadline = time.monotonic() + 60
            while not authority.ended.is_set() and time.monotonic() < deadline:
                try:
                    self.wfile.write(piece)
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(pause)

        def log_message(self, *_: object) -> None:
            pass

    return Answering
