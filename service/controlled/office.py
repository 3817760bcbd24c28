"""Documents of office programs as PDF: by LibreOffice where there is one, else simplified, by pandoc and typst."""

import shutil
from pathlib import Path
from typing import Final

import pypandoc  # type: ignore[import-untyped]  # it brings no types

from service.controlled.confine import WROTE, run, work
from service.controlled.refusals import NOT_LOADED, NOT_SHOWN, REASONS, NotRendered, WorkFailedError

FORMS: Final = Path(__file__).parent / "forms"
LIBREOFFICE, PANDOC = "libreoffice", "pandoc"
LIBREOFFICE_SECONDS: Final = 180
# Of addresses; 40 photographs of 16 megapixels took 1.3 GB.
LIBREOFFICE_MEGABYTES: Final = 4096
# Where fontconfig looks, the folder being the program's home.
_FONTS: Final = ".config/fontconfig/fonts.conf"
# typst draws these; WMF, EMF and what else Word keeps only LibreOffice does.
_DRAWN: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# What it says of a file that it cannot make anything of; it ends with 0 all the same.
_UNLOADED: Final = "source file could not be loaded"


def libreoffice() -> str:
    """The program, or nothing where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def by_libreoffice(program: str, file: Path, folder: Path, name: str) -> Path:
    """The document as PDF/A-2b, as LibreOffice prints it. Raises NotRendered, WorkFailedError, TookTooLongError."""
    profile, made = folder / "profile", folder / "made"
    for form, place in (
        ("libreoffice.xcu", profile / "user/registrymodifications.xcu"),
        ("fonts.conf", folder / _FONTS),
    ):
        place.parent.mkdir(parents=True)
        shutil.copyfile(FORMS / form, place)
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
    command = [program, f"-env:UserInstallation={profile.as_uri()}", *options]
    told = ["--convert-to", "pdf", "--outdir", str(made), str(file)]
    failed = run([*command, *told], folder, LIBREOFFICE_SECONDS, LIBREOFFICE_MEGABYTES)
    found = made / f"{file.stem}.pdf"
    if failed or not found.is_file():
        wrote = failed or (folder / WROTE).read_text("utf-8", "replace")
        if _UNLOADED in wrote:
            raise NotRendered(NOT_LOADED, name=name)
        raise WorkFailedError("LibreOffice", wrote[-500:] or "no PDF was made")
    # Of what it does not understand it makes an empty page.
    work("drawn", folder, {"file": found.relative_to(folder).as_posix(), "name": name})
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
