import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications.sink import Mailbox, Sink
from notifications.smtp import AHEAD, Addressed, SmtpServer, SmtpUrlError, send_all
from tests.notifications.letters import mails, send
from tests.notifications.servers import closed_port, polite, scripted


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(Mailbox(tmp_path / "mail.sqlite")) as running:
        yield running


class TestAServersAddressIsAUrl:
    @pytest.mark.parametrize(
        ("url", "security", "port"),
        [
            ("smtp://mail.example.kg", "smtp", 25),
            ("smtps://mail.example.kg", "smtps", 465),
            ("smtp+starttls://mail.example.kg", "smtp+starttls", 587),
            ("smtp://mail.example.kg:2525", "smtp", 2525),
        ],
    )
    def test_the_scheme_says_how_it_is_secured(self, url: str, security: str, port: int) -> None:
        server = SmtpServer.from_url(url)
        assert (server.host, server.security, server.port) == ("mail.example.kg", security, port)

    def test_user_and_password_are_percent_encoded(self) -> None:
        server = SmtpServer.from_url("smtps://sapat%40uni:a%2Fb%3Aүй@mail.example.kg")
        assert (server.user, server.password) == ("sapat@uni", "a/b:үй")

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "mail.example.kg:25",
            "http://mail.example.kg",
            "smtp://",
            "smtp://user:secret@",
            "smtp://user:secret@host:port",
            "smtp://user:secret@host:0",
            "smtp://user:secret@host:99999",
            "smtp://user:sec/ret@host",
            "smtp://user:secret@host/path",
            "smtp://secret@host",
            "smtp://user:secret@ho st",
            "smtp://user:secret@a..b",
        ],
    )
    def test_a_bad_one_is_refused_without_repeating_it(self, url: str) -> None:
        with pytest.raises(SmtpUrlError) as refused:
            SmtpServer.from_url(url)
        assert "secret" not in str(refused.value)
        assert refused.value.__cause__ is None

    def test_the_password_is_never_printed(self) -> None:
        assert "secret" not in repr(SmtpServer.from_url("smtp://user:secret@mail.example.kg"))


class TestEveryMailHasOneOutcome:
    def test_two_hundred_mails_are_taken_over_four_connections(self, sink: Sink) -> None:
        outcomes = send(sink.url, mails(200))
        assert sorted(one.key for one in outcomes) == sorted(f"task-{one}" for one in range(200))
        assert all(one.accepted and not one.permanent and one.reply.startswith("250") for one in outcomes)
        assert (sink.mailbox.count(), sink.mailbox.transmissions()) == (200, 200)

    def test_mails_may_come_asynchronously(self, sink: Sink) -> None:
        async def letters() -> AsyncIterator[Addressed]:
            for one in mails(5):
                await asyncio.sleep(0)
                yield one

        assert len(send(sink.url, letters())) == 5

    def test_nothing_to_send_connects_to_nobody(self) -> None:
        assert send(closed_port(), []) == []

    def test_a_mail_written_by_the_standard_library_is_sent_too(self, sink: Sink) -> None:
        plain = EmailMessage()
        plain["From"], plain["To"], plain["Subject"] = "a@example.kg", "Айгүл <aigul@example.kg>", "Жаңы түзүм"
        plain.set_content(".\nӨлчөө\n")
        assert [one.accepted for one in send(sink.url, [("plain", plain)])] == [True]
        entry = sink.mailbox.entries("aigul@example.kg")[0]
        assert (entry.subject, sink.mailbox.read(entry.id).text) == ("Жаңы түзүм", ".\nӨлчөө\n")

    def test_a_mail_to_nobody_is_given_up_and_the_next_is_sent(self, sink: Sink) -> None:
        letters = mails(2)
        del letters[0][1]["To"]
        first, second = sorted(send(sink.url, letters), key=lambda one: one.key)
        assert (first.accepted, first.permanent) == (False, True)
        assert second.accepted

    def test_what_the_source_raises_is_raised_after_the_outcomes_of_what_was_sent(self, sink: Sink) -> None:
        def letters() -> Iterator[Addressed]:
            yield from mails(3)
            raise LookupError("no more")

        told = []

        async def sending() -> None:
            async for outcome in send_all(SmtpServer.from_url(sink.url), letters()):
                told.append(outcome.key)  # noqa: PERF401  what came before the error counts

        with pytest.raises(LookupError):
            asyncio.run(sending())
        assert sorted(told) == ["task-0", "task-1", "task-2"]


class TestTheSenderStaysCloseToItsCaller:
    def test_a_caller_who_stops_has_sent_few_mails_that_it_does_not_know_of(self, sink: Sink) -> None:
        async def first() -> str:
            outcomes = send_all(SmtpServer.from_url(sink.url), mails(100), connections=2)
            key = (await anext(outcomes)).key
            await asyncio.sleep(0.3)
            await outcomes.aclose()
            return key

        assert asyncio.run(first()).startswith("task-")
        assert sink.mailbox.count() <= 2 * AHEAD


