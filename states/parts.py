"""Moves that add, change and remove one of what a record has several of; they leave it in the step where it is."""

from dataclasses import replace

from states.asides import staying_in
from states.lifecycle import Guard, Move, Part, Tone
from states.roles import Role
from states.text import Text

Steps = tuple[str, ...]
Roles = tuple[Role, ...]
Guards = tuple[Guard, ...]


def adding(part: Part, name: str, label: Text, done: Text, sources: Steps, by: Roles, guards: Guards = ()) -> Move:
    """The move that adds one, with all its fields."""
    return replace(_keeping(name, label, done, sources, by, guards), records=part.fields, adds=part.name)


def amending(part: Part, name: str, label: Text, done: Text, sources: Steps, by: Roles, guards: Guards = ()) -> Move:
    """The move that changes one of them."""
    amends = _keeping(name, label, done, sources, by, guards)
    return replace(amends, records=(part.which, *part.fields), amends=part.name)


def removing(part: Part, name: str, label: Text, done: Text, sources: Steps, by: Roles, guards: Guards = ()) -> Move:
    """The move that removes one of them; its number is never given again."""
    return replace(_keeping(name, label, done, sources, by, guards), records=(part.which,), removes=part.name)


def _keeping(name: str, label: Text, done: Text, sources: Steps, by: Roles, guards: Guards) -> Move:
    return Move(name, label, sources, staying_in(sources), by, done, guards=guards, tone=Tone.ASIDE)
