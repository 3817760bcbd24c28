"""An advice that a visit to a lesson led to: whoever heads the unit follows it."""

from states.ladders import STANDARD
from states.lifecycle import Deadline, Field, Kind, Lifecycle, Move, Step, Way
from states.roles import Role
from states.text import Text

LIFECYCLE = Lifecycle(
    name="lesson_advice",
    collection="lesson-advices",
    label=Text("сабак боюнча кеңеш", "совет по занятию", "advice on a lesson"),
    plural=Text("сабактар боюнча кеңештер", "советы по занятиям", "advices on lessons"),
    steps=(
        Step(
            "given",
            Text("берилди", "дан", "given"),
            owner=Role.OWNER,
            task=Text("Кеңешти аткаруу", "Последовать совету", "Follow the advice"),
            deadline=Deadline(days=10),
            ladder=STANDARD,
        ),
        Step("followed", Text("аткарылды", "выполнен", "followed"), kind=Kind.FINAL),
    ),
    moves=(
        Move(
            "follow",
            Text("Аткарылды", "Совет выполнен", "Follow it"),
            ("given",),
            (Way("followed"),),
            done=Text("Кеңеш аткарылды", "Совету последовали", "Advice followed"),
            by=(Role.OWNER,),
            records=(Field("how", Text("Кантип", "Каким образом", "How")),),
            sets={"how": lambda case: case.given["how"]},
            tells=(Role.RELATED,),
        ),
    ),
    opens=(Field("title", Text("Кеңеш", "Совет", "Advice"), "line"),),
    opened_by=(Role.AUDITOR,),
    child_of="lesson_visit",
    opened_in=("planned", "held"),
    prefix="LA",
    read_by=(Role.AUTHOR, Role.OWNER, Role.HEAD, Role.RELATED, Role.HOLDER, Role.TOLD, Role.QUALITY_SPECIALIST),
)
