"""Causes: a tree of whys, each root coded; every root is removed by an action, or it is said why it is left.

ISO 9001:2015, 10.2.1 b) asks for the causes to be determined; the chain of whys is Ohno's, the kinds are Ishikawa's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from states.lifecycle import Case, Field, Guard, Move, Part
from states.parts import adding, amending, removing
from states.roles import Role
from states.text import N_, Text

CAUSE = Part(
    "cause",
    Text("себеп", "причина", "cause"),
    Text("себептер", "причины", "causes"),
    (
        Field(
            "text",
            Text("Эмне үчүн?", "Почему?", "Why?"),
            "line",
            help=Text(
                "Бир себеп, бир сүйлөм. Андан кийин анын да себебин сураңыз.",
                "Одна причина одним предложением. Затем спросите и о её причине.",
                "One cause in one sentence. Then ask why that was so.",
            ),
        ),
        Field(
            "because_of",
            Text("Кайсы себептин себеби", "Причина какой причины", "Why was which cause so"),
            "part",
            required=False,
            of="cause",
            help=Text(
                "Бош болсо, туура келбөөчүлүктүн өзүнүн себеби.",
                "Если пусто, причина самого несоответствия.",
                "If empty, it is a cause of the nonconformity itself.",
            ),
        ),
        Field(
            "code",
            Text("Себептин түрү", "Вид причины", "Kind of cause"),
            "entry",
            required=False,
            of="cause",
            help=Text(
                "Түпкү себепке милдеттүү: Парето жана Исикава диаграммасы ушундан түзүлөт.",
                "Обязателен для коренной причины: по нему строятся Парето и диаграмма Исикавы.",
                "Needed for a root cause: Pareto and Ishikawa diagrams are drawn from it.",
            ),
        ),
        Field(
            "no_action",
            Text("Эмне үчүн иш аракет керек эмес", "Почему действие не нужно", "Why no action is needed"),
            required=False,
            help=Text(
                "Түпкү себепке иш аракет да, бул жерде негиздеме да болбосо, план кабыл алынбайт.",
                "Если у коренной причины нет ни действия, ни обоснования здесь, план не примут.",
                "A root cause with neither an action nor a reason here blocks the plan.",
            ),
        ),
    ),
)


def root_causes(causes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that are because of nothing deeper."""
    explained = {cause["because_of"] for cause in causes}
    return [cause for cause in causes if cause["no"] not in explained]


def unanswered(causes: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The root causes that no action removes and no stated reason leaves as they are.

    An action that was cancelled or found not effective removes nothing.
    """
    removed = {no for action in actions if action["state"] not in _REMOVES_NOTHING for no in action["causes"] or ()}
    return [cause for cause in root_causes(causes) if cause["no"] not in removed and not cause["no_action"]]


_REMOVES_NOTHING = ("cancelled", "ineffective")


def _is_deeper(case: Case) -> bool:
    """Whether the cause would end up below itself."""
    above = {cause["no"]: cause["because_of"] for cause in case.parts["cause"]}
    no, seen = case.given["because_of"], {case.given.get("cause")}
    while no is not None:
        if no in seen:
            return True
        seen.add(no)
        no = above.get(no)
    return False


EVERY_CAUSE_ANSWERED = Guard(
    lambda case: not unanswered(case.parts["cause"], case.below),
    N_("A root cause has neither an action nor a reason why it needs none."),
    N_("Plan an action that removes it, or say at the cause why no action is needed."),
)
HAS_CAUSE = Guard(
    lambda case: bool(case.parts["cause"]),
    N_("No cause has been recorded yet."),
    N_("Add at least one cause first."),
)
ROOTS_CODED = Guard(
    lambda case: all(cause["code"] for cause in root_causes(case.parts["cause"])),
    N_("The kind of a root cause is not said."),
    N_("Choose for each root cause its kind from the tree of causes."),
)
_NOT_ITS_OWN_CAUSE = Guard(
    lambda case: not _is_deeper(case),
    N_("A cause cannot be the cause of itself."),
    N_("Choose another cause, or none."),
)
_NOTHING_HANGS_ON_IT = Guard(
    lambda case: (
        all(cause["because_of"] != case.given["cause"] for cause in case.parts["cause"])
        and all(case.given["cause"] not in (action["causes"] or ()) for action in case.below if not action["closed_at"])
    ),
    N_("A deeper cause or an open action hangs on this cause."),
    N_("Remove or change those first."),
)


def moves_of_causes(states: tuple[str, ...], by: tuple[Role, ...]) -> tuple[Move, ...]:
    """The moves that add, change and remove causes while the record is in `states`; they leave it where it is."""
    return (
        adding(
            CAUSE,
            "add_cause",
            Text("Себеп кошуу", "Добавить причину", "Add a cause"),
            Text("Себеп кошулду", "Причина добавлена", "Cause added"),
            states,
            by,
        ),
        amending(
            CAUSE,
            "amend_cause",
            Text("Себепти өзгөртүү", "Изменить причину", "Change a cause"),
            Text("Себеп өзгөртүлдү", "Причина изменена", "Cause changed"),
            states,
            by,
            (_NOT_ITS_OWN_CAUSE,),
        ),
        removing(
            CAUSE,
            "remove_cause",
            Text("Себепти алып салуу", "Удалить причину", "Remove a cause"),
            Text("Себеп алынды", "Причина удалена", "Cause removed"),
            states,
            by,
            (_NOTHING_HANGS_ON_IT,),
        ),
    )
