"""Lists of any length: set in pieces of so many rows, joined, and their pages numbered.

A piece ends with a whole page: what came to stand on its last page begins the next one. So the joined list looks as if
it had been set at once, while no process ever held more than one piece.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, BinaryIO, Final, cast

import pikepdf

from service.prints.common import University
from service.prints.compile import Piece, told_to
from service.prints.compile import compiled as compiled
from service.prints.kinds import Form
from service.prints.refusals import FormBroken
from service.prints.shapes import Register

AT_ONCE: Final = 1000  # rows set by one process: some 40 pages, 140 MB
Row = Sequence[Any]


def is_long(shape: Any) -> bool:
    """Whether a shape may be of any length."""
    return isinstance(shape, Register)


def write_long(form: Form, shape: Register, university: University, language: str, file: IO[bytes], laid: Path) -> None:
    """Write a list into `file`. Raises FormBroken, TooLong."""
    rows = iter(shape.rows)
    waiting = list(itertools.islice(rows, AT_ONCE))
    ahead = next(rows, None)
    if ahead is None:  # it is short: as any other print
        told = told_to(form, replace(shape, rows=waiting), university, language)
        file.write(compiled(laid, f"{form.name}.typ", told, shape.dated).pdf)
        return
    with TemporaryDirectory(prefix="sapat-print-") as kept:
        parts = _set_in_pieces(form, shape, university, language, laid, waiting, itertools.chain([ahead], rows))
        _join(parts, told_to(form, replace(shape, rows=()), university, language), shape, file, laid, Path(kept))


def _set_in_pieces(
    form: Form,
    shape: Register,
    university: University,
    language: str,
    laid: Path,
    waiting: list[Row],
    rows: Iterator[Row],
) -> Iterator[tuple[bytes, int | None]]:
    """Each piece as a PDF, with how many of its pages count (None: all)."""
    begins, first = 1, True
    while waiting:
        waiting += itertools.islice(rows, AT_ONCE - len(waiting))
        ahead = next(rows, None)
        told = told_to(
            form,
            replace(shape, rows=waiting),
            university,
            language,
            piece={"first": first, "last": ahead is None, "begins": begins},
        )
        piece = compiled(laid, f"{form.name}.typ", told, shape.dated, rows=True)
        if ahead is None:
            yield piece.pdf, None
            return
        pages, count = _whole_pages(piece, len(waiting), begins, form)
        yield piece.pdf, pages
        waiting, begins, first = [*waiting[count:], ahead], begins + count, False


def _whole_pages(piece: Piece, rows: int, begins: int, form: Form) -> tuple[int | None, int]:
    """How many pages of a piece are whole (None: all are taken), and how many rows stand on them.

    The last page may go on, so it does not count; nor does one before that a row runs over into, for that row would be
    cut: a page is whole where the row before the next page's first is one that stays whole. Where there is no such
    page, the piece is taken as it is, and its last page stays short.
    """
    if len(piece.rows) != rows:
        raise FormBroken(file=f"{form.name}.typ", line="?", message=f"<row>: {len(piece.rows)} / {rows}")
    marks = [(int(number) - begins, int(page), bool(over)) for number, page, over in piece.rows]
    for (_, before, over), (place, page, _) in reversed(list(itertools.pairwise(marks))):
        if page > before and not over:
            return page - 1, place
    return None, rows


def _join(
    parts: Iterator[tuple[bytes, int | None]],
    told: dict[str, Any],
    shape: Register,
    file: IO[bytes],
    laid: Path,
    kept: Path,
) -> None:
    """The pieces as one file, with numbers on its pages. Pieces lie on the disk meanwhile."""
    names, joined = [], pikepdf.Pdf.new()
    try:
        for no, (pdf, pages) in enumerate(parts):
            name = kept / f"{no}.pdf"
            name.write_bytes(pdf)
            names.append((name, pages))
        joined.close()
        joined = pikepdf.open(names[0][0])
        if names[0][1] is not None:
            del joined.pages[names[0][1] :]
        opened = [pikepdf.open(name) for name, _ in names[1:]]
        for one, (_, pages) in zip(opened, names[1:], strict=True):
            joined.pages.extend(list(one.pages)[:pages])
        left, bottom, right, top = (float(side) for side in joined.pages[0].mediabox)
        numbers = {**told, "print": {"pages": len(joined.pages), "width": right - left, "height": top - bottom}}
        with pikepdf.open(BytesIO(compiled(laid, "numbers.typ", numbers, shape.dated).pdf)) as over:
            for page, number in zip(joined.pages, over.pages, strict=True):
                _lay_over(joined, page, number)
            joined.save(cast("BinaryIO", file), deterministic_id=True)
        for one in opened:
            one.close()
    finally:
        joined.close()


def _lay_over(joined: pikepdf.Pdf, page: pikepdf.Page, number: pikepdf.Page) -> None:
    """Draw one page over another. pikepdf's own way names what it adds by chance: no two files would be the same."""
    drawn = joined.copy_foreign(number.as_form_xobject())
    name = page.add_resource(drawn, pikepdf.Name.XObject, pikepdf.Name("/Number"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\nq {name} Do Q".encode())
