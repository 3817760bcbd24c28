"""What a file is, found by its content: a name proves nothing."""

from dataclasses import dataclass
from typing import IO, Final

from service.files.archive import LOCAL, PROTECTED, UnsafeArchiveError, hides_archive
from service.files.office import office_kind
from service.files.pictures import JPEG, PNG, is_jpeg, is_png
from service.files.refusals import NotAccepted
from service.files.texts import text_kind
from states.text import N_

_PDF: Final = b"%PDF-"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 1024
_OOXML: Final = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files that is kept: how it is called, what browsers are told, how names of such files may end."""

    name: str
    media_type: str
    extensions: tuple[str, ...]


KINDS: Final = {
    "pdf": FileKind("PDF", "application/pdf", ("pdf",)),
    "docx": FileKind("DOCX", f"{_OOXML}wordprocessingml.document", ("docx",)),
    "xlsx": FileKind("XLSX", f"{_OOXML}spreadsheetml.sheet", ("xlsx",)),
    "pptx": FileKind("PPTX", f"{_OOXML}presentationml.presentation", ("pptx",)),
    "odt": FileKind("ODT", "application/vnd.oasis.opendocument.text", ("odt",)),
    "png": FileKind("PNG", "image/png", ("png",)),
    "jpeg": FileKind("JPEG", "image/jpeg", ("jpg", "jpeg")),
    "txt": FileKind("TXT", "text/plain", ("txt", "csv")),
    "csv": FileKind("CSV", "text/csv", ("csv", "txt")),
}
BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in KINDS.values()}
ACCEPT: Final = ",".join(dict.fromkeys(f".{ending}" for kind in KINDS.values() for ending in kind.extensions))

_SAVE_AGAIN = N_("Open it in the program that made it, save it without macros and passwords, and send it again.")
_OLD = N_("This is an office document of the old kind (DOC, XLS, PPT), or one protected by a password.")
_SAVE_NEW = N_("Save it as DOCX, XLSX or PPTX without a password and send it again.")
_BROKEN = N_("The file is damaged: it ends before it is complete, or something follows that is not part of it.")
_TWO = N_("The file is two files in one.")


def what_is(file: IO[bytes], size: int) -> FileKind:
    """What the content is. Raises NotAccepted, with what to do."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(LOCAL):
        return _office(file, size)
    if head.startswith(_OLE):
        raise NotAccepted(_OLD, _SAVE_NEW)
    kind = _by_signature(file, size, head)
    if not kind and (text := text_kind(file)):
        kind = KINDS[text]
    if kind is None:
        raise NotAccepted
    # Readers of PDF look for its head within the first kilobyte, readers of archives for theirs at the end.
    if (_PDF in head and not head.startswith(_PDF)) or hides_archive(file):
        raise NotAccepted(_TWO, _SAVE_AGAIN)
    return kind


def _by_signature(file: IO[bytes], size: int, head: bytes) -> FileKind | None:
    if head.startswith(_PDF):
        return _whole(KINDS["pdf"], _pdf_ends(file, size))
    if head.startswith(PNG):
        return _whole(KINDS["png"], is_png(file, size))
    if head.startswith(JPEG):
        return _whole(KINDS["jpeg"], is_jpeg(file, size))
    return None


def _whole(kind: FileKind, is_whole: bool) -> FileKind:
    if not is_whole:
        raise NotAccepted(_BROKEN, _SAVE_AGAIN)
    return kind


def _pdf_ends(file: IO[bytes], size: int) -> bool:
    file.seek(max(0, size - _HEAD))
    return b"%%EOF" in file.read()


def _office(file: IO[bytes], size: int) -> FileKind:
    try:
        return KINDS[office_kind(file, size)]
    except UnsafeArchiveError as error:
        raise NotAccepted(error.says, _SAVE_NEW if error.says == PROTECTED else _SAVE_AGAIN) from error
