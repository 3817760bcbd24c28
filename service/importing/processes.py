"""Importing a register of processes: who answers for what, as far as the source says it.

An owner may be zero, one or many posts, or a unit where a post should stand: everything is kept as given, what could be
read is linked, what could not is reported. Source: TalSU quality manual, lines 496-529 (the list) and 1147-1168.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import Database
from service.act import Act
from service.importing.columns import PROCESSES, Entry, entries
from service.importing.importer import may_import, writing
from service.importing.owners import Owners, read_owners
from service.importing.report import Progress, Report, Severity
from service.importing.table import read_table
from service.organisation import Actor, organisation, organisation_changed
from states.kyrgyz import fold
from states.text import N_, Text

WHAT = Text("процесстердин реестрин киргизүү", "импорт реестра процессов", "import of the register of processes")


def import_processes(
    database: Database,
    path: Path,
    actor: Actor,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    name: str = "",
) -> Report:
    """Bring in the register of processes in the file, in one transaction; a second time changes nothing.

    `name` is what the file is called. Raises Malformed for a file that is no table, NotYours for an actor who may not.
    """
    report = Report("processes", name or Path(path).name, dry_run)
    table = read_table(Path(path), report)
    rows = list(entries(table, PROCESSES, ("code", "name"), report))
    with writing(database, dry_run) as connection:
        act = Act(connection, organisation(connection), actor, now)
        may_import(act, WHAT)
        there = {row.code: row for row in connection.execute(sa.select(t.process))}
        seen: dict[str, int] = {}
        for done, entry in enumerate(rows, start=1):
            report.rows += 1
            _take(act, entry, there, seen, report)
            if progress:
                progress("processes", done, len(rows))
        if report.taken:
            organisation_changed(connection)  # who owns what is part of every snapshot
    return report


def _take(act: Act, entry: Entry, there: dict[str, Any], seen: dict[str, int], report: Report) -> None:
    code = entry["code"].rstrip(".")
    if not code or not entry["name"]:
        report.refuse(entry.line, "incomplete", N_("Not taken: a process needs a number and a name."))
        return
    if code in seen:
        report.refuse(
            entry.line,
            "code-twice",
            N_("Not taken: the code “%(code)s” stands in line %(first)s already."),
            code=code,
            first=seen[code],
        )
        return
    seen[code] = entry.line
    owners = read_owners(entry["owner"])
    _names(entry, code, report)
    _owners(entry, code, owners, report)
    if code in there:
        _compare(there[code], entry, report)
        return
    report.taken += 1
    process_id = new_id()
    act.connection.execute(
        sa.insert(t.process),
        {
            "id": process_id,
            "code": code,
            "name": entry["name"],
            "folded": fold(f"{code} {entry['name']}"),
            "section": entry["section"],
            "owner_as_given": entry["owner"],
            "source_line": entry.line,
        },
    )
    _link(act, process_id, entry, owners, report)


def _link(act: Act, process_id: Any, entry: Entry, owners: Owners, report: Report) -> None:
    posts = {post.code: post.id for post in act.organisation.posts.values()}
    lacking = [code for code in owners.posts if code not in posts]
    if lacking:
        report.find(
            entry.line,
            "owners",
            "no-such-post",
            Severity.WARNING,
            N_("The organisation has no post %(posts)s."),
            posts=", ".join(lacking),
        )
    rows = [
        {"id": new_id(), "process_id": process_id, "post_id": posts[code], "position": position}
        for position, code in enumerate(code for code in owners.posts if code in posts)
    ]
    if rows:
        act.connection.execute(sa.insert(t.process_owner), rows)


def _owners(entry: Entry, code: str, owners: Owners, report: Report) -> None:
    if not entry["owner"]:
        report.find(entry.line, "owners", "none", Severity.WARNING, N_("%(code)s has no owner."), code=code)
        return
    for words in owners.found:
        if words.kind == "unit":
            report.find(
                entry.line,
                "owners",
                "unit",
                Severity.WARNING,
                N_("%(code)s names a unit where a post should stand: “%(words)s”."),
                code=code,
                words=words.words,
            )
        if words.kind == "ambiguous":
            report.find(
                entry.line,
                "owners",
                "ambiguous",
                Severity.WARNING,
                N_("%(code)s: “%(words)s” can be read in more than one way; it was linked to nobody."),
                code=code,
                words=words.words,
            )
    if owners.unknown:
        report.find(
            entry.line,
            "owners",
            "unknown",
            Severity.WARNING,
            N_("%(code)s: nobody knows whom “%(words)s” means; it was linked to nobody."),
            code=code,
            words=", ".join(owners.unknown),
        )
    if len(owners.found) + len(owners.unknown) > 1 or len(owners.posts) > 1:
        report.find(
            entry.line,
            "owners",
            "several",
            Severity.HINT,
            N_("%(code)s has several owners: “%(words)s”. The first one gets its tasks."),
            code=code,
            words=entry["owner"],
        )


def _names(entry: Entry, code: str, report: Report) -> None:
    if "name_in_text" not in entry.values:
        return
    register, text = entry["name"], entry["name_in_text"]
    if not text:
        report.find(
            entry.line,
            "names",
            "not-in-text",
            Severity.WARNING,
            N_("%(code)s stands in the register, but not in the list in the text."),
            code=code,
        )
    elif register != text:
        slip = register.rstrip(".") == text.rstrip(".")
        report.find(
            entry.line,
            "names",
            "full-stop" if slip else "name-differs",
            Severity.HINT if slip else Severity.WARNING,
            N_("%(code)s is “%(register)s” in the register, “%(text)s” in the text."),
            code=code,
            register=register,
            text=text,
        )


def _compare(row: Any, entry: Entry, report: Report) -> None:
    report.unchanged += 1
    for name, ours, theirs in (
        ("name", row.name, entry["name"]),
        ("section", row.section, entry["section"]),
        ("owner", row.owner_as_given, entry["owner"]),
    ):
        if ours != theirs:
            report.find(
                entry.line,
                "there",
                f"{name}-differs",
                Severity.WARNING,
                N_("“%(code)s” is there already with “%(ours)s”; the file says “%(theirs)s”. Nothing was changed."),
                code=row.code,
                ours=ours,
                theirs=theirs,
            )
