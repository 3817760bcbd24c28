"""Catalogues are kept by the quality specialist: entries are added, renamed, put in order and closed.

What was used stays, so that whatever names it can still be read.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.keeping.catalogue_change import ENTRY, Key, begin, below, close, is_it, row_of, rows_of, tell, update
from service.keeping.catalogue_codes import new_code
from service.keeping.given import NAMES, Fields, named
from service.organisation import Actor
from service.reading.catalogues import was_ever_used
from states.given import parse_given
from states.kyrgyz import sort_key
from states.lifecycle import Field
from states.refusals import GuardUnmet, Incomplete, NotFound
from states.text import N_, Text

CODE: Final = Field(
    "code",
    Text("Коду", "Код", "Code"),
    "line",
    help=Text(
        "Тамгалар, сандар, чекит, сызык; кийин өзгөрбөйт. Латын тамгасына окшогон кирилл тамгасы ошол тамга болот.",
        "Буквы, цифры, точка, дефис; потом не меняется. Кириллическая буква, похожая на латинскую, станет ею.",
        "Letters, digits, dots, dashes; it stays as it is. A Cyrillic letter that looks like a Latin one becomes it.",
    ),
)
PARENT: Final = Field(
    "parent", Text("Эмненин астында", "Под чем", "Below which one"), "line", required=False
)  # a code of the same edition
ADDS: Final[Fields] = (CODE, PARENT, *NAMES)
KEPT_NAMES: Final = tuple(name.name for name in NAMES)


def add_entry(
    connection: sa.Connection, catalogue: str, edition: str, given: Mapping[str, Any], actor: Actor, now: datetime
) -> str:
    """A new entry, the last below its parent; its code. Raises NotYours, NotFound, Incomplete, Duplicate."""
    act = begin(connection, catalogue, actor, now)
    rows = rows_of(act, catalogue, edition)
    if not rows:
        raise NotFound
    values = parse_given(ADDS, given)
    parent = values["parent"]
    if parent is not None and parent not in rows:
        raise Incomplete({"parent": N_("Nothing here has this code. Choose one from the list.")})
    if parent is not None and rows[parent]["closed_on"]:
        raise Incomplete({"parent": N_("This is closed. Choose one that is in use.")})
    code = new_code(values["code"], rows)
    position = max((row["position"] for row in rows.values() if row["parent"] == parent), default=-1) + 1
    row = {"code": code, "parent": parent, "position": position, **named(values)}
    connection.execute(sa.insert(t.entry).values(catalogue=catalogue, edition=edition, closed_on=None, **row))
    tell(act, "entry_added", Key(catalogue, edition, code), {}, row)
    return code


def rename_entry(connection: sa.Connection, one: Key, given: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """Other words for the same; False where nothing differs. Raises NotYours, NotFound, Incomplete."""
    act = begin(connection, one.catalogue, actor, now)
    row = row_of(act, one)
    names = named(parse_given(NAMES, given))
    after = {name: words for name, words in names.items() if row[name] != words}
    if after:
        update(act, one, after)
        tell(act, "entry_renamed", one, {name: row[name] for name in after}, after)
    return bool(after)


def place_entry(connection: sa.Connection, one: Key, actor: Actor, now: datetime, *, up: bool) -> bool:
    """One place up or down among those below the same; False where it is at the end. Raises NotYours, NotFound."""
    act = begin(connection, one.catalogue, actor, now)
    rows = rows_of(act, one.catalogue, one.edition)
    if one.code not in rows:
        raise NotFound
    beside = [row for row in rows.values() if row["parent"] == rows[one.code]["parent"]]
    beside.sort(key=lambda row: (row["position"], sort_key(row["code"])))
    order = [row["code"] for row in beside]
    place = order.index(one.code)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return False
    before = list(order)
    order[place], order[other] = order[other], order[place]
    for position, code in enumerate(order):
        if rows[code]["position"] != position:
            update(act, one._replace(code=code), {"position": position})
    tell(act, "entry_placed", one, {"order": before}, {"order": order})
    return True


def close_entry(connection: sa.Connection, one: Key, actor: Actor, now: datetime) -> list[str]:
    """Chosen no more from today on, with all below it; the codes that were closed. Raises NotYours, NotFound,
    GuardUnmet.
    """
    act = begin(connection, one.catalogue, actor, now)
    rows = rows_of(act, one.catalogue, one.edition)
    if one.code not in rows:
        raise NotFound
    if rows[one.code]["closed_on"]:
        raise GuardUnmet(N_("This is closed already."))
    codes = [code for code in [one.code, *below(rows, one.code)] if rows[code]["closed_on"] is None]
    close(act, one, codes)
    tell(act, "entry_closed", one, {}, {"closed_on": act.day.isoformat(), "codes": codes})
    return codes


def close_edition(connection: sa.Connection, catalogue: str, edition: str, actor: Actor, now: datetime) -> int:
    """Nothing of the edition is chosen any more from today on; how many entries that closed.

    Raises NotYours, NotFound, and GuardUnmet where it is the newest one: then there would be nothing to choose.
    """
    act = begin(connection, catalogue, actor, now)
    rows = rows_of(act, catalogue, edition)
    if not rows:
        raise NotFound
    newer = sa.select(ENTRY.code).where(
        ENTRY.catalogue == catalogue, ENTRY.edition > edition, ENTRY.closed_on.is_(None)
    )
    if connection.execute(newer.limit(1)).first() is None:
        raise GuardUnmet(N_("There is no newer edition in use."), N_("Enter the next edition first."))
    codes = [code for code, row in rows.items() if row["closed_on"] is None]
    if codes:
        close(act, Key(catalogue, edition), codes)
        tell(act, "edition_closed", Key(catalogue, edition), {}, {"closed_on": act.day.isoformat(), "codes": codes})
    return len(codes)


def reopen_entry(connection: sa.Connection, one: Key, actor: Actor, now: datetime) -> None:
    """An entry that was closed by mistake is chosen again; what was closed with it stays closed.

    Raises NotYours, NotFound, and GuardUnmet where what it is below is closed.
    """
    act = begin(connection, one.catalogue, actor, now)
    rows = rows_of(act, one.catalogue, one.edition)
    if one.code not in rows:
        raise NotFound
    parent = rows[one.code]["parent"]
    if parent and rows[parent]["closed_on"]:
        raise GuardUnmet(N_("What it stands below is closed."), N_("Open that one first."))
    if rows[one.code]["closed_on"]:
        update(act, one, {"closed_on": None})
        tell(act, "entry_reopened", one, {"closed_on": rows[one.code]["closed_on"].isoformat()}, {})


def remove_entry(connection: sa.Connection, one: Key, actor: Actor, now: datetime) -> None:
    """Take an entry away that nobody ever used. Raises NotYours, NotFound, GuardUnmet."""
    act = begin(connection, one.catalogue, actor, now)
    rows = rows_of(act, one.catalogue, one.edition)
    if one.code not in rows:
        raise NotFound
    if below(rows, one.code):
        raise GuardUnmet(N_("Others stand below it."), N_("Remove those first, or close it."))
    if was_ever_used(connection, *one):
        raise GuardUnmet(
            N_("It has been used: what names it must still be read."), N_("Close it, so that it is not chosen again.")
        )
    connection.execute(sa.delete(t.entry).where(*is_it(one)))
    tell(act, "entry_removed", one, {name: rows[one.code][name] for name in ("parent", "position", *KEPT_NAMES)}, {})
