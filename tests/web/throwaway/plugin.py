"""For pytest (-p): the throw-away lifecycles stand in the rooms of the real ones before anything else is imported.

What is done here besides that is what a new lifecycle still asks for: see `docs/audits.md`.
"""

import os
from importlib import import_module
from pathlib import Path

import models
import states

HERE = Path(__file__).parent
TABLES = ("lesson_visit", "remark", "lesson_advice")
# Tests of declarations know what a record of any lifecycle may have kept.
PARTS = {"remark": ({"no": 1, "sort": "wish", "words": "сөз", "clause": None, "advised": False},)}

states.__path__.append(os.fspath(HERE / "states"))
models.__path__.append(os.fspath(HERE / "models"))
# Nobody imports a table whose name they do not know: the list in models/tables.py is one that names them all.
import_module("models.lesson_visit")
# The tests of declarations ask what a part may hold.
import_module("tests.states.cases").PARTS.update(PARTS)
