"""Parts of wholes: how much was on time."""

from typing import Final

from service.pictures.bars import drawn
from service.pictures.drawing import Drawing
from service.pictures.figure import Share, Shares
from service.pictures.marks import EDGE, NAME, SMALL, mark, unheard, words
from service.pictures.rows import AXIS, grid, numbers_room, rows
from service.pictures.words import Reader
from states.text import N_

OF: Final = N_("%(part)s of %(whole)s")
NONE: Final = "—"


def told_share(share: Share, reader: Reader) -> tuple[str, str]:
    """The per cent, and the numbers it is made of."""
    if share.whole <= 0:
        return NONE, reader.number(share.whole)
    parts = reader.told(OF, part=reader.number(share.part), whole=reader.number(share.whole))
    return reader.per_cent(share.part, share.whole), parts


def shares(figure: Shares, reader: Reader, across: float) -> Drawing:
    """Each share as a filled part of an outline that is 100 %."""
    texts = [told_share(share, reader) for share in figure.shares]
    first = numbers_room([[text[0] for text in texts]])[0]
    second = max(numbers_room([[text[1] for text in texts]])[0] * SMALL / NAME, 0)
    plot = rows([share.name for share in figure.shares], across, top=4, room=first + second)
    marks = []
    for share, row, (per_cent, numbers) in zip(figure.shares, plot.rows, texts, strict=True):
        part = min(max(share.part / share.whole, 0), 1) if share.whole > 0 else 0
        whole = "picture-track" if share.whole > 0 else "picture-track empty"
        baseline = row.middle + NAME * 0.36
        inside = [
            *row.label(),
            drawn(plot.left, row.middle, plot.right - plot.left, classes=whole),
            *([drawn(plot.left, row.middle, max(plot.at(part) - plot.left, 2))] if part else []),
            words(across - EDGE - second, baseline, per_cent, "picture-number", anchor="end"),
            words(across - EDGE, baseline, numbers, "picture-soft", size=SMALL, anchor="end"),
        ]
        marks.append(mark(f"{share.name}: {per_cent} ({numbers})", "".join(inside), share.href, plot.area(row)))
    axis = grid(plot, [(part, reader.per_cent(part, 1)) for part in (0, 0.5, 1)])
    return Drawing(across, plot.bottom + AXIS, [unheard(axis), *marks])
