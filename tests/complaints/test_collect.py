"""Mails become complaints once each, whatever happens in between, from a real IMAP server or handed over by a pipe."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from models import tables as t
from models.database import Database
from service.complaints.by_mail import MOST_BYTES
from service.complaints.collect import BROKEN, MOST, TOO_MANY, Received, collect, receive
from service.complaints.inbox import InboxAddress, InboxError
from service.complaints.limits import ALL, ONE
from service.complaints.refusals import TooManyComplaints
from service.opening import open_record
from service.settings import Settings
from tests.complaints.mails import ADDRESS, NAME, SUBJECT, TEXT, mail, part, parts
from tests.support.databases import address
from tests.support.imap import PASSWORD, MailServer, mail_server
from tests.support.together import together
from tests.support.university import University, at

NOW = at(2026, 4, 6)
DONE = "/INBOX?done=%D0%93%D0%BE%D1%82%D0%BE%D0%B2%D0%BE%20%26%20%D0%B2%D1%81%D1%91"
DONE_FOLDER = "&BBMEPgRCBD4EMgQ+- &- &BDIEQQRR-"
SEEN, FLAGGED = {r"\Seen"}, {r"\Seen", r"\Flagged"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


def settings(url: str) -> Settings:
    return Settings(inbox=SecretStr(url))


def collected(university: University, server: MailServer, rest: str = "/INBOX", now: datetime = NOW) -> dict[str, int]:
    return collect(university.database, settings(server.url(rest)), now)


def records(university: University) -> list[dict[str, Any]]:
    return university.rows(t.record)


def others(number: int) -> str:
    """Somebody else's address."""
    return f"Somebody <somebody{number}@mail.example>"


class TestANewMail:
    def test_becomes_a_nonconformity_and_is_marked_as_read(self, university: University, server: MailServer) -> None:
        kept = server.put(mail())
        assert collected(university, server) == {"complaints_opened": 1}
        assert kept.flags == SEEN
        record, facts = university.one(t.record), university.one(t.nonconformity)
        assert (record["title"], facts["found"], facts["source"]) == (SUBJECT, TEXT, "customers")
        assert facts["reported_by"] == f"{NAME}, {ADDRESS.lower()}"
        known = university.one(t.received_mail)
        assert (known["record_id"], known["why"]) == (record["id"], None)

    def test_that_comes_twice_opens_one(self, university: University, server: MailServer) -> None:
        both = [server.put(mail()), server.put(mail(Received="by another.way"))]
        assert collected(university, server) == {"complaints_known": 1, "complaints_opened": 1}
        assert [one.flags for one in both] == [SEEN, SEEN]
        assert len(records(university)) == 1

    def test_that_was_read_already_or_deleted_is_left_alone(self, university: University, server: MailServer) -> None:
        server.put(mail(number=1)).flags.add(r"\Seen")
        server.put(mail(number=2)).flags.add(r"\Deleted")
        assert collected(university, server) == {}
        assert records(university) == []

    def test_that_is_automatic_opens_nothing_and_nobody_has_to_look_at_it(
        self, university: University, server: MailServer
    ) -> None:
        kept = server.put(mail(Auto_Submitted="auto-replied"))
        assert collected(university, server) == {"complaints_refused": 1}
        assert kept.flags == SEEN
        assert university.one(t.received_mail)["why"] == "automatic"

    def test_that_says_nothing_is_flagged_for_a_person(self, university: University, server: MailServer) -> None:
        kept = server.put(mail(" ", Subject=""))
        assert collected(university, server) == {"complaints_set_aside": 1}
        assert kept.flags == FLAGGED

    def test_that_is_enormous_is_taken_and_not_read_whole(self, university: University, server: MailServer) -> None:
        named = 'Content-Disposition: attachment; filename="a.pdf"'
        server.put(parts(part(TEXT), part("A" * 5 * MOST_BYTES, "application/pdf", named)))
        assert collected(university, server) == {"complaints_opened": 1}
        assert university.one(t.nonconformity)["found"].startswith(TEXT)
        assert f"<0.{MOST_BYTES + 1}>" in next(line for line in server.heard if "FETCH" in line)

    def test_is_taken_in_a_round_of_so_many_the_oldest_first(self, university: University, server: MailServer) -> None:
        for number in range(MOST + 2):
            server.put(mail(number=number, From=others(number), Subject=f"mail {number}"))
        assert collected(university, server) == {"complaints_opened": MOST}
        assert {row["title"] for row in records(university)} == {f"mail {number}" for number in range(MOST)}
        assert collected(university, server) == {"complaints_opened": 2}

    def test_without_a_mailbox_is_nobodys_business(self, university: University) -> None:
        assert collect(university.database, Settings(), NOW) == {}
        assert collect(university.database, settings(""), NOW) == {}


