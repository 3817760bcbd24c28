"""Types of documents: the legend as the quality specialist keeps it, before the first document can be registered."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.importing.legend import legend
from service.keeping.change import QUALITY, begin, tell
from service.keeping.given import NAMES, Fields, named, read_given
from service.organisation import Actor
from states.kyrgyz import fold
from states.lifecycle import Field
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound
from states.text import N_, Text

WHAT: Final = Text("документтердин типтерин жүргүзүү", "ведение типов документов", "keeping the types of documents")
CODE: Final = Field(
    "code",
    Text("Кыскартма", "Сокращение", "Abbreviation"),
    "line",
    help=Text(
        "Документтин шифринин башында турат, мисалы УСТ; кийин өзгөрбөйт",
        "Стоит в начале шифра документа, например УСТ; потом не меняется",
        "It begins the code of a document, for example УСТ; it stays as it is",
    ),
)
CHANGES: Final[Fields] = (
    *NAMES,
    Field(
        "review_months",
        Text("Канча айда бир каралып чыгат", "Раз в сколько месяцев пересматривается", "Reviewed every … months"),
        "number",
        help=Text(
            "Ушундан кийин башталган редакцияларга колдонулат",
            "Действует для редакций, начатых после этого",
            "It holds for revisions that are begun from now on",
        ),
    ),
    Field(
        "in_legend",
        Text("Университеттин тизмесинде турат", "Стоит в перечне университета", "It stands in the university's list"),
        "flag",
        required=False,
    ),
)
ADDS: Final[Fields] = (CODE, *CHANGES[:-1])
MOST_MONTHS: Final = 120
# What a code begins with: digits would be read as its number.
_ABBREVIATION: Final = re.compile(r"[^\W\d_]{1,12}(?:[.-][^\W\d_]{1,12}){0,2}")
_TYPE: Final = t.document_type.c


def add_type(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> str:
    """A new type of the university's list, without a route yet; its code. Raises NotYours, Incomplete, Duplicate."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    values = _read(act, ADDS, given)
    code = values["code"]
    if not _ABBREVIATION.fullmatch(code):
        raise Incomplete({"code": N_("Write an abbreviation of letters, without spaces and digits.")})
    if any(fold(there) == fold(code) for there in connection.execute(sa.select(_TYPE.code)).scalars()):
        raise Duplicate(what=code)
    row = {"code": code, **named(values), "review_months": values["review_months"], "in_legend": True}
    connection.execute(sa.insert(t.document_type), row)
    tell(act, "document_type.added", None, {}, row, QUALITY, type=code)
    return str(code)


def take_legend(connection: sa.Connection, actor: Actor, now: datetime) -> int:
    """The types that come with Sapat, where the university has none; how many. Raises NotYours, GuardUnmet."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    if connection.execute(sa.select(_TYPE.code).limit(1)).first():
        raise GuardUnmet(N_("There are types already."), N_("Enter those that are missing one by one."))
    codes = sorted(legend(connection))
    tell(act, "document_type.legend", None, {}, {"codes": codes}, QUALITY)
    return len(codes)


def change_type(connection: sa.Connection, code: str, given: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """Other names, another time between reviews; False where nothing differs. Raises NotYours, NotFound, Incomplete."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    row = _row(act, code)
    values = _read(act, CHANGES, given)
    values = {**named(values), "review_months": values["review_months"], "in_legend": values["in_legend"]}
    after = {name: value for name, value in values.items() if row[name] != value}
    if after:
        connection.execute(sa.update(t.document_type).where(_TYPE.code == code).values(after))
        before = {name: row[name] for name in after}
        tell(act, "document_type.changed", None, before, after, QUALITY, type=code)
    return bool(after)


def remove_type(connection: sa.Connection, code: str, actor: Actor, now: datetime) -> None:
    """Take a type away that no document ever had, with its routes. Raises NotYours, NotFound, GuardUnmet."""
    act = begin(connection, actor, now, WHAT, QUALITY)
    row = _row(act, code)
    if is_used(connection, code):
        raise GuardUnmet(
            N_("Documents have this type, or are given to people by it."),
            N_("Take it out of the university's list: then it is offered last."),
        )
    connection.execute(sa.delete(t.route).where(t.route.c.type_code == code))
    connection.execute(sa.delete(t.document_type).where(_TYPE.code == code))
    tell(act, "document_type.removed", None, row, {}, QUALITY, type=code)


def is_used(connection: sa.Connection, code: str) -> bool:
    """Whether anything names the type, routes aside."""
    named_by = (t.document.c.type_code, t.distribution.c.type_code)
    return any(connection.execute(sa.select(one).where(one == code).limit(1)).first() for one in named_by)


def _read(act: Act, fields: Fields, given: Mapping[str, Any]) -> dict[str, Any]:
    values = read_given(act, fields, given)
    if not 1 <= values["review_months"] <= MOST_MONTHS:
        raise Incomplete({"review_months": N_("Give between 1 and 120 months.")})
    return values


def _row(act: Act, code: str) -> dict[str, Any]:
    found = act.connection.execute(sa.select(t.document_type).where(_TYPE.code == code)).mappings().first()
    if found is None:
        raise NotFound
    return dict(found)
