"""What Sapat says of the programs that render here, and what it advises."""

from pathlib import Path

import pytest

from service.controlled.renderers import _BROKEN, _LETTERLESS, NO_OFFICE, PACKAGES, lacking_letters, renderer, way


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LibreOffice that says which it is, and fonts that have no letter but Latin ones."""
    for name, says in (("soffice", "echo LibreOffice 99.1"), ("fc-match", "echo 20-7e a0-17f")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("service.controlled.renderers.libreoffice", lambda: str(tmp_path / "soffice"))
    return tmp_path / "soffice"


class TestTheRendererOfThisMachine:
    def test_is_pandoc_where_libreoffice_is_not_and_how_to_have_it_is_said(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.controlled.renderers.libreoffice", lambda: "")
        found = renderer()
        assert (found.name, found.version, way()) == ("pandoc", "", "pandoc")
        assert found.advice == ((NO_OFFICE, {"packages": PACKAGES}),)

    @pytest.mark.usefixtures("program")
    def test_whose_fonts_have_not_all_letters_is_told_which_packages_have_them(self) -> None:
        (advice,) = renderer().advice
        assert advice == (
            _LETTERLESS,
            {"fonts": "Arial, Calibri, Times New Roman", "packages": "fonts-crosextra-carlito fonts-liberation2"},
        )

    def test_says_its_version(self, program: Path) -> None:
        assert program.is_file()
        assert renderer().version == "LibreOffice 99.1"

    def test_that_does_not_run_is_said_so(self, program: Path) -> None:
        program.write_text("#!/bin/sh\necho no display >&2\nexit 7\n")
        assert renderer().advice == ((_BROKEN, {"why": "no display"}),)

    def test_is_another_one_once_it_has_changed(self, program: Path) -> None:
        before = way()
        program.write_text("#!/bin/sh\necho LibreOffice 99.22\n")
        assert way() != before

    def test_if_it_is_the_real_one_lacks_nothing(self, libreoffice: str) -> None:
        assert libreoffice
        found = renderer()
        assert found.version.startswith("LibreOffice ")
        assert found.advice == ()
        assert list(lacking_letters()) == []