class TestAFolderForWhatIsDone:
    @pytest.mark.parametrize("knows", [("MOVE",), ("UIDPLUS",), ()], ids=str)
    def test_takes_what_was_read_whatever_the_server_knows(
        self, university: University, server: MailServer, knows: tuple[str, ...]
    ) -> None:
        server.knows = knows
        server.put(mail(number=1)).flags.add(r"\Seen")  # somebody had a look at it: it waits all the same
        server.put(mail(" ", number=2, Subject=""))
        assert collected(university, server, DONE) == {"complaints_opened": 1, "complaints_set_aside": 1}
        assert [one.flags for one in server.folders[DONE_FOLDER]] == [SEEN, FLAGGED]
        assert [one for one in server.folders["INBOX"] if r"\Deleted" not in one.flags] == []
        assert collected(university, server, DONE) == {}


class TestOneBadMail:
    def test_holds_up_no_other(
        self, university: University, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mails = [server.put(mail(number=number, From=others(number), Subject=f"{number}")) for number in range(3)]
        _breaks_on(monkeypatch, "1")
        assert collected(university, server) == {"complaints_opened": 2, "complaints_set_aside": 1}
        assert [one.flags for one in mails] == [SEEN, FLAGGED, SEEN]
        (why,) = [row["why"] for row in university.rows(t.received_mail) if row["why"]]
        assert why == BROKEN

    def test_is_tried_again_once_somebody_marks_it_as_unread(
        self, university: University, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = server.put(mail())
        with monkeypatch.context() as broken:
            _breaks_on(broken, SUBJECT)
            assert collected(university, server) == {"complaints_set_aside": 1}
        assert collected(university, server) == {}
        kept.flags.clear()
        assert collected(university, server) == {"complaints_opened": 1}
        assert university.one(t.received_mail)["why"] is None

    @pytest.mark.parametrize(
        "raw", [b"\x00\xff" * 500, b"\r\n", b"Content-Type: multipart/mixed\r\n\r\n--", b"A" * 9999]
    )
    def test_of_any_bytes_is_put_away(self, university: University, server: MailServer, raw: bytes) -> None:
        kept, good = server.put(raw), server.put(mail())
        counts = collected(university, server)
        assert counts["complaints_opened"] >= 1
        assert kept.flags >= SEEN
        assert good.flags == SEEN


class TestTooMany:
    def test_from_one_sender_are_set_aside_and_others_are_taken(
        self, university: University, server: MailServer
    ) -> None:
        many = [server.put(mail(number=number)) for number in range(ONE.free + 2)]
        server.put(mail(number="other", From=others(1)))
        assert collected(university, server) == {"complaints_opened": ONE.free + 1, "complaints_set_aside": 2}
        assert [one.flags for one in many[-3:]] == [SEEN, FLAGGED, FLAGGED]
        assert {row["why"] for row in university.rows(t.received_mail)} == {None, TOO_MANY}
        assert collected(university, server, now=NOW + timedelta(days=1)) == {}

    def test_from_everywhere_wait_unread_and_are_taken_later(self, university: University, server: MailServer) -> None:
        with university.database.write() as connection:
            row = {"name": "complaints:mail", "failures": ALL["mail"].free - 1, "since": NOW, "blocked_until": None}
            connection.execute(sa.insert(t.attempts), row)
        mails = [server.put(mail(number=number, From=others(number))) for number in range(3)]
        assert collected(university, server) == {"complaints_opened": 1, "complaints_waiting": 2}
        assert [one.flags for one in mails] == [SEEN, set(), set()]
        assert collected(university, server, now=NOW + timedelta(hours=1)) == {"complaints_opened": 2}


class TestAMailboxThatIsNotToBeHad:
    def test_is_tried_in_the_next_round(self, university: University) -> None:
        with mail_server() as server:
            url = server.url()
        with pytest.raises(InboxError):
            collect(university.database, settings(url), NOW)

    @pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID_SEARCH", "UID_FETCH", "UID_STORE"])
    def test_because_it_refuses_says_so_without_the_password(
        self, university: University, server: MailServer, command: str
    ) -> None:
        server.put(mail())
        server.refuses = {command}
        with pytest.raises(InboxError) as refused:
            collected(university, server)
        assert "not today" in str(refused.value)
        assert PASSWORD not in str(refused.value)
        server.refuses = set()
        counts = collected(university, server)
        assert counts in ({"complaints_opened": 1}, {"complaints_known": 1})
        assert len(records(university)) == 1

    def test_because_it_may_only_be_read_opens_nothing(self, university: University, server: MailServer) -> None:
        server.put(mail())
        server.read_only = True
        with pytest.raises(InboxError, match="not writable"):
            collected(university, server)
        assert records(university) == []

    def test_because_the_password_is_wrong_tells_nobody_which_one_was_tried(
        self, university: University, server: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        url = server.url()
        server.password = "another"
        with pytest.raises(InboxError) as refused:
            collect(university.database, settings(url), NOW)
        shown = [repr(one) for one in (refused.value, settings(url), InboxAddress.from_url(url))]
        told = f"{shown} {refused.value.__cause__} {caplog.text}"
        assert PASSWORD not in told
        assert "d%2Fe%40f" not in told

    def test_because_it_hangs_up_in_the_middle_loses_nothing(self, university: University, server: MailServer) -> None:
        kept = [server.put(mail(number=number)) for number in range(3)]

        def hang_up(line: str) -> None:
            if line.startswith(f"UID STORE {kept[1].uid}"):
                raise ConnectionAbortedError

        server.hears = hang_up
        with pytest.raises(InboxError):
            collected(university, server)
        server.hears = lambda line: None
        assert collected(university, server) == {"complaints_known": 1, "complaints_opened": 1}
        assert len(records(university)) == 3

    @pytest.mark.parametrize("password", ["сырсөз 🔑", 'a\\b"c', " space ", "{5}"])
    def test_is_had_with_any_password(self, university: University, server: MailServer, password: str) -> None:
        server.password = password
        server.put(mail())
        assert collected(university, server) == {"complaints_opened": 1}


class TestTheAddressOfTheMailbox:
    @pytest.mark.parametrize(
        "url",
        [
            "imap://u:p@mail.example/INBOX",
            "imap://u:p@127.0.0.1.evil.example/",
            "http://u:p@127.0.0.1/",
            "imaps://mail.example/INBOX",
            "imaps://u@mail.example/",
            "imaps://u:@mail.example/",
            "imaps://u:p@/INBOX",
            "imaps://u:p@mail.example:0/",
            "imaps://u:p@mail.example:99999/",
            "imaps://u:p@mail.example/INBOX?done=INBOX",
            "imaps://u:p@mail.example/INBOX?gone=X",
            "imaps://u:p@mail.example/INBOX#x",
            "imaps://u:p@mail.example/A%0D%0AX",
            "imaps://u:p ss@mail.example/",
            "imaps://u:p@[::1/",
            "nonsense",
        ],
    )
    def test_that_cannot_be_is_refused_without_being_repeated(self, url: str) -> None:
        with pytest.raises(InboxError) as refused:
            InboxAddress.from_url(url)
        assert "u:p" not in str(refused.value)
        assert refused.value.__cause__ is None

    def test_is_read_with_all_its_parts(self) -> None:
        read = InboxAddress.from_url(
            "imaps://a%40b:p%2F%3A@mail.example/%D0%96%D0%B0%D0%BB%D0%BE%D0%B1%D1%8B?done=X%2FY"
        )
        assert (read.host, read.port, read.protected) == ("mail.example", 993, True)
        assert (read.user, read.password, read.folder, read.done) == ("a@b", "p/:", "Жалобы", "X/Y")
        assert InboxAddress.from_url("imap://a:b@[::1]:1143").folder == "INBOX"


class TestAProtectedConnection:
    def test_is_to_a_server_whose_certificate_holds_and_to_no_other(
        self, university: University, tmp_path: Path
    ) -> None:
        own, trust = _certified(tmp_path)
        with mail_server(own) as server:
            server.put(mail())
            with pytest.raises(InboxError, match="CERTIFICATE_VERIFY_FAILED"):
                collect(university.database, settings(server.url()), NOW)
            assert server.heard == []
            counts = collect(university.database, settings(server.url()), NOW, tls=trust)
        assert counts == {"complaints_opened": 1}


class TestAProcessThatIsKilled:
    def test_between_opening_and_marking_has_opened_once(self, university: University, server: MailServer) -> None:
        kept = server.put(mail())
        assert self._killed_at(university, server, "UID STORE") == -signal.SIGKILL
        assert kept.flags == set()
        assert len(records(university)) == 1
        assert collected(university, server) == {"complaints_known": 1}
        assert kept.flags == SEEN
        assert len(records(university)) == 1
        assert len(university.rows(t.task)) == 1

    def test_before_it_has_opened_anything_has_lost_nothing(self, university: University, server: MailServer) -> None:
        server.put(mail())
        assert self._killed_at(university, server, "UID FETCH") == -signal.SIGKILL
        assert records(university) == []
        assert collected(university, server) == {"complaints_opened": 1}

    @staticmethod
    def _killed_at(university: University, server: MailServer, command: str) -> int:
        """How a process ends that is killed as of kill -9 when the server hears that command of it."""
        told = [address(university.database), server.url(), NOW.isoformat()]
        process = subprocess.Popen([sys.executable, "-m", "tests.complaints.collecting", *told])

        def kill(line: str) -> None:
            if line.startswith(command):
                os.kill(process.pid, signal.SIGKILL)
                process.wait(30)
                raise ConnectionAbortedError  # nobody is there any more; what was asked for is not done

        server.hears = kill
        try:
            return process.wait(120)
        finally:
            process.kill()
            server.hears = lambda line: None


class TestTwoAtOnce:
    def test_who_empty_one_mailbox_open_each_mail_once(self, university: University, server: MailServer) -> None:
        for number in range(12):
            server.put(mail(number=number, From=others(number)))
        other = Database(address(university.database))
        url = settings(server.url())
        done = together([partial(collect, through, url, NOW) for through in (university.database, other)])
        other.close()
        assert all(isinstance(one, dict) for one in done), done
        assert len(records(university)) == 12
        assert all(one.flags == SEEN for one in server.folders["INBOX"])

    def test_to_whom_one_mail_is_handed_open_one_and_tell_the_same_number(self, university: University) -> None:
        other = Database(address(university.database))
        done = together([partial(receive, through, mail(), NOW) for through in (university.database, other) * 4])
        other.close()
        code = university.one(t.record)["code"]
        assert [one for one in done if not isinstance(one, Received) or one.code != code] == []
        assert len([one for one in done if isinstance(one, Received) and not one.known]) == 1


class TestAMailThatIsHandedOver:
    def test_is_taken_once_and_tells_its_number(self, university: University) -> None:
        first = receive(university.database, mail(), NOW)
        assert first == Received(university.one(t.record)["code"])
        assert receive(university.database, mail(), NOW) == Received(first.code, known=True)

    def test_and_is_no_complaint_says_why(self, university: University) -> None:
        received = receive(university.database, mail(Precedence="bulk"), NOW)
        assert (received.why, received.doubtful) == ("list", False)
        assert receive(university.database, mail("", Subject="", number=2), NOW).doubtful

    def test_while_too_many_come_is_left_to_the_mail_server(self, university: University) -> None:
        for number in range(ONE.free):
            receive(university.database, mail(number=number), NOW)
        with pytest.raises(TooManyComplaints):
            receive(university.database, mail(number="more"), NOW)
        assert receive(university.database, mail(number="more"), NOW + timedelta(hours=1)).code

    def test_while_the_database_is_away_is_left_to_the_mail_server(self, tmp_path: Path) -> None:
        (tmp_path / "folder.db").mkdir()
        away = Database(f"sqlite:///{tmp_path / 'folder.db'}")
        with pytest.raises(sa.exc.OperationalError):
            receive(away, mail(), NOW)
        away.close()


def _breaks_on(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    """What opens records breaks for that title, as a mistake of ours would make it."""

    def breaks(connection: sa.Connection, name: str, given: Any, *rest: Any) -> Any:
        if given["title"] == title:
            raise ZeroDivisionError
        return open_record(connection, name, given, *rest)

    monkeypatch.setattr("service.complaints.complain.open_record", breaks)


def _certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1: the server's side of it, and whoever trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    pem = built.add_extension(names, critical=False).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kept = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "server.pem").write_bytes(pem + key.private_bytes(*kept))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(folder / "server.pem")
    return own, ssl.create_default_context(cadata=pem.decode())
