"""What the register says of a document is corrected by the quality specialist alone, with who did it and when."""

from typing import Any
from uuid import UUID

import pytest

from models import tables as t
from service.document_card import correct_card, corrections
from states.refusals import Incomplete, NotYours
from tests.keeping.keeping import NOW, do, log, see
from tests.support.university import DOCUMENT, PEOPLE, TITLE, University

GIVEN = {"title": "Туура аталышы", "unit": "LIBRARY", "owner_post": "librarian"}


def document(university: University) -> dict[str, Any]:
    return university.one(t.document, t.document.c.code == DOCUMENT)


def card(university: University) -> UUID:
    found = document(university)["id"]
    assert isinstance(found, UUID)
    return found


def test_is_corrected_found_by_its_new_words_and_told(university: University) -> None:
    assert do(university, correct_card, card(university), GIVEN, who="quality")
    row = document(university)
    assert (row["title"], row["unit_id"]) == (GIVEN["title"], university.units["LIBRARY"])
    assert row["owner_post_id"] == university.posts["librarian"]
    assert "туура" in row["folded"]
    (line,) = log(university, "document.corrected")
    assert line["facts"]["before"]["title"] == TITLE
    assert line["facts"]["after"]["unit_id"] == str(university.units["LIBRARY"])
    (one,) = see(university, corrections, row["id"])
    assert (one.person_id, one.at, set(one.fields)) == (
        university.people["quality"],
        NOW,
        {"title", "unit", "owner_post"},
    )
    assert not do(university, correct_card, row["id"], GIVEN, who="quality")


def test_revisions_keep_what_they_were_begun_with(university: University) -> None:
    revision = university.draft(NOW)
    do(university, correct_card, card(university), GIVEN, who="quality")
    assert university.one(t.record, t.record.c.id == revision)["title"] == TITLE


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "quality"])
def test_is_nobody_elses(university: University, who: str) -> None:
    with pytest.raises(NotYours):
        do(university, correct_card, card(university), GIVEN, who=who)
    assert document(university)["title"] == TITLE


@pytest.mark.parametrize("wrong", [{"title": ""}, {"unit": "NOWHERE"}, {"code": "УСТ 9.99"}])
def test_is_refused_where_it_cannot_be(university: University, wrong: dict[str, str]) -> None:
    with pytest.raises(Incomplete):
        do(university, correct_card, card(university), {**GIVEN, **wrong}, who="quality")
    assert not log(university)
