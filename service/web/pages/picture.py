"""The drawn lifecycle of a page, kept once drawn: there are few states, and drawing takes milliseconds."""

from functools import lru_cache

from markupsafe import Markup

from states.drawing import svg
from states.lifecycle import Lifecycle


@lru_cache(maxsize=500)
def drawn(one: Lifecycle, language: str, current: str, visited: frozenset[str]) -> Markup:
    """The picture with the present state and those behind it marked; it holds nothing that people typed."""
    return Markup(svg(one, language, current=current, visited=visited))  # noqa: S704 - drawn from the declaration
