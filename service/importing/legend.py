"""Types of documents: the legend that comes with Sapat, and abbreviations that a register uses without explaining."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from models.database import insert_new
from service.importing.facts import facts
from states.routes import usual

# A type that nobody explains is reviewed as regulations are, until the quality specialist decides.
_UNKNOWN = {"route": ("ouk", "ok"), "review_months": 12, "in_legend": False}


def legend(connection: sa.Connection) -> frozenset[str]:
    """The abbreviations of the legend; the one that comes with Sapat is put in where there is none yet."""
    codes = sa.select(t.document_type.c.code).where(t.document_type.c.in_legend)
    found = frozenset(connection.execute(codes).scalars())
    if not found:
        _add(connection, [_known(row) for row in facts("document_types") if _in_legend(row)])
        found = frozenset(connection.execute(codes).scalars())
    return found


def ensure_types(connection: sa.Connection, codes: Iterable[str]) -> None:
    """See that there is a type for each abbreviation: under the name it is known by, else under its own.

    Whatever is added here is not in the university's legend, and is marked so.
    """
    known = {row["code"]: {**_known(row), "in_legend": False} for row in facts("document_types")}
    there = set(connection.execute(sa.select(t.document_type.c.code)).scalars())
    _add(connection, [known.get(code) or _unknown(code) for code in dict.fromkeys(codes) if code not in there])


def _add(connection: sa.Connection, types: Iterable[dict[str, Any]]) -> None:
    """Types with the route that each takes everywhere, until a campus has its own."""
    types = list(types)
    columns = t.document_type.c.keys()
    insert_new(connection, t.document_type, [{name: one[name] for name in columns} for one in types])
    routed = set(connection.execute(sa.select(t.route.c.type_code)).scalars())
    rows = [
        {"id": new_id(), "type_code": one["code"], "campus_id": None, "facts": usual(one["route"]).facts}
        for one in types
        if one["code"] not in routed
    ]
    insert_new(connection, t.route, rows)


def _in_legend(row: dict[str, str]) -> bool:
    return row["in_legend"] == "yes"


def _known(row: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("code", "name_ky", "name_ru", "name_en")},
        "route": tuple(row["route"].split()),
        "review_months": int(row["review_months"]),
        "in_legend": _in_legend(row),
    }


def _unknown(code: str) -> dict[str, Any]:
    return {"code": code, "name_ky": code, "name_ru": code, "name_en": code, **_UNKNOWN}
