"""The manual as its author writes it: a DOCX to be worked on, and the PDF of it that everybody reads."""

from io import BytesIO
from typing import Final

import docx
import typst

from tests.web.replay.founding import TITLE

CLAUSES: Final = (
    ("1. Жалпы жоболор", "Бул колдонмо сапат менеджмент системасынын түзүлүшүн, өнүгүшүн жана өлчөнүшүн аныктайт."),
    ("2. Колдонуу чөйрөсү", "Колдонмо университеттин бардык бөлүмдөрүнө таралат: окуу, илимий иш, жөндөө, көзөмөл."),
    ("3. Жоопкерчилик", "Ар бир бөлүмдүн башчысы өз процесстеринин натыйжасы үчүн ректордун алдында жооп берет."),
)


def manual_docx() -> bytes:
    """The manual in a word processor's file."""
    made = docx.Document()
    made.add_heading(TITLE, 0)
    for heading, text in CLAUSES:
        made.add_heading(heading, 1)
        made.add_paragraph(text)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def manual_pdf(pages: int = 2) -> bytes:
    """The same, as pages."""
    clauses = "\n\n".join(f"= {heading}\n{text}" for heading, text in CLAUSES)
    head = '#set page(margin: 25mm, numbering: "1")\n#set text(font: "Libertinus Serif", size: 12pt)\n'
    made = typst.compile(
        (head + f"#align(center, text(18pt)[{TITLE}])\n" + "\n#pagebreak()\n".join([clauses] * pages)).encode()
    )
    assert isinstance(made, bytes)
    return made
