"""The organisation's pages: read by everybody signed in, kept by the administrator alone, forms without scripts."""

import asyncio

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from states.text import LANGUAGES
from tests.keeping.keeping import DAY, log, snapshot
from tests.support.university import University, at
from tests.web.visitors import Visitor, forms, words

NOW = at(2026, 4, 6)
PATHS = ["/organisation", "/organisation/people", "/absences", "/absences/new"]


def details(university: University) -> list[str]:
    return [
        *(f"/organisation/units/{one}" for one in university.units.values()),
        *(f"/organisation/posts/{one}" for one in university.posts.values()),
        *(f"/organisation/people/{one}" for one in list(university.people.values())[:3]),
        *(f"/organisation/bodies/{row['id']}" for row in university.rows(t.body)),
    ]


def send(visitor: Visitor, page: httpx.Response, ending: str, **typed: str) -> httpx.Response:
    """Fill in the form whose action ends like that."""
    (form,) = [form for form in forms(page) if form.action.endswith(ending)]
    fields = {name: value for name, value in form.fields.items() if name not in ("is_campus", "heads")}
    return visitor.post(form.action, {**fields, **typed})


class TestEveryPage:
    @pytest.mark.parametrize("who", ["admin", "owner"])
    def test_opens_for_each_person_in_each_language(self, visitor: Visitor, university: University, who: str) -> None:
        university.vacate("librarian", DAY)
        for language in LANGUAGES:
            visitor.is_(who, language)
            for path in [*PATHS, *details(university)]:
                page = visitor.get(path)
                assert page.status_code == 200, (path, words(page))
                assert " style=" not in page.text

    def test_shows_forms_to_the_administrator_alone(self, visitor: Visitor, university: University) -> None:
        for path in details(university):
            kept = [form.action for form in forms(visitor.is_("admin").get(path)) if form.action.startswith(path)]
            assert kept
            others = forms(visitor.is_("rector").get(path))
            assert not [form for form in others if form.action.startswith("/organisation/") and form.method == "post"]

    def test_of_keeping_is_refused_to_others(self, visitor: Visitor, university: University) -> None:
        unit = university.units["LIBRARY"]
        gets = [
            *(f"/organisation/{what}/new" for what in ("units", "posts", "people", "bodies")),
            "/organisation/import",
            f"/organisation/units/{unit}/successor",
        ]
        posts = [
            *gets,
            *(f"/organisation/units/{unit}/{verb}" for verb in ("change", "close", "reopen")),
            f"/organisation/posts/{university.posts['reader']}/close",
            f"/organisation/people/{university.people['reader']}/change",
        ]
        for who in ("quality", "owner", "rector"):
            visitor.is_(who)
            assert {path: visitor.get(path).status_code for path in gets} == dict.fromkeys(gets, 403)
            assert {path: visitor.post(path, {}).status_code for path in posts} == dict.fromkeys(posts, 403)
        assert not log(university)

    def test_that_is_not_there_is_not_found(self, visitor: Visitor) -> None:
        visitor.is_("admin")
        for what in ("units", "posts", "people", "bodies"):
            assert visitor.get(f"/organisation/{what}/{new_id()}").status_code == 404
        assert visitor.get(f"/absences/{new_id()}").status_code == 404
        assert visitor.post(f"/organisation/units/{new_id()}/explode").status_code == 404


class TestTheTree:
    def test_marks_vacancies_with_who_answers(self, visitor: Visitor, university: University) -> None:
        university.vacate("librarian", DAY)
        text = words(visitor.is_("owner", "en").get("/organisation"))
        assert "1 vacant post" in text
        assert "Aibek Rektorov answers for it" in text

    def test_is_searched_by_unit_post_and_person(self, visitor: Visitor) -> None:
        visitor.is_("owner", "en")
        for asked in ("LIBRARY", "librarian (post)", "китеп"):
            text = visitor.get(f"/organisation?q={asked}").text
            assert "Kitep Kitepov" in text
            assert "Bashchy Bashchiev" not in text
        assert "Nothing is called that" in visitor.get("/organisation?q=жок").text


