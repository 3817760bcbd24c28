"""Work steps: what an action is done in, each with its own day; ISO 9001:2015, 6.2.2 asks what, who and by when."""

from states.lifecycle import Field, Guard, Move, Part
from states.parts import adding, amending, removing
from states.roles import Role
from states.text import N_, Text

WORK_STEP = Part(
    "work_step",
    Text("кадам", "шаг", "step"),
    Text("кадамдар", "шаги", "steps"),
    (
        Field(
            "title",
            Text("Эмне жасалат", "Что сделать", "What will be done"),
            "line",
            help=Text(
                "Бир жолкуда бүтүрсө боло турган иш. Мисалы: «Үч сатуучудан баа суроо».",
                "То, что можно закончить за один раз. Например: «Запросить цены у трёх поставщиков».",
                "What can be finished in one go. For example: “Ask three suppliers for prices.”",
            ),
        ),
        Field(
            "step_due_on",
            Text("Мөөнөтү", "Срок", "Due date"),
            "date",
            required=False,
            help=Text(
                "Бүт иш аракет бүтө турган күндөн кеч болбосун.",
                "Не позже дня, к которому должно быть выполнено всё действие.",
                "Not after the day on which the whole action is due.",
            ),
        ),
        Field(
            "done_on",
            Text("Аткарылган күнү", "Дата выполнения", "Done on"),
            "date",
            required=False,
            help=Text(
                "Кадам бүткөндө толтурасыз, ага чейин бош турат.",
                "Заполните, когда шаг закончен; до того оставьте пустым.",
                "Fill it in once the step is finished; until then leave it empty.",
            ),
        ),
    ),
)

_STEP_DONE_BY_TODAY = Guard(
    lambda case: (case.given["done_on"] or case.today) <= case.today,
    N_("The step is said to be done on a day to come."),
    N_("Record it once it is done."),
)
_STEP_WITHIN = Guard(
    lambda case: not case.given["step_due_on"] or case.given["step_due_on"] <= case.fields["due_on"],
    N_("The step is due later than the whole action."),
    N_("Choose a day up to the due date of the action."),
)

_IN_TIME = (_STEP_DONE_BY_TODAY, _STEP_WITHIN)


def moves_of_work_steps(states: tuple[str, ...], by: tuple[Role, ...]) -> tuple[Move, ...]:
    """The moves that add, change and remove steps while the action is in `states`; they leave it where it is."""
    return (
        adding(
            WORK_STEP,
            "add_step",
            Text("Кадам кошуу", "Добавить шаг", "Add a step"),
            Text("Кадам кошулду", "Шаг добавлен", "Step added"),
            states,
            by,
            _IN_TIME,
        ),
        amending(
            WORK_STEP,
            "amend_step",
            Text("Кадамды өзгөртүү", "Изменить шаг", "Change a step"),
            Text("Кадам өзгөртүлдү", "Шаг изменён", "Step changed"),
            states,
            by,
            _IN_TIME,
        ),
        removing(
            WORK_STEP,
            "remove_step",
            Text("Кадамды алып салуу", "Удалить шаг", "Remove a step"),
            Text("Кадам алынды", "Шаг удалён", "Step removed"),
            states,
            by,
        ),
    )
