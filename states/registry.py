"""The lifecycles there are: every module of `states` that declares one is found by itself."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import states
from states.lifecycle import Lifecycle
from states.refusals import NotFound


@cache
def lifecycles() -> dict[str, Lifecycle]:
    """All lifecycles by name, in the order of their names."""
    found = (
        getattr(import_module(f"states.{module.name}"), "LIFECYCLE", None)
        for module in sorted(iter_modules(states.__path__), key=lambda module: module.name)
        if module.name != "registry"
    )
    return {lifecycle.name: lifecycle for lifecycle in found if isinstance(lifecycle, Lifecycle)}


@cache
def lifecycle(name: str) -> Lifecycle:
    """The lifecycle of that name, or of that collection. Raises NotFound."""
    for one in lifecycles().values():
        if name in (one.name, one.collection):
            return one
    raise NotFound
