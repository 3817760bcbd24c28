"""The page of seals and its list for programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.verifying.archive import Archive
from tests.web.visitors import Visitor, application, words


@pytest.fixture
def app(archive: Archive, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(archive.database, archive.now, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def omur(app: FastAPI) -> Visitor:
    return Visitor(app).is_("omur", "en")


class TestThePage:
    def test_shows_the_hash_to_keep_and_how_far_the_seals_reach(self, archive: Archive, omur: Visitor) -> None:
        last = [fields for kind, fields in archive.lines() if kind == "seal"][-1]
        page = omur.get("/seals")
        assert page.status_code == 200
        assert f"2 {last['at']} {last['root']} {last['hash']}" in page.text
        assert "Records that are sealed as they stand: 1 of 3." in words(page)

    def test_is_for_everybody_who_is_signed_in_and_for_nobody_else(self, app: FastAPI) -> None:
        assert Visitor(app).get("/seals").status_code == 303
        assert Visitor(app).get("/api/seals").status_code == 401

    def test_says_so_where_there_is_no_seal(self, archive: Archive, omur: Visitor) -> None:
        archive.strike("DELETE FROM seal_leaf")
        archive.strike("DELETE FROM seal")
        assert "There is no seal yet" in words(omur.get("/seals"))


class TestTheList:
    def test_has_every_field_so_that_a_hash_can_be_made_again(self, archive: Archive, omur: Visitor) -> None:
        seals = [fields for kind, fields in archive.lines() if kind == "seal"]
        told = omur.get("/api/seals").json()
        assert told == {"items": seals[::-1], "next": None, "total": 2}

    def test_goes_on_by_cursor(self, omur: Visitor) -> None:
        first = omur.get("/api/seals?limit=1").json()
        rest = omur.get(f"/api/seals?cursor={first['next']}").json()
        assert [one["number"] for one in (*first["items"], *rest["items"])] == [2, 1]