class TestARefusalIsPermanentOnlyIfItIsAboutTheMail:
    def test_try_later_is_temporary(self, sink: Sink) -> None:
        sink.refuse = "451 4.3.0 try later"
        outcomes = send(sink.url, mails(8))
        assert len(outcomes) == 8
        assert not any(one.accepted or one.permanent for one in outcomes)
        assert outcomes[0].reply == "451 4.3.0 try later"

    def test_an_unknown_recipient_is_permanent(self, sink: Sink) -> None:
        sink.refuse = "550 5.1.1 no such person"
        outcomes = send(sink.url, mails(8))
        assert len(outcomes) == 8
        assert all(one.permanent and one.reply == "550 5.1.1 no such person" for one in outcomes)

    def test_the_server_may_change_its_mind(self, sink: Sink) -> None:
        sink.refuse = "451 4.3.0 try later"
        send(sink.url, mails(3))
        sink.refuse = None
        assert all(one.accepted for one in send(sink.url, mails(3)))

    @pytest.mark.parametrize(
        ("at", "reply", "permanent"),
        [
            (".", "554 5.7.1 not this content", True),
            (".", "452 4.3.1 disk full", False),
            ("RCPT", "530 5.7.0 log in first", False),
            ("MAIL", "550 5.7.1 not you as a sender", False),
            ("MAIL", "552 5.3.4 larger than we take", True),
            ("EHLO", "421 4.3.2 going down", False),
        ],
    )
    def test_what_is_refused_decides(self, at: str, reply: str, permanent: bool) -> None:
        with scripted(lambda command, begun: reply if command.startswith(at) else polite(command, begun)) as url:
            outcomes = send(url, mails(5))
        assert len(outcomes) == 5
        assert not any(one.accepted for one in outcomes)
        assert {one.permanent for one in outcomes} == {permanent}

    def test_a_wrong_password_is_tried_once_per_connection_and_is_no_mails_fault(self) -> None:
        tried: list[str] = []

        def answer(command: str, begun: int) -> str:
            if command.startswith("EHLO"):
                return "250-scripted\r\n250 AUTH PLAIN"
            if command.startswith("AUTH"):
                tried.append(command)
                return "535 5.7.8 wrong password"
            return polite(command, begun)

        with scripted(answer) as url:
            outcomes = send(url.replace("://", "://user:secret@"), mails(6), connections=2)
        assert [(one.permanent, one.reply) for one in outcomes] == [(False, "535 5.7.8 wrong password")] * 6
        assert len(tried) <= 2


class TestALostServerLosesNoMail:
    def test_nobody_there_is_temporary_for_all(self) -> None:
        outcomes = send(closed_port(), mails(20))
        assert len({one.key for one in outcomes}) == 20
        assert not any(one.accepted or one.permanent for one in outcomes)

    def test_a_connection_lost_at_one_mail_is_opened_again_for_the_next(self) -> None:
        with scripted(lambda command, begun: None if command == "." and begun == 3 else polite(command, begun)) as url:
            outcomes = send(url, mails(10), connections=1)
        assert [one.key for one in outcomes if not one.accepted] == ["task-2"]
        assert not any(one.permanent for one in outcomes)

    def test_a_server_that_dies_midway_leaves_the_rest_to_be_sent_again(self, sink: Sink) -> None:
        async def sending() -> list[bool]:
            accepted = []
            async for outcome in send_all(SmtpServer.from_url(sink.url), mails(60)):
                accepted.append(outcome.accepted)
                assert not outcome.permanent
                if len(accepted) == 20:
                    await asyncio.to_thread(sink.stop)
            return accepted

        accepted = asyncio.run(sending())
        assert len(accepted) == 60
        assert 20 <= sum(accepted) <= 20 + 4 * AHEAD

    def test_a_server_that_hangs_up_at_every_mail_is_left_after_a_few(self) -> None:
        asked: list[int] = []

        def answer(command: str, begun: int) -> str | None:
            asked.append(begun)
            return None if command.startswith("MAIL") else polite(command, begun)

        with scripted(answer) as url:
            outcomes = send(url, mails(50), connections=2)
        assert len(outcomes) == 50
        assert max(asked) <= 6

    def test_a_server_that_falls_silent_is_not_waited_for_for_ever(self) -> None:
        silent = threading.Event()
        with scripted(lambda command, begun: polite(command, begun) if silent.wait(10) else None) as url:

            async def sending() -> list[bool]:
                server = SmtpServer.from_url(url, timeout=0.1)
                return [one.permanent async for one in send_all(server, mails(3), connections=1)]

            assert asyncio.run(sending()) == [False] * 3
            silent.set()

    def test_a_server_that_lets_in_one_connection_gets_all_mails_over_it(self) -> None:
        greeted: list[str] = []

        def answer(command: str, begun: int) -> str | None:
            if command.startswith("EHLO"):
                greeted.append(command)
                if 1 < len(greeted) < 10:
                    return "421 4.7.0 one at a time"
            return polite(command, begun)

        with scripted(answer) as url:
            outcomes = send(url, mails(40), connections=4)
        assert len(outcomes) == 40
        assert all(one.accepted for one in outcomes)
