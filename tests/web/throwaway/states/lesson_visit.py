"""A lifecycle nobody has heard of: colleagues visit lessons and remark on them; a remark may become an advice."""

from states.asides import staying_in
from states.ladders import STANDARD
from states.lifecycle import (
    Case,
    Choice,
    Deadline,
    Field,
    Guard,
    Kind,
    Lifecycle,
    Meaning,
    Move,
    Part,
    Step,
    Then,
    Tone,
    Way,
)
from states.nonconformity_fields import CLAUSE
from states.reasons import REASON
from states.roles import Role
from states.text import N_, Text

SORTS = (
    Choice("strength", Text("күчтүү жагы", "сильная сторона", "strength")),
    Choice("wish", Text("сунуш", "пожелание", "wish")),
)
REMARK = Part(
    "remark",
    Text("пикир", "замечание", "remark"),
    Text("пикирлер", "замечания", "remarks"),
    (
        Field("sort", Text("Түрү", "Вид", "Sort"), "choice", choices=SORTS),
        Field("words", Text("Сөзү", "Слова", "Words"), "line"),
        CLAUSE,
    ),
)
_OPEN = ("planned", "held")
_VISITOR = (Role.AUDITOR,)
_PLANNED_ON = Field("planned_on", Text("Качан болот", "Когда состоится", "Planned for"), "date")


def _words(case: Case) -> object:
    return case.chosen("remark")["words"]


_IS_WISH = Guard(
    lambda case: case.chosen("remark")["sort"] == "wish",
    N_("This remark asks for nothing."),
    N_("Choose a remark that is a wish."),
)
_NOT_ADVISED = Guard(
    lambda case: not case.chosen("remark")["advised"],
    N_("An advice was given on it already."),
    N_("Open that one."),
)

STEPS = (
    Step(
        "planned",
        Text("күтүлүүдө", "ожидается", "awaited"),
        owner=Role.AUDITOR,
        task=Text("Сабакка катышуу", "Посетить занятие", "Visit the lesson"),
        deadline=Deadline(on="planned_on"),
        ladder=STANDARD,
    ),
    Step(
        "held",
        Text("катышты", "состоялось", "held"),
        owner=Role.QUALITY_SPECIALIST,
        otherwise=Role.VICE_RECTOR,
        task=Text("Жыйынтык чыгаруу", "Подвести итог", "Sum it up"),
        deadline=Deadline(days=3),
        ladder=STANDARD,
    ),
    Step("summed_up", Text("жыйынтыкталды", "итог подведён", "summed up"), kind=Kind.FINAL),
    Step("dropped", Text("болбой калды", "не состоялось", "dropped"), kind=Kind.FINAL),
)
MOVES = (
    Move(
        "hold",
        Text("Катыштым", "Занятие посещено", "Held"),
        ("planned",),
        (Way("held"),),
        done=Text("Сабакка катышты", "Занятие посещено", "Lesson visited"),
        by=_VISITOR,
        records=(Field("held_on", Text("Күнү", "День", "Day"), "date"),),
        sets={"held_on": lambda case: case.given["held_on"]},
        tells=(Role.HEAD,),
    ),
    Move(
        "add_remark",
        Text("Пикир кошуу", "Добавить замечание", "Add a remark"),
        _OPEN,
        staying_in(_OPEN),
        done=Text("Пикир кошулду", "Замечание добавлено", "Remark added"),
        by=_VISITOR,
        records=REMARK.fields,
        tone=Tone.ASIDE,
        adds="remark",
    ),
    Move(
        "amend_remark",
        Text("Пикирди өзгөртүү", "Изменить замечание", "Change a remark"),
        _OPEN,
        staying_in(_OPEN),
        done=Text("Пикир өзгөрдү", "Замечание изменено", "Remark changed"),
        by=_VISITOR,
        records=(REMARK.which, *REMARK.fields),
        tone=Tone.ASIDE,
        amends="remark",
    ),
    Move(
        "remove_remark",
        Text("Пикирди алуу", "Удалить замечание", "Remove a remark"),
        _OPEN,
        staying_in(_OPEN),
        done=Text("Пикир алынды", "Замечание удалено", "Remark removed"),
        by=_VISITOR,
        records=(REMARK.which,),
        tone=Tone.ASIDE,
        removes="remark",
    ),
    Move(
        "advise",
        Text("Кеңеш берүү", "Дать совет", "Advise"),
        _OPEN,
        staying_in(_OPEN),
        done=Text("Кеңеш берилди", "Совет дан", "Advised"),
        by=_VISITOR,
        records=(REMARK.which,),
        guards=(_IS_WISH, _NOT_ADVISED),
        amends="remark",
        marks={"advised": lambda case: True},
        then=(Then("new", opens="lesson_advice", gives={"title": _words}),),
        tone=Tone.ASIDE,
    ),
    Move(
        "sum_up",
        Text("Жыйынтыктоо", "Подвести итог", "Sum up"),
        ("held",),
        (Way("summed_up"),),
        done=Text("Жыйынтык чыгарылды", "Итог подведён", "Summed up"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        never_by=_VISITOR,
        records=(Field("summary", Text("Жыйынтыгы", "Итог", "Summary")),),
        sets={"summary": lambda case: case.given["summary"]},
        signs=Meaning.APPROVED,
    ),
    Move(
        "drop",
        Text("Болбой калды деп белгилөө", "Отметить несостоявшимся", "Drop it"),
        ("planned",),
        (Way("dropped"),),
        done=Text("Катышуу болбой калды", "Посещение не состоялось", "Visit dropped"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(REASON,),
        tone=Tone.STOP,
    ),
)
LIFECYCLE = Lifecycle(
    name="lesson_visit",
    collection="lesson-visits",
    label=Text("сабакка катышуу", "посещение занятия", "lesson visit"),
    plural=Text("сабактарга катышуулар", "посещения занятий", "lesson visits"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field("title", Text("Сабак", "Занятие", "Lesson"), "line"),
        _PLANNED_ON,
        Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit"),
        Field("visitor", Text("Ким катышат", "Кто посетит", "Who visits"), "person"),
    ),
    opened_by=(Role.QUALITY_SPECIALIST,),
    prefix="LV",
    read_by=(Role.AUDITOR, Role.HEAD, Role.HOLDER, Role.TOLD, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
    signs_over=("title", "summary"),
    parts=(REMARK,),
    played_by={Role.AUDITOR: ("visitor_id",)},
)
