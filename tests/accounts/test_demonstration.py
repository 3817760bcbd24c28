"""Demo sign-in: only where all is made up and nobody else can come; where one condition fails, nobody is believed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import service
from models import tables as t
from models.database import Database
from service.accounts.demonstration import demo_sign_in, is_demonstration, mark_demonstration
from service.settings import Settings
from service.web.serving import is_empty, serve, server_config
from service.web.site import PERSON
from tests.accounts.browsing import PASSWORD, Browser, Clock, application
from tests.support.university import University

ROOT = Path(service.__file__).parents[1]
HERE = {"host": "127.0.0.1:8000"}


def believed(headers: Mapping[str, str], demonstration: bool = True, **settings: Any) -> bool:
    return demo_sign_in(Settings(**settings), demonstration)(headers)


class TestWhoSaysWhoTheyAre:
    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST", "127.0.0.1"])
    def test_is_believed_on_this_machine(self, host: str) -> None:
        assert believed({"host": host})

    def test_is_not_where_the_data_are_real(self) -> None:
        assert not believed(HERE, demonstration=False)

    def test_is_not_where_mails_leave(self) -> None:
        assert not believed(HERE, smtp_url="smtp://mail.uni.example")

    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "sapat.uni.example", "::"])  # noqa: S104 - asked about, not listened on
    def test_is_not_where_others_can_come(self, host: str) -> None:
        assert not believed(HERE, host=host)

    @pytest.mark.parametrize(
        "host", ["", "else.test", "localhost.else.test", "127.0.0.1.else.test", "else.test:8000", "[::2]", "127.1"]
    )
    def test_is_not_where_a_foreign_name_was_asked_for(self, host: str) -> None:
        assert not believed({"host": host})

    @pytest.mark.parametrize("header", ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"])
    def test_is_not_through_a_proxy(self, header: str) -> None:
        assert not believed({**HERE, header: "192.0.2.7"})
        assert not believed(HERE, proxy="127.0.0.1")


class TestWhereNobodyIsBelieved:
    def test_neither_header_nor_cookie_nor_page_makes_anybody_somebody(
        self, university: University, tmp_path: Path
    ) -> None:
        app = application(university.database, Clock(), tmp_path)
        browser = Browser(app)
        assert browser.get("/api/me", **{"Sapat-Person": "rector"}).status_code == 401
        assert browser.post("/person", person="rector").status_code == 404
        browser.jar.set(PERSON, "rector", "sapat.test", "/")
        assert browser.get("/api/me").status_code == 401
        assert browser.get("/tasks").headers["location"] == "/sign-in?next=%2Ftasks"
        assert "rektorov" not in browser.get("/sign-in").text.lower()
        app.state.site.close()


class TestADatabase:
    def test_is_a_demonstration_only_once_it_was_said(self, database: Database) -> None:
        with database.write() as connection:
            assert not is_demonstration(connection)
            mark_demonstration(connection)
            mark_demonstration(connection)
            assert is_demonstration(connection)


class TestWhatAProxySays:
    @pytest.mark.parametrize(("proxy", "believed"), [("", False), ("192.0.2.1", True)])
    def test_of_who_asks_is_believed_only_of_a_proxy_that_is_named(
        self, university: University, tmp_path: Path, proxy: str, believed: bool
    ) -> None:
        app = application(university.database, Clock(), tmp_path, proxy=proxy)
        config = server_config(app.state.site.settings, app.state.site)
        assert config.proxy_headers is believed
        assert not believed or config.forwarded_allow_ips == proxy
        app.state.site.close()


class TestServing:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])  # noqa: S104 - asked about, not listened on
    def test_a_demonstration_to_others_is_refused_and_nothing_is_made_up(self, tmp_path: Path, host: str) -> None:
        told: list[str] = []
        began: list[Database] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = Settings(home=tmp_path, host=host, port=port)
        assert serve(settings, _no_chores, began.append, told.append) == 2
        assert began == []
        if host == "0.0.0.0":  # noqa: S104 - asked about, not listened on
            assert "this machine only" in told[-1]

    def test_does_not_mix_a_demonstration_into_a_university(self, database: Database) -> None:
        assert is_empty(database)
        University.founded(database)
        with database.write() as connection:
            connection.execute(sa.delete(t.document))
        assert not is_empty(database)

    def test_a_university_says_how_the_administrator_comes_in_until_they_have(self, tmp_path: Path) -> None:
        with served(tmp_path) as (address, first), httpx.Client(base_url=address, trust_env=False) as client:
            assert first is not None
            assert client.get("/api/me", headers={"Sapat-Person": "administrator"}).status_code == 401
        with served(tmp_path) as (address, link), httpx.Client(base_url=address, trust_env=False) as client:
            assert link is not None
            assert client.get(first).status_code == 410
            here = {"Origin": address}
            typed = {"new_password": PASSWORD, "again": PASSWORD}
            assert client.post(link, data=typed, headers=here).status_code == 303
            client.post("/sign-in", data={"name": "administrator", "password": PASSWORD}, headers=here)
            assert client.get("/accounts").status_code == 200
            assert client.get("/mailbox").status_code == 404
        with served(tmp_path) as (_, link):
            assert link is None


def _no_chores(_: object) -> Any:
    raise AssertionError("it was refused, so nothing begins")


@contextmanager
def served(home: Path) -> Iterator[tuple[str, str | None]]:
    """`sapat serve` without a demonstration: its address, and the path of the link that it printed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"SAPAT_HOME": str(home), "SAPAT_PORT": str(port), "SAPAT_DEMONSTRATION": "false"}
    command = [sys.executable, "-m", "sapat", "serve"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAPAT_")}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**inherited, **settings}, cwd=ROOT)
    try:
        assert process.stderr is not None
        address = f"http://127.0.0.1:{port}"
        for line in process.stderr:
            if line.startswith("Sapat answers at"):
                break
        told = process.stderr.readline() if _unused(home) else ""
        link = process.stderr.readline().strip().removeprefix(address) if told.startswith("Nobody can") else None
        yield address, link
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _unused(home: Path) -> bool:
    """Whether nobody has a password yet, so that a link is printed."""
    database = Database(Settings(home=home).database)
    try:
        with database.read() as connection:
            return not connection.execute(
                sa.select(sa.exists().where(t.account.c.password_hash.is_not(None)))
            ).scalar_one()
    finally:
        database.close()