class TestKeeping:
    def test_a_unit_a_post_and_who_holds_it(self, visitor: Visitor, university: University) -> None:
        visitor.is_("admin", "en")
        page = visitor.get("/organisation/units/new?parent=LIBRARY")
        wrong = send(visitor, page, "/units/new", code="не код", name_ky="Окуу залы", parent="LIBRARY")
        assert wrong.status_code == 422
        assert "Окуу залы" in wrong.text
        done = send(visitor, page, "/units/new", code="ROOM", name_ky="Окуу залы", parent="LIBRARY")
        unit = visitor.get(done.headers["location"])
        assert "It is kept" in words(unit)
        done = send(
            visitor, visitor.get("/organisation/posts/new"), "/posts/new", code="keeper", name_ky="Сакчы", unit="ROOM"
        )
        post = visitor.get(done.headers["location"])
        assert "Nobody holds this post today" in words(post)
        send(visitor, post, "/hold", person="reader", since=DAY.isoformat())
        assert "Okurman Okurov" in words(visitor.get(done.headers["location"]))
        found = snapshot(university)
        (keeper,) = [one.id for one in found.posts.values() if one.code == "keeper"]
        assert found.holders(keeper, DAY) == (university.people["reader"],)

    def test_says_why_a_unit_cannot_be_closed(self, visitor: Visitor, university: University) -> None:
        path = f"/organisation/units/{university.units['LIBRARY']}"
        page = send(visitor, visitor.is_("admin", "en").get(path), "/close", day=DAY.isoformat())
        assert page.status_code == 422
        assert "holders: 2" in words(page)

    def test_a_person_and_a_council(self, visitor: Visitor, university: University) -> None:
        visitor.is_("admin", "en")
        page = visitor.get("/organisation/people/new")
        done = send(visitor, page, "/new", code="new", name_ky="Жаңы", email="new@uni.example", language="ru")
        assert "new@uni.example" in visitor.get(done.headers["location"]).text
        body = university.rows(t.body)[0]["id"]
        send(visitor, visitor.get(f"/organisation/bodies/{body}"), "/seat", person="new", since=DAY.isoformat())
        page = visitor.get(f"/organisation/bodies/{body}")
        assert "Жаңы" in words(page)
        assert "more than half of the members" in words(page)
        rules = {"quorum": "three_quarters", "majority": "two_thirds", "proxies": "yes"}
        send(visitor, page, "/change", secretary="sec_ouk", **rules)
        told = words(visitor.get(f"/organisation/bodies/{body}"))
        assert "Quorum at least three quarters of the members" in told
        assert "Votes by proxy allowed" in told
        row = university.one(t.body, t.body.c.id == body)
        assert {name: row[name] for name in rules} == {**rules, "proxies": True}

    def test_the_owners_of_a_process(self, visitor: Visitor, university: University) -> None:
        process = new_id()
        row = {"code": "1.1", "name": "Башкаруу", "folded": "x", "section": "", "owner_as_given": "?"}
        university.change(sa.insert(t.process).values(id=process, **row))
        assert f"/processes/{process}/owners" in visitor.is_("admin").get("/processes").text
        assert f"/processes/{process}/owners" not in visitor.is_("owner").get("/processes").text
        page = visitor.is_("admin").get(f"/processes/{process}/owners")
        send(visitor, page, "/owners", owner_1="dean", owner_2="", owner_3="owner")
        expected = (university.posts["dean"], university.posts["owner"])
        assert snapshot(university).process_owners[process] == expected
        assert visitor.is_("owner").get(f"/processes/{process}/owners").status_code == 403

    def test_a_successor_is_seen_before_it_takes_over(self, visitor: Visitor, university: University) -> None:
        path = f"/organisation/units/{university.units['DEPARTMENT']}/successor"
        visitor.is_("admin", "en")
        seen = send(visitor, visitor.get(path), "/successor", successor="LIBRARY", step="see")
        assert "no post follows them: Owner (post)" in words(seen)
        seen = send(visitor, seen, "/successor", successor="LIBRARY", day=DAY.isoformat(), post_owner="librarian")
        assert "Take it over now" in words(seen)
        assert not log(university)
        (form,) = [form for form in forms(seen) if form.action == path]
        chosen = {
            "successor": "LIBRARY",
            "day": DAY.isoformat(),
            "post_owner": "librarian",
            "post_head": "",
            "step": "do",
        }
        other = visitor.post(path, {**form.fields, **chosen, "successor": "ACADEMIC"})
        assert other.status_code == 200  # another one was chosen: it is seen first
        done = visitor.post(path, {**form.fields, **chosen})
        assert done.headers["location"] == f"/organisation/units/{university.units['LIBRARY']}?done=1"
        assert snapshot(university).units[university.units["DEPARTMENT"]].closed_on == DAY


