"""What must hold when a sitting moves, and what follows from its decisions."""

from collections.abc import Callable
from typing import Any

from states.lifecycle import Case, Each, Guard
from states.refusals import GuardUnmet
from states.sitting_fields import MUST_BE_CARRIED
from states.sitting_votes import THERE, Row, assembly, by_others, decides_alike, is_carried, voices, votes_on
from states.text import N_
from states.voting import Quorum


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
    lent = [row["proxy_id"] for row in case.parts["attendee"] if row["proxy_id"] and row["presence"] not in THERE]
    return not case.fields["proxies"] or len(lent) == len(set(lent))


def _is_time(said: str) -> bool:
    hours, _, minutes = said.partition(":")
    return len(minutes) == 2 and (hours + minutes).isdecimal() and int(hours) < 24 and int(minutes) < 60


AHEAD = Guard(
    lambda case: case.given["held_on"] >= case.today,
    N_("The day of the sitting has passed."),
    N_("Choose today or a later day."),
)
AT_AN_HOUR = Guard(
    lambda case: _is_time(case.given["begins_at"]),
    N_("This is no time of day."),
    N_("Write it as hours and minutes, for example 14:00."),
)
SOMETHING_WAITS = Guard(
    lambda case: bool(case.ask("waiting")),
    N_("Nothing more waits for this body."),
    N_("Add an item of your own, or send the papers."),
)
HAS_AGENDA = Guard(
    lambda case: bool(case.parts["agenda_item"]), N_("The agenda is empty."), N_("Take up what waits, or add an item.")
)
HAS_MEMBERS = Guard(
    lambda case: bool(case.ask("members")),
    N_("Nobody sits in this body on that day."),
    N_("Ask the quality specialist to enter its members."),
)
ITS_DAY_HAS_COME = Guard(
    lambda case: case.today >= case.fields["held_on"],
    N_("The day of the sitting has not come yet."),
    N_("Open it on its day, or change the day."),
)
QUORATE = Guard(
    _quorate,
    N_("There is no quorum: nothing can be decided."),
    N_("Mark who is there, or end the sitting without decisions."),
)
ALL_DECIDED = Guard(
    _each_item(lambda case, item: decides_alike(item)),
    N_("An item has no decision yet, or one that does not fit it."),
    N_("Decide each item, or postpone it."),
)
ALL_WORDED = Guard(
    _each_item(_worded),
    N_("A decision has no wording yet."),
    N_("Write what was decided, or the remarks, word for word."),
)
NOT_MORE_VOTES_THAN_VOICES = Guard(
    _each_item(_not_more_votes_than_voices),
    N_("On an item more votes are counted than there are people to vote."),
    N_("Check the attendance and the votes."),
)
BY_THOSE_THERE = Guard(
    _each_item(_by_those_there),
    N_("An item has the vote of somebody who was not there."),
    N_("Mark them present, or take their vote back."),
)
ALL_CARRIED = Guard(
    _each_item(_carried),
    N_("An item does not have the votes that its decision needs."),
    N_("Check the votes, or decide it otherwise."),
)
PAPERS_AS_SENT = Guard(
    _papers_as_sent,
    N_("The papers of an item are no longer those that the members were sent."),
    N_("Postpone the item: the members have not seen this text."),
)
ONE_PROXY_EACH = Guard(
    _one_proxy_each, N_("Somebody votes for more than one absent member."), N_("Each member may hold one proxy.")
)
INSTRUCTED = Guard(
    _instructed,
    N_("An instruction does not say who does it, or by when."),
    N_("Choose a post and a date, or remove the instruction."),
)
NUMBER_IS_FREE = Guard(
    lambda case: case.given["protocol_no"] not in case.ask("protocol_numbers"),
    N_("This body has a protocol of that number this year already."),
    N_("Choose the next free number."),
)


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


def what_waits(case: Case) -> list[dict[str, Any]]:
    """What waits for the body and stands on no agenda of it yet, as items after those there are."""
    last = max((row["place"] for row in case.parts.get("agenda_item", ())), default=0)
    return [{**one, "place": last + at} for at, one in enumerate(case.ask("waiting"), start=1)]


DOCUMENTS_GO_ON = Each(
    "agenda_item",
    when=lambda row: bool(row["about_id"]) and row["decision"] != "postpone",
    about="about_id",
    move=lambda row: str(row["decision"]),
    gives=_decided,
)
INSTRUCTIONS_ARE_GIVEN = Each("instruction", opens="council_task", gives=_instruction)
