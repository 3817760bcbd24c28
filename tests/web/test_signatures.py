"""Signing by people who have signed in: what they see first, how they prove who they are, what is seen afterwards."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.accounts.api_tokens import make_token
from tests.accounts.browsing import PASSWORD, Accounts, Browser, Clock, words
from tests.accounts.conftest import accounts, clock
from tests.files.samples import PDF
from tests.support.dump import dump
from tests.support.university import University
from tests.web.visitors import moves

__all__ = ["accounts", "clock"]

DECISION = {"protocol_no": "7", "decided_on": "2026-04-06", "wording": "Жактырылсын"}
ORDER = {"order_no": "12", "decided_on": "2026-04-06", "in_force_on": "2026-04-06"}
WRONG = "бул-сырсөз-эмес 12"


@pytest.fixture
def signers(accounts: Accounts) -> Accounts:
    """Those who sign have passwords, and lately nobody has signed."""
    accounts.give_password("owner", "sec_ouk", "sec_ok", "rector", "vice")
    return accounts


def signed_in(accounts: Accounts, person: str) -> Browser:
    browser = accounts.browser()
    assert browser.sign_in(person).status_code == 303
    return browser


def submitted(accounts: Accounts) -> UUID:
    """A revision with a file, which waits for the first council; made by pages."""
    owner, university = signed_in(accounts, "owner"), accounts.university
    revision = university.draft(accounts.clock.now)
    form = moves(owner.get(f"/revisions/{revision}"))["attach_file"]
    sent = owner.send("POST", form.action, data=form.fields, files={"file": ("Жобо.pdf", PDF, "application/pdf")})
    assert sent.status_code == 303
    university.go(revision, "submit", "owner", accounts.clock.now)
    return revision


def make(browser: Browser, path: str, name: str, given: Mapping[str, str], **typed: str) -> httpx.Response:
    """Open the record, fill in the form of the move, send it."""
    form = moves(browser.get(path))[name]
    return browser.post(form.action, None, **{**form.fields, **given, **typed})


def signatures(university: University) -> list[dict[str, Any]]:
    return university.rows(t.signature)


def api(browser: Browser, path: str, told: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.send("POST", f"/api{path}", json=told, headers=named)


def endorsing(**proof: str) -> dict[str, Any]:
    return {"move": "endorse", "given": DECISION, **({"signature": proof} if proof else {})}


class TestBeforeOneSigns:
    def test_one_sees_what_it_means_in_which_post_and_all_that_is_signed(self, signers: Accounts) -> None:
        revision = submitted(signers)
        page = signed_in(signers, "sec_ouk").get(f"/revisions/{revision}")
        file = signers.university.one(t.file)["sha256"]
        (attachment,) = signers.university.rows(t.attachment)
        for said in ("You sign: endorsed", "Sec_ouk (post)", "УСТ 4.09/1", "4.1-пункт такталат", "Жобо.pdf", file[:12]):
            assert said in words(page), said
        assert f"/files/{attachment['id']}/" in page.text
        assert file in page.text
        form = moves(page)["endorse"]
        assert form.fields["password"] == ""
        assert 'autocomplete="current-password"' in page.text
        assert "passkeys.js" not in page.text  # there is none, so none is offered

    def test_a_deputy_sees_for_whom(self, signers: Accounts) -> None:
        revision = signers.university.endorsed(signers.clock.now)
        away(signers, "rector", "vice")
        vice = signed_in(signers, "vice")
        assert "Jyldyz Okueva for Aibek Rektorov" in words(vice.get(f"/revisions/{revision}"))
        assert make(vice, f"/revisions/{revision}", "approve", ORDER, password=PASSWORD).status_code == 303
        shown = words(vice.get(f"/revisions/{revision}")).partition("Decisions")[2]
        assert shown.count("Jyldyz Okueva for Aibek Rektorov") == 3  # the decision, the signature, the history
        assert "as rector (post)" in shown

    def test_the_demonstration_says_that_it_asks_for_nothing(self, signers: Accounts) -> None:
        revision = signers.university.endorsed(signers.clock.now)
        signers.app.state.site.demo_sign_in = lambda _: True
        page = signers.browser().get(f"/revisions/{revision}", **{"Sapat-Person": "rector"})
        assert "it asks for no password" in words(page)
        assert "password" not in moves(page)["approve"].fields


def away(accounts: Accounts, person: str, deputy: str) -> None:
    day = accounts.clock.now.date()
    who = {"person_id": accounts.person(person), "deputy_id": accounts.person(deputy), "since": day, "until": day}
    entered = {"entered_by_id": accounts.person(person), "entered_at": accounts.clock.now, "reason": "vacation"}
    accounts.university.change(sa.insert(t.absence).values(id=new_id(), **who, **entered))


class TestAPassword:
    def test_signs(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        assert make(browser, f"/revisions/{revision}", "endorse", DECISION, password=PASSWORD).status_code == 303
        (row,) = signatures(signers.university)
        assert (row["method"], row["person_id"]) == ("password", signers.person("sec_ouk"))
        shown = words(browser.get(f"/revisions/{revision}"))
        assert "6 April 2026, 10:00 (Bishkek, UTC+06:00)" in shown
        assert "by their password" in shown
        assert row["content_hash"] in shown

    @pytest.mark.parametrize(
        ("typed", "says"),
        [("", "This is a signature: show that it is you."), (WRONG, "This password is not right.")],
    )
    def test_that_is_missing_or_wrong_loses_nothing_else_and_is_never_shown(
        self, signers: Accounts, typed: str, says: str
    ) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        answer = make(browser, f"/revisions/{revision}", "endorse", DECISION, password=typed)
        assert answer.status_code == 403
        form = moves(answer)["endorse"]
        assert form.fields["protocol_no"] == "7"
        assert "Жактырылсын</textarea>" in answer.text
        assert 'href="#f-endorse-password"' in answer.text
        assert 'id="f-endorse-password-error"' in answer.text
        assert says in words(answer)
        assert form.fields["password"] == ""
        assert WRONG not in answer.text
        assert signatures(signers.university) == []
        assert signers.university.state(revision) == "council_review"

    def test_is_throttled(self, signers: Accounts, clock: Clock) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        for _ in range(5):
            make(browser, f"/revisions/{revision}", "endorse", DECISION, password=WRONG)
        answer = make(browser, f"/revisions/{revision}", "endorse", DECISION, password=PASSWORD)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
        assert "There were too many attempts." in words(answer)
        clock.turn(seconds=30)
        assert make(browser, f"/revisions/{revision}", "endorse", DECISION, password=PASSWORD).status_code == 303

    def test_is_kept_nowhere(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        make(browser, f"/revisions/{revision}", "endorse", DECISION, password=WRONG)
        api(browser, f"/revisions/{revision}/moves", endorsing(password=PASSWORD), Idempotency_Key="one")
        rows = [row for table in dump(signers.database).values() for row in table]
        assert len(signatures(signers.university)) == 1
        assert not [row for row in rows if PASSWORD in row or WRONG in row]

    def test_of_somebody_else_does_not_sign(self, signers: Accounts) -> None:
        signers.give_password("sec_ok", password="башка бирөөнүн сырсөзү")
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        answer = make(browser, f"/revisions/{revision}", "endorse", DECISION, password="башка бирөөнүн сырсөзү")
        assert answer.status_code == 403
        assert signatures(signers.university) == []


class TestASeries:
    def test_asks_once_and_again_after_a_pause(self, signers: Accounts, clock: Clock) -> None:
        browser = signed_in(signers, "rector")
        first, second, third = (revision_of(signers, f"D{number}") for number in range(3))
        assert make(browser, first, "approve", ORDER, password=PASSWORD).status_code == 303
        clock.turn(minutes=9)
        page = browser.get(second)
        assert "no password is needed until 10:10" in words(page)
        assert "password" not in moves(page)["approve"].fields
        assert make(browser, second, "approve", ORDER).status_code == 303
        late = browser.get(third)
        clock.turn(minutes=10)  # the form was opened within the series, and sent after it
        form = moves(late)["approve"]
        answer = browser.post(form.action, None, **{**form.fields, **ORDER})
        assert answer.status_code == 403
        assert moves(answer)["approve"].fields["order_no"] == "12"
        assert 'id="f-approve-password"' in answer.text
        methods = [row["method"] for row in signatures(signers.university) if row["meaning"] == "approved"]
        assert methods == ["password", "series"]

    def test_is_of_one_session_and_one_person(self, signers: Accounts) -> None:
        first, second = revision_of(signers, "D1"), revision_of(signers, "D2")
        assert make(signed_in(signers, "rector"), first, "approve", ORDER, password=PASSWORD).status_code == 303
        another = signed_in(signers, "rector")
        assert make(another, second, "approve", ORDER).status_code == 403
        away(signers, "rector", "vice")
        assert make(signed_in(signers, "vice"), second, "approve", ORDER).status_code == 403

    def test_does_not_begin_with_what_was_refused(self, signers: Accounts) -> None:
        browser, path = signed_in(signers, "rector"), revision_of(signers, "D1")
        late = {**ORDER, "decided_on": "2027-01-01", "in_force_on": "2027-01-02"}
        assert make(browser, path, "approve", late, password=PASSWORD).status_code == 422
        assert make(browser, path, "approve", ORDER).status_code == 403


def revision_of(accounts: Accounts, code: str) -> str:
    """A revision of a document of its own, which waits for the rector; its address."""
    university, now = accounts.university, accounts.clock.now
    document = university.rows(t.document)[0]
    university.change(sa.insert(t.document).values({**document, "id": new_id(), "code": code, "sort_key": code}))
    revision = university.draft(now, document=code)
    university.go(revision, "submit", "owner", now)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, now, **DECISION)
    return f"/revisions/{revision}"


class TestWhatWasShown:
    def test_is_what_is_signed(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        page = browser.get(f"/revisions/{revision}")
        row = signers.university.one(t.attachment)
        with signers.database.write() as connection:  # past every move: the version stays what it was
            connection.execute(sa.insert(t.attachment).values({**row, "id": new_id(), "name": "Башка.pdf"}))
        form = moves(page)["endorse"]
        answer = browser.post(form.action, None, **{**form.fields, **DECISION, "password": PASSWORD})
        assert answer.status_code == 409
        assert "Башка.pdf" in words(answer)
        assert moves(answer)["endorse"].fields["content"] != form.fields["content"]
        assert signatures(signers.university) == []

    def test_must_be_said_by_a_form(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        form = moves(browser.get(f"/revisions/{revision}"))["endorse"]
        without = {name: value for name, value in form.fields.items() if name != "content"}
        assert browser.post(form.action, None, **{**without, **DECISION, "password": PASSWORD}).status_code == 409


class TestAfterAChange:
    def test_a_signature_stays_to_be_seen_and_says_since_when_it_is_void(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        path = f"/revisions/{revision}"
        assert make(browser, path, "endorse_with_amendments", DECISION, password=PASSWORD).status_code == 303
        owner = signed_in(signers, "owner")
        assert make(owner, path, "describe", {"summary": "Башка"}).status_code == 303
        page = owner.get(path)
        assert "<s>Umut Katchy</s>" in page.text
        assert "Void since 6 April 2026, 10:00 (Bishkek, UTC+06:00)" in words(page)


class TestTheApi:
    def test_says_what_would_be_signed_and_signs_that(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        path = f"/revisions/{revision}"
        told = browser.get(f"/api{path}", **{"Accept-Language": "en"}).json()
        offers = {offer["name"]: offer["signs"] for offer in told["moves"]}
        signs = offers["endorse"]
        assert (signs["meaning"], signs["post"], signs["acting_for"]) == ("endorsed", "sec_ouk (post)", None)
        assert signs["fields"]["summary"] == "4.1-пункт такталат"
        assert [(file["name"], file["size"]) for file in signs["files"]] == [("Жобо.pdf", len(PDF))]
        assert browser.get(signs["files"][0]["href"]).content == PDF
        assert offers["return_for_revision"] is None
        wrong = api(browser, f"{path}/moves", endorsing(password=PASSWORD, content="0" * 64))
        assert (wrong.status_code, wrong.json()["code"]) == (409, "stale")
        assert api(browser, f"{path}/moves", endorsing()).json()["code"] == "proof-needed"
        assert api(browser, f"{path}/moves", endorsing(password=WRONG)).json()["code"] == "wrong-password"
        done = api(browser, f"{path}/moves", endorsing(password=PASSWORD, content=signs["content"]))
        assert done.status_code == 200
        (signed,) = browser.get(f"/api{path}", **{"Accept-Language": "en"}).json()["signatures"]
        assert (signed["name"], signed["method"], signed["content"]) == ("Umut Katchy", "password", signs["content"])
        assert (signed["fits"], signed["voided_at"]) == (True, None)
        history = browser.get(f"/api{path}/history").json()["items"]
        assert history[-1]["signature"] == signed["hash"]

    def test_takes_no_signature_where_nothing_is_signed(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        told = {**endorsing(password=PASSWORD), "move": "return_for_revision"}
        answer = api(browser, f"/revisions/{revision}/moves", told)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"signature"})

    def test_signs_once_however_often_a_request_comes(self, signers: Accounts) -> None:
        revision, browser = submitted(signers), signed_in(signers, "sec_ouk")
        path = f"/revisions/{revision}/moves"
        first, again = (api(browser, path, endorsing(password=PASSWORD), Idempotency_Key="k") for _ in range(2))
        assert (first.status_code, first.json()) == (200, again.json())
        assert again.headers["idempotent-replayed"] == "true"
        assert len(signatures(signers.university)) == 1

    def test_lets_no_token_sign(self, signers: Accounts) -> None:
        revision, now = submitted(signers), signers.clock.now
        given = {"label": "Программа", "scope": "write", "days": "30"}
        with signers.database.write() as connection:
            _, token = make_token(connection, signers.person("sec_ouk"), given, now)
        before = dump(signers.database)
        answer = api(
            signers.browser(),
            f"/revisions/{revision}/moves",
            endorsing(password=PASSWORD),
            Authorization=f"Bearer {token}",
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "token-never-signs")
        signers.settle()
        after = dump(signers.database)
        assert {name for name in before if before[name] != after[name]} <= {"api_token"}