class TestAbsences:
    def test_are_entered_after_a_look_at_the_gap(self, visitor: Visitor, university: University) -> None:
        university.under_way(NOW, at(2026, 4, 17).date())
        visitor.is_("owner", "en")
        typed = {
            "person": "owner",
            "since": "2026-04-15",
            "until": "2026-04-20",
            "deputy": "",
            "reason": "Эмгек өргүүсү",
        }
        seen = visitor.post("/absences/new", typed)
        text = words(seen)
        assert "There is no deputy" in text
        assert "17 April 2026" in text
        assert not university.rows(t.absence)
        form = next(form for form in forms(seen) if form.fields.get("seen"))
        done = visitor.post(form.action, form.fields)
        assert done.status_code == 303
        page = visitor.get(done.headers["location"])
        assert "Эмгек өргүүсү" in page.text
        assert visitor.is_("reader").get(done.headers["location"].partition("?")[0]).status_code == 404
        assert "Эмгек өргүүсү" in visitor.is_("quality").get(done.headers["location"]).text
        assert "Omur Jazuuchu" in words(visitor.is_("quality", "en").get("/absences"))
        assert "Omur Jazuuchu" not in visitor.is_("reader", "en").get("/absences").text.partition("<main")[2]

    def test_are_changed_cancelled_and_ended(self, visitor: Visitor, university: University) -> None:
        visitor.is_("owner", "en")
        typed = {"person": "owner", "since": "2026-04-15", "until": "2026-04-20", "deputy": "head", "reason": ""}
        path = visitor.post("/absences/new", {**typed, "seen": "yes"}).headers["location"].partition("?")[0]
        changed = {"since": "2026-04-15", "until": "2026-04-22", "deputy": "dean", "reason": ""}
        assert visitor.post(f"{path}/change", changed).status_code == 200
        assert visitor.post(f"{path}/change", {**changed, "seen": "yes"}).status_code == 303
        assert university.rows(t.absence)[0]["deputy_id"] == university.people["dean"]
        assert visitor.is_("head").post(f"{path}/cancel").status_code == 403
        assert visitor.is_("owner").post(f"{path}/end", {"until": "2026-04-30"}).status_code == 422
        assert visitor.post(f"{path}/cancel").status_code == 303
        assert university.rows(t.absence)[0]["cancelled_at"] == NOW

    def test_are_refused_with_what_was_typed(self, visitor: Visitor) -> None:
        typed = {"person": "owner", "since": "2026-04-15", "until": "2026-04-10", "deputy": "owner", "reason": "Себеп"}
        page = visitor.is_("owner", "en").post("/absences/new", typed)
        assert page.status_code == 422
        assert "The last day is before the first one." in page.text
        assert "Себеп" in page.text
        assert visitor.post("/absences/new", {**typed, "person": "dean"}).status_code == 403

    def test_ahead_show_the_gaps_to_whoever_watches(self, visitor: Visitor, university: University) -> None:
        university.vacate("librarian", DAY)
        assert "Posts that are vacant now" in visitor.is_("quality", "en").get("/absences").text
        assert "Posts that are vacant now" not in visitor.is_("owner", "en").get("/absences").text

    def test_are_listed_for_programs_as_far_as_they_may_be_seen(self, visitor: Visitor) -> None:
        typed = {"person": "owner", "since": "2026-04-15", "until": "2026-04-20", "deputy": "head", "seen": "yes"}
        visitor.is_("owner").post("/absences/new", typed)
        for who, number in (("owner", 1), ("quality", 1), ("admin", 1), ("head", 0), ("reader", 0)):
            assert visitor.is_(who).get("/api/absences").json()["total"] == number


class TestBringingIn:
    TABLE = (
        "ФИО\tE-mail\tПодразделение\tДолжность\tС\n"
        "Бекова Айгүл\tbekova@uni.example\tLIBRARY\tОкутуучу\t2024-09-01\n"
        "Ким\t\tLIBRARY\tОкутуучу\t\n"
    )

    def upload(self, app: FastAPI, content: bytes, name: str = "staff.tsv", who: str = "admin") -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            cookies = {"sapat_person": who, "sapat_language": "en"}
            async with httpx.AsyncClient(transport=transport, base_url="http://sapat.test", cookies=cookies) as client:
                headers = {"Sec-Fetch-Site": "same-origin"}
                return await client.post("/organisation/import", files={"table": (name, content)}, headers=headers)

        return asyncio.run(send())

    def test_is_tried_first_and_then_confirmed(self, app: FastAPI, visitor: Visitor, university: University) -> None:
        tried = self.upload(app, self.TABLE.encode())
        assert tried.status_code == 200
        text = words(tried)
        assert "A trial run" in text
        assert "neither code nor e-mail says who" in text
        assert not university.rows(t.person, t.person.c.email == "bekova@uni.example")
        (form,) = [form for form in forms(tried) if form.action.endswith("/confirm")]
        done = visitor.is_("admin", "en").post(form.action, form.fields)
        assert "It was brought in" in words(done)
        assert university.rows(t.person, t.person.c.email == "bekova@uni.example")
        assert visitor.post(form.action, form.fields).status_code == 404

    def test_is_refused_where_it_is_no_table_or_too_large(self, app: FastAPI, visitor: Visitor) -> None:
        assert self.upload(app, b"PK\x03\x04not a workbook").status_code == 400
        assert self.upload(app, b"x" * (6 * 1024 * 1024)).status_code == 400
        assert self.upload(app, self.TABLE.encode(), who="quality").status_code == 403
        assert visitor.is_("admin").post("/organisation/import/confirm", {"key": "../../etc/passwd"}).status_code == 404
