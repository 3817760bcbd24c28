"""Set a typst file as a PDF, with the letters that typst brings along, so that it looks alike on every machine.

Nothing outside of the folder is read, no package is fetched, and no moment is written into it.
"""

import json
from pathlib import Path
from typing import Any, Literal

import typst


def main() -> None:
    """`job`: the file, what it is told (`inputs`), and where its PDF goes."""
    job = json.loads(Path("job.json").read_text("utf-8"))
    here = Path.cwd()
    nothing = here / "packages"
    nothing.mkdir(exist_ok=True)
    try:
        made = compiled(here, job, nothing, "a-2b")
    except typst.TypstError:
        # An archive's file may not hold signs without a letter, for example; a page may.
        made = compiled(here, job, nothing, "1.7")
    Path(job["made"]).write_bytes(made)


def compiled(here: Path, job: dict[str, Any], nothing: Path, standard: Literal["a-2b", "1.7"]) -> bytes:
    """The PDF after this standard. Raises typst.TypstError."""
    made = typst.compile(
        here / job["file"],
        root=here,
        ignore_system_fonts=True,
        sys_inputs=job.get("inputs", {}),
        package_path=nothing,
        package_cache_path=nothing,
        timestamp=0,
        pdf_standards=standard,
    )
    assert isinstance(made, bytes)  # noqa: S101 - one file is asked for
    return made


if __name__ == "__main__":
    main()
