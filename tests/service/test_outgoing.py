"""Whoever enters an address tries to reach through Sapat what is inside."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as some

from service.outgoing import NoAnswer, Outgoing
from service.reachable import AddressRefused, is_public
from service.wire import LARGEST
from tests.support.receiver import answering, receiving

PUBLIC = "8.8.8.8"
JSON = {"Content-Type": "application/json"}
INSIDE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254", "169.254.169.254"),  # noqa: S104 - asked about, not listened on
    *("172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1", "5f00::1"),
]


class Names:
    """A resolver: each question takes the next of its answers, the last one for good."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def post(outgoing: Outgoing, url: str, body: bytes = b"{}") -> int:
    return asyncio.run(outgoing.post(url, body, JSON))


def check(outgoing: Outgoing, url: str) -> None:
    asyncio.run(outgoing.check_address(url))


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that is begun: it must stay empty."""
    begun: list[object] = []

    async def connect(_loop: object, _socket: socket.socket, address: object) -> None:
        begun.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", connect)
    return begun


class TestAnAddress:
    @pytest.mark.parametrize("address", INSIDE)
    def test_that_is_inside_is_refused(self, address: str, nowhere: list[object]) -> None:
        assert not is_public(address)
        host = f"[{address}]" if ":" in address else address
        for act in (check, post):
            with pytest.raises(AddressRefused):
                act(Outgoing(), f"http://{host}/")
        assert nowhere == []

    @pytest.mark.parametrize(
        "host",
        [
            *("2130706433", "0x7f000001", "017700000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "0"),
            *("127.0.0.1.", "127.0.0.01", "0x7f.1", "1.2.3.4.5", "256.1.1.1", "8.8.8.0x8", "①②⑦.⓪.⓪.①"),
            *("127。0。0。1", "１２７.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]"),
            *("[::1%25lo]", "[fe80::1%eth0]", "[::1", "[]", "[127.0.0.1]", "[v1.x]", "0x"),
        ],
    )
    def test_written_so_that_others_read_it_otherwise_is_refused(self, host: str, nowhere: list[object]) -> None:
        names = Names([PUBLIC])
        with pytest.raises(AddressRefused):
            post(Outgoing((), names), f"http://{host}/")
        assert (names.asked, nowhere) == ([], [])

    @pytest.mark.parametrize(
        "url",
        [
            *("", "hook.example", "//hook.example/", "http:", "http://", "http:///x", "https:hook.example"),
            *("ftp://hook.example/", "file:///etc/passwd", "gopher://hook.example:80/", "javascript:alert(1)"),
            *("http://hook.example@127.0.0.1/", "http://user:secret@hook.example/", "http://@hook.example/"),
            *("http://127.0.0.1\\@hook.example/", "http://hook.example\\.inside/", "http://hook.example /"),
            *("http://hook.example\r\nX: y/", "http://hook.example/\r\nX: y", "http://hook.example\t/", "http://a..b/"),
            *("http://hook.example:22/", "http://hook.example:6379/", "http://hook.example:99999/", "http://h:-1/"),
            *("http://hook.example:80:80/", "http://hook_.%31/", "http://-hook.example/", f"http://h/{'a' * 2000}"),
            *("http://[2606:4700::1].inside/", "http://ho\x00ok.example/", "http://hook.example:٨٠/"),
        ],
    )
    def test_that_is_no_plain_address_is_refused(self, url: str, nowhere: list[object]) -> None:
        with pytest.raises(AddressRefused) as refused:
            post(Outgoing((), Names([PUBLIC])), url)
        assert refused.value.next_step
        assert nowhere == []

    @pytest.mark.parametrize(
        "url",
        [
            *("https://hook.example", "https://hook.example/a?b=c#d", "http://hook.example:8443/", "https://8.8.8.8/"),
            *("https://HOOK.example./", "https://университет.кг/сапат", "https://[2606:4700:4700::1111]/"),
        ],
    )
    def test_that_is_public_may_be_entered(self, url: str) -> None:
        check(Outgoing((), Names([PUBLIC, "2606:4700:4700::1111"])), url)

    def test_that_nobody_knows_is_refused(self) -> None:
        async def unknown(host: str, port: int) -> Sequence[str]:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        for act in (check, post):
            with pytest.raises(AddressRefused, match="hook"):
                act(Outgoing((), unknown), "https://hook.example/")


class TestAName:
    @pytest.mark.parametrize("address", INSIDE)
    def test_that_means_something_inside_is_refused(self, address: str, nowhere: list[object]) -> None:
        for answer in ([address], [PUBLIC, address]):
            with pytest.raises(AddressRefused):
                post(Outgoing((), Names(answer)), "https://hook.example/")
        assert nowhere == []

    def test_that_this_machine_knows_as_itself_is_refused(self) -> None:
        for act in (check, post):
            with pytest.raises(AddressRefused):
                act(Outgoing(), "http://localhost/")

    def test_that_means_another_address_after_it_was_entered_is_refused(self, nowhere: list[object]) -> None:
        names = Names([PUBLIC], ["127.0.0.1"])
        outgoing = Outgoing((), names)
        check(outgoing, "http://hook.example/")
        with pytest.raises(AddressRefused):
            post(outgoing, "http://hook.example/")
        assert (len(names.asked), nowhere) == (2, [])

    def test_is_looked_up_once_and_what_was_checked_is_where_it_goes(self) -> None:
        with receiving() as receiver:
            authority = f"hook.example:{receiver.port}"
            names = Names(["127.0.0.1"], ["192.0.2.1"])
            assert post(Outgoing([authority], names), f"http://{authority}/a?b=c") == 204
        assert names.asked == [("hook.example", receiver.port)]
        (one,) = receiver.received
        assert (one.path, one.headers["host"], one.body) == ("/a?b=c", authority, b"{}")

    def test_with_several_addresses_is_tried_at_each(self) -> None:
        with receiving() as receiver:
            authority = f"hook.example:{receiver.port}"
            names = Names(["127.0.0.2", "127.0.0.1"])
            assert post(Outgoing([authority], names), f"http://{authority}/") == 204


class TestWhatTheAdministratorOfTheMachineAllows:
    def test_is_one_port_of_one_host(self, nowhere: list[object]) -> None:
        outgoing = Outgoing(["inside.example:9000"], Names(["10.0.0.1"]))
        check(outgoing, "http://inside.example:9000/")
        with pytest.raises(NoAnswer):
            post(outgoing, "http://inside.example:9000/")
        assert nowhere == [("10.0.0.1", 9000)]
        nowhere.clear()
        for url in ("http://inside.example/", "http://inside.example:9001/", "http://other.example:9000/"):
            with pytest.raises(AddressRefused):
                post(outgoing, url)
        assert nowhere == []


class TestAnAnswer:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_that_leads_elsewhere_is_not_followed(self, status: int) -> None:
        with receiving() as receiver, receiving() as inside:
            receiver.status, receiver.more = status, {"Location": inside.url}
            assert post(Outgoing([receiver.authority]), receiver.url) == status
            assert inside.received == []

    def test_that_never_ends_is_not_read_to_its_end(self) -> None:
        sent = [0]
        over = threading.Event()

        def endless(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with suppress(OSError):
                while sent[0] < 1024 * LARGEST:
                    sent[0] += connection.send(b"x" * LARGEST)
            over.set()

        with answering(endless) as authority:
            assert post(Outgoing([authority]), f"http://{authority}/") == 200
            assert over.wait(20)
        assert sent[0] < 1024 * LARGEST

    def test_whose_headers_never_end_is_given_up(self) -> None:
        def endless(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for number in range(100_000):
                connection.sendall(b"X-%d: %s\r\n" % (number, b"y" * 1000))

        with answering(endless) as authority, pytest.raises(NoAnswer):
            post(Outgoing([authority]), f"http://{authority}/")

    @pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200", b"HTTP/1.1 100 Continue\r\n\r\n"])
    def test_that_does_not_come_is_not_waited_for(self, said: bytes) -> None:
        over = threading.Event()

        def slow(connection: socket.socket) -> None:
            connection.sendall(said)
            over.wait(20)

        with answering(slow) as authority:
            with pytest.raises(NoAnswer):
                post(Outgoing([authority], seconds=0.3), f"http://{authority}/")
            over.set()

    @pytest.mark.parametrize("said", [b"\x00\x01\x02", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"+PONG\r\n"])
    def test_that_is_none_is_a_clear_refusal(self, said: bytes) -> None:
        def talk(connection: socket.socket) -> None:
            connection.sendall(said)

        with answering(talk) as authority, pytest.raises(NoAnswer) as refused:
            post(Outgoing([authority]), f"http://{authority}/")
        assert refused.value.next_step

    def test_of_nobody_is_a_clear_refusal(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            authority = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NoAnswer):
            post(Outgoing([authority]), f"http://{authority}/")

    def test_of_a_name_server_is_not_waited_for(self) -> None:
        async def slow(host: str, port: int) -> Sequence[str]:
            await asyncio.sleep(60)
            return [PUBLIC]

        for act in (check, post):
            with pytest.raises(NoAnswer):
                act(Outgoing((), slow, seconds=0.1), "https://hook.example/")


@pytest.fixture
def certified(tmp_path: Path) -> Callable[[str], tuple[ssl.SSLContext, ssl.SSLContext]]:
    """A certificate for a name: the server's side of it, and whoever trusts it."""

    def make(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        built = built.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(1))
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        pem = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "server.pem").write_bytes(pem + secret)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(tmp_path / "server.pem")
        return server, ssl.create_default_context(cadata=pem.decode())

    return make


