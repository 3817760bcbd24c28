"""Documents as people write them in Word, for what only LibreOffice prints: headers, sections, links, open changes."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from tests.controlled.making import LETTERS, drawing
from tests.files.samples import zipped

HEADER, FOOTER = "Жогорку жазуу: окуу бөлүмү", "Төмөнкү жазуу: Көчүрмө үчүн эмес"
ODT = "application/vnd.oasis.opendocument.text"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BY = 'w:id="1" w:author="Автор" w:date="2026-01-01T00:00:00Z"'


def kept(made: "docx.document.Document") -> bytes:
    """The document as a file."""
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def letter(font: str = "Times New Roman", pages: int = 2) -> bytes:
    """Pages with header, footer and a table, the last one lying on its side; all of its text in one font."""
    made = docx.Document()
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = font, Pt(12)
    upright = made.sections[0]
    upright.page_width, upright.page_height = Cm(21), Cm(29.7)
    upright.header.paragraphs[0].text, upright.footer.paragraphs[0].text = HEADER, FOOTER
    made.add_paragraph(LETTERS)
    made.add_paragraph().add_run(LETTERS).bold = True
    table = made.add_table(rows=2, cols=2)
    table.style = "Table Grid"
    for row in (0, 1):
        for column in (0, 1):
            table.cell(row, column).text = f"Үлгү {row}-{column}"
    for number in range(2, pages):
        made.add_page_break()  # type: ignore[no-untyped-call]  # it brings no types here
        made.add_paragraph(f"Барак-{number}-барак {LETTERS}")
    lying = made.add_section()
    lying.orientation = WD_ORIENT.LANDSCAPE
    lying.page_width, lying.page_height = lying.page_height, lying.page_width
    made.add_paragraph("Жатык барак")
    return kept(made)


def with_open_changes() -> bytes:
    """Something was added and something struck out, and nobody has said yes or no."""
    made = docx.Document()
    here = made.add_paragraph("Башы ")._p
    here.append(parse_xml(f"<w:ins {_W} {_BY}><w:r><w:t>кошулган</w:t></w:r></w:ins>"))
    here.append(parse_xml(f"<w:del {_W} {_BY}><w:r><w:delText>өчүрүлгөн</w:delText></w:r></w:del>"))
    return kept(made)


def linking(target: str, *, inside: bool = False) -> bytes:
    """A picture that is only linked; or linked, and kept `inside` too."""
    made = docx.Document()
    made.add_paragraph("Башы")
    made.add_picture(BytesIO(drawing()))
    link = f'<Relationship Id="rId99" Type="{_IMAGE}" Target="{target}" TargetMode="External"/></Relationships>'
    with zipfile.ZipFile(BytesIO(kept(made))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    shown = rb'r:link="rId99"' + (rb" \g<0>" if inside else b"")
    parts["word/document.xml"] = re.sub(rb'r:embed="\w+"', shown, parts["word/document.xml"])
    relations = parts["word/_rels/document.xml.rels"].replace(b"</Relationships>", link.encode())
    return zipped({**parts, "word/_rels/document.xml.rels": relations})


def replaced(office: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same archive with these parts instead of its own."""
    with zipfile.ZipFile(BytesIO(office)) as old:
        return zipped({name: parts.get(name, old.read(name)) for name in old.namelist()})


def odt(body: str) -> bytes:
    """An ODT with this between its first and its last paragraph."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = {
        **{name: f"{urn}:{name}:1.0" for name in ("office", "text", "table", "manifest")},
        "draw": f"{urn}:drawing:1.0",
        "svg": f"{urn}:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }
    told = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", ODT), ("content.xml", "text/xml"))
    )
    text = f"<office:text><text:p>Башы</text:p>{body}<text:p>Аягы</text:p></office:text>"
    return zipped(
        {
            "mimetype": ODT.encode(),
            "META-INF/manifest.xml": f'<manifest:manifest {told} manifest:version="1.2">{entries}'
            "</manifest:manifest>".encode(),
            "content.xml": f'<office:document-content {told} office:version="1.2"><office:body>{text}</office:body>'
            "</office:document-content>".encode(),
        },
        zipfile.ZIP_STORED,
    )


def picture_at(address: str) -> str:
    """For `odt`: a picture that is elsewhere."""
    return _framed(f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:actuate="onLoad"/>')


def section_at(address: str) -> str:
    """For `odt`: a section that is another file's text."""
    source = f'<text:section-source xlink:href="{address}" xlink:type="simple"/>'
    return f'<text:section text:name="Б">{source}<text:p>мурунку</text:p></text:section>'


def _framed(drawn: str) -> str:
    size = 'svg:width="5cm" svg:height="5cm" text:anchor-type="as-char"'
    return f"<text:p><draw:frame {size}>{drawn}</draw:frame></text:p>"


_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
