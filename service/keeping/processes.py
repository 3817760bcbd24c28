"""The register of processes as the quality specialist keeps it: what a process is called, and where it stands."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.keeping.change import QUALITY, begin, row_of, tell
from service.keeping.given import Fields, read_given, works
from service.organisation import Actor
from states.kyrgyz import fold
from states.lifecycle import Field
from states.refusals import Duplicate, GuardUnmet, Incomplete
from states.text import N_, Text

WHAT: Final = Text("процесстердин реестрин жүргүзүү", "ведение реестра процессов", "keeping the register of processes")
CHANGES: Final[Fields] = (
    Field(
        "code",
        Text("Коду", "Код", "Code"),
        "line",
        help=Text(
            "Тобунун номери, чекит, өзүнүн номери, мисалы 3.2",
            "Номер группы, точка, свой номер, например 3.2",
            "The number of its group, a point, its own number, for example 3.2",
        ),
    ),
    Field("name", Text("Аталышы", "Название", "Name"), "line"),
    Field(
        "section",
        Text("Бөлүгү", "Раздел", "Section"),
        "line",
        required=False,
        help=Text(
            "Тизмеде кайсы баш сөздүн алдында турат",
            "Под каким заголовком стоит в списке",
            "Under which heading of the list it stands",
        ),
    ),
)
ADDS: Final[Fields] = (
    *CHANGES,
    Field("owner", Text("Жетекчиси", "Владелец", "Owner"), "post", required=False),
)
_CODE: Final = re.compile(r"[^\W_](?:[\w.-]{0,30}[^\W_])?")


def add_process(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new process, with the post that answers for it. Raises NotYours, Incomplete, Duplicate."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    values = _read(act, ADDS, given)
    works(act.organisation.posts, values["owner"], "owner")
    row = {"id": new_id(), **_kept(values), "owner_as_given": "", "source_line": None}
    connection.execute(sa.insert(t.process), row)
    owners = []
    if post_id := values["owner"]:
        owner = {"id": new_id(), "process_id": row["id"], "post_id": post_id, "position": 0}
        connection.execute(sa.insert(t.process_owner), owner)
        owners = [act.organisation.posts[post_id].code]
    tell(act, "process.added", row["id"], {}, {**row, "owners": owners}, QUALITY)
    return UUID(str(row["id"]))


def change_process(
    connection: sa.Connection, process_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Another code, name or section; False where nothing differs. Raises NotYours, NotFound, Incomplete, Duplicate."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    row = row_of(act, t.process, process_id)
    values = _kept(_read(act, CHANGES, given, but=process_id))
    after = {name: value for name, value in values.items() if row[name] != value}
    if after:
        connection.execute(sa.update(t.process).where(t.process.c.id == process_id).values(after))
        tell(act, "process.changed", process_id, {name: row[name] for name in after}, after, QUALITY)
    return bool(after)


def remove_process(connection: sa.Connection, process_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a process away that nothing names. Raises NotYours, NotFound, GuardUnmet."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    row = row_of(act, t.process, process_id)
    if is_used(connection, process_id):
        raise GuardUnmet(
            N_("Documents or records belong to this process."),
            N_("Correct its name and owners instead, so that they can still be read."),
        )
    connection.execute(sa.delete(t.process_owner).where(t.process_owner.c.process_id == process_id))
    connection.execute(sa.delete(t.process).where(t.process.c.id == process_id))
    tell(act, "process.removed", process_id, row, {}, QUALITY)


def is_used(connection: sa.Connection, process_id: UUID) -> bool:
    """Whether anything names the process, its owners aside."""
    named_by = (t.document.c.process_id, t.record.c.process_id, t.legal_act.c.process_id)
    return any(connection.execute(sa.select(one).where(one == process_id).limit(1)).first() for one in named_by)


def _read(act: Act, fields: Fields, given: Mapping[str, Any], but: UUID | None = None) -> dict[str, Any]:
    values = read_given(act, fields, given)
    code = values["code"] = values["code"].rstrip(".")
    if not _CODE.fullmatch(code):
        raise Incomplete({"code": N_("Write a code of letters, digits, dots and dashes, without spaces.")})
    process = t.process.c
    others = sa.select(process.code).where(process.id != but) if but else sa.select(process.code)
    if any(fold(there) == fold(code) for there in act.connection.execute(others).scalars()):
        raise Duplicate(what=code)
    return values


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns, with what a search looks at."""
    code, name, section = values["code"], values["name"], values["section"] or ""
    return {"code": code, "name": name, "section": section, "folded": fold(f"{code} {name}")}
