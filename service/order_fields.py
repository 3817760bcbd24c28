"""What the approval of documents asks for: the number and the date of an order only where their routes take one.

The declaration asks the same of all, for a route is known of each document only: here its fields are told apart.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from states.lifecycle import Field, Move
from states.registry import lifecycle
from states.text import Text

KIND: Final = "document"
APPROVE: Final = "approve"
NUMBER: Final = "order_no"

_APPROVAL: Final[Move] = lifecycle(KIND).moves[APPROVE]
_IF_ORDERED = Text(
    "Багыт боюнча бекитүүгө номери бар буйрук керек болсо, милдеттүү; керек болбосо, жазылбайт.",
    "Обязателен, если по маршруту нужен приказ с номером; если не нужен, не записывается.",
    "Required where the route takes an order with a number; where it takes none, it is not recorded.",
)
_ON_THE_DAY = Text(
    "Бекитүүчү чечим кабыл алган күн.",
    "День, когда утверждающий принял решение.",
    "The day on which whoever approves decided.",
)
# Without an order: what a field is called then, and its help.
_WITHOUT: Final[Mapping[str, tuple[Text | None, Text]]] = {
    "decided_on": (Text("Бекитилген күнү", "Дата утверждения", "Date of the approval"), _ON_THE_DAY),
    "in_force_on": (
        None,
        Text(
            "Бекитилген күн же андан кийинки күн; ага чейин мурунку редакция колдонулат.",
            "День утверждения или позже; до этого действует прежняя редакция.",
            "The day of the approval or a later one; until then the revision before it holds.",
        ),
    ),
    "wording": (
        None,
        Text(
            "Мисалы: «Бекитилсин жана 1-сентябрдан тартып ишке киргизилсин».",
            "Например: «Утвердить и ввести в действие с 1 сентября».",
            "For example: “To approve and put into force from 1 September.”",
        ),
    ),
}
_SAME_DAY = Text(
    "Баарына бирдей. Бош калса, буйруктун күнү.",
    "Одна для всех. Если оставить пустой, день приказа.",
    "The same for all. Left empty, it is the day of the order.",
)
_SAME_DAY_WITHOUT = Text(
    "Баарына бирдей. Бош калса, бекитилген күн.",
    "Одна для всех. Если оставить пустой, день утверждения.",
    "The same for all. Left empty, it is the day of the approval.",
)


def asked_by(move: Move, fields: Mapping[str, Any]) -> tuple[Field, ...]:
    """What a move on a record with these fields asks for: the approval of a document, what its route needs."""
    return move.records if move is not _APPROVAL else _asked({fields.get("by_order") is not False})


def asked_together(by_order: Collection[bool]) -> tuple[Field, ...]:
    """What is said once for several, each of which is approved by an order or without; the day may be left to it."""
    same_day = _SAME_DAY if True in by_order else _SAME_DAY_WITHOUT
    return tuple(
        replace(one, required=False, help=same_day) if one.name == "in_force_on" else one for one in _asked(by_order)
    )


def described(move: Move) -> tuple[Field, ...]:
    """What a move asks for, where nothing is known of the record: when the number of an order is needed."""
    return move.records if move is not _APPROVAL else tuple(map(_with_condition, move.records))


def _asked(by_order: Collection[bool]) -> tuple[Field, ...]:
    if True not in by_order:
        return tuple(_without(one) for one in _APPROVAL.records if one.name != NUMBER)
    if False in by_order:  # those that need the number may be left out yet
        return described(_APPROVAL)
    return tuple(replace(one, required=True) if one.name == NUMBER else one for one in _APPROVAL.records)


def _with_condition(one: Field) -> Field:
    if one.name != NUMBER or one.help is None:
        return one
    both = (f"{first} {second}" for first, second in zip(one.help, _IF_ORDERED, strict=True))
    return replace(one, help=Text(*both))


def _without(one: Field) -> Field:
    label, told = _WITHOUT.get(one.name, (None, one.help))
    return replace(one, label=label or one.label, help=told)
