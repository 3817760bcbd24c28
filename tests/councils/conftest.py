"""A post office for the university, with files to enclose, and a sitting whose members are to be invited."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from service import invitations
from tests.councils.invitations import PAPERS, Counting, Invited
from tests.councils.sitting import Sitting, seat
from tests.support.post import Post, post_of
from tests.support.university import University


@pytest.fixture
def post(university: University, tmp_path: Path) -> Iterator[Post]:
    with post_of(university.database, tmp_path) as opened:
        yield opened


@pytest.fixture
def invited(university: University, post: Post, tmp_path: Path) -> Invited:
    return Invited.by(university, post, Counting(tmp_path / "files"))


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Agendas are not really set, which takes a second each; in which languages they would have been."""
    languages: list[str] = []

    def write(form: Any, shape: Any, university: Any, language: str, file: BytesIO, folder: Any) -> None:
        languages.append(language)
        file.write(f"%PDF {language} {len(shape.items)}".encode())

    monkeypatch.setattr(invitations, "write_pdf", write)
    return languages


@pytest.fixture
def sitting(invited: Invited) -> Sitting:
    """A sitting of five members, with one document of two papers on its agenda."""
    seat(invited.university)
    invited.waiting(PAPERS)
    return invited.planned()
