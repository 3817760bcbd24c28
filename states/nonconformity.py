"""The nonconformity: reported → assessed → corrected → causes → actions → effectiveness → closed.

What is recorded of it: `nonconformity_fields`. The way: ISO 9001:2015, 10.2.1 (react, evaluate the causes, look for
similar ones, act, review the effectiveness, update the risks).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from states.asides import staying_in
from states.causes import CAUSE, EVERY_CAUSE_ANSWERED, HAS_CAUSE, ROOTS_CODED, moves_of_causes
from states.document_fields import REASON
from states.evidence import EVIDENCE, moves_of_evidence
from states.ladders import STANDARD
from states.lifecycle import Case, Deadline, Field, Guard, Kind, Lifecycle, Meaning, Move, Step, Then, Tone, Way
from states.nonconformity_fields import (
    CLAUSE,
    FOUND,
    FOUND_ON,
    IMPACT,
    KIND,
    KNOWN_ON,
    OBJECT,
    OCCURRED_ON,
    PROCESS,
    REPORTED_BY,
    REQUIREMENT,
    REQUIREMENT_DOCUMENT,
    RISK,
    SEVERITY,
    SIMILAR,
    SOURCE,
    TITLE,
    UNIT,
)
from states.refusals import Duties
from states.roles import Role
from states.text import N_, Text


def _needs_causes(case: Case) -> bool:
    return case.fields["severity"] != "minor" or bool(case.given["causes_too"])


def _something_was_done(case: Case) -> bool:
    """Whether an action of this round was effective, or the last to end, which may have begun in the round before."""
    ended = max((action["closed_at"] for action in case.below if action["closed_at"]), default=None)
    last = {action["state"] for action in case.below if action["closed_at"] == ended}
    return case.children.get("closed", 0) > 0 or "closed" in last


def _last_due(case: Case) -> bool:
    dates = [action["due_on"] for action in case.below if not action["closed_at"]]
    return all(due <= case.given["complete_by"] for due in dates)


_NOT_BEFORE_ACTIONS = Guard(
    _last_due,
    N_("An action is due later than that."),
    N_("Choose a day on which all actions are due and checked."),
)
_NO_OPEN_ACTION = Guard(
    lambda case: case.open_children == 0,
    N_("An action is still open."),
    N_("Finish, check or cancel its actions first."),
)
_DAYS = ("occurred_on", "found_on", "known_on")
# Where nobody did, its owner plays the author's part.
_HAS_AUTHOR = Guard(
    lambda case: case.fields["author_id"] is not None,
    N_("Whoever reported this does not work here: nobody can withdraw it for them."),
    N_("The quality specialist may reject it, with the reason."),
)
_BY_TODAY = Guard(
    lambda case: all((case.given[name] or case.today) <= case.today for name in _DAYS),
    N_("One of the days on which it occurred, was found and became known is in the future."),
    N_("Give days up to today."),
)


def _is_in_order(case: Case) -> bool:
    """It occurs, then it is found and becomes known; a day that is not said is out of nobody's order."""
    found_on = case.given["found_on"] or case.fields["found_on"]
    occurred_on = case.given["occurred_on"] or found_on
    return bool(occurred_on <= found_on and occurred_on <= (case.given["known_on"] or occurred_on))


