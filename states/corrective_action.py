"""The corrective action, which serves preventive ones too: planned → approved → in progress → implemented → closed.

A corrective action removes the cause of a nonconformity, a preventive one that of a potential nonconformity. The due
date is locked: more time is a request with a reason and an approval, and the original date stays visible. TalSU quality
manual, section 11: the vice-rector for academic affairs answers for preventive actions.
"""

from states import corrective_action_fields as fields
from states import corrective_action_rules as rules
from states.asides import staying_in
from states.evidence import EVIDENCE, moves_of_evidence
from states.ladders import STANDARD
from states.lifecycle import Deadline, Kind, Lifecycle, Meaning, Move, Step, Then, Tone, Way
from states.reassigning import reassigning
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.text import Text
from states.values import given, given_or_kept, nothing, on_that_day, one_more
from states.work_steps import WORK_STEP, moves_of_work_steps

# The vice-rector answers for preventive actions, and so may be the owner who asks for more time.
_APPROVERS = (Role.VICE_RECTOR, Role.RECTOR)
_CHECKERS = (Role.CHECKER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR)
# Who carried it out does not verify that it was effective, whatever post they hold by then.
_NOT_THEIR_OWN = (Role.OWNER, Role.DOER)
# The quality representative of the unit works for its head.
_WORKERS = (Role.OWNER, Role.QUALITY_REPRESENTATIVE)
_CHECKED = {"checked_on": on_that_day, "rationale": given("rationale")}
_PARENT_GOES_ON = (Then("parent", "actions_done"),)
_BEFORE_DONE = ("planned", "approval", "approved", "in_progress", "extension_requested", "cancellation_requested")
_UNDER_WAY = ("approved", "in_progress", "extension_requested", "cancellation_requested")
_OPEN = (*_BEFORE_DONE, "implemented")

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("planned", Text("пландаштырылды", "запланировано", "planned"), owner=Role.OWNER,
         task=Text("Планды бекитүүгө жөнөтүү", "Отправить план на утверждение", "Submit the plan for approval"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("approval", Text("бекитүүдө", "на утверждении", "approval"), owner=Role.VICE_RECTOR, otherwise=Role.RECTOR,
         task=Text("Планды бекитүү же кайтаруу", "Утвердить план или вернуть", "Approve the plan or return it"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("approved", Text("бекитилди", "утверждено", "approved"), owner=Role.OWNER,
         task=Text("Аткарууну баштоо", "Начать выполнение", "Start the work"),
         deadline=Deadline(days=3), ladder=STANDARD),
    Step("in_progress", Text("аткарылууда", "выполняется", "in progress"), owner=Role.OWNER,
         task=Text("Аткарып, далилин жазуу", "Выполнить и записать свидетельства",
                   "Carry it out and record the evidence"),
         deadline=Deadline(on="due_on"), ladder=STANDARD),
    Step("extension_requested", Text("узартуу суралды", "запрошено продление", "extension requested"),
         owner=Role.VICE_RECTOR, otherwise=Role.RECTOR,
         task=Text("Узартуу боюнча чечим кабыл алуу", "Принять решение о продлении", "Decide on the extension"),
         deadline=Deadline(days=3), ladder=STANDARD, beside="in_progress"),
    Step("cancellation_requested", Text("жокко чыгаруу суралды", "запрошена отмена", "cancellation requested"),
         owner=Role.VICE_RECTOR, otherwise=Role.RECTOR,
         task=Text("Жокко чыгаруу боюнча чечим кабыл алуу", "Принять решение об отмене", "Decide on the cancellation"),
         deadline=Deadline(days=3), ladder=STANDARD, beside="in_progress"),
    Step("implemented", Text("аткарылды", "выполнено", "implemented"), owner=Role.CHECKER, otherwise=Role.VICE_RECTOR,
         task=Text("Натыйжалуулугун текшерүү", "Проверить результативность", "Check the effectiveness"),
         deadline=Deadline(on="check_on"), ladder=STANDARD),
    Step("closed", Text("жабылды", "закрыто", "closed"), kind=Kind.FINAL),
    Step("ineffective", Text("натыйжасыз", "нерезультативно", "ineffective"), kind=Kind.FINAL),
    Step("cancelled", Text("жокко чыгарылды", "отменено", "cancelled"), kind=Kind.FINAL),
)

MOVES = (
    Move("submit", Text("Бекитүүгө жөнөтүү", "Отправить на утверждение", "Submit for approval"),
         done=Text("Бекитүүгө жөнөтүлдү", "Отправлено на утверждение", "Submitted for approval"),
         sources=("planned",), ways=(Way("approval"),), by=(Role.OWNER, Role.CLOCK),
         records=(fields.BETTER_CRITERION, fields.OTHER_DAY),
         guards=(rules.AHEAD, rules.is_within(rules.planned_for)),
         sets={"criterion": given_or_kept("criterion"),
               "due_on": rules.planned_for,
               "original_due_on": rules.first_planned_for}),
    Move("approve", Text("Бекитүү", "Утвердить", "Approve"), done=Text("Бекитилди", "Утверждено", "Approved"),
         sources=("approval",), ways=(Way("approved"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.NOTE_TO_THE_OWNER, fields.CHECKER_POST), guards=(rules.NOT_THE_OWNER,),
         sets={"checker_post_id": given_or_kept("checker_post", "checker_post_id")},
         signs=Meaning.APPROVED),
    Move("return_plan", Text("Планды кайтаруу", "Вернуть план", "Return the plan"),
         done=Text("План кайтарылды", "План возвращён", "Plan returned"),
         sources=("approval",), ways=(Way("planned"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.WHY_RETURNED,),
         tone=Tone.BACK),
    Move("withdraw", Text("Планды кайтарып алуу", "Отозвать план", "Withdraw the plan"),
         done=Text("План кайтарып алынды", "План отозван", "Plan withdrawn"),
         sources=("planned",), ways=(Way("cancelled"),), by=(Role.OWNER,),
         records=(fields.WHY_WITHDRAWN,),
         then=_PARENT_GOES_ON, tells=(Role.QUALITY_SPECIALIST,), tone=Tone.STOP),
    Move("start", Text("Баштоо", "Начать", "Start"), done=Text("Башталды", "Начато", "Started"),
         sources=("approved",), ways=(Way("in_progress"),), by=_WORKERS),
    Move("implement", Text("Аткарылды", "Выполнено", "Implemented"),
         done=Text("Аткарылды", "Выполнено", "Implemented"),
         sources=_UNDER_WAY, ways=(Way("implemented"),), by=_WORKERS,
         records=(fields.EVIDENCE, fields.IMPLEMENTED_ON, fields.CHECK_ON),
         guards=(rules.DONE_BY_TODAY, rules.CHECK_IN_TIME, rules.STEPS_DONE),
         sets={"evidence": given("evidence"),
               "implemented_on": given("implemented_on"),
               "implemented_by_id": lambda case: case.actor,
               "implemented_for_id": lambda case: case.acting_for,
               "check_on": rules.check_on}),
    Move("request_extension", Text("Узартууну суроо", "Запросить продление", "Request an extension"),
         done=Text("Узартуу суралды", "Запрошено продление", "Extension requested"),
         sources=("in_progress",), ways=(Way("extension_requested"),), by=_WORKERS,
         records=(fields.NEW_DUE_ON, fields.WHY_MORE_TIME), guards=(rules.LATER,),
         sets={"requested_due_on": given("new_due_on"), "extension_reason": given("reason")},
         tone=Tone.BACK),
    Move("grant_extension", Text("Узартууга уруксат берүү", "Продлить срок", "Grant the extension"),
         done=Text("Узартууга уруксат берилди", "Срок продлён", "Extension granted"),
         sources=("extension_requested",), ways=(Way("in_progress"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.OTHER_DUE_ON, fields.CONDITION), guards=(rules.STILL_AHEAD,),
         sets={"due_on": given_or_kept("other_due_on", "requested_due_on"),
               "extensions": one_more("extensions"),
               "requested_due_on": nothing},
         then=(rules.TAKES_ALONG,), tells=(Role.OWNER, Role.QUALITY_SPECIALIST), signs=Meaning.APPROVED),
    Move("refuse_extension", Text("Узартууга уруксат бербөө", "Отказать в продлении", "Refuse the extension"),
         done=Text("Узартууга уруксат берилген жок", "В продлении отказано", "Extension refused"),
         sources=("extension_requested",), ways=(Way("in_progress"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.WHY_NO_MORE_TIME,),
         sets={"requested_due_on": nothing},
         tells=(Role.OWNER,), tone=Tone.BACK),
    Move("find_effective", Text("Натыйжалуу", "Результативно", "Effective"),
         done=Text("Натыйжалуу деп табылды", "Признано результативным", "Found effective"),
         sources=("implemented",), ways=(Way("closed"),), by=_CHECKERS, never_by=_NOT_THEIR_OWN,
         records=(fields.WHY_EFFECTIVE,),
         sets=_CHECKED,
         then=_PARENT_GOES_ON, tells=(Role.OWNER,), signs=Meaning.VERIFIED),
    Move("find_ineffective", Text("Натыйжасыз", "Нерезультативно", "Not effective"),
         done=Text("Натыйжасыз деп табылды", "Признано нерезультативным", "Found not effective"),
         sources=("implemented",),
         # What hangs on a nonconformity sends that back to its causes; one that stands alone is planned anew.
         ways=(Way("ineffective", when=lambda case: bool(case.fields["parent_id"])), Way("planned")),
         by=_CHECKERS, never_by=_NOT_THEIR_OWN,
         records=(fields.WHY_INEFFECTIVE,),
         sets=_CHECKED,
         then=(Then("parent", "analyse_again", gives={"reason": "rationale"}),), tells=(Role.OWNER, Role.VICE_RECTOR),
         signs=Meaning.VERIFIED, tone=Tone.STOP),
    Move("find_inconclusive", Text("Азырынча айтууга болбойт", "Пока нельзя сказать", "Inconclusive"),
         done=Text("Натыйжасы азырынча белгисиз", "Результат пока неясен", "Found inconclusive"),
         sources=("implemented",), ways=(Way("implemented"),), by=_CHECKERS, never_by=_NOT_THEIR_OWN,
         records=(fields.WHY_INCONCLUSIVE, fields.CHECK_AGAIN_ON), guards=(rules.CHECK_AHEAD,),
         sets={**_CHECKED, "check_on": given("check_on"), "checks": one_more("checks")},
         tells=(Role.OWNER, Role.QUALITY_SPECIALIST), signs=Meaning.VERIFIED, tone=Tone.BACK),
    Move("return_work", Text("Далил жетишсиз", "Свидетельств недостаточно", "Evidence is not enough"),
         done=Text("Далил жетишсиз деп кайтарылды", "Возвращено: свидетельств недостаточно",
                   "Returned: evidence is not enough"),
         sources=("implemented",), ways=(Way("in_progress"),), by=_CHECKERS, never_by=_NOT_THEIR_OWN,
         records=(fields.DUE_AGAIN_ON, fields.WHAT_IS_NOT_SHOWN), guards=(rules.AHEAD,),
         sets={"due_on": given("due_on")},
         then=(rules.TAKES_ALONG,), tone=Tone.BACK),
    Move("extend", Text("Мөөнөтүн узартуу", "Продлить без запроса", "Extend"),
         done=Text("Мөөнөтү узартылды", "Продлено без запроса", "Extended"),
         sources=("in_progress",), ways=(Way("in_progress"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.NEW_DUE_ON, fields.WHY_EXTENDED), guards=(rules.LATER,),
         sets={"due_on": given("new_due_on"), "extensions": one_more("extensions")},
         then=(rules.TAKES_ALONG,), tells=(Role.OWNER, Role.QUALITY_SPECIALIST), signs=Meaning.APPROVED),
    Move("request_cancellation", Text("Жокко чыгарууну суроо", "Запросить отмену", "Request cancellation"),
         done=Text("Жокко чыгаруу суралды", "Запрошена отмена", "Cancellation requested"),
         sources=("in_progress",), ways=(Way("cancellation_requested"),), by=_WORKERS,
         records=(fields.WHY_CANCEL,),
         sets={"cancellation_reason": given("reason")},
         tone=Tone.BACK),
    Move("refuse_cancellation", Text("Жокко чыгарууга уруксат бербөө", "Отказать в отмене", "Refuse the cancellation"),
         done=Text("Жокко чыгарууга уруксат берилген жок", "В отмене отказано", "Cancellation refused"),
         sources=("cancellation_requested",), ways=(Way("in_progress"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.WHY_NOT_CANCELLED,),
         tells=(Role.OWNER,), tone=Tone.BACK),
    Move("cancel", Text("Жокко чыгаруу", "Отменить", "Cancel"), done=Text("Жокко чыгарылды", "Отменено", "Cancelled"),
         sources=_BEFORE_DONE, ways=(Way("cancelled"),), by=_APPROVERS, never_by=(Role.OWNER,),
         records=(fields.WHY_CANCELLED,),
         then=_PARENT_GOES_ON, tells=(Role.OWNER, Role.QUALITY_SPECIALIST), signs=Meaning.APPROVED, tone=Tone.STOP),
    Move("link_causes", Text("Себептер менен байланыштыруу", "Связать с причинами", "Link to causes"),
         done=Text("Себептер менен байланыштырылды", "Связано с причинами", "Linked to causes"),
         sources=_BEFORE_DONE, ways=staying_in(_BEFORE_DONE), by=(Role.OWNER, Role.QUALITY_SPECIALIST),
         records=(fields.CAUSES,),
         sets={"causes": lambda case: case.given["causes"] or []},
         tone=Tone.ASIDE),
    reassigning(_BEFORE_DONE),
    *moves_of_work_steps(_BEFORE_DONE, _WORKERS),
    *moves_of_evidence(_OPEN, (*_WORKERS, Role.QUALITY_SPECIALIST), unless_in=("implemented",)),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="corrective_action",
    collection="actions",
    label=Text("иш аракет", "действие", "action"),
    plural=Text("иш аракеттер", "действия", "actions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        fields.TITLE,
        fields.ACTION_KIND,
        fields.DESCRIPTION,
        fields.CRITERION,
        fields.DUE_ON,
        fields.OWNER_POST,
        fields.UNIT,
        fields.RESOURCES,
        fields.CAUSES,
        fields.CHECKER_POST,
    ),
    opened_by=(Role.OWNER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
    prefix="CA",
    opening_guards=(rules.AHEAD, rules.NOT_WHO_DOES_IT, rules.is_within(given("due_on")), rules.CORRECTION_FIRST),
    child_of="nonconformity",
    opened_in=("action_planning", "acting", "correction"),
    read_by=(Role.AUTHOR, Role.OWNER, Role.RELATED, *ITS_UNIT, *ITS_TASK, Role.DOER, Role.CHECKER, *OVERSEERS),
    signs_over=("title", "action_kind", "criterion", "resources"),
    parts=(WORK_STEP, EVIDENCE),
    played_by={Role.DOER: ("implemented_by_id", "implemented_for_id"), Role.CHECKER: ("checker_post_id",)},
)
