"""The nonconformity: reported → assessed → corrected → causes → actions → effectiveness → closed.

Kinds and sources: TalSU quality manual, section 9. The way: ISO 9001:2015, 10.2.1 (react, evaluate the causes, look for
similar ones, act, review the effectiveness, update the risks).
"""

from states.document import REASON
from states.ladders import STANDARD
from states.lifecycle import Choice, Deadline, Field, Guard, Kind, Lifecycle, Move, Step, Then, Tone, Way
from states.roles import Role
from states.text import N_, Text

KINDS = (
    Choice("programme", Text("билим берүү программасы", "образовательная программа", "educational programme")),
    Choice("learners", Text("угуучулар (студенттер, магистрлер)", "обучающиеся", "learners")),
    Choice("resources", Text("ресурстардын жетишсиздиги", "нехватка ресурсов", "lack of resources")),
    Choice("scientific", Text("илимий-техникалык продукция", "научно-техническая продукция", "scientific output")),
    Choice(
        "environment",
        Text("билим берүү жана өндүрүш чөйрөсү", "образовательная и производственная среда", "environment"),
    ),
)
SOURCES = (
    Choice(
        "customers",
        Text(
            "керектөөчүлөр жана кызыкдар тараптар",
            "потребители и заинтересованные стороны",
            "customers and interested parties",
        ),
    ),
    Choice("internal_audit", Text("ички аудит", "внутренний аудит", "internal audit")),
    Choice("external_audit", Text("тышкы аудит", "внешний аудит", "external audit")),
    Choice(
        "monitoring",
        Text("мониторинг, өлчөө, талдоо", "мониторинг, измерение, анализ", "monitoring, measurement and analysis"),
    ),
)
SEVERITIES = (
    Choice("minor", Text("олуттуу эмес", "незначительное", "minor")),
    Choice("major", Text("олуттуу", "значительное", "major")),
)

_HAS_ACTION = Guard(
    lambda case: case.open_children + case.children.get("closed", 0) > 0,
    N_("No action has been planned yet."),
    N_("Plan at least one action that removes a cause, then submit the plan."),
)
_NO_OPEN_ACTION = Guard(
    lambda case: case.open_children == 0,
    N_("An action is still open."),
    N_("Finish, check or cancel its actions first."),
)
_FOUND_BY_TODAY = Guard(
    lambda case: case.given["found_on"] <= case.today,
    N_("The day it was found is in the future."),
    N_("Give the day on which it was found."),
)
_AHEAD = Guard(
    lambda case: case.given["complete_by"] >= case.today,
    N_("The date is in the past."),
    N_("Choose today or a later day."),
)
_CHECKED_TOO = Text(
    "Акыркы иш аракеттин мөөнөтүнөн жана анын натыйжалуулугу текшерилгенден кийинки күн.",
    "Не раньше срока последнего действия и проверки его результативности.",
    "Not before the last action is due and its effectiveness has been checked.",
)
_COMPLETE_BY = Field(
    "complete_by",
    Text("Баары качанга чейин бүтөт", "К какому дню всё завершить", "Everything done by"),
    "date",
    help=_CHECKED_TOO,
)

