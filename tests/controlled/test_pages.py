"""The pages of a controlled file, and the public one on which anybody checks a paper or a PDF."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.accounts.throttle import Allowance
from service.codes import change_code
from service.controlled import limits
from service.controlled.seal import seal
from service.web.pages import check as check_page
from service.web.site import LANGUAGE
from tests.accounts.browsing import Browser, Clock
from tests.accounts.browsing import application as signed_in_application
from tests.controlled.making import NOW, Office, encrypted, paper
from tests.support.university import at, order, protocol
from tests.web.visitors import Visitor, application, words

LATER = NOW + timedelta(days=400)
SECRET = "Купуя долбоор"


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def app(office: Office, clock: Clock) -> Iterator[FastAPI]:
    made = signed_in_application(office.university.database, clock, office.home)
    yield made
    made.state.site.close()


@pytest.fixture
def anybody(app: FastAPI) -> Browser:
    """Somebody who has no account, and reads English."""
    made = Browser(app)
    made.jar.set(LANGUAGE, "en", "sapat.test", "/")
    return made


@pytest.fixture
def inside(office: Office) -> Iterator[Visitor]:
    made = application(office.university.database, LATER, home=office.home)
    yield Visitor(made)
    made.state.site.close()


def made(office: Office, when: Any = NOW, text: str = "биринчи") -> UUID:
    revision = office.in_force({"жобо.pdf": paper(text)}, when)
    office.make(when)
    return revision


def dropped(who: Browser, pdf: bytes, path: str = "/check", **told: str) -> httpx.Response:
    """A file in the form of that page."""
    return who.send("POST", path, files={"file": ("жобо.pdf", pdf, "application/pdf")}, **told)


class TestThePageOfTheQrCode:
    def test_says_in_force_since_when_of_what(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        answer = anybody.get(f"/check/{revision}")
        told = words(answer)
        assert answer.status_code == 200
        for one in ("УСТ 4.09", "Алдын алуучу жана түзөтүүчү", "Revision № 1", "In force", "6 April 2026"):
            assert one in told
        assert "not in force" not in told

    def test_says_what_superseded_it_and_leads_there(self, office: Office, anybody: Browser) -> None:
        first, second = made(office), made(office, LATER)
        answer = anybody.get(f"/check/{first}")
        assert "Superseded: not in force any more" in words(answer)
        assert f'href="/check/{second}"' in answer.text
        assert "Superseded by Revision № 2" in words(answer)
        assert "In force now" not in words(answer)
        assert "In force" in words(anybody.get(f"/check/{second}"))

    def test_says_what_is_in_force_now_where_that_was_superseded_too(self, office: Office, anybody: Browser) -> None:
        first, _, third = made(office), made(office, LATER), made(office, LATER + timedelta(days=1))
        told = words(anybody.get(f"/check/{first}"))
        assert "Superseded by Revision № 2" in told
        assert "In force now Revision № 3" in told
        assert f'href="/check/{third}"' in anybody.get(f"/check/{first}").text

    def test_says_withdrawn_and_until_when(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        day = at(2026, 5, 5)
        office.university.go(
            revision, "withdraw", "rector", day, order_no="9", decided_on=day.date(), reason="Купуя себеп"
        )
        told = words(anybody.get(f"/check/{revision}"))
        assert "Withdrawn: not in force any more" in told
        assert "5 May 2026" in told
        assert "Купуя" not in told

    def test_says_the_same_of_a_draft_a_nonconformity_and_nothing_at_all(
        self, office: Office, anybody: Browser
    ) -> None:
        university = office.university
        made(office)
        draft = university.open("document", "owner", NOW, document="УСТ 4.09", summary=SECRET)
        reported = university.reported(NOW)
        pages = [anybody.get(f"/check/{one}") for one in (draft, reported, uuid4(), new_id())]
        assert {one.status_code for one in pages} == {404}
        (text,) = {one.text.replace(str(one.url).rpartition("/")[2], "ID") for one in pages}
        for one in ("УСТ", "Алдын", SECRET, "Протоколдор", "draft"):
            assert one not in text

    def test_says_nothing_of_one_that_waits_for_its_day_or_for_the_rector(
        self, office: Office, anybody: Browser
    ) -> None:
        waiting = office.university.endorsed(NOW)
        assert anybody.get(f"/check/{waiting}").status_code == 404
        office.university.go(waiting, "approve", "rector", NOW, **order("1", NOW, (LATER + timedelta(days=30)).date()))
        answer = anybody.get(f"/check/{waiting}")
        assert answer.status_code == 404
        assert "УСТ" not in answer.text

    @pytest.mark.parametrize(
        ("asked", "said"),
        [("ky", "ky"), ("ru-RU,ru;q=0.9", "ru"), ("en-GB", "en"), ("de", "ky")],
    )
    def test_is_in_the_language_of_the_browser(self, app: FastAPI, asked: str, said: str) -> None:
        answer = Browser(app).send("GET", "/check", headers={"Accept-Language": asked})
        assert f'<html lang="{said}"' in answer.text

    def test_may_be_asked_for_no_end_of_papers_that_are_not(
        self, app: FastAPI, anybody: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "ONE", Allowance(3, timedelta(minutes=1), timedelta(minutes=15)))
        codes = [anybody.get(f"/check/{uuid4()}").status_code for _ in range(6)]
        assert codes[:3] == [404] * 3
        assert codes[-1] == 429


class TestTheWayThere:
    def test_is_on_the_page_on_which_one_signs_in_and_at_the_foot_of_every_page(
        self, anybody: Browser, inside: Visitor
    ) -> None:
        main, _, foot = anybody.get("/sign-in").text.partition("<footer")
        assert main.count('href="/check"') == foot.count('href="/check"') == 1
        assert 'href="/check"' in inside.is_("reader").get("/tasks").text.partition("<footer")[2]


class TestLookingACodeUp:
    def test_finds_what_is_in_force(self, office: Office, anybody: Browser) -> None:
        made(office)
        told = words(anybody.get("/check?code=%20УСТ%20%204.09"))
        assert "Revision № 1" in told
        assert "In force" in told

    @pytest.mark.parametrize("code", ["УСТ 9.99", "УСТ 4.09%00", "<script>alert(1)</script>", "%25", "x" * 500])
    def test_finds_nothing_else(self, office: Office, anybody: Browser, code: str) -> None:
        office.university.draft(NOW)
        answer = anybody.get(f"/check?code={code}")
        assert answer.status_code == 200
        assert "Nothing is in force under this code" in words(answer)
        assert "<script>alert" not in answer.text

    @pytest.mark.parametrize("code", ["уст4.09", "УСТ  4.9", "4.09", "YCT 4,09", "уст-4.09", "Уст 4.09 "])
    def test_finds_it_however_it_is_typed(self, office: Office, anybody: Browser, code: str) -> None:
        made(office)
        assert "Revision № 1" in words(anybody.get(f"/check?code={code}"))

    @pytest.mark.parametrize("code", ["09", "4", "4.0", "14.09", "УСТ", "ЖЖ 4.09", "УСТ 4.09:01", "УСТ 4.091"])
    def test_takes_nothing_else_for_it(self, office: Office, anybody: Browser, code: str) -> None:
        made(office)
        assert "Revision № 1" not in words(anybody.get(f"/check?code={code}"))

    def test_finds_it_under_the_code_on_the_paper_and_says_which_it_has_now(
        self, office: Office, anybody: Browser
    ) -> None:
        revision = made(office)
        university = office.university
        document, actor = university.one(t.document)["id"], university.as_("quality", NOW)
        with university.database.write() as connection:
            change_code(connection, document, {"code": "УСТ 4.77", "reason": "Топ өзгөрдү"}, actor, NOW)
        for path in ("/check?code=уст4.09", "/check?code=4.77", f"/check/{revision}"):
            told = words(anybody.get(path))
            assert "In force" in told
            assert "Its code is УСТ 4.77 now; on papers from before it may stand as УСТ 4.09." in told

    def test_is_asked_so_often_and_no_more_but_by_who_is_signed_in(
        self, office: Office, anybody: Browser, inside: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "ONE", Allowance(3, timedelta(minutes=1), timedelta(minutes=15)))
        made(office)
        answers = [anybody.get(f"/check?code=УСТ 4.{number:02}") for number in range(6, 12)]
        assert [one.status_code for one in answers][:3] == [200] * 3
        assert answers[-1].status_code == 429
        assert "Too much has been asked" in words(answers[-1])
        assert 'value="УСТ 4.11"' in answers[-1].text
        assert anybody.get("/check").status_code == 200
        assert {inside.is_("reader").get("/check?code=УСТ 4.09").status_code for _ in range(6)} == {200}


class TestAPdfThatIsDropped:
    def test_is_ours_byte_for_byte_with_how_it_stands(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        told = words(dropped(anybody, office.pdf(revision)))
        assert "This file is ours, byte for byte." in told
        assert "УСТ 4.09" in told
        assert "In force" in told

    def test_is_ours_though_superseded_and_said_to_be(self, office: Office, anybody: Browser) -> None:
        first = made(office)
        pdf = office.pdf(first)
        second = made(office, LATER)
        for path in ("/check", f"/check/{first}", f"/check/{second}"):
            told = words(dropped(anybody, pdf, path))
            assert "This file is ours, byte for byte." in told
            assert "Revision № 1" in told
            assert "Superseded: not in force any more" in told

    def test_is_ours_though_it_was_made_anew_since(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        pdf = office.pdf(revision)
        office.ask(revision, LATER)
        office.make(LATER)
        assert office.pdf(revision) != pdf
        assert "This file is ours, byte for byte." in words(dropped(anybody, pdf))

    def test_is_not_ours_with_any_byte_changed_nor_with_one_more(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        pdf = office.pdf(revision)
        dice = random.Random(1)
        places = [dice.randrange(len(pdf)) for _ in range(8)]
        for changed in (*[pdf[:at_] + bytes([pdf[at_] ^ 1]) + pdf[at_ + 1 :] for at_ in places], pdf + b"\n"):
            told = words(dropped(anybody, changed, f"/check/{revision}"))
            assert "byte for byte." not in told
            assert ("Do not rely on it." in told) != ("the file is not among those given out" in told)

    def test_changed_after_it_was_sealed_is_said_to_be_and_which_it_says_it_is(
        self, office: Office, anybody: Browser
    ) -> None:
        revision = made(office)
        answer = dropped(anybody, office.pdf(revision) + b"\n")
        told = words(answer)
        assert "Changed after it was sealed." in told
        assert "It says of itself that it is УСТ 4.09, revision № 1." in told
        assert f'href="/check/{revision}"' in answer.text

    def test_of_somebody_elses_is_not_ours(self, office: Office, anybody: Browser) -> None:
        made(office)
        for pdf in (paper("башка"), encrypted(paper(), "a"), b"not a PDF"):
            told = words(dropped(anybody, pdf))
            assert "This file is not ours." in told
            assert "УСТ" not in told

    def test_that_names_a_draft_learns_nothing_of_it(self, office: Office, anybody: Browser) -> None:
        draft = office.university.draft(NOW)
        told = words(dropped(anybody, paper() + f"\n/check/{draft}\n".encode()))
        assert "This file is not ours." in told
        assert "УСТ" not in told

    def test_sealed_here_but_never_given_out_is_not_called_ours(self, office: Office, anybody: Browser) -> None:
        from service.controlled.certificate import identity

        by = identity(office.settings, "Университет", NOW)
        pdf = seal(paper(), by, "Университет", "https://a.example/check/x", NOW)
        told = words(dropped(anybody, pdf))
        assert "the file is not among those given out" in told
        assert "byte for byte." not in told

    def test_is_kept_nowhere(self, office: Office, anybody: Browser) -> None:
        made(office)
        before = {path for path in office.home.rglob("*") if path.is_file()}
        tables = {name: office.university.rows(getattr(t, name)) for name in ("file", "upload", "controlled_digest")}
        dropped(anybody, paper("эч жерде"))
        assert {path for path in office.home.rglob("*") if path.is_file()} == before
        assert {name: office.university.rows(getattr(t, name)) for name in tables} == tables

    def test_larger_than_any_of_ours_is_refused_before_it_is_read(
        self, anybody: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(check_page, "MOST_BYTES", 1000)
        answer = dropped(anybody, b"%PDF-" + bytes(2000))
        assert answer.status_code == 413
        assert "too large" in words(answer)
        answer = dropped(anybody, b"%PDF-" + bytes(200_000))
        assert answer.status_code == 413

    def test_that_was_not_chosen_is_asked_for(self, anybody: Browser) -> None:
        for answer in (dropped(anybody, b""), anybody.post("/check", None, file="words")):
            assert answer.status_code == 422
            assert "No file was chosen." in words(answer)

    def test_too_many_of_one_place_wait_and_are_told_how_long(
        self, office: Office, app: FastAPI, anybody: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(office)
        monkeypatch.setattr(limits, "ONE", Allowance(2, timedelta(minutes=1), timedelta(minutes=15)))
        answers = [dropped(anybody, b"x") for _ in range(4)]
        assert [one.status_code for one in answers[:2]] == [200, 200]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["Retry-After"] == "60"
        other = Browser(app, address="203.0.113.9")
        assert dropped(other, b"x").status_code == 200

    def test_sent_by_another_site_is_refused(self, anybody: Browser) -> None:
        answer = dropped(anybody, b"x", headers={"Sec-Fetch-Site": "cross-site"})  # type: ignore[arg-type]  # headers by name
        assert answer.status_code == 403


class TestTheFileOfARevision:
    def test_is_given_to_readers_the_same_bytes_each_time(self, office: Office, inside: Visitor) -> None:
        revision = made(office)
        answer = inside.is_("reader").get(f"/revisions/{revision}/controlled.pdf")
        assert (answer.status_code, answer.content) == (200, office.pdf(revision))
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "filename*=UTF-8''%D0%A3%D0%A1%D0%A2%204.09%20%E2%84%96%201.pdf" in answer.headers["Content-Disposition"]
        again = inside.get(f"/revisions/{revision}/controlled.pdf", If_None_Match=answer.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_of_a_document_is_that_of_its_revision_in_force(self, office: Office, inside: Visitor) -> None:
        made(office)
        second = made(office, LATER)
        document = office.university.one(t.document)["id"]
        answer = inside.is_("reader").get(f"/documents/{document}/controlled.pdf")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/revisions/{second}/controlled.pdf")

    def test_of_a_document_without_any_in_force_is_not_there(self, office: Office, inside: Visitor) -> None:
        office.university.draft(NOW)
        document = office.university.one(t.document)["id"]
        assert inside.is_("owner").get(f"/documents/{document}/controlled.pdf").status_code == 404

    def test_is_not_given_to_whoever_may_not_read_the_revision(self, office: Office, inside: Visitor) -> None:
        first = made(office)
        assert inside.is_("reader").get(f"/revisions/{first}/controlled.pdf").status_code == 200
        made(office, LATER)
        for path in ("controlled.pdf", "controlled", "controlled.svg"):
            assert inside.is_("reader").get(f"/revisions/{first}/{path}").status_code == 404
            assert inside.is_("owner").get(f"/revisions/{first}/{path}").status_code == 200

    def test_is_not_given_to_whoever_has_not_signed_in(self, office: Office, anybody: Browser) -> None:
        revision = made(office)
        for path in ("controlled.pdf", "controlled", "controlled.svg"):
            assert anybody.get(f"/revisions/{revision}/{path}").status_code == 303

    def test_is_linked_from_the_record_once_it_came_into_force_not_before(
        self, office: Office, inside: Visitor
    ) -> None:
        draft = office.university.draft(NOW)
        link = f'href="/revisions/{draft}/controlled"'
        assert link not in inside.is_("owner").get(f"/revisions/{draft}").text
        university = office.university
        university.go(draft, "submit", "owner", NOW)
        for secretary in ("sec_ouk", "sec_ok"):
            university.go(draft, "endorse", secretary, NOW, **protocol("1", NOW))
        university.go(draft, "approve", "rector", NOW, **order("1", NOW, NOW.date()))
        assert link in inside.get(f"/revisions/{draft}").text

    def test_says_how_it_was_made_and_that_a_layout_is_simplified(self, office: Office, inside: Visitor) -> None:
        from tests.controlled.making import document

        revision = office.in_force({"жобо.docx": document()})
        office.make()
        told = words(inside.is_("reader", "en").get(f"/revisions/{revision}/controlled"))
        assert "Simplified layout" in told
        assert "set in a simplified layout" in told
        assert office.row(revision)["sha256"] in told
        assert f"http://sapat.test/check/{revision}" in told

    def test_taken_as_it_was_is_not_called_simplified(self, office: Office, inside: Visitor) -> None:
        told = words(inside.is_("reader", "en").get(f"/revisions/{made(office)}/controlled"))
        assert "a PDF, taken as its author made it" in told
        assert "implified" not in told

    def test_that_cannot_be_made_says_why(self, office: Office, inside: Visitor) -> None:
        revision = office.in_force({"жобо.pdf": encrypted(paper(), "a")})
        office.make()
        told = words(inside.is_("reader", "en").get(f"/revisions/{revision}/controlled"))
        assert "It cannot be made “жобо.pdf” is encrypted" in told
        assert inside.get(f"/revisions/{revision}/controlled.pdf").status_code == 404


class TestAskingOnceMore:
    def test_is_the_quality_specialists(self, office: Office, inside: Visitor) -> None:
        revision = made(office)
        path = f"/revisions/{revision}/controlled"
        assert f'action="{path}"' not in inside.is_("reader").get(path).text
        assert inside.post(path).status_code == 403
        assert office.row(revision)["state"] == "made"
        assert f'action="{path}"' in inside.is_("quality").get(path).text
        assert inside.post(path).status_code == 303
        assert (office.row(revision)["state"], office.row(revision)["next_try_at"]) == ("pending", LATER)

    def test_of_a_draft_is_for_nobody(self, office: Office, inside: Visitor) -> None:
        draft = office.university.draft(NOW)
        assert inside.is_("quality").post(f"/revisions/{draft}/controlled").status_code == 404
        assert office.university.rows(t.controlled_file) == []

    def test_is_where_what_failed_is_listed(self, office: Office, inside: Visitor) -> None:
        office.in_force({"жобо.pdf": encrypted(paper(), "a")})
        office.make()
        made(office, LATER)
        told = words(inside.is_("quality", "en").get("/controlled"))
        assert "“жобо.pdf” is encrypted" in told
        assert "УСТ 4.09/1" in told
        assert "УСТ 4.09/2" not in told
        assert "Made: 1." in told
        assert inside.is_("reader").get("/controlled").status_code == 403
        assert 'href="/controlled"' in inside.is_("quality").get("/revisions").text
        assert 'href="/controlled"' not in inside.is_("reader").get("/revisions").text
