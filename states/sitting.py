"""The sitting of a body: planned → called → in session → closed; its decisions move the documents it was about.

What is written down during the session is kept as it is typed (`service.minutes`). Closing signs all of it as the
protocol, gives it its number and moves every document on, in one transaction: all of them, or none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from states.asides import staying_in
from states.kyrgyz import day_in_words
from states.ladders import STANDARD
from states.lifecycle import (
    Case,
    Deadline,
    Each,
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
from states.reasons import REASON
from states.refusals import GuardUnmet
from states.roles import Role
from states.sitting_fields import (
    ATTENDEE,
    BALLOT,
    BEGINS_AT,
    BODY,
    CORRECTION,
    HELD_AT,
    HELD_ON,
    INSTRUCTION,
    ITEM,
    MUST_BE_CARRIED,
    ON_DOCUMENTS,
    ON_OTHERS,
    SPEAKER,
    TITLE,
)
from states.text import N_, Text
from states.voting import Assembly, Majority, Quorum, Votes, counted

Row = Mapping[str, Any]
_THERE = ("present", "online")


def titled(body: str, held_on: date) -> str:
    """What a sitting is called: its body, and its day."""
    return f"{body}, {day_in_words(held_on, 'ky')}"


def assembly(fields: Row, attendees: Sequence[Row]) -> Assembly:
    """How many sit in the body, are there, and vote for others."""
    present = {row["person_id"] for row in attendees if row["presence"] in _THERE}
    lent = [row for row in attendees if row["presence"] not in _THERE and row["proxy_id"] in present]
    return Assembly(len(attendees), len(present), len(lent) if fields["proxies"] else 0)


def voices(fields: Row, attendees: Sequence[Row]) -> frozenset[Any]:
    """The people who have a vote: those who are there, and those for whom one of them votes."""
    present = {row["person_id"] for row in attendees if row["presence"] in _THERE}
    lent = {row["person_id"] for row in attendees if row["proxy_id"] in present} if fields["proxies"] else set()
    return frozenset(present | lent)


def by_others(item: Row, ballots: Sequence[Row], may_vote: frozenset[Any]) -> bool:
    """Whether an item that was voted on by name has the vote of somebody who has none."""
    cast = (row["person_id"] for row in ballots if row["item"] == item["no"])
    return item["ballot"] == "by_name" and not may_vote.issuperset(cast)


def votes_on(item: Row, ballots: Sequence[Row]) -> Votes:
    """How an item was voted on: as it was counted, or by name."""
    if item["ballot"] == "by_name":
        return counted(row["vote"] for row in ballots if row["item"] == item["no"])
    return Votes(item["votes_for"] or 0, item["votes_against"] or 0, item["votes_abstained"] or 0)


def rule_of(item: Row, fields: Row) -> Majority:
    """By which majority an item is carried."""
    return Majority(item["majority"] or fields["majority"])


def is_carried(item: Row, fields: Row, attendees: Sequence[Row], ballots: Sequence[Row]) -> bool:
    """Whether an item has the votes it needs; one on which nobody voted was agreed to by all."""
    if item["ballot"] == "none":
        return True
    return assembly(fields, attendees).carried(rule_of(item, fields), votes_on(item, ballots))


def decides_alike(item: Row) -> bool:
    """Whether the decision is one that can be taken on such an item."""
    return item["decision"] in (ON_DOCUMENTS if item["about_id"] else ON_OTHERS)


def _each_item(holds: Callable[[Case, Row], bool]) -> Callable[[Case], bool]:
    return lambda case: all(holds(case, item) for item in case.parts["agenda_item"])


def _quorate(case: Case) -> bool:
    return assembly(case.fields, case.parts["attendee"]).quorate(Quorum(case.fields["quorum"]))


def _not_more_votes_than_voices(case: Case, item: Row) -> bool:
    voices = assembly(case.fields, case.parts["attendee"]).voices
    return item["ballot"] == "none" or votes_on(item, case.parts["ballot"]).cast <= voices


def _by_those_there(case: Case, item: Row) -> bool:
    may_vote = voices(case.fields, case.parts["attendee"])
    return not by_others(item, case.parts["ballot"], may_vote)


def _carried(case: Case, item: Row) -> bool:
    if item["decision"] not in MUST_BE_CARRIED:
        return True
    return is_carried(item, case.fields, case.parts["attendee"], case.parts["ballot"])


def _worded(case: Case, item: Row) -> bool:
    return item["decision"] == "postpone" or bool(item["wording"])


def _papers_as_sent(case: Case) -> bool:
    sent, now = case.fields["papers"] or {}, case.ask("papers") or {}
    decided = [str(item["no"]) for item in case.parts["agenda_item"] if item["decision"] != "postpone"]
    return all(sent[no] == now.get(no) for no in decided if no in sent)


def _instructed(case: Case) -> bool:
    return all(row["owner_post_id"] and row["due_on"] for row in case.parts["instruction"])


def _one_proxy_each(case: Case) -> bool:
    lent = [row["proxy_id"] for row in case.parts["attendee"] if row["proxy_id"] and row["presence"] not in _THERE]
    return not case.fields["proxies"] or len(lent) == len(set(lent))


def _said(name: str) -> Callable[[Case], Any]:
    return lambda case: case.given[name]


def _decided(case: Case, item: Row) -> dict[str, Any]:
    """What the document's own move records of the decision. Raises GuardUnmet where it waits for another body."""
    # Whoever is the secretary of two bodies may decide for either, but not by the protocol of the other.
    if item["about_id"] in case.ask("elsewhere"):
        raise GuardUnmet(
            N_("The document waits for another body by now."), N_("Postpone the item: this body cannot decide on it.")
        )
    by_name = item["ballot"] == "by_name"
    votes = votes_on(item, case.parts["ballot"])
    told: dict[str, Any] = {
        "protocol_no": case.given["protocol_no"],
        "decided_on": case.fields["held_on"],
        "agenda_item": str(item["place"]),
        "wording": item["wording"],
    }
    if by_name or item["votes_for"] is not None:
        told |= {"votes_for": votes.in_favour, "votes_against": votes.against, "votes_abstained": votes.abstained}
    return told


