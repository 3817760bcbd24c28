"""What is written down of an audit: its day, its auditors, its checklist, what was found, its report."""

from states.lifecycle import Choice, Field, Part
from states.nonconformity_fields import CLAUSE, FOUND, KINDS, REQUIREMENT, REQUIREMENT_DOCUMENT, TITLE
from states.reasons import because
from states.text import Text

ANSWERS = (
    Choice("conforms", Text("шайкеш", "соответствует", "conforms")),
    Choice("observation", Text("байкоо", "наблюдение", "observation")),
    Choice("nonconformity", Text("туура келбөөчүлүк", "несоответствие", "nonconformity")),
    Choice("not_applicable", Text("колдонулбайт", "не применимо", "not applicable")),
)
FINDINGS = (
    Choice("nonconformity", Text("туура келбөөчүлүк", "несоответствие", "nonconformity")),
    Choice("observation", Text("байкоо", "наблюдение", "observation")),
    Choice("strength", Text("күчтүү жагы", "сильная сторона", "strength")),
)
QUESTION = Part(
    "question",
    Text("суроо", "вопрос", "question"),
    Text("текшерүү баракчасы", "чек-лист", "checklist"),
    (
        CLAUSE,
        Field(
            "text",
            Text("Эмне текшерилет", "Что проверить", "What to check"),
            "line",
            help=Text(
                "Көргөнүңүз жооп боло турган бир суроо. Мисалы: «Журнал апта сайын толтурулабы?»",
                "Один вопрос, на который ответит увиденное. Например: «Журнал заполняют каждую неделю?»",
                "One question that is answered by what one sees. For example: “Is the journal kept every week?”",
            ),
        ),
        Field(
            "answer",
            Text("Жыйынтык", "Результат", "Result"),
            "choice",
            required=False,
            choices=ANSWERS,
            help=Text(
                "Жеринде толтурулат: бир суроо жоопсуз калса, аудитти бүтүрүүгө болбойт.",
                "Заполняется на месте: пока есть вопрос без ответа, проверку не завершить.",
                "Filled in on the spot: the audit cannot be finished while a question has no answer.",
            ),
        ),
        Field(
            "note",
            Text("Эмне көрүндү", "Что увидели", "What was seen"),
            required=False,
            help=Text(
                "Кайсы документ, кайсы мезгил, канча учур. Мисалы: «Сентябрдагы төрт барактын бири бош».",
                "Какой документ, за какое время, сколько случаев. Например: «Из четырёх листов за сентябрь один пуст».",
                "Which document, of what time, how many. For example: “One of the four sheets of September is empty.”",
            ),
        ),
    ),
)
FINDING = Part(
    "finding",
    Text("табылга", "вывод", "finding"),
    Text("табылгалар", "выводы", "findings"),
    (
        Field(
            "kind",
            Text("Түрү", "Вид", "Kind"),
            "choice",
            choices=FINDINGS,
            help=Text(
                "Талап бузулса гана туура келбөөчүлүк. Азырынча коркунучу гана болсо, байкоо.",
                "Несоответствие, только если нарушено требование. Если пока есть лишь опасность, наблюдение.",
                "A nonconformity only where a requirement is broken; mere danger so far is an observation.",
            ),
        ),
        TITLE,
        FOUND,
        Field(
            "nc_kind",
            Text("Туура келбөөчүлүктүн түрү", "Вид несоответствия", "Kind of nonconformity"),
            "choice",
            required=False,
            choices=KINDS,
            help=Text(
                "Талап бузулган табылгага гана керек: анын катталышы ушундан башталат.",
                "Нужен, только если требование нарушено: с ним вывод и будет зарегистрирован.",
                "Only where a requirement is broken: the finding will be registered under it.",
            ),
        ),
        REQUIREMENT,
        REQUIREMENT_DOCUMENT,
        CLAUSE,
    ),
)
PLANNED_ON = Field(
    "planned_on",
    Text("Качан өтөт", "Когда проводится", "Planned for"),
    "date",
    help=Text(
        "Бөлүмдө иш башталган күн; жылдык программада аудит ушул айда турат.",
        "Первый день в подразделении; по нему аудит стоит в своём месяце годовой программы.",
        "The first day in the unit; it puts the audit into its month of the year's programme.",
    ),
)
LEAD = Field(
    "lead_auditor",
    Text("Аудиттин жетекчиси", "Ведущий аудитор", "Lead auditor"),
    "person",
    help=Text(
        "Даярдайт, өткөрөт жана отчётуна жооп берет. Текшерилүүчү бөлүмдө иштебеген адам.",
        "Готовит, проводит и отвечает за отчёт. Не работает в проверяемом подразделении.",
        "Prepares it, conducts it and answers for the report. Does not work in the unit that is audited.",
    ),
)
TEAM = Field(
    "auditors",
    Text("Аудиторлор", "Аудиторы", "Auditors"),
    "people",
    required=False,
    help=Text(
        "Жетекчиге ким жардам берет; алар да башка бөлүмдөрдөн болушу керек.",
        "Кто помогает ведущему; тоже из других подразделений.",
        "Who helps the one in the lead; they too are of other units.",
    ),
)

