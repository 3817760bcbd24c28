"""The other end of a link: which nonconformities name this one as similar, for whoever may read them."""

import pytest
from fastapi import FastAPI

from tests.support.university import University, at
from tests.web.capa import NOW, analysed
from tests.web.visitors import Visitor, application, words

TOLD = {"found": "Жок", "nc_kind": "programme", "source": "monitoring", "found_on": "2026-04-05"}


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, at(2026, 4, 16))


def test_leads_to_those_that_name_it_that_one_may_read(app: FastAPI, university: University) -> None:
    named = university.open("nonconformity", "reader", NOW, None, **TOLD, title="Айтылган", unit="LIBRARY")
    other = university.open("nonconformity", "reader", NOW, None, **TOLD, title="Башка", unit="LIBRARY")
    code = university.record(named)["code"]
    found = analysed(university, "Тартип жок")
    university.go(found, "amend_cause", "owner", NOW, cause=1, text="Тартип жок", code="1/M1")
    similar = {"similar_checked": "found", "similar": "Китепканада", "similar_records": [code]}
    university.go(found, "record_causes", "owner", NOW, **similar)
    names = university.record(found)["code"]

    visitor = Visitor(app).is_("quality", "en")
    path = f"/nonconformities?similar_to={named}"
    page = visitor.get(f"/nonconformities/{named}")
    assert f'href="{path}"' in page.text
    assert "Named as similar by Show which ones" in words(page)
    shown = words(visitor.get(path))
    assert names in shown
    assert f"Names as similar: {code}" in shown
    assert "1 in all" in shown
    assert names in visitor.get(f"/exports/nonconformities.csv?similar_to={named}").text
    assert "Nothing is like that" in words(visitor.get(f"/nonconformities?similar_to={other}"))
    # Whoever reported the other one may not read the one that names it.
    assert "Nothing is like that" in words(visitor.is_("reader", "en").get(path))


def test_is_asked_of_records_that_name_others_alone(app: FastAPI, university: University) -> None:
    named = university.reported(NOW)
    visitor = Visitor(app).is_("quality", "en")
    assert visitor.get(f"/actions?similar_to={named}").status_code == 400
    assert visitor.get("/nonconformities?similar_to=x").status_code == 400
