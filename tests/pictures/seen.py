"""Figures drawn and read back: what is seen, what is heard, where it leads."""

from functools import partial
from xml.etree import ElementTree

import pytest

from service.language import say
from service.pictures import NARROW, WIDE, Figure, svg

BOTH = pytest.mark.parametrize("across", [WIDE, NARROW])


def read(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page)  # noqa: S314 - our own picture


def drawn(figure: Figure, across: float = WIDE, language: str = "en") -> ElementTree.Element:
    return read(svg(figure, partial(say, language=language), language, across=across))


def shown(root: ElementTree.Element) -> list[str]:
    """All words that are seen."""
    return [str(text.text) for text in root.iter("text")]


def heard(mark: ElementTree.Element) -> str:
    title = mark.find("title")
    assert title is not None
    return str(title.text)


def marks(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [element for element in root.iter() if element.get("class") == "picture-mark"]


def links(root: ElementTree.Element) -> list[str]:
    return [str(mark.get("href")) for mark in marks(root) if mark.tag == "a"]
