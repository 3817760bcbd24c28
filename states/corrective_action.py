"""The corrective action, which serves preventive ones too: planned → approved → in progress → implemented → closed.

A corrective action removes the cause of a nonconformity, a preventive one that of a potential nonconformity. The due
date is locked: more time is a request with a reason and an approval, and the original date stays visible. TalSU quality
manual, section 11: the vice-rector for academic affairs answers for preventive actions.
"""

from datetime import date, timedelta

from states.document import REASON
from states.ladders import STANDARD
from states.lifecycle import Case, Choice, Deadline, Field, Guard, Kind, Lifecycle, Move, Step, Then, Tone, Way
from states.roles import Role
from states.text import N_, Text

KINDS = (
    Choice("corrective", Text("коррекциялык", "корректирующее", "corrective")),
    Choice("preventive", Text("алдын ала эскертүүчү", "предупреждающее", "preventive")),
)
CHECK_AFTER_DAYS = 30
CHECK_WITHIN_DAYS = 7


def _check_on(case: Case) -> date:
    # Recorded late, the check is not late already: its checker has a week.
    implemented_on: date = case.given["implemented_on"]
    check_on: date = case.given["check_on"] or implemented_on + timedelta(days=CHECK_AFTER_DAYS)
    return max(check_on, case.today + timedelta(days=CHECK_WITHIN_DAYS))


_LATER = Guard(
    lambda case: case.given["new_due_on"] > max(case.fields["due_on"], case.today),
    N_("The new date is not later than the due date and today."),
    N_("Ask for a later date."),
)
_STILL_AHEAD = Guard(
    lambda case: (case.given["other_due_on"] or case.fields["requested_due_on"]) >= case.today,
    N_("The date that was asked for has passed."),
    N_("Grant another date, or refuse."),
)
_AHEAD = Guard(
    lambda case: (case.given["due_on"] or case.fields["due_on"]) >= case.today,
    N_("The due date has passed."),
    N_("Choose today or a later day."),
)
_DONE_BY_TODAY = Guard(
    lambda case: case.given["implemented_on"] <= case.today,
    N_("The date of implementation is in the future."),
    N_("Record it once it is done."),
)

_RATIONALE = Field("rationale", Text("Негиздеме", "Обоснование", "Rationale"))
# The vice-rector answers for preventive actions, and so may be the owner who asks for more time.
_APPROVERS = (Role.VICE_RECTOR, Role.RECTOR)
_CHECKERS = (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR)
_PARENT_GOES_ON = (Then("parent", "actions_done"),)

