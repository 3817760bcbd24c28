import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.sink import Mailbox, NoSuchMailError, Sink
from tests.notifications.letters import AT, letter, mails, renderer, send


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(Mailbox(tmp_path / "mail.sqlite")) as running:
        yield running


class TestAMailSentAgainIsKeptOnce:
    def test_but_seen_twice_on_the_wire(self, sink: Sink) -> None:
        send(sink.url, mails(10))
        send(sink.url, mails(10))
        assert (sink.mailbox.count(), sink.mailbox.transmissions()) == (10, 20)
        assert {one.transmissions for one in sink.mailbox.entries()} == {2}

    def test_the_same_words_in_another_letter_are_another_mail(self, sink: Sink) -> None:
        renders = renderer()
        send(sink.url, [(key, renders.render(letter(key=key), AT)) for key in ("a", "b")])
        assert sink.mailbox.count() == 2


class TestAPersonReadsTheirOwnMails:
    def test_newest_first_page_by_page(self, sink: Sink) -> None:
        send(sink.url, mails(5), connections=1)
        first = sink.mailbox.entries("AIGUL@example.kg", limit=3)
        second = sink.mailbox.entries("aigul@example.kg", limit=3, before=first[-1].id)
        assert [one.message_id[1:7] for one in first + second] == [f"task-{one}" for one in (4, 3, 2, 1, 0)]
        assert sink.mailbox.entries("other@example.kg") == []

    def test_as_text_as_html_and_as_it_came(self, sink: Sink) -> None:
        mail = renderer().render(letter(do="Өлчөө үчүн жаңы түзүм"), AT)
        send(sink.url, [("a", mail)])
        entry = sink.mailbox.entries()[0]
        assert "Өлчөө үчүн жаңы түзүм" in entry.subject
        assert entry.sender == "sapat@example.kg"
        read = sink.mailbox.read(entry.id, "aigul@example.kg")
        assert "Өлчөө үчүн жаңы түзүм" in read.text
        assert "Өлчөө үчүн жаңы түзүм" in read.html
        assert read.raw.replace(b"\r\n", b"\n").endswith(mail.as_bytes().replace(b"\r\n", b"\n"))

    def test_not_those_of_others(self, sink: Sink) -> None:
        send(sink.url, mails(1))
        entry = sink.mailbox.entries()[0]
        with pytest.raises(NoSuchMailError):
            sink.mailbox.read(entry.id, "other@example.kg")


class TestWhatWasAnsweredIsOnTheDisk:
    def test_it_is_there_when_the_file_is_opened_again(self, tmp_path: Path) -> None:
        path = tmp_path / "var" / "mail.sqlite"
        with Sink(Mailbox(path)) as running:
            send(running.url, mails(3))
        assert Mailbox(path).count() == 3

    def test_a_mailbox_that_cannot_be_written_asks_to_try_again(self, sink: Sink) -> None:
        sink.mailbox.close()
        outcomes = send(sink.url, mails(2))
        assert not any(one.accepted or one.permanent for one in outcomes)
        assert outcomes[0].reply.startswith("452")


class TestTheSinkIsForThisMachineOnly:
    def test_it_listens_on_the_loopback(self, sink: Sink) -> None:
        assert sink.url.startswith("smtp://127.0.0.1:")

    def test_a_port_that_is_taken_is_told_at_once(self, sink: Sink) -> None:
        with pytest.raises(OSError, match="in use"):
            Sink(sink.mailbox, port=int(sink.url.rpartition(":")[2])).start()


class TestAMailWithoutAMessageIdIsKeptToo:
    def test_by_what_it_says(self, tmp_path: Path) -> None:
        mailbox = Mailbox(tmp_path / "mail.sqlite")
        for raw in (b"Subject: =?broken?=\r\n\r\none", b"Subject: =?broken?=\r\n\r\none", b"\r\ntwo"):
            mailbox.keep("a@example.kg", ["b@example.kg"], raw)
        assert mailbox.count() == 2
        assert [one.transmissions for one in mailbox.entries()] == [1, 2]
        with sqlite3.connect(tmp_path / "mail.sqlite") as file:
            assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
