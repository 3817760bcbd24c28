"""Files in mails: their names arrive, each is made once for all whom it goes to, a mail without any is as before."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications.enclosing import Encodings
from notifications.headers import as_written
from notifications.message import Enclosure, UnsafeHeaderError
from notifications.sink import Mailbox, Sink
from notifications.smtp import SLOWEST, Outcome, SmtpServer, send_all
from tests.notifications.letters import AT, SITTINGS, Dummy, letter, part, renderer, send, sitting
from tests.notifications.servers import polite, scripted

EVENT = Enclosure("", 'text/calendar; charset="utf-8"; method=REQUEST', "BEGIN:VCALENDAR ү".encode(), alternative=True)
NAMES = (
    "invite.ics",
    "Жобо.pdf",
    "Өмүр, ңү; «4.09».docx",
    'a "quoted" name.pdf',
    "back\\slash.pdf",
    "100 % %41.pdf",
    "x" * 190 + ".pdf",
    "ө" * 190 + ".pdf",
    "📄 .pdf",
)


def mail(*enclosures: Enclosure, key: str = "a") -> EmailMessage:
    return renderer().render(replace(letter("sitting/called", key=key), enclosures=enclosures), AT)


def arrived(sent: EmailMessage) -> EmailMessage:
    """As whoever gets it reads it."""
    found = message_from_bytes(as_written(sent), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@dataclass(frozen=True)
class Made:
    """A content that counts how often it is made; equal to another of the same name."""

    name: str
    size: int = 10
    times: list[str] = field(default_factory=list, compare=False)

    def __call__(self) -> bytes:
        self.times.append(self.name)
        return self.name.encode().ljust(self.size, b".")


class TestAMailWithEnclosures:
    def test_says_the_same_in_three_ways_and_has_files_beside(self) -> None:
        sent = arrived(
            mail(EVENT, Enclosure("a.pdf", "application/pdf", b"%PDF"), Enclosure("b.txt", "text/plain", b"b"))
        )
        assert [one.get_content_type() for one in sent.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            *("text/plain", "text/html", "text/calendar"),
            *("application/pdf", "text/plain"),
        ]
        (event,) = (one for one in sent.walk() if one.get_content_type() == "text/calendar")
        assert dict(event["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
        assert event["Content-Disposition"] is None
        assert event.get_content() == "BEGIN:VCALENDAR ү"
        assert part(sent, "plain") == part(renderer().render(letter("sitting/called"), AT), "plain")
        assert [one.get_payload(decode=True) for one in sent.iter_attachments()] == [b"%PDF", b"b"]
        assert not [defect for one in sent.walk() for defect in one.defects]

    def test_without_any_is_as_it_was(self) -> None:
        assert [one.get_content_type() for one in mail().walk()] == ["multipart/alternative", "text/plain", "text/html"]

    @pytest.mark.parametrize("name", NAMES)
    def test_brings_their_names(self, name: str) -> None:
        sent = mail(EVENT, Enclosure(name, "application/pdf", b"%PDF" * 999))
        wire = as_written(sent)
        assert wire == sent.as_bytes()
        assert max(map(len, wire.split(b"\r\n"))) <= 78
        (file,) = arrived(sent).iter_attachments()
        assert (file.get_filename(), file.get_content_disposition()) == (name, "attachment")

    @pytest.mark.parametrize("name", ["a.pdf\r\nBcc: all@example.kg", "a\x00.pdf", "a\u2028b.pdf"])
    def test_lets_no_name_add_a_header(self, name: str) -> None:
        with pytest.raises(UnsafeHeaderError):
            Enclosure(name, "application/pdf", b"")
        with pytest.raises(UnsafeHeaderError):
            Enclosure("a.pdf", name, b"")

    def test_is_the_same_mail_each_time(self) -> None:
        first, again = (mail(EVENT, Enclosure("a.pdf", "application/pdf", Made("a"))) for _ in range(2))
        assert as_written(first) == as_written(again)


class TestAFileForMany:
    def test_is_made_once_whoever_asks(self) -> None:
        renders = renderer()
        times: list[str] = []
        for key in "abc":
            enclosed = (Enclosure(f"{key}.pdf", "application/pdf", Made("paper", times=times)),)
            sent = renders.render(replace(letter(key=key), enclosures=enclosed), AT)
            assert next(arrived(sent).iter_attachments()).get_payload(decode=True) == b"paper....."
        assert times == ["paper"]

    def test_is_remembered_while_there_is_room_the_latest_first(self) -> None:
        times: list[str] = []
        kept = Encodings(most=300)  # two of 142 signs
        for name in ("a", "b", "a", "c", "a", "b"):
            kept.of(Made(name, 100, times))
        assert times == ["a", "b", "c", "b"]

    def test_that_is_larger_than_the_room_is_made_each_time(self) -> None:
        times: list[str] = []
        kept = Encodings(most=100)
        for _ in range(2):
            kept.of(Made("a", 1000, times))
        kept.of(Made("b", 10, times))
        kept.of(Made("b", 10, times))
        assert times == ["a", "a", "b"]

    def test_that_cannot_be_had_is_told_and_asked_for_again(self) -> None:
        broken = [True]

        def content() -> bytes:
            if broken:
                raise OSError("the disk is away")
            return b"here"

        kept = Encodings()
        with pytest.raises(OSError, match="away"):
            kept.of(content)
        broken.clear()
        assert kept.of(content) == "aGVyZQ==\r\n"


class TestAnInvitationSays:
    @pytest.mark.parametrize("folder", SITTINGS)
    def test_which_body_when_and_where_in_both_ways(self, folder: str) -> None:
        sent = renderer().render(letter(folder), AT)
        for kind in ("plain", "html"):
            for words in ("Окумуштуулар кеңеши", "2026-жылдын 15-апрели, 14:00", "Башкы корпус, 201", "Айбек Ректоров"):
                assert words in part(sent, kind)
        assert "Окумуштуулар кеңеши, 2026-жылдын 15-апрели, 14:00" in sent["Subject"]

    def test_the_agenda_with_speakers_and_links_to_the_papers(self) -> None:
        text = part(renderer().render(letter("sitting/called"), AT), "plain")
        assert "1. Жобо жөнүндө\n   Speaker: Өмүр Жазуучу\n   - Жобо, өзгөртүүлөр.docx: https://sapat" in text
        assert "\n2. Кышкы сессия\n\n" in text
        html = part(renderer().render(letter("sitting/called"), AT), "html")
        assert 'href="https://sapat.example/files/1/x"' in html

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"enclosed": True}, "The agenda and the papers are enclosed."),
            ({"enclosed": False, "too_large": True}, "too large for a mail"),
            ({"enclosed": False}, "The agenda is enclosed."),
        ],
    )
    def test_what_is_enclosed(self, how: dict[str, bool], words: str) -> None:
        sent = renderer().render(letter("sitting/called", sitting=sitting(**how)), AT)
        assert words in part(sent, "plain")
        assert words in part(sent, "html")

    def test_what_was_before_it_was_moved(self) -> None:
        moved = renderer().render(letter("sitting/moved"), AT)
        first = renderer().render(letter("sitting/moved", sitting=sitting(before=None)), AT)
        for kind in ("plain", "html"):
            assert "2026-жылдын 10-апрели, 10:00, Китепкана" in part(moved, kind)
            assert "Earlier" not in part(first, kind)

    def test_what_people_typed_as_text_only(self) -> None:
        typed = "<script>alert('ө')</script> & %(body)s {{ url }}"
        point = {"no": 1, "title": typed, "speaker": typed, "papers": [{"name": typed, "url": ""}]}
        said = sitting(place=typed, chair=typed, agenda=[point])
        sent = renderer(Dummy()).render(letter("sitting/called", sitting=said), AT)
        assert part(sent, "plain").count(typed) == 5
        assert "<script" not in part(sent, "html")
        assert part(sent, "html").count("&lt;script&gt;") == 6  # the place also beside the subject

    def test_nobody_where_nobody_is_known(self) -> None:
        sent = renderer().render(letter("sitting/called", sitting=sitting(chair="", secretary="")), AT)
        assert "In the chair" not in part(sent, "plain") + part(sent, "html")
        assert "tell the secretary" not in part(sent, "plain") + part(sent, "html")


class TestALargeMail:
    def test_has_time_on_the_wire_by_its_size_and_a_small_one_has_not(self) -> None:
        def slow(command: str, begun: int) -> str:
            if command == ".":
                time.sleep(1.2)
            return polite(command, begun)

        async def sent(url: str, one: EmailMessage) -> list[Outcome]:
            server = SmtpServer.from_url(url, timeout=0.4)
            return [outcome async for outcome in send_all(server, [("a", one)], connections=1)]

        large = mail(Enclosure("a.pdf", "application/pdf", b"x" * 2 * SLOWEST))
        for one, accepted in ((large, True), (mail(), False)):
            with scripted(slow) as url:
                (outcome,) = asyncio.run(sent(url, one))
                assert (outcome.accepted, outcome.permanent) == (accepted, False)


class TestTheMailbox:
    @pytest.fixture
    def sink(self, tmp_path: Path) -> Iterator[Sink]:
        with Sink(Mailbox(tmp_path / "mail.sqlite")) as running:
            yield running

    def test_shows_what_came_with_a_mail(self, sink: Sink) -> None:
        files = (Enclosure("Өзгөртүү.pdf", "application/pdf", b"%PDF"), Enclosure("b.csv", "text/csv", b"a;b"))
        send(sink.url, [("a", mail(EVENT, *files)), ("b", mail(key="b"))], connections=1)
        second, first = (sink.mailbox.read(entry.id) for entry in sink.mailbox.entries())
        assert [(one.name, one.content) for one in first.enclosures] == [("Өзгөртүү.pdf", b"%PDF"), ("b.csv", b"a;b")]
        assert "Кышкы сессия" in first.text
        assert "Кышкы сессия" in first.html
        assert second.enclosures == ()
