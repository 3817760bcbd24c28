"""Forms of moves: made end to end, and kept when they are refused. Who is offered which: the permission matrix."""

from typing import Any

import pytest
from fastapi import FastAPI

from models import tables as t
from tests.support.university import DOCUMENT, University, at, order
from tests.web.visitors import Visitor, application, forms, moves, words

NOW = at(2026, 11, 20)
HOSTILE = "<script>alert(1)</script> \" onmouseover='x' <img src=x onerror=alert(2)>"


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


class TestWhatIsOffered:
    def test_where_nothing_is_one_is_told_whose_turn_it_is(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        page = visitor.is_("vice", "en").get(f"/nonconformities/{found}")
        assert moves(page) == {}
        assert "It is with: Quality (post)" in words(page)

    def test_each_form_carries_the_version_that_was_seen(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        page = visitor.is_("owner").get(f"/nonconformities/{found}")
        assert {form.fields["version"] for form in moves(page).values()} == {"5"}


class TestAMove:
    def test_is_made_by_its_form_and_says_who_goes_on(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        page = visitor.is_("quality", "en").get(f"/nonconformities/{found}")
        answer = visitor.make(page, "register", severity="major", owner_post="owner")
        assert answer.status_code == 303
        shown = words(visitor.get(answer.headers["location"]))
        assert "Recorded: Register" in shown
        assert "It is with: Owner (post)" in shown
        assert university.state(found) == "correction"

    def test_that_is_done_is_said_to_who_did_it_only(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        page = visitor.is_("auditor", "en").get(f"/nonconformities/{found}?done=1")
        assert "Recorded: Opened" in words(page)
        assert "Recorded:" not in words(visitor.is_("owner", "en").get(f"/nonconformities/{found}?done=1"))

    def test_seen_too_late_is_refused_with_what_to_do_and_nothing_typed_lost(
        self, visitor: Visitor, university: University
    ) -> None:
        found = university.reported(NOW)
        page = visitor.is_("quality", "en").get(f"/nonconformities/{found}")
        university.go(found, "reject", "quality", NOW, reason="Мурда билдирилген")
        answer = visitor.make(page, "register", severity="major", owner_post="owner", requirement="ISO 9001, 10.2")
        assert answer.status_code == 409
        assert "This record has been changed since you opened it." in words(answer)  # by the same person
        assert "Open the record again and look at its history" in words(answer)
        assert "ISO 9001, 10.2" in words(answer)
        assert university.state(found) == "rejected"

    def test_without_what_it_must_record_comes_back_with_errors_in_place(
        self, visitor: Visitor, university: University
    ) -> None:
        found = university.reported(NOW)
        page = visitor.is_("quality", "en").get(f"/nonconformities/{found}")
        answer = visitor.make(page, "register", severity="enormous", owner_post="", impact="4.1 & 4.2")
        assert answer.status_code == 422
        assert "Choose one of the answers." in words(answer)
        assert 'id="f-register-severity"' in answer.text
        assert 'href="#f-register-owner_post"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert "4.1 &amp; 4.2</textarea>" in answer.text

    def test_whose_guard_does_not_hold_says_what_to_do(self, visitor: Visitor, university: University) -> None:
        revision = university.endorsed(at(2026, 9, 1))
        page = visitor.is_("rector", "en").get(f"/revisions/{revision}")
        given = {name: str(value) for name, value in order("7", at(2027, 1, 1), at(2027, 1, 2).date()).items()}
        answer = visitor.make(page, "approve", **given)
        assert answer.status_code == 422
        assert "The decision is dated in the future." in words(answer)
        assert 'value="2027-01-01"' in answer.text

    def test_of_another_person_is_refused(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        path = f"/nonconformities/{found}/moves/register"
        answer = visitor.is_("vice", "en").post(path, {"version": "1"})
        assert answer.status_code == 403
        assert "It may be done by: quality specialist" in words(answer)

    def test_that_there_is_not_is_refused(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        assert visitor.is_("quality").post(f"/nonconformities/{found}/moves/fly", {"version": "1"}).status_code == 409
        answer = visitor.post(f"/nonconformities/{found}/moves/register", {"version": "x" * 20})
        assert answer.status_code == 409

    def test_is_not_made_by_opening_its_address(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        answer = visitor.is_("quality").get(f"/nonconformities/{found}/moves/register")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/nonconformities/{found}")

    def test_cannot_be_a_novel(self, visitor: Visitor, university: University) -> None:
        found = university.reported(NOW)
        path = f"/nonconformities/{found}/moves/reject"
        answer = visitor.is_("quality").post(path, {"version": "1", "reason": "а" * 400_000})
        assert answer.status_code == 400

    def test_of_another_person_is_refused_in_words_where_they_have_moves_of_their_own(
        self, visitor: Visitor, university: University
    ) -> None:
        found = university.planning(NOW)
        action = university.action(found, NOW, at(2026, 12, 20).date())
        answer = visitor.is_("vice", "en").post(f"/actions/{action}/moves/submit", {"version": "1"})
        assert answer.status_code == 403
        assert set(moves(answer)) == {"cancel", "reassign"}
        assert "It may be done by: owner" in words(answer)


class TestOpening:
    def test_a_nonconformity_by_anybody(self, visitor: Visitor, university: University) -> None:
        page = visitor.is_("reader", "en").get("/nonconformities/new")
        (form,) = [form for form in forms(page) if form.action == "/nonconformities/new"]
        typed = {
            "title": "Лифт иштебейт",
            "found": "Үчүнчү күн",
            "nc_kind": "environment",
            "source": "monitoring",
            "found_on": "2026-11-19",
            "unit": "LIBRARY",
        }
        answer = visitor.post(form.action, {**form.fields, **typed})
        assert answer.status_code == 303
        assert "Лифт иштебейт" in visitor.get(answer.headers["location"]).text

    def test_refused_keeps_what_was_typed(self, visitor: Visitor) -> None:
        answer = visitor.is_("reader").post("/nonconformities/new", {"title": "Жарык жок", "nc_kind": "environment"})
        assert answer.status_code == 422
        assert 'value="Жарык жок"' in answer.text
        assert 'value="environment" checked' in answer.text

    def test_whose_guard_does_not_hold_says_what_to_do(self, visitor: Visitor) -> None:
        given = {"nc_kind": "environment", "source": "monitoring", "found": "Үчүнчү күн", "found_on": "2027-01-01"}
        answer = visitor.is_("reader", "en").post("/nonconformities/new", {"title": "Лифт", **given})
        assert answer.status_code == 422
        assert "One of the days on which it occurred, was found and became known is in the future." in words(answer)
        assert 'value="2027-01-01"' in answer.text

    def test_an_action_under_its_nonconformity(self, visitor: Visitor, university: University) -> None:
        found = university.planning(NOW)
        page = visitor.is_("owner", "en").get(f"/nonconformities/{found}")
        address = f"/actions/new?parent={found}"
        assert address in page.text
        typed = {"action_kind": "corrective", "criterion": "Бар", "due_on": "2026-12-10", "owner_post": "owner"}
        (form,) = [form for form in forms(visitor.get(address)) if form.action == "/actions/new"]
        answer = visitor.post(form.action, {**form.fields, "title": "Тартип", **typed})
        assert answer.status_code == 303
        assert "Тартип" in visitor.get(f"/nonconformities/{found}").text

    def test_is_not_offered_to_who_may_not(self, visitor: Visitor, university: University) -> None:
        found, document = university.planning(NOW), university.one(t.document)["id"]
        visitor.is_("head")
        assert "/actions/new" not in visitor.get(f"/nonconformities/{found}").text
        assert visitor.get(f"/actions/new?parent={found}").status_code == 403
        assert "/revisions/new" not in visitor.get(f"/documents/{document}").text
        assert "/revisions/new" not in visitor.get("/revisions").text

    def test_a_revision_from_its_document(self, visitor: Visitor, university: University) -> None:
        document = university.one(t.document)["id"]
        page = visitor.is_("owner").get(f"/documents/{document}")
        assert "/revisions/new?document=" in page.text
        form = visitor.get(f"/revisions/new?document={DOCUMENT}")
        assert f'value="{DOCUMENT}"' in form.text
        answer = visitor.post("/revisions/new", {"document": DOCUMENT, "summary": "Такталат"})
        assert answer.status_code == 303
        assert "/revisions/new" not in visitor.get(f"/documents/{document}").text


class TestWhatPeopleWrite:
    def test_is_never_markup_on_any_page(self, visitor: Visitor, university: University) -> None:
        given: dict[str, Any] = {"nc_kind": "programme", "source": "internal_audit", "found_on": at(2026, 8, 31).date()}
        found = university.open("nonconformity", "auditor", at(2026, 9, 1), title=HOSTILE, found=HOSTILE, **given)
        university.go(found, "register", "quality", at(2026, 9, 1), severity="major", owner_post="owner")
        visitor.is_("quality", "en")
        pages = ["/late", "/nonconformities", f"/nonconformities/{found}", "/actions/new?parent=" + str(found)]
        pages.append("/nonconformities?q=" + "%3Cscript%3Ealert(1)%3C/script%3E")
        for path in pages:
            text = visitor.get(path).text
            assert "<script" not in text, path
            assert "<img" not in text, path
        refused = visitor.post("/nonconformities/new", {"title": HOSTILE, "found": HOSTILE})
        assert refused.status_code == 422
        assert "<script" not in refused.text
        assert "<img" not in refused.text
