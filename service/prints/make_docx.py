"""Make our DOCX templates anew: `python -m service.prints.make_docx`. They lie beside the typst forms.

Tags are docxtpl's: `{{ it.… }}` is replaced, `{%p … %}` takes its paragraph away, `{%tr … %}` its row of a table.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from service.prints.own import OURS

FONT: Final = "Times New Roman"
LINE: Final = "____________________"
_SIGNED: Final = (6.4, 5.2, 5.4)  # widths of a post, a line to sign on, a name
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED: Final = WD_ALIGN_PARAGRAPH.JUSTIFY


class Sheet:
    """An A4 sheet with the margins of official papers, to which paragraphs and tables are added."""

    def __init__(self) -> None:
        self.document: Any = Document()
        self.document.core_properties.author, self.document.core_properties.comments = "Sapat", ""
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1)
        section.top_margin, section.bottom_margin = Cm(2), Cm(2)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(12)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        normal.paragraph_format.space_after = Pt(4)
        _numbered(section.footer.paragraphs[0])

    def say(self, text: str, *, bold: bool = False, align: Any = LEFT, indent: float = 0, size: int = 0) -> None:
        """A paragraph; `indent` is that of its first line, in centimetres."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        if indent:
            paragraph.paragraph_format.first_line_indent = Cm(indent)
        run = paragraph.add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)

    def each(self, loop: str, *texts: str, **how: Any) -> None:
        """Paragraphs for each of several."""
        self.say(f"{{%p for {loop} %}}")
        for text in texts:
            self.say(text, **how)
        self.say("{%p endfor %}")

    def when(self, condition: str, write: Callable[[], None]) -> None:
        """What stands there only then."""
        self.say(f"{{%p if {condition} %}}")
        write()
        self.say("{%p endif %}")

    def table(self, heads: Sequence[str], loop: str, cells: Sequence[str], widths: Sequence[float]) -> None:
        """A table with a row for each of several."""
        table = self.document.add_table(rows=4, cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        for row, texts in zip(table.rows, (heads, [f"{{%tr for {loop} %}}"], cells, ["{%tr endfor %}"]), strict=True):
            for cell, text, width in zip(row.cells, texts, widths, strict=False):
                cell.width = Cm(width)
                cell.paragraphs[0].add_run(text).bold = texts is heads
        _grid(table, widths)
        self.document.add_paragraph()

    def sign(self, *those: tuple[str, str], loop: str = "") -> None:
        """Places to sign, on one page: post and name of each; with `loop`, one for each of several."""
        table = self.document.add_table(rows=0, cols=len(_SIGNED))
        table.autofit = False
        rows = [(post, LINE, name) for post, name in those]
        if loop:
            rows = [(f"{{%tr for {loop} %}}", "", ""), *rows, ("{%tr endfor %}", "", "")]
        for texts in rows:
            row = table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, text in zip(row.cells, texts, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.add_run(text)
                paragraph.paragraph_format.space_before = Pt(14)
                paragraph.paragraph_format.keep_with_next = texts is not rows[-1]
        _grid(table, _SIGNED)

    def letterhead(self) -> None:
        """The ministry, the university, a rule."""
        self.when("university.ministry", lambda: self.say("{{ university.ministry|upper }}", align=CENTRE))
        self.say("{{ university.name|upper }}", bold=True, align=CENTRE, size=13)
        _ruled(self.document.paragraphs[-1])

    def item(self, of: str) -> None:
        """One item of a sitting."""
        self.say(f"{{{{ {of}.no }}}}. {{{{ {of}.title }}}}", bold=True)
        for label, those in (("heard", "heard"), ("speakers", "speakers")):
            self.when(f"{of}.{those}", lambda label=label: self.say(f"{{{{ words.{label} }}}}:", bold=True))  # type: ignore[misc]  # mypy knows no default of a lambda
            self.each(f"one in {of}.{those}", "{{ one }}", align=JUSTIFIED, indent=1)
        secret = f"{{% if {of}.secret %}} ({{{{ words.secret }}}}){{% endif %}}"
        votes = ", ".join(
            f"{{{{ words.votes_{word} }}}} – {{{{ {of}.votes.{name} }}}}"
            for word, name in (("for", "in_favour"), ("against", "against"), ("abstained", "abstained"))
        )
        self.when(f"{of}.votes", lambda: self.say(f"{{{{ words.voted }}}}{secret}: {votes}."))
        self.each(f"one in {of}.by_name", "{{ one.name }} – {{ one.vote }}", indent=1)
        self.when(f"{of}.decision or {of}.outcome", lambda: self.say("{{ words.decided }}:", bold=True))
        self.when(f"{of}.outcome", lambda: self.say(f"{{{{ {of}.outcome }}}}.", indent=1))
        self.each(f"one in {of}.decision", "{{ one }}", align=JUSTIFIED, indent=1)
        self.when(f"{of}.tasks", lambda: self._tasks(of))

    def _tasks(self, of: str) -> None:
        self.say("{{ words.tasks }}:", bold=True)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self.table(
            ("№", "{{ words.what }}", "{{ words.who }}", "{{ words.due }}"),
            f"one in {of}.tasks",
            ("{{ loop.index }}", "{{ one.what }}", "{{ one.who }}", "{{ one.due.short if one.due }}"),
            (1, 8, 5, 3),
        )


def protocol() -> Sheet:
    """The protocol of a sitting."""
    sheet = Sheet()
    sheet.letterhead()
    sheet.say("{{ words.protocol }} № {{ it.number or '____' }}", bold=True, align=CENTRE, size=13)
    sheet.say("{{ it.body }}", align=CENTRE)
    _when_and_where(sheet, "{{ it.held_on.words }}{% if it.time %}, {{ it.time }}{% endif %}")
    for name in ("chair", "secretary"):
        sheet.say(f"{{{{ words.{name} }}}}: {{{{ it.{name}.name }}}}")
    for name in ("present", "absent", "guests"):
        label = f"{{{{ words.{name} }}}} ({{{{ it.{name}|length }}}}):"
        sheet.when(f"it.{name}", lambda label=label: sheet.say(label, bold=True))  # type: ignore[misc]  # mypy knows no default of a lambda
        post = "{% if one.post and one.post != one.name %}, {{ one.post }}{% endif %}"
        said = f"{{{{ one.name }}}}{post}{{% if one.note %}} ({{{{ one.note }}}}){{% endif %}}"
        sheet.each(f"one in it.{name}", said, indent=1)
    sheet.when("it.quorum", lambda: sheet.say("{{ words.quorum }}: {{ it.quorum }}"))
    sheet.say("{{ words.agenda }}", bold=True, align=CENTRE)
    sheet.each("item in it['items']", "{{ item.no }}. {{ item.title }}")
    sheet.say("{%p for item in it['items'] %}")
    sheet.item("item")
    sheet.say("{%p endfor %}")
    sheet.sign(*((f"{{{{ it.{name}.post }}}}", f"{{{{ it.{name}.name }}}}") for name in ("chair", "secretary")))
    _corrected(sheet)
    return sheet


def extract() -> Sheet:
    """The extract of a protocol for one item."""
    sheet = Sheet()
    sheet.letterhead()
    sheet.say("{{ words.extract|replace('{}', it.number or '____') }}", bold=True, align=CENTRE, size=13)
    sheet.say("{{ it.body }}", align=CENTRE)
    _when_and_where(sheet, "{{ it.held_on.words }}")
    sheet.when("it.quorum", lambda: sheet.say("{{ words.quorum }}: {{ it.quorum }}"))
    sheet.item("it.item")
    sheet.sign(*((f"{{{{ it.{name}.post }}}}", f"{{{{ it.{name}.name }}}}") for name in ("chair", "secretary")))
    _corrected(sheet)
    sheet.say("{{ words.true_copy }}:", bold=True)
    sheet.sign(("{{ it.secretary.post }}", "{{ it.secretary.name }}"))
    sheet.say("{{ words.date }}: {{ it.certified_on.words if it.certified_on else '____________' }}")
    return sheet


def order() -> Sheet:
    """The draft of an order."""
    sheet = Sheet()
    sheet.letterhead()
    sheet.say("{{ words.order }} № {{ it.number or '________' }}", bold=True, align=CENTRE, size=13)
    sheet.when("not it.signed_on", lambda: sheet.say("({{ words.draft }})", align=CENTRE))
    _when_and_where(sheet, "{{ it.signed_on.words if it.signed_on else '____________________' }}")
    sheet.say("{{ it.subject }}", bold=True)
    sheet.each("one in it.preamble", "{{ one }}", align=JUSTIFIED, indent=1)
    sheet.say("{{ words.i_order }}", bold=True)
    executor = "{% if point.executor %} {{ words.executor }}: {{ point.executor }}.{% endif %}"
    due = "{% if point.due %} {{ words.due }}: {{ point.due.words.rstrip('.') }}.{% endif %}"
    sheet.each("point in it.points", f"{{{{ loop.index }}}}. {{{{ point.text }}}}{executor}{due}", align=JUSTIFIED)
    sheet.when("it.documents", lambda: sheet.say("{{ words.into_force }}:"))
    sheet.each("one in it.documents", "{{ loop.index }}) {{ one }}", indent=1)
    sheet.sign(("{{ it.signatory.post }}", "{{ it.signatory.name }}"))
    sheet.when("it.agreed", lambda: sheet.say("{{ words.agreed }}:"))
    sheet.when("it.agreed", lambda: sheet.sign(("{{ one.post }}", "{{ one.name }}"), loop="one in it.agreed"))
    each = "{{ one.name }}{% if one.post and one.post != one.name %}, {{ one.post }}{% endif %}"
    several = f"{{% for one in it.prepared_by %}}{each}{{% if not loop.last %}}; {{% endif %}}{{% endfor %}}"
    who = "{{ words.prepared_by_several if it.prepared_by|length > 1 else words.prepared_by }}"
    prepared = f"{who}: {several}"
    sheet.when("it.prepared_by", lambda: sheet.say(prepared, size=10))
    return sheet


def _corrected(sheet: Sheet) -> None:
    sheet.when("it.corrections", lambda: sheet.say("{{ words.corrections }}:", bold=True))
    sheet.each("one in it.corrections", "{{ one }}", indent=1)


def _when_and_where(sheet: Sheet, day: str) -> None:
    sheet.say(f"{day}\t{{{{ it.place or university.place }}}}")
    sheet.document.paragraphs[-1].paragraph_format.tab_stops.add_tab_stop(Cm(17), 2)  # at the right margin


def _numbered(paragraph: Any) -> None:
    """The page's number, and of how many: 3 / 12."""
    paragraph.alignment = CENTRE
    for place, field in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" / ")
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        paragraph._p.append(element)


def _grid(table: Any, widths: Sequence[float]) -> None:
    """Widths of columns in centimetres: Word asks the cells, LibreOffice the table."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _ruled(paragraph: Any) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "double"), ("sz", "6"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


FORMS: Final = {"protocol": protocol, "extract": extract, "order": order}


def make(into: Path = OURS) -> None:
    """Write them."""
    for name, sheet in FORMS.items():
        sheet().document.save(into / f"{name}.docx")


if __name__ == "__main__":
    make()
