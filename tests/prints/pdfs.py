"""Reading prints back: their text, their pages, and what PDF/A-2b asks for as far as that can be checked here."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types

from service.prints.common import University
from service.prints.compile import write_pdf
from service.prints.kinds import FORMS
from tests.prints.samples import UNIVERSITY

# What PDF/A-2 (ISO 19005-2) takes out of PDF: nothing runs, nothing hides, nothing is fetched from elsewhere.
FORBIDDEN: Final = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/3D", "/Movie", "/Sound", "/AA")


def printed(
    name: str, shape: Any, language: str = "ky", folder: Path | None = None, university: University = UNIVERSITY
) -> bytes:
    """The print as a PDF."""
    file = BytesIO()
    write_pdf(FORMS[name], shape, university, language, file, folder)
    return file.getvalue()


def pages(pdf: bytes) -> list[str]:
    """What each page says, with single spaces, without the places where long words may break."""
    document = pypdfium2.PdfDocument(pdf)
    return [_plain(page.get_textpage().get_text_range()) for page in document]


def text(pdf: bytes) -> str:
    """What all pages say."""
    return " ".join(pages(pdf))


def _plain(said: str) -> str:
    return " ".join(said.replace("\u200b", "").replace("\ufffe", "").split())


def not_pdf_a(pdf: bytes) -> list[str]:
    """What keeps it from being PDF/A-2b; nothing where all that is checked here holds."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return list(_faults(document, pdf))


def _faults(document: pikepdf.Pdf, pdf: bytes) -> Iterator[str]:
    root = document.Root
    if document.is_encrypted:
        yield "encrypted"
    if "/ID" not in document.trailer:
        yield "no /ID"
    if not (pdf[:5] == b"%PDF-" and pdf[9:20].split(b"%")[1][:1] > b"\x7f"):
        yield "no binary comment after the header"
    with document.open_metadata() as xmp:
        if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) != ("2", "B"):
            yield "no pdfaid"
        if not xmp.get("dc:title"):
            yield "no title"
        if (xmp.get("xmp:CreateDate") or "")[:10].replace("-", "") != str(document.docinfo.get("/CreationDate", ""))[
            2:10
        ]:
            yield "two dates of creation"
    if not any(one.S == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in root.get("/OutputIntents", [])):
        yield "no output intent"
    yield from (f"{name} in the catalogue" for name in ("/OpenAction", "/AA", "/Names", "/AcroForm") if name in root)
    for one in document.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield from (name for name in FORBIDDEN if name in one or one.get("/S") == name)
            if one.get("/Type") == "/Font":
                yield from _font(one)
            if one.get("/Subtype") == "/Image" and one.get("/Interpolate", False):
                yield "an interpolated image"
            if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/LZWDecode":
                yield "LZW"


def _font(font: Any) -> Iterator[str]:
    if font.Subtype == "/Type0":
        if "/ToUnicode" not in font:
            yield f"{font.BaseFont} says no letters"
        return
    described = font.get("/FontDescriptor", {})
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
        yield f"{font.BaseFont} is not embedded"


def created(pdf: bytes) -> date:
    """The day that the file says it was made."""
    with pikepdf.open(BytesIO(pdf)) as document:
        told = str(document.docinfo["/CreationDate"])
    return date(int(told[2:6]), int(told[6:8]), int(told[8:10]))
