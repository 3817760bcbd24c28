"""An office that makes controlled files, on both databases in turn; and LibreOffice, where a test asks for it."""

import shutil
from pathlib import Path

import pytest

from service.controlled.renderers import PACKAGES, lacking_letters
from tests.controlled.making import Office
from tests.support.missing import missing
from tests.support.university import University


@pytest.fixture
def office(university: University, tmp_path: Path) -> Office:
    return Office(university, tmp_path)


@pytest.fixture
def libreoffice() -> str:
    """The LibreOffice of this machine, with fonts that have all letters."""
    program = shutil.which("soffice")
    if not program or any(lacking_letters()):
        missing("LibreOffice (or a font for it)", f"apt-get install --no-install-recommends {PACKAGES}")
    return program


@pytest.fixture(autouse=True)
def _without_libreoffice(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than where it is asked for, files are rendered alike on every machine."""
    if "libreoffice" not in request.fixturenames:
        monkeypatch.setattr("service.controlled.render.libreoffice", lambda: "")
