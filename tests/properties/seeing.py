"""What people have before their eyes who are about to do something."""

from datetime import date
from random import Random
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.asking import OPEN_SITTINGS
from service.organisation import Organisation
from service.protocol_numbers import next_protocol_no
from states.lifecycle import Lifecycle
from tests.properties.chance import Sight
from tests.properties.known import Known
from tests.properties.stage import CAMPUSES, DOCUMENTS
from tests.properties.watch import Watch
from tests.support.university import University

_SOME: Final = 3  # nonconformities that somebody may have in mind
_FILES: Final = sa.select(t.attachment.c.name).where(
    t.attachment.c.record_id == sa.bindparam("of"), t.attachment.c.removed_by_id.is_(None)
)


def sight(university: University, watch: Watch, day: date, random: Random, **more: Any) -> Sight:
    """What everybody sees."""
    codes = [known.row["code"] for known in watch.records.values() if known.row["kind"] == "nonconformity"]
    return Sight(
        day,
        random,
        sorted(university.people),
        sorted(university.posts),
        sorted(university.units),
        _to_revise(watch),
        codes=codes[-_SOME:],
        in_force=sorted(_code(row) for row in _revisions(watch) if row["in_force"]),
        **more,
    )


def sight_of(known: Known, files: list[str], university: University, watch: Watch, day: date, random: Random) -> Sight:
    """What somebody sees who looks at a record that has these files."""
    above = watch.records.get(known.row["parent_id"])
    causes = [row["no"] for row in above.present.get("cause", ())] if above else []
    below = [one.row for one in watch.records.values() if one.row["parent_id"] == known.row["id"]]
    about = {"fields": known.row, "parts": known.present, "below": below, "above": causes, "files": files}
    return sight(university, watch, day, random, **about)


def files_of(connection: sa.Connection, known: Known) -> list[str]:
    """The names of the files that the record has now."""
    return sorted(connection.execute(_FILES, {"of": known.row["id"]}).scalars())


def protocol_nos(connection: sa.Connection, known: Known) -> list[str]:
    """The number that the protocol of a sitting should have, then some that may be taken."""
    row = known.row
    return [next_protocol_no(connection, row["body_id"], row["held_on"]), "1", "2"]


def on_agendas(watch: Watch) -> set[UUID]:
    """The records that stand on the agenda of a sitting to come."""
    sittings = [one for one in watch.records.values() if one.row["kind"] == "sitting"]
    to_come = [one for one in sittings if one.row["state"] in OPEN_SITTINGS]
    return {row["about_id"] for one in to_come for row in one.present["agenda_item"]} - {None}


def under_way(watch: Watch) -> set[UUID]:
    """The documents of which a revision is under way."""
    return {row["document_id"] for row in _revisions(watch) if not row["closed_at"] and not row["in_force"]}


def fields_of(one: Lifecycle, given: dict[str, Any], university: University, snapshot: Organisation) -> dict[str, Any]:
    """Those fields of what would be opened that say who may open it."""
    owner, unit = university.posts.get(given.get("owner_post", "")), university.units.get(given.get("unit", ""))
    if one.name == "document" and given.get("document") in DOCUMENTS:
        owner = university.posts[DOCUMENTS[given["document"]]]
    place = unit or (snapshot.posts[owner].unit_id if owner else None)
    named: dict[str, Any] = {
        "kind": one.name,
        "author_id": None,
        "process_id": None,
        "campus_id": snapshot.campus_of(place),
    }
    if one.name == "printed_copy" and given.get("document") in CAMPUSES:
        named["campus_id"] = university.units[CAMPUSES[given["document"]]]
    if given.get("body") in snapshot.bodies:
        named["body_id"] = snapshot.bodies[given["body"]].id
    return {**named, "owner_post_id": owner, "unit_id": unit}


def reviewed(watch: Watch) -> list[str]:
    """Documents that are being reviewed and not being revised."""
    busy = under_way(watch)
    review = [row for row in _revisions(watch) if row["in_force"] and row["state"] != "effective"]
    return [_code(row) for row in review if row["document_id"] not in busy]


def _to_revise(watch: Watch) -> list[str]:
    """Documents that can be revised now; if there are any, those that are being reviewed."""
    busy = under_way(watch)
    revised = {_code(row) for row in _revisions(watch) if row["document_id"] in busy}
    return reviewed(watch) or [code for code in DOCUMENTS if code not in revised] or list(DOCUMENTS)


def _code(row: dict[str, Any]) -> str:
    code: str = row["code"]
    return code.rpartition("/")[0]


def _revisions(watch: Watch) -> list[dict[str, Any]]:
    return [known.row for known in watch.records.values() if known.row["kind"] == "document"]
