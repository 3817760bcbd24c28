"""Putting a new document into the register: its type, a code nobody else has, and whose it is."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.documents import add_document
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
    Incomplete, Duplicate.
    """
    act = Act(connection, organisation(connection), actor, now)
    values = resolve(act.organisation, connection, OPENS, parse_given(OPENS, given))
    owners = _owners(connection, values["process"])
    if not act.organisation.plays(actor, Role.QUALITY_SPECIALIST) and actor.all_posts.isdisjoint(owners):
        raise NotYours(move=WHAT, who=(Role.QUALITY_SPECIALIST.label, _PROCESS_OWNER))
    kinds = connection.execute(sa.select(t.document_type.c.code).where(t.document_type.c.code == values["type"]))
    if kinds.scalar() is None:
        raise Incomplete({"type": N_("Nothing here has this code. Choose one from the list.")})
    if any(_same(code, values["code"]) for code in connection.execute(sa.select(t.document.c.code)).scalars()):
        raise Duplicate(what=values["code"])
    document = {
        "code": values["code"],
        "title": values["title"],
        "type_code": values["type"],
        "process_group": values["process_group"] or _group(values["code"]),
        "is_series": ":" in values["code"],
        "process_id": values["process"],
        "unit_id": values["unit"],
        "owner_post_id": values["owner_post"] or (owners[0] if owners else None),
        "given": {},
    }
    try:
        with connection.begin_nested():
            row = add_document(act, document)
    except sa.exc.IntegrityError as error:  # somebody else was faster by a moment
        raise Duplicate(what=values["code"]) from error
    return row["id"], row["code"]


def _owners(connection: sa.Connection, process_id: UUID | None) -> list[UUID]:
    if process_id is None:
        return []
    owner = t.process_owner
    posts = sa.select(owner.c.post_id).where(owner.c.process_id == process_id).order_by(owner.c.position)
    return list(connection.execute(posts).scalars())


def _same(one: str, other: str) -> bool:
    """Two codes are one where only spaces or capitals differ."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _group(code: str) -> str:
    found = re.search(r"([0-9]{1,3})\.", code)
    return found[1] if found else ""
