"""The internal audit: planned → in progress → reporting → accepted; its findings become nonconformities.

ISO 9001:2015, 9.2: a programme at planned intervals, criteria and scope of each audit, auditors who are objective and
impartial, results reported to those concerned, corrections without undue delay. ISO 19011:2018, 6: the steps.
"""

from states import audit_fields as fields
from states import audit_rules as rules
from states.asides import staying_in
from states.evidence import EVIDENCE, moves_of_evidence
from states.ladders import STANDARD
from states.lifecycle import Deadline, Kind, Lifecycle, Meaning, Move, Step, Tone, Way
from states.parts import adding, amending, removing
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.text import Text
from states.values import given

_OPEN = ("planned", "in_progress", "reporting", "acceptance")
_PREPARED = ("planned", "in_progress")
_FOUND_IN = ("in_progress", "reporting")
# Who has left the university writes no report.
_WRITTEN = ("planned", *_FOUND_IN)
_AUDITORS = (Role.AUDITOR,)

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("planned", Text("пландаштырылды", "запланирован", "planned"), owner=Role.AUDITOR,
         task=Text("Даярданып, аудитти баштоо", "Подготовить и начать аудит", "Prepare and begin the audit"),
         deadline=Deadline(on="planned_on"), ladder=STANDARD),
    Step("in_progress", Text("өтүп жатат", "проводится", "in progress"), owner=Role.AUDITOR,
         task=Text("Аудитти өткөрүп, табылгаларды жазуу", "Провести аудит, записать выводы",
                   "Audit and record what is found"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("reporting", Text("отчёт жазылууда", "составляется отчёт", "reporting"), owner=Role.AUDITOR,
         task=Text("Отчётту тапшыруу", "Представить отчёт", "Submit the report"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("acceptance", Text("отчёт каралууда", "отчёт рассматривается", "report under review"),
         owner=Role.QUALITY_SPECIALIST, otherwise=Role.VICE_RECTOR,
         task=Text("Отчётту кабыл алуу же кайтаруу", "Принять отчёт или вернуть", "Accept the report or return it"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("accepted", Text("аяктады", "завершён", "completed"), kind=Kind.FINAL),
    Step("cancelled", Text("жокко чыгарылды", "отменён", "cancelled"), kind=Kind.FINAL),
)

MOVES = (
    Move("begin", Text("Аудитти баштоо", "Начать аудит", "Begin the audit"),
         done=Text("Аудит башталды", "Аудит начат", "Audit begun"),
         sources=("planned",), ways=(Way("in_progress"),), by=_AUDITORS,
         tells=(Role.OWNER,)),
    Move("reschedule", Text("Күнүн жылдыруу", "Перенести", "Reschedule"),
         done=Text("Күнү жылдырылды", "Перенесён", "Rescheduled"),
         sources=("planned",), ways=(Way("planned"),), by=(Role.QUALITY_SPECIALIST,),
         records=(fields.PLANNED_ON, fields.WHY_RESCHEDULED), guards=(rules.AHEAD,),
         sets={"planned_on": given("planned_on")},
         tells=(Role.AUDITOR, Role.OWNER), tone=Tone.BACK),
    Move("appoint", Text("Аудиторлорду алмаштыруу", "Заменить аудиторов", "Change the auditors"),
         done=Text("Аудиторлор алмаштырылды", "Аудиторы заменены", "Auditors changed"),
         sources=_WRITTEN, ways=staying_in(_WRITTEN), by=(Role.QUALITY_SPECIALIST,),
         records=(fields.LEAD, fields.TEAM, fields.WHY_REPLACED), guards=(rules.NOT_OF_THE_UNIT,),
         sets={"lead_auditor_id": given("lead_auditor"), "auditors": lambda case: case.given["auditors"] or []},
         tells=(Role.AUDITOR,), tone=Tone.ASIDE),
    adding(fields.QUESTION, "add_question", Text("Суроо кошуу", "Добавить вопрос", "Add a question"),
           done=Text("Суроо кошулду", "Вопрос добавлен", "Question added"),
           sources=_PREPARED, by=(*_AUDITORS, Role.QUALITY_SPECIALIST)),
    amending(fields.QUESTION, "answer_question",
             Text("Суроонун жыйынтыгын жазуу", "Записать результат вопроса", "Record a question's result"),
             done=Text("Суроонун жыйынтыгы жазылды", "Результат вопроса записан", "Question's result recorded"),
             sources=_PREPARED, by=_AUDITORS),
    removing(fields.QUESTION, "remove_question", Text("Суроону алып салуу", "Удалить вопрос", "Remove a question"),
             done=Text("Суроо алынды", "Вопрос удалён", "Question removed"),
             sources=_PREPARED, by=(*_AUDITORS, Role.QUALITY_SPECIALIST)),
    adding(fields.FINDING, "add_finding", Text("Табылга жазуу", "Записать вывод", "Record a finding"),
           done=Text("Табылга жазылды", "Вывод записан", "Finding recorded"),
           sources=_FOUND_IN, by=_AUDITORS, guards=(rules.KIND_SAID,)),
    amending(fields.FINDING, "amend_finding", Text("Табылганы өзгөртүү", "Изменить вывод", "Change a finding"),
             done=Text("Табылга өзгөртүлдү", "Вывод изменён", "Finding changed"),
             sources=_FOUND_IN, by=_AUDITORS, guards=(rules.NOT_RAISED, rules.KIND_SAID)),
    removing(fields.FINDING, "remove_finding", Text("Табылганы алып салуу", "Удалить вывод", "Remove a finding"),
             done=Text("Табылга алынды", "Вывод удалён", "Finding removed"),
             sources=_FOUND_IN, by=_AUDITORS, guards=(rules.NOT_RAISED,)),
    Move("raise_nonconformity", Text("Туура келбөөчүлүк ачуу", "Открыть несоответствие", "Raise a nonconformity"),
         done=Text("Туура келбөөчүлүк ачылды", "Несоответствие открыто", "Nonconformity raised"),
         sources=_FOUND_IN, ways=staying_in(_FOUND_IN), by=_AUDITORS,
         records=(fields.FINDING.which,), guards=(rules.IS_NONCONFORMITY, rules.HAS_KIND, rules.NOT_RAISED),
         amends="finding", marks={"raised": lambda case: True},
         then=(rules.BECOMES_A_NONCONFORMITY,), tone=Tone.ASIDE),
    Move("finish", Text("Аудитти бүтүрүү", "Завершить проверку", "Finish auditing"),
         done=Text("Аудит өтүп бүттү", "Проверка завершена", "Auditing finished"),
         sources=("in_progress",), ways=(Way("reporting"),), by=_AUDITORS,
         records=(fields.CARRIED_OUT_ON, fields.TALKED_TO), guards=(rules.BY_TODAY, rules.ALL_ANSWERED),
         sets={"carried_out_on": given("carried_out_on"), "talked_to": given("talked_to")}),
    Move("report", Text("Отчётту тапшыруу", "Представить отчёт", "Submit the report"),
         done=Text("Отчёт тапшырылды", "Отчёт представлен", "Report submitted"),
         sources=("reporting",), ways=(Way("acceptance"),), by=_AUDITORS,
         records=(fields.CONCLUSION,), guards=(rules.ALL_RAISED,),
         sets={"conclusion": given("conclusion")},
         tells=(Role.OWNER,), signs=Meaning.ENDORSED),
    Move("accept", Text("Отчётту кабыл алуу", "Принять отчёт", "Accept the report"),
         done=Text("Отчёт кабыл алынды", "Отчёт принят", "Report accepted"),
         sources=("acceptance",), ways=(Way("accepted"),),
         by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR), never_by=_AUDITORS,
         records=(fields.NOTE,),
         tells=(Role.AUDITOR, Role.OWNER), signs=Meaning.APPROVED),
    Move("return_report", Text("Отчётту кайтаруу", "Вернуть отчёт", "Return the report"),
         done=Text("Отчёт кайтарылды", "Отчёт возвращён", "Report returned"),
         sources=("acceptance",), ways=(Way("reporting"),),
         by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR), never_by=_AUDITORS,
         records=(fields.WHAT_IT_LACKS,),
         tone=Tone.BACK),
    Move("cancel", Text("Аудитти жокко чыгаруу", "Отменить аудит", "Cancel the audit"),
         done=Text("Аудит жокко чыгарылды", "Аудит отменён", "Audit cancelled"),
         sources=("planned", "in_progress"), ways=(Way("cancelled"),), by=(Role.QUALITY_SPECIALIST,),
         records=(fields.WHY_CANCELLED,), guards=(rules.NOTHING_OPEN_FROM_IT,),
         tells=(Role.AUDITOR, Role.OWNER), tone=Tone.STOP),
    *moves_of_evidence(_OPEN, _AUDITORS),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="audit",
    collection="audits",
    label=Text("ички аудит", "внутренний аудит", "internal audit"),
    plural=Text("ички аудиттер", "внутренние аудиты", "internal audits"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        fields.AUDIT_TITLE,
        fields.PLANNED_ON,
        fields.PROCESS,
        fields.UNIT,
        fields.SCOPE,
        fields.CRITERIA,
        fields.LEAD,
        fields.TEAM,
    ),
    opened_by=(Role.QUALITY_SPECIALIST,),
    opening_guards=(rules.AHEAD, rules.NOT_OF_THE_UNIT),
    prefix="IA",
    read_by=(Role.AUDITOR, Role.OWNER, Role.RELATED, *ITS_UNIT, *ITS_TASK, *OVERSEERS),
    signs_over=("title", "scope", "criteria", "conclusion"),
    parts=(fields.QUESTION, fields.FINDING, EVIDENCE),
    played_by={Role.AUDITOR: ("lead_auditor_id", "auditors")},
)
