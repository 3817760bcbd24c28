"""Office documents (OOXML, ODF): zips of XML, told apart by what they say they are, refused where they act."""

import re
from typing import IO, Final

from service.files.archive import (
    DAMAGED,
    PROTECTED,
    Limits,
    UnsafeArchiveError,
    ends_as_archive,
    members,
    opened,
    parsed,
    reader,
)
from states.text import N_

LIMITS: Final = Limits(members=5_000, unpacked=250_000_000, whole=64_000_000)
_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_MAIN: Final = {
    f"{_OOXML}wordprocessingml.document.main+xml": "docx",
    f"{_OOXML}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OOXML}presentationml.presentation.main+xml": "pptx",
}
_ODT: Final = b"application/vnd.oasis.opendocument.text"
_XML: Final = (".xml", ".rels")
# Parts that run: macros of Word, Excel and PowerPoint, ActiveX controls, Basic and scripts of OpenDocument.
_ACTS: Final = re.compile(
    r"vbaproject\.bin$|vbadata\.xml$|/activex/|^basic/|^scripts/|\.(exe|dll|js|vbs|hta|ps1)$", re.I
)
_FETCHED: Final = ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk")
_FAR: Final = re.compile(r"(https?|ftp|mhtml):|\\\\|//|file:///*\\\\|file://[^/]", re.I)

_MACROS = N_("The file holds macros or other programs.")
_REMOTE = N_("The file fetches a part of itself from the network when it is opened.")
_ANOTHER = N_("This is an archive or an office document of a kind that is not kept here.")


def office_kind(file: IO[bytes], size: int) -> str:
    """`docx`, `xlsx`, `pptx` or `odt`. Raises UnsafeArchiveError."""
    if not ends_as_archive(file, size):
        raise UnsafeArchiveError(DAMAGED)
    with opened(file, LIMITS) as archive:
        names = archive.namelist()
        if any(_ACTS.search(name) for name in names):
            raise UnsafeArchiveError(_MACROS)
        kind = ""
        for name, content in members(archive, LIMITS, _is_read):
            if content is not None:
                kind = _look(name, content, first=name == names[0]) or kind
    if not kind:
        raise UnsafeArchiveError(_ANOTHER)
    return kind


def _is_read(name: str) -> bool:
    return name.casefold().endswith(_XML) or name == "mimetype"


def _look(name: str, content: bytes, *, first: bool) -> str:
    """What kind of document this part says it all is, if it says so."""
    if name == "mimetype":
        return "odt" if first and content.strip() == _ODT else ""
    if name == "[Content_Types].xml":
        return _declared(content)
    if name == "META-INF/manifest.xml":
        parsed(content, reader(_protected))
    elif name.endswith(".rels"):
        parsed(content, reader(_fetches))
    else:
        parsed(content)
    return ""


def _declared(content: bytes) -> str:
    types: list[str] = []
    parsed(content, reader(lambda _, facts: types.append(facts.get("ContentType", ""))))
    if any("macroenabled" in one.casefold() or "vbaproject" in one.casefold() for one in types):
        raise UnsafeArchiveError(_MACROS)
    found = {_MAIN[one] for one in types if one in _MAIN}
    # A workbook inside a presentation is a part of its own, with its own list of types.
    return found.pop() if len(found) == 1 else ""


def _protected(name: str, _: dict[str, str]) -> None:
    if name.rpartition(":")[2] == "encryption-data":
        raise UnsafeArchiveError(PROTECTED)


def _fetches(_: str, facts: dict[str, str]) -> None:
    kind = facts.get("Type", "").rpartition("/")[2]
    if facts.get("TargetMode") == "External" and kind in _FETCHED and _FAR.match(facts.get("Target", "")):
        raise UnsafeArchiveError(_REMOTE)
