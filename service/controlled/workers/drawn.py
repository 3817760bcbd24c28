"""Is there anything on the pages of a PDF? `job`: `file`. Refuses `empty` where nothing at all is drawn."""

import json
from pathlib import Path

import pikepdf

# Letters, lines, areas, shadings, pictures (PDF 1.7, annex A). A clip alone draws nothing.
_DRAW = frozenset(
    pikepdf.Operator(one)
    for one in ("Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI")
)


def is_empty(name: str) -> bool:
    """Whether no page shows anything."""
    with pikepdf.open(name) as pdf:
        return not any(_draws(page) for page in pdf.pages)


def _draws(page: pikepdf.Page) -> bool:
    return any(
        isinstance(one, pikepdf.ContentStreamInlineImage) or one.operator in _DRAW
        for one in pikepdf.parse_content_stream(page)
    )


if __name__ == "__main__":
    job = json.loads(Path("job.json").read_text("utf-8"))
    said = {"refused": "empty"} if is_empty(job["file"]) else {}
    Path("said.json").write_text(json.dumps(said), "utf-8")
