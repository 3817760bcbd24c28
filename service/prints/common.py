"""What every print is made of: who the university is, who signs; words, in the reader's language or as `Text`.

What is not known is None, or empty: a form leaves a line for it, or leaves it out.
"""

from dataclasses import dataclass

from states.text import Text

Words = str | Text


@dataclass(frozen=True, slots=True)
class University:
    """What stands at the head of each print. `coat` is the name of a file in the folder of the university's forms."""

    name: Words
    place: Words = ""
    ministry: Words = ""
    coat: str | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, in which post."""

    post: Words
    name: Words = ""
