"""What somebody wrote, made fit to be kept: letters whole, on one line where it must be, no longer than it may be."""

import re
from typing import Final
from unicodedata import category, normalize

from states.given import LIMITS

TITLE: Final = 120
# What turns the direction of reading, so that a name or an address looks like another one.
_TURNS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_END: Final = re.compile(r"[.!?…](?=\s|$)")
_CUT: Final = " […]"


def one_line(text: str, most: int = LIMITS["line"]) -> str:
    """The words on one line, without signs that nobody sees; at most `most` letters."""
    seen = "".join(sign if category(sign) not in ("Cc", "Cf", "Cs") else " " for sign in normalize("NFC", text))
    words = " ".join(seen.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def several_lines(text: str) -> str:
    """The text with its lines, without control characters and what turns it; never more than one empty line."""
    plain = _TURNS.sub("", normalize("NFC", text))
    kept = "".join(sign for sign in plain if sign in "\t\n" or category(sign) not in ("Cc", "Cs"))
    lines = "\n".join(line.rstrip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def title_of(text: str) -> str:
    """A title out of a text: its first sentence, or as many words of it as fit."""
    line = one_line(text[: 4 * TITLE].strip().partition("\n")[0], 4 * TITLE)
    end = _END.search(line)
    sentence = line[: end.start()] if end and end.start() > 2 else line
    if len(sentence) <= TITLE:
        return sentence
    return f"{sentence[: TITLE - 1].rpartition(' ')[0] or sentence[: TITLE - 1]}…"


def cut(text: str, most: int) -> str:
    """At most `most` letters of a text; it says where something was left away."""
    return text if len(text) <= most else f"{text[: most - len(_CUT)].rstrip()}{_CUT}"
