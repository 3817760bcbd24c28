"""Words that the pages of sittings share: choices, wordings that are proposed, and names that end in their codes."""

import re
from collections.abc import Mapping
from typing import Any, Final

from service.organisation import PersonFacts, PostFacts
from service.web.pages.wording import heading
from states.lifecycle import Choice
from states.routes import Does
from states.sitting_fields import BALLOTS, DECISIONS, ON_DOCUMENTS, ON_OTHERS, PRESENCES, VOTES
from states.text import Text
from states.voting import Majority

CHOICES: Final[Mapping[str, tuple[Choice, ...]]] = {
    "presence": PRESENCES,
    "ballot": BALLOTS,
    "vote": VOTES,
    "decision": DECISIONS,
    "majority": tuple(Choice(rule.value, rule.label) for rule in Majority),
}
# Protocols are kept in the university's language, whatever the secretary reads the page in. Only ever proposed.
PROPOSALS: Final[Mapping[str, str]] = {
    "endorse": "«%(title)s» жактырылсын.",
    "endorse_with_amendments": "«%(title)s» төмөнкү өзгөртүүлөр менен жактырылсын: ",
    "return_for_revision": "«%(title)s» төмөнкү сын-пикирлер боюнча кайра иштеп чыгууга кайтарылсын: ",
    "reject": "«%(title)s» четке кагылсын. Себеби: ",
    "resolved": "«%(title)s» маселеси боюнча токтом кылынсын: ",
    "noted": "«%(title)s» боюнча маалымат эске алынсын.",
    "not_carried": "«%(title)s» боюнча чечим кабыл алынган жок: керектүү добуш топтолгон жок.",
    "postpone": "«%(title)s» маселесин кароо кийинки отурумга калтырылсын.",
}
# What endorsing is called where the route of a document has its body do something else with it.
LETS_ON: Final[Mapping[Does, tuple[Text, str]]] = {
    Does.DISCUSSES: (
        Text("талкуулап, кийинки кароого сунуштоо", "обсудить и рекомендовать", "discuss and recommend"),
        "«%(title)s» талкууланды, кийинки кароого сунушталсын.",
    ),
    Does.APPROVES: (Text("бекитүү", "утвердить", "approve"), "«%(title)s» бекитилсин."),
}
_CODED: Final = re.compile(r"\[([^\[\]]+)\]\s*$")


def coded_name(one: PersonFacts | PostFacts, language: str) -> str:
    """A name that can be chosen from a list and typed: it ends in its code."""
    return f"{heading(one.name, language)} [{one.code}]"


def code_in(typed: str) -> str:
    """The code that what was chosen or typed means; a code alone is one too."""
    found = _CODED.search(typed)
    return found[1].strip() if found else typed.strip()


def decisions(row: Mapping[str, Any], language: str, does: Does = Does.ENDORSES) -> list[dict[str, str]]:
    """What can be decided on an item, each with the wording that is proposed for it."""
    fitting = ON_DOCUMENTS if row["about_id"] else ON_OTHERS
    labels = {one.value: one.label for one in CHOICES["decision"]}
    if does in LETS_ON:
        labels["endorse"] = LETS_ON[does][0]
    return [
        {"value": name, "label": heading(labels[name], language), "proposal": proposed(row, name, does)}
        for name in fitting
    ]


def proposed(row: Mapping[str, Any], decision: str | None, does: Does = Does.ENDORSES) -> str:
    """The wording proposed for a decision on an item, in the university's language; none before it is decided."""
    if decision == "endorse" and does in LETS_ON:
        return LETS_ON[does][1] % {"title": row["title"]}
    return PROPOSALS[decision] % {"title": row["title"]} if decision and decision in PROPOSALS else ""
