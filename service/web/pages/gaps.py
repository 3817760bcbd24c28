"""What falls into a gap, by day and in words: beside an absence, and for the weeks ahead."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from service.keeping.cautions import cautions
from service.keeping.gaps import Falls, Vacancy, gap, gaps_ahead
from service.language import say
from service.organisation import Organisation, Spell, organisation
from service.web.pages.keeping import names_of, spell
from service.web.pages.organisation import post_link
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.kyrgyz import day_in_words, day_short
from states.text import N_

_TONES = {
    "late": "late",
    "due": "waiting",
    "wake": "resting",
    "sitting": "waiting",
    "review": "waiting",
    "rung": "resting",
}


def gap_shown(connection: sa.Connection, absence: Mapping[str, Any], who: Visitor) -> dict[str, Any]:
    """What is doubtful about an absence, and what falls into it, day by day."""
    found = gap(connection, absence["person_id"], absence["since"], absence["until"], who.actor, who.now)
    doubts = cautions(connection, absence, who.actor, who.now)
    return {
        "cautions": [say(one.sentence, who.language, _days(one.facts, who.language)) for one in doubts],
        "days": [
            {
                "day": day_in_words(day, who.language),
                "iso": day.isoformat(),
                **_of_a_day(list(falls), who),
            }
            for day, falls in groupby(found, key=lambda one: one.day)
        ],
        "total": len(found),
    }


def ahead_shown(connection: sa.Connection, who: Visitor) -> dict[str, Any]:
    """The gaps of the next weeks."""
    found, snapshot = gaps_ahead(connection, who.now), organisation(connection)
    return {
        "without_deputy": [_spell(snapshot, one, who) for one in found.without_deputy],
        "deputy_away": [
            {
                **_spell(snapshot, one, who),
                "deputy": snapshot.people[other.person_id].name.into(who.language),
                "deputy_days": spell(other.since, other.until, who.language),
            }
            for one, other in found.deputy_away
        ],
        "becoming_vacant": [_vacancy(snapshot, one, who) for one in found.becoming_vacant],
        "vacant": [_vacancy(snapshot, one, who) for one in found.vacant],
    }


def _of_a_day(falls: list[Falls], who: Visitor) -> dict[str, Any]:
    """The lines of a day, and how many of them are about records that the visitor may not read."""
    read = [_line(one, who) for one in falls if one.href]
    return {"falls": read, "unread": len(falls) - len(read)}


def _line(one: Falls, who: Visitor) -> dict[str, Any]:
    also = ", ".join(name.into(who.language) for name in one.also)
    post = heading(one.post, who.language) if one.post else ""
    return {
        "tone": _TONES[one.kind],
        "kind": say(_KINDS[one.kind], who.language),
        "text": say(one.sentence, who.language, _days(one.facts, who.language)),
        "code": one.code,
        "title": one.title,
        "href": one.href,
        "note": " · ".join(filter(None, (post, say(_ALSO, who.language, {"names": also}) if also else ""))),
    }


def _days(facts: Mapping[str, object], language: str) -> dict[str, object]:
    """Days among the facts, as the reader writes them."""
    return {
        name: day_short(date.fromisoformat(str(fact)), language) if name in ("day", "since", "until") else fact
        for name, fact in facts.items()
    }


def _spell(snapshot: Organisation, one: Spell, who: Visitor) -> dict[str, Any]:
    person = snapshot.people[one.person_id]
    return {
        "person": {"text": person.name.into(who.language), "href": f"/organisation/people/{person.id}"},
        "days": spell(one.since, one.until, who.language),
    }


def _vacancy(snapshot: Organisation, one: Vacancy, who: Visitor) -> dict[str, Any]:
    answering = ", ".join(names_of(snapshot, one.answering, who.language))
    nobody = {"text": say(_NOBODY, who.language), "tone": "late"}
    return {
        "post": post_link(snapshot.posts[one.post_id], who.language),
        "since": day_short(one.since, who.language),
        "answering": answering or nobody,
        "tasks": str(one.tasks),
    }


_KINDS = {
    "late": N_("late"),
    "due": N_("due"),
    "wake": N_("by itself"),
    "sitting": N_("sitting"),
    "review": N_("review"),
    "rung": N_("reminder"),
}
_ALSO, _NOBODY = N_("%(names)s holds the post too"), N_("nobody")
