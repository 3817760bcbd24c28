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
# In the language in which a body keeps its minutes, whatever its secretary reads the page in. Only ever proposed.
PROPOSALS: Final[Mapping[str, Text]] = {
    "endorse": Text("«%(title)s» жактырылсын.", "Одобрить «%(title)s».", "“%(title)s” is endorsed."),
    "endorse_with_amendments": Text(
        "«%(title)s» төмөнкү өзгөртүүлөр менен жактырылсын: ",
        "Одобрить «%(title)s» со следующими изменениями: ",
        "“%(title)s” is endorsed with the following amendments: ",
    ),
    "return_for_revision": Text(
        "«%(title)s» төмөнкү сын-пикирлер боюнча кайра иштеп чыгууга кайтарылсын: ",
        "Вернуть «%(title)s» на доработку по следующим замечаниям: ",
        "“%(title)s” is returned for revision with the following remarks: ",
    ),
    "reject": Text(
        "«%(title)s» четке кагылсын. Себеби: ",
        "Отклонить «%(title)s». Причина: ",
        "“%(title)s” is rejected. Reason: ",
    ),
    "resolved": Text(
        "«%(title)s» маселеси боюнча токтом кылынсын: ",
        "По вопросу «%(title)s» постановили: ",
        "On “%(title)s” it is resolved: ",
    ),
    "noted": Text(
        "«%(title)s» боюнча маалымат эске алынсын.",
        "Информацию по вопросу «%(title)s» принять к сведению.",
        "The report on “%(title)s” is noted.",
    ),
    "not_carried": Text(
        "«%(title)s» боюнча чечим кабыл алынган жок: керектүү добуш топтолгон жок.",
        "По вопросу «%(title)s» решение не принято: не набрано необходимое число голосов.",
        "No decision is taken on “%(title)s”: it did not have the votes that it needs.",
    ),
    "postpone": Text(
        "«%(title)s» маселесин кароо кийинки отурумга калтырылсын.",
        "Рассмотрение вопроса «%(title)s» перенести на следующее заседание.",
        "“%(title)s” is left to the next sitting.",
    ),
}
# What endorsing is called where the route of a document has its body do something else with it, and how it is worded.
LETS_ON: Final[Mapping[Does, tuple[Text, Text]]] = {
    Does.DISCUSSES: (
        Text("талкуулап, кийинки кароого сунуштоо", "обсудить и рекомендовать", "discuss and recommend"),
        Text(
            "«%(title)s» талкууланды, кийинки кароого сунушталсын.",
            "«%(title)s» обсудили; рекомендовать к дальнейшему рассмотрению.",
            "“%(title)s” was discussed and is recommended for the further review.",
        ),
    ),
    Does.APPROVES: (
        Text("бекитүү", "утвердить", "approve"),
        Text("«%(title)s» бекитилсин.", "Утвердить «%(title)s».", "“%(title)s” is approved."),
    ),
}
_CODED: Final = re.compile(r"\[([^\[\]]+)\]\s*$")


def coded_name(one: PersonFacts | PostFacts, language: str) -> str:
    """A name that can be chosen from a list and typed: it ends in its code."""
    return f"{heading(one.name, language)} [{one.code}]"


def code_in(typed: str) -> str:
    """The code that what was chosen or typed means; a code alone is one too."""
    found = _CODED.search(typed)
    return found[1].strip() if found else typed.strip()


def decisions(row: Mapping[str, Any], language: str, minutes: str, does: Does = Does.ENDORSES) -> list[dict[str, str]]:
    """What can be decided on an item, each with the wording proposed for it in the language of the `minutes`."""
    fitting = ON_DOCUMENTS if row["about_id"] else ON_OTHERS
    labels = {one.value: one.label for one in CHOICES["decision"]}
    if does in LETS_ON:
        labels["endorse"] = LETS_ON[does][0]
    return [
        {"value": name, "label": heading(labels[name], language), "proposal": proposed(row, name, minutes, does)}
        for name in fitting
    ]


def proposed(row: Mapping[str, Any], decision: str | None, minutes: str, does: Does = Does.ENDORSES) -> str:
    """The wording proposed for a decision on an item, in the language of the `minutes`; none before it is decided."""
    if decision == "endorse" and does in LETS_ON:
        wording = LETS_ON[does][1]
    elif decision and decision in PROPOSALS:
        wording = PROPOSALS[decision]
    else:
        return ""
    return wording.into(minutes) % {"title": row["title"]}