AUDIT_TITLE = Field(
    "title",
    Text("Аталышы", "Название", "Title"),
    "line",
    help=Text(
        "Бөлүм, тема жана жыл. Мисалы: «Китепкана: фондду толуктоо, 2026».",
        "Подразделение, тема и год. Например: «Библиотека: комплектование фонда, 2026».",
        "Unit, topic and year. For example: “Library: acquisitions, 2026.”",
    ),
)
PROCESS = Field(
    "process",
    Text("Процесс", "Процесс", "Process"),
    "process",
    required=False,
    help=Text(
        "Бир нечеси текшерилсе, негизгисин тандап, калганын чөйрөсүндө атаңыз.",
        "Если проверяется несколько, выберите главный, остальные назовите в области.",
        "If several are audited, choose the main one and name the others in the scope.",
    ),
)
UNIT = Field(
    "unit",
    Text("Бөлүм", "Подразделение", "Unit"),
    "unit",
    help=Text(
        "Текшериле турган жер. Аудиторлор мында иштебеши керек.",
        "Кого проверяют. Аудиторы не должны здесь работать.",
        "Who is audited. The auditors must not work there.",
    ),
)
SCOPE = Field(
    "scope",
    Text("Чөйрөсү", "Область", "Scope"),
    required=False,
    help=Text(
        "Эмне кирет, эмне кирбейт: иштер, жайлар, кайсы мезгил.",
        "Что входит и что не входит: виды работ, места, за какое время.",
        "What is covered and what is not: activities, places, which period.",
    ),
)
CRITERIA = Field(
    "criteria",
    Text("Критерийлер", "Критерии", "Criteria"),
    help=Text(
        "Эмнеге салыштырылат: стандарттын пункттары, документтер, мыйзамдар.",
        "С чем сравнивается: пункты стандарта, документы, законы.",
        "What it is compared with: clauses, documents, laws.",
    ),
)
WHY_RESCHEDULED = because(
    "Белгиленген күн эмне үчүн туура келбейт: аудиторлор да, бөлүм да окуйт.",
    "Почему назначенный день не подходит: это прочтут аудиторы и подразделение.",
    "Why the day that was set will not do: the auditors and the unit will read it.",
)
WHY_REPLACED = because(
    "Ким эмне үчүн алмашты: катыша албайт, ушул бөлүмгө которулду, башка тажрыйба керек.",
    "Кто и почему заменён: не может участвовать, перешёл в это подразделение, нужен другой опыт.",
    "Who is replaced and why: cannot take part, has moved to this unit, other experience is needed.",
)
CARRIED_OUT_ON = Field(
    "carried_out_on",
    Text("Өткөн күнү", "Дата проведения", "Carried out on"),
    "date",
    help=Text(
        "Бөлүмдөгү акыркы күн: мындан кийин ачылган туура келбөөчүлүктөр ушул күн менен жазылат.",
        "Последний день в подразделении: им будут датированы несоответствия, открытые после этого.",
        "The last day in the unit: nonconformities raised after this are dated by it.",
    ),
)
TALKED_TO = Field(
    "talked_to",
    Text("Ким менен сүйлөшүлдү", "С кем беседовали", "Who was spoken to"),
    required=False,
    help=Text(
        "Аты-жөнү жана кызматы, бөлүмдүн жетекчисинен баштап.",
        "Имена и должности, начиная с руководителя подразделения.",
        "Names and posts, the head of the unit first.",
    ),
)
CONCLUSION = Field(
    "conclusion",
    Text("Корутунду", "Заключение", "Conclusion"),
    help=Text(
        "Критерийлер канчалык сакталат, эң маанилүү табылгалар, күчтүү жактары.",
        "Насколько соблюдаются критерии, главные выводы, сильные стороны.",
        "How far the criteria are met, what matters most among the findings, what is done well.",
    ),
)
NOTE = Field(
    "note",
    Text("Эскертме", "Примечание", "Note"),
    required=False,
    help=Text(
        "Аудиторлорго жана бөлүмгө айтарыңыз болсо.",
        "Если есть что сказать аудиторам и подразделению.",
        "If there is anything to tell the auditors and the unit.",
    ),
)
WHAT_IT_LACKS = because(
    "Отчётто эмне жетишпейт: кайсы табылга, кайсы далил, кайсы жери түшүнүксүз.",
    "Чего не хватает в отчёте: какого вывода, какого свидетельства, что неясно.",
    "What the report lacks: which finding, which evidence, what is not clear.",
)
WHY_CANCELLED = because(
    "Эмне үчүн өтпөйт жана бул бөлүм анын ордуна качан текшерилет.",
    "Почему не состоится и когда это подразделение проверят вместо того.",
    "Why it will not take place, and when the unit is to be audited instead.",
)
