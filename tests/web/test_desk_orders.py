"""One order over several documents: all are approved or none, each by a signature over what was shown."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from tests.accounts.browsing import PASSWORD, Accounts, Browser
from tests.accounts.conftest import accounts, clock
from tests.support.dump import dump
from tests.support.university import University
from tests.web.desks import NOW, ORDER, Desks, sheet
from tests.web.test_desk import away
from tests.web.visitors import Visitor, application, words

__all__ = ["accounts", "clock"]


@pytest.fixture
def desks(university: University, tmp_path: Path) -> Desks:
    return Desks(university, tmp_path)


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def rector(app: FastAPI) -> Visitor:
    return Visitor(app).is_("rector", "en")


def chosen(browser: Visitor | Browser, *records: UUID) -> httpx.Response:
    """From the desk to the order over these."""
    form = sheet(browser.get("/desk"), "/desk/order")
    assert form.method == "get"
    ticked = [one for one in form.offered["record"] if UUID(one.partition(".")[0]) in records]
    assert len(ticked) == len(records)
    return browser.get("/desk/order?" + "&".join(f"record={one}" for one in ticked))


def send(browser: Visitor | Browser, page: httpx.Response, **typed: Any) -> httpx.Response:
    """Fill in the order, and send it."""
    told = sheet(page, "/desk/order").filled(**{**ORDER, **typed})
    if isinstance(browser, Browser):
        return browser.send("POST", "/desk/order", data=told)
    return browser.post("/desk/order", told)


def ticked(page: httpx.Response) -> set[str]:
    return set(sheet(page, "/desk/order").fields.get("record", []))


class TestAnOrder:
    def test_shows_what_will_be_done_before_anything_is(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting(former=False)
        before = dump(desks.university.database)
        page = chosen(rector, first, second)
        said = words(page)
        for expected in (
            "УСТ 7.01/2",
            "УСТ 7.01/1 is in force until then",
            "УСТ 7.02/1",
            "→ Scheduled / Effective",
            "You sign: approved",
            "Aibek Rektorov",
            "Rector (post)",
            "Жобо.txt",
            "Left empty, it is the day of the order.",
            "it asks for no password",
        ):
            assert expected in said, expected
        assert "УСТ 7.02/1 is in force" not in said
        assert ticked(page) == {str(first), str(second)}
        assert dump(desks.university.database) == before

    def test_approves_all_that_were_chosen_and_no_other(self, desks: Desks, rector: Visitor) -> None:
        university, (first, second, third) = desks.university, (desks.waiting() for _ in range(3))
        old = university.one(t.revision, t.revision.c.in_force, t.revision.c.document_id == _document(desks, first))
        answer = send(rector, chosen(rector, first, second))
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/desk?done={first}&done={second}"
        assert [university.state(one) for one in (first, second, third)] == [
            "effective",
            "effective",
            "rector_approval",
        ]
        assert university.state(old["record_id"]) == "superseded"
        for one in (first, second):
            decision = university.one(t.decision, t.decision.c.record_id == one, t.decision.c.kind == "order")
            assert decision["number"] == "01-12/138"
            assert decision["decided_on"] == decision["in_force_on"] == NOW.date()
        said = words(rector.get(answer.headers["location"]))
        assert "Approved: 2 documents" in said
        assert "order № 01-12/138, in force from 6 April 2026, now “effective”" in said
        assert "1 document waits." in said

    def test_signs_each_by_itself_over_what_was_shown(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        fields = sheet(page, "/desk/order").fields
        send(rector, page)
        for one in (first, second):
            (signature,) = desks.signatures(one)
            assert [signature["content_hash"]] == fields[f"content-{one}"]
            assert signature["facts"]["given"]["order_no"] == "01-12/138"
        hashes = {desks.signatures(one)[0]["hash"] for one in (first, second)}
        assert len(hashes) == 2

    def test_may_hold_from_a_later_day_for_all(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        answer = send(rector, chosen(rector, first, second), in_force_on="2026-04-20", wording="Бекитилсин")
        assert [desks.university.state(one) for one in (first, second)] == ["scheduled", "scheduled"]
        assert "in force from 20 April 2026, now “scheduled”" in words(rector.get(answer.headers["location"]))
        decision = desks.university.one(t.decision, t.decision.c.record_id == first, t.decision.c.kind == "order")
        assert decision["wording"] == "Бекитилсин"

    def test_asks_only_for_what_the_routes_need(self, desks: Desks, rector: Visitor) -> None:
        """A number, marked as required; none without an order; where they differ, it is said which do without."""
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        assert 'name="order_no" type="text" value="" required' in page.text
        assert "without a numbered order" not in words(page)
        desks.without_order(second)
        mixed = chosen(rector, first, second)
        assert 'name="order_no"' in mixed.text
        assert 'name="order_no" type="text" value="" required' not in mixed.text
        assert "Required where the route takes an order with a number" in words(mixed)
        assert words(mixed).count("; without a numbered order") == 1
        desks.without_order(first)
        free = chosen(rector, first, second)
        assert 'name="order_no"' not in free.text
        main = words(free).partition("Approval of the chosen ones")[2]
        for expected in ("Date of the approval", "Left empty, it is the day of the approval."):
            assert expected in main, expected
        for unasked in ("One order", "Date of the order", "day of the order"):
            assert unasked not in main, unasked
        answer = send(rector, free)
        assert "without a numbered order, in force from 6 April 2026, now “effective”" in words(
            rector.get(answer.headers["location"])
        )

    def test_is_asked_for_alike_on_the_page_of_one_document(self, desks: Desks, rector: Visitor) -> None:
        revision = desks.waiting()
        form = rector.get(f"/revisions/{revision}").text.partition("/moves/approve")[2].partition("</form>")[0]
        assert re.search(r'name="order_no"[^>]* required', form)
        desks.without_order(revision)
        form = rector.get(f"/revisions/{revision}").text.partition("/moves/approve")[2].partition("</form>")[0]
        assert "order_no" not in form
        assert "Date of the approval" in form
        assert "order" not in re.sub("<[^>]*>", "", form).lower()

    def test_leaves_out_what_was_unticked(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        assert send(rector, chosen(rector, first, second), record=[str(second)]).status_code == 303
        assert [desks.university.state(one) for one in (first, second)] == ["rector_approval", "effective"]

    def test_of_a_deputy_says_for_whom(self, desks: Desks, rector: Visitor) -> None:
        first, university = desks.waiting(), desks.university
        away(university, "rector", "vice")
        vice = rector.is_("vice", "en")
        page = chosen(vice, first)
        assert "Jyldyz Okueva for Aibek Rektorov" in words(page)
        assert send(vice, page).status_code == 303
        entry = university.history(first)[-1]
        assert entry["actor_id"] == university.people["vice"]
        assert entry["acting_for_id"] == university.people["rector"]
        assert entry["post_id"] == university.posts["rector"]

    def test_says_nothing_of_what_others_have_decided(self, desks: Desks, rector: Visitor) -> None:
        first = desks.waiting()
        away(desks.university, "rector", "vice")
        vice = rector.is_("vice", "en")
        done = send(vice, chosen(vice, first)).headers["location"]
        assert "Approved" not in words(rector.is_("rector", "en").get(done))
        assert rector.get("/desk?done=nonsense").status_code == 200


def _document(desks: Desks, revision: UUID) -> UUID:
    found: UUID = desks.university.one(t.revision, t.revision.c.record_id == revision)["document_id"]
    return found


class TestWhatIsRefused:
    def test_writes_nothing_at_all_and_says_which_and_why(self, desks: Desks, rector: Visitor) -> None:
        university, (first, second, third) = desks.university, (desks.waiting() for _ in range(3))
        page = chosen(rector, first, second, third)
        university.go(second, "return_to_author", "rector", NOW, reason="3-пункт так эмес")
        before = dump(university.database)
        answer = send(rector, page, wording="Бекитилсин баары")
        assert answer.status_code == 409
        assert dump(university.database) == before
        said = words(answer)
        assert "Nothing was approved: of the chosen documents 1 of 3 cannot be." in said
        refused = answer.text.partition("УСТ 7.02/2")[2].partition("УСТ 7.03/2")[0]
        assert "This record has been changed since you opened it." in refused
        assert said.count("This record has been changed") == 1
        form = sheet(answer, "/desk/order")
        assert form.fields["order_no"] == ["01-12/138"]
        assert form.fields["decided_on"] == ["2026-04-06"]
        assert "Бекитилсин баары</textarea>" in answer.text
        assert ticked(answer) == {str(first), str(third)}
        # What is left can be sent at once.
        assert send(rector, answer, wording="").status_code == 303
        assert [university.state(one) for one in (first, second, third)] == ["effective", "draft", "effective"]

    def test_is_what_somebody_else_has_decided_meanwhile(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        desks.university.go(first, "approve", "rector", NOW, **{**ORDER, "in_force_on": "2026-04-06"})
        answer = send(rector, page)
        assert answer.status_code == 409
        assert desks.university.state(second) == "rector_approval"
        assert "It cannot be approved." in words(answer)
        assert ticked(answer) == {str(second)}

    def test_is_what_says_something_else_than_was_shown(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        row = desks.university.one(t.attachment, t.attachment.c.record_id == second)
        with desks.university.database.write() as connection:  # past every move: the version stays what it was
            connection.execute(sa.insert(t.attachment).values({**row, "id": new_id(), "name": "Башка.txt"}))
        before = dump(desks.university.database)
        answer = send(rector, page)
        assert answer.status_code == 409
        assert dump(desks.university.database) == before
        old, new = (sheet(one, "/desk/order").fields[f"content-{second}"] for one in (page, answer))
        assert old != new
        assert "Башка.txt" in words(answer)

    def test_is_a_form_that_says_not_what_was_shown(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        for missing in (f"content-{second}", f"version-{second}"):
            told = {
                name: value for name, value in sheet(page, "/desk/order").filled(**ORDER).items() if name != missing
            }
            assert rector.post("/desk/order", told).status_code == 409, missing
        assert [desks.university.state(one) for one in (first, second)] == ["rector_approval"] * 2

    def test_is_an_order_that_is_wrong_itself_and_that_is_said_once(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(rector, first, second)
        answer = send(rector, page, decided_on="2026-04-07")
        assert answer.status_code == 422
        assert words(answer).count("The decision is dated in the future.") == 1
        assert ticked(answer) == {str(first), str(second)}
        early = send(rector, page, in_force_on="2026-04-05")
        assert (early.status_code, "The entry into force is before" in words(early)) == (422, True)
        assert send(rector, page, order_no="").status_code == 422

    def test_is_said_at_the_field(self, desks: Desks, rector: Visitor) -> None:
        answer = send(rector, chosen(rector, desks.waiting()), decided_on="кечээ")
        assert answer.status_code == 422
        assert 'href="#f-decided_on"' in answer.text
        assert 'id="f-decided_on-error"' in answer.text
        assert sheet(answer, "/desk/order").fields["decided_on"] == ["кечээ"]

    def test_is_an_order_over_nothing(self, desks: Desks, rector: Visitor) -> None:
        first = desks.waiting()
        answer = send(rector, chosen(rector, first), record=[])
        assert answer.status_code == 422
        assert "Choose at least one document" in words(answer)
        assert sheet(answer, "/desk/order").offered["record"] == [str(first)]
        for nothing in ("/desk/order", "/desk/order?record=nonsense"):
            assert rector.get(nothing).headers["location"] == "/desk?chosen=none"
        assert "none was chosen" in words(rector.get("/desk?chosen=none"))

    def test_is_said_of_what_was_changed_between_the_desk_and_the_order(self, desks: Desks, rector: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = rector.get(f"/desk/order?record={first}.1&record={second}.{desks.university.record(second)['version']}")
        assert words(page).count("It has changed since you chose it.") == 1
        assert ticked(page) == {str(second)}

    def test_is_said_of_what_is_no_document_or_is_not_there(self, desks: Desks, rector: Visitor) -> None:
        found = desks.university.reported(NOW)
        page = rector.get(f"/desk/order?record={new_id()}.1&record={found}.1")
        assert page.status_code == 200
        assert words(page).count("One of the chosen is not here any more.") == 2


class TestAProof:
    @pytest.fixture
    def signer(self, accounts: Accounts) -> Browser:
        accounts.give_password("rector")
        browser = accounts.browser()
        assert browser.sign_in("rector").status_code == 303
        return browser

    @pytest.fixture
    def desks(self, accounts: Accounts) -> Desks:
        return Desks(accounts.university, accounts.home)

    def test_begins_a_series_of_which_the_others_are(self, desks: Desks, signer: Browser) -> None:
        first, second = desks.waiting(), desks.waiting()
        page = chosen(signer, first, second)
        assert page.text.count('name="password"') == 1
        assert send(signer, page, password=PASSWORD).status_code == 303
        methods = [desks.signatures(one)[0]["method"] for one in sorted((first, second))]
        assert methods == ["password", "series"]
        third = desks.waiting()
        page = chosen(signer, third)
        assert "no password is needed until 10:10" in words(page)
        assert send(signer, page).status_code == 303
        assert desks.signatures(third)[0]["method"] == "series"

    @pytest.mark.parametrize(("typed", "says"), [("", "show that it is you"), ("бул эмес", "password is not right")])
    def test_that_is_missing_or_wrong_loses_nothing_else(
        self, desks: Desks, signer: Browser, typed: str, says: str
    ) -> None:
        first, second = desks.waiting(), desks.waiting()
        answer = send(signer, chosen(signer, first, second), password=typed)
        assert answer.status_code == 403
        assert says in words(answer)
        assert 'href="#f-password"' in answer.text
        form = sheet(answer, "/desk/order")
        assert form.fields["order_no"] == ["01-12/138"]
        assert form.fields["password"] == [""]
        assert ticked(answer) == {str(first), str(second)}
        assert [desks.university.state(one) for one in (first, second)] == ["rector_approval"] * 2

    def test_of_an_order_that_was_refused_begins_no_series(self, desks: Desks, signer: Browser) -> None:
        page = chosen(signer, desks.waiting())
        assert send(signer, page, password=PASSWORD, decided_on="2026-04-07").status_code == 422
        assert send(signer, page).status_code == 403
