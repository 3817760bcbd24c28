"""Components drawn once: the same component given the same draws the same, and rows come back from page to page.

Most of a list is its rows, and most of what draws a row is looking into it. `docs/performance.md` has the figures, of
rows seen before and of rows never seen.
"""

import marshal
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Final

from markupsafe import Markup

MOST: Final = 8_000_000  # letters kept of all that was drawn, at up to two bytes each
_PLAIN: Final = 2  # of marshal's formats the last in which equal values are always written alike

Component = Callable[..., Markup]


class Drawn:
    """What the components of one language have drawn, by all that they were given.

    Nothing needs to be forgotten: a key holds every value that a component can see, for components see no context
    (see `frame.environment`). So nobody is shown what was drawn for somebody else, unless they are shown the same.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._kept: dict[Hashable, Markup] = {}
        self._letters = 0

    def __call__(self, component: Component, *fixed: Any) -> Component:
        """The component with its first arguments given: `{% set line = drawn(row, columns) %}`, then `line(one)`."""
        key = _written(fixed)
        if key is None:
            return partial(component, *fixed)
        return partial(self._draw, component, fixed, (_code(component), key))

    def _draw(self, component: Component, fixed: tuple[Any, ...], of: Hashable, *given: Any) -> Markup:
        written = _written(given)
        if written is None:
            return component(*fixed, *given)
        key = (of, written)
        found = self._kept.get(key)
        if found is None:
            found = component(*fixed, *given)
            self._keep(key, found, len(found) + len(written))
        return found

    def forget(self) -> None:
        """Draw everything anew from now on."""
        self._kept, self._letters = {}, 0

    def _keep(self, key: Hashable, found: Markup, letters: int) -> None:
        if self._letters + letters > self.most:
            self.forget()
        if letters <= self.most:
            self._kept[key] = found
            self._letters += letters


def _written(given: Any) -> bytes | None:
    """The values as bytes that no other values have; None for what is more than a value."""
    try:
        return marshal.dumps(given, _PLAIN)
    except ValueError:
        pass
    try:
        return marshal.dumps(_told_apart(given), _PLAIN)
    except ValueError:
        return None


def _told_apart(given: Any) -> Any:
    """The same with Markup marked as such: it is not to be taken for text."""
    if type(given) is Markup:
        return (Ellipsis, str(given))
    if type(given) is dict:
        return {key: _told_apart(value) for key, value in given.items()}
    if type(given) in (list, tuple):
        return type(given)(map(_told_apart, given))
    return given


def _code(component: Any) -> Hashable:
    # A template's macros are made anew where it is imported anew; what they were compiled to stays.
    code: Hashable = component._func.__code__
    return code