STEPS = (
    Step(
        "reported",
        Text("билдирилди", "сообщено", "reported"),
        owner=Role.QUALITY_SPECIALIST,
        task=Text(
            "Баалап, каттоо же четке кагуу", "Оценить: зарегистрировать или отклонить", "Assess: register or reject"
        ),
        deadline=Deadline(working_days=3),
        ladder=STANDARD,
    ),
    Step(
        "correction",
        Text("түзөтүлүүдө", "коррекция", "correction"),
        owner=Role.OWNER,
        task=Text("Дароо түзөтүү", "Устранить немедленно", "Correct it at once"),
        deadline=Deadline(working_days=5),
        ladder=STANDARD,
    ),
    Step(
        "cause_analysis",
        Text("себептери талданууда", "анализ причин", "cause analysis"),
        owner=Role.OWNER,
        task=Text("Себептерин талдоо", "Проанализировать причины", "Analyse the causes"),
        deadline=Deadline(working_days=10),
        ladder=STANDARD,
    ),
    Step(
        "action_planning",
        Text("иш аракеттер пландаштырылууда", "планирование действий", "action planning"),
        owner=Role.OWNER,
        task=Text("Иш аракеттерди пландаштыруу", "Запланировать действия", "Plan the actions"),
        deadline=Deadline(working_days=5),
        ladder=STANDARD,
    ),
    Step(
        "acting",
        Text("иш аракеттер аткарылууда", "действия выполняются", "acting"),
        owner=Role.OWNER,
        task=Text(
            "Бардык иш аракеттердин аткарылышын камсыздоо",
            "Обеспечить выполнение всех действий",
            "See that all actions are carried out",
        ),
        deadline=Deadline(on="complete_by"),
        ladder=STANDARD,
    ),
    Step(
        "verification",
        Text("натыйжалуулугу текшерилүүдө", "проверка результативности", "verification"),
        owner=Role.QUALITY_SPECIALIST,
        otherwise=Role.VICE_RECTOR,
        task=Text(
            "Натыйжалуулугун баалап, жабуу",
            "Оценить результативность и закрыть",
            "Evaluate the effectiveness and close",
        ),
        deadline=Deadline(working_days=10),
        ladder=STANDARD,
    ),
    Step("closed", Text("жабылды", "закрыто", "closed"), kind=Kind.FINAL),
    Step("rejected", Text("четке кагылды", "отклонено", "rejected"), kind=Kind.FINAL),
    Step("withdrawn", Text("билдирүү кайтарылып алынды", "сообщение отозвано", "withdrawn"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "register",
        Text("Каттоо", "Зарегистрировать", "Register"),
        ("reported",),
        (Way("correction"),),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            Field("severity", Text("Олуттуулугу", "Значимость", "Severity"), "choice", choices=SEVERITIES),
            Field("owner_post", Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"), "post"),
            Field(
                "requirement", Text("Бузулган талап", "Нарушенное требование", "Requirement not met"), required=False
            ),
        ),
        sets={
            "severity": lambda case: case.given["severity"],
            "owner_post_id": lambda case: case.given["owner_post"],
            "requirement": lambda case: case.given["requirement"] or case.fields["requirement"],
        },
        tells=(Role.AUTHOR,),
    ),
    Move(
        "reject",
        Text("Негизсиз деп четке кагуу", "Отклонить как необоснованное", "Reject as unfounded"),
        ("reported",),
        (Way("rejected"),),
        by=(Role.QUALITY_SPECIALIST,),
        records=(REASON,),
        tells=(Role.AUTHOR,),
        tone=Tone.STOP,
    ),
    Move(
        "withdraw",
        Text("Билдирүүнү кайтарып алуу", "Отозвать сообщение", "Withdraw the report"),
        ("reported",),
        (Way("withdrawn"),),
        by=(Role.AUTHOR,),
        records=(REASON,),
        tells=(Role.QUALITY_SPECIALIST,),
        tone=Tone.STOP,
    ),
    Move(
        "record_correction",
        Text("Түзөтүүнү жазуу", "Записать коррекцию", "Record the correction"),
        ("correction",),
        (Way("cause_analysis"),),
        by=(Role.OWNER,),
        records=(
            Field(
                "correction",
                Text("Эмне түзөтүлдү", "Что исправлено", "What was corrected"),
                help=Text(
                    "Дароо түзөтүү мүмкүн болбосо, эмне үчүн экенин жазыңыз.",
                    "Если исправить сразу нельзя, напишите почему.",
                    "If it cannot be corrected at once, say why.",
                ),
            ),
        ),
        sets={"correction": lambda case: case.given["correction"]},
    ),
    Move(
        "dispute",
        Text("Кайра баалоого кайтаруу", "Вернуть на оценку", "Return for assessment"),
        ("correction", "cause_analysis", "action_planning"),
        (Way("reported"),),
        by=(Role.OWNER, Role.QUALITY_SPECIALIST),
        records=(REASON,),
        guards=(_NO_OPEN_ACTION,),
        tells=(Role.OWNER,),
        tone=Tone.BACK,
    ),
    Move(
        "record_causes",
        Text("Себептерин жазуу", "Записать причины", "Record the causes"),
        ("cause_analysis",),
        (Way("action_planning"),),
        by=(Role.OWNER,),
        records=(
            Field("causes", Text("Түпкү себептери", "Коренные причины", "Root causes")),
            Field(
                "similar",
                Text("Башка жерде ушундайлар барбы", "Есть ли подобные в других местах", "Similar ones elsewhere"),
                help=Text(
                    "Кайда изделди жана эмне табылды.",
                    "Где искали и что нашли.",
                    "Where you looked and what was found.",
                ),
            ),
        ),
        sets={"causes": lambda case: case.given["causes"], "similar": lambda case: case.given["similar"]},
    ),
    Move(
        "submit_plan",
        Text("Планды жөнөтүү", "Отправить план", "Submit the plan"),
        ("action_planning",),
        (Way("acting", when=lambda case: case.open_children > 0), Way("verification")),
        by=(Role.OWNER,),
        records=(_COMPLETE_BY,),
        guards=(_HAS_ACTION, _AHEAD),
        sets={
            "complete_by": lambda case: case.given["complete_by"],
            "original_complete_by": lambda case: case.fields["original_complete_by"] or case.given["complete_by"],
        },
        then=(Then("children", "submit"),),
        tells=(Role.QUALITY_SPECIALIST,),
    ),
    Move(
        "back_to_causes",
        Text("Себептерге кайтуу", "Вернуться к причинам", "Back to the causes"),
        ("action_planning",),
        (Way("cause_analysis"),),
        by=(Role.OWNER,),
        records=(REASON,),
        tone=Tone.BACK,
    ),
    Move(
        "reschedule",
        Text("Мөөнөтүн жылдыруу", "Перенести срок", "Reschedule"),
        ("acting",),
        (Way("acting"),),
        by=(Role.VICE_RECTOR,),
        records=(_COMPLETE_BY, REASON),
        guards=(_AHEAD,),
        sets={"complete_by": lambda case: case.given["complete_by"]},
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
    ),
    Move(
        "actions_done",
        Text("Бардык иш аракеттер бүттү", "Все действия завершены", "All actions are done"),
        ("acting",),
        # Where all were cancelled nothing has been done: it has to be planned anew.
        (Way("verification", when=lambda case: case.children.get("closed", 0) > 0), Way("action_planning")),
        by=(Role.CLOCK,),
        guards=(_NO_OPEN_ACTION,),
        tells=(Role.OWNER,),
    ),
    Move(
        "analyse_again",
        Text("Себептерин кайра талдоо", "Анализировать причины заново", "Analyse the causes again"),
        ("action_planning", "acting", "verification"),
        (Way("cause_analysis"),),
        by=(Role.CLOCK, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        records=(REASON,),
        sets={"reopened": lambda case: int(case.fields["reopened"]) + 1},
        tells=(Role.QUALITY_SPECIALIST,),
        tone=Tone.BACK,
    ),
    Move(
        "close",
        Text("Жабуу", "Закрыть", "Close"),
        ("verification",),
        (Way("closed"),),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
        never_by=(Role.OWNER,),
        records=(
            Field("evaluation", Text("Натыйжалуулугун баалоо", "Оценка результативности", "Evaluation")),
            Field(
                "risks",
                Text("Тобокелчиликтердеги өзгөрүүлөр", "Изменения в рисках", "Changes to the risks"),
                required=False,
            ),
        ),
        guards=(_NO_OPEN_ACTION,),
        sets={"evaluation": lambda case: case.given["evaluation"]},
        tells=(Role.AUTHOR, Role.OWNER),
    ),
)

LIFECYCLE = Lifecycle(
    name="nonconformity",
    collection="nonconformities",
    label=Text("туура келбөөчүлүк", "несоответствие", "nonconformity"),
    plural=Text("туура келбөөчүлүктөр", "несоответствия", "nonconformities"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field("title", Text("Кыскача", "Кратко", "In short"), "line"),
        Field("found", Text("Эмне аныкталды", "Что выявлено", "What was found")),
        Field("nc_kind", Text("Түрү", "Вид", "Kind"), "choice", choices=KINDS),
        Field("source", Text("Булагы", "Источник", "Source"), "choice", choices=SOURCES),
        Field("found_on", Text("Аныкталган күнү", "Дата выявления", "Found on"), "date"),
        Field("requirement", Text("Бузулган талап", "Нарушенное требование", "Requirement not met"), required=False),
        Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
        Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    ),
    opening_guards=(_FOUND_BY_TODAY,),
    prefix="NC",
)
