"""Words that the pages of sittings share: choices, wordings that are proposed, and names that end in their codes."""

import re
from collections.abc import Mapping
from typing import Final

from service.organisation import PersonFacts, PostFacts
from service.web.pages.wording import heading
from states.lifecycle import Choice
from states.sitting_fields import BALLOTS, DECISIONS, PRESENCES, VOTES
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
_CODED: Final = re.compile(r"\[([^\[\]]+)\]\s*$")


def coded_name(one: PersonFacts | PostFacts, language: str) -> str:
    """A name that can be chosen from a list and typed: it ends in its code."""
    return f"{heading(one.name, language)} [{one.code}]"


def code_in(typed: str) -> str:
    """The code that what was chosen or typed means; a code alone is one too."""
    found = _CODED.search(typed)
    return found[1].strip() if found else typed.strip()
