"""A lifecycle as Mermaid text (stateDiagram-v2)."""

from typing import Final

from states.drawing.ways import arrows
from states.lifecycle import Kind, Lifecycle

# What Mermaid's grammar would read as its own, as its numeric entities.
_ESCAPED: Final = str.maketrans({sign: f"#{ord(sign)};" for sign in "\"'#:;(){}[]<>|`%"} | {"\n": " ", "\r": " "})


def mermaid(lifecycle: Lifecycle, language: str) -> str:
    """The state diagram, with the names of states and moves in `language`."""
    lines = [
        "direction TB",
        *(f'state "{_safe(step.label.into(language))}" as {step.name}' for step in lifecycle.steps.values()),
        f"[*] --> {lifecycle.initial}",
        *(
            f"{arrow.source} --> {arrow.target} : {_safe(arrow.move.label.into(language))}"
            for arrow in arrows(lifecycle)
        ),
        *(f"{step.name} --> [*]" for step in lifecycle.steps.values() if step.kind is Kind.FINAL),
    ]
    return "\n    ".join(["stateDiagram-v2", *lines]) + "\n"


def _safe(words: str) -> str:
    return words.translate(_ESCAPED)
