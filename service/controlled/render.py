"""One file of a record as PDF: as it is where it is one, else by the program that can."""

import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from service.controlled.confine import own_folder, work
from service.controlled.office import FORMS, LIBREOFFICE, PANDOC, by_libreoffice, by_pandoc, libreoffice, typeset
from service.controlled.refusals import NO_LIBREOFFICE, NOT_SHOWN, REASONS, NotRendered, WorkFailedError
from service.files.kinds import what_is
from service.files.refusals import NotAccepted

AS_IT_IS, PLAIN = "pdf", "plain"
# Not a way of rendering, but told with them: the whole is PDF/A.
ARCHIVAL: Final = "archival"
# Ways in which what people see is not what the program that made the file would print.
SIMPLIFIED: Final = frozenset({PANDOC, PLAIN})
_WRITTEN: Final = ("docx", "odt", "pptx")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF; `how`: `pdf` (as it is), `libreoffice`, `pandoc` (simplified), `plain` (tables, text, a picture).

    `changes`: whether the document holds changes that are neither accepted nor rejected.
    """

    pdf: bytes
    pages: int
    how: str
    changes: bool = False


def render(content: bytes, name: str) -> Rendered:
    """The file as PDF. `name` is for people; what it is, is found by its content.

    Raises NotRendered, WorkFailedError, TookTooLongError. It takes seconds and blocks: not on an event loop.
    """
    try:
        kind = what_is(BytesIO(content), len(content)).extensions[0]
    except NotAccepted as refusal:
        raise NotRendered(REASONS["broken"], name=name) from refusal
    with own_folder() as folder:
        file = folder / f"given.{kind}"
        file.write_bytes(content)
        changes = kind in _WRITTEN and work("holds", folder, {"file": file.name, "name": name})["changes"]
        made, how = (file, AS_IT_IS) if kind == "pdf" else _made(kind, file, folder, name)
        pages = work("pdf", folder, {"file": made.relative_to(folder).as_posix(), "name": name})["pages"]
        return Rendered(made.read_bytes(), pages, how, changes)


def _made(kind: str, file: Path, folder: Path, name: str) -> tuple[Path, str]:
    if kind == "xlsx":
        return _workbook(file, folder, name, libreoffice())
    if kind not in _WRITTEN:
        return _plain(kind, file, folder, name), PLAIN
    if program := libreoffice():
        return by_libreoffice(program, file, folder, name), LIBREOFFICE
    if kind == "pptx":
        raise NotRendered(NO_LIBREOFFICE, name=name)
    return by_pandoc(file, folder, name), PANDOC


def _workbook(file: Path, folder: Path, name: str, program: str) -> tuple[Path, str]:
    """Its sheets as tables; one with charts or pictures as LibreOffice prints it."""
    try:
        work("tables", folder, {"file": file.name, "made": "tables.json", "name": name})
    except NotRendered as refusal:
        if refusal.says == NOT_SHOWN and program:
            return by_libreoffice(program, file, folder, name), LIBREOFFICE
        raise
    return _set("sheets.typ", folder, name), PLAIN


def _plain(kind: str, file: Path, folder: Path, name: str) -> Path:
    if kind in ("png", "jpg"):
        return _set("picture.typ", folder, name, picture=file.name)
    shutil.copyfile(file, folder / "text.txt")
    return _set("text.typ", folder, name)


def _set(form: str, folder: Path, name: str, **inputs: str) -> Path:
    shutil.copyfile(FORMS / form, folder / form)
    try:
        return typeset(form, folder, **inputs)
    except WorkFailedError as error:
        raise NotRendered(REASONS["text"], name=name) from error
