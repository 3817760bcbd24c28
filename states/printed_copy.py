"""A numbered copy on paper of a document in force: issued → recalled when the revision is superseded → returned.

ISO 9001:2015, 7.5.3.2: distribution, access, retrieval; obsolete copies are not to be used by mistake.
"""

from dataclasses import replace

from states.ladders import STANDARD
from states.lifecycle import Case, Deadline, Field, Guard, Kind, Lifecycle, Move, Step, Tone, Way
from states.reasons import REASON
from states.roles import Role
from states.text import N_, Text

_KEEPERS = (Role.QUALITY_SPECIALIST, Role.OWNER)


def _returned_by_today(case: Case) -> bool:
    return bool(case.given["returned_on"] <= case.today)


STEPS = (
    Step("issued", Text("берилди", "выдана", "issued"), kind=Kind.RESTING),
    Step(
        "recalled",
        Text("кайтарылышы керек", "подлежит возврату", "recalled"),
        owner=Role.OWNER,
        task=Text(
            "Эскирген көчүрмөнү кайтарып берүү", "Вернуть устаревшую копию", "Give back the copy that is out of date"
        ),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step("returned", Text("кайтарылды", "возвращена", "returned"), kind=Kind.FINAL),
    Step("lost", Text("жоголду", "утрачена", "lost"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "recall",
        Text("Кайтарып алуу", "Отозвать копию", "Recall the copy"),
        ("issued",),
        (Way("recalled"),),
        done=Text("Кайтарып алынууда", "Копия отозвана", "Recalled"),
        by=(Role.QUALITY_SPECIALIST, Role.CLOCK),
        tone=Tone.FORWARD,
    ),
    Move(
        "give_back",
        Text("Кайтарылганын жазуу", "Записать возврат", "Record its return"),
        ("issued", "recalled"),
        (Way("returned"),),
        done=Text("Кайтарылды", "Возвращена", "Returned"),
        by=_KEEPERS,
        records=(
            Field(
                "returned_on",
                Text("Кайтарылган күнү", "Дата возврата", "Returned on"),
                "date",
                help=Text(
                    "Кагаз сапат бөлүмүнө келген же жок кылынган күн.",
                    "День, когда бумага пришла в отдел качества или уничтожена.",
                    "The day the paper came to the quality office or was destroyed.",
                ),
            ),
        ),
        guards=(
            Guard(_returned_by_today, N_("The day of its return is in the future."), N_("Choose today or before.")),
        ),
        sets={"returned_on": lambda case: case.given["returned_on"]},
    ),
    Move(
        "report_lost",
        Text("Жоголду деп жазуу", "Записать утрату", "Report it lost"),
        ("issued", "recalled"),
        (Way("lost"),),
        done=Text("Жоголду деп жазылды", "Утрата записана", "Reported lost"),
        by=_KEEPERS,
        records=(
            replace(
                REASON,
                help=Text(
                    "Кайсы жерде жана качан акыркы жолу көрүлдү, эмне кылынды.",
                    "Где и когда видели последний раз, что предпринято.",
                    "Where and when it was seen last, and what was done.",
                ),
            ),
        ),
        tells=(Role.QUALITY_SPECIALIST,),
        tone=Tone.STOP,
    ),
)

LIFECYCLE = Lifecycle(
    name="printed_copy",
    collection="printed-copies",
    label=Text("басылган көчүрмө", "печатная копия", "printed copy"),
    plural=Text("басылган көчүрмөлөр", "печатные копии", "printed copies"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field(
            "document",
            Text("Документ", "Документ", "Document"),
            "document",
            help=Text(
                "Күчүндөгү редакциясынан басылды: ал алмашканда көчүрмө кайтарылат.",
                "Копия снята с действующей редакции: когда её сменят, копию отзовут.",
                "It is printed from the revision in force: when that is replaced the copy is recalled.",
            ),
        ),
        Field(
            "owner_post",
            Text("Кимде сакталат", "У кого хранится", "Who keeps it"),
            "post",
            help=Text(
                "Көчүрмө үчүн жооп берген жана аны кайтара турган кызмат.",
                "Должность, которая отвечает за копию и вернёт её.",
                "The post that answers for the copy and will give it back.",
            ),
        ),
        Field(
            "kept_at",
            Text("Сакталган жери", "Место хранения", "Kept at"),
            "line",
            help=Text(
                "Кабинет, папка же такта. Мисалы: 204-кабинет, кире бериштеги такта.",
                "Кабинет, папка или доска. Например: каб. 204, доска у входа.",
                "A room, a folder, a board. For example: room 204, the board by the door.",
            ),
        ),
    ),
    opened_by=(Role.QUALITY_SPECIALIST,),
    prefix="PC",
    read_by=(
        *(Role.OWNER, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.HOLDER, Role.TOLD),
        *(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
)
