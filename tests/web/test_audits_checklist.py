"""The page that fills a checklist, in a step in which nothing is added: it shows what was recorded."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from states.text import LANGUAGES
from tests.support.university import University, at
from tests.web.capa import audit
from tests.web.visitors import Visitor, application, forms, words

NOW = at(2026, 4, 6)


@pytest.fixture
def app(university: University) -> FastAPI:
    return application(university.database, NOW)


@pytest.fixture
def cancelled(university: University) -> UUID:
    """An audit that had begun, with one question, and was called off."""
    found = audit(university)
    university.go(found, "begin", "auditor", NOW)
    university.go(found, "add_question", "auditor", NOW, text="Каталог барбы?", clause="2015/7.5")
    result = {"text": "Каталог барбы?", "answer": "nonconformity", "note": "Каталог жок"}
    university.go(found, "answer_question", "auditor", NOW, question=1, **result)
    university.go(found, "cancel", "quality", NOW, reason="Бөлүм жоюлду")
    return found


class TestOutsideItsStep:
    @pytest.mark.parametrize("who", ["auditor", "quality"])
    def test_shows_the_questions_with_their_results(self, app: FastAPI, cancelled: UUID, who: str) -> None:
        for language in LANGUAGES:
            page = Visitor(app).is_(who, language).get(f"/audits/{cancelled}/checklist")
            assert page.status_code == 200, words(page)
            assert "Каталог барбы?" in page.text
            assert "Каталог жок" in page.text
            assert not [one for one in forms(page) if one.action.startswith("/audits")]

    def test_still_takes_nothing(self, app: FastAPI, university: University, cancelled: UUID) -> None:
        before = university.record(cancelled)["version"]
        answer = Visitor(app).is_("auditor", "en").post(f"/audits/{cancelled}/checklist", {"clause": "2015/7.5"})
        assert answer.status_code == 409
        assert university.record(cancelled)["version"] == before
