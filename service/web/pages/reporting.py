"""Reporting something about what one is looking at: a form that is filled in with what is known of that."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.language import say
from service.organisation import Organisation, organisation
from service.reading.documents import find_document
from service.reading.mentioned import Mentioned, kept
from service.reading.permitted import require_readable
from service.reading.present import Coder
from service.reading.records import RecordView
from service.subject import Subject, load
from service.web.pages.addresses import identifier, link
from service.web.pages.permits import is_offered
from service.web.site import Visitor
from states.lifecycle import Lifecycle
from states.refusals import NotFound
from states.registry import lifecycle, lifecycles
from states.text import N_

# What a new record has in common with another one that it is about: kinds of fields that are alike by their names.
_ALIKE: Final = frozenset({"choice", "entry", "document"})
_PLACED: Final = ("unit", "process")
# The field that says in words what something is about.
_OBJECT: Final = "object"


def reports_about(view: RecordView, who: Visitor, snapshot: Organisation) -> list[dict[str, str]]:
    """What can be reported about a record: links to forms that are filled in already."""
    shown = []
    for one in lifecycles().values():
        if takes_reports(one) and is_offered(one, who, snapshot):
            sentence = _SIMILAR if one is view.lifecycle else _ABOUT
            label = say(sentence, who.language, {"what": one.label})
            shown.append({"label": label, "href": f"/{one.collection}/new?about={view.subject.id}"})
    return shown


def report_href(who: Visitor, snapshot: Organisation, process: str = "") -> str:
    """The form for a new nonconformity, of a process by its code; empty for whoever may open none."""
    one = lifecycle("nonconformity")
    if not is_offered(one, who, snapshot):
        return ""
    return link(f"/{one.collection}/new", {"process": process})


def takes_reports(one: Lifecycle) -> bool:
    """Whether records of the lifecycle are about something else: a document says what should have been."""
    return any(field.kind == "document" for field in one.opens)


def filled_in(
    connection: sa.Connection, one: Lifecycle, asked: Mapping[str, Any], who: Visitor, parent: Subject | None
) -> dict[str, Any]:
    """What a new record's form is filled in with: what the address says, else what follows from what it names.

    That is the record it will hang on, the record `about` which it is, and the document whose requirement is meant.
    Raises NotFound, Malformed.
    """
    coder = Coder(connection, organisation(connection), Mentioned())
    found: dict[str, Any] = {}
    if parent:
        fields = [field for field in one.opens if field.name in (*_PLACED, "owner_post")]
        found |= coder.values(fields, parent.fields)
    if about := identifier(asked.get("about")):
        found |= _from_record(connection, one, about, who, coder)
    for field in one.opens:
        if field.kind == "document" and (code := asked.get(field.name)):
            found |= _from_document(connection, one, code, who, coder)
    return {**{name: value for name, value in found.items() if value not in (None, "", [])}, **asked}


def _from_record(
    connection: sa.Connection, one: Lifecycle, record_id: UUID, who: Visitor, coder: Coder
) -> dict[str, Any]:
    require_readable(connection, record_id, who.actor, who.now)
    record = load(connection, record_id)
    alike = [field for field in one.opens if field.kind in _ALIKE and kept(record.fields, field.name) is not None]
    alike = alike if record.lifecycle is one else [field for field in alike if field.kind != "choice"]
    found = coder.values([*alike, *(field for field in one.opens if field.name in _PLACED)], record.fields)
    if document_id := record.fields.get("document_id"):
        found |= {field.name: coder.code("document", document_id) for field in one.opens if field.kind == "document"}
    if record.lifecycle is not one and not document_id:
        words = f"{record.fields['code']} {record.fields['title']}"
        found |= {field.name: words for field in one.opens if field.name == _OBJECT}
    return found


def _from_document(connection: sa.Connection, one: Lifecycle, code: str, who: Visitor, coder: Coder) -> dict[str, Any]:
    """Where the document belongs; of one that is not there nothing follows."""
    try:
        document_id = find_document(connection, code, who.actor)
    except NotFound:
        return {}
    row = connection.execute(sa.select(t.document).where(t.document.c.id == document_id)).one()
    return coder.values([field for field in one.opens if field.name in _PLACED], dict(row._mapping))


_ABOUT, _SIMILAR = N_("New, about this: %(what)s"), N_("New, like this one: %(what)s")
