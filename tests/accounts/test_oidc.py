"""Signing in by a real identity provider, and all that may go wrong on the way to it and back."""

import json
import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from joserfc import jwk
from pydantic import SecretStr
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from models import tables as t
from models.database import Database
from service.accounts import id_token, provider, throttle
from service.accounts.tokens import hashed
from service.settings import Settings
from service.web.app import create_app
from service.web.site import Site
from tests.support.databases import SqliteTemplate
from tests.support.identity_provider import CLIENT, SECRET, IdentityProvider, identity_provider, rsa_key
from tests.support.receiver import answering
from tests.support.university import University, at
from tests.web.visitors import HOST, Visitor, words

NOW = at(2026, 4, 6)
OWNER = {"sub": "8f1c", "email": "owner@uni.example", "email_verified": True}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def op(clock: Clock) -> Iterator[IdentityProvider]:
    with identity_provider(clock) as one:
        one.claims = dict(OWNER)
        yield one


def served(university: University, clock: Clock, home: Path, issuer: str, **more: Any) -> FastAPI:
    how = {"oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET), "oidc_label": "The University", **more}
    settings = Settings(base_url=HOST, home=home, oidc_issuer=issuer, **how)
    return create_app(Site(settings, university.database, clock))


@pytest.fixture
def app(university: University, clock: Clock, op: IdentityProvider, tmp_path: Path) -> Iterator[FastAPI]:
    made = served(university, clock, tmp_path, op.issuer)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app, {"sapat_language": "en"})


