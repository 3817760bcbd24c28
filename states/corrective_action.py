"""The corrective action, which serves preventive ones too: planned → approved → in progress → implemented → closed.

A corrective action removes the cause of a nonconformity, a preventive one that of a potential nonconformity. The due
date is locked: more time is a request with a reason and an approval, and the original date stays visible. TalSU quality
manual, section 11: the vice-rector for academic affairs answers for preventive actions.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from states.asides import staying_in
from states.document_fields import REASON
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
    Step,
    Then,
    Tone,
    Way,
)
from states.roles import Role
from states.text import N_, Text
from states.work_steps import WORK_STEP, moves_of_work_steps

KINDS = (
    Choice("corrective", Text("коррекциялык", "корректирующее", "corrective")),
    Choice("preventive", Text("алдын ала эскертүүчү", "предупреждающее", "preventive")),
    Choice("improvement", Text("жакшыртуу", "улучшение", "improvement")),
    Choice("correction", Text("түзөтүү", "коррекция", "correction")),
)
CHECK_AFTER_DAYS = 30
CHECK_WITHIN_DAYS = 7


def _check_on(case: Case) -> date:
    if case.given["check_on"]:
        said: date = case.given["check_on"]
        return said
    # Recorded late, the check is not late already: its checker has a week.
    implemented_on: date = case.given["implemented_on"]
    after = implemented_on + timedelta(days=CHECK_AFTER_DAYS)
    return max(after, case.today + timedelta(days=CHECK_WITHIN_DAYS))


def _planned_for(case: Case) -> date:
    planned: date = case.given["due_on"] or case.fields["due_on"]
    return planned


def _ends_by(case: Case) -> date | None:
    """The day by which its nonconformity is to be finished, once that is planned."""
    above = case.above()
    day: date | None = above["complete_by"] if above.get("state") == "acting" else None
    return day


def _is_within(due: Callable[[Case], date]) -> Guard:
    return Guard(
        lambda case: not (last := _ends_by(case)) or due(case) <= last,
        N_("Its nonconformity is to be finished by then."),
        N_("Choose an earlier day, or have the nonconformity rescheduled first."),
    )


# Whoever gives the action more time than its nonconformity has gives it to both.
_TAKES_ALONG = Then(
    "parent",
    "reschedule",
    when=lambda case: bool((last := _ends_by(case)) and case.fields["due_on"] > last),
    gives={
        "complete_by": lambda case: case.fields["due_on"],
        # One that was asked for before reasons were kept is named by its action.
        "reason": lambda case: case.given.get("reason") or case.fields["extension_reason"] or case.fields["code"],
    },
)
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
_NOT_THE_OWNER = Guard(
    lambda case: not case.given["checker_post"] or case.given["checker_post"] != case.fields["owner_post_id"],
    N_("Who carries it out does not check whether it was effective."),
    N_("Choose another post, or leave it empty."),
)
_NOT_WHO_DOES_IT = Guard(
    lambda case: not case.given["checker_post"] or case.given["checker_post"] != case.given["owner_post"],
    N_("Who carries it out does not check whether it was effective."),
    N_("Choose another post, or leave it empty."),
)
_CHECK_AHEAD = Guard(
    lambda case: case.given["check_on"] > case.today,
    N_("The day of the next check is not ahead."),
    N_("Choose a later day."),
)
_CHECK_IN_TIME = Guard(
    lambda case: not case.given["check_on"] or case.given["check_on"] >= case.today + timedelta(days=CHECK_WITHIN_DAYS),
    N_("The check would be less than a week from now."),
    N_("Choose a later day, or leave it empty."),
)
_STEPS_DONE = Guard(
    lambda case: all(step["done_on"] for step in case.parts.get("work_step", ())),
    N_("A step of it is not done yet."),
    N_("Say of each step when it was done, or remove it."),
)
_DONE_BY_TODAY = Guard(
    lambda case: case.given["implemented_on"] <= case.today,
    N_("The date of implementation is in the future."),
    N_("Record it once it is done."),
)

_CORRECTION_FIRST = Guard(
    lambda case: case.above().get("state") != "correction" or case.given["action_kind"] == "correction",
    N_("While it is being corrected only a correction can be planned: its causes are not known yet."),
    N_("Choose the kind “correction”, or record the correction first."),
)

_RATIONALE = Field("rationale", Text("Негиздеме", "Обоснование", "Rationale"))
# The vice-rector answers for preventive actions, and so may be the owner who asks for more time.
_APPROVERS = (Role.VICE_RECTOR, Role.RECTOR)
_CHECKERS = (Role.CHECKER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR)
# Who carried it out does not verify that it was effective, whatever post they hold by then.
_NOT_THEIR_OWN = (Role.OWNER, Role.DOER)
# The quality representative of the unit works for its head.
_WORKERS = (Role.OWNER, Role.QUALITY_REPRESENTATIVE)
_CHECKED: Mapping[str, Callable[[Case], Any]] = {
    "checked_on": lambda case: case.today,
    "rationale": lambda case: case.given["rationale"],
}
_PARENT_GOES_ON = (Then("parent", "actions_done"),)
_BEFORE_DONE = ("planned", "approval", "approved", "in_progress", "extension_requested", "cancellation_requested")
_UNDER_WAY = ("approved", "in_progress", "extension_requested", "cancellation_requested")
_OPEN = (*_BEFORE_DONE, "implemented")
_CAUSES = Field(
    "causes",
    Text("Кайсы себептерди жоёт", "Какие причины устраняет", "Causes that it removes"),
    "parts",
    required=False,
    of="cause",
    help=Text(
        "Түпкү себептерди белгилеңиз: ар бирине иш аракет же негиздеме болмоюнча план кабыл алынбайт.",
        "Отметьте коренные: пока не у каждой есть действие или обоснование, план не примут.",
        "Mark the root ones: until each has an action or a reason for none, the plan is not accepted.",
    ),
)
_CHECKER_POST = Field(
    "checker_post",
    Text("Натыйжалуулугун ким текшерет", "Кто проверит результативность", "Who checks the effectiveness"),
    "post",
    required=False,
    help=Text(
        "Аткаруучу эмес. Бош болсо, билим берүүнүн сапаты боюнча адис.",
        "Не исполнитель. Если не указать, специалист по качеству образования.",
        "Not who carries it out. The quality specialist if left empty.",
    ),
)
_CHECK_AGAIN_ON = Field(
    "check_on",
    Text("Кайра качан текшерилет", "Когда проверить снова", "Check it again on"),
    "date",
    help=Text(
        "Натыйжа көрүнүп калчу күн. Мисалы, семестр аяктагандан кийин.",
        "День, когда результат будет виден. Например, после конца семестра.",
        "A day by which the result will show. For example, after the end of term.",
    ),
)
_NEW_DUE_ON = Field(
    "new_due_on",
    Text("Жаңы мөөнөт", "Новый срок", "New due date"),
    "date",
    help=Text(
        "Чындап бүтө ала турган күн; алгачкы мөөнөт көрүнүп кала берет.",
        "День, к которому действительно закончат; первоначальный срок останется виден.",
        "A day by which it will really be finished; the original date stays visible.",
    ),
)


STEPS = (
    Step(
        "planned",
        Text("пландаштырылды", "запланировано", "planned"),
        owner=Role.OWNER,
        task=Text("Планды бекитүүгө жөнөтүү", "Отправить план на утверждение", "Submit the plan for approval"),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "approval",
        Text("бекитүүдө", "на утверждении", "approval"),
        owner=Role.VICE_RECTOR,
        otherwise=Role.RECTOR,
        task=Text("Планды бекитүү же кайтаруу", "Утвердить план или вернуть", "Approve the plan or return it"),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "approved",
        Text("бекитилди", "утверждено", "approved"),
        owner=Role.OWNER,
        task=Text("Аткарууну баштоо", "Начать выполнение", "Start the work"),
        deadline=Deadline(days=3),
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
        deadline=Deadline(days=3),
        ladder=STANDARD,
        beside="in_progress",
    ),
    Step(
        "cancellation_requested",
        Text("жокко чыгаруу суралды", "запрошена отмена", "cancellation requested"),
        owner=Role.VICE_RECTOR,
        otherwise=Role.RECTOR,
        task=Text("Жокко чыгаруу боюнча чечим кабыл алуу", "Принять решение об отмене", "Decide on the cancellation"),
        deadline=Deadline(days=3),
        ladder=STANDARD,
        beside="in_progress",
    ),
    Step(
        "implemented",
        Text("аткарылды", "выполнено", "implemented"),
        owner=Role.CHECKER,
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
        done=Text("Бекитүүгө жөнөтүлдү", "Отправлено на утверждение", "Submitted for approval"),
        by=(Role.OWNER, Role.CLOCK),
        records=(
            Field(
                "criterion",
                Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion"),
                required=False,
                help=Text(
                    "Бекитүүгө чейин акыркы жолу тактаса болот: өлчөнө турган белги.",
                    "Последняя возможность уточнить до утверждения: измеримый признак.",
                    "The last chance to put it better before the approval: a sign that can be measured.",
                ),
            ),
            Field(
                "due_on",
                Text("Мөөнөтү", "Срок", "Due date"),
                "date",
                required=False,
                help=Text(
                    "Бекитилгенден кийин узартуу менен гана өзгөрөт.",
                    "После утверждения меняется только продлением.",
                    "Once approved, only an extension changes it.",
                ),
            ),
        ),
        guards=(_AHEAD, _is_within(_planned_for)),
        sets={
            "criterion": lambda case: case.given["criterion"] or case.fields["criterion"],
            "due_on": _planned_for,
            # Until it is approved the plan may still change; one that is made anew keeps the date of the first.
            "original_due_on": lambda case: (
                case.fields["original_due_on"] if case.fields["implemented_on"] else _planned_for(case)
            ),
        },
    ),
    Move(
        "approve",
        Text("Бекитүү", "Утвердить", "Approve"),
        ("approval",),
        (Way("approved"),),
        done=Text("Бекитилди", "Утверждено", "Approved"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            Field(
                "note",
                Text("Эскертме", "Примечание", "Note"),
                required=False,
                help=Text(
                    "Аткаруучу эмнени эске алсын. Айтарыңыз болбосо, бош калтырыңыз.",
                    "На что обратить внимание исполнителю. Если не на что, оставьте пустым.",
                    "What whoever carries it out should mind. Leave it empty if nothing.",
                ),
            ),
            _CHECKER_POST,
        ),
        guards=(_NOT_THE_OWNER,),
        sets={"checker_post_id": lambda case: case.given["checker_post"] or case.fields["checker_post_id"]},
        signs=Meaning.APPROVED,
    ),
    Move(
        "return_plan",
        Text("Планды кайтаруу", "Вернуть план", "Return the plan"),
        ("approval",),
        (Way("planned"),),
        done=Text("План кайтарылды", "План возвращён", "Plan returned"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Бекитүү үчүн планда эмнени өзгөртүү керек: жооптуу ушуну карап оңдойт.",
                    "Что изменить в плане для утверждения: по этому ответственный его исправит.",
                    "What has to change in the plan for its approval: the owner corrects it by this.",
                ),
            ),
        ),
        tone=Tone.BACK,
    ),
    Move(
        "withdraw",
        Text("Планды кайтарып алуу", "Отозвать план", "Withdraw the plan"),
        ("planned",),
        (Way("cancelled"),),
        done=Text("План кайтарып алынды", "План отозван", "Plan withdrawn"),
        by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Бул иш эмне үчүн керексиз жана себепти эми эмне жоёт.",
                    "Почему это не нужно и что теперь устранит причину несоответствия.",
                    "Why it is not needed, and what removes the cause now.",
                ),
            ),
        ),
        tells=(Role.QUALITY_SPECIALIST,),
        then=_PARENT_GOES_ON,
        tone=Tone.STOP,
    ),
    Move(
        "start",
        Text("Баштоо", "Начать", "Start"),
        ("approved",),
        (Way("in_progress"),),
        done=Text("Башталды", "Начато", "Started"),
        by=_WORKERS,
    ),
    Move(
        "implement",
        Text("Аткарылды", "Выполнено", "Implemented"),
        _UNDER_WAY,
        (Way("implemented"),),
        done=Text("Аткарылды", "Выполнено", "Implemented"),
        by=_WORKERS,
        records=(
            Field(
                "evidence",
                Text("Далил", "Свидетельства", "Evidence"),
                help=Text(
                    "Аткарылганы эмнеден көрүнөт: акт, буйрук, протокол, сүрөт. Файлдары өзүнчө кошулат.",
                    "Из чего видно, что сделано: акт, приказ, протокол, снимок. Файлы добавляют отдельно.",
                    "What shows that it is done: an act, an order, minutes, a picture. Files are added on their own.",
                ),
            ),
            Field(
                "implemented_on",
                Text("Аткарылган күнү", "Дата выполнения", "Implemented on"),
                "date",
                help=Text(
                    "Акыркы кадам бүткөн күн, бул жерге жазылган күн эмес.",
                    "Когда закончили последний шаг, а не когда записали сюда.",
                    "When the last step was finished, not when it is written here.",
                ),
            ),
            Field(
                "check_on",
                Text(
                    "Натыйжалуулугу качан текшерилет", "Когда проверить результативность", "Check the effectiveness on"
                ),
                "date",
                required=False,
                help=Text(
                    "Бош калса, 30 күндөн кийин.", "Если не указать, через 30 дней.", "If left empty, 30 days later."
                ),
            ),
        ),
        guards=(_DONE_BY_TODAY, _CHECK_IN_TIME, _STEPS_DONE),
        sets={
            "evidence": lambda case: case.given["evidence"],
            "implemented_on": lambda case: case.given["implemented_on"],
            "implemented_by_id": lambda case: case.actor,
            "implemented_for_id": lambda case: case.acting_for,
            "check_on": _check_on,
        },
    ),
    Move(
        "request_extension",
        Text("Узартууну суроо", "Запросить продление", "Request an extension"),
        ("in_progress",),
        (Way("extension_requested"),),
        done=Text("Узартуу суралды", "Запрошено продление", "Extension requested"),
        by=_WORKERS,
        records=(
            _NEW_DUE_ON,
            replace(
                REASON,
                help=Text(
                    "Эмне тоскоол болду, эмне бүттү, эмне калды: чечим ушуга карап кабыл алынат.",
                    "Что помешало, что сделано, что осталось: по этому примут решение.",
                    "What stood in the way, what is done, what is left: the decision rests on it.",
                ),
            ),
        ),
        guards=(_LATER,),
        sets={
            "requested_due_on": lambda case: case.given["new_due_on"],
            "extension_reason": lambda case: case.given["reason"],
        },
        tone=Tone.BACK,
    ),
    Move(
        "grant_extension",
        Text("Узартууга уруксат берүү", "Продлить срок", "Grant the extension"),
        ("extension_requested",),
        (Way("in_progress"),),
        done=Text("Узартууга уруксат берилди", "Срок продлён", "Extension granted"),
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
            Field(
                "note",
                Text("Эскертме", "Примечание", "Note"),
                required=False,
                help=Text(
                    "Кандай шарт менен. Мисалы: «Ай сайын абалын билдирүү».",
                    "При каком условии. Например: «Ежемесячно сообщать о ходе работ».",
                    "On what condition. For example: “Report every month how it goes.”",
                ),
            ),
        ),
        guards=(_STILL_AHEAD,),
        sets={
            "due_on": lambda case: case.given["other_due_on"] or case.fields["requested_due_on"],
            "extensions": lambda case: int(case.fields["extensions"]) + 1,
            "requested_due_on": lambda case: None,
        },
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        then=(_TAKES_ALONG,),
        signs=Meaning.APPROVED,
    ),
    Move(
        "refuse_extension",
        Text("Узартууга уруксат бербөө", "Отказать в продлении", "Refuse the extension"),
        ("extension_requested",),
        (Way("in_progress"),),
        done=Text("Узартууга уруксат берилген жок", "В продлении отказано", "Extension refused"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн мурунку мөөнөткө жетишүүгө болот же андан ары күтүүгө болбойт.",
                    "Почему в прежний срок можно успеть или дольше ждать нельзя.",
                    "Why the present date can be kept, or why this cannot wait longer.",
                ),
            ),
        ),
        sets={"requested_due_on": lambda case: None},
        tells=(Role.OWNER,),
        tone=Tone.BACK,
    ),
    Move(
        "find_effective",
        Text("Натыйжалуу", "Результативно", "Effective"),
        ("implemented",),
        (Way("closed"),),
        done=Text("Натыйжалуу деп табылды", "Признано результативным", "Found effective"),
        by=_CHECKERS,
        never_by=_NOT_THEIR_OWN,
        records=(
            replace(
                _RATIONALE,
                help=Text(
                    "Критерий аткарылганы эмнеден көрүнөт: сандар, күндөр, өзүңүз көргөндөр.",
                    "Из чего видно, что критерий выполнен: числа, даты, увиденное вами.",
                    "What shows that the criterion is met: figures, dates, what you saw yourself.",
                ),
            ),
        ),
        sets=_CHECKED,
        tells=(Role.OWNER,),
        then=_PARENT_GOES_ON,
        signs=Meaning.VERIFIED,
    ),
    Move(
        "find_ineffective",
        Text("Натыйжасыз", "Нерезультативно", "Not effective"),
        ("implemented",),
        # What hangs on a nonconformity sends that back to its causes; one that stands alone is planned anew.
        (Way("ineffective", when=lambda case: bool(case.fields["parent_id"])), Way("planned")),
        done=Text("Натыйжасыз деп табылды", "Признано нерезультативным", "Found not effective"),
        by=_CHECKERS,
        never_by=_NOT_THEIR_OWN,
        records=(
            replace(
                _RATIONALE,
                help=Text(
                    "Эмнеге жетишилген жок же эмне кайталанды: кийинкиси ушундан башталат.",
                    "Чего не достигли или что повторилось: с этого начнётся следующее.",
                    "What was not reached, or happened again: what comes next begins with it.",
                ),
            ),
        ),
        sets=_CHECKED,
        tells=(Role.OWNER, Role.VICE_RECTOR),
        then=(Then("parent", "analyse_again", gives={"reason": "rationale"}),),
        signs=Meaning.VERIFIED,
        tone=Tone.STOP,
    ),
    Move(
        "find_inconclusive",
        Text("Азырынча айтууга болбойт", "Пока нельзя сказать", "Inconclusive"),
        ("implemented",),
        (Way("implemented"),),
        done=Text("Натыйжасы азырынча белгисиз", "Результат пока неясен", "Found inconclusive"),
        by=_CHECKERS,
        never_by=_NOT_THEIR_OWN,
        records=(
            replace(
                _RATIONALE,
                help=Text(
                    "Азырынча эмне көрүнбөйт жана кийинки текшерүүгө чейин эмне даяр болушу керек.",
                    "Чего пока не видно и что должно быть готово к следующей проверке.",
                    "What does not show yet, and what has to be ready for the next check.",
                ),
            ),
            _CHECK_AGAIN_ON,
        ),
        guards=(_CHECK_AHEAD,),
        sets={
            **_CHECKED,
            "check_on": lambda case: case.given["check_on"],
            "checks": lambda case: int(case.fields["checks"]) + 1,
        },
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        signs=Meaning.VERIFIED,
        tone=Tone.BACK,
    ),
    Move(
        "return_work",
        Text("Далил жетишсиз", "Свидетельств недостаточно", "Evidence is not enough"),
        ("implemented",),
        (Way("in_progress"),),
        done=Text(
            "Далил жетишсиз деп кайтарылды", "Возвращено: свидетельств недостаточно", "Returned: evidence is not enough"
        ),
        by=_CHECKERS,
        never_by=_NOT_THEIR_OWN,
        records=(
            Field(
                "due_on",
                Text("Жаңы мөөнөт", "Новый срок", "New due date"),
                "date",
                help=Text(
                    "Жетишпеген далилди алып келүүгө жеткендей күн.",
                    "Чтобы успеть принести недостающие свидетельства.",
                    "Far enough ahead for what is missing to be brought.",
                ),
            ),
            replace(
                REASON,
                help=Text(
                    "Эмне далилденген жок жана аны кандай документ көрсөтө алат.",
                    "Что не подтверждено и каким документом это можно показать.",
                    "What has not been shown, and which document would show it.",
                ),
            ),
        ),
        guards=(_AHEAD,),
        sets={"due_on": lambda case: case.given["due_on"]},
        then=(_TAKES_ALONG,),
        tone=Tone.BACK,
    ),
    Move(
        "extend",
        Text("Мөөнөтүн узартуу", "Продлить без запроса", "Extend"),
        ("in_progress",),
        (Way("in_progress"),),
        done=Text("Мөөнөтү узартылды", "Продлено без запроса", "Extended"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            _NEW_DUE_ON,
            replace(
                REASON,
                help=Text(
                    "Жооптуу сурабаса да убакыт эмне үчүн кошулат: чечим менен кошо тарыхта калат.",
                    "Почему время добавлено без запроса: это останется в истории вместе с решением.",
                    "Why time is added unasked: it stays in the history with the decision.",
                ),
            ),
        ),
        guards=(_LATER,),
        sets={
            "due_on": lambda case: case.given["new_due_on"],
            "extensions": lambda case: int(case.fields["extensions"]) + 1,
        },
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        then=(_TAKES_ALONG,),
        signs=Meaning.APPROVED,
    ),
    Move(
        "request_cancellation",
        Text("Жокко чыгарууну суроо", "Запросить отмену", "Request cancellation"),
        ("in_progress",),
        (Way("cancellation_requested"),),
        done=Text("Жокко чыгаруу суралды", "Запрошена отмена", "Cancellation requested"),
        by=_WORKERS,
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн керексиз же мүмкүн эмес болуп калды, анын ордуна эмне болот.",
                    "Почему это стало ненужным или невозможным и что будет вместо него.",
                    "Why it is no longer needed or possible, and what takes its place.",
                ),
            ),
        ),
        sets={"cancellation_reason": lambda case: case.given["reason"]},
        tone=Tone.BACK,
    ),
    Move(
        "refuse_cancellation",
        Text("Жокко чыгарууга уруксат бербөө", "Отказать в отмене", "Refuse the cancellation"),
        ("cancellation_requested",),
        (Way("in_progress"),),
        done=Text("Жокко чыгарууга уруксат берилген жок", "В отмене отказано", "Cancellation refused"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Бул иш эмне үчүн дагы эле керек: жооптуу аны улантат.",
                    "Почему действие всё ещё нужно: ответственный будет его продолжать.",
                    "Why the action is still needed: its owner goes on with it.",
                ),
            ),
        ),
        tells=(Role.OWNER,),
        tone=Tone.BACK,
    ),
    Move(
        "cancel",
        Text("Жокко чыгаруу", "Отменить", "Cancel"),
        _BEFORE_DONE,
        (Way("cancelled"),),
        done=Text("Жокко чыгарылды", "Отменено", "Cancelled"),
        by=_APPROVERS,
        never_by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн токтойт жана ал жоё турган себеп эмне болот: аудитор ушуну сурайт.",
                    "Почему прекращается и что с причиной, которую оно устраняло: об этом спросит аудитор.",
                    "Why it ends here, and what becomes of the cause it was to remove: an auditor will ask.",
                ),
            ),
        ),
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        then=_PARENT_GOES_ON,
        signs=Meaning.APPROVED,
        tone=Tone.STOP,
    ),
    Move(
        "link_causes",
        Text("Себептер менен байланыштыруу", "Связать с причинами", "Link to causes"),
        _BEFORE_DONE,
        staying_in(_BEFORE_DONE),
        done=Text("Себептер менен байланыштырылды", "Связано с причинами", "Linked to causes"),
        by=(Role.OWNER, Role.QUALITY_SPECIALIST),
        records=(_CAUSES,),
        sets={"causes": lambda case: case.given["causes"] or []},
        tone=Tone.ASIDE,
    ),
    Move(
        "reassign",
        Text("Башка жооптууга өткөрүү", "Передать другому ответственному", "Reassign"),
        _BEFORE_DONE,
        staying_in(_BEFORE_DONE),
        done=Text("Башка жооптууга өткөрүлдү", "Передано другому ответственному", "Reassigned"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        records=(
            Field(
                "owner_post",
                Text("Жаңы жооптуу", "Новый ответственный", "New responsible post"),
                "post",
                help=Text(
                    "Милдет жана эскертүүлөр ушул орунда иштеген адамга өтөт.",
                    "Задача и напоминания перейдут к занимающему эту должность.",
                    "The task and its reminders pass to whoever holds it.",
                ),
            ),
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн ушул орун ылайыктуураак жана эмне жасалып бүттү: жаңы жооптуу окуйт.",
                    "Почему эта должность подходит лучше и что уже сделано: это прочтёт новый ответственный.",
                    "Why this post is better placed and what is done already: whoever holds it will read it.",
                ),
            ),
        ),
        sets={"owner_post_id": lambda case: case.given["owner_post"]},
        tells=(Role.OWNER,),
        tone=Tone.ASIDE,
    ),
    *moves_of_work_steps(_BEFORE_DONE, _WORKERS),
    *moves_of_evidence(_OPEN, (*_WORKERS, Role.QUALITY_SPECIALIST), unless_in=("implemented",)),
)

LIFECYCLE = Lifecycle(
    name="corrective_action",
    collection="actions",
    label=Text("иш аракет", "действие", "action"),
    plural=Text("иш аракеттер", "действия", "actions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field(
            "title",
            Text("Эмне жасалат", "Что сделать", "What will be done"),
            "line",
            help=Text(
                "Бир гана иш, бир сүйлөм менен. Мисалы: «Лабораториянын желдеткичин алмаштыруу».",
                "Одно дело одним предложением. Например: «Заменить вытяжку в лаборатории».",
                "One thing in one sentence. For example: “Replace the ventilation of the laboratory.”",
            ),
        ),
        Field(
            "action_kind",
            Text("Түрү", "Вид", "Kind"),
            "choice",
            choices=KINDS,
            help=Text(
                "Коррекциялык болгондун себебин жоёт, алдын ала эскертүүчү боло электикин; түзөтүү кемчиликтин өзүн.",
                "Корректирующее устраняет причину случившегося, предупреждающее возможного, коррекция сам случай.",
                "Corrective removes the cause of what happened, preventive of what might; a correction puts it right.",
            ),
        ),
        Field(
            "description",
            Text("Толук сыпаттамасы", "Подробное описание", "In detail"),
            required=False,
            help=Text(
                "Эмне, кантип жана эмне үчүн. Алдын ала эскертүүчүдө: кандай туура келбөөчүлүк болушу мүмкүн.",
                "Что, как и зачем. Для предупреждающего: какое несоответствие может возникнуть.",
                "What, how and why. For a preventive one: which nonconformity might occur.",
            ),
        ),
        Field(
            "criterion",
            Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion"),
            help=Text(
                "Себеп жоюлганы эмнеден көрүнөт, сан менен. Мисалы: «Бир семестрде үчтөн ашык кечигүү жок».",
                "По какому числу видно, что причины больше нет. Например: «За семестр не больше трёх опозданий».",
                "By which figure one sees that the cause is gone. For example: “No more than three delays in a term.”",
            ),
        ),
        Field(
            "due_on",
            Text("Мөөнөтү", "Срок", "Due date"),
            "date",
            help=Text(
                "Бардык кадамдар бүтө турган күн. Бекитилгенден кийин узартуу менен гана өзгөрөт.",
                "К этому дню закончены все шаги. После утверждения меняется только продлением.",
                "By then all steps are finished. Once approved, only an extension changes it.",
            ),
        ),
        Field(
            "owner_post",
            Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"),
            "post",
            help=Text(
                "Ишти ким аткарып, далилин жазат: эскертүүлөр ушул орунда иштеген адамга барат.",
                "Кто выполнит и запишет свидетельства: напоминания получит занимающий эту должность.",
                "Who carries it out and records the evidence: reminders go to whoever holds the post.",
            ),
        ),
        Field(
            "unit",
            Text("Бөлүм", "Подразделение", "Unit"),
            "unit",
            required=False,
            help=Text(
                "Иш кайсы жерде жүрөт; адатта жооптуунун өз бөлүмү.",
                "Где идёт работа; обычно там же, где ответственный.",
                "Where the work is done; usually that of the responsible post.",
            ),
        ),
        Field(
            "resources",
            Text("Ресурстар", "Ресурсы", "Resources"),
            required=False,
            help=Text(
                "Адамдар, убакыт, акча, жабдуу: эмне бар, эмнени сурап алуу керек.",
                "Люди, время, деньги, оборудование: что есть и что надо запросить.",
                "People, time, money, equipment: what there is, and what has to be asked for.",
            ),
        ),
        _CAUSES,
        _CHECKER_POST,
    ),
    opened_by=(Role.OWNER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
    prefix="CA",
    opening_guards=(_AHEAD, _NOT_WHO_DOES_IT, _is_within(lambda case: case.given["due_on"]), _CORRECTION_FIRST),
    child_of="nonconformity",
    opened_in=("action_planning", "acting", "correction"),
    read_by=(
        *(Role.AUTHOR, Role.OWNER, Role.RELATED, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.HOLDER),
        *(Role.TOLD, Role.DOER, Role.CHECKER, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "action_kind", "criterion", "resources"),
    parts=(WORK_STEP, EVIDENCE),
    played_by={Role.DOER: ("implemented_by_id", "implemented_for_id"), Role.CHECKER: ("checker_post_id",)},
)
