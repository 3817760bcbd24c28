"""The words of a page of HTML, in one pass: whatever it holds, the time it takes grows with its length only."""

import re
from html import unescape
from typing import Final

_NO_TEXT: Final = ("!", "?", "/")
_NAME: Final = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
# What is never shown; what begins a line of its own, and a paragraph.
_UNSHOWN: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_LINE: Final = frozenset({"br", "div", "tr", "li", "dt", "dd", "table", "section", "article", "header", "footer"})
_PARAGRAPH: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "hr"})


def text_of_html(page: str) -> str:
    """Its words, with the lines and paragraphs it is set in; nothing of scripts, styles and comments."""
    first, *pieces = page.split("<")
    words, unshown, in_comment = [_flat(first)], "", False
    for piece in pieces:
        if in_comment or piece.startswith("!--"):
            # A comment ends where it says so, also in the middle of what looks like a tag.
            _, ended, rest = piece.partition("-->")
            in_comment = not ended
            words += [_flat(rest)] if ended and not unshown else []
            continue
        tag = _NAME.match(piece)
        if tag is None:
            words += [] if unshown else [_flat(piece.partition(">")[2] if piece[:1] in _NO_TEXT else f"<{piece}")]
            continue
        closes, name = bool(tag[1]), tag[2].lower()
        if unshown:
            if not (closes and name == unshown):
                continue
            unshown = ""
        elif name in _UNSHOWN and not closes:
            unshown = name
            continue
        words += [_break(name), _flat(piece.partition(">")[2])]
    return unescape("".join(words))


def _break(name: str) -> str:
    if name in _PARAGRAPH:
        return "\n\n"
    return "\n" if name in _LINE else ("\t" if name in ("td", "th") else "")


def _flat(words: str) -> str:
    """As a browser shows it: line ends in the source are spaces."""
    return re.sub(r"\s+", " ", words)
