"""A confidential author: the whole product is walked through as everybody else, and names them nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.sweep import sweep
from states.text import Text
from tests.support.post import post_of
from tests.support.university import University, at, names
from tests.web.programs import NONCONFORMITY, Program
from tests.web.visitors import Visitor, application, words

NOW = at(2026, 4, 6)
AUTHOR = "zulaika"
NAME = Text("Зулайка Купуева", "Зулайка Тайная", "Zulaika Secretova")
# Registers of people name everybody who works here, and so do the choices of posts in forms.
REGISTERS = (
    "/person",
    "/people",
    "/organisation",
    "/accounts",
    "/api/people",
    "/api/posts",
    "/absences",
    "/permissions",
)
MOST = 120


@dataclass
class Told:
    """A university in which somebody has told something in confidence, and its applications."""

    university: University
    author_id: UUID
    found: UUID
    withdrawn: UUID
    page: Visitor
    program: Program

    @property
    def tells(self) -> list[str]:
        """What would name the author: their names, address, code and identifier, as pages and programs write it."""
        return [NAME.ky, NAME.ru, NAME.en, AUTHOR, str(self.author_id), self.author_id.hex]

    def in_(self, answer: str) -> list[str]:
        """What of it stands in an answer, but for the choices of its forms and for whom the reader stands in."""
        shown = re.sub(r'<option.*?</option>|<div class="person">.*?</div>', "", answer, flags=re.DOTALL).casefold()
        return [one for one in self.tells if one.casefold() in shown]


@pytest.fixture
def told(university: University) -> Iterator[Told]:
    author_id, day = new_id(), NOW.date()
    person = {"id": author_id, "code": AUTHOR, "email": f"{AUTHOR}@uni.example", "language": "ky", **names(NAME)}
    held = {"id": new_id(), "person_id": author_id, "post_id": university.posts["reader"], "since": date(2000, 1, 1)}
    away = {"id": new_id(), "person_id": author_id, "deputy_id": university.people["reader"], "entered_at": NOW}
    university.change(
        sa.insert(t.person).values(person),
        sa.insert(t.holding).values(held),
        sa.insert(t.absence).values(**away, since=day, until=day + timedelta(days=200)),
    )
    university.people[AUTHOR] = author_id
    secret: dict[str, Any] = {**NONCONFORMITY, "source": "customers", "confidential": True}
    found = university.open("nonconformity", AUTHOR, NOW, **secret)
    withdrawn = university.open("nonconformity", AUTHOR, NOW, **secret)
    university.go(withdrawn, "withdraw", AUTHOR, NOW, reason="Жаңылдым")
    university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
    app = application(university.database, at(2026, 5, 20))
    yield Told(university, author_id, found, withdrawn, Visitor(app), Program(app))
    app.state.site.close()


def walk(told: Told, who: str, language: str = "en") -> dict[str, str]:
    """Every page and every answer that somebody reaches from their tasks and the API's lists, by its address."""
    told.page.is_(who, language)
    seen: dict[str, str] = {}
    program = told.program.as_(who)
    lists = ["/api/nonconformities", "/api/actions", "/api/revisions", "/api/documents", "/api/late", "/api/me/tasks"]
    for path in lists:
        answer = program.get(path)
        seen[path] = answer.text
        for item in answer.json()["items"] if answer.status_code == 200 else ():
            href = item.get("href") or item.get("record", item.get("links", {})).get("href", "")
            seen |= {one: program.get(one).text for one in (href, f"{href}/history") if href}
    waiting = ["/tasks", "/late", "/processes", "/documents", "/nonconformities", "/actions", "/revisions"]
    waiting += [f"/nonconformities/{told.found}", f"/nonconformities/{told.withdrawn}", "/nonconformities?q=Протокол"]
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or path.startswith(REGISTERS):
            continue
        answer = told.page.get(path)
        seen[path] = str(answer.headers) + answer.text
        waiting += [href for href in re.findall(r'href="(/[^"#]*)"', answer.text) if not href.startswith("/static")]
    for record in (told.found, told.withdrawn):
        for name in ("withdraw", "record_correction", "close"):
            refused = told.page.post(f"/nonconformities/{record}/moves/{name}", {"version": "1"})
            seen[f"{record} {name}"] = refused.text
            seen[f"{record} {name} by program"] = program.move(f"/api/nonconformities/{record}", name).text
    assert len(seen) > 20
    return seen


