"""What the demonstration's records have several of: causes, questions of a checklist, findings."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from models import tables as t
from service.importing.facts import facts
from service.keeping.routes import change_routes
from service.moves import move
from service.organisation import Actor, organisation
from service.parts import read_part
from service.reading.routes import Proposed
from service.subject import Subject
from states.routes import usual
from states.working_days import today


def ask_why(connection: sa.Connection, subject: Subject, key: str, actor: Actor, now: datetime) -> None:
    """The owner asks why, and why again; once, however often the causes are recorded."""
    if not read_part(connection, subject.id, "cause"):
        for row in _of("demo_causes", "nc", key):
            given = {name: row[name] for name in ("text", "because_of", "code")}
            move(connection, subject.id, "add_cause", actor, given, now)


def prepare(connection: sa.Connection, subject: Subject, key: str, now: datetime) -> None:
    """The lead auditor writes the checklist."""
    lead = organisation(connection).actor(subject.fields["lead_auditor_id"], today(now))
    for row in _of("demo_questions", "audit", key):
        move(connection, subject.id, "add_question", lead, {name: row[name] for name in ("clause", "text")}, now)


def conclude(connection: sa.Connection, subject: Subject, key: str, actor: Actor, now: datetime) -> None:
    """The auditor answers all questions and writes down what was found; nonconformities are raised at once."""
    for no, row in enumerate(_of("demo_questions", "audit", key), start=1):
        answer = {name: row[name] for name in ("clause", "text", "answer", "note")}
        move(connection, subject.id, "answer_question", actor, {"question": no, **answer}, now)
    for no, row in enumerate(_of("demo_findings", "audit", key), start=1):
        move(connection, subject.id, "add_finding", actor, {name: row[name] for name in row if name != "audit"}, now)
        if row["kind"] == "nonconformity":
            move(connection, subject.id, "raise_nonconformity", actor, {"finding": no}, now)


def shorten(connection: sa.Connection, subject: Subject, _key: str, actor: Actor, now: datetime) -> None:
    """The quality specialist lets the type's route on the campus end with the councils that have decided already."""
    document = sa.select(t.document.c.type_code, t.document.c.campus_id)
    row = connection.execute(document.where(t.document.c.id == subject.fields["document_id"])).one()
    done = tuple(subject.fields["route"][: subject.fields["position"]])
    change_routes(connection, Proposed(row.campus_id, {row.type_code: usual(done)}), actor, now)


def _of(table: str, column: str, key: str) -> Iterator[Mapping[str, str]]:
    return (row for row in facts(table) if row[column] == key)


# What is written down just before a move.
BEFORE: Final[Mapping[str, Callable[[sa.Connection, Subject, str, Actor, datetime], None]]] = {
    "record_causes": ask_why,
    "finish": conclude,
    "pass_on": shorten,
}
