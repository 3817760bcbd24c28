"""Putting things into a reader's language: sentences through the catalogues, refusals, days and moments."""

import gettext
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from states.refusals import Refusal
from states.text import Text

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "sapat"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, compiled in memory; English is what the sentences are written in."""
    source = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language == "en" or not source.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def say(sentence: str, language: str, facts: Mapping[str, object] | None = None) -> str:
    """A marked sentence in the language, its named places filled; a `Text` among the facts is put into it too."""
    told = _sentence(sentence, language) if sentence else ""
    return told % {name: _in_words(fact, language) for name, fact in facts.items()} if facts else told


@lru_cache(maxsize=10_000)
def _sentence(sentence: str, language: str) -> str:
    # Marked sentences are as many as the catalogues hold; a page says two hundred of them.
    return translations(language).gettext(sentence)


def says(refusal: Refusal, language: str) -> tuple[str, str]:
    """What is wrong, and what to do next."""
    return say(refusal.says, language, refusal.facts), say(refusal.next_step, language, refusal.facts)


def _in_words(fact: object, language: str) -> str:
    if isinstance(fact, Text):
        return fact.into(language)
    if isinstance(fact, tuple):
        return ", ".join(_in_words(one, language) for one in fact)
    return str(fact)
