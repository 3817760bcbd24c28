"""Documents of office programs as PDF: by LibreOffice where there is one, else simplified, by pandoc and typst."""

import shutil
from pathlib import Path
from typing import Final

import pypandoc  # type: ignore[import-untyped]  # it brings no types

from service.controlled.confine import run, work
from service.controlled.refusals import NOT_SHOWN, REASONS, NotRendered, WorkFailedError

FORMS: Final = Path(__file__).parent / "forms"
LIBREOFFICE, PANDOC = "libreoffice", "pandoc"
LIBREOFFICE_SECONDS: Final = 180
# typst draws these; WMF, EMF and what else Word keeps only LibreOffice does.
_DRAWN: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# No macro runs, nothing is fetched, no link is followed (org.openoffice.Office.Common).
_PROFILE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def libreoffice() -> str:
    """The program, or nothing where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def by_libreoffice(program: str, file: Path, folder: Path) -> Path:
    """The document as PDF, as LibreOffice prints it. Raises WorkFailedError, TookTooLongError."""
    profile, made = folder / "profile", folder / "made"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
    command = [program, f"-env:UserInstallation={profile.as_uri()}", *options]
    # It maps far more than it uses: its memory is bounded by the system's means for services.
    failed = run([*command, "--convert-to", "pdf", "--outdir", str(made), str(file)], folder, LIBREOFFICE_SECONDS, 8192)
    found = made / f"{file.stem}.pdf"
    if failed or not found.is_file():
        raise WorkFailedError("LibreOffice", failed or "no PDF was made")
    return found


def by_pandoc(file: Path, folder: Path, name: str) -> Path:
    """The document as PDF in a plain layout: headings, lists, tables, pictures, notes. Raises NotRendered.

    Headers, footers, columns, text boxes and the numbers that Word gives to headings by itself are not in it.
    """
    source, media = "document.typ", folder / "media"
    shutil.copyfile(FORMS / "document.typ", folder / "template.typ")
    # Its own limit besides the process's: GHC reserves more than it uses (pandoc manual, “A note on security”).
    command = [pypandoc.get_pandoc_path(), "+RTS", "-M900m", "-RTS", "--sandbox", "--standalone"]
    told = ["--from", file.suffix[1:], "--to", "typst", "--template", "template.typ", "--extract-media", "."]
    failed = run([*command, *told, "--output", source, file.name], folder, megabytes=8192)
    if failed:
        raise NotRendered(REASONS["broken"], name=name) from WorkFailedError("pandoc", failed)
    if any(one.is_file() and one.suffix.casefold() not in _DRAWN for one in media.rglob("*")):
        raise NotRendered(NOT_SHOWN, name=name)
    try:
        return typeset(source, folder)
    except WorkFailedError as error:
        raise NotRendered(REASONS["text"], name=name) from error


def typeset(source: str, folder: Path, **inputs: str) -> Path:
    """A typst file of the folder as PDF. Raises WorkFailedError, TookTooLongError."""
    made = f"{Path(source).stem}-set.pdf"
    work("typeset", folder, {"file": source, "made": made, "inputs": inputs})
    return folder / made
