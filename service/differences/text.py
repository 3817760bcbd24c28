"""The text of a file, paragraph by paragraph: DOCX, PDF, XLSX, plain text. Readers are loaded where they are needed.

Called in a process of its own (`child`): what is read here comes from people.
"""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

from service.differences.words import HEADING, ROW, Paragraph
from service.files.archive import Limits, members, opened, parsed

LIMITS: Final = Limits(members=5_000, unpacked=250_000_000, whole=32_000_000)
MOST_PARAGRAPHS: Final = 40_000
MOST_CHARACTERS: Final = 3_000_000
_XML: Final = (".xml", ".rels")


class TooLongError(Exception):
    """More paragraphs or letters than are compared."""


def paragraphs(kind: str, content: bytes) -> list[Paragraph]:
    """The paragraphs that say something. Raises TooLongError; whatever a reader raises on what it cannot read."""
    found: list[Paragraph] = []
    characters = 0
    for one in READERS[kind](content):
        text = " ".join(one.text.replace("\0", "").split())
        if not text:
            continue
        characters += len(text)
        if len(found) == MOST_PARAGRAPHS or characters > MOST_CHARACTERS:
            raise TooLongError
        found.append(Paragraph(text, one.style))
    return found


def slim(content: bytes) -> BytesIO:
    """An office document of which only the XML is left: no more is unpacked than was counted, pictures are empty.

    Raises UnsafeArchiveError.
    """
    made = BytesIO()
    with opened(BytesIO(content), LIMITS) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        for name, part in members(source, LIMITS, lambda name: name.casefold().endswith(_XML)):
            if part is not None:
                parsed(part)
            target.writestr(name, part or b"")
    made.seek(0)
    return made


def _docx(content: bytes) -> Iterator[Paragraph]:
    from service.differences.docx_text import read

    return read(slim(content))


def _pdf(content: bytes) -> Iterator[Paragraph]:
    from service.differences.pdf_text import read

    return read(content)


def _xlsx(content: bytes) -> Iterator[Paragraph]:
    """Each sheet by its name, and its rows, a bar between the cells."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(slim(content))
    for name in workbook.sheet_names:
        yield Paragraph(name, HEADING)
        for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=True):
            cells = [_cell(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield Paragraph(" | ".join(cells), ROW)


def _cell(value: object) -> str:
    # A spreadsheet keeps numbers as fractions: 19 comes as 19.0.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _plain(content: bytes) -> Iterator[Paragraph]:
    return (Paragraph(line) for line in content.decode("utf-8-sig").splitlines())


READERS: Final[dict[str, Callable[[bytes], Iterator[Paragraph]]]] = {
    "docx": _docx,
    "pdf": _pdf,
    "xlsx": _xlsx,
    "txt": _plain,
    "csv": _plain,
}
