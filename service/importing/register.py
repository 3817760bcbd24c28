"""Importing a register of documents: every row is taken as it stands, or reported with the reason why not.

Each document comes in with a first revision that is in force: the register says which documents there are, not since
when. What is inconsistent is kept and reported (service/importing/inconsistencies.py), nothing is corrected.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.act import Act
from service.codes import key
from service.documents import bring_into_register
from service.importing.columns import REGISTER, Entry, entries
from service.importing.importer import may_import, writing
from service.importing.inconsistencies import Line, inspect
from service.importing.legend import ensure_types, legend
from service.importing.report import Progress, Report, Severity
from service.importing.table import Table, read_table
from service.organisation import Actor, organisation
from states.text import N_, Text

WHAT = Text("документтердин реестрин киргизүү", "импорт реестра документов", "import of the register of documents")
_SAID_EVERY = 50
# Alone in its row: the heading of a group, "3. КАМСЫЗДООЧУ ПРОЦЕССТЕР" (seed 001, lines 39-45).
_HEADING = re.compile(r"(?P<group>\d{1,2})\.\s*[^\W\d]")


def import_register(
    database: Database,
    path: Path,
    actor: Actor,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    owners: Mapping[str, tuple[str, str]] | None = None,
    name: str = "",
) -> Report:
    """Bring in the register in the file, in one transaction; a second time changes nothing.

    `owners` says for a code which process and post answer for the document, where the university knows; `name` is what
    the file is called. Raises Malformed for a file that is no table, NotYours for an actor who may not.
    """
    report = Report("register", name or Path(path).name, dry_run)
    table = read_table(Path(path), report)
    rows = list(entries(table, REGISTER, ("title", "code"), report))
    with writing(database, dry_run) as connection:
        act = Act(connection, organisation(connection), actor, now)
        may_import(act, WHAT)
        known = legend(connection)
        lines = _usable(rows, report)
        inspect(lines, known, report)
        _bring_in(act, lines, table, owners or {}, report, progress)
    return report


def _usable(rows: list[Entry], report: Report) -> list[Line]:
    """The rows that can become documents; the others are refused in the report. Headings between rows are neither."""
    usable: list[Line] = []
    seen: dict[str, int] = {}
    group = ""
    for entry in rows:
        words = " ".join(entry.given.values())
        if len(entry.given) == 1 and (heading := _HEADING.match(words)):
            group = heading["group"]
            report.find(
                entry.line, "file", "heading", Severity.HINT, N_("“%(words)s” was read as a heading."), words=words
            )
            continue
        report.rows += 1
        line = Line.of(entry, group)
        if not line.code:
            report.refuse(entry.line, "no-code", N_("Not taken: the row has no code (“%(title)s”)."), title=line.title)
        elif not line.title:
            report.refuse(entry.line, "no-title", N_("Not taken: “%(code)s” has no title."), code=line.code)
        elif (written := key(line.code)) in seen:
            report.refuse(
                entry.line,
                "code-twice",
                N_("Not taken: the code “%(code)s” stands in line %(first)s already."),
                code=line.code,
                first=seen[written],
            )
        else:
            seen[written] = entry.line
            usable.append(line)
    return usable


def _bring_in(
    act: Act,
    lines: list[Line],
    table: Table,
    owners: Mapping[str, tuple[str, str]],
    report: Report,
    progress: Progress | None,
) -> None:
    there = {key(row.code): row for row in act.connection.execute(sa.select(t.document))}
    before = {key(row.code): row for row in act.connection.execute(_FORMER)}
    # Prefixes too: a document may be given the type its code says.
    ensure_types(act.connection, [code for line in lines for code in (line.type, line.prefix) if code])
    answers = _owners(act, owners)
    for done, line in enumerate(lines, start=1):
        if row := there.get(key(line.code)):
            _compare(row, line, report)
        elif former := before.get(key(line.code)):
            _was_called_so(former, line, report)
        else:
            bring_into_register(
                act, _document(line, report.source, table, answers), _review_day(act.day, done, len(lines))
            )
            report.taken += 1
        if progress and (done % _SAID_EVERY == 0 or done == len(lines)):
            progress("register", done, len(lines))


def _document(line: Line, source: str, table: Table, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "type_code": line.type,
        "process_group": line.group,
        "is_series": line.is_series,
        "given": {
            "file": source,
            "line": line.line,
            "words": dict(line.given),
            **({"encoding": table.encoding} if table.encoding not in ("", "utf-8") else {}),
        },
        **answers.get(line.code, {}),
    }


def _owners(act: Act, owners: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, Any]]:
    processes = {row.code: row.id for row in act.connection.execute(sa.select(t.process.c.code, t.process.c.id))}
    posts = {post.code: post for post in act.organisation.posts.values()}
    return {
        code: {
            "process_id": processes.get(process),
            "owner_post_id": posts[post].id if post in posts else None,
            "unit_id": posts[post].unit_id if post in posts else None,
        }
        for code, (process, post) in owners.items()
    }


def _review_day(day: date, place: int, of: int) -> date:
    """Spread over the next twelve months, so that not all reviews open on one day."""
    return day + timedelta(days=max(1, 365 * place // of))


def _was_called_so(row: Any, line: Line, report: Report) -> None:
    """A code that a document had is not given again: the line is taken for that document."""
    report.unchanged += 1
    report.find(
        line.line,
        "there",
        "former-code",
        Severity.WARNING,
        N_("“%(code)s” was the code of “%(now)s %(title)s” until %(until)s. Nothing was added."),
        code=line.code,
        now=row.now,
        title=row.title,
        until=f"{row.until:%d.%m.%Y}",
    )


def _compare(row: sa.Row[Any], line: Line, report: Report) -> None:
    report.unchanged += 1
    for name, ours, theirs in (
        ("title", row.title, line.title),
        ("type", row.type_code, line.type),
        ("group", row.process_group, line.group),
    ):
        if ours != theirs:
            report.find(
                line.line,
                "there",
                f"{name}-differs",
                Severity.WARNING,
                N_("“%(code)s” is there already with “%(ours)s”; the file says “%(theirs)s”. Nothing was changed."),
                code=line.code,
                ours=ours,
                theirs=theirs,
            )


_FORMER = sa.select(
    t.former_code.c.code, t.former_code.c.until, t.document.c.code.label("now"), t.document.c.title
).join(t.document, t.document.c.id == t.former_code.c.document_id)
