"""What a body instructed somebody to do: given → reported → accepted; the day the body named is never lost."""

from dataclasses import replace

from states.ladders import STANDARD
from states.lifecycle import Case, Deadline, Field, Guard, Kind, Lifecycle, Meaning, Move, Step, Tone, Way
from states.reasons import REASON
from states.roles import Role
from states.sitting_parts import INSTRUCTION
from states.text import N_, Text

_FIELDS = {field.name: field for field in INSTRUCTION.fields}
_GIVEN, _REPORTED = ("given",), ("reported",)

STEPS = (
    Step(
        "given",
        Text("берилди", "дано", "given"),
        owner=Role.OWNER,
        task=Text("Кеңештин тапшырмасын аткаруу", "Выполнить поручение совета", "Carry out the council's instruction"),
        deadline=Deadline(on="due_on"),
        ladder=STANDARD,
    ),
    Step(
        "reported",
        Text("аткарылганы билдирилди", "доложено об исполнении", "reported done"),
        owner=Role.SECRETARY,
        otherwise=Role.QUALITY_SPECIALIST,
        task=Text(
            "Аткарылганын текшерип, кабыл алуу", "Проверить и принять исполнение", "Check that it is done and accept it"
        ),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step("accepted", Text("кабыл алынды", "принято", "accepted"), kind=Kind.FINAL),
    Step("withdrawn", Text("күчүн жоготту", "снято", "withdrawn"), kind=Kind.FINAL),
)


def _done_by_today(case: Case) -> bool:
    return bool(case.given["done_on"] <= case.today)


MOVES = (
    Move(
        "report_done",
        Text("Аткарылганын билдирүү", "Доложить об исполнении", "Report it done"),
        _GIVEN,
        (Way("reported"),),
        done=Text("Аткарылганы билдирилди", "Доложено об исполнении", "Reported done"),
        by=(Role.OWNER,),
        records=(
            Field(
                "done",
                Text("Эмне кылынды", "Что сделано", "What was done"),
                help=Text(
                    "Натыйжасы кайдан көрүнөт: буйрук, документ, сан.",
                    "Где виден результат: приказ, документ, число.",
                    "Where the result can be seen: an order, a document, a number.",
                ),
            ),
            Field(
                "done_on",
                Text("Бүткөн күнү", "Дата исполнения", "Done on"),
                "date",
                help=Text(
                    "Чындап бүткөн күн, билдирилген күн эмес.",
                    "Когда действительно закончено, а не когда доложено.",
                    "When it was really finished, not when it is reported.",
                ),
            ),
        ),
        guards=(
            Guard(_done_by_today, N_("The day it was done is in the future."), N_("Choose today or an earlier day.")),
        ),
        sets={"done": lambda case: case.given["done"], "done_on": lambda case: case.given["done_on"]},
    ),
    Move(
        "accept",
        Text("Кабыл алуу", "Принять", "Accept"),
        _REPORTED,
        (Way("accepted"),),
        done=Text("Кабыл алынды", "Принято", "Accepted"),
        by=(Role.SECRETARY, Role.QUALITY_SPECIALIST),
        never_by=(Role.OWNER,),
        tells=(Role.OWNER,),
        signs=Meaning.VERIFIED,
    ),
    Move(
        "return_it",
        Text("Кайтаруу", "Вернуть", "Return it"),
        _REPORTED,
        (Way("given"),),
        done=Text("Кайтарылды", "Возвращено", "Returned"),
        by=(Role.SECRETARY, Role.QUALITY_SPECIALIST),
        records=(
            replace(
                REASON,
                help=Text(
                    "Тапшырманын кайсы бөлүгү бүтпөй калды.",
                    "Какая часть поручения осталась невыполненной.",
                    "Which part of the instruction is not done yet.",
                ),
            ),
        ),
        tone=Tone.BACK,
    ),
    Move(
        "extend",
        Text("Мөөнөтүн узартуу", "Продлить срок", "Give more time"),
        _GIVEN,
        (Way("given"),),
        done=Text("Мөөнөтү узартылды", "Срок продлён", "More time given"),
        by=(Role.SECRETARY, Role.QUALITY_SPECIALIST),
        never_by=(Role.OWNER,),
        records=(
            replace(
                _FIELDS["due_on"],
                name="new_due_on",
                label=Text("Жаңы мөөнөт", "Новый срок", "New due date"),
                required=True,
                help=Text(
                    "Кеңештин же төраганын макулдугу менен; алгачкы күн көрүнүп турат.",
                    "С согласия совета или председателя; первый срок останется виден.",
                    "With the consent of the body or its chair; the first date stays visible.",
                ),
            ),
            replace(
                REASON,
                help=Text(
                    "Убакыт эмне үчүн жетпей калды жана ким макул болду.",
                    "Почему не хватило времени и кто согласился.",
                    "Why the time was not enough, and who agreed.",
                ),
            ),
        ),
        sets={
            "due_on": lambda case: case.given["new_due_on"],
            "extensions": lambda case: int(case.fields["extensions"] or 0) + 1,
        },
        postpones="new_due_on",
        tells=(Role.OWNER,),
        tone=Tone.ASIDE,
    ),
    Move(
        "withdraw",
        Text("Тапшырманы алып салуу", "Снять поручение", "Withdraw it"),
        (*_GIVEN, *_REPORTED),
        (Way("withdrawn"),),
        done=Text("Тапшырма алынды", "Поручение снято", "Withdrawn"),
        # Whoever has to do it does not free themselves of it: of a secretary's own the quality specialist decides.
        by=(Role.SECRETARY, Role.QUALITY_SPECIALIST),
        never_by=(Role.OWNER,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Эмне өзгөрдү: кеңештин кайсы чечими менен керексиз болду.",
                    "Что изменилось: каким решением совета оно больше не нужно.",
                    "What has changed: by which decision of the body it is no longer needed.",
                ),
            ),
        ),
        tells=(Role.OWNER,),
        tone=Tone.STOP,
    ),
)

LIFECYCLE = Lifecycle(
    name="council_task",
    collection="council-tasks",
    label=Text("кеңештин тапшырмасы", "поручение совета", "council instruction"),
    plural=Text("кеңештердин тапшырмалары", "поручения советов", "council instructions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        replace(_FIELDS["what"], name="title"),
        replace(_FIELDS["owner_post"], required=True),
        replace(_FIELDS["due_on"], required=True),
        _FIELDS["item"],
    ),
    opened_by=(Role.SECRETARY,),
    prefix="CT",
    child_of="sitting",
    stands_alone=False,
    opened_in=("closed",),
    read_by=(
        *(Role.OWNER, Role.RELATED, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.COUNCIL, Role.HOLDER),
        Role.TOLD,
        *(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "due_on", "done", "done_on"),
)
