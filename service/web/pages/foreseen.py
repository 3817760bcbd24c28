"""On the page of a revision under way, before its moves: what will hinder its controlled file, and what to do."""

from itertools import groupby
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from service.controlled.foreseen import DIFFERS, HINDERS, WAITS, Foreseen, foreseen
from service.language import say
from service.subject import Subject
from states.text import N_


def notices_of(
    connection: sa.Connection, subject: Subject, home: Path, language: str, *, known: bool = False
) -> list[dict[str, Any]]:
    """A notice for each weight: `title`, `tone`, and `lines` with what is foreseen and what to do about it.

    `known` leaves out what is still being looked at.
    """
    if subject.lifecycle.name != "document":
        return []
    found = foreseen(connection, home, subject.id, subject.state)
    return [
        {
            "title": say(_TITLES[weight], language),
            "tone": _TONES[weight],
            "lines": [{"text": say(one.says, language, one.facts), "next": _next(one, language)} for one in some],
        }
        for weight, some in groupby(found, key=lambda one: one.weight)
        if not (known and weight == WAITS)
    ]


def _next(one: Foreseen, language: str) -> str:
    return say(one.next_step, language, one.facts) if one.next_step else ""


_TITLES: Final = {
    HINDERS: N_("As it is now, there will be no controlled file"),
    DIFFERS: N_("The controlled file will look different from what was written"),
    WAITS: N_("The files are being looked at"),
}
_TONES: Final = {HINDERS: "waiting", DIFFERS: "info", WAITS: "info"}
