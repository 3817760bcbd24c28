"""Is this a PDF that can be bound: open, not encrypted, with pages as readers know them? Says how many."""

import json
from pathlib import Path

import pikepdf

MOST_PAGES = 2000
# Drawing them takes as long as their number squared: 8,000 take 5 s, 16,000 take 24 s.
MOST_NOTES = 10_000


def look(name: str) -> dict[str, object]:
    """`{"pages": n}`, or why not."""
    try:
        with pikepdf.open(name) as pdf:
            if pdf.is_encrypted:
                return {"refused": "encrypted"}
            form = pdf.Root.get("/AcroForm")
            if pdf.Root.get("/NeedsRendering", False) and form is not None and "/XFA" in form:
                return {"refused": "xfa"}
            pages = len(pdf.pages)
            if not 0 < pages <= MOST_PAGES:
                return {"refused": "pages"}
            return {"refused": "notes"} if _notes(pdf) > MOST_NOTES else {"pages": pages}
    except pikepdf.PasswordError:
        return {"refused": "encrypted"}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whoever sent it has made it: any error of the reader's may come
        return {"refused": "broken"}


def _notes(pdf: pikepdf.Pdf) -> int:
    """How many notes, links and fields its pages have. Raises whatever what is no page raises."""
    count = 0
    for page in pdf.pages:
        pikepdf.Rectangle(page.mediabox), pikepdf.Rectangle(page.cropbox)
        int(page.obj.get("/Rotate", 0)), float(page.obj.get("/UserUnit", 1))
        noted = page.obj.get("/Annots")
        count += len(noted) if isinstance(noted, pikepdf.Array) else 0
    return count


if __name__ == "__main__":
    job = json.loads(Path("job.json").read_text("utf-8"))
    Path("said.json").write_text(json.dumps(look(job["file"])), "utf-8")
