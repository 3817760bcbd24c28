"""What must hold when a sitting moves, and what follows from its decisions."""

from typing import Any

from states.lifecycle import Case, Each, Guard
from states.refusals import GuardUnmet
from states.sitting_checks import CHECKS, Check, Minutes
from states.sitting_votes import Row, is_voted_on, votes_on
from states.text import N_


def _closes(check: Check) -> Guard:
    def holds(case: Case) -> bool:
        minutes = Minutes(case.fields, case.parts, lambda: case.ask("papers"))
        return not any(True for _ in check.finds(minutes))

    return Guard(holds, check.refuses, check.next_step)


def as_number(said: str) -> str:
    """The number of a protocol as it is compared: "№ 07" and "7" are one; what is no number stays as it was written."""
    bare = said.strip().removeprefix("№").strip()
    return str(int(bare)) if bare.isdecimal() and len(bare) < _LONG else bare.casefold()


_LONG = 10
AHEAD = Guard(
    lambda case: (case.given["held_on"], case.given["begins_at"]) >= (case.today, case.clock),
    N_("The day or the hour of the sitting has passed."),
    N_("Choose a time that is still to come."),
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
NOT_OVER = Guard(
    lambda case: case.today <= case.fields["held_on"],
    N_("The day of the sitting has passed."),
    N_("Change the day, or record that it was not held."),
)
CHAIR_SITS = Guard(
    lambda case: case.given["chair"] in case.ask("sits"),
    N_("They are no member of this body."),
    N_("Choose one of those who sit in it on that day."),
)
ITS_DAY_HAS_COME = Guard(
    lambda case: case.today >= case.fields["held_on"],
    N_("The day of the sitting has not come yet."),
    N_("Open it on its day, or change the day."),
)
# All that hinders closing is told on the page of the sitting too.
CAN_BE_CLOSED = tuple(map(_closes, CHECKS))
NUMBER_IS_FREE = Guard(
    lambda case: as_number(case.given["protocol_no"]) not in case.ask("protocol_numbers"),
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
    votes = votes_on(item, case.parts["ballot"])
    told: dict[str, Any] = {
        "protocol_no": case.given["protocol_no"],
        "decided_on": case.fields["held_on"],
        "agenda_item": str(item["place"]),
        "wording": item["wording"],
    }
    if is_voted_on(item):
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
