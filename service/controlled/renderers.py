"""Which programs render documents on this machine, and what is missing for documents to look as they were written."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from service.controlled.confine import WROTE, own_folder, run
from service.controlled.office import LIBREOFFICE, PANDOC, libreoffice
from service.controlled.refusals import TookTooLongError
from states.text import N_

# In which offices write, and what stands for it on Debian; of `fonts-liberation` in Debian 12 ң, ө, ү are missing.
FONTS: Final = {
    "Times New Roman": "fonts-liberation2",
    "Arial": "fonts-liberation2",
    "Calibri": "fonts-crosextra-carlito",
}
PACKAGES: Final = "libreoffice-writer-nogui libreoffice-calc-nogui fonts-liberation2 fonts-crosextra-carlito"
_LETTERS: Final = frozenset(map(ord, "ңөүҢӨҮ"))
_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Renderer:
    """The program that sets documents of Word: `libreoffice` or `pandoc`, and what it says of itself.

    `advice`: what would make documents look better, each a sentence for the catalogues with its facts.
    """

    name: str
    version: str = ""
    advice: tuple[tuple[str, dict[str, Any]], ...] = ()


def renderer() -> Renderer:
    """The program that sets documents of Word here. It blocks for a second."""
    program = libreoffice()
    if not program:
        return Renderer(PANDOC, advice=((NO_OFFICE, {"packages": PACKAGES}),))
    with own_folder() as folder:
        try:
            failed = run([program, f"-env:UserInstallation={folder.as_uri()}", "--version"], folder, _SECONDS)
            wrote = (folder / WROTE).read_text("utf-8", "replace").strip()
        except TookTooLongError as error:
            failed, wrote = str(error), ""
    if failed:
        return Renderer(LIBREOFFICE, advice=((_BROKEN, {"why": failed[-200:]}),))
    lacking = sorted(lacking_letters())
    packages = " ".join(sorted({FONTS[one] for one in lacking}))
    advice = (_LETTERLESS, {"fonts": ", ".join(lacking), "packages": packages})
    return Renderer(LIBREOFFICE, wrote.splitlines()[-1] if wrote else "", (advice,) if lacking else ())


def way() -> str:
    """What rendering depends on, as a short word: another one once LibreOffice comes, goes or changes."""
    program = libreoffice()
    if not program:
        return PANDOC
    real = Path(program).resolve()
    return sha256(f"{real} {real.stat().st_mtime_ns}".encode()).hexdigest()[:12]


def lacking_letters() -> Iterator[str]:
    """Fonts for which another one stands here that has not ң, ө, ү: single letters would come from a third."""
    matcher = shutil.which("fc-match")
    for font in FONTS if matcher else ():
        asked = [str(matcher), "-f", "%{charset}", font]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603 - names of ours
        if not _signs(told.stdout).issuperset(_LETTERS):
            yield font


def _signs(charset: str) -> set[int]:
    """The signs of a font as fontconfig writes them: `20-7e a0 400-4ff`, in hex."""
    found: set[int] = set()
    for one in charset.split():
        first, _, last = one.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


NO_OFFICE: Final = N_(
    "Documents of Word are set in a simplified layout, and presentations not at all, for LibreOffice is not here."
    " On Debian: apt install --no-install-recommends %(packages)s"
)
_LETTERLESS: Final = N_(
    "The fonts that stand for %(fonts)s have not the letters ң, ө, ү: LibreOffice takes them from another font."
    " On Debian: apt install %(packages)s"
)
_BROKEN: Final = N_("LibreOffice is here but does not run: %(why)s")
