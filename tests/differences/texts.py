"""Files with text, made from nothing: DOCX, PDF, XLSX."""

from collections.abc import Sequence
from io import BytesIO

import docx
import typst
import xlsxwriter

from service.differences.words import Paragraph

CLAUSES = [
    "1. Жалпы жоболор",
    "Бул жобо университетте документтерди башкаруунун тартибин аныктайт.",
    "2. Документтер кафедранын отурумунда каралат жана беш күндүн ичинде жарыяланат.",
    "3. Документтин автору анын мазмуну үчүн жооп берет.",
    "4. Окумуштуулар кеңеши документти жактырат же кайра иштеп чыгууга кайтарат.",
]


def paragraphs(*texts: str) -> list[Paragraph]:
    """Paragraphs of these words."""
    return [Paragraph(text) for text in texts]


def docx_of(texts: Sequence[str]) -> bytes:
    """A document of these paragraphs, the first a heading."""
    document = docx.Document()
    document.add_heading(texts[0], 1)
    for text in texts[1:]:
        document.add_paragraph(text)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """What Word would write."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(texts: Sequence[str], width: str = "105mm", head: str = "", numbers: bool = False) -> bytes:
    """A PDF of these paragraphs on narrow pages, perhaps with a header and page numbers on each."""
    shown = '"1"' if numbers else "none"
    facts = f"width: {width}, height: 90mm, margin: 15mm, header: [{head}], numbering: {shown}"
    source = f'#set page({facts})\n#set text(lang: "ru", hyphenate: true, size: 10pt)\n#set par(justify: true)\n'
    made = typst.compile((source + "\n\n".join(text.replace("1.", "1\\.", 1) for text in texts)).encode())
    assert isinstance(made, bytes)
    return made


def xlsx_of(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of these sheets."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()
