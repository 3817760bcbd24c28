"""Approval sheet, document, registration sheet of changes: one PDF, each page stamped in a band below its content."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID

import segno

from service.controlled.confine import own_folder, work
from service.controlled.office import FORMS
from service.language import say
from states.text import N_

# What the university writes to everybody is in its own language, whoever reads it.
LANGUAGE: Final = "ky"
SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on every page: the document's code and title, its revision's number, where the QR code leads."""

    record_id: UUID
    code: str
    title: str
    number: int
    address: str

    @property
    def checked_at(self) -> str:
        """The address of the public page about this revision."""
        return f"{self.address}/check/{self.record_id}"


@dataclass(frozen=True, slots=True)
class Part:
    """A PDF that goes in, under a title in the outline."""

    title: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Assembled:
    """The PDF, not sealed yet, and how many pages it has. The same parts and stamp give the same bytes.

    `archival`: it is PDF/A-2b, for each of its parts is one for archives.
    """

    pdf: bytes
    pages: int
    archival: bool = False


def assemble(parts: Sequence[Part], stamp: Stamp) -> Assembled:
    """Bind the parts and stamp each page. Raises WorkFailedError, TookTooLongError. It blocks.

    A page keeps its size and is drawn at nine tenths or a little more above the band: so nothing can be hidden by the
    stamp, and all pages of a document look alike, which they would not if only crowded ones were made smaller.
    """
    with own_folder() as folder:
        files = [f"part-{place}.pdf" for place in range(len(parts))]
        for file, part in zip(files, parts, strict=True):
            (folder / file).write_bytes(part.pdf)
        shutil.copyfile(FORMS / "stamp.typ", folder / "stamp.typ")
        (folder / "qr.svg").write_bytes(qr(stamp.checked_at))
        named = f"{stamp.code} {stamp.title}"
        job = {
            "parts": [{"file": file, "title": part.title} for file, part in zip(files, parts, strict=True)],
            "stamp": {
                "title": named,
                "name": say(_NAME, LANGUAGE, {"code": stamp.code, "number": stamp.number}),
                "checks": say(_CHECK, LANGUAGE, {"address": stamp.checked_at}),
            },
            "facts": {"title": named, "language": LANGUAGE, "identifier": stamp.checked_at},
            "made": "bound.pdf",
        }
        said = work("bind", folder, job, SECONDS)
        told = {"parts": files, "bound": "bound.pdf", "facts": job["facts"], "made": "archive.pdf"}
        archival = work("archive", folder, told, SECONDS)["archival"]
        made = folder / ("archive.pdf" if archival else "bound.pdf")
        return Assembled(made.read_bytes(), said["pages"], archival)


def qr(told: str) -> bytes:
    """The QR code as SVG, without its margin: the band around it is white. A seventh of it may be damaged (level M)."""
    made = BytesIO()
    segno.make(told, error="m", micro=False, boost_error=False).save(made, kind="svg", border=0, xmldecl=False)
    return made.getvalue()


_NAME = N_("%(code)s · revision %(number)s")
_CHECK = N_("Is it in force? %(address)s")
