"""Is this a PDF that can be bound: open, not encrypted, with pages that stand in it? Says how many."""

import json
from pathlib import Path

import pikepdf

MOST_PAGES = 2000


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
            return {"pages": pages} if 0 < pages <= MOST_PAGES else {"refused": "pages"}
    except pikepdf.PasswordError:
        return {"refused": "encrypted"}
    except pikepdf.PdfError:
        return {"refused": "broken"}


if __name__ == "__main__":
    job = json.loads(Path("job.json").read_text("utf-8"))
    Path("said.json").write_text(json.dumps(look(job["file"])), "utf-8")
