"""Reasons: what a move asks for in its own words, so that whoever reads the reason learns what they need."""

from dataclasses import replace
from typing import Final

from states.lifecycle import Field
from states.text import Text

REASON: Final = Field("reason", Text("Себеби", "Причина", "Reason"), "text")


def because(ky: str, ru: str, en: str) -> Field:
    """The reason of one move, with what to write there."""
    return replace(REASON, help=Text(ky, ru, en))
