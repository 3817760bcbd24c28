"""A lifecycle draws itself from its declaration: as Mermaid text and as an SVG picture.

Classes of the picture, for the site's style sheet (attributes hold a light look for where there is none):

- `lifecycle`: the svg. `lifecycle-state` is the group of one state, with its kind `waiting`, `resting` or `final`, and
  `current` and `visited` where they apply; inside it `lifecycle-box`, `lifecycle-rim` (the inner rim of a final state),
  `lifecycle-glyph` (person, clock or end; `filled` where it is an area), `lifecycle-name`, `lifecycle-who`,
  `lifecycle-here` (the triangle of the current state), `lifecycle-been` (the tick of a visited one).
- `lifecycle-way` is the group of one arrow, with its move's tone `forward`, `back` or `stop`, and `main` on the main
  way, `return` where it leads to an earlier state, `condition` where it is taken only if a condition holds; inside it
  `lifecycle-line`, `lifecycle-head`, `lifecycle-port` (the dot it starts from, hollow where there is a condition),
  `lifecycle-move` (the name). `lifecycle-start` is the dot above the first state.
- `data-state`, and on ways `data-move`, `data-source`, `data-target`, name what is drawn.
"""

from states.drawing.mermaid import mermaid
from states.drawing.svg import svg

__all__ = ["mermaid", "svg"]
