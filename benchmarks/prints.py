"""A register of 500 pages as it is printed, beside bare typst with as many pages: `python -m benchmarks prints`.

The limit is one typst process that sets the same rows in a table at once, with page numbers and nothing else: no
letterhead, no places to break long words at, no pieces, no joining. Times are of processes from their start to the
file; memory is the most that any one process of a side held. Each side runs in a Python of its own.
"""

import json
import sys
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any, Final

import pikepdf

from benchmarks.figures import Figure, beside, interleaved, seconds
from service.prints.common import University
from service.prints.compile import write_pdf
from service.prints.kinds import FORMS
from service.prints.shapes import Register, RegisterColumn
from states.text import Text

ROWS: Final = 15_700  # 500 pages
ROUNDS: Final = 3
ROOT: Final = Path(__file__).parents[1]
_DAY: Final = date(2024, 3, 28)
TITLE: Final = "Окумуштуулар кеңешинин чечимдери жана алардын аткарылышы жөнүндө үлгү жобо"
BARE: Final = """
#set page(paper: "a4", flipped: true, margin: 20mm, footer: context align(center)[
  #counter(page).display() / #counter(page).final().first()])
#set text(font: "Libertinus Serif", size: 9pt)
#set table(stroke: 0.4pt, inset: 1.5mm)
#let rows = json(bytes(sys.inputs.rows))
#table(columns: (14mm, 30mm, 1fr, 26mm, 50mm), table.header([№], [Шифри], [Аталышы], [Күнү], [Жооптуу]),
  ..rows.enumerate(start: 1).map(((no, row)) => ([#no], ..row)).flatten())
"""


def measure() -> dict[str, Figure]:
    """Seconds and megabytes, of the product and of bare typst."""
    seen: dict[str, list[dict[str, float]]] = {"product": [], "bare": []}

    def one(side: str, _round: int) -> float:
        told: dict[str, float] = {}
        command = [sys.executable, "-m", "benchmarks.prints", side]
        took = seconds(lambda: told.update(json.loads(run(command, cwd=ROOT, capture_output=True, check=True).stdout)))
        seen[side].append(told)
        return took

    times = interleaved(ROUNDS, [partial(one, "product"), partial(one, "bare")])
    memory = [[told["megabytes"] for told in seen[side]] for side in ("product", "bare")]
    pages = {side: int(seen[side][0]["pages"]) for side in seen}
    print(f"prints: {pages['product']} pages; bare typst {pages['bare']}")
    return {"prints_500_pages": beside("s", *times), "prints_500_pages_memory": beside("MB", *memory)}


def product() -> bytes:
    """The register as pages print it."""
    widths = {"Шифри": 30, "Аталышы": 0, "Күнү": 26, "Жооптуу": 50}
    columns = tuple(RegisterColumn(name, width) for name, width in widths.items())
    shape = Register("Документтердин реестри", columns, _rows(), dated=_DAY)
    file = BytesIO()
    write_pdf(FORMS["register"], shape, University(Text("Университет", "Университет", "University")), "ky", file)
    return file.getvalue()


def bare() -> bytes:
    """The same rows by typst alone."""
    import typst

    with TemporaryDirectory() as made:
        form = Path(made, "bare.typ")
        form.write_text(BARE, "utf-8")
        rows = json.dumps([[code, title, "28.03.2024", owner] for code, title, _, owner in _rows()], ensure_ascii=False)
        pdf: Any = typst.compile(
            str(form), format="pdf", pdf_standards="a-2b", ignore_system_fonts=True, sys_inputs={"rows": rows}
        )
    return bytes(pdf)


def _rows() -> Any:
    return ((f"УСТ {no}", TITLE, _DAY, "окуу бөлүмүнүн башчысы") for no in range(1, ROWS + 1))


def _told(side: str) -> dict[str, float]:
    import resource

    pdf = {"product": product, "bare": bare}[side]()
    peaks = [resource.getrusage(of).ru_maxrss / 1024 for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    with pikepdf.open(BytesIO(pdf)) as document:
        return {"pages": len(document.pages), "megabytes": max(peaks)}


if __name__ == "__main__":
    print(json.dumps(_told(sys.argv[1])))
