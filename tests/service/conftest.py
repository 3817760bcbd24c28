"""A post office for the university."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.post import Post, post_of
from tests.support.university import University


@pytest.fixture
def post(university: University, tmp_path: Path) -> Iterator[Post]:
    with post_of(university.database, tmp_path) as opened:
        yield opened
