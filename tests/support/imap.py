"""A small but real IMAP4rev1 server on loopback (RFC 3501): what is needed to take mails out of a mailbox."""

import base64
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Final
from urllib.parse import quote

USER: Final = "complaints@uni.example"
PASSWORD: Final = 'a "b" \\c: d/e@f'
_WORDS: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')


@dataclass
class Kept:
    """A mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class MailServer:
    """What the server keeps, and its moods: `knows` besides IMAP4rev1; what it `refuses`; `hears` each command."""

    port: int = 0
    protected: bool = False
    folders: dict[str, list[Kept]] = field(default_factory=lambda: {"INBOX": []})
    knows: tuple[str, ...] = ("MOVE", "UIDPLUS", "AUTH=PLAIN")
    refuses: set[str] = field(default_factory=set)
    read_only: bool = False
    password: str = PASSWORD
    heard: list[str] = field(default_factory=list)
    hears: Callable[[str], None] = lambda line: None
    lock: threading.RLock = field(default_factory=threading.RLock)
    uids: Iterator[int] = field(default_factory=lambda: count(7))

    def url(self, rest: str = "/INBOX") -> str:
        """As SAPAT_INBOX names it."""
        scheme = "imaps" if self.protected else "imap"
        return f"{scheme}://{quote(USER, safe='')}:{quote(self.password, safe='')}@127.0.0.1:{self.port}{rest}"

    def put(self, raw: bytes, folder: str = "INBOX") -> Kept:
        """A mail arrives."""
        with self.lock:
            mail = Kept(next(self.uids), raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            self.folders.setdefault(folder, []).append(mail)
            return mail


class _Session(StreamRequestHandler):
    """One connection. `folder` is the one that is selected."""

    server: "_Server"
    timeout = 20
    folder = ""

    def handle(self) -> None:
        self.mails = self.server.mails
        self.say("* OK [CAPABILITY IMAP4rev1] ready")
        while line := self.rfile.readline(65536):
            tag, _, rest = line.decode("ascii").strip().partition(" ")
            self.mails.heard.append(rest)
            self.mails.hears(rest)
            words = [_plain(found) for found in _WORDS.finditer(rest)]
            name = words.pop(0).upper()
            if name == "UID":
                name = f"UID_{words.pop(0).upper()}"
            with self.mails.lock:
                done = "NO not today" if name in self.mails.refuses else getattr(self, name.lower())(*words)
            self.say(f"{tag} {done}")
            if name == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def capability(self) -> str:
        self.say(" ".join(["* CAPABILITY IMAP4rev1", *self.mails.knows]))
        return "OK that is all"

    def login(self, user: str, password: str) -> str:
        return "OK come in" if (user, password) == (USER, self.mails.password) else "NO [AUTHENTICATIONFAILED] no"

    def authenticate(self, how: str) -> str:
        self.say("+ ")
        told = base64.b64decode(self.rfile.readline()).decode()
        return "OK come in" if how == "PLAIN" and told == f"\0{USER}\0{self.mails.password}" else "NO no"

    def create(self, folder: str) -> str:
        if folder in self.mails.folders:
            return "NO [ALREADYEXISTS] it is there"
        self.mails.folders[folder] = []
        return "OK there it is"

    def select(self, folder: str) -> str:
        if folder not in self.mails.folders:
            return "NO there is none"
        self.folder = folder
        self.say(f"* {len(self.mails.folders[folder])} EXISTS")
        self.say(r"* FLAGS (\Seen \Flagged \Deleted)")
        return f"OK [READ-{'ONLY' if self.mails.read_only else 'WRITE'}] open"

    def uid_search(self, *wanted: str) -> str:
        assert set(wanted) <= {"UNSEEN", "UNDELETED"}
        unwanted = {f"\\{one[2:].capitalize()}" for one in wanted}
        here = self.mails.folders[self.folder]
        self.say(" ".join(["* SEARCH", *(str(mail.uid) for mail in here if not mail.flags & unwanted)]))
        return "OK found"

    def uid_fetch(self, uid: str, what: str) -> str:
        asked = re.fullmatch(r"\(BODY\.PEEK\[\]<0\.(\d+)>\)", what)
        assert asked, what
        for place, mail in enumerate(self.mails.folders[self.folder], 1):
            if mail.uid == int(uid):
                raw = mail.raw[: int(asked[1])]
                self.wfile.write(f"* {place} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return "OK fetched"

    def uid_store(self, uid: str, how: str, flags: str) -> str:
        assert how == "+FLAGS.SILENT"
        for mail in self.named(uid):
            mail.flags |= set(flags.strip("()").split())
        return "OK stored"

    def uid_copy(self, uid: str, folder: str) -> str:
        if folder not in self.mails.folders:
            return "NO [TRYCREATE] there is none"
        for mail in self.named(uid):
            self.mails.folders[folder].append(Kept(next(self.mails.uids), mail.raw, set(mail.flags)))
        return "OK copied"

    def uid_move(self, uid: str, folder: str) -> str:
        assert "MOVE" in self.mails.knows
        done = self.uid_copy(uid, folder)
        if done.startswith("OK"):
            self.mails.folders[self.folder] = [one for one in self.mails.folders[self.folder] if one.uid != int(uid)]
        return done

    def uid_expunge(self, uid: str) -> str:
        assert "UIDPLUS" in self.mails.knows
        gone = [one for one in self.named(uid) if r"\Deleted" in one.flags]
        self.mails.folders[self.folder] = [one for one in self.mails.folders[self.folder] if one not in gone]
        return "OK gone"

    def logout(self) -> str:
        self.say("* BYE")
        return "OK bye"

    def named(self, uid: str) -> list[Kept]:
        return [mail for mail in self.mails.folders[self.folder] if mail.uid == int(uid)]


def _plain(word: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", word[1]) if word[1] is not None else word[0]


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mails: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up in the middle is no error of the server's."""


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A server with an empty mailbox, for the time of a test."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.mails = MailServer(server.server_address[1], tls is not None)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.mails
        finally:
            server.shutdown()
            thread.join(10)
