"""Councils: their secretary and chair, what they are the council of, and who sits in them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.keeping.change import begin, delete, held_anew, insert, row_of, update
from service.keeping.given import (
    CODE,
    NAMES,
    OPEN_END,
    SINCE,
    Fields,
    in_order,
    named,
    new_code,
    overlap,
    read_given,
    works,
)
from service.keeping.holdings import LEAVES, PERSON
from service.organisation import Actor
from service.uninviting import uninvite
from states.lifecycle import Choice, Field
from states.refusals import GuardUnmet, Incomplete
from states.text import N_, Text
from states.voting import Majority, Quorum

WHAT: Final = Text("кеңештерди жүргүзүү", "ведение советов", "keeping the councils")
CHANGES: Final[Fields] = (
    *NAMES,
    Field("secretary", Text("Катчысы", "Секретарь", "Secretary"), "post"),
    Field("chair", Text("Төрагасы", "Председатель", "Chair"), "post", required=False),
    Field("unit", Text("Эмненин кеңеши", "Чей это совет", "The council of"), "unit", required=False),
    Field(
        "quorum",
        Text("Кворум", "Кворум", "Quorum"),
        "choice",
        choices=tuple(Choice(rule.value, rule.label) for rule in Quorum),
        help=Text(
            "Отурум чечим кабыл алышы үчүн канча мүчөсү келиши керек",
            "Сколько членов должно прийти, чтобы совет мог решать",
            "How many members must be there for the council to decide",
        ),
    ),
    Field(
        "majority",
        Text("Чечим кабыл алынат", "Решение принимается", "Carried by"),
        "choice",
        choices=tuple(Choice(rule.value, rule.label) for rule in Majority),
        help=Text(
            "Жалпы эреже; айрым маселеде отурум башкасын тандай алат",
            "Общее правило; для отдельного вопроса можно выбрать другое",
            "The usual rule; a single item may have another one",
        ),
    ),
    Field(
        "proxies",
        Text(
            "Келбеген мүчө үчүн ишеним кат менен добуш берүүгө болот",
            "За отсутствующего члена можно голосовать по доверенности",
            "A member may vote for an absent one by proxy",
        ),
        "flag",
        required=False,
    ),
    Field(
        "language",
        Text("Протоколдун тили", "Язык протоколов", "Language of its minutes"),
        "choice",
        required=False,
        choices=(
            Choice("ky", Text("кыргызча", "кыргызский", "Kyrgyz")),
            Choice("ru", Text("орусча", "русский", "Russian")),
            Choice("en", Text("англисче", "английский", "English")),
        ),
        help=Text(
            "Отурумдун аталышы жана сунушталган чечимдер ушул тилде жазылат; тандалбаса, кыргызча",
            "На этом языке пишутся название заседания и предлагаемые решения; если не выбран, на кыргызском",
            "Titles of sittings and proposed decisions are worded in it; where none is chosen, in Kyrgyz",
        ),
    ),
)
ADDS: Final[Fields] = (CODE, *CHANGES)
SITS: Final[Fields] = (PERSON, SINCE, OPEN_END)


def add_body(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new council; its identifier. Raises NotYours, Incomplete, Duplicate."""
    act = begin(connection, actor, now, WHAT)
    values = read_given(act, ADDS, given)
    row = {"code": new_code(act, t.body, values["code"]), **_columns(act, values)}
    return insert(act, t.body, "body.added", row)


def change_body(
    connection: sa.Connection, body_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Another name, secretary, chair, unit or rule; False where nothing differs. A new secretary gets the open tasks.

    Raises NotYours, NotFound, Incomplete.
    """
    act = begin(connection, actor, now, WHAT)
    row, values = row_of(act, t.body, body_id), read_given(act, CHANGES, given)
    done = update(act, t.body, "body.changed", row, _columns(act, values))
    if row["secretary_post_id"] != values["secretary"]:
        held_anew(act, [row["secretary_post_id"]])
    return done


def seat_member(
    connection: sa.Connection, body_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> UUID:
    """A person sits in a council from a day, perhaps to a day. Raises NotYours, NotFound, Incomplete."""
    act = begin(connection, actor, now, WHAT)
    row_of(act, t.body, body_id)
    values = read_given(act, SITS, given)
    in_order(values["since"], values["until"])
    row = {"body_id": body_id, "person_id": values["person"], "since": values["since"], "until": values["until"]}
    _alone(act, row, None)
    return insert(act, t.membership, "body.seated", row, about_id=body_id)


def unseat_member(
    connection: sa.Connection, membership_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """The last day somebody sits in a council; sittings after it are taken out of their calendar.

    Raises NotYours, NotFound, Incomplete.
    """
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.membership, membership_id)
    until: date = read_given(act, LEAVES, given)["until"]
    in_order(row["since"], until)
    _alone(act, {**row, "until": until}, membership_id)
    done = update(act, t.membership, "body.left", row, {"until": until}, about_id=row["body_id"])
    uninvite(act, row["body_id"], row["person_id"])
    return done


def withdraw_membership(connection: sa.Connection, membership_id: UUID, actor: Actor, now: datetime) -> None:
    """A membership that has not begun is taken back. Raises GuardUnmet for one that has; NotYours, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row = row_of(act, t.membership, membership_id)
    if row["since"] <= act.day:
        raise GuardUnmet(N_("This has begun already."), N_("Give its last day instead: what was is not unmade."))
    delete(act, t.membership, "body.not_seated", row, about_id=row["body_id"])
    uninvite(act, row["body_id"], row["person_id"])


def _columns(act: Act, values: Mapping[str, Any]) -> dict[str, Any]:
    works(act.organisation.posts, values["secretary"], "secretary")
    works(act.organisation.posts, values["chair"], "chair")
    works(act.organisation.units, values["unit"], "unit")
    return {
        **named(values),
        "secretary_post_id": values["secretary"],
        "chair_post_id": values["chair"],
        "unit_id": values["unit"],
        **{name: values[name] for name in ("quorum", "majority", "proxies")},
        "language": values["language"] or "ky",
    }


def _alone(act: Act, row: Mapping[str, Any], membership_id: UUID | None) -> None:
    same = (t.membership.c.person_id == row["person_id"]) & (t.membership.c.body_id == row["body_id"])
    for other in act.connection.execute(sa.select(t.membership).where(same)):
        if other.id != membership_id and overlap(row["since"], row["until"], other.since, other.until):
            raise Incomplete(
                {"since" if membership_id is None else "until": N_("They sit in this council then already.")}
            )
