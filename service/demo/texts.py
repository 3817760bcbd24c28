"""The texts of the demonstration's revisions: small DOCX files, the same bytes for the same words."""

from collections.abc import Iterable
from html import escape
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_OOXML: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OOXML}"/></Types>'
)
_RELATIONS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="text" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WORD: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(title: str, paragraphs: Iterable[str]) -> bytes:
    """A document of one page (ECMA-376), stored rather than packed: no library's version changes its bytes."""
    lines = [_line(title, "<w:b/>"), *(_line(words) for words in paragraphs)]
    text = f"<w:document {_WORD}><w:body>{''.join(lines)}</w:body></w:document>"
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for name, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", text),
        ):
            archive.writestr(ZipInfo(name, _EPOCH), f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    return written.getvalue()


def _line(words: str, marks: str = "") -> str:
    style = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'
