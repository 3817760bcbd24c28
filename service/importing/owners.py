"""From the words a register of processes has for owners to posts: a post, a unit, several, or nobody knows.

The words known are `data/owner_posts.tsv`; the longest ones are looked for first, what is left over is reported.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from service.importing.facts import facts
from states.kyrgyz import fold

_SEPARATORS: Final = re.compile(r"[,;/\n]|\s\+\s")
_TAKEN: Final = ";"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand for owners: `kind` is post, unit or ambiguous; `posts` the codes of the posts meant."""

    words: str
    plain: str
    kind: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """What an owner's words were read as: the words known, in the source's order, and what nobody knows."""

    found: tuple[Words, ...]
    unknown: tuple[str, ...]

    @property
    def posts(self) -> tuple[str, ...]:
        """The codes of the posts, each once, in the source's order."""
        return tuple(dict.fromkeys(post for words in self.found for post in words.posts))


def read_owners(given: str) -> Owners:
    """What the words `given` in a register name."""
    rest = _plain(given)
    found: list[tuple[int, Words]] = []
    for words in _known():
        for match in re.finditer(rf"(?<!\w){re.escape(words.plain)}(?!\w)", rest):
            found.append((match.start(), words))
            # Of the same length, so that the places of the others stay where they are.
            rest = rest[: match.start()] + _TAKEN * len(match[0]) + rest[match.end() :]
    unknown = tuple(part.strip() for part in _SEPARATORS.split(rest) if part.strip())
    return Owners(tuple(words for _, words in sorted(found, key=lambda pair: pair[0])), unknown)


@cache
def _known() -> tuple[Words, ...]:
    known = [Words(row["words"], _plain(row["words"]), row["kind"], tuple(row["posts"].split())) for row in _rows()]
    return tuple(sorted(known, key=lambda words: -len(words.plain)))


def _rows() -> tuple[dict[str, str], ...]:
    return facts("owner_posts")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-–—]", " ", fold(text)).split())