def _instruction(case: Case, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("item", "due_on")} | {"title": row["what"], "owner_post": row["owner_post_id"]}


def _items(case: Case) -> list[dict[str, Any]]:
    """What waits for the body and stands on no agenda of it yet, as items after those there are."""
    last = max((row["place"] for row in case.parts.get("agenda_item", ())), default=0)
    return [{**one, "place": last + at} for at, one in enumerate(case.ask("waiting"), start=1)]


_AHEAD = Guard(
    lambda case: case.given["held_on"] >= case.today,
    N_("The day of the sitting has passed."),
    N_("Choose today or a later day."),
)
_AT_AN_HOUR = Guard(
    lambda case: _is_time(case.given["begins_at"]),
    N_("This is no time of day."),
    N_("Write it as hours and minutes, for example 14:00."),
)


def _is_time(said: str) -> bool:
    hours, _, minutes = said.partition(":")
    return len(minutes) == 2 and (hours + minutes).isdecimal() and int(hours) < 24 and int(minutes) < 60


_OPEN = ("planned", "called", "in_session")
_AGENDA_IN = ("planned", "called", "in_session")
_BEFORE = ("planned", "called")

STEPS = (
    Step(
        "planned",
        Text("пландалды", "запланировано", "planned"),
        owner=Role.SECRETARY,
        task=Text(
            "Күн тартибин түзүп, кагаздарды мүчөлөргө жөнөтүү",
            "Составить повестку и разослать материалы членам",
            "Draw up the agenda and send the papers to the members",
        ),
        deadline=Deadline(on="held_on", before=3),
        ladder=STANDARD,
    ),
    Step(
        "called",
        Text("чакырылды", "созвано", "called"),
        owner=Role.SECRETARY,
        task=Text("Отурумду ачуу", "Открыть заседание", "Open the sitting"),
        deadline=Deadline(on="held_on"),
        ladder=STANDARD,
    ),
    Step(
        "in_session",
        Text("отурум жүрүүдө", "заседание идёт", "in session"),
        owner=Role.SECRETARY,
        task=Text(
            "Отурумду жазып, протоколду жабуу",
            "Записать заседание и закрыть протокол",
            "Record the sitting and close its protocol",
        ),
        deadline=Deadline(days=3),
        ladder=STANDARD,
    ),
    Step("closed", Text("протокол жабылды", "протокол закрыт", "protocol closed"), kind=Kind.FINAL),
    Step("cancelled", Text("өткөн жок", "не состоялось", "not held"), kind=Kind.FINAL),
)

