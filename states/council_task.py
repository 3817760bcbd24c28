"""What a body instructed somebody to do: given → reported → accepted; the day the body named is never lost."""

from dataclasses import replace

from states.ladders import STANDARD
from states.lifecycle import (
    Deadline,
    Field,
    Guard,
    Kind,
    Lifecycle,
    Meaning,
    Move,
    Step,
    Tone,
    Way,
)
from states.reasons import because
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.sitting_parts import INSTRUCTION
from states.text import N_, Text
from states.values import given

_FIELDS = {field.name: field for field in INSTRUCTION.fields}
_TITLE = replace(_FIELDS["what"], name="title")
_DONE = Field(
    "done",
    Text("Эмне кылынды", "Что сделано", "What was done"),
    help=Text(
        "Натыйжасы кайдан көрүнөт: буйрук, документ, сан.",
        "Где виден результат: приказ, документ, число.",
        "Where the result can be seen: an order, a document, a number.",
    ),
)
_DONE_ON = Field(
    "done_on",
    Text("Бүткөн күнү", "Дата исполнения", "Done on"),
    "date",
    help=Text(
        "Чындап бүткөн күн, билдирилген күн эмес.",
        "Когда действительно закончено, а не когда доложено.",
        "When it was really finished, not when it is reported.",
    ),
)
_WHAT_IS_NOT_DONE = because(
    "Тапшырманын кайсы бөлүгү бүтпөй калды.",
    "Какая часть поручения осталась невыполненной.",
    "Which part of the instruction is not done yet.",
)
_NEW_DUE_ON = replace(
    _FIELDS["due_on"],
    name="new_due_on",
    label=Text("Жаңы мөөнөт", "Новый срок", "New due date"),
    required=True,
    help=Text(
        "Кеңештин же төраганын макулдугу менен; алгачкы күн көрүнүп турат.",
        "С согласия совета или председателя; первый срок останется виден.",
        "With the consent of the body or its chair; the first date stays visible.",
    ),
)
_WHY_MORE_TIME = because(
    "Убакыт эмне үчүн жетпей калды жана ким макул болду.",
    "Почему не хватило времени и кто согласился.",
    "Why the time was not enough, and who agreed.",
)
_WHY_WITHDRAWN = because(
    "Эмне өзгөрдү: кеңештин кайсы чечими менен керексиз болду.",
    "Что изменилось: каким решением совета оно больше не нужно.",
    "What has changed: by which decision of the body it is no longer needed.",
)
_DONE_BY_TODAY = Guard(
    lambda case: case.given["done_on"] <= case.today,
    N_("The day it was done is in the future."),
    N_("Choose today or an earlier day."),
)
_AFTER_THE_SITTING = Guard(
    lambda case: case.given["due_on"] > case.above()["held_on"],
    N_("An instruction is due on the day of the sitting or before it."),
    N_("Choose a later day for it."),
)
_GIVEN, _REPORTED = ("given",), ("reported",)

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("given", Text("берилди", "дано", "given"), owner=Role.OWNER,
         task=Text("Кеңештин тапшырмасын аткаруу", "Выполнить поручение совета", "Carry out the council's instruction"),
         deadline=Deadline(on="due_on"), ladder=STANDARD),
    Step("reported", Text("аткарылганы билдирилди", "доложено об исполнении", "reported done"), owner=Role.SECRETARY,
         otherwise=Role.QUALITY_SPECIALIST,
         task=Text("Аткарылганын текшерип, кабыл алуу", "Проверить и принять исполнение",
                   "Check that it is done and accept it"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("accepted", Text("кабыл алынды", "принято", "accepted"), kind=Kind.FINAL),
    Step("withdrawn", Text("күчүн жоготту", "снято", "withdrawn"), kind=Kind.FINAL),
)

MOVES = (
    Move("report_done", Text("Аткарылганын билдирүү", "Доложить об исполнении", "Report it done"),
         done=Text("Аткарылганы билдирилди", "Доложено об исполнении", "Reported done"),
         sources=_GIVEN, ways=(Way("reported"),), by=(Role.OWNER,),
         records=(_DONE, _DONE_ON), guards=(_DONE_BY_TODAY,),
         sets={"done": given("done"), "done_on": given("done_on")}),
    Move("accept", Text("Кабыл алуу", "Принять", "Accept"), done=Text("Кабыл алынды", "Принято", "Accepted"),
         sources=_REPORTED, ways=(Way("accepted"),),
         by=(Role.SECRETARY, Role.QUALITY_SPECIALIST), never_by=(Role.OWNER,),
         tells=(Role.OWNER,), signs=Meaning.VERIFIED),
    Move("return_it", Text("Кайтаруу", "Вернуть", "Return it"), done=Text("Кайтарылды", "Возвращено", "Returned"),
         sources=_REPORTED, ways=(Way("given"),), by=(Role.SECRETARY, Role.QUALITY_SPECIALIST),
         records=(_WHAT_IS_NOT_DONE,),
         tone=Tone.BACK),
    Move("extend", Text("Мөөнөтүн узартуу", "Продлить срок", "Give more time"),
         done=Text("Мөөнөтү узартылды", "Срок продлён", "More time given"),
         sources=_GIVEN, ways=(Way("given"),), by=(Role.SECRETARY, Role.QUALITY_SPECIALIST), never_by=(Role.OWNER,),
         records=(_NEW_DUE_ON, _WHY_MORE_TIME),
         sets={"due_on": given("new_due_on"), "extensions": lambda case: int(case.fields["extensions"] or 0) + 1},
         postpones="new_due_on",
         tells=(Role.OWNER,), tone=Tone.ASIDE),
    Move("withdraw", Text("Тапшырманы алып салуу", "Снять поручение", "Withdraw it"),
         done=Text("Тапшырма алынды", "Поручение снято", "Withdrawn"),
         sources=(*_GIVEN, *_REPORTED), ways=(Way("withdrawn"),),
         # Whoever has to do it does not free themselves of it: of a secretary's own the quality specialist decides.
         by=(Role.SECRETARY, Role.QUALITY_SPECIALIST), never_by=(Role.OWNER,),
         records=(_WHY_WITHDRAWN,),
         tells=(Role.OWNER,), tone=Tone.STOP),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="council_task",
    collection="council-tasks",
    label=Text("кеңештин тапшырмасы", "поручение совета", "council instruction"),
    plural=Text("кеңештердин тапшырмалары", "поручения советов", "council instructions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        _TITLE,
        replace(_FIELDS["owner_post"], required=True),
        replace(_FIELDS["due_on"], required=True),
        _FIELDS["item"],
    ),
    opened_by=(Role.SECRETARY,),
    opening_guards=(_AFTER_THE_SITTING,),
    prefix="CT",
    child_of="sitting",
    stands_alone=False,
    opened_in=("closed",),
    read_by=(Role.OWNER, Role.RELATED, *ITS_UNIT, Role.MEMBER, *ITS_TASK, *OVERSEERS),
    signs_over=("title", "due_on", "done", "done_on"),
)
