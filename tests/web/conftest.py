"""The application on a small university, and a program that asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.support.university import University, at
from tests.web.programs import Program
from tests.web.visitors import application


@pytest.fixture
def api(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, at(2026, 4, 6), home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def program(api: FastAPI) -> Program:
    return Program(api)