def gone(visitor: Visitor, back: str = "/tasks") -> str:
    """Begin; the address to which the provider sends the browser back."""
    begun = visitor.get(f"/oidc?{urlencode({'next': back})}")
    assert begun.status_code == 303, words(begun)
    answer = httpx.get(begun.headers["location"], trust_env=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(HOST)


def signed_in(visitor: Visitor, back: str = "/tasks") -> httpx.Response:
    """The whole way, there and back."""
    return visitor.get(gone(visitor, back))


def changed(address: str, **changes: str | None) -> str:
    """The address with other values in its query."""
    path, _, query = address.partition("?")
    told = {**dict(parse_qsl(query)), **changes}
    return f"{path}?{urlencode({name: value for name, value in told.items() if value is not None})}"


def refused(answer: httpx.Response, university: University, status: int = 403) -> str:
    """A clear page that offers another way, nobody signed in, and a line in the log; what it says."""
    assert answer.status_code == status, words(answer)
    assert 'href="/sign-in' in answer.text
    assert 'href="/oidc' in answer.text
    assert university.rows(t.session) == []
    return words(answer)


def why(university: University) -> str:
    """The reason in the log's last line."""
    last = university.rows(t.event)[-1]
    assert (last["kind"], last["facts"]["method"]) == ("sign_in.failed", "oidc")
    return str(last["facts"]["why"])


class TestSigningIn:
    def test_opens_a_session_of_whom_the_provider_has_confirmed(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        done = signed_in(visitor)
        assert (done.status_code, done.headers["location"]) == (303, "/tasks")
        session = university.one(t.session)
        assert (session["person_id"], session["method"]) == (university.people["owner"], "oidc")
        assert "Omur Jazuuchu" in words(visitor.get("/tasks"))
        identity = university.one(t.identity)
        assert (identity["issuer"], identity["subject"]) == (op.issuer, "8f1c")
        kinds = [row["kind"] for row in university.rows(t.event)]
        assert kinds == ["identity.linked", "session.opened"]

    def test_asks_by_code_with_s256_and_says_no_secret(self, visitor: Visitor, university: University) -> None:
        begun = visitor.get("/oidc")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == f"{HOST}/oidc/callback"
        facts = university.one(t.challenge)["facts"]
        assert facts["verifier"] not in begun.headers["location"]
        assert asked["nonce"] == facts["nonce"]
        assert SECRET not in begun.headers["location"]
        (cookie,) = [one for one in begun.headers.get_list("set-cookie") if one.startswith("sapat_oidc=")]
        assert all(word in cookie for word in ("HttpOnly", "Path=/oidc", "SameSite=lax", "Max-Age=600"))

    def test_keeps_what_the_browser_holds_only_as_a_hash(self, visitor: Visitor, university: University) -> None:
        visitor.get("/oidc")
        assert university.one(t.challenge)["token_hash"] == hashed(visitor.cookies["sapat_oidc"])

    def test_finds_a_person_again_whatever_their_address_has_become(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        signed_in(visitor)
        for changes in ({"email": "new@uni.example"}, {"email_verified": False}, {"email": None}):
            op.wrong = changes
            assert signed_in(visitor).status_code == 303
        assert {row["person_id"] for row in university.rows(t.session)} == {university.people["owner"]}
        assert len(university.rows(t.identity)) == 1

    def test_does_not_mind_capital_letters(self, visitor: Visitor, op: IdentityProvider) -> None:
        op.wrong = {"email": "OWNER@Uni.Example"}
        assert signed_in(visitor).status_code == 303

    def test_gives_a_new_session_and_ends_the_one_before(self, visitor: Visitor, university: University) -> None:
        signed_in(visitor)
        before = visitor.cookies["sapat_session"]
        signed_in(visitor)
        assert visitor.cookies["sapat_session"] != before
        ended = {row["token_hash"]: row["ended_at"] is not None for row in university.rows(t.session)}
        assert ended == {hashed(before): True, hashed(visitor.cookies["sapat_session"]): False}

    @pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"])
    def test_leads_nowhere_else(self, visitor: Visitor, back: str) -> None:
        assert signed_in(visitor, back).headers["location"] == "/"

    @pytest.mark.parametrize("kind", ["ES256", "EdDSA", "Ed25519"])
    def test_takes_other_public_keys(self, visitor: Visitor, op: IdentityProvider, kind: str) -> None:
        named: jwk.KeyParameters = {"kid": "two"}
        op.key = (
            jwk.ECKey.generate_key("P-256", named) if kind == "ES256" else jwk.OKPKey.generate_key("Ed25519", named)
        )
        op.algorithm = kind
        assert signed_in(visitor).status_code == 303

    def test_tells_its_secret_in_the_way_the_provider_wants(self, visitor: Visitor, op: IdentityProvider) -> None:
        signed_in(visitor)
        assert op.tokens[-1]["authorization"].startswith("Basic ")
        assert "client_secret" not in op.tokens[-1]

    def test_tells_its_secret_in_the_body_where_that_is_the_only_way(
        self, visitor: Visitor, op: IdentityProvider
    ) -> None:
        op.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        assert signed_in(visitor).status_code == 303
        assert op.tokens[-1]["authorization"] == ""

    def test_where_there_is_no_provider_is_not_there(
        self, university: University, clock: Clock, tmp_path: Path
    ) -> None:
        visitor = Visitor(served(university, clock, tmp_path, ""))
        assert "/oidc" not in visitor.get("/sign-in").text
        assert visitor.get("/oidc").status_code == 404
        assert visitor.get("/oidc/callback?code=x&state=y").status_code == 404

    def test_hides_the_secret_from_whoever_prints_the_settings(self) -> None:
        assert SECRET not in repr(Settings(oidc_client_secret=SecretStr(SECRET)))


class TestSomebodyTheProviderKnows:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"email_verified": False},
            {"email_verified": None},
            {"email_verified": "true"},
            {"email": None},
            {"email": 7},
        ],
    )
    def test_is_not_linked_by_an_address_that_is_not_confirmed(
        self, visitor: Visitor, university: University, op: IdentityProvider, wrong: dict[str, Any]
    ) -> None:
        op.wrong = wrong
        assert "has been confirmed" in refused(signed_in(visitor), university)
        assert university.rows(t.identity) == []
        assert why(university) == "address-unconfirmed"

    @pytest.mark.parametrize(
        "email",
        [
            "nobody@uni.example",
            "",
            "owner@uni.example.evil.example",
            "owner@uni.example\x00",
            "owner@uni.example\ud800",
        ],
    )
    def test_and_nobody_here_is_not_linked(
        self, visitor: Visitor, university: University, op: IdentityProvider, email: str
    ) -> None:
        op.wrong = {"email": email}
        refused(signed_in(visitor), university)
        assert university.rows(t.identity) == []

    def test_is_not_linked_by_letters_that_look_alike(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        university.change(sa.update(t.person).where(t.person.c.code == "owner").values(email="kadr@uni.example"))
        op.wrong = {"email": "\N{KELVIN SIGN}adr@uni.example"}
        refused(signed_in(visitor), university)

    def test_is_not_linked_by_an_address_that_two_share(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        university.change(sa.update(t.person).where(t.person.c.code == "head").values(email="owner@uni.example"))
        assert "for nobody else" in refused(signed_in(visitor), university)
        assert why(university) == "nobody-linked"

    def test_is_linked_with_the_one_of_two_whose_account_is_not_disabled(
        self, visitor: Visitor, university: University
    ) -> None:
        university.change(sa.update(t.person).where(t.person.c.code == "head").values(email="owner@uni.example"))
        disabled(university, "head")
        assert signed_in(visitor).status_code == 303
        assert university.one(t.identity)["person_id"] == university.people["owner"]

    def test_does_not_come_in_once_their_account_is_disabled(self, visitor: Visitor, university: University) -> None:
        disabled(university, "owner")
        assert "disabled" in refused(signed_in(visitor), university)
        assert university.rows(t.identity) == []

    def test_does_not_come_in_again_once_their_account_is_disabled(
        self, visitor: Visitor, university: University
    ) -> None:
        signed_in(visitor)
        with university.database.write() as connection:
            connection.execute(sa.update(t.account).values(disabled_at=NOW))
            connection.execute(sa.delete(t.session))
        assert "disabled" in refused(signed_in(visitor), university)

    def test_does_not_inherit_an_account_with_an_address(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        signed_in(visitor)
        with university.database.write() as connection:
            connection.execute(sa.delete(t.session))
        op.claims["sub"] = "somebody who was given the mailbox"
        refused(signed_in(visitor), university)
        assert why(university) == "linked-otherwise"
        assert university.one(t.identity)["subject"] == "8f1c"

    def test_is_shown_what_they_are_called_as_text(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        op.wrong = {"email": "<script>alert(1)</script>@%(provider)s"}
        page = signed_in(visitor)
        refused(page, university)
        assert "<script" not in page.text


def disabled(university: University, person: str) -> None:
    row = {"person_id": university.people[person], "totp_step": 0, "created_at": NOW, "disabled_at": NOW}
    with university.database.write() as connection:
        connection.execute(sa.insert(t.account), row)


def stranger(kid: str) -> jwk.Key:
    return rsa_key(kid, "stranger")


def signs_with_the_public_key(op: IdentityProvider) -> None:
    """The old trick: the public key, taken for a shared secret."""
    assert isinstance(op.key, jwk.RSAKey)
    public = op.key.as_pem(private=False)
    op.published, op.key = [op.key], jwk.OctKey.import_key(urlsafe_b64encode(public).decode(), {"kid": "one"})
    op.algorithm = "HS256"


def signs_with_the_secret(op: IdentityProvider) -> None:
    op.published, op.key, op.algorithm = [op.key], jwk.OctKey.import_key(SECRET, {"kid": "one"}), "HS256"


def signs_with_a_published_secret(op: IdentityProvider) -> None:
    op.key, op.algorithm = jwk.OctKey.import_key("x" * 64, {"kid": "one"}), "HS256"
    secret = op.key.as_dict(private=True)
    op.instead["/keys"] = JSONResponse({"keys": [secret]})


def signs_with_somebody_elses_key(op: IdentityProvider) -> None:
    op.published, op.key = [op.key], stranger("one")


def signs_with_an_unknown_key(op: IdentityProvider) -> None:
    op.published, op.key = [op.key], stranger("other")


def brings_its_key_along(op: IdentityProvider) -> None:
    op.published, op.key = [op.key], stranger("one")
    op.header = {"jwk": op.key.as_dict(private=False), "jku": f"{op.issuer}/keys", "x5u": f"{op.issuer}/keys"}


def signs_nothing(op: IdentityProvider) -> None:
    op.algorithm = "none"


def signs_nothing_and_names_another_algorithm(op: IdentityProvider) -> None:
    op.instead["/token"] = JSONResponse({"id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6Im9uZSJ9.e30."})


def wants_something_unknown_to_be_understood(op: IdentityProvider) -> None:
    op.header = {"crit": ["exp"], "exp": 1}


FORGERIES: list[Callable[[IdentityProvider], None]] = [
    signs_with_the_public_key,
    signs_with_the_secret,
    signs_with_a_published_secret,
    signs_with_somebody_elses_key,
    signs_with_an_unknown_key,
    brings_its_key_along,
    signs_nothing,
    signs_nothing_and_names_another_algorithm,
    wants_something_unknown_to_be_understood,
]
LATER = int((NOW + timedelta(hours=1)).timestamp())
EARLIER = int((NOW - timedelta(minutes=2)).timestamp())


class OnOneDatabase:
    """What has nothing to do with the database is tried on one of them."""

    @pytest.fixture
    def database(self, sqlite_template: SqliteTemplate) -> Iterator[Database]:
        with sqlite_template.copy() as copied:
            yield copied


class TestATokenThatDoesNotHold(OnOneDatabase):
    @pytest.mark.parametrize(
        "wrong",
        [
            *({"nonce": "another"}, {"nonce": None}, {"nonce": ""}, {"nonce": 1}),
            *({"aud": "another"}, {"aud": ["another"]}, {"aud": None}, {"aud": [CLIENT, "another"]}, {"aud": {}}),
            *({"azp": "another"}, {"aud": [CLIENT, "another"], "azp": "another"}, {"azp": 1}),
            *({"iss": "https://evil.example"}, {"iss": None}, {"iss": ["x"]}),
            *({"exp": EARLIER}, {"exp": None}, {"exp": "tomorrow"}, {"exp": [1]}, {"exp": True}),
            *({"iat": LATER}, {"iat": None}, {"nbf": LATER}),
            *({"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": ["8f1c"]}, {"sub": "x" * 256}, {"sub": "8f1c\x00"}),
            *({"sub": "8f1c\ud800"},),
        ],
        ids=str,
    )
    def test_signs_nobody_in(
        self, visitor: Visitor, university: University, op: IdentityProvider, wrong: dict[str, Any]
    ) -> None:
        op.wrong = wrong
        refused(signed_in(visitor), university)
        assert university.rows(t.identity) == []
        assert why(university) == "provider-refused"

    @pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
    def test_because_it_is_forged_signs_nobody_in(
        self, visitor: Visitor, university: University, op: IdentityProvider, forge: Callable[[IdentityProvider], None]
    ) -> None:
        forge(op)
        refused(signed_in(visitor), university)
        assert university.rows(t.identity) == []
        assert why(university) == "provider-refused"

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"id_token": None},
            {"id_token": 7},
            {"id_token": ""},
            {"id_token": "x"},
            {"id_token": "a.b.c"},
            {"id_token": "..."},
            {"id_token": "a.b.c.d.e"},
            {"id_token": "é.ü.ö"},
            {"id_token": "x" * 200_000},
            {"id_token": "W10.W10.W10"},
            {"error": "invalid_grant"},
        ],
        ids=lambda answer: str(answer)[:40],
    )
    def test_because_it_is_none_signs_nobody_in(
        self, visitor: Visitor, university: University, op: IdentityProvider, answer: dict[str, Any]
    ) -> None:
        op.instead["/token"] = JSONResponse(answer)
        refused(signed_in(visitor), university)
        assert why(university) == "provider-refused"

    def test_is_not_read_deeper_than_one_can_go(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        nested = urlsafe_b64encode(b"[" * 60_000).decode()
        op.instead["/token"] = JSONResponse({"id_token": f"{nested}.{nested}.x"})
        refused(signed_in(visitor), university)


class TestComingBack:
    def test_with_another_state_is_refused(self, visitor: Visitor, university: University) -> None:
        assert "not begun in this browser" in refused(visitor.get(changed(gone(visitor), state="forged")), university)
        assert why(university) == "not-begun-here"

    @pytest.mark.parametrize(
        "query", ["", "?code=x", "?state=y", "?code=x&state=y", "?error=access_denied", "?code=%00&state=%ff"]
    )
    def test_without_having_gone_is_refused(self, visitor: Visitor, university: University, query: str) -> None:
        refused(visitor.get(f"/oidc/callback{query}"), university)
        assert why(university) == "not-begun-here"

    def test_in_another_browser_is_refused(self, app: FastAPI, visitor: Visitor, university: University) -> None:
        """Whoever sends their own answer to somebody else would have them work under a strange name."""
        address = gone(visitor)
        refused(Visitor(app).get(address), university)

    def test_with_somebody_elses_answer_is_refused(
        self, app: FastAPI, visitor: Visitor, university: University
    ) -> None:
        """A code that was stolen, or put under somebody's nose: neither its verifier nor its nonce fits."""
        stolen = dict(parse_qsl(urlsplit(gone(Visitor(app))).query))["code"]
        refused(visitor.get(changed(gone(visitor), code=stolen)), university)
        assert why(university) == "provider-refused"

    def test_twice_is_refused(self, visitor: Visitor, university: University) -> None:
        address = gone(visitor)
        cookie = visitor.cookies["sapat_oidc"]
        assert visitor.get(address).status_code == 303
        with university.database.write() as connection:
            connection.execute(sa.delete(t.session))
        visitor.cookies = {"sapat_oidc": cookie}
        refused(visitor.get(address), university)
        assert university.rows(t.challenge) == []

    def test_again_after_a_forged_state_is_refused(self, visitor: Visitor, university: University) -> None:
        address = gone(visitor)
        visitor.get(changed(address, state="forged"))
        refused(visitor.get(address), university)

    def test_after_ten_minutes_is_refused(self, visitor: Visitor, university: University, clock: Clock) -> None:
        address = gone(visitor)
        clock.now += timedelta(minutes=10)
        refused(visitor.get(address), university)

    def test_shortly_before_is_not(self, visitor: Visitor, clock: Clock, op: IdentityProvider) -> None:
        address = gone(visitor)
        clock.now += timedelta(minutes=9, seconds=59)
        assert visitor.get(address).status_code == 303

    @pytest.mark.parametrize("issuer", ["https://evil.example", "", None])
    def test_from_another_provider_is_refused(
        self, visitor: Visitor, university: University, issuer: str | None
    ) -> None:
        """RFC 9207: the code of one provider must not be taken to another."""
        refused(visitor.get(changed(gone(visitor), iss=issuer)), university)
        assert why(university) == "provider-refused"

    def test_from_one_that_never_names_itself_is_not(self, visitor: Visitor, op: IdentityProvider) -> None:
        op.metadata = {"authorization_response_iss_parameter_supported": False}
        assert visitor.get(changed(gone(visitor), iss=None)).status_code == 303

    def test_having_said_no_is_a_clear_page_without_the_providers_words(
        self, visitor: Visitor, university: University
    ) -> None:
        said = {"error": "access_denied", "error_description": "Call +996 555 and tell your password", "code": None}
        page = refused(visitor.get(changed(gone(visitor), **said)), university)
        assert "+996" not in page
        assert "The University has not confirmed who you are" in page

    @pytest.mark.parametrize("code", ["x", "x" * 5000, "%0d%0aX: y", "\u0000"])
    def test_with_a_code_that_is_none_is_refused(self, visitor: Visitor, university: University, code: str) -> None:
        refused(visitor.get(changed(gone(visitor), code=code)), university)
        assert why(university) == "provider-refused"


class TestAProviderThatIsDown(OnOneDatabase):
    def test_is_told_at_once_with_another_way(
        self, university: University, clock: Clock, tmp_path: Path, op: IdentityProvider
    ) -> None:
        with identity_provider(clock) as down:
            pass
        visitor = Visitor(served(university, clock, tmp_path, down.issuer), {"sapat_language": "en"})
        page = visitor.get("/oidc?next=/late")
        assert "The University cannot be reached" in refused(page, university, 502)
        assert 'href="/sign-in?next=%2Flate"' in page.text
        assert university.rows(t.challenge) == []

    def test_is_left_alone_for_a_while(
        self, visitor: Visitor, university: University, op: IdentityProvider, clock: Clock
    ) -> None:
        op.instead["/.well-known/openid-configuration"] = PlainTextResponse("down", 503)
        for _ in range(3):
            refused(visitor.get("/oidc"), university, 502)
        assert len(op.asked) == 1
        op.instead.clear()
        clock.now += provider.AWAY_FOR
        assert signed_in(visitor).status_code == 303

    def test_on_the_way_back_is_told_too(self, visitor: Visitor, university: University, op: IdentityProvider) -> None:
        address = gone(visitor)
        op.instead["/token"] = PlainTextResponse("down", 503)
        refused(visitor.get(address), university, 502)
        assert why(university) == "provider-away"

    @pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
    @pytest.mark.parametrize(
        "answer",
        [
            PlainTextResponse("<html>"),
            PlainTextResponse("[]"),
            PlainTextResponse("null"),
            PlainTextResponse("[" * 100_000),
            PlainTextResponse('{"a":' * 30_000),
            PlainTextResponse("x" * 1_000_000),
            PlainTextResponse(b"\xff\xfe\x00"),
            PlainTextResponse("oops", 500),
            PlainTextResponse("", 204),
            JSONResponse({"keys": 7, "issuer": 7}),
            JSONResponse({"keys": [None, 7, "x", {}, {"kty": 7}, {"kty": "RSA"}, {"kty": "RSA", "n": "x", "e": []}]}),
            JSONResponse({"keys": [{"kty": "oct", "k": "AAAA"}] * 100}),
            RedirectResponse("http://127.0.0.1:1/", 302),
            PlainTextResponse("{}", headers={"Content-Encoding": "gzip"}),
        ],
        ids=lambda answer: f"{answer.status_code}-{answer.body[:12]!r}-{len(answer.body)}",
    )
    def test_or_answers_anything_is_a_clear_page(
        self, visitor: Visitor, university: University, op: IdentityProvider, path: str, answer: Any
    ) -> None:
        op.instead[path] = answer
        begun = visitor.get("/oidc")
        if begun.status_code == 303:
            begun = visitor.get(
                httpx.get(begun.headers["location"], trust_env=False).headers["location"].removeprefix(HOST)
            )
        assert begun.status_code in (403, 502)
        refused(begun, university, begun.status_code)

    def test_and_never_answers_is_not_waited_for(
        self, university: University, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(provider, "LONGEST", 0.2)

        def silent(connection: socket.socket) -> None:
            connection.recv(1)

        with answering(silent) as authority:
            visitor = Visitor(served(university, clock, tmp_path, f"http://{authority}"), {"sapat_language": "en"})
            refused(visitor.get("/oidc"), university, 502)

    def test_and_answers_without_end_is_not_heard_to_its_end(
        self, university: University, clock: Clock, tmp_path: Path
    ) -> None:
        sent, over, most = [0], threading.Event(), 256 * provider.LARGEST

        def endless(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with suppress(OSError):
                while sent[0] < most:
                    sent[0] += connection.send(b" " * provider.LARGEST)
            over.set()

        with answering(endless) as authority:
            visitor = Visitor(served(university, clock, tmp_path, f"http://{authority}"), {"sapat_language": "en"})
            refused(visitor.get("/oidc"), university, 502)
            assert over.wait(20)
        assert sent[0] < most

    @pytest.mark.parametrize(
        "metadata",
        [
            {"issuer": "https://evil.example"},
            {"issuer": None},
            {"token_endpoint": "http://evil.example/token"},
            {"token_endpoint": None},
            {"token_endpoint": "file:///etc/passwd"},
            {"jwks_uri": "http://10.0.0.1/keys"},
            {"jwks_uri": "http://user@127.0.0.1/keys"},
            {"jwks_uri": "http://[::1"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": "http://evil.example/"},
            {"authorization_endpoint": ["https://x.example/"]},
        ],
        ids=str,
    )
    def test_or_says_of_itself_what_cannot_be_trusted_is_a_clear_page(
        self, visitor: Visitor, university: University, op: IdentityProvider, metadata: dict[str, Any]
    ) -> None:
        op.metadata = metadata
        assert "not set up rightly" in refused(visitor.get("/oidc"), university, 502)

    @pytest.mark.parametrize(
        "issuer", ["http://idp.example", "ftp://idp.example", "idp.example", "https://user@idp.example", "https://"]
    )
    def test_or_is_not_reached_safely_is_not_asked(
        self, university: University, clock: Clock, tmp_path: Path, issuer: str
    ) -> None:
        visitor = Visitor(served(university, clock, tmp_path, issuer), {"sapat_language": "en"})
        assert "not set up rightly" in refused(visitor.get("/oidc"), university, 502)


class TestWhatIsKnownOfTheProvider:
    def test_is_kept_for_an_hour(self, visitor: Visitor, op: IdentityProvider, clock: Clock) -> None:
        for _ in range(3):
            assert signed_in(visitor).status_code == 303
        assert (op.asked.count("/keys"), op.asked.count("/.well-known/openid-configuration")) == (1, 1)
        clock.now += provider.KEPT
        assert signed_in(visitor).status_code == 303
        assert (op.asked.count("/keys"), op.asked.count("/.well-known/openid-configuration")) == (2, 2)

    def test_is_asked_again_when_it_has_a_new_key(self, visitor: Visitor, op: IdentityProvider, clock: Clock) -> None:
        assert signed_in(visitor).status_code == 303
        op.key = stranger("two")
        clock.now += provider.KEYS_EVERY
        assert signed_in(visitor).status_code == 303
        assert op.asked.count("/keys") == 2

    def test_is_not_asked_for_each_unknown_key(
        self, visitor: Visitor, university: University, op: IdentityProvider
    ) -> None:
        assert signed_in(visitor).status_code == 303
        op.published, op.key = [op.key], stranger("two")
        for _ in range(3):
            assert signed_in(visitor).status_code == 403
        assert op.asked.count("/keys") == 1

    def test_of_keys_only_what_can_be_used_is_kept(self, op: IdentityProvider) -> None:
        listed: list[Any] = [op.key.as_dict(private=False), {"kty": "new"}, {"kty": "RSA"}, None]
        assert [key.kid for key in id_token.keys_of(json.loads(json.dumps({"keys": listed})))] == ["one"]


class TestWhoeverBeginsAgainAndAgain:
    def test_must_wait(self, visitor: Visitor, university: University) -> None:
        for _ in range(throttle.MANY.free):
            answer = visitor.get("/oidc")
        assert answer.status_code == 303
        answer = visitor.get("/oidc")
        answer = visitor.get("/oidc")
        refused(answer, university, 429)
        assert int(answer.headers["retry-after"]) > 0
        assert len(university.rows(t.challenge)) <= throttle.MANY.free + 1

    def test_and_signs_in_need_not(self, visitor: Visitor, university: University) -> None:
        for _ in range(3):
            assert signed_in(visitor).status_code == 303
        assert [row["failures"] for row in university.rows(t.attempts)] == [0]


class TestTwoPeople:
    def test_are_two(self, app: FastAPI, university: University, op: IdentityProvider) -> None:
        for person in ("owner", "head"):
            op.claims = {"sub": person, "email": f"{person}@uni.example", "email_verified": True}
            assert signed_in(Visitor(app)).status_code == 303
        linked = {row["subject"]: row["person_id"] for row in university.rows(t.identity)}
        assert linked == {person: university.people[person] for person in ("owner", "head")}

    def test_of_different_providers_with_one_subject_are_two(
        self, app: FastAPI, university: University, op: IdentityProvider
    ) -> None:
        row = {"issuer": "https://other.example", "subject": "8f1c", "person_id": university.people["rector"]}
        with university.database.write() as connection:
            connection.execute(sa.insert(t.identity), {**row, "created_at": NOW})
        assert signed_in(Visitor(app)).status_code == 303
        assert university.one(t.session)["person_id"] == university.people["owner"]
