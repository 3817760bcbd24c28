"""The paragraphs of a DOCX in the order in which they are read: with what was inserted, without what was deleted.

python-docx opens the document and knows its styles; its own way through the paragraphs leaves out what stands in
content controls and in insertions that nobody has accepted yet, which a comparison must not.
"""

from collections.abc import Iterator
from typing import IO, Any, Final

import docx
from docx.oxml import parse_xml

from service.differences.words import HEADING, ITEM, NOTE, ROW, TEXT, Paragraph

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What is deleted, or has been moved from here: it is in the file, and is not what the document says.
_GONE: Final = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_SPACES: Final = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p"})


def read(file: IO[bytes]) -> Iterator[Paragraph]:
    """The body, then the footnotes and endnotes."""
    document = docx.Document(file)
    headings = {
        style.style_id
        for style in document.styles
        if (style.name or "").casefold().startswith(("heading", "title", "subtitle"))
    }
    yield from _blocks(document.element.body, headings)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") is None:  # the others are lines that separate
                    yield Paragraph(_words(note), NOTE)


def _blocks(element: Any, headings: set[str]) -> Iterator[Paragraph]:
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}p":
            yield Paragraph(_words(child), _style(child, headings))
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = (_words(cell) for cell in _cells(row))
                yield Paragraph(" | ".join(" ".join(cell.split()) for cell in cells), ROW)
        else:
            yield from _blocks(child, headings)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row, also of those within content controls; of tables within a cell, the cell only."""
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag not in _GONE:
            yield from _cells(child)


def _words(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            if child.tag in _SPACES:
                yield " "
            yield from _pieces(child)


def _style(paragraph: Any, headings: set[str]) -> str:
    facts = paragraph.find(f"{_W}pPr")
    if facts is None:
        return TEXT
    style = facts.find(f"{_W}pStyle")
    if style is not None and style.get(f"{_W}val") in headings:
        return HEADING
    return ITEM if facts.find(f"{_W}numPr") is not None else TEXT