class TestAnEncryptedConnection:
    def test_is_to_the_name_though_the_address_was_looked_up_before(
        self, certified: Callable[[str], tuple[ssl.SSLContext, ssl.SSLContext]]
    ) -> None:
        server, trust = certified("hook.example")
        asked: list[str | None] = []
        server.sni_callback = lambda _socket, name, _context: asked.append(name)
        with receiving(server) as receiver:
            authority = f"hook.example:{receiver.port}"
            assert post(Outgoing([authority], Names(["127.0.0.1"]), trust=trust), f"https://{authority}/") == 204
        assert asked == ["hook.example"]

    @pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
    def test_to_somebody_elses_certificate_is_given_up(
        self, certified: Callable[[str], tuple[ssl.SSLContext, ssl.SSLContext]], name: str
    ) -> None:
        server, trust = certified(name)
        with receiving(server) as receiver:
            authority = f"hook.example:{receiver.port}"
            with pytest.raises(NoAnswer):
                post(Outgoing([authority], Names(["127.0.0.1"]), trust=trust), f"https://{authority}/")
            assert receiver.received == []


class TestPublic:
    @given(some.ip_addresses(v=4))
    def test_agrees_with_python_about_ipv4_or_is_stricter(self, address: IPv4Address) -> None:
        if is_public(str(address)):
            assert address.is_global
            assert not address.is_multicast

    @given(some.ip_addresses(v=6))
    def test_agrees_with_python_about_ipv6_or_is_stricter(self, address: IPv6Address) -> None:
        if is_public(str(address)):
            assert address.is_global
            assert address.ipv4_mapped is None
            assert address.sixtofour is None
            assert address.teredo is None
