"""Copies on paper: those of a document that somebody has in hand, as its page shows them; a filter of their list."""

from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from models import tables as t
from service.keeping.distribution import Of
from service.keeping.distribution import keeps as keeps_distribution
from service.organisation import organisation
from service.reading.documents import DocumentRow
from service.reading.records import list_records
from service.web.pages import wording
from service.web.pages.distribution import href as distribution_href
from service.web.pages.forms import Options
from service.web.pages.permits import is_offered
from service.web.site import Visitor
from states.kyrgyz import day_short
from states.lifecycle import Lifecycle
from states.registry import lifecycle

KIND: Final = "printed_copy"
MOST: Final = 100


def copies_in_hand(connection: sa.Connection, who: Visitor, document: DocumentRow) -> dict[str, Any] | None:
    """What `printed_copies.html` shows; None where there is nothing to show to whoever asks."""
    one, snapshot, language = lifecycle(KIND), organisation(connection), who.language
    asked: dict[str, Any] = {"document_id": document.id, "is_open": True, "limit": MOST}
    found = list_records(connection, who.actor, who.now, KIND, **asked)
    new = is_offered(one, who, snapshot) and document.in_force_id is not None
    if not found.rows and not new:
        return None
    copy = t.printed_copy.c
    ids = [row.id for row in found.rows]
    typed = {row.record_id: row for row in connection.execute(sa.select(t.printed_copy).where(copy.record_id.in_(ids)))}
    rows = [
        {
            "number": {"text": str(typed[row.id].number), "href": f"/{one.collection}/{row.id}"},
            "revision": row.title.rpartition("(")[2].rstrip(")"),
            "state": wording.badge(one, row.state, language),
            "owner": wording.heading(row.owner, language) if row.owner else None,
            "kept_at": typed[row.id].kept_at,
            "issued": day_short(typed[row.id].issued_on, language),
            "due": wording.due(row.due_at, row.days, language) if row.due_at and row.days is not None else None,
        }
        for row in sorted(found.rows, key=lambda row: int(typed[row.id].number))
    ]
    may = keeps_distribution(snapshot, who.actor)
    return {
        "rows": rows,
        "href": f"/{one.collection}?document={document.id}",
        "new": f"/{one.collection}/new?document={quote(document.code)}" if new else "",
        "distribution": distribution_href(Of(document_id=document.id)) if may else "",
    }


def of_documents(connection: sa.Connection, one: Lifecycle) -> Options:
    """The documents that have copies on paper, to narrow their list by; of other lists none."""
    if one.name != KIND:
        return []
    document = t.document.c
    there = sa.exists().where(t.printed_copy.c.document_id == document.id)
    rows = sa.select(document.id, document.code, document.title).where(there).order_by(document.sort_key, document.id)
    return [{"value": str(row.id), "label": f"{row.code} {row.title}"} for row in connection.execute(rows)]
