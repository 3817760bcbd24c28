"""Putting a new document into the register: its type, a code nobody else has, and whose it is."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.codes import NotACode, is_series, lock, propose, propose_member, require_free
from service.documents import add_document, campus_for
from service.organisation import Actor, organisation
from service.resolve import resolve
from states.given import parse_given
from states.lifecycle import Field
from states.refusals import Duplicate, Incomplete, NotYours
from states.roles import Role
from states.text import N_, Text

WHAT: Final = Text(
    "документти реестрге киргизүү", "внесение документа в реестр", "putting a document into the register"
)
_PROCESS_OWNER = Text("процесстин жетекчиси", "руководитель процесса", "owner of the process")

OPENS: Final = (
    Field("type", Text("Тиби", "Тип", "Type"), "line"),
    Field("code", Text("Шифри", "Шифр", "Code"), "line"),
    Field("title", Text("Аталышы", "Название", "Title"), "line"),
    Field("process_group", Text("Процесстер тобу", "Группа процессов", "Process group"), "line", required=False),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    Field("owner_post", Text("Жооптуу кызмат", "Ответственная должность", "Responsible post"), "post", required=False),
)


def register_document(
    connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime
) -> tuple[UUID, str]:
    """A new document without any revision yet; its identifier and code.

    The quality specialist may do so, and who answers for a process for documents of that process. Raises NotYours,
    Incomplete, CodeTaken.
    """
    act = Act(connection, organisation(connection), actor, now)
    values = resolve(act.organisation, connection, OPENS, parse_given(OPENS, given))
    owners = _owners(connection, values["process"])
    if not act.organisation.plays(actor, Role.QUALITY_SPECIALIST) and actor.all_posts.isdisjoint(owners):
        raise _not_yours()
    kinds = connection.execute(sa.select(t.document_type.c.code).where(t.document_type.c.code == values["type"]))
    if kinds.scalar() is None:
        raise Incomplete({"type": N_("Nothing here has this code. Choose one from the list.")})
    code = " ".join(values["code"].split())
    document = {
        "code": code,
        "title": values["title"],
        "type_code": values["type"],
        "process_group": values["process_group"] or _group(code),
        "is_series": is_series(code),
        "process_id": values["process"],
        "unit_id": values["unit"],
        "owner_post_id": values["owner_post"] or (owners[0] if owners else None),
        "given": {},
    }
    campus_id = campus_for(act, document)
    lock(connection, campus_id)
    require_free(connection, campus_id, code)
    try:
        with connection.begin_nested():
            row = add_document(act, {**document, "campus_id": campus_id})
    except sa.exc.IntegrityError as error:  # an import was faster by a moment
        raise Duplicate(what=code) from error
    return row["id"], row["code"]


def may_register(connection: sa.Connection, actor: Actor) -> bool:
    """Whether the actor puts documents into the register: of any process, or of one that they answer for."""
    if organisation(connection).plays(actor, Role.QUALITY_SPECIALIST):
        return True
    posts = sa.select(t.process_owner.c.post_id).where(t.process_owner.c.post_id.in_(actor.all_posts))
    return connection.execute(posts.limit(1)).first() is not None


def must_register(connection: sa.Connection, actor: Actor) -> None:
    """Raise NotYours unless they do."""
    if not may_register(connection, actor):
        raise _not_yours()


def propose_code(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> str:
    """The next free code for what has been typed; after `series`, of its next member; empty while too little is known.

    It is nobody's until the document is registered: of two who are given one, the second is told.
    """
    act = Act(connection, organisation(connection), actor, now)
    asked = {**dict.fromkeys(field.name for field in OPENS), **_codes(given)}
    try:
        values = resolve(act.organisation, connection, OPENS, asked)
    except Incomplete:
        return ""
    owners = _owners(connection, values["process"])
    post = values["owner_post"] or (owners[0] if owners else None)
    campus_id = campus_for(act, {"unit_id": values["unit"], "owner_post_id": post})
    try:
        if given.get("series"):
            return propose_member(connection, campus_id, given["series"])
        group = given.get("process_group") or _section(given.get("process") or "")
        known = sa.select(t.document_type.c.code).where(t.document_type.c.code == (given.get("type") or ""))
        return propose(connection, campus_id, given["type"], group) if connection.execute(known).first() else ""
    except NotACode:
        return ""


def _codes(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("process", "unit", "owner_post") if given.get(name)}


def _section(process: str) -> str:
    """The group that a process stands in: `3` of `3.2`."""
    return process.partition(".")[0]


def _not_yours() -> NotYours:
    return NotYours(move=WHAT, who=(Role.QUALITY_SPECIALIST.label, _PROCESS_OWNER))


def _owners(connection: sa.Connection, process_id: UUID | None) -> list[UUID]:
    if process_id is None:
        return []
    owner = t.process_owner
    posts = sa.select(owner.c.post_id).where(owner.c.process_id == process_id).order_by(owner.c.position)
    return list(connection.execute(posts).scalars())


def _group(code: str) -> str:
    found = re.search(r"([0-9]{1,3})\.", code)
    return found[1] if found else ""