MOVES = (
    Move(
        "take_up",
        Text("Күтүп тургандарды киргизүү", "Включить ожидающие", "Take up what waits"),
        _BEFORE,
        staying_in(_BEFORE),
        done=Text("Күтүп тургандар киргизилди", "Ожидающие включены", "What waited was taken up"),
        by=(Role.SECRETARY,),
        guards=(
            Guard(
                lambda case: bool(case.ask("waiting")),
                N_("Nothing more waits for this body."),
                N_("Add an item of your own, or send the papers."),
            ),
        ),
        fills={"agenda_item": _items},
        tone=Tone.ASIDE,
    ),
    Move(
        "add_item",
        Text("Маселе кошуу", "Добавить вопрос", "Add an item"),
        _AGENDA_IN,
        staying_in(_AGENDA_IN),
        done=Text("Маселе кошулду", "Вопрос добавлен", "Item added"),
        by=(Role.SECRETARY,),
        records=(TITLE, SPEAKER),
        tone=Tone.ASIDE,
        adds="agenda_item",
        marks={
            "place": lambda case: max((row["place"] for row in case.parts["agenda_item"]), default=0) + 1,
            "ballot": lambda case: "open",
        },
    ),
    Move(
        "remove_item",
        Text("Маселени алып салуу", "Снять вопрос", "Take an item off"),
        _BEFORE,
        staying_in(_BEFORE),
        done=Text("Маселе алынды", "Вопрос снят", "Item taken off"),
        by=(Role.SECRETARY,),
        records=(ITEM.which,),
        tone=Tone.ASIDE,
        removes="agenda_item",
        places="place",
    ),
    Move(
        "place_item",
        Text("Ордун өзгөртүү", "Переставить вопрос", "Move an item"),
        _AGENDA_IN,
        staying_in(_AGENDA_IN),
        done=Text("Маселенин орду өзгөрдү", "Вопрос переставлен", "Item moved"),
        by=(Role.SECRETARY,),
        records=(
            ITEM.which,
            Field(
                "place",
                Text("Нечинчи болот", "Каким по счёту", "Place on the agenda"),
                "number",
                help=Text(
                    "Калгандары өз тартибинде жылат. Биринчи болсо, 1.",
                    "Остальные сдвинутся. Чтобы шёл первым, 1.",
                    "The others give way. To come first, 1.",
                ),
            ),
        ),
        tone=Tone.ASIDE,
        amends="agenda_item",
        places="place",
    ),
    Move(
        "reschedule",
        Text("Күнүн же жерин өзгөртүү", "Перенести", "Change day or place"),
        _BEFORE,
        (Way("planned"),),
        done=Text("Күнү же жери өзгөрдү", "Перенесено", "Day or place changed"),
        by=(Role.SECRETARY,),
        records=(HELD_ON, BEGINS_AT, HELD_AT),
        guards=(_AHEAD, _AT_AN_HOUR),
        sets={
            **{name: _said(name) for name in ("held_on", "begins_at", "held_at")},
            "title": lambda case: titled(case.ask("body_name"), case.given["held_on"]),
        },
        tells=(Role.MEMBER,),
        message="sitting/moved",
        tone=Tone.BACK,
    ),
    Move(
        "send_papers",
        Text("Кагаздарды жөнөтүү", "Разослать материалы", "Send the papers"),
        ("planned",),
        (Way("called"),),
        done=Text("Кагаздар жөнөтүлдү", "Материалы разосланы", "Papers sent"),
        by=(Role.SECRETARY,),
        guards=(
            Guard(
                lambda case: bool(case.parts["agenda_item"]),
                N_("The agenda is empty."),
                N_("Take up what waits, or add an item."),
            ),
            Guard(
                lambda case: bool(case.ask("members")),
                N_("Nobody sits in this body on that day."),
                N_("Ask the quality specialist to enter its members."),
            ),
        ),
        sets={
            "members": lambda case: case.ask("members"),
            "papers": lambda case: case.ask("papers"),
        },
        tells=(Role.MEMBER,),
        message="sitting/called",
    ),
    Move(
        "open_session",
        Text("Отурумду ачуу", "Открыть заседание", "Open the sitting"),
        ("called",),
        (Way("in_session"),),
        done=Text("Отурум ачылды", "Заседание открыто", "Sitting opened"),
        by=(Role.SECRETARY,),
        records=(
            Field(
                "chair",
                Text("Төрагалык кылуучу", "Председательствующий", "In the chair"),
                "person",
                help=Text(
                    "Бүгүн отурумду алып барган адам: төрага же анын орун басары.",
                    "Кто ведёт сегодня: председатель или его заместитель.",
                    "Who leads it today: the chair or their deputy.",
                ),
            ),
        ),
        guards=(
            Guard(
                lambda case: case.today >= case.fields["held_on"],
                N_("The day of the sitting has not come yet."),
                N_("Open it on its day, or change the day."),
            ),
        ),
        sets={"chair_id": _said("chair")},
        fills={"attendee": lambda case: [{"person_id": one} for one in case.ask("members")]},
    ),
    Move(
        "close",
        Text("Протоколду жабуу", "Закрыть протокол", "Close the protocol"),
        ("in_session",),
        (Way("closed"),),
        done=Text("Протокол жабылды", "Протокол закрыт", "Protocol closed"),
        by=(Role.SECRETARY,),
        records=(
            Field(
                "protocol_no",
                Text("Протоколдун №", "№ протокола", "Protocol №"),
                "line",
                help=Text(
                    "Кеңештин ушул жылдагы кезектеги номери; сунушталганы көбүнчө туура.",
                    "Очередной номер совета в этом году; предложенный обычно верен.",
                    "The body's next number this year; the one proposed is usually right.",
                ),
            ),
        ),
        guards=(
            Guard(
                _quorate,
                N_("There is no quorum: nothing can be decided."),
                N_("Mark who is there, or end the sitting without decisions."),
            ),
            Guard(
                _each_item(lambda case, item: decides_alike(item)),
                N_("An item has no decision yet, or one that does not fit it."),
                N_("Decide each item, or postpone it."),
            ),
            Guard(
                _each_item(_worded),
                N_("A decision has no wording yet."),
                N_("Write what was decided, or the remarks, word for word."),
            ),
            Guard(
                _each_item(_not_more_votes_than_voices),
                N_("On an item more votes are counted than there are people to vote."),
                N_("Check the attendance and the votes."),
            ),
            Guard(
                _each_item(_by_those_there),
                N_("An item has the vote of somebody who was not there."),
                N_("Mark them present, or take their vote back."),
            ),
            Guard(
                _each_item(_carried),
                N_("An item does not have the votes that its decision needs."),
                N_("Check the votes, or decide it otherwise."),
            ),
            Guard(
                _papers_as_sent,
                N_("The papers of an item are no longer those that the members were sent."),
                N_("Postpone the item: the members have not seen this text."),
            ),
            Guard(
                _one_proxy_each,
                N_("Somebody votes for more than one absent member."),
                N_("Each member may hold one proxy."),
            ),
            Guard(
                _instructed,
                N_("An instruction does not say who does it, or by when."),
                N_("Choose a post and a date, or remove the instruction."),
            ),
            Guard(
                lambda case: case.given["protocol_no"] not in case.ask("protocol_numbers"),
                N_("This body has a protocol of that number this year already."),
                N_("Choose the next free number."),
            ),
        ),
        sets={
            "protocol_no": _said("protocol_no"),
            "protocol_year": lambda case: _day(case).year,
        },
        each=(
            Each(
                "agenda_item",
                when=lambda row: bool(row["about_id"]) and row["decision"] != "postpone",
                about="about_id",
                move=lambda row: str(row["decision"]),
                gives=_decided,
            ),
            Each("instruction", opens="council_task", gives=_instruction),
        ),
        tells=(Role.MEMBER, Role.QUALITY_SPECIALIST),
        signs=Meaning.ATTESTED,
    ),
    Move(
        "cancel",
        Text("Өтпөдү деп жазуу", "Записать, что не состоялось", "Record that it was not held"),
        _OPEN,
        (Way("cancelled"),),
        done=Text("Өткөн жок", "Не состоялось", "Not held"),
        by=(Role.SECRETARY,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Мисалы, кворум жок. Күтүп турган документтер кийинки отурумга калат.",
                    "Например, нет кворума. Ожидающие документы останутся для следующего заседания.",
                    "For example, no quorum. The documents that wait stay for the next sitting.",
                ),
            ),
        ),
        tells=(Role.MEMBER,),
        message="sitting/cancelled",
        tone=Tone.STOP,
    ),
    Move(
        "correct",
        Text("Түзөтүү жазуу", "Внести исправление", "Enter a correction"),
        ("closed",),
        (Way("closed"),),
        done=Text("Түзөтүү жазылды", "Исправление внесено", "Correction entered"),
        by=(Role.SECRETARY,),
        records=CORRECTION.fields,
        tells=(Role.MEMBER, Role.QUALITY_SPECIALIST),
        signs=Meaning.ATTESTED,
        tone=Tone.ASIDE,
        adds="correction",
        marks={"corrected_on": lambda case: case.today, "person_id": lambda case: case.actor},
    ),
)


def _day(case: Case) -> date:
    held: date = case.fields["held_on"]
    return held


LIFECYCLE = Lifecycle(
    name="sitting",
    collection="sittings",
    label=Text("кеңештин отуруму", "заседание совета", "sitting of a body"),
    plural=Text("кеңештердин отурумдары", "заседания советов", "sittings"),
    steps=STEPS,
    moves=MOVES,
    opens=(BODY, HELD_ON, BEGINS_AT, HELD_AT),
    opened_by=(Role.SECRETARY,),
    opening_guards=(_AHEAD, _AT_AN_HOUR),
    opening_fills={"agenda_item": _items},
    prefix="S",
    read_by=(
        *(Role.MEMBER, Role.OWNER, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.COUNCIL, Role.HOLDER),
        Role.TOLD,
        *(Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "held_on", "begins_at", "held_at", "chair_id", "quorum", "majority", "proxies", "papers"),
    signs_parts=("agenda_item", "attendee", "ballot", "instruction", "correction"),
    parts=(ITEM, ATTENDEE, BALLOT, INSTRUCTION, CORRECTION),
    typed_in={"in_session": ("agenda_item", "attendee", "ballot", "instruction")},
    played_by={Role.MEMBER: ("members",)},
)
