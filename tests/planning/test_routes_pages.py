"""The pages of routes: read by everybody, set by the quality specialist once they have seen what it does."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from states.routes import Does, Stage, Way, usual
from states.text import LANGUAGES
from tests.keeping.keeping import NOW, log
from tests.support.university import University, protocol
from tests.web.visitors import Form, Visitor, application, forms, words

PATH = "/routes/УСТ"
SITTING = {"begins_at": "14:00", "held_at": "зал", "quorum": "half", "majority": "present", "proxies": False}
ADDRESS = "/routes/%D0%A3%D0%A1%D0%A2"


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


@pytest.fixture
def revision(university: University) -> UUID:
    """Before the first council."""
    found = university.draft(NOW)
    university.go(found, "submit", "owner", NOW)
    return found


def typed(page: httpx.Response, **more: str) -> dict[str, str]:
    (form,) = [form for form in forms(page) if "body_1" in form.fields and "seen" not in form.fields]
    return {**form.fields, "body_1": "ok", "does_1": "approves", "by_order": "no", "do": "look", **more}


def decides(page: httpx.Response) -> Form:
    """The form below what it would do."""
    (form,) = [form for form in forms(page) if "seen" in form.fields]
    return form


class TestTheTable:
    @pytest.mark.parametrize("who", ["quality", "reader", "rector"])
    def test_says_to_everybody_what_each_council_does(self, visitor: Visitor, who: str) -> None:
        for language in LANGUAGES:
            page = visitor.is_(who, language).get("/routes")
            assert page.status_code == 200
        assert "Educational-methodical council endorses" in words(page)
        assert "Academic Council approves" in words(page)
        assert "Rector approves by a numbered order" in words(page)

    def test_offers_a_change_to_the_quality_specialist_alone(self, visitor: Visitor) -> None:
        assert f'href="{ADDRESS}"' in visitor.get("/routes").text
        assert ADDRESS not in visitor.is_("rector", "en").get("/routes").text
        assert visitor.get(PATH).status_code == 403
        assert visitor.post(PATH, {"body_1": "ok"}).status_code == 403
        assert visitor.post("/routes/sets", {"set": "NSU"}).status_code == 403

    def test_of_what_there_is_not_is_not_found(self, visitor: Visitor) -> None:
        assert visitor.get("/routes/ЖОК").status_code == 404
        assert visitor.get(f"{PATH}?campus=LIBRARY").status_code == 404
        assert visitor.post("/routes/sets", {"set": "KSU"}).status_code == 404


class TestWhatHoldsEverywhere:
    @pytest.fixture
    def beside(self, university: University) -> str:
        """A campus beside the main one, with a quality specialist of its own."""
        unit, post = new_id(), new_id()
        named = dict.fromkeys(("name_ky", "name_ru", "name_en"), "Талас")
        university.change(
            sa.insert(t.unit).values(id=unit, code="TALAS", parent_id=None, is_campus=True, **named),
            sa.insert(t.post).values(id=post, code="q2", unit_id=unit, role="quality_specialist", heads=False, **named),
            sa.update(t.holding)
            .where(t.holding.c.person_id == university.people["reader"])
            .values(post_id=post, since=NOW.date()),
        )
        return "TALAS"

    def test_is_changed_by_nobody_where_campuses_stand_side_by_side_and_the_page_says_who_could(
        self, visitor: Visitor, beside: str
    ) -> None:
        for who in ("quality", "reader", "rector"):
            page = visitor.is_(who, "en").get("/routes")
            assert "can be changed by nobody now" in words(page)
            assert f'href="{ADDRESS}"' not in page.text
            assert ('name="copy"' in page.text) is (who != "rector")

    def test_is_said_to_be_the_quality_specialists_who_stands_above_the_campuses(
        self, visitor: Visitor, university: University, beside: str
    ) -> None:
        top = new_id()
        named = dict.fromkeys(("name_ky", "name_ru", "name_en"), "Университет")
        university.change(
            sa.insert(t.unit).values(id=top, code="TOP", parent_id=None, is_campus=False, **named),
            sa.update(t.unit).where(t.unit.c.is_campus).values(parent_id=top),
            sa.update(t.post).where(t.post.c.code == "quality").values(unit_id=top),
        )
        assert "can be changed by nobody" not in words(visitor.get("/routes"))
        assert f'href="{ADDRESS}"' in visitor.get("/routes").text
        said = words(visitor.is_("reader", "en").get("/routes"))
        assert "It is changed by: Quality (post), Sapat Saparov." in said

    def test_is_copied_for_ones_own_campus_with_one_click_and_changed_there(
        self, visitor: Visitor, university: University, beside: str
    ) -> None:
        page = visitor.is_("reader", "en").get("/routes")
        (form,) = [form for form in forms(page) if form.fields.get("campus") == beside and "do" in form.fields]
        answer = visitor.post(form.action, {**form.fields, "copy": "yes"})
        assert answer.status_code == 303, words(answer)
        assert answer.headers["location"] == f"{ADDRESS}?campus={beside}&done=1"
        assert "Remove the campus's own route" in words(visitor.get(f"{PATH}?campus={beside}"))
        own = university.one(t.route, t.route.c.campus_id.is_not(None))
        assert own["facts"] == usual(("ouk", "ok")).facts
        assert "of their own: Талас" in words(visitor.get("/routes"))
        assert visitor.post(form.action, {**form.fields, "copy": "yes"}).status_code == 422
        assert visitor.post(PATH, {"campus": "UNI", "copy": "yes", "do": "new"}).status_code == 403


class TestChangingOne:
    def test_shows_first_what_it_does_and_keeps_nothing(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        page = visitor.post(PATH, typed(visitor.get(PATH)))
        assert page.status_code == 200
        assert "Also for 1 document under way" in words(page)
        assert f"/revisions/{revision}" in page.text
        assert not log(university, "route.set")
        assert university.one(t.route)["facts"] == usual(("ouk", "ok")).facts

    def test_warns_of_an_agenda_on_which_it_stands(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        warning = "the secretary has to take it off there"
        assert warning not in words(visitor.post(PATH, typed(visitor.get(PATH))))
        sitting, body = new_id(), university.one(t.body, t.body.c.code == "ouk")["id"]
        record = {**university.record(revision), "id": sitting, "kind": "sitting", "code": "S-1", "state": "called"}
        item = {"record_id": sitting, "no": 1, "place": 1, "about_id": revision, "title": "Маселе", "ballot": "open"}
        university.change(
            sa.insert(t.record).values(record),
            sa.insert(t.sitting).values(record_id=sitting, body_id=body, held_on=NOW.date(), **SITTING),
            sa.insert(t.agenda_item).values(item),
        )
        assert warning in words(visitor.post(PATH, typed(visitor.get(PATH))))
        same = typed(visitor.get(PATH), body_1="ouk", does_1="discusses", body_2="ok", does_2="approves")
        assert warning not in words(visitor.post(PATH, same))

    def test_for_new_submissions_only(self, visitor: Visitor, university: University, revision: UUID) -> None:
        seen = decides(visitor.post(PATH, typed(visitor.get(PATH))))
        assert visitor.post(seen.action, {**seen.fields, "do": "new"}).headers["location"] == "/routes?done=1"
        facts = university.one(t.route)["facts"]
        assert facts == Way((Stage("ok", Does.APPROVES),), by_order=False).facts
        assert university.one(t.revision)["route"] == ["ouk", "ok"]

    def test_also_for_what_is_under_way(self, visitor: Visitor, university: University, revision: UUID) -> None:
        seen = decides(visitor.post(PATH, typed(visitor.get(PATH))))
        visitor.post(seen.action, {**seen.fields, "do": "all", "reason": "Жаңы тартип"})
        assert university.one(t.revision)["route"] == ["ok"]
        page = visitor.get(f"/revisions/{revision}")
        assert "Put on the new route" in words(page)
        assert "Жаңы тартип" in page.text

    def test_is_refused_where_it_moved_meanwhile(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        seen = decides(visitor.post(PATH, typed(visitor.get(PATH))))
        university.go(revision, "endorse", "sec_ouk", NOW, **protocol("1", NOW))
        answer = visitor.post(seen.action, {**seen.fields, "do": "all"})
        assert answer.status_code == 422
        assert "Look at what would change, and decide again." in words(answer)
        assert not log(university, "route.set")

    def test_loses_nothing_that_was_typed(self, visitor: Visitor) -> None:
        page = visitor.post(PATH, typed(visitor.get(PATH), body_1="ouk", does_1="", body_2="ouk", does_2="endorses"))
        assert page.status_code == 422
        assert "Choose what the council does." in words(page)
        assert page.text.count('value="ouk" selected') == 2


class TestACampus:
    def test_takes_a_set_with_one_click_and_gives_it_up_again(self, visitor: Visitor, university: University) -> None:
        tried = visitor.post("/routes/sets", {"set": "TalSU", "campus": "UNI"})
        assert "Educational-methodical council discusses" in words(tried)
        seen = decides(tried)
        assert visitor.post(seen.action, {**seen.fields, "do": "new"}).status_code == 303
        own = university.one(t.route, t.route.c.campus_id == university.units["UNI"])
        assert own["facts"]["meanings"] == ["discusses", "endorses"]
        page = visitor.get(f"{PATH}?campus=UNI")
        removes = decides(visitor.post(PATH, {**typed(page), "remove": "yes"}))
        assert visitor.post(removes.action, {**removes.fields, "do": "new"}).status_code == 303
        assert university.one(t.route)["facts"] == usual(("ouk", "ok")).facts

    def test_with_a_council_missing_says_so(self, visitor: Visitor, university: University) -> None:
        university.change(t.body.update().where(t.body.c.code == "ouk").values(code="other"))
        answer = visitor.post("/routes/sets", {"set": "TalSU", "campus": "UNI"})
        assert answer.status_code == 422
        assert "A council of this set has not been entered here yet." in words(answer)


class TestTheRecord:
    def test_shows_its_route_and_what_is_done(self, visitor: Visitor, university: University, revision: UUID) -> None:
        said = words(visitor.get(f"/revisions/{revision}"))
        assert "Now: Educational-methodical council endorses" in said
        assert "Next: Academic Council approves" in said
        university.go(revision, "endorse", "sec_ouk", NOW, **protocol("1", NOW))
        said = words(visitor.get(f"/revisions/{revision}"))
        assert "Done: Educational-methodical council considered and endorsed" in said
        assert "Now: Academic Council approves" in said
        assert "Next: Rector approves by a numbered order" in said

    def test_of_a_draft_it_is_the_one_it_would_take(self, visitor: Visitor, university: University) -> None:
        draft = university.draft(NOW)
        university.change(t.route.update().values(facts=usual(("ok",)).facts))
        said = words(visitor.get(f"/revisions/{draft}"))
        assert "Next: Academic Council approves" in said
        assert "Educational-methodical council" not in said.partition("The route it takes")[2].partition("Files")[0]
