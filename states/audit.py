"""The internal audit: planned → in progress → reporting → accepted; its findings become nonconformities.

ISO 9001:2015, 9.2: a programme at planned intervals, criteria and scope of each audit, auditors who are objective and
impartial, results reported to those concerned, corrections without undue delay. ISO 19011:2018, 6: the steps.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from states.asides import staying_in
from states.evidence import EVIDENCE, moves_of_evidence
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
from states.nonconformity_fields import CLAUSE, FOUND, KINDS, REQUIREMENT, REQUIREMENT_DOCUMENT, TITLE
from states.reasons import REASON
from states.refusals import Duties
from states.roles import Role
from states.text import N_, Text

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


def _given(name: str) -> Callable[[Case], Any]:
    return lambda case: case.given[name]


def _of_finding(name: str) -> Callable[[Case], Any]:
    return lambda case: case.chosen("finding")[name]


def _is_of_the_unit(case: Case, person: Hashable) -> bool:
    return case.plays(person, Role.COLLEAGUE) or case.plays(person, Role.HEAD) or case.plays(person, Role.OWNER)


def _impartial(case: Case) -> bool:
    team = (case.given["lead_auditor"], *(case.given["auditors"] or ()))
    return not any(_is_of_the_unit(case, person) for person in team)


_NOT_OF_THE_UNIT = Guard(
    _impartial,
    N_("An auditor does not audit their own unit."),
    N_("Choose auditors of other units."),
    refuses=Duties,
)
_IS_NONCONFORMITY = Guard(
    lambda case: case.chosen("finding")["kind"] == "nonconformity",
    N_("This finding is no nonconformity."),
    N_("Change its kind first, if it is one."),
)
_HAS_KIND = Guard(
    lambda case: bool(case.chosen("finding")["nc_kind"]),
    N_("The kind of nonconformity is not said."),
    N_("Change the finding and choose the kind of nonconformity."),
)
_NOT_RAISED = Guard(
    lambda case: not case.chosen("finding")["raised"],
    N_("A nonconformity has been raised from this finding already."),
    N_("Open that one."),
)
_KIND_SAID = Guard(
    lambda case: case.given["kind"] != "nonconformity" or bool(case.given["nc_kind"]),
    N_("The kind of nonconformity is not said."),
    N_("Choose the kind of nonconformity."),
)
_ALL_RAISED = Guard(
    lambda case: all(row["raised"] for row in case.parts["finding"] if row["kind"] == "nonconformity"),
    N_("A finding that is a nonconformity has not been raised as one."),
    N_("Raise it, or change its kind."),
)
_ALL_ANSWERED = Guard(
    lambda case: all(row["answer"] for row in case.parts["question"]),
    N_("A question of the checklist has no result."),
    N_("Give each question its result, or remove it."),
)
_BY_TODAY = Guard(
    lambda case: case.given["carried_out_on"] <= case.today,
    N_("The audit is said to have been carried out on a day to come."),
    N_("Record it once it is done."),
)
_AHEAD = Guard(
    lambda case: case.given["planned_on"] >= case.today,
    N_("The date is in the past."),
    N_("Choose today or a later day."),
)

_OPEN = ("planned", "in_progress", "reporting", "acceptance")
_PREPARED = ("planned", "in_progress")
_FOUND_IN = ("in_progress", "reporting")
# Who has left the university writes no report.
_WRITTEN = ("planned", *_FOUND_IN)
_AUDITORS = (Role.AUDITOR,)
_PLANNED_ON = Field(
    "planned_on",
    Text("Качан өтөт", "Когда проводится", "Planned for"),
    "date",
    help=Text(
        "Бөлүмдө иш башталган күн; жылдык программада аудит ушул айда турат.",
        "Первый день в подразделении; по нему аудит стоит в своём месяце годовой программы.",
        "The first day in the unit; it puts the audit into its month of the year's programme.",
    ),
)
_LEAD = Field(
    "lead_auditor",
    Text("Аудиттин жетекчиси", "Ведущий аудитор", "Lead auditor"),
    "person",
    help=Text(
        "Даярдайт, өткөрөт жана отчётуна жооп берет. Текшерилүүчү бөлүмдө иштебеген адам.",
        "Готовит, проводит и отвечает за отчёт. Не работает в проверяемом подразделении.",
        "Prepares it, conducts it and answers for the report. Does not work in the unit that is audited.",
    ),
)
_TEAM = Field(
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

STEPS = (
    Step(
        "planned",
        Text("пландаштырылды", "запланирован", "planned"),
        owner=Role.AUDITOR,
        task=Text("Даярданып, аудитти баштоо", "Подготовить и начать аудит", "Prepare and begin the audit"),
        deadline=Deadline(on="planned_on"),
        ladder=STANDARD,
    ),
    Step(
        "in_progress",
        Text("өтүп жатат", "проводится", "in progress"),
        owner=Role.AUDITOR,
        task=Text(
            "Аудитти өткөрүп, табылгаларды жазуу", "Провести аудит, записать выводы", "Audit and record what is found"
        ),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "reporting",
        Text("отчёт жазылууда", "составляется отчёт", "reporting"),
        owner=Role.AUDITOR,
        task=Text("Отчётту тапшыруу", "Представить отчёт", "Submit the report"),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "acceptance",
        Text("отчёт каралууда", "отчёт рассматривается", "report under review"),
        owner=Role.QUALITY_SPECIALIST,
        otherwise=Role.VICE_RECTOR,
        task=Text("Отчётту кабыл алуу же кайтаруу", "Принять отчёт или вернуть", "Accept the report or return it"),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step("accepted", Text("аяктады", "завершён", "completed"), kind=Kind.FINAL),
    Step("cancelled", Text("жокко чыгарылды", "отменён", "cancelled"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "begin",
        Text("Аудитти баштоо", "Начать аудит", "Begin the audit"),
        ("planned",),
        (Way("in_progress"),),
        done=Text("Аудит башталды", "Аудит начат", "Audit begun"),
        by=_AUDITORS,
        tells=(Role.OWNER,),
    ),
    Move(
        "reschedule",
        Text("Күнүн жылдыруу", "Перенести", "Reschedule"),
        ("planned",),
        (Way("planned"),),
        done=Text("Күнү жылдырылды", "Перенесён", "Rescheduled"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            _PLANNED_ON,
            replace(
                REASON,
                help=Text(
                    "Белгиленген күн эмне үчүн туура келбейт: аудиторлор да, бөлүм да окуйт.",
                    "Почему назначенный день не подходит: это прочтут аудиторы и подразделение.",
                    "Why the day that was set will not do: the auditors and the unit will read it.",
                ),
            ),
        ),
        guards=(_AHEAD,),
        sets={"planned_on": _given("planned_on")},
        tells=(Role.AUDITOR, Role.OWNER),
        tone=Tone.BACK,
    ),
    Move(
        "appoint",
        Text("Аудиторлорду алмаштыруу", "Заменить аудиторов", "Change the auditors"),
        _WRITTEN,
        staying_in(_WRITTEN),
        done=Text("Аудиторлор алмаштырылды", "Аудиторы заменены", "Auditors changed"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            _LEAD,
            _TEAM,
            replace(
                REASON,
                help=Text(
                    "Ким эмне үчүн алмашты: катыша албайт, ушул бөлүмгө которулду, башка тажрыйба керек.",
                    "Кто и почему заменён: не может участвовать, перешёл в это подразделение, нужен другой опыт.",
                    "Who is replaced and why: cannot take part, has moved to this unit, other experience is needed.",
                ),
            ),
        ),
        guards=(_NOT_OF_THE_UNIT,),
        sets={"lead_auditor_id": _given("lead_auditor"), "auditors": lambda case: case.given["auditors"] or []},
        tells=(Role.AUDITOR,),
        tone=Tone.ASIDE,
    ),
    Move(
        "add_question",
        Text("Суроо кошуу", "Добавить вопрос", "Add a question"),
        _PREPARED,
        staying_in(_PREPARED),
        done=Text("Суроо кошулду", "Вопрос добавлен", "Question added"),
        by=(*_AUDITORS, Role.QUALITY_SPECIALIST),
        records=QUESTION.fields,
        tone=Tone.ASIDE,
        adds="question",
    ),
    Move(
        "answer_question",
        Text("Суроонун жыйынтыгын жазуу", "Записать результат вопроса", "Record a question's result"),
        _PREPARED,
        staying_in(_PREPARED),
        done=Text("Суроонун жыйынтыгы жазылды", "Результат вопроса записан", "Question's result recorded"),
        by=_AUDITORS,
        records=(QUESTION.which, *QUESTION.fields),
        tone=Tone.ASIDE,
        amends="question",
    ),
    Move(
        "remove_question",
        Text("Суроону алып салуу", "Удалить вопрос", "Remove a question"),
        _PREPARED,
        staying_in(_PREPARED),
        done=Text("Суроо алынды", "Вопрос удалён", "Question removed"),
        by=(*_AUDITORS, Role.QUALITY_SPECIALIST),
        records=(QUESTION.which,),
        tone=Tone.ASIDE,
        removes="question",
    ),
    Move(
        "add_finding",
        Text("Табылга жазуу", "Записать вывод", "Record a finding"),
        _FOUND_IN,
        staying_in(_FOUND_IN),
        done=Text("Табылга жазылды", "Вывод записан", "Finding recorded"),
        by=_AUDITORS,
        records=FINDING.fields,
        guards=(_KIND_SAID,),
        tone=Tone.ASIDE,
        adds="finding",
    ),
    Move(
        "amend_finding",
        Text("Табылганы өзгөртүү", "Изменить вывод", "Change a finding"),
        _FOUND_IN,
        staying_in(_FOUND_IN),
        done=Text("Табылга өзгөртүлдү", "Вывод изменён", "Finding changed"),
        by=_AUDITORS,
        records=(FINDING.which, *FINDING.fields),
        guards=(_NOT_RAISED, _KIND_SAID),
        tone=Tone.ASIDE,
        amends="finding",
    ),
    Move(
        "remove_finding",
        Text("Табылганы алып салуу", "Удалить вывод", "Remove a finding"),
        _FOUND_IN,
        staying_in(_FOUND_IN),
        done=Text("Табылга алынды", "Вывод удалён", "Finding removed"),
        by=_AUDITORS,
        records=(FINDING.which,),
        guards=(_NOT_RAISED,),
        tone=Tone.ASIDE,
        removes="finding",
    ),
    Move(
        "raise_nonconformity",
        Text("Туура келбөөчүлүк ачуу", "Открыть несоответствие", "Raise a nonconformity"),
        _FOUND_IN,
        staying_in(_FOUND_IN),
        done=Text("Туура келбөөчүлүк ачылды", "Несоответствие открыто", "Nonconformity raised"),
        by=_AUDITORS,
        records=(FINDING.which,),
        guards=(_IS_NONCONFORMITY, _HAS_KIND, _NOT_RAISED),
        amends="finding",
        marks={"raised": lambda case: True},
        then=(
            Then(
                "new",
                opens="nonconformity",
                gives={
                    "title": _of_finding("title"),
                    "found": _of_finding("found"),
                    "nc_kind": _of_finding("nc_kind"),
                    "source": lambda case: "internal_audit",
                    "found_on": lambda case: case.fields["carried_out_on"] or case.today,
                    "requirement": _of_finding("requirement"),
                    "requirement_document": _of_finding("requirement_document_id"),
                    "clause": _of_finding("clause"),
                    "process": lambda case: case.fields["process_id"],
                    "unit": lambda case: case.fields["unit_id"],
                },
            ),
        ),
        tone=Tone.ASIDE,
    ),
    Move(
        "finish",
        Text("Аудитти бүтүрүү", "Завершить проверку", "Finish auditing"),
        ("in_progress",),
        (Way("reporting"),),
        done=Text("Аудит өтүп бүттү", "Проверка завершена", "Auditing finished"),
        by=_AUDITORS,
        records=(
            Field(
                "carried_out_on",
                Text("Өткөн күнү", "Дата проведения", "Carried out on"),
                "date",
                help=Text(
                    "Бөлүмдөгү акыркы күн: мындан кийин ачылган туура келбөөчүлүктөр ушул күн менен жазылат.",
                    "Последний день в подразделении: им будут датированы несоответствия, открытые после этого.",
                    "The last day in the unit: nonconformities raised after this are dated by it.",
                ),
            ),
            Field(
                "talked_to",
                Text("Ким менен сүйлөшүлдү", "С кем беседовали", "Who was spoken to"),
                required=False,
                help=Text(
                    "Аты-жөнү жана кызматы, бөлүмдүн жетекчисинен баштап.",
                    "Имена и должности, начиная с руководителя подразделения.",
                    "Names and posts, the head of the unit first.",
                ),
            ),
        ),
        guards=(_BY_TODAY, _ALL_ANSWERED),
        sets={"carried_out_on": _given("carried_out_on"), "talked_to": _given("talked_to")},
    ),
    Move(
        "report",
        Text("Отчётту тапшыруу", "Представить отчёт", "Submit the report"),
        ("reporting",),
        (Way("acceptance"),),
        done=Text("Отчёт тапшырылды", "Отчёт представлен", "Report submitted"),
        by=_AUDITORS,
        records=(
            Field(
                "conclusion",
                Text("Корутунду", "Заключение", "Conclusion"),
                help=Text(
                    "Критерийлер канчалык сакталат, эң маанилүү табылгалар, күчтүү жактары.",
                    "Насколько соблюдаются критерии, главные выводы, сильные стороны.",
                    "How far the criteria are met, what matters most among the findings, what is done well.",
                ),
            ),
        ),
        guards=(_ALL_RAISED,),
        sets={"conclusion": _given("conclusion")},
        tells=(Role.OWNER,),
        signs=Meaning.ENDORSED,
    ),
    Move(
        "accept",
        Text("Отчётту кабыл алуу", "Принять отчёт", "Accept the report"),
        ("acceptance",),
        (Way("accepted"),),
        done=Text("Отчёт кабыл алынды", "Отчёт принят", "Report accepted"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        never_by=_AUDITORS,
        records=(
            Field(
                "note",
                Text("Эскертме", "Примечание", "Note"),
                required=False,
                help=Text(
                    "Аудиторлорго жана бөлүмгө айтарыңыз болсо.",
                    "Если есть что сказать аудиторам и подразделению.",
                    "If there is anything to tell the auditors and the unit.",
                ),
            ),
        ),
        tells=(Role.AUDITOR, Role.OWNER),
        signs=Meaning.APPROVED,
    ),
    Move(
        "return_report",
        Text("Отчётту кайтаруу", "Вернуть отчёт", "Return the report"),
        ("acceptance",),
        (Way("reporting"),),
        done=Text("Отчёт кайтарылды", "Отчёт возвращён", "Report returned"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        never_by=_AUDITORS,
        records=(
            replace(
                REASON,
                help=Text(
                    "Отчётто эмне жетишпейт: кайсы табылга, кайсы далил, кайсы жери түшүнүксүз.",
                    "Чего не хватает в отчёте: какого вывода, какого свидетельства, что неясно.",
                    "What the report lacks: which finding, which evidence, what is not clear.",
                ),
            ),
        ),
        tone=Tone.BACK,
    ),
    Move(
        "cancel",
        Text("Аудитти жокко чыгаруу", "Отменить аудит", "Cancel the audit"),
        ("planned", "in_progress"),
        (Way("cancelled"),),
        done=Text("Аудит жокко чыгарылды", "Аудит отменён", "Audit cancelled"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн өтпөйт жана бул бөлүм анын ордуна качан текшерилет.",
                    "Почему не состоится и когда это подразделение проверят вместо того.",
                    "Why it will not take place, and when the unit is to be audited instead.",
                ),
            ),
        ),
        guards=(
            Guard(
                lambda case: not case.open_children,
                N_("A nonconformity raised from it is open."),
                N_("Finish the audit with its report."),
            ),
        ),
        tells=(Role.AUDITOR, Role.OWNER),
        tone=Tone.STOP,
    ),
    *moves_of_evidence(_OPEN, _AUDITORS),
)

LIFECYCLE = Lifecycle(
    name="audit",
    collection="audits",
    label=Text("ички аудит", "внутренний аудит", "internal audit"),
    plural=Text("ички аудиттер", "внутренние аудиты", "internal audits"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field(
            "title",
            Text("Аталышы", "Название", "Title"),
            "line",
            help=Text(
                "Бөлүм, тема жана жыл. Мисалы: «Китепкана: фондду толуктоо, 2026».",
                "Подразделение, тема и год. Например: «Библиотека: комплектование фонда, 2026».",
                "Unit, topic and year. For example: “Library: acquisitions, 2026.”",
            ),
        ),
        _PLANNED_ON,
        Field(
            "process",
            Text("Процесс", "Процесс", "Process"),
            "process",
            required=False,
            help=Text(
                "Бир нечеси текшерилсе, негизгисин тандап, калганын чөйрөсүндө атаңыз.",
                "Если проверяется несколько, выберите главный, остальные назовите в области.",
                "If several are audited, choose the main one and name the others in the scope.",
            ),
        ),
        Field(
            "unit",
            Text("Бөлүм", "Подразделение", "Unit"),
            "unit",
            help=Text(
                "Текшериле турган жер. Аудиторлор мында иштебеши керек.",
                "Кого проверяют. Аудиторы не должны здесь работать.",
                "Who is audited. The auditors must not work there.",
            ),
        ),
        Field(
            "scope",
            Text("Чөйрөсү", "Область", "Scope"),
            required=False,
            help=Text(
                "Эмне кирет, эмне кирбейт: иштер, жайлар, кайсы мезгил.",
                "Что входит и что не входит: виды работ, места, за какое время.",
                "What is covered and what is not: activities, places, which period.",
            ),
        ),
        Field(
            "criteria",
            Text("Критерийлер", "Критерии", "Criteria"),
            help=Text(
                "Эмнеге салыштырылат: стандарттын пункттары, документтер, мыйзамдар.",
                "С чем сравнивается: пункты стандарта, документы, законы.",
                "What it is compared with: clauses, documents, laws.",
            ),
        ),
        _LEAD,
        _TEAM,
    ),
    opened_by=(Role.QUALITY_SPECIALIST,),
    opening_guards=(_AHEAD, _NOT_OF_THE_UNIT),
    prefix="IA",
    read_by=(
        *(Role.AUDITOR, Role.OWNER, Role.RELATED, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.HOLDER),
        *(Role.TOLD, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "scope", "criteria", "conclusion"),
    parts=(QUESTION, FINDING, EVIDENCE),
    played_by={Role.AUDITOR: ("lead_auditor_id", "auditors")},
)
