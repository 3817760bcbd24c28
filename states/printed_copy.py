"""A numbered copy on paper of a document in force: issued → recalled when the revision is superseded → returned.

ISO 9001:2015, 7.5.3.2: distribution, access, retrieval; obsolete copies are not to be used by mistake.
"""

from states.ladders import STANDARD
from states.lifecycle import Deadline, Field, Guard, Kind, Lifecycle, Move, Step, Tone, Way
from states.reasons import because
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.text import N_, Text
from states.values import given

_KEEPERS = (Role.QUALITY_SPECIALIST, Role.OWNER)
_DOCUMENT = Field(
    "document",
    Text("Документ", "Документ", "Document"),
    "document",
    help=Text(
        "Күчүндөгү редакциясынан басылды: ал алмашканда көчүрмө кайтарылат.",
        "Копия снята с действующей редакции: когда её сменят, копию отзовут.",
        "It is printed from the revision in force: when that is replaced the copy is recalled.",
    ),
)
_OWNER_POST = Field(
    "owner_post",
    Text("Кимде сакталат", "У кого хранится", "Who keeps it"),
    "post",
    help=Text(
        "Көчүрмө үчүн жооп берген жана аны кайтара турган кызмат.",
        "Должность, которая отвечает за копию и вернёт её.",
        "The post that answers for the copy and will give it back.",
    ),
)
_KEPT_AT = Field(
    "kept_at",
    Text("Сакталган жери", "Место хранения", "Kept at"),
    "line",
    help=Text(
        "Кабинет, папка же такта. Мисалы: 204-кабинет, кире бериштеги такта.",
        "Кабинет, папка или доска. Например: каб. 204, доска у входа.",
        "A room, a folder, a board. For example: room 204, the board by the door.",
    ),
)
_RETURNED_ON = Field(
    "returned_on",
    Text("Кайтарылган күнү", "Дата возврата", "Returned on"),
    "date",
    help=Text(
        "Кагаз сапат бөлүмүнө келген же жок кылынган күн.",
        "День, когда бумага пришла в отдел качества или уничтожена.",
        "The day the paper came to the quality office or was destroyed.",
    ),
)
_WHERE_IT_WAS = because(
    "Кайсы жерде жана качан акыркы жолу көрүлдү, эмне кылынды.",
    "Где и когда видели последний раз, что предпринято.",
    "Where and when it was seen last, and what was done.",
)
_RETURNED_BY_TODAY = Guard(
    lambda case: case.given["returned_on"] <= case.today,
    N_("The day of its return is in the future."),
    N_("Choose today or before."),
)

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("issued", Text("берилди", "выдана", "issued"), kind=Kind.RESTING),
    Step("recalled", Text("кайтарылышы керек", "подлежит возврату", "recalled"), owner=Role.OWNER,
         task=Text("Эскирген көчүрмөнү кайтарып берүү", "Вернуть устаревшую копию",
                   "Give back the copy that is out of date"),
         deadline=Deadline(days=5), ladder=STANDARD),
    Step("returned", Text("кайтарылды", "возвращена", "returned"), kind=Kind.FINAL),
    Step("lost", Text("жоголду", "утрачена", "lost"), kind=Kind.FINAL),
)

MOVES = (
    Move("recall", Text("Кайтарып алуу", "Отозвать копию", "Recall the copy"),
         done=Text("Кайтарып алынууда", "Копия отозвана", "Recalled"),
         sources=("issued",), ways=(Way("recalled"),), by=(Role.QUALITY_SPECIALIST, Role.CLOCK),
         tone=Tone.FORWARD),
    Move("give_back", Text("Кайтарылганын жазуу", "Записать возврат", "Record its return"),
         done=Text("Кайтарылды", "Возвращена", "Returned"),
         sources=("issued", "recalled"), ways=(Way("returned"),), by=_KEEPERS,
         records=(_RETURNED_ON,), guards=(_RETURNED_BY_TODAY,),
         sets={"returned_on": given("returned_on")}),
    Move("report_lost", Text("Жоголду деп жазуу", "Записать утрату", "Report it lost"),
         done=Text("Жоголду деп жазылды", "Утрата записана", "Reported lost"),
         sources=("issued", "recalled"), ways=(Way("lost"),), by=_KEEPERS,
         records=(_WHERE_IT_WAS,),
         tells=(Role.QUALITY_SPECIALIST,), tone=Tone.STOP),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="printed_copy",
    collection="printed-copies",
    label=Text("басылган көчүрмө", "печатная копия", "printed copy"),
    plural=Text("басылган көчүрмөлөр", "печатные копии", "printed copies"),
    steps=STEPS,
    moves=MOVES,
    opens=(_DOCUMENT, _OWNER_POST, _KEPT_AT),
    opened_by=(Role.QUALITY_SPECIALIST,),
    prefix="PC",
    read_by=(Role.OWNER, *ITS_UNIT, *ITS_TASK, *OVERSEERS),
)
