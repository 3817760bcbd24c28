"""The rooms: who may import whom, and who may ask what time it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {
    "states": {"states"},
    "models": {"models", "states"},
    "notifications": {"notifications"},
    "service": {"service", "states", "models", "notifications"},
    "workflows": {"workflows", "service"},
    "sapat": {"sapat", "states", "models", "notifications", "service", "workflows"},
}
# What the declarations may stand on: no network, no files, no database, no process.
FOUNDATIONS = {
    "bisect", "collections", "contextlib", "dataclasses", "datetime", "enum", "functools", "hashlib", "html",
    "importlib", "itertools", "json", "pkgutil", "re", "typing", "unicodedata", "uuid", "zoneinfo", "holidays",
    "transitions",
}  # fmt: skip
# The moment is an argument: who is asked to act is told when. The edges (web, flows, the command) look at the clock.
TIMELESS = ("states", "models", "service")
EDGES = {
    "service/web": "a request happens when it happens: its handler looks at the clock once and hands the moment down",
}


def sources(room: str) -> list[Path]:
    folder = ROOT / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{room}.py"]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file imports, also inside functions, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively: say the room's name"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


CLOCKS = {
    *(("datetime", name) for name in ("now", "utcnow", "today")),
    *(("time", name) for name in ("time", "time_ns", "localtime", "gmtime")),
    *(("func", name) for name in ("now", "current_timestamp", "current_date", "current_time")),
    ("date", "today"),
}


def clocks(path: Path) -> Iterator[int]:
    """Every line on which a file asks for the time: datetime.now(), date.today(), time.time(), func.now()."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if (owner, node.func.attr) in CLOCKS:
                yield node.lineno


@pytest.mark.parametrize("room", ROOMS)
class TestARoom:
    def test_imports_only_the_rooms_it_may(self, room: str) -> None:
        wrong = [
            f"{path.relative_to(ROOT)}:{line} imports {module}"
            for path in sources(room)
            for line, module in imports(path)
            if (other := module.partition(".")[0]) in ROOMS and other not in ROOMS[room]
        ]
        assert not wrong

    def test_never_imports_tests_or_benchmarks(self, room: str) -> None:
        wrong = [
            f"{path.relative_to(ROOT)}:{line}"
            for path in sources(room)
            for line, module in imports(path)
            if module.partition(".")[0] in {"tests", "benchmarks"}
        ]
        assert not wrong


class TestTheDeclarations:
    def test_stand_on_nothing_that_reaches_outside(self) -> None:
        found = {module.partition(".")[0] for path in sources("states") for _, module in imports(path)}
        assert found <= {"states", *FOUNDATIONS}

    def test_open_no_file(self) -> None:
        for path in sources("states"):
            called = {
                node.func.id
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not called & {"open", "print", "input", "eval", "exec", "compile", "__import__"}, path


class TestTheClock:
    @pytest.mark.parametrize("room", TIMELESS)
    def test_is_not_looked_at_below_the_edges(self, room: str) -> None:
        asked = [f"{path.relative_to(ROOT)}:{line}" for path in sources(room) for line in clocks(path)]
        assert not [place for place in asked if not place.startswith(tuple(EDGES))]

    def test_is_seen_wherever_it_is_looked_at(self, tmp_path: Path) -> None:
        asks = (
            "datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "time.time()", "sa.func.now()",
            "datetime.utcnow()",
        )  # fmt: skip
        for asked in asks:
            assert list(clocks(_written(tmp_path, asked))), asked
        assert not list(clocks(_written(tmp_path, "today(now)\ncalendar.today(x)\nself.now()\nmoment.time()")))


def _written(folder: Path, code: str) -> Path:
    path = folder / "asked.py"
    path.write_text(code, "utf-8")
    return path
