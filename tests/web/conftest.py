"""The application on a small university, on a Monday; a program that asks it, and a person who visits it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.support.university import University, at
from tests.web.programs import Program
from tests.web.visitors import Visitor, application

MONDAY = at(2026, 4, 6)


def made(university: University, home: Path) -> Iterator[FastAPI]:
    app = application(university.database, MONDAY, home=home)
    yield app
    app.state.site.close()


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    yield from made(university, tmp_path)


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app)


@pytest.fixture
def api(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    """The same, where a file has an `app` of its own."""
    yield from made(university, tmp_path)


@pytest.fixture
def program(api: FastAPI) -> Program:
    return Program(api)
