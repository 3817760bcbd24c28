"""An office that makes controlled files, on both databases in turn."""

from pathlib import Path

import pytest

from tests.controlled.making import Office
from tests.support.university import University


@pytest.fixture
def office(university: University, tmp_path: Path) -> Office:
    return Office(university, tmp_path)
