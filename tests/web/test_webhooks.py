"""The page of webhooks: the administrator's, and no way to reach through it what is inside."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from models import tables as t
from service.webhook_calls import SIGNATURE
from tests.service.test_webhooks import Webhooks, holds
from tests.support.receiver import Receiver, receiving
from tests.support.university import PEOPLE, University, at
from tests.web.visitors import Visitor, application, words

NOW = at(2026, 4, 6)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def app(university: University, receiver: Receiver, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path, outgoing_allow=receiver.authority)
    yield made
    made.state.site.close()


@pytest.fixture
def admin(app: FastAPI) -> Visitor:
    return Visitor(app).is_("admin", "en")


def entered(admin: Visitor, receiver: Receiver) -> str:
    """A webhook entered through the page; its secret."""
    page = admin.post("/webhooks", {"label": "Portal", "url": receiver.url})
    assert page.status_code == 200, words(page)
    secrets = re.findall(r'<p class="plain">([\w-]{43})</p>', page.text)
    assert len(secrets) == 1
    return str(secrets[0])


def act(admin: Visitor, university: University, what: str) -> str:
    return f"/webhooks/{university.one(t.webhook)['id']}/{what}"


class TestThePage:
    @pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"admin"}))
    def test_is_the_administrators(
        self, app: FastAPI, admin: Visitor, university: University, receiver: Receiver, person: str
    ) -> None:
        entered(admin, receiver)
        other = Visitor(app).is_(person, "en")
        assert other.get("/webhooks").status_code == 403
        assert other.post("/webhooks", {"label": "x", "url": receiver.url}).status_code == 403
        for what in ("test", "secret", "disable"):
            assert other.post(act(admin, university, what)).status_code == 403
        assert (receiver.received, university.one(t.webhook)["disabled_at"]) == ([], None)

    def test_asks_who_one_is(self, app: FastAPI) -> None:
        nobody = Visitor(app)
        assert nobody.get("/webhooks").status_code == 303
        assert nobody.post("/webhooks", {"label": "x", "url": "https://8.8.8.8/"}).status_code == 303

    def test_takes_nothing_from_another_site(self, admin: Visitor, university: University) -> None:
        sent = admin.post("/webhooks", {"label": "x", "url": "https://8.8.8.8/"}, Sec_Fetch_Site="cross-site")
        assert sent.status_code == 403
        assert university.rows(t.webhook) == []

    def test_opens_in_each_language(self, admin: Visitor) -> None:
        for language in ("ky", "ru", "en"):
            assert admin.is_("admin", language).get("/webhooks").status_code == 200


class TestEntering:
    def test_shows_the_secret_once(self, admin: Visitor, university: University, receiver: Receiver) -> None:
        secret = entered(admin, receiver)
        page = admin.get("/webhooks")
        assert receiver.url in page.text
        assert secret not in page.text
        again = admin.post("/webhooks", {"label": "Portal", "url": receiver.url})
        assert again.status_code == 409
        assert len(university.rows(t.webhook)) == 1

    @pytest.mark.parametrize(
        "url",
        [
            *("http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"),
            *(
                "http://2130706433/",
                "http://0x7f.1/",
                "http://127.1/",
                "http://[::ffff:127.0.0.1]/",
                "file:///etc/passwd",
            ),
            *("http://hook.example@127.0.0.1/", "http://10.0.0.1/", "http://8.8.8.8:25/", "javascript:alert(1)", "x"),
        ],
    )
    def test_refuses_what_is_inside_and_loses_nothing_typed(
        self, admin: Visitor, university: University, url: str
    ) -> None:
        page = admin.post("/webhooks", {"label": "Portal", "url": url})
        assert page.status_code == 422
        assert 'href="#f-url"' in page.text
        assert f'value="{url}"' in page.text
        assert 'value="Portal"' in page.text
        assert university.rows(t.webhook) == []

    def test_asks_for_what_is_missing(self, admin: Visitor) -> None:
        page = admin.post("/webhooks", {"label": " ", "url": ""})
        assert page.status_code == 422
        assert 'href="#f-url"' in page.text
        assert 'href="#f-label"' in page.text

    def test_shows_a_label_as_text(self, admin: Visitor, receiver: Receiver) -> None:
        page = admin.post("/webhooks", {"label": "<script>alert(1)</script>", "url": receiver.url})
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


class TestTrying:
    def test_sends_something_signed_that_tells_of_no_move(
        self, admin: Visitor, university: University, receiver: Receiver
    ) -> None:
        secret = entered(admin, receiver)
        page = admin.post(act(admin, university, "test"))
        assert "HTTP 204" in words(page)
        (one,) = receiver.received
        assert b'"type": "test"' in one.body
        assert holds(one.headers[SIGNATURE.lower()], secret, one.body)

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_says_what_was_not_taken(
        self, admin: Visitor, university: University, receiver: Receiver, status: int
    ) -> None:
        entered(admin, receiver)
        receiver.status, receiver.more = status, {"Location": "http://127.0.0.1/"}
        assert f"HTTP {status}" in words(admin.post(act(admin, university, "test")))

    def test_says_that_nobody_answers(
        self, admin: Visitor, university: University, app: FastAPI, tmp_path: Path
    ) -> None:
        with receiving() as down:
            app.state.site.settings.outgoing_allow = down.authority
            entered(admin, down)
        page = admin.post(act(admin, university, "test"))
        assert page.status_code == 200
        assert "127.0.0.1 did not answer" in words(page)

    def test_is_told_of_in_the_log(self, admin: Visitor, university: University, receiver: Receiver) -> None:
        entered(admin, receiver)
        admin.post(act(admin, university, "test"))
        kinds = [row["kind"] for row in university.rows(t.event)]
        assert kinds == ["webhook.entered", "webhook.tried"]

    def test_after_the_key_was_lost_says_what_to_do(
        self, admin: Visitor, university: University, receiver: Receiver, tmp_path: Path
    ) -> None:
        entered(admin, receiver)
        (tmp_path / "secret.key").unlink()
        assert "Make a new one" in words(admin.post(act(admin, university, "test")))
        admin.post(act(admin, university, "secret"))
        assert "HTTP 204" in words(admin.post(act(admin, university, "test")))


class TestDisabling:
    def test_ends_it(self, admin: Visitor, university: University, receiver: Receiver) -> None:
        entered(admin, receiver)
        path = act(admin, university, "disable")
        assert admin.post(path).status_code == 303
        assert "Who is told nothing any more" in words(admin.get("/webhooks"))
        assert admin.post(path).status_code == 404
        assert admin.post(act(admin, university, "test")).status_code == 404
        assert receiver.received == []


class TestWhatDidNotArrive:
    def test_is_shown_with_its_reason(
        self, admin: Visitor, university: University, receiver: Receiver, tmp_path: Path
    ) -> None:
        entered(admin, receiver)
        found = university.reported(NOW)
        webhooks = Webhooks(university, tmp_path)
        webhooks.allowed.add(receiver.authority)
        webhooks.tell()
        receiver.status = 503
        assert webhooks.deliver(NOW) == {"uncalled": 1}
        page = admin.get("/webhooks")
        assert "HTTP 503" in words(page)
        assert f'href="/nonconformities/{found}"' in page.text
