"""The sitting of a body: planned → called → in session → closed; its decisions move the documents it was about.

What is written down during the session is kept as it is typed (`service.minutes`). Closing signs all of it as the
protocol, gives it its number and moves every document on, in one transaction: all of them, or none.
"""

from datetime import date

from states import sitting_fields as fields
from states import sitting_parts as parts
from states import sitting_rules as rules
from states.asides import staying_in
from states.kyrgyz import day_in_words
from states.ladders import STANDARD
from states.lifecycle import Deadline, Kind, Lifecycle, Meaning, Move, Step, Tone, Way
from states.roles import ITS_TASK, ITS_UNIT, OVERSEERS, Role
from states.text import Text
from states.values import given, on_that_day


def titled(body: Text, language: str, held_on: date) -> str:
    """What a sitting is called: its body and its day, in the language in which its minutes are kept."""
    return f"{body.into(language)}, {day_in_words(held_on, language)}"


_OPEN = ("planned", "called", "in_session")
_AGENDA_IN = ("planned", "called", "in_session")
_BEFORE = ("planned", "called")

# A move in rows: its words; its way and who may go it; what it records and what must hold; what is set; what follows.
# fmt: off

STEPS = (
    Step("planned", Text("пландалды", "запланировано", "planned"), owner=Role.SECRETARY,
         task=Text("Күн тартибин түзүп, кагаздарды мүчөлөргө жөнөтүү",
                   "Составить повестку и разослать материалы членам",
                   "Draw up the agenda and send the papers to the members"),
         deadline=Deadline(on="held_on", before=3), ladder=STANDARD),
    Step("called", Text("чакырылды", "созвано", "called"), owner=Role.SECRETARY,
         task=Text("Отурумду ачуу", "Открыть заседание", "Open the sitting"),
         deadline=Deadline(on="held_on"), ladder=STANDARD),
    Step("in_session", Text("отурум жүрүүдө", "заседание идёт", "in session"), owner=Role.SECRETARY,
         task=Text("Отурумду жазып, протоколду жабуу", "Записать заседание и закрыть протокол",
                   "Record the sitting and close its protocol"),
         deadline=Deadline(days=3), ladder=STANDARD),
    Step("closed", Text("протокол жабылды", "протокол закрыт", "protocol closed"), kind=Kind.FINAL),
    Step("cancelled", Text("өткөн жок", "не состоялось", "not held"), kind=Kind.FINAL),
)

