"""Read and understood: one person has to read one revision that came into force, and signs that they have.

ISO 9001:2015, 7.5.3.1: documented information is available where it is needed; 7.3: people are aware of it. The
signature is bound to what the revision says (the SHA-256 in `content`), so that it is clear what was read.
"""

from dataclasses import replace

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
from states.reasons import REASON
from states.roles import Role
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

STEPS = (
    Step(
        "to_read",
        Text("окулушу керек", "нужно прочитать", "to be read"),
        owner=Role.READER,
        task=Text(
            "Күчүнө кирген документти окуп, таанышканын ырастоо",
            "Прочитать вступивший в силу документ и подтвердить ознакомление",
            "Read the document that came into force and acknowledge it",
        ),
        deadline=Deadline(days=10),
        ladder=READERS,
    ),
    Step("read", Text("таанышты", "ознакомлен", "read and understood"), kind=Kind.FINAL),
    Step("lapsed", Text("кереги жок болуп калды", "больше не нужно", "no longer needed"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "acknowledge",
        Text("Таанышканымды ырастоо", "Подтвердить ознакомление", "I have read and understood it"),
        _OPEN,
        (Way("read"),),
        done=Text("Таанышканы ырасталды", "Ознакомление подтверждено", "Read and understood"),
        by=(Role.READER,),
        guards=(
            # Deputies have the tasks of those who are away; but what these have not read they do not know.
            Guard(
                _is_the_reader,
                N_("Nobody can have read a document for somebody else."),
                N_("It waits until they are back; the quality specialist can excuse them from it."),
            ),
        ),
        signs=Meaning.READ,
    ),
    Move(
        "lapse",
        Text("Токтотуу", "Снять", "Let it lapse"),
        _OPEN,
        (Way("lapsed"),),
        done=Text("Кереги жок болуп калды", "Больше не нужно", "No longer needed"),
        by=(Role.CLOCK,),
        tone=Tone.STOP,
    ),
    Move(
        "excuse",
        Text("Окуудан бошотуу", "Освободить от ознакомления", "Excuse from reading"),
        _OPEN,
        (Way("lapsed"),),
        done=Text("Окуудан бошотулду", "Освобождён от ознакомления", "Excused from reading"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Бул адамга бул документ эмне үчүн тиешелүү эмес.",
                    "Почему этот документ этого человека не касается.",
                    "Why this document does not concern this person.",
                ),
            ),
        ),
        tells=(Role.READER,),
        tone=Tone.STOP,
    ),
)

LIFECYCLE = Lifecycle(
    name="acknowledgement",
    collection="acknowledgements",
    label=Text("документ менен таанышуу", "ознакомление с документом", "acknowledgement"),
    plural=Text("документтер менен таанышуу", "ознакомление с документами", "acknowledgements"),
    steps=STEPS,
    moves=MOVES,
    opened_by=(Role.CLOCK,),
    read_by=(
        *(Role.READER, Role.OWNER, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.HOLDER, Role.TOLD),
        *(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "content"),
    played_by={Role.READER: ("reader_id",)},
)
