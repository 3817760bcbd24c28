"""Bind PDFs into one: each page in a frame, above a band with its stamp.

`job`: `parts` (files, in their order, each with the `title` it has in the outline), `stamp` (what `stamp.typ` is told,
without the pages), `facts` (title, language, and what is written into the file's information), `made`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name, Page, Pdf, Rectangle, String

MILLIMETRE = 72 / 25.4
BAND = 21 * MILLIMETRE
SQUARE = 15 * MILLIMETRE
EDGE = 5 * MILLIMETRE
# What is shorter or narrower than this grows instead of shrinking: a stamp would leave it nothing.
SMALLEST = 105 * MILLIMETRE
# Of a page (PDF 1.7, annex C.2): what is larger would not open everywhere.
LARGEST = 14_400
MOST_PAGES = 4000


@dataclass
class Sheet:
    """A page to be made: its size, and where the page of a part goes, in points from its lower left corner."""

    page: Page
    width: float
    height: float
    frame: Rectangle


class BrokenPart(Exception):  # noqa: N818 - it is said of the file, as a refusal
    """A part whose pages cannot be drawn."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


def sheet_for(page: Page) -> Sheet:
    """A page of the size at which readers show this one, its content a little smaller above the band."""
    box = visible(page)
    unit = float(page.obj.get("/UserUnit", 1))
    wide, high = float(box.width) * unit, float(box.height) * unit
    if int(page.obj.get("/Rotate", 0)) % 180:
        wide, high = high, wide
    wide, high = min(max(wide, 1), LARGEST), min(max(high, 1), LARGEST)
    if min(wide, high) < SMALLEST:
        width, height = max(wide, SMALLEST), high + BAND
    else:
        width, height = wide, high
    return Sheet(page, width, height, Rectangle(0, BAND, width, height))


def visible(page: Page) -> Rectangle:
    """What readers show of a page: the crop box, inside of the medium; nothing beyond it was ever seen."""
    media, crop = Rectangle(page.mediabox), Rectangle(page.cropbox)
    found = Rectangle(
        max(media.llx, crop.llx), max(media.lly, crop.lly), min(media.urx, crop.urx), min(media.ury, crop.ury)
    )
    return found if found.width > 0 and found.height > 0 else media


def bind(job: dict[str, Any]) -> int:
    """Make the PDF; gives how many pages it has."""
    parts, sheets = [], []
    for told in job["parts"]:
        part, its_sheets = _taken(told)
        parts.append(part)
        sheets += its_sheets
    if len(sheets) > MOST_PAGES:
        raise ValueError("too many pages")
    stamps = Pdf.open(_stamped(job["stamp"], sheets))
    out = Pdf.new()
    for sheet, stamp in zip(sheets, stamps.pages, strict=True):
        out.pages.append(_page(out, sheet, stamp))
    for part in parts:
        _keep_layers(part, out)
    _outline(out, job["parts"], parts)
    _describe(out, job["facts"])
    out.save(job["made"], deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return len(sheets)


def _taken(told: dict[str, Any]) -> tuple[Pdf, list[Sheet]]:
    """A part and its sheets. Raises BrokenPart: it would break each time."""
    try:
        part = _opened(told["file"])
        return part, [sheet_for(page) for page in part.pages]
    except MemoryError:
        raise
    except Exception as error:
        raise BrokenPart(told["title"]) from error


def _opened(file: str) -> Pdf:
    """The part, with what is filled into its forms and noted on its pages drawn as readers show it."""
    part = Pdf.open(file)
    if "/AcroForm" in part.Root:
        part.generate_appearance_streams()
    part.flatten_annotations("all")
    return part


def _stamped(stamp: dict[str, Any], sheets: list[Sheet]) -> Path:
    counts = [f"{number} / {len(sheets)}" for number in range(1, len(sheets) + 1)]
    sizes = [[round(one.width, 3), round(one.height, 3)] for one in sheets]
    told = {**stamp, "pages": sizes, "counts": counts, "band": BAND, "square": SQUARE, "edge": EDGE}
    here, made = Path.cwd(), Path.cwd() / "stamps.pdf"
    (here / "stamp.json").write_text(json.dumps(told), "utf-8")
    set_ = typst.compile(
        here / "stamp.typ", root=here, ignore_system_fonts=True, timestamp=0, pdf_tags=False,
        package_path=here, package_cache_path=here, pdf_standards=["a-2b"],
    )  # fmt: skip
    made.write_bytes(set_)
    return made


def _page(out: Pdf, sheet: Sheet, stamp: Page) -> Page:
    whole = Rectangle(0, 0, sheet.width, sheet.height)
    box = Array([0, 0, round(sheet.width, 3), round(sheet.height, 3)])
    made = Page(out.make_indirect(Dictionary(Type=Name.Page, MediaBox=box, Resources=Dictionary())))
    # A form is cut at the trim box, readers show the crop box.
    sheet.page.obj.TrimBox = visible(sheet.page).as_array()
    drawn = b""
    for name, page, place in (("/Part", sheet.page, sheet.frame), ("/Stamp", stamp, whole)):
        form = out.copy_foreign(page.as_form_xobject())
        made.add_resource(form, Name.XObject, Name(name))
        drawn += made.calc_form_xobject_placement(
            form, Name(name), place, invert_transformations=True, allow_shrink=True, allow_expand=False
        )
    made.obj.Contents = out.make_stream(drawn)
    return made


def _keep_layers(part: Pdf, out: Pdf) -> None:
    """Layers that are off stay off: without the catalogue's word on them, readers show them all."""
    layers = part.Root.get("/OCProperties")
    if layers is None:
        return
    brought = out.copy_foreign(part.make_indirect(layers))
    if "/OCProperties" not in out.Root:
        out.Root.OCProperties = brought
        return
    known = out.Root.OCProperties
    known.OCGs = Array([*known.get("/OCGs", []), *brought.get("/OCGs", [])])
    for state in ("/OFF", "/ON"):
        both = [*known.D.get(state, []), *brought.get("/D", Dictionary()).get(state, [])]
        if both:
            known.D[state] = Array(both)


def _outline(out: Pdf, told: list[dict[str, Any]], parts: list[Pdf]) -> None:
    first = 0
    with out.open_outline() as outline:
        for one, part in zip(told, parts, strict=True):
            outline.root.append(pikepdf.OutlineItem(one["title"], first))
            first += len(part.pages)


def _describe(out: Pdf, facts: dict[str, str]) -> None:
    out.Root.Lang = String(facts["language"])
    out.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with out.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as described:
        described["dc:title"] = facts["title"]
        described["dc:language"] = [facts["language"]]
        described["dc:identifier"] = facts["identifier"]
    out.docinfo["/Title"] = String(facts["title"])
    out.docinfo["/Subject"] = String(facts["identifier"])


if __name__ == "__main__":
    asked = json.loads(Path("job.json").read_text("utf-8"))
    try:
        said: dict[str, Any] = {"pages": bind(asked)}
    except BrokenPart as part:
        said = {"refused": "broken", "facts": {"name": part.title}}
    Path("said.json").write_text(json.dumps(said), "utf-8")
