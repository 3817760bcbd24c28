"""PDFs that somebody sends to be checked: read where they lie, few judged at once."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from threading import Event
from uuid import UUID

import pytest
from fastapi import FastAPI

from service.complaints.limits import from_network
from service.controlled.asked import PIECE, Judges, TooBusy, look
from service.web.pages import check as check_page
from tests.accounts.browsing import Browser, Clock
from tests.accounts.browsing import application as signed_in_application
from tests.controlled.making import NOW, Office, paper
from tests.web.visitors import words

RECORD = "01929f6e-1111-7222-8333-444455556666"


class Counted(BytesIO):
    """A file that remembers how much of it was read at once."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.largest = max(self.largest, len(piece))
        return piece


class TestLookingAtAFile:
    @pytest.mark.parametrize("before", [0, PIECE - 60, PIECE - 20, PIECE - 3, PIECE, 2 * PIECE + 5])
    def test_sees_all_of_it_a_piece_at_a_time(self, before: int) -> None:
        sent = b"%PDF-1.7" + bytes(before) + f"/check/{RECORD} /ByteRange %%EOF".encode() + bytes(3 * PIECE)
        file = Counted(sent)
        asked = look(file)
        assert asked.sha256 == sha256(sent).hexdigest()
        assert asked.may_be_sealed
        assert asked.claims == UUID(RECORD)
        assert file.largest <= PIECE

    @pytest.mark.parametrize(
        "sent", [b"", b"\n%PDF- /ByteRange %%EOF", b"%PDF- %%EOF", b"%PDF- /ByteRange", b"%PDF-" + b"\n" * PIECE]
    )
    def test_says_that_it_cannot_be_sealed(self, sent: bytes) -> None:
        assert not look(BytesIO(sent)).may_be_sealed


class TestRoom:
    def test_is_for_few_and_for_one_of_each_network(self) -> None:
        judges, held = Judges(at_once=2, waiting=4), Event()
        work = [judges.submit(f"{number}", lambda: held.wait(20)) for number in range(6)]
        for network in ("0", "5", "another"):
            with pytest.raises(TooBusy):
                judges.submit(network, lambda: True)
        held.set()
        assert all(one.result(20) for one in work)
        assert judges.submit("0", lambda: True).result(20)

    def test_is_given_back_by_what_breaks(self) -> None:
        judges = Judges(1, 0)
        with pytest.raises(ZeroDivisionError):
            judges.submit("0", lambda: 1 / 0).result(20)
        assert judges.submit("0", lambda: True).result(20)


@pytest.fixture
def app(office: Office) -> Iterator[FastAPI]:
    made = signed_in_application(office.university.database, Clock(NOW), office.home)
    yield made
    made.state.site.close()


@pytest.fixture
def anybody(app: FastAPI) -> Browser:
    return Browser(app)


@pytest.fixture
def sealed(office: Office) -> bytes:
    """A file that must be judged: sealed, and changed."""
    revision = office.in_force({"жобо.pdf": paper("биринчи")}, NOW)
    office.make(NOW)
    return office.pdf(revision) + b"\n"


def ask(who: Browser, path: str, pdf: bytes) -> tuple[int, str | None, str]:
    answer = who.send("POST", path, files={"file": ("a.pdf", pdf, "application/pdf")})
    return answer.status_code, answer.headers.get("Retry-After"), words(answer)


@pytest.mark.parametrize("path", ["/check", "/api/check"])
class TestWhoAsks:
    @pytest.mark.parametrize("by", ["everybody", "themselves"])
    def test_is_told_to_come_again_while_others_are_served(
        self, path: str, by: str, office: Office, anybody: Browser, sealed: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        judges, held = Judges(), Event()
        monkeypatch.setattr(check_page, "JUDGES", judges)
        own = from_network(office.home, anybody.address, NOW)
        networks = [own] if by == "themselves" else [f"{number}" for number in range(6)]
        work = [judges.submit(network, lambda: held.wait(60)) for network in networks]
        assert ask(anybody, path, sealed)[:2] == (503, "10")
        known = ask(anybody, path, sealed[:-1])  # that needs no process
        assert known[0] == 200
        held.set()
        assert all(one.result(20) for one in work)
        assert ask(anybody, path, sealed)[0] == 200

    def test_starts_no_process_with_what_cannot_be_sealed(
        self, path: str, anybody: Browser, sealed: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun: list[str] = []

        def works(name: str, *_: object) -> dict[str, str]:
            begun.append(name)
            return {"verdict": "none"}

        monkeypatch.setattr("service.controlled.verify.work", works)
        for pdf in (paper("башка"), b"%PDF-" + b"\n" * 100_000, sealed.replace(b"%%EOF", b"")):
            assert ask(anybody, path, pdf)[0] == 200
        assert begun == []
        assert ask(anybody, path, sealed)[0] == 200
        assert begun == ["judge"]