STEPS = (
    Step(
        "planned",
        Text("пландаштырылды", "запланировано", "planned"),
        owner=Role.OWNER,
        task=Text("Планды бекитүүгө жөнөтүү", "Отправить план на утверждение", "Submit the plan for approval"),
        deadline=Deadline(working_days=5),
        ladder=STANDARD,
    ),
    Step(
        "approval",
        Text("бекитүүдө", "на утверждении", "approval"),
        owner=Role.VICE_RECTOR,
        otherwise=Role.RECTOR,
        task=Text("Планды бекитүү же кайтаруу", "Утвердить план или вернуть", "Approve the plan or return it"),
        deadline=Deadline(working_days=5),
        ladder=STANDARD,
    ),
    Step(
        "approved",
        Text("бекитилди", "утверждено", "approved"),
        owner=Role.OWNER,
        task=Text("Аткарууну баштоо", "Начать выполнение", "Start the work"),
        deadline=Deadline(working_days=3),
        ladder=STANDARD,
    ),
    Step(
        "in_progress",
        Text("аткарылууда", "выполняется", "in progress"),
        owner=Role.OWNER,
        task=Text(
            "Аткарып, далилин жазуу", "Выполнить и записать свидетельства", "Carry it out and record the evidence"
        ),
        deadline=Deadline(on="due_on"),
        ladder=STANDARD,
    ),
    Step(
        "extension_requested",
        Text("узартуу суралды", "запрошено продление", "extension requested"),
        owner=Role.VICE_RECTOR,
        otherwise=Role.RECTOR,
        task=Text("Узартуу боюнча чечим кабыл алуу", "Принять решение о продлении", "Decide on the extension"),
        deadline=Deadline(working_days=3),
        ladder=STANDARD,
        beside="in_progress",
    ),
    Step(
        "implemented",
        Text("аткарылды", "выполнено", "implemented"),
        owner=Role.QUALITY_SPECIALIST,
        otherwise=Role.VICE_RECTOR,
        task=Text("Натыйжалуулугун текшерүү", "Проверить результативность", "Check the effectiveness"),
        deadline=Deadline(on="check_on"),
        ladder=STANDARD,
    ),
    Step("closed", Text("жабылды", "закрыто", "closed"), kind=Kind.FINAL),
    Step("ineffective", Text("натыйжасыз", "нерезультативно", "ineffective"), kind=Kind.FINAL),
    Step("cancelled", Text("жокко чыгарылды", "отменено", "cancelled"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "submit",
        Text("Бекитүүгө жөнөтүү", "Отправить на утверждение", "Submit for approval"),
        ("planned",),
        (Way("approval"),),
        by=(Role.OWNER, Role.CLOCK),
        records=(
            Field(
                "criterion",
                Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion"),
                required=False,
            ),
            Field("due_on", Text("Мөөнөтү", "Срок", "Due date"), "date", required=False),
        ),
        guards=(_AHEAD,),
        # Until it is approved the plan may still change, and its due date with it.
        sets={
            "criterion": lambda case: case.given["criterion"] or case.fields["criterion"],
            "due_on": lambda case: case.given["due_on"] or case.fields["due_on"],
            "original_due_on": lambda case: case.given["due_on"] or case.fields["due_on"],
        },
    ),
    Move(
        "approve",
        Text("Бекитүү", "Утвердить", "Approve"),
        ("approval",),
        (Way("approved"),),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(Field("note", Text("Эскертме", "Примечание", "Note"), required=False),),
    ),
    Move(
        "return_plan",
        Text("Планды кайтаруу", "Вернуть план", "Return the plan"),
        ("approval",),
        (Way("planned"),),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(REASON,),
        tone=Tone.BACK,
    ),
    Move(
        "withdraw",
        Text("Планды кайтарып алуу", "Отозвать план", "Withdraw the plan"),
        ("planned",),
        (Way("cancelled"),),
        by=(Role.OWNER,),
        records=(REASON,),
        tells=(Role.QUALITY_SPECIALIST,),
        then=_PARENT_GOES_ON,
        tone=Tone.STOP,
    ),
    Move(
        "start",
        Text("Баштоо", "Начать", "Start"),
        ("approved",),
        (Way("in_progress"),),
        by=(Role.OWNER,),
    ),
    Move(
        "implement",
        Text("Аткарылды", "Выполнено", "Implemented"),
        ("approved", "in_progress", "extension_requested"),
        (Way("implemented"),),
        by=(Role.OWNER,),
        records=(
            Field("evidence", Text("Далил", "Свидетельства", "Evidence")),
            Field("implemented_on", Text("Аткарылган күнү", "Дата выполнения", "Implemented on"), "date"),
            Field(
                "check_on",
                Text(
                    "Натыйжалуулугу качан текшерилет", "Когда проверить результативность", "Check the effectiveness on"
                ),
                "date",
                required=False,
                help=Text(
                    "Бош калса, 30 күндөн кийин.", "Если не указать, через 30 дней.", "30 days later if left empty."
                ),
            ),
        ),
        guards=(_DONE_BY_TODAY,),
        sets={
            "evidence": lambda case: case.given["evidence"],
            "implemented_on": lambda case: case.given["implemented_on"],
            "check_on": _check_on,
        },
    ),
    Move(
        "request_extension",
        Text("Узартууну суроо", "Запросить продление", "Request an extension"),
        ("in_progress",),
        (Way("extension_requested"),),
        by=(Role.OWNER,),
        records=(Field("new_due_on", Text("Жаңы мөөнөт", "Новый срок", "New due date"), "date"), REASON),
        guards=(_LATER,),
        sets={"requested_due_on": lambda case: case.given["new_due_on"]},
        tone=Tone.BACK,
    ),
    Move(
        "grant_extension",
        Text("Узартууга уруксат берүү", "Продлить срок", "Grant the extension"),
        ("extension_requested",),
        (Way("in_progress"),),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            Field(
                "other_due_on",
                Text("Башка мөөнөт", "Другой срок", "Another date"),
                "date",
                required=False,
                help=Text(
                    "Бош калса, суралган мөөнөт.",
                    "Если не указать, запрошенный срок.",
                    "The date asked for if left empty.",
                ),
            ),
            Field("note", Text("Эскертме", "Примечание", "Note"), required=False),
        ),
        guards=(_STILL_AHEAD,),
        sets={
            "due_on": lambda case: case.given["other_due_on"] or case.fields["requested_due_on"],
            "extensions": lambda case: int(case.fields["extensions"]) + 1,
            "requested_due_on": lambda case: None,
        },
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
    ),
    Move(
        "refuse_extension",
        Text("Узартууга уруксат бербөө", "Отказать в продлении", "Refuse the extension"),
        ("extension_requested",),
        (Way("in_progress"),),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(REASON,),
        sets={"requested_due_on": lambda case: None},
        tells=(Role.OWNER,),
        tone=Tone.BACK,
    ),
    Move(
        "find_effective",
        Text("Натыйжалуу", "Результативно", "Effective"),
        ("implemented",),
        (Way("closed"),),
        by=_CHECKERS,
        never_by=(Role.OWNER,),
        records=(_RATIONALE,),
        tells=(Role.OWNER,),
        then=_PARENT_GOES_ON,
    ),
    Move(
        "find_ineffective",
        Text("Натыйжасыз", "Нерезультативно", "Not effective"),
        ("implemented",),
        (Way("ineffective"),),
        by=_CHECKERS,
        never_by=(Role.OWNER,),
        records=(_RATIONALE,),
        tells=(Role.OWNER, Role.VICE_RECTOR),
        then=(Then("parent", "analyse_again", gives={"reason": "rationale"}),),
        tone=Tone.STOP,
    ),
    Move(
        "return_work",
        Text("Далил жетишсиз", "Свидетельств недостаточно", "Evidence is not enough"),
        ("implemented",),
        (Way("in_progress"),),
        by=_CHECKERS,
        never_by=(Role.OWNER,),
        records=(Field("due_on", Text("Жаңы мөөнөт", "Новый срок", "New due date"), "date"), REASON),
        guards=(_AHEAD,),
        sets={"due_on": lambda case: case.given["due_on"]},
        tone=Tone.BACK,
    ),
    Move(
        "cancel",
        Text("Жокко чыгаруу", "Отменить", "Cancel"),
        ("planned", "approval", "approved", "in_progress", "extension_requested"),
        (Way("cancelled"),),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(REASON,),
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        then=_PARENT_GOES_ON,
        tone=Tone.STOP,
    ),
)

LIFECYCLE = Lifecycle(
    name="corrective_action",
    collection="actions",
    label=Text("иш аракет", "действие", "action"),
    plural=Text("иш аракеттер", "действия", "actions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field("title", Text("Эмне жасалат", "Что сделать", "What will be done"), "line"),
        Field("action_kind", Text("Түрү", "Вид", "Kind"), "choice", choices=KINDS),
        Field("criterion", Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion")),
        Field("due_on", Text("Мөөнөтү", "Срок", "Due date"), "date"),
        Field("owner_post", Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"), "post"),
        Field("resources", Text("Ресурстар", "Ресурсы", "Resources"), required=False),
    ),
    opened_by=(Role.OWNER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
    prefix="CA",
    opening_guards=(_AHEAD,),
    child_of="nonconformity",
    opened_in=("action_planning", "acting"),
)