MOVES = (
    Move("take_up", Text("Күтүп тургандарды киргизүү", "Включить ожидающие", "Take up what waits"),
         done=Text("Күтүп тургандар киргизилди", "Ожидающие включены", "What waited was taken up"),
         sources=_BEFORE, ways=staying_in(_BEFORE), by=(Role.SECRETARY,),
         guards=(rules.SOMETHING_WAITS,),
         fills={"agenda_item": rules.what_waits},
         tone=Tone.ASIDE),
    Move("add_item", Text("Маселе кошуу", "Добавить вопрос", "Add an item"),
         done=Text("Маселе кошулду", "Вопрос добавлен", "Item added"),
         sources=_AGENDA_IN, ways=staying_in(_AGENDA_IN), by=(Role.SECRETARY,),
         records=(fields.TITLE, fields.SPEAKER),
         adds="agenda_item",
         marks={"place": lambda case: max((row["place"] for row in case.parts["agenda_item"]), default=0) + 1,
                "ballot": lambda case: "open"},
         tone=Tone.ASIDE),
    Move("remove_item", Text("Маселени алып салуу", "Снять вопрос", "Take an item off"),
         done=Text("Маселе алынды", "Вопрос снят", "Item taken off"),
         sources=_BEFORE, ways=staying_in(_BEFORE), by=(Role.SECRETARY,),
         records=(parts.ITEM.which,),
         removes="agenda_item", places="place",
         tone=Tone.ASIDE),
    Move("place_item", Text("Ордун өзгөртүү", "Переставить вопрос", "Move an item"),
         done=Text("Маселенин орду өзгөрдү", "Вопрос переставлен", "Item moved"),
         sources=_AGENDA_IN, ways=staying_in(_AGENDA_IN), by=(Role.SECRETARY,),
         records=(parts.ITEM.which, fields.PLACE),
         amends="agenda_item", places="place",
         tone=Tone.ASIDE),
    Move("reschedule", Text("Күнүн же жерин өзгөртүү", "Перенести", "Change day or place"),
         done=Text("Күнү же жери өзгөрдү", "Перенесено", "Day or place changed"),
         sources=_BEFORE, ways=(Way("planned"),), by=(Role.SECRETARY,),
         records=(fields.HELD_ON, fields.BEGINS_AT, fields.HELD_AT), guards=(rules.AHEAD,),
         sets={**{name: given(name) for name in ("held_on", "begins_at", "held_at")},
               "title": lambda case: case.ask("titled")(case.given["held_on"])},
         tells=(Role.MEMBER,), message="sitting/moved", tone=Tone.BACK),
    Move("send_papers", Text("Кагаздарды жөнөтүү", "Разослать материалы", "Send the papers"),
         done=Text("Кагаздар жөнөтүлдү", "Материалы разосланы", "Papers sent"),
         sources=("planned",), ways=(Way("called"),), by=(Role.SECRETARY,),
         guards=(rules.NOT_OVER, rules.HAS_AGENDA, rules.HAS_MEMBERS),
         sets={"members": lambda case: case.ask("members"), "papers": lambda case: case.ask("papers")},
         tells=(Role.MEMBER,), message="sitting/called"),
    Move("open_session", Text("Отурумду ачуу", "Открыть заседание", "Open the sitting"),
         done=Text("Отурум ачылды", "Заседание открыто", "Sitting opened"),
         sources=("called",), ways=(Way("in_session"),), by=(Role.SECRETARY,),
         records=(fields.CHAIR,), guards=(rules.ITS_DAY_HAS_COME, rules.CHAIR_SITS),
         sets={"chair_id": given("chair")},
         fills={"attendee": lambda case: [{"person_id": one} for one in case.ask("members")]}),
    Move("change_chair", Text("Төрагалык кылуучуну алмаштыруу", "Сменить председательствующего",
                              "Change who is in the chair"),
         done=Text("Төрагалык кылуучу алмашты", "Председательствующий сменился", "Somebody else took the chair"),
         sources=("in_session",), ways=(Way("in_session"),), by=(Role.SECRETARY,),
         records=(fields.CHAIR,), guards=(rules.CHAIR_SITS,),
         sets={"chair_id": given("chair")},
         tone=Tone.ASIDE),
    Move("close", Text("Протоколду жабуу", "Закрыть протокол", "Close the protocol"),
         done=Text("Протокол жабылды", "Протокол закрыт", "Protocol closed"),
         sources=("in_session",), ways=(Way("closed"),), by=(Role.SECRETARY,),
         records=(fields.PROTOCOL_NO,),
         guards=(*rules.CAN_BE_CLOSED, rules.NUMBER_IS_FREE),
         sets={"protocol_no": given("protocol_no"), "protocol_year": lambda case: case.fields["held_on"].year},
         each=(rules.DOCUMENTS_GO_ON, rules.INSTRUCTIONS_ARE_GIVEN),
         tells=(Role.MEMBER, Role.QUALITY_SPECIALIST), signs=Meaning.ATTESTED),
    Move("cancel", Text("Өтпөдү деп жазуу", "Записать, что не состоялось", "Record that it was not held"),
         done=Text("Өткөн жок", "Не состоялось", "Not held"),
         sources=_OPEN, ways=(Way("cancelled"),), by=(Role.SECRETARY,),
         records=(fields.WHY_NOT_HELD,),
         tells=(Role.MEMBER,), message="sitting/cancelled", tone=Tone.STOP),
    Move("correct", Text("Түзөтүү жазуу", "Внести исправление", "Enter a correction"),
         done=Text("Түзөтүү жазылды", "Исправление внесено", "Correction entered"),
         sources=("closed",), ways=(Way("closed"),), by=(Role.SECRETARY,),
         records=parts.CORRECTION.fields,
         adds="correction", marks={"corrected_on": on_that_day, "person_id": lambda case: case.actor},
         tells=(Role.MEMBER, Role.QUALITY_SPECIALIST), signs=Meaning.ATTESTED, tone=Tone.ASIDE),
)

# fmt: on

LIFECYCLE = Lifecycle(
    name="sitting",
    collection="sittings",
    label=Text("кеңештин отуруму", "заседание совета", "sitting of a body"),
    plural=Text("кеңештердин отурумдары", "заседания советов", "sittings"),
    steps=STEPS,
    moves=MOVES,
    opens=(fields.BODY, fields.HELD_ON, fields.BEGINS_AT, fields.HELD_AT),
    opened_by=(Role.SECRETARY,),
    opening_guards=(rules.AHEAD,),
    opening_fills={"agenda_item": rules.what_waits},
    prefix="S",
    read_by=(Role.MEMBER, Role.OWNER, *ITS_UNIT, *ITS_TASK, *OVERSEERS),
    signs_over=("title", "held_on", "begins_at", "held_at", "chair_id", "quorum", "majority", "proxies", "papers"),
    signs_parts=("agenda_item", "attendee", "ballot", "instruction", "correction"),
    parts=(parts.ITEM, parts.ATTENDEE, parts.BALLOT, parts.INSTRUCTION, parts.CORRECTION),
    typed_in={"in_session": ("agenda_item", "attendee", "ballot", "instruction")},
    played_by={Role.MEMBER: ("members",)},
)
