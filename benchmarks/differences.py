"""Comparing two texts of 300 pages, as revisions differ and where every paragraph repeats, against difflib alone.

difflib aligns the paragraphs only; ours also pairs those that were changed and marks their words.
"""

import random
from collections.abc import Sequence
from difflib import SequenceMatcher

from benchmarks.figures import Figure, beside, interleaved, seconds
from service.differences.compare import compare
from service.differences.words import Paragraph

PARAGRAPHS, ROUNDS = 3_600, 5
WORDS = [
    *("кеңеш", "окуу", "сапат", "жобо", "пункт", "чечим", "ректор", "буйрук", "автор", "текст", "университет"),
    *("кафедра", "студент", "мөөнөт", "күн", "иш", "билим", "берүү", "программа", "отурум"),
]


def measure() -> dict[str, Figure]:
    """Comparisons per second."""
    chance = random.Random(4)
    text = [" ".join(chance.choices(WORDS, k=chance.randint(20, 60))) for _ in range(PARAGRAPHS)]
    few = text[:3]
    repeated, again = (chance.choices(few, k=PARAGRAPHS) for _ in range(2))
    return {
        "differences_revision": _figure(text, _revised(text)),
        "differences_repeated": _figure(repeated, again),
    }


def _revised(text: Sequence[str]) -> list[str]:
    """Every thirtieth paragraph with another word, every hundredth with a new one after it, a few gone."""
    made = []
    for number, paragraph in enumerate(text):
        if number % 211 == 210:
            continue
        made.append(paragraph.replace("кеңеш", "жыйын", 1) if number % 30 == 29 else paragraph)
        if number % 100 == 99:
            made.append(f"жаңы {number} {paragraph[::-1]}")
    return made


def _figure(old: Sequence[str], new: Sequence[str]) -> Figure:
    left, right = ([Paragraph(one) for one in side] for side in (old, new))

    def ours(_round: int) -> float:
        return 1 / seconds(lambda: compare(left, right))

    def bare(_round: int) -> float:
        return 1 / seconds(lambda: SequenceMatcher(None, old, new, autojunk=False).get_opcodes())

    return beside("comparisons/s", *interleaved(ROUNDS, [ours, bare]))
