"""The pages hold nothing that runs in them: no inline script, handler, style or address that runs."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.database import Database
from service.demo.story import first_start
from states.registry import lifecycle, lifecycles
from tests.support.databases import SqliteTemplate
from tests.support.university import University, at
from tests.web.dangers.conftest import NOW
from tests.web.visitors import Visitor, application

LATER = at(2026, 11, 20, 15)
PERSONS = ("quality_specialist", "rector", "vice_rector", "administrator")
HOSTILE = '<script>alert(1)</script> " onmouseover=\'x\' style="x" <img src=x onerror=alert(2)> javascript:alert(3)'


class Inline(HTMLParser):
    """What a page holds that a strict policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: (value or "").strip().lower() for name, value in attrs}
        if tag in ("style", "base", "object", "embed", "applet") or (tag == "script" and "src" not in has):
            self.found.append(tag)
        if tag == "meta" and "http-equiv" in has:
            self.found.append("meta http-equiv")
        for name, value in has.items():
            if name == "style" or name.startswith("on") or value.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}={value[:40]}")
            if name in ("src", "href", "action", "formaction") and value.startswith(("http:", "https:", "//")):
                self.found.append(f"{tag} {name}={value[:40]}")


def inline(text: str) -> list[str]:
    """Everything in a page that would run in it, or lead elsewhere."""
    parser = Inline()
    parser.feed(text)
    return parser.found


@pytest.fixture(scope="module")
def demonstration(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with sqlite_template.copy() as database:
        first_start(database, LATER)
        home = tmp_path_factory.mktemp("home")
        app = application(database, LATER, home / "mails.db", home=home)
        yield app
        app.state.site.close()


def pages(database: Database) -> list[str]:
    """Every page without a place to fill in its address, and a record of each kind in each state."""
    with database.read() as connection:
        one_of_each = sa.select(t.record.c.kind, sa.func.min(sa.cast(t.record.c.id, sa.String)).label("id"))
        records = connection.execute(one_of_each.group_by(t.record.c.kind, t.record.c.state)).all()
        documents = connection.execute(sa.select(t.document.c.id).limit(3)).scalars().all()
    return [
        *(f"/{one.collection}{more}" for one in lifecycles().values() for more in ("", "/new")),
        *(f"/documents/{document}" for document in documents),
        *(f"/{lifecycle(row.kind).collection}/{row.id}" for row in records),
    ]


def plain_paths(app: FastAPI) -> list[str]:
    """The addresses of pages that have no place to fill in."""
    return sorted(
        {
            str(path)
            for route in app.routes
            if "{" not in (path := getattr(route, "path", "{")) and "GET" in (getattr(route, "methods", None) or ())
        }
    )


class TestEveryPage:
    @pytest.mark.parametrize("person", PERSONS)
    def test_runs_nothing_inline(self, demonstration: FastAPI, person: str) -> None:
        visitor, answered = Visitor(demonstration).is_(person, "en"), 0
        for path in [*plain_paths(demonstration), *pages(demonstration.state.site.database), "/nowhere"]:
            page = visitor.get(path)
            if page.headers.get("content-type", "").startswith("text/html"):
                answered += page.status_code == 200
                assert inline(page.text) == [], path
        assert answered > 20

    def test_runs_nothing_that_people_wrote(self, visitor: Visitor, university: University) -> None:
        found = university.open(
            "nonconformity", "auditor", NOW, title=HOSTILE, found=HOSTILE, nc_kind="programme",
            source="internal_audit", found_on=NOW.date(), requirement=HOSTILE, reported_by=HOSTILE,
        )  # fmt: skip
        university.go(found, "register", "quality", NOW, severity="major", owner_post="owner", impact=HOSTILE)
        university.go(found, "record_correction", "owner", NOW, correction=HOSTILE)
        university.go(found, "add_cause", "owner", NOW, text=HOSTILE, no_action=HOSTILE)
        visitor.is_("owner", "en")
        for path in (
            f"/nonconformities/{found}",
            f"/nonconformities/{found}/causes",
            "/nonconformities",
            "/tasks",
            f"/nonconformities?q={HOSTILE}",
        ):
            page = visitor.get(path)
            assert page.status_code == 200
            assert inline(page.text) == [], path
            assert "<script>alert" not in page.text

    def test_would_be_found_out(self) -> None:
        for bad in (
            "<script>x</script>",
            '<p onclick="x">',
            '<p style="x">',
            '<a href=" JavaScript:x">',
            "<style>",
            '<img src="https://evil.example">',
            '<base href="/">',
        ):
            assert inline(bad), bad
        assert inline('<script src="/static/a.js"></script><a href="/x">x</a>') == []