_IN_ORDER = Guard(
    _is_in_order,
    N_("It was found or became known before it occurred."),
    N_("Check the dates."),
)
_CORRECTED_BY_TODAY = Guard(
    lambda case: (case.given["corrected_on"] or case.today) <= case.today,
    N_("The date of the correction is in the future."),
    N_("Record it once it is done."),
)
_CORRECTED_AFTER = Guard(
    lambda case: (case.given["corrected_on"] or case.today) >= (case.fields["occurred_on"] or case.fields["found_on"]),
    N_("It was corrected before it occurred."),
    N_("Check the date of the correction."),
)
_CORRECTIONS_DONE = Guard(
    lambda case: _needs_causes(case) or case.open_children == 0,
    N_("A correction is still open."),
    N_("Finish, check or cancel it first, or have the causes analysed as well."),
)
_SIMILAR_AGREES = Guard(
    lambda case: case.given["similar_checked"] == "found" or not case.given["similar_records"],
    N_("Similar ones are linked, and it says that none were found."),
    N_("Choose that similar ones were found, or link none."),
)
_CONCEDED_AHEAD = Guard(
    lambda case: (case.given["concession_until"] or case.today) >= case.today,
    N_("The concession would have ended already."),
    N_("Choose today or a later day, or leave it without an end."),
)
_MORE_TIME = Guard(
    lambda case: case.given["new_due_on"] > case.today,
    N_("The new date is not ahead."),
    N_("Choose a later day."),
)
_NOT_THEIR_OWN_UNIT = Guard(
    lambda case: case.given["source"] != "internal_audit" or case.roles.isdisjoint((Role.COLLEAGUE, Role.HEAD)),
    N_("An auditor does not audit their own unit."),
    N_("Ask an auditor of another unit to record what was found."),
    refuses=Duties,
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

_OWNED = ("correction", "cause_analysis", "action_planning", "acting", "verification")
_OPEN = ("reported", *_OWNED)
_ANALYSED = ("cause_analysis", "action_planning")
_DESCRIBED = (OBJECT, REQUIREMENT, CLAUSE, OCCURRED_ON, KNOWN_ON, IMPACT, RISK)
# What a report cannot be without: left empty, it stays as it is.
_REPORTED = (TITLE, FOUND, KIND, SOURCE, FOUND_ON)


def _given(name: str) -> Callable[[Case], Any]:
    return lambda case: case.given[name]


def _given_or_kept(name: str, column: str = "") -> Callable[[Case], Any]:
    return lambda case: case.given[name] or case.fields[column or name]


def _one_more(name: str) -> Callable[[Case], int]:
    return lambda case: int(case.fields[name]) + 1


STEPS = (
    Step(
        "reported",
        Text("билдирилди", "сообщено", "reported"),
        owner=Role.QUALITY_SPECIALIST,
        task=Text(
            "Баалап, каттоо же четке кагуу", "Оценить: зарегистрировать или отклонить", "Assess: register or reject"
        ),
        deadline=Deadline(days=3),
        ladder=STANDARD,
    ),
    Step(
        "correction",
        Text("түзөтүлүүдө", "коррекция", "correction"),
        owner=Role.OWNER,
        task=Text("Дароо түзөтүү", "Устранить немедленно", "Correct it at once"),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "cause_analysis",
        Text("себептери талданууда", "анализ причин", "cause analysis"),
        owner=Role.OWNER,
        task=Text("Себептерин талдоо", "Проанализировать причины", "Analyse the causes"),
        deadline=Deadline(days=10),
        ladder=STANDARD,
    ),
    Step(
        "action_planning",
        Text("иш аракеттер пландаштырылууда", "планирование действий", "action planning"),
        owner=Role.OWNER,
        task=Text("Иш аракеттерди пландаштыруу", "Запланировать действия", "Plan the actions"),
        deadline=Deadline(days=5),
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
        deadline=Deadline(days=10),
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
        done=Text("Катталды", "Зарегистрировано", "Registered"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            SEVERITY,
            Field(
                "owner_post",
                Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"),
                "post",
                help=Text(
                    "Себебин жоё ала турган орун: милдет ошондо иштеген адамга барат.",
                    "От неё зависит устранение причины; задачу получит занимающий эту должность.",
                    "The one that can remove the cause: whoever holds it gets the task.",
                ),
            ),
            replace(KIND, required=False),
            replace(UNIT, required=False),
            PROCESS,
            IMPACT,
            RISK,
        ),
        sets={
            "nc_kind": _given_or_kept("nc_kind"),
            "unit_id": _given_or_kept("unit", "unit_id"),
            "process_id": _given_or_kept("process", "process_id"),
            "severity": _given("severity"),
            "owner_post_id": _given("owner_post"),
            "impact": _given_or_kept("impact"),
            "risk": _given_or_kept("risk"),
        },
        tells=(Role.AUTHOR,),
    ),
    Move(
        "reject",
        Text("Негизсиз деп четке кагуу", "Отклонить как необоснованное", "Reject as unfounded"),
        ("reported",),
        (Way("rejected"),),
        done=Text("Негизсиз деп четке кагылды", "Отклонено как необоснованное", "Rejected as unfounded"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Билдирген адам түшүнгүдөй: кайсы факты же талап боюнча бул туура келбөөчүлүк эмес.",
                    "Так, чтобы понял сообщивший: по какому факту или требованию это не несоответствие.",
                    "For whoever reported it to understand: by which fact or requirement this is no nonconformity.",
                ),
            ),
        ),
        tells=(Role.AUTHOR,),
        tone=Tone.STOP,
    ),
    Move(
        "withdraw",
        Text("Билдирүүнү кайтарып алуу", "Отозвать сообщение", "Withdraw the report"),
        ("reported",),
        (Way("withdrawn"),),
        done=Text("Билдирүү кайтарып алынды", "Сообщение отозвано", "Report withdrawn"),
        by=(Role.AUTHOR,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Кийин эмне билинди: жаңылыштык, эки жолу билдирилген, баары ордуна келген.",
                    "Что выяснилось потом: ошибка, сообщили дважды, уже исправлено.",
                    "What has turned out since: a mistake, told twice, put right already.",
                ),
            ),
        ),
        guards=(_HAS_AUTHOR,),
        tells=(Role.QUALITY_SPECIALIST,),
        tone=Tone.STOP,
    ),
    Move(
        "record_correction",
        Text("Түзөтүүнү жазуу", "Записать коррекцию", "Record the correction"),
        ("correction",),
        # Minor: the shorter way. Whoever checks it may still ask for the causes.
        (Way("cause_analysis", when=_needs_causes), Way("verification")),
        done=Text("Түзөтүү жазылды", "Коррекция записана", "Correction recorded"),
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
            Field(
                "corrected_on",
                Text("Түзөтүлгөн күнү", "Дата коррекции", "Corrected on"),
                "date",
                required=False,
                help=Text(
                    "Иш чындап бүткөн күн. Дароо түзөтүлбөсө, бош калтырыңыз.",
                    "Когда это действительно сделали. Если сразу не удалось, оставьте пустым.",
                    "When it was really done. Leave it empty if that was not possible at once.",
                ),
            ),
            Field(
                "causes_too",
                Text("Себептери да талданат", "Анализировать и причины", "Analyse the causes as well"),
                "flag",
                required=False,
                help=Text(
                    "Олуттуу эмес болсо гана тандаңыз: олуттуусунда себептер ар дайым талданат.",
                    "Только для незначительного: у значительного причины анализируются всегда.",
                    "For a minor one only: of a major one the causes are always analysed.",
                ),
            ),
        ),
        guards=(_CORRECTED_BY_TODAY, _CORRECTED_AFTER, _CORRECTIONS_DONE),
        sets={
            "correction": lambda case: case.given["correction"],
            "corrected_on": lambda case: case.given["corrected_on"],
        },
    ),
    Move(
        "dispute",
        Text("Кайра баалоого кайтаруу", "Вернуть на оценку", "Return for assessment"),
        ("correction", "cause_analysis", "action_planning"),
        (Way("reported"),),
        done=Text("Кайра баалоого кайтарылды", "Возвращено на оценку", "Returned for assessment"),
        by=(Role.OWNER, Role.QUALITY_SPECIALIST),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмнени кайра кароо керек: олуттуулугун, жооптууну же бул туура келбөөчүлүк экенин.",
                    "Что пересмотреть: значимость, ответственного или то, что это несоответствие.",
                    "What to judge anew: the severity, who is responsible, or whether it is a nonconformity at all.",
                ),
            ),
        ),
        guards=(_NO_OPEN_ACTION,),
        tells=(Role.OWNER,),
        tone=Tone.BACK,
    ),
    Move(
        "record_causes",
        Text("Себептерин жазуу", "Записать причины", "Record the causes"),
        ("cause_analysis",),
        (Way("action_planning"),),
        done=Text("Себептери жазылды", "Причины записаны", "Causes recorded"),
        by=(Role.OWNER,),
        records=(
            Field(
                "similar_checked",
                Text("Башка жерде ушундайлар барбы", "Есть ли подобные в других местах", "Similar ones elsewhere"),
                "choice",
                choices=SIMILAR,
                help=Text(
                    "Ушул себеп таасир эте турган бөлүмдөрдү, дисциплиналарды, жабдууларды карап чыгыңыз.",
                    "Посмотрите там, где могла сработать та же причина: кафедры, дисциплины, оборудование.",
                    "Look where the same cause may be at work: departments, courses, devices.",
                ),
            ),
            Field(
                "similar",
                Text("Кайда изделди жана эмне табылды", "Где искали и что нашли", "Where looked for, what was found"),
                help=Text(
                    "Мисалы: «Калган үч лабораторияда: экөө жайында, 214-бөлмөдө ушундай эле».",
                    "Например: «В трёх других лабораториях: в двух порядок, в 214-й то же самое».",
                    "For example: “In the other three laboratories: two are in order, room 214 is the same.”",
                ),
            ),
            Field(
                "similar_records",
                Text("Байланышкан туура келбөөчүлүктөр", "Связанные несоответствия", "Linked nonconformities"),
                "records",
                required=False,
                of="nonconformity",
                help=Text("Алардын номерлери.", "Их номера.", "Their numbers."),
            ),
        ),
        guards=(HAS_CAUSE, ROOTS_CODED, _SIMILAR_AGREES),
        sets={name: _given(name) for name in ("similar_checked", "similar", "similar_records")},
    ),
    *moves_of_causes(_ANALYSED, (Role.OWNER,)),
    Move(
        "submit_plan",
        Text("Планды жөнөтүү", "Отправить план", "Submit the plan"),
        ("action_planning",),
        (Way("acting", when=lambda case: case.open_children > 0), Way("verification")),
        done=Text("План жөнөтүлдү", "План отправлен", "Plan submitted"),
        by=(Role.OWNER,),
        records=(_COMPLETE_BY,),
        guards=(EVERY_CAUSE_ANSWERED, _AHEAD, _NOT_BEFORE_ACTIONS),
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
        done=Text("Себептерге кайтарылды", "Возвращено к причинам", "Sent back to the causes"),
        by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Пландоодо эмне билинди: кайсы түпкү себеп жетишпейт же туура эмес.",
                    "Что выяснилось при планировании: какой коренной причины не хватает или какая неверна.",
                    "What the planning has shown: which root cause is missing, or is a wrong one.",
                ),
            ),
        ),
        tone=Tone.BACK,
    ),
    Move(
        "reschedule",
        Text("Мөөнөтүн жылдыруу", "Перенести срок", "Reschedule"),
        ("acting",),
        (Way("acting"),),
        done=Text("Мөөнөтү жылдырылды", "Срок перенесён", "Rescheduled"),
        # By itself, where an action is given more time than its nonconformity has.
        by=(Role.VICE_RECTOR, Role.CLOCK),
        records=(
            _COMPLETE_BY,
            replace(
                REASON,
                help=Text(
                    "Эмне тоскоол болду жана жаңы күнгө эмне үчүн жетишүүгө болот.",
                    "Что помешало и почему к новому дню всё успеют.",
                    "What stood in the way, and why the new day can be kept.",
                ),
            ),
        ),
        guards=(_AHEAD, _NOT_BEFORE_ACTIONS),
        sets={"complete_by": lambda case: case.given["complete_by"]},
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
    ),
    Move(
        "actions_done",
        Text("Бардык иш аракеттер бүттү", "Все действия завершены", "All actions are done"),
        ("acting",),
        # Where all were cancelled nothing has been done: it has to be planned anew.
        (Way("verification", when=_something_was_done), Way("action_planning")),
        done=Text("Бардык иш аракеттер бүттү", "Все действия завершены", "All actions are done"),
        by=(Role.CLOCK,),
        guards=(_NO_OPEN_ACTION,),
        tells=(Role.OWNER,),
    ),
    Move(
        "analyse_again",
        Text("Себептерин кайра талдоо", "Анализировать причины заново", "Analyse the causes again"),
        ("action_planning", "acting", "verification"),
        (Way("cause_analysis"),),
        done=Text(
            "Себептерин кайра талдоого жөнөтүлдү",
            "Отправлено на повторный анализ причин",
            "Sent back: causes to be analysed again",
        ),
        by=(Role.CLOCK, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне кайталанды же кайсы себеп жоюлбай калды: жаңы талдоо ушундан башталат.",
                    "Что повторилось или какая причина осталась: с этого начнётся новый анализ.",
                    "What happened again, or which cause is still there: the new analysis begins with it.",
                ),
            ),
        ),
        sets={"rounds": _one_more("rounds")},
        tells=(Role.QUALITY_SPECIALIST,),
        tone=Tone.BACK,
    ),
    Move(
        "close",
        Text("Жабуу", "Закрыть", "Close"),
        ("verification",),
        (Way("closed"),),
        done=Text("Жабылды", "Закрыто", "Closed"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
        never_by=(Role.OWNER,),
        records=(
            Field(
                "evaluation",
                Text("Натыйжалуулугун баалоо", "Оценка результативности", "Evaluation"),
                help=Text(
                    "Эмне үчүн кайталанбайт деп эсептөөгө болот. Мисалы: «Үч айда бир да даттануу түшкөн жок».",
                    "Почему можно считать, что это не повторится. Например: «За три месяца ни одной жалобы».",
                    "Why it can be taken not to happen again. For example: “Not one complaint in three months.”",
                ),
            ),
            Field(
                "risks",
                Text("Тобокелчиликтердеги өзгөрүүлөр", "Изменения в рисках", "Changes to the risks"),
                required=False,
                help=Text(
                    "Реестрге кайсынысы кошулду, кайсынысынын баасы башка болду. Болбосо, бош калтырыңыз.",
                    "Какой добавлен в реестр, какой оценён иначе. Если никакой, оставьте пустым.",
                    "Which one was added to the register, which is rated anew. Leave it empty if none.",
                ),
            ),
        ),
        guards=(_NO_OPEN_ACTION,),
        sets={"evaluation": _given("evaluation"), "risk_changes": _given("risks")},
        tells=(Role.AUTHOR, Role.OWNER),
        signs=Meaning.VERIFIED,
    ),
    Move(
        "reopen",
        Text("Кайра ачуу", "Открыть заново", "Reopen"),
        ("closed",),
        (Way("cause_analysis"),),
        done=Text("Кайра ачылды", "Открыто заново", "Reopened"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        records=(
            replace(
                REASON,
                help=Text(
                    "Жабылгандан кийин эмне болду: кайталанды же баалоону өзгөрткөн далил чыкты.",
                    "Что случилось после закрытия: повторилось или появилось свидетельство, меняющее оценку.",
                    "What came after the closing: it happened again, or evidence changes the evaluation.",
                ),
            ),
        ),
        # What was thought of it at its closing stays in the history: it is to be thought of anew.
        sets={
            "rounds": _one_more("rounds"),
            "reopened": _one_more("reopened"),
            "evaluation": lambda case: None,
            "risk_changes": lambda case: None,
        },
        tells=(Role.AUTHOR, Role.OWNER),
        tone=Tone.BACK,
    ),
    Move(
        "extend",
        Text("Кадамга көбүрөөк убакыт берүү", "Дать больше времени на шаг", "Give more time for the step"),
        ("correction", *_ANALYSED),
        staying_in(("correction", *_ANALYSED)),
        done=Text("Кадамга көбүрөөк убакыт берилди", "На шаг дано больше времени", "More time given for the step"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        never_by=(Role.OWNER,),
        records=(
            Field(
                "new_due_on",
                Text("Жаңы мөөнөт", "Новый срок", "New due date"),
                "date",
                help=Text(
                    "Ушул кадам гана узарат; кийинкилеринин күндөрү өзүнчө.",
                    "Продлевается только этот шаг; у следующих свои сроки.",
                    "Only this step is given more time; those after it have their own.",
                ),
            ),
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн убакыт жетпеди жана ага чейин эмне бүтөт: жооптуу окуйт.",
                    "Почему времени не хватило и что к новому сроку будет готово: это прочтёт ответственный.",
                    "Why the time was too short and what will be ready by then: the owner will read it.",
                ),
            ),
        ),
        guards=(_MORE_TIME,),
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        tone=Tone.ASIDE,
        postpones="new_due_on",
    ),
    Move(
        "describe",
        Text("Сыпаттамасын тактоо", "Уточнить описание", "Correct the description"),
        _OPEN,
        staying_in(_OPEN),
        done=Text("Сыпаттамасы такталды", "Описание уточнено", "Description corrected"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(*(replace(field, required=False) for field in _REPORTED), *_DESCRIBED, REQUIREMENT_DOCUMENT, PROCESS),
        guards=(_BY_TODAY, _IN_ORDER),
        sets={field.name: _given_or_kept(field.name) for field in _REPORTED}
        | {field.name: _given(field.name) for field in _DESCRIBED}
        | {
            "requirement_document_id": _given("requirement_document"),
            "process_id": _given_or_kept("process", "process_id"),
        },
        tone=Tone.ASIDE,
    ),
    Move(
        "reassign",
        Text("Башка жооптууга өткөрүү", "Передать другому ответственному", "Reassign"),
        _OWNED,
        staying_in(_OWNED),
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
        sets={"owner_post_id": _given("owner_post")},
        tells=(Role.OWNER,),
        tone=Tone.ASIDE,
    ),
    Move(
        "concede",
        Text("Четтөөгө уруксат берүү", "Разрешить отклонение", "Grant a concession"),
        _OWNED,
        staying_in(_OWNED),
        done=Text("Четтөөгө уруксат берилди", "Отклонение разрешено", "Concession granted"),
        by=(Role.VICE_RECTOR, Role.RECTOR),
        never_by=(Role.OWNER,),
        records=(
            Field(
                "concession",
                Text("Эмнеге жана кандай шартта уруксат", "Что и на каких условиях разрешается", "What is conceded"),
                help=Text(
                    "Кайсы талаптан, анын ордуна эмне болот. Мисалы: «Ремонт бүткөнчө сабактар 112-бөлмөдө».",
                    "От какого требования и что вместо него. Например: «До конца ремонта занятия идут в 112-й».",
                    "From which requirement, and what instead. For example: “Classes in room 112 until the repair.”",
                ),
            ),
            Field(
                "concession_until",
                Text("Качанга чейин", "До какого дня", "Until"),
                "date",
                required=False,
                help=Text(
                    "Андан кийин талап кайра толук күчүндө. Бош калса, мөөнөтсүз.",
                    "После этого требование снова действует полностью. Если не указать, бессрочно.",
                    "After that the requirement holds in full again. Without an end if left empty.",
                ),
            ),
        ),
        sets={
            "concession": _given("concession"),
            "concession_until": _given("concession_until"),
            "conceded_by_id": lambda case: case.actor,
        },
        guards=(_CONCEDED_AHEAD,),
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        signs=Meaning.APPROVED,
        tone=Tone.ASIDE,
    ),
    *moves_of_evidence(
        _OPEN,
        (Role.AUTHOR, Role.OWNER, Role.QUALITY_REPRESENTATIVE, Role.QUALITY_SPECIALIST),
        unless_in=("verification",),
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
        TITLE,
        FOUND,
        KIND,
        SOURCE,
        FOUND_ON,
        OBJECT,
        REQUIREMENT,
        REQUIREMENT_DOCUMENT,
        CLAUSE,
        OCCURRED_ON,
        KNOWN_ON,
        PROCESS,
        UNIT,
        IMPACT,
        REPORTED_BY,
        Field(
            "confidential",
            Text("Менин атымды жашыруу", "Не называть моё имя", "Keep my name confidential"),
            "flag",
            required=False,
            help=Text(
                "Атыңызды билим берүүнүн сапаты боюнча адис гана көрөт.",
                "Ваше имя увидит только специалист по качеству образования.",
                "Only the quality specialist will see who you are.",
            ),
        ),
    ),
    opening_guards=(_BY_TODAY, _IN_ORDER, _NOT_THEIR_OWN_UNIT),
    child_of="audit",
    hung_by=(Role.AUDITOR, Role.QUALITY_SPECIALIST),
    opened_in=("in_progress", "reporting"),
    prefix="NC",
    read_by=(
        *(Role.AUTHOR, Role.OWNER, Role.RELATED, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.HOLDER),
        *(Role.TOLD, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "found", "requirement", "severity"),
    tells_author=(Role.QUALITY_SPECIALIST,),
    parts=(CAUSE, EVIDENCE),
)
