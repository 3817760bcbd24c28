"""A figure that is laid out, before it is a picture."""

from dataclasses import dataclass
from typing import Final

from service.pictures.marks import EDGE, quiet
from service.pictures.words import Reader
from states.text import N_

NOTHING: Final = N_("There is nothing to show yet.")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How large it is, and its parts from back to front."""

    width: float
    height: float
    parts: list[str]


def nothing(reader: Reader, across: float) -> Drawing:
    """A figure of no facts."""
    parts, bottom = quiet(reader.told(NOTHING), EDGE, 8.0, across)
    return Drawing(across, bottom + 8, parts)
