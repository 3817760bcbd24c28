"""Nobody assigns `state`: one module writes the column, and the database would tell if another did."""

import ast
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

import service
from models import tables as t
from tests.support.statements import heard
from tests.support.university import University, at, order

ROOT = Path(service.__file__).parent.parent
WRITER = ROOT / "service" / "moves.py"
VERBS = {"insert", "update", "delete", "insert_new", "put"}
SOURCES = sorted(
    path
    for path in [*(ROOT / "service").rglob("*.py"), *(ROOT / "workflows").rglob("*.py"), ROOT / "sapat.py"]
    if path != WRITER
)
SQL = ("UPDATE RECORD", "INSERT INTO RECORD", "DELETE FROM RECORD", "REPLACE INTO RECORD")


def named(node: ast.expr) -> str:
    """The last part of a dotted name: `t.record` → record."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def offences(source: str) -> Iterator[str]:
    """Where a source writes the table `record` or assigns a `state`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and named(node.func) in VERBS:
            tables = {named(argument) for argument in node.args}
            owner = named(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if "record" in tables or "Record" in tables or owner in ("record", "Record"):
                yield f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "state" and named(target.value) != "self":
                    yield f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Call) and named(node.func) == "setattr" and "'state'" in ast.unparse(node):
            yield f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = " ".join(node.value.upper().replace('"', "").split())
            if any(statement in text for statement in SQL):
                yield f"line {node.lineno}: SQL that writes a record"


class TestTheSources:
    @pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_leave_the_writing_of_records_to_the_write_path(self, path: Path) -> None:
        assert list(offences(path.read_text("utf-8"))) == []

    @pytest.mark.parametrize(
        "source",
        [
            "connection.execute(sa.update(t.record).values(state='effective'))",
            "connection.execute(t.record.insert(), row)",
            "insert_new(connection, t.record, rows)",
            "session.execute(update(Record))",
            "record.state = 'effective'",
            "setattr(record, 'state', 'effective')",
            "connection.exec_driver_sql('update \"record\" set state = 1')",
            "put(connection, t.record, row, key='id')",
        ],
    )
    def test_would_be_found_out(self, source: str) -> None:
        assert list(offences(source))

    def test_of_the_write_path_write_it(self) -> None:
        assert len(list(offences(WRITER.read_text("utf-8")))) == 2


class TestEveryRecord:
    def test_is_where_its_history_says_whoever_wrote(self, university: University) -> None:
        """Whatever has happened: a state that no history entry led to cannot hide."""
        university.in_force(at(2017, 4, 5))
        second = university.endorsed(at(2017, 5, 5))
        university.go(second, "approve", "rector", at(2017, 5, 5), **order("2", at(2017, 5, 5), date(2017, 5, 5)))
        university.under_way(at(2017, 4, 5), date(2017, 5, 5))
        other = t.history.alias()
        last = sa.select(sa.func.max(other.c.seq)).where(other.c.record_id == t.record.c.id).scalar_subquery()
        stray = (
            sa.select(t.record.c.code)
            .select_from(t.record)
            .outerjoin(t.history, (t.history.c.record_id == t.record.c.id) & (t.history.c.seq == last))
            .where(
                sa.or_(
                    t.history.c.id.is_(None),
                    t.history.c.to_state != t.record.c.state,
                    t.history.c.hash != t.record.c.head,
                    t.history.c.seq != t.record.c.version,
                )
            )
        )
        with university.database.read() as connection:
            assert connection.execute(stray).all() == []
        with university.database.write() as connection:
            connection.execute(sa.update(t.record).where(t.record.c.id == second).values(state="withdrawn"))
        with university.database.read() as connection:
            assert [code for (code,) in connection.execute(stray)] == ["УСТ 4.09/2"]

    def test_is_written_by_statements_of_the_write_path_alone(self, university: University) -> None:
        """Every statement that reaches the database while the story goes on, and who sent it."""
        senders: set[str] = set()
        known = {*SOURCES, WRITER}

        def listen(statement: str) -> None:
            text = " ".join(statement.upper().replace('"', "").split())
            if any(f"{written} " in f"{text} ".replace("(", " ") for written in SQL):
                ours = [frame.filename for frame in traceback.extract_stack() if Path(frame.filename) in known]
                senders.add(str(Path(ours[-1]).relative_to(ROOT)) if ours else "tests")

        with heard(university.database, listen):
            university.in_force(at(2017, 4, 5))
            university.in_force(at(2017, 5, 5))
            _, action = university.under_way(at(2017, 4, 5), date(2017, 5, 5))
            university.go(action, "cancel", "vice", at(2017, 4, 6), reason="Кереги жок")
        assert senders == {"service/moves.py"}
