"""What a complaint may say, and what is kept of it in a nonconformity."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from service.complaints.words import one_line, several_lines, title_of
from states.given import LIMITS, parse_given
from states.lifecycle import Field
from states.nonconformity_fields import KINDS
from states.refusals import Incomplete
from states.text import N_, Text
from states.working_days import today

FOUND: Final = Field(
    "found",
    Text("Эмне болду", "Что случилось", "What happened"),
    help=Text(
        "Эмне, кайда, качан. Бул текстти аны чечүүчүлөр окуйт.",
        "Что, где, когда. Этот текст прочтут те, кто будет разбираться.",
        "What, where, when. Those who work on it will read this text.",
    ),
)
NAME: Final = Field("name", Text("Атыңыз", "Ваше имя", "Your name"), "line", required=False)
REACH: Final = Field(
    "reach",
    Text("Сиз менен кантип байланышса болот", "Как с вами связаться", "How to reach you"),
    "line",
    required=False,
    help=Text("Телефон же электрондук почта.", "Телефон или электронная почта.", "A telephone number or an e-mail."),
)
TITLE: Final = Field("title", Text("Кыскача", "Кратко", "In short"), "line", required=False)
OBJECT: Final = Field(
    "object",
    Text("Кайда же эмне менен", "Где или с чем", "Where, or with what"),
    "line",
    required=False,
    help=Text(
        "Имарат, бөлмө, дисциплина, кызмат…",
        "Здание, аудитория, дисциплина, услуга…",
        "A building, a room, a course, a service…",
    ),
)
OCCURRED_ON: Final = Field(
    "occurred_on", Text("Качан болду", "Когда это было", "When it happened"), "date", required=False
)
ABOUT: Final = Field(
    "about",
    Text("Эмне жөнүндө", "О чём", "What it is about"),
    "choice",
    required=False,
    choices=KINDS,
    help=Text(
        "Так билбесеңиз, бош калтырыңыз: сапат боюнча адис аныктайт.",
        "Если не уверены, оставьте пустым: определит специалист по качеству образования.",
        "Leave it empty if you are not sure: the quality specialist will say.",
    ),
)
ASKED: Final = (FOUND, ABOUT, NAME, REACH)
# No unit: those who work there would read the complaint before anybody has assessed it.
MORE: Final = (OBJECT, OCCURRED_ON)
FIELDS: Final = (TITLE, *ASKED, *MORE)
# No person sees this field; programs that fill in whatever they find fill it in too.
TRAP: Final = "website"
# The widest of the kinds, for those who name none: a nonconformity has one from the beginning, and the quality
# specialist knows better.
KIND: Final = "environment"
LONGEST: Final = {"name": 120, "reach": 254}


def kept(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What opens the nonconformity. Raises Incomplete, with a sentence for each field that is missing or wrong."""
    require_short(given)
    values = parse_given(FIELDS, given)
    found = several_lines(values["found"])
    if not one_line(found[: LIMITS["line"]]):
        raise Incomplete({"found": N_("This is needed.")})
    if values["occurred_on"] and values["occurred_on"] > today(now):
        raise Incomplete({"occurred_on": N_("This day is in the future.")})
    said_by = [one_line(values[name] or "") for name in ("name", "reach")]
    return {
        "title": one_line(values["title"] or "") or title_of(found),
        "found": found,
        "nc_kind": values["about"] or KIND,
        "source": "customers",
        "found_on": today(now),
        "occurred_on": values["occurred_on"],
        "object": values["object"],
        "reported_by": ", ".join(filter(None, said_by)),
    }


def require_short(given: Mapping[str, Any]) -> None:
    """Raise Incomplete where something is too long, before anything looks at its letters.

    A long row of accents takes minutes to be put in order (NFC), and anybody may send one.
    """
    limits = {field.name: LONGEST.get(field.name, LIMITS.get(field.kind, LIMITS["line"])) for field in FIELDS}
    long = [name for name, most in limits.items() if isinstance(given.get(name), str) and len(given[name]) > most]
    if long:
        raise Incomplete(dict.fromkeys(long, N_("This is too long.")))
