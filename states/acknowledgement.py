"""Read and understood: one person has to read one revision that came into force, and signs that they have.

ISO 9001:2015, 7.5.3.1: documented information is available where it is needed; 7.3: people are aware of it. The
signature is bound to what the revision says (the SHA-256 in `content`), so that it is clear what was read.
"""

from states.lifecycle import (
    Case,
    Channel,
    Deadline,
    Guard,
    Kind,
    Ladder,
    Lifecycle,
    Meaning,
    Move,
    Rung,
    Step,
    Tone,
    Way,
)
from states.reasons import because
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.text import N_, Text

_OPEN = ("to_read",)


def _is_the_reader(case: Case) -> bool:
    return bool(case.actor == case.fields["reader_id"])


# Hundreds may have the same to read: their heads see it on the page of what is late, and get no mail for each.
READERS = Ladder(
    rungs=(
        Rung(-3, (Role.HOLDER,)),
        Rung(0, (Role.HOLDER,)),
        Rung(3, (Role.HOLDER,)),
        Rung(5, (Role.HOLDERS_HEAD,), Channel.PAGE),
        Rung(10, (Role.QUALITY_SPECIALIST,), Channel.PAGE),
    ),
    again=Rung(5, (Role.HOLDER,)),
)
_WHY_EXCUSED = because(
    "Бул адамга бул документ эмне үчүн тиешелүү эмес.",
    "Почему этот документ этого человека не касается.",
    "Why this document does not concern this person.",
)
_IS_THE_READER = Guard(
    _is_the_reader,
    N_("Nobody can have read a document for somebody else."),
    N_("It waits until they are back; the quality specialist can excuse them from it."),
)

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("to_read", Text("окулушу керек", "нужно прочитать", "to be read"), owner=Role.READER,
         task=Text("Күчүнө кирген документти окуп, таанышканын ырастоо",
                   "Прочитать вступивший в силу документ и подтвердить ознакомление",
                   "Read the document that came into force and acknowledge it"),
         deadline=Deadline(days=10), ladder=READERS),
    Step("read", Text("таанышты", "ознакомлен", "read and understood"), kind=Kind.FINAL),
    Step("lapsed", Text("кереги жок болуп калды", "больше не нужно", "no longer needed"), kind=Kind.FINAL),
)

MOVES = (
    Move("acknowledge", Text("Таанышканымды ырастоо", "Подтвердить ознакомление", "I have read and understood it"),
         done=Text("Таанышканы ырасталды", "Ознакомление подтверждено", "Read and understood"),
         sources=_OPEN, ways=(Way("read"),), by=(Role.READER,),
         # Deputies have the tasks of those who are away; but what these have not read they do not know.
         guards=(_IS_THE_READER,),
         signs=Meaning.READ),
    Move("lapse", Text("Токтотуу", "Снять", "Let it lapse"),
         done=Text("Кереги жок болуп калды", "Больше не нужно", "No longer needed"),
         sources=_OPEN, ways=(Way("lapsed"),), by=(Role.CLOCK,),
         tone=Tone.STOP),
    Move("excuse", Text("Окуудан бошотуу", "Освободить от ознакомления", "Excuse from reading"),
         done=Text("Окуудан бошотулду", "Освобождён от ознакомления", "Excused from reading"),
         sources=_OPEN, ways=(Way("lapsed"),), by=(Role.QUALITY_SPECIALIST,),
         records=(_WHY_EXCUSED,),
         tells=(Role.READER,), tone=Tone.STOP),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="acknowledgement",
    collection="acknowledgements",
    label=Text("документ менен таанышуу", "ознакомление с документом", "acknowledgement"),
    plural=Text("документтер менен таанышуу", "ознакомление с документами", "acknowledgements"),
    steps=STEPS,
    moves=MOVES,
    opened_by=(Role.CLOCK,),
    read_by=(Role.READER, Role.OWNER, *ITS_UNIT, *ITS_TASK, *OVERSEERS),
    signs_over=("title", "content"),
    played_by={Role.READER: ("reader_id",)},
)