class TestAConfidentialAuthor:
    @pytest.mark.parametrize("who", ["owner", "head", "vice", "rector", "admin", "librarian", "reader", "auditor"])
    def test_is_named_nowhere_to_anybody_else(self, told: Told, who: str) -> None:
        """Their own deputy, their head, the owner, the rector, the administrator; pages, programs, refusals."""
        given_away = {path: found for path, answer in walk(told, who).items() if (found := told.in_(answer))}
        assert given_away == {}

    def test_is_named_in_no_mail_to_anybody_else(self, told: Told, tmp_path: Path) -> None:
        university = told.university
        university.go(told.found, "record_correction", "owner", at(2026, 4, 7), correction="Түзөтүлдү")
        for weeks in range(8):
            sweep(university.database, NOW + timedelta(weeks=weeks))
        with post_of(university.database, tmp_path) as post:
            post.deliver(at(2026, 6, 8))
            read = {mail.entry.recipient: mail for mail in post.mails()}
            others = [mail for mail in post.mails() if not mail.entry.recipient.startswith((AUTHOR, "quality"))]
            assert len(others) > 3
            assert [(mail.entry.recipient, mail.entry.subject) for mail in others if told.in_(str(mail))] == []
            assert "reader@uni.example" not in read, "their deputy would learn who it is"
            assert f"{AUTHOR}@uni.example" in read, "they themselves hear what became of it"

    def test_is_known_to_themselves_and_the_quality_specialist(self, told: Told) -> None:
        for who in (AUTHOR, "quality"):
            page = told.page.is_(who, "en").get(f"/nonconformities/{told.found}")
            assert NAME.en in words(page)
            answer = told.program.as_(who, Accept_Language="en").get(f"/api/nonconformities/{told.found}").json()
            assert answer["author"] == {"code": AUTHOR, "name": NAME.en}
            entry = told.program.as_(who).get(f"/api/nonconformities/{told.found}/history").json()["items"][0]
            assert entry["actor_id"] == str(told.author_id)
            assert entry["hash"]

    def test_is_said_to_be_confidential(self, told: Told) -> None:
        page = words(told.page.is_("owner", "en").get(f"/nonconformities/{told.found}"))
        assert "Opened by confidential" in page
        assert "by itself" not in page.split("What has happened")[1]
        answer = told.program.as_("owner").get(f"/api/nonconformities/{told.found}").json()
        assert (answer["author"], answer["author_hidden"]) == (None, True)

    def test_has_an_entry_of_which_nothing_can_be_tried_out(self, told: Told) -> None:
        """Without its identifier nobody can compute its hash for each of the people, nor the hash of the next one."""
        first, second = told.program.as_("owner").get(f"/api/nonconformities/{told.found}/history").json()["items"]
        assert first["hidden"]
        hidden = ("id", "actor", "actor_id", "acting_for", "acting_for_id", "post_id", "signature", "hash")
        assert {first[name] for name in hidden} == {None}
        assert "confidential" not in first["given"]
        assert not second["hidden"]
        assert second["actor"]["code"] == "quality"
        entry = told.university.history(told.found)[0]
        everywhere = "".join(walk(told, "owner").values())
        assert str(entry["id"]) not in everywhere
        assert entry["id"].hex not in everywhere

    def test_may_still_withdraw_while_their_deputy_may_not(self, told: Told) -> None:
        university = told.university
        secret: dict[str, Any] = {**NONCONFORMITY, "source": "customers", "confidential": True}
        found = university.open("nonconformity", AUTHOR, NOW, **secret)
        page = told.page.is_("reader", "en").get(f"/nonconformities/{found}")
        assert page.status_code in (200, 404)
        assert "withdraw" not in page.text
        university.go(found, "withdraw", AUTHOR, NOW, reason="Жаңылдым")


class TestTheQuestion:
    def test_is_asked_by_the_form_and_kept(self, told: Told) -> None:
        visitor = told.page.is_("librarian", "en")
        form = visitor.get("/nonconformities/new")
        assert re.search(r'type="checkbox"[^>]*name="confidential"', form.text)
        said = {**NONCONFORMITY, "found_on": "2026-05-19", "source": "customers"}
        for extra, hidden in (({"confidential": "yes"}, True), ({}, False)):
            answer = visitor.post("/nonconformities/new", {**said, **extra})
            assert answer.status_code == 303, answer.text
            record = UUID(answer.headers["location"].split("/")[2].partition("?")[0])
            assert told.university.record(record)["author_hidden"] is hidden

    def test_stays_answered_where_the_form_comes_back(self, told: Told) -> None:
        answer = told.page.is_("librarian", "en").post("/nonconformities/new", {"confidential": "yes"})
        assert answer.status_code == 422
        assert re.search(r'name="confidential" value="yes" checked', answer.text)

    @pytest.mark.parametrize("said", ["yes", "true", 1, "on"])
    def test_takes_of_programs_only_true_and_false(self, told: Told, said: object) -> None:
        program = told.program.as_("librarian")
        answer = program.post("/api/nonconformities", {**NONCONFORMITY, "source": "customers", "confidential": said})
        assert answer.status_code == 422
        assert "confidential" in answer.json()["errors"]
        answer = program.post("/api/nonconformities", {**NONCONFORMITY, "source": "customers", "confidential": True})
        assert answer.status_code == 201
