"""The paragraphs of a PDF, which knows only lines: joined again, without what every page repeats.

A page does not say where a paragraph ends. It is taken to end with a line that is clearly shorter than the others, or
where the next line begins as a clause or an item of a list does.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]  # it brings no types

from service.differences.text import TooLongError
from service.differences.words import ITEM, TEXT, Paragraph

MOST_PAGES: Final = 2_000
# So many lines at the top and at the bottom of a page may be its header and footer.
EDGE: Final = 3
# A line that stands at the same edge of so many of the pages is no text; headers of odd and even pages differ.
REPEATED: Final = 0.4
# Below this share of a full line, a line is the last one of its paragraph.
SHORT: Final = 0.8

_NUMBER: Final = re.compile(r"\d+")
_ONLY_NUMBER: Final = re.compile(r"[-–— ]*\d{1,4}[-–— ]*")
_ITEM: Final = re.compile(r"([-–—•▪●○*]|\(?\d{1,3}(\.\d{1,3})*[.)]|\d{1,3}(\.\d{1,3})+|§|[a-zа-яёңөү]\))\s")
# PDFium writes U+FFFE, or U+0002, for the hyphen of a line that ends within a word, and no end of the line after it.
_BROKEN: Final = re.compile("(?<=\\w)[-\u2010\u00ad\u0002]$")
_COMPOUND: Final = re.compile(r"\w+-\w+")
_LAST_WORD, _FIRST_WORD = re.compile(r"\w+$"), re.compile(r"\w+")
_ENDS: Final = re.compile(r"[.!?:;…»”\"]$")


def read(content: bytes) -> Iterator[Paragraph]:
    """Its paragraphs; a PDF of pictures has none. Raises PdfiumError, TooLongError."""
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > MOST_PAGES:
            raise TooLongError
        pages = [_lines(page) for page in document]
    yield from joined(without_edges(pages))


def _lines(page: Any) -> list[str]:
    text = page.get_textpage().get_text_range().replace("\ufffe", "\u0002\n")
    page.close()
    return [line for one in text.splitlines() if (line := " ".join(one.split()))]


def without_edges(pages: Sequence[list[str]]) -> list[list[str]]:
    """The lines of each page without headers, footers and page numbers."""
    seen: Counter[tuple[int, str]] = Counter()
    for lines in pages:
        seen.update({(edge, _like(lines[edge])) for edge in _edges(lines)})
    enough = max(3, REPEATED * len(pages))
    kept = []
    for lines in pages:
        gone = {
            edge % len(lines)
            for edge in _edges(lines)
            if seen[edge, _like(lines[edge])] >= enough or _ONLY_NUMBER.fullmatch(lines[edge])
        }
        kept.append([line for place, line in enumerate(lines) if place not in gone])
    return kept


def _edges(lines: Sequence[str]) -> list[int]:
    """The places of the lines at the top and the bottom, those at the bottom from the end: -1, -2, …."""
    many = min(EDGE, len(lines) // 2)
    return [*range(many), *(-1 - place for place in range(max(many, len(lines) > 0)))]


def _like(line: str) -> str:
    return _NUMBER.sub("0", line)


def joined(pages: Sequence[Sequence[str]]) -> Iterator[Paragraph]:
    """Lines as paragraphs, over the ends of pages too."""
    lines = [line for page in pages for line in page]
    compounds = {word.casefold() for line in lines for word in _COMPOUND.findall(line)}
    lengths = sorted(len(line) for line in lines)
    full = lengths[int(len(lengths) * 0.9)] if lengths else 0
    words: list[str] = []
    for place, line in enumerate(lines):
        words.append(line)
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if not following or _is_last(line, following, full):
            text = _whole(words, compounds)
            yield Paragraph(text, ITEM if _ITEM.match(text) else TEXT)
            words = []


def _is_last(line: str, following: str, full: int) -> bool:
    if _BROKEN.search(line):
        return False
    if _ITEM.match(following):
        return True
    if len(line) < SHORT * full:
        return not following[:1].islower()
    return len(line) < full and bool(_ENDS.search(line)) and len(line) < 0.95 * full and following[:1].isupper()


def _whole(lines: Sequence[str], compounds: Set[str]) -> str:
    """The lines as one: a hyphen at the end of a line goes, unless the word is written with one elsewhere too."""
    text = ""
    for line in lines:
        if not (text and _BROKEN.search(text)):
            text = f"{text} {line}" if text else line
        elif line[:1].islower() and _word_over(text[:-1], line) not in compounds:
            text = text[:-1] + line
        else:
            text = f"{text[:-1]}-{line}"
    return text.replace("\u0002", "-")


def _word_over(text: str, line: str) -> str:
    """The word that a line ends with and the next one begins with, with a hyphen between."""
    first, last = _LAST_WORD.search(text), _FIRST_WORD.match(line)
    return f"{first[0]}-{last[0]}".casefold() if first and last else ""
