"""What is recorded of a nonconformity: kinds and sources, the fields of its report, its causes.

Kinds and sources: TalSU quality manual, section 9. Causes are asked for five times ("why?"), each answer because of the
one before, and stand on the bones of an Ishikawa diagram: the top of the tree of causes.
"""

from states.lifecycle import Choice, Field
from states.text import Text

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
LEVELS = (
    Choice("low", Text("төмөн", "низкий", "low")),
    Choice("medium", Text("орточо", "средний", "medium")),
    Choice("high", Text("жогору", "высокий", "high")),
)
SIMILAR = (
    Choice("none", Text("каралды, табылган жок", "проверено, не найдено", "looked for, none found")),
    Choice("found", Text("каралды, табылды", "проверено, найдено", "looked for and found")),
)

TITLE = Field(
    "title",
    Text("Кыскача", "Кратко", "In short"),
    "line",
    help=Text(
        "Тизмеден дароо таанылгыдай бир сүйлөм. Мисалы: «Химия лабораториясында желдеткич иштебейт».",
        "Одно предложение, по которому это узнают в списке. Например: «В лаборатории химии не работает вытяжка».",
        "One sentence by which it is recognised in a list. For example: “The chemistry laboratory has no ventilation.”",
    ),
)
FOUND = Field(
    "found",
    Text("Эмне аныкталды", "Что выявлено", "What was found"),
    help=Text(
        "Фактыны гана: эмне, кайда, качан, канча.",
        "Только факт: что, где, когда, сколько.",
        "The fact only: what, where, when, how many.",
    ),
)
KIND = Field(
    "nc_kind",
    Text("Түрү", "Вид", "Kind"),
    "choice",
    choices=KINDS,
    help=Text(
        "Эң жакынын тандаңыз: бир нерсе жетишпесе, ресурстар; бар, бирок абалы начар болсо, чөйрө.",
        "Выберите ближайший: чего-то не хватает, тогда ресурсы; есть, но в плохом состоянии, тогда среда.",
        "Choose the closest: resources where something is missing, environment where it is there in a bad state.",
    ),
)
SOURCE = Field(
    "source",
    Text("Булагы", "Источник", "Source"),
    "choice",
    choices=SOURCES,
    help=Text(
        "Кантип билинди: даттануу менен сунуш биринчисине, өз ишиңизде байкаганыңыз мониторингге кирет.",
        "Как об этом узнали: жалобы и предложения относятся к первому, замеченное в своей работе к мониторингу.",
        "How it came to light: a complaint or a suggestion is of the first kind, what you saw at work is monitoring.",
    ),
)
PROCESS = Field(
    "process",
    Text("Процесс", "Процесс", "Process"),
    "process",
    required=False,
    help=Text(
        "Кемчилик кеткен жумуш реестрдеги кайсы процесске таандык. Так билбесеңиз, бош калтырыңыз.",
        "К какому процессу реестра относится работа, где это случилось. Если не знаете, оставьте пустым.",
        "To which one of the register the work belongs that went wrong. Leave it empty if you are not sure.",
    ),
)
UNIT = Field(
    "unit",
    Text("Бөлүм", "Подразделение", "Unit"),
    "unit",
    required=False,
    help=Text(
        "Кайсы жерде болгонун тандаңыз, ким байкаганын эмес.",
        "Где это произошло, а не кто заметил.",
        "Where it happened, not who noticed it.",
    ),
)
OBJECT = Field(
    "object",
    Text("Эмнеде аныкталды", "Объект", "Object"),
    "line",
    required=False,
    help=Text(
        "Программа, дисциплина, журнал, жабдуу, кызмат…",
        "Программа, дисциплина, журнал, оборудование, услуга…",
        "A programme, a course, a journal, a device, a service…",
    ),
)
REQUIREMENT = Field(
    "requirement",
    Text("Бузулган талап", "Нарушенное требование", "Requirement not met"),
    required=False,
    help=Text(
        "Талаптын тексти; төмөндө документ же стандарттын пункту.",
        "Текст требования; ниже документ или пункт стандарта.",
        "The requirement in words; below, the document or the clause that holds it.",
    ),
)
REQUIREMENT_DOCUMENT = Field(
    "requirement_document",
    Text("Талап турган документ", "Документ с требованием", "Document of the requirement"),
    "document",
    required=False,
    help=Text("Реестрдеги шифри.", "Шифр в реестре.", "Its code in the register."),
)
CLAUSE = Field(
    "clause",
    Text("ISO 9001 пункту", "Пункт ISO 9001", "Clause of ISO 9001"),
    "entry",
    required=False,
    of="clause",
    help=Text("Мисалы: 2015/8.5.1.", "Например: 2015/8.5.1.", "For example 2015/8.5.1."),
)
OCCURRED_ON = Field(
    "occurred_on",
    Text("Болгон күнү", "Дата возникновения", "Occurred on"),
    "date",
    required=False,
    help=Text("Белгилүү болсо.", "Если известна.", "If it is known."),
)
FOUND_ON = Field(
    "found_on",
    Text("Аныкталган күнү", "Дата выявления", "Found on"),
    "date",
    help=Text(
        "Ким байкаса да, биринчи жолу байкалган күн; өзү андан мурда болушу мүмкүн.",
        "День, когда это впервые заметил кто угодно; произойти оно могло раньше.",
        "The day anybody first noticed it; it may have happened earlier.",
    ),
)
KNOWN_ON = Field(
    "known_on",
    Text("Бизге белгилүү болгон күнү", "Когда стало известно нам", "Became known on"),
    "date",
    required=False,
    help=Text(
        "Аныкталган күндөн башка болсо.",
        "Если это не день выявления.",
        "If that was not the day it was found.",
    ),
)
REPORTED_BY = Field(
    "reported_by",
    Text("Ким билдирди (сырттан)", "Кто сообщил (извне)", "Reported by (from outside)"),
    "line",
    required=False,
    help=Text(
        "Бул жерде иштебеген адам жана аны менен кантип байланышуу. Сапат боюнча адис гана көрөт.",
        "Кто не работает здесь, и как с ним связаться. Увидит только специалист по качеству образования.",
        "Somebody who does not work here, and how to reach them. Only the quality specialist will see it.",
    ),
)
IMPACT = Field(
    "impact",
    Text("Таасири", "Последствия", "Impact"),
    required=False,
    help=Text(
        "Кимге жана эмнеге таасир этти.",
        "На кого и на что повлияло.",
        "Whom and what it affected.",
    ),
)
RISK = Field(
    "risk",
    Text("Кайталануу тобокелчилиги", "Риск повторения", "Risk of happening again"),
    "choice",
    required=False,
    choices=LEVELS,
    help=Text(
        "Жогору: шарттар ошол бойдон, жакында дагы болот. Төмөн: кокустук, экинчи жолу болушу күмөн.",
        "Высокий: условия прежние, скоро случится снова. Низкий: стечение обстоятельств, второй раз вряд ли.",
        "High: nothing has changed, it will be back soon. Low: a coincidence, hardly to be seen twice.",
    ),
)
SEVERITY = Field(
    "severity",
    Text("Олуттуулугу", "Значимость", "Severity"),
    "choice",
    choices=SEVERITIES,
    help=Text(
        "Олуттуу: система иштебей жатат же көп адамга тийди, бардык кадамдар милдеттүү. Олуттуу эмес: бир учур, "
        "түзөтүү жетиштүү. Негизсиз болсо, четке кагыңыз.",
        "Значительное: система не работает или затронуты многие, все шаги обязательны. Незначительное: единичный "
        "случай, хватит коррекции. Необоснованное отклоните.",
        "Major: the system does not work, or many are affected; all steps are taken. Minor: a single case, correcting "
        "it is enough. If it is unfounded, reject it.",
    ),
)

CONFIDENTIAL = Field(
    "confidential",
    Text("Менин атымды жашыруу", "Не называть моё имя", "Keep my name confidential"),
    "flag",
    required=False,
    help=Text(
        "Атыңызды билим берүүнүн сапаты боюнча адис гана көрөт.",
        "Ваше имя увидит только специалист по качеству образования.",
        "Only the quality specialist will see who you are.",
    ),
)
DESCRIBED = (OBJECT, REQUIREMENT, CLAUSE, OCCURRED_ON, KNOWN_ON, IMPACT, RISK)
# What a report cannot be without: left empty, it stays as it is.
REPORTED = (TITLE, FOUND, KIND, SOURCE, FOUND_ON)
