"""What is typed about units, posts and people: the fields of their forms, read and checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.act import Act
from service.organisation import PostFacts, UnitFacts
from service.resolve import resolve
from states.given import parse_given
from states.kyrgyz import fold
from states.lifecycle import Field
from states.refusals import Duplicate, Incomplete
from states.text import N_, Text

Fields = tuple[Field, ...]

CODE: Final = Field(
    "code",
    Text("Коду", "Код", "Code"),
    "line",
    help=Text(
        "Латын тамгалары, сандар, чекит, сызык; кийин өзгөрбөйт",
        "Латинские буквы, цифры, точка, дефис; потом не меняется",
        "Latin letters, digits, dots, dashes; it stays as it is",
    ),
)
NAMES: Final = (
    Field("name_ky", Text("Аталышы кыргызча", "Название по-кыргызски", "Name in Kyrgyz"), "line"),
    Field("name_ru", Text("Аталышы орусча", "Название по-русски", "Name in Russian"), "line", required=False),
    Field("name_en", Text("Аталышы англисче", "Название по-английски", "Name in English"), "line", required=False),
)
SINCE: Final = Field("since", Text("Качантан", "С какого дня", "From"), "date")
UNTIL: Final = Field("until", Text("Качанга чейин (кошо)", "По какой день (включительно)", "Until (included)"), "date")
OPEN_END: Final = replace(
    UNTIL, required=False, help=Text("Бош: мөөнөтсүз", "Пусто: бессрочно", "Empty: without an end")
)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read_given(act: Act, fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `fields`: codes of posts, units and people as identifiers, flags as True or False.

    Raises Incomplete.
    """
    fields = tuple(fields)
    values = resolve(act.organisation, act.connection, fields, parse_given(fields, given))
    return {**values, **{field.name: bool(values[field.name]) for field in fields if field.kind == "flag"}}


def named(values: Mapping[str, Any]) -> dict[str, str]:
    """The three names; the Kyrgyz one stands for those that were left empty."""
    return {name: values[name] or values["name_ky"] for name in ("name_ky", "name_ru", "name_en")}


def new_code(act: Act, table: sa.Table, code: str) -> str:
    """The code, if it is written as codes are and nothing has it, in capitals or not. Raises Incomplete, Duplicate."""
    if not _CODE.fullmatch(code):
        raise Incomplete({"code": N_("Write a code of Latin letters, digits, dots and dashes, without spaces.")})
    if any(fold(there) == fold(code) for there in act.connection.execute(sa.select(table.c.code)).scalars()):
        raise Duplicate(what=code)
    return code


def in_order(since: date, until: date | None) -> None:
    """Raise Incomplete where the end lies before the beginning."""
    if until is not None and until < since:
        raise Incomplete({"until": N_("The last day is before the first one.")})


def overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two times share a day; both ends are included, None has no end."""
    return (until is None or other_since <= until) and (other_until is None or since <= other_until)


def works(rows: Mapping[UUID, UnitFacts] | Mapping[UUID, PostFacts], row_id: UUID | None, field: str) -> None:
    """Raise Incomplete for the field where the unit or post that it names is closed."""
    if row_id is not None and rows[row_id].closed_on is not None:
        raise Incomplete({field: N_("This is closed. Choose one that works.")})


def not_ahead(act: Act, day: date) -> None:
    """Raise Incomplete for a day of closing that lies ahead."""
    if day > act.day:
        raise Incomplete({"day": N_("This day lies ahead: close it on its day.")})
