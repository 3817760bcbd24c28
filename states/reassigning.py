"""Reassigning: what was given to one post is passed to another, and stays in the step where it is."""

from states.asides import staying_in
from states.lifecycle import Field, Move, Tone
from states.reasons import because
from states.roles import Role
from states.text import Text
from states.values import given

_NEW_OWNER = Field(
    "owner_post",
    Text("Жаңы жооптуу", "Новый ответственный", "New responsible post"),
    "post",
    help=Text(
        "Милдет жана эскертүүлөр ушул орунда иштеген адамга өтөт.",
        "Задача и напоминания перейдут к занимающему эту должность.",
        "The task and its reminders pass to whoever holds it.",
    ),
)
_WHY = because(
    "Эмне үчүн ушул орун ылайыктуураак жана эмне жасалып бүттү: жаңы жооптуу окуйт.",
    "Почему эта должность подходит лучше и что уже сделано: это прочтёт новый ответственный.",
    "Why this post is better placed and what is done already: whoever holds it will read it.",
)


def reassigning(states: tuple[str, ...]) -> Move:
    """The move that passes a record to another post while it is in `states`."""
    return Move(
        "reassign",
        Text("Башка жооптууга өткөрүү", "Передать другому ответственному", "Reassign"),
        states,
        staying_in(states),
        done=Text("Башка жооптууга өткөрүлдү", "Передано другому ответственному", "Reassigned"),
        by=(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR),
        records=(_NEW_OWNER, _WHY),
        sets={"owner_post_id": given("owner_post")},
        tells=(Role.OWNER,),
        tone=Tone.ASIDE,
    )
