"""Readings taken away as a file: said so that people can read it, and only of what one may read."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from fastapi import FastAPI

from models import tables as t
from service.files.kinds import KINDS
from tests.readings.asking import asked, given_out, lay_down
from tests.support.university import DOCUMENT, TITLE, University, at
from tests.web.visitors import Visitor, application, moves

DAY = at(2026, 4, 6)
PATH = "/exports/acknowledgements"


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, DAY, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI, university: University) -> Visitor:
    """The reader has read it, the head of the library has not."""
    lay_down(university, of="УСТ", unit_id=university.units["LIBRARY"])
    reading = asked(university, given_out(university, DAY))["reader"]["id"]
    visitor = Visitor(app).is_("reader", "en")
    form = moves(visitor.get(f"/acknowledgements/{reading}"))["acknowledge"]
    assert visitor.post(form.action, form.fields).status_code == 303
    return visitor


def table(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    answer = visitor.get(f"{PATH}.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_every_row_says_who_read_what_in_words(visitor: Visitor, university: University) -> None:
    rows = {row["Who has to read it"]: row for row in table(visitor.is_("quality", "en"))}
    assert set(rows) == {"Okurman Okurov", "Kitep Kitepov"}
    read, unread = rows["Okurman Okurov"], rows["Kitep Kitepov"]
    content = university.rows(t.acknowledgement)[0]["content"]
    signature = university.one(t.signature, t.signature.c.meaning == "read")
    expected = {
        "Document": DOCUMENT,
        "Title": TITLE,
        "Revision №": "1",
        "Post": "Reader (post)",
        "Unit": "LIBRARY",
        "State": "Read and understood",
        "Open task due": "",
        "What was to be read, SHA-256 (short)": content[:12],
        "What was to be read, SHA-256": content,
        "Signature, SHA-256": signature["hash"],
    }
    assert {name: read[name] for name in expected} == expected
    assert read["Read on"].startswith("2026-04-06")
    assert read["Asked on"].startswith("2026-04-06")
    assert (unread["Read on"], unread["Signature, SHA-256"]) == ("", "")
    assert unread["Open task due"].startswith("2026-04-")
    for value in read.values():
        assert "-" not in value or len(value) != 36, "an identifier says nothing to anybody"


def test_is_of_what_one_may_read_and_as_the_list_is_narrowed(visitor: Visitor) -> None:
    assert len(table(visitor.is_("quality", "en"), "?state=read")) == 1
    assert table(visitor.is_("auditor", "en")) == []


def test_is_in_the_language_of_whoever_takes_it_and_a_workbook_too(visitor: Visitor) -> None:
    rows = table(visitor.is_("quality", "ky"))
    assert {"Документ", "Аталышы"} <= set(rows[0])
    assert {"Окурман Окуров", "Китеп Китепов"} <= {value for row in rows for value in row.values()}
    assert visitor.get(f"{PATH}.xlsx").headers["content-type"] == KINDS["xlsx"].media_type
