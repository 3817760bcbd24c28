"""A post office for the university of the story, and processes that may be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.post import Post, post_of
from tests.support.university import University
from tests.support.worker import Nursery


@pytest.fixture
def post(university: University, tmp_path: Path) -> Iterator[Post]:
    with post_of(university.database, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()
