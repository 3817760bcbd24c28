"""What the import doubted about a document: asked again of the source's words, so that nobody has to keep it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.importing.columns import REGISTER, Entry
from service.importing.inconsistencies import Line, inspect
from service.importing.legend import legend
from service.importing.report import Finding, Report
from states.kyrgyz import fold


def doubts_about(connection: sa.Connection, document_id: UUID) -> list[Finding]:
    """The findings about one document that came from a register, seen together with the others of its file."""
    rows = connection.execute(sa.select(t.document).order_by(t.document.c.id)).all()
    given: Mapping[str, Any] = next((row.given for row in rows if row.id == document_id), {})
    if "line" not in given:
        return []
    lines = {row.id: _line(row) for row in rows if row.given.get("file") == given.get("file")}
    report, mine = Report("register"), lines[document_id]
    inspect(list(lines.values()), legend(connection), report)
    shared = f"{mine.code} ({mine.line})"
    return [one for one in report.findings if one.line == mine.line or shared in str(one.facts.get("codes", ""))]


def _line(row: Any) -> Line:
    words: Mapping[str, str] = row.given.get("words", {})
    no = next((word for head, word in words.items() if fold(head) in REGISTER["no"]), "")
    values = {"code": row.code, "title": row.title, "type": row.type_code, "group": row.process_group, "no": no}
    return Line.of(Entry(int(row.given["line"]), values, words), row.process_group)
