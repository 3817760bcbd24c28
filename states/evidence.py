"""Evidence: what proves something, with its own date; nonconformities, actions and audits have it alike.

ISO 9001:2015, 10.2.2 asks for documented information as evidence of what was found, done and achieved.
"""

from states.lifecycle import Field, Guard, Move, Part
from states.parts import adding, removing
from states.roles import Role
from states.text import N_, Text

EVIDENCE = Part(
    "evidence",
    Text("далил", "свидетельство", "evidence"),
    Text("далилдер", "свидетельства", "evidence"),
    (
        Field(
            "what",
            Text("Эмнени далилдейт", "Что подтверждает", "What it shows"),
            "line",
            help=Text(
                "Кайсы факт жана эмне менен. Мисалы: «Желдеткич алмаштырылды, №12 акт».",
                "Какой факт и чем. Например: «Вытяжка заменена, акт № 12».",
                "Which fact, and by what. For example: “The ventilation is replaced, acceptance act № 12.”",
            ),
        ),
        Field(
            "evidence_on",
            Text("Далилдин күнү", "Дата свидетельства", "Date of the evidence"),
            "date",
            help=Text(
                "Документ түзүлгөн же сүрөт тартылган күн, бул жерге кошулган күн эмес.",
                "Когда составлен документ или сделан снимок, а не когда их добавили сюда.",
                "When the document was drawn up or the picture taken, not when it is added here.",
            ),
        ),
        Field(
            "file",
            Text("Файл", "Файл", "File"),
            "file",
            required=False,
            help=Text(
                "Кагазда гана болсо, кайда сакталганын жогоруда жазыңыз.",
                "Если есть только бумага, напишите выше, где она хранится.",
                "If there is paper only, say above where it is kept.",
            ),
        ),
    ),
)
_DATED_BY_TODAY = Guard(
    lambda case: case.given["evidence_on"] <= case.today,
    N_("The date of the evidence is in the future."),
    N_("Give the day from which the evidence is."),
)


def moves_of_evidence(
    states: tuple[str, ...], by: tuple[Role, ...], unless_in: tuple[str, ...] = ()
) -> tuple[Move, ...]:
    """The moves that add and remove evidence while the record is in `states`; they leave it where it is.

    Nothing is removed `unless_in`: by then somebody checks it.
    """
    return (
        adding(
            EVIDENCE,
            "add_evidence",
            Text("Далил кошуу", "Добавить свидетельство", "Add evidence"),
            Text("Далил кошулду", "Свидетельство добавлено", "Evidence added"),
            states,
            by,
            (_DATED_BY_TODAY,),
        ),
        removing(
            EVIDENCE,
            "remove_evidence",
            Text("Далилди алып салуу", "Удалить свидетельство", "Remove evidence"),
            Text("Далил алынды", "Свидетельство удалено", "Evidence removed"),
            tuple(state for state in states if state not in unless_in),
            by,
        ),
    )
