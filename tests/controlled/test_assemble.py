"""The bound PDF: every page whole above its stamp, whatever its shape, and the same bytes from the same parts."""

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # it brings no types
import pytest
from PIL import Image, ImageChops, ImageStat

from service.controlled.assemble import Part, Stamp, assemble
from service.controlled.render import render
from tests.controlled.making import ADDRESS, LETTERS, changed, code_on, darkest, document, paper, picture, words

RECORD = UUID("01a1fffe-7baa-70b2-85a6-b7af18c2546f")
STAMP = Stamp(RECORD, "УСТ 4.09", "Алдын алуучу иш-аракеттер", 3, ADDRESS)
MILLIMETRE = 72 / 25.4
BAND = 21 * MILLIMETRE


def bound(*pdfs: bytes, stamp: Stamp = STAMP) -> bytes:
    return assemble([Part(f"Бөлүк {place}", pdf) for place, pdf in enumerate(pdfs)], stamp).pdf


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    return [tuple(round(one) for one in page.get_size()) for page in pypdfium2.PdfDocument(pdf)]


def above_the_band(pdf: bytes, page: int, size: tuple[int, int]) -> Image.Image:
    """What is drawn above the band, as large as `size` once its white edges at the sides are cut off."""
    shown = picture(pdf, page)
    whole = shown.crop((0, 0, shown.width, round(shown.height - BAND * 2) - 2))
    box = ImageChops.invert(whole).getbbox()
    assert box
    return whole.crop(box).resize(size)


def alike(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, 0 to 255."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])


class TestEachPage:
    def test_carries_code_revision_number_of_pages_and_the_address_to_ask(self) -> None:
        made = bound(paper(), paper(pages=2))
        for page in range(3):
            text = words(made, page)
            assert "УСТ 4.09" in text
            assert text.count(f"{page + 1} / 3") == 1
            assert f"{ADDRESS}/check/{RECORD}" in text

    def test_carries_the_qr_code_of_that_address_and_no_other(self) -> None:
        made = bound(paper(), paper(width=842, height=595), paper(width=1191, height=842))
        for page in range(3):
            assert code_on(made, page, f"{ADDRESS}/check/{RECORD}")
            assert not code_on(made, page, f"{ADDRESS}/check/{UUID(int=1)}")

    def test_keeps_its_words_to_be_found(self) -> None:
        made = bound(render(document(), "жобо.docx").pdf)
        assert LETTERS in words(made, 0)

    @pytest.mark.parametrize(
        ("given", "size"),
        [
            pytest.param(paper(), (595, 842), id="A4"),
            pytest.param(paper(width=842, height=595), (842, 595), id="landscape"),
            pytest.param(paper(width=1191, height=842), (1191, 842), id="A3"),
            pytest.param(paper(width=420, height=595), (420, 595), id="A5"),
            pytest.param(changed(paper(), Rotate=90), (842, 595), id="turned right"),
            pytest.param(changed(paper(), Rotate=180), (595, 842), id="upside down"),
            pytest.param(changed(paper(), Rotate=270), (842, 595), id="turned left"),
            pytest.param(changed(paper(), Rotate=-90), (842, 595), id="turned left, told otherwise"),
            pytest.param(changed(paper(), MediaBox=[-100, -50, 495, 792]), (595, 842), id="begins below zero"),
            pytest.param(changed(paper(), MediaBox=[495, 792, 0, 0]), (495, 792), id="corners swapped"),
            pytest.param(changed(paper(), CropBox=[0, 60, 550, 842]), (550, 782), id="cropped"),
            pytest.param(changed(paper(), CropBox=[-50, 60, 5000, 800]), (595, 740), id="cropped beyond itself"),
            pytest.param(changed(paper(), TrimBox=[200, 200, 300, 300]), (595, 842), id="trimmed to less than is seen"),
        ],
    )
    def test_keeps_its_size_and_all_that_was_seen_of_it(self, given: bytes, size: tuple[int, int]) -> None:
        made = bound(given)
        assert sizes(made) == [size]
        before = picture(given)
        before = before.crop(ImageChops.invert(before).getbbox())
        assert alike(above_the_band(made, 0, before.size), before) < 6

    def test_whose_unit_is_larger_is_as_large_as_readers_show_it(self) -> None:
        made = bound(changed(paper(width=300, height=400), UserUnit=2))
        assert sizes(made) == [(600, 800)]
        assert "ылдый" in words(made)

    def test_that_is_tiny_grows_instead_of_vanishing(self) -> None:
        made = bound(paper("кичине", width=150, height=100))
        ((width, height),) = sizes(made)
        assert (width, height) == (round(105 * MILLIMETRE), round(100 + BAND))
        assert code_on(made, 0, f"{ADDRESS}/check/{RECORD}")
        assert "кичине" in words(made)

    def test_has_nothing_of_its_content_in_the_band(self) -> None:
        made, other = bound(paper("бир")), bound(paper("эки, таптакыр башка сөздөр"))
        below = [picture(one).crop((0, round((842 - BAND) * 2) + 2, 1190, 1684)) for one in (made, other)]
        assert alike(*below) == 0


class TestWhatAPdfHoldsBesidesItsPages:
    def test_what_was_filled_into_a_form_is_still_seen(self) -> None:
        made = bound(_form("Толтурулган"))
        assert "Толтурулган" in words(made)

    def test_no_script_no_attachment_and_no_action_goes_along(self) -> None:
        given = BytesIO()
        with pikepdf.open(BytesIO(paper())) as opened:
            run = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            opened.Root.OpenAction = run
            opened.pages[0].obj.AA = pikepdf.Dictionary(O=run)
            opened.attachments["a.txt"] = b"a"
            opened.save(given)
        with pikepdf.open(BytesIO(bound(given.getvalue()))) as made:
            assert "/OpenAction" not in made.Root
            assert "/Names" not in made.Root
            assert "/AA" not in made.pages[0].obj
            assert b"app.alert" not in bound(given.getvalue())

    def test_layers_that_are_off_stay_off(self) -> None:
        seen, unseen = _layered(shown=True), _layered(shown=False)
        for pdf in (seen, unseen):
            after = picture(bound(paper("башка"), pdf), 1)
            assert darkest(picture(pdf)) == darkest(after.crop((20, 20, 400, 300)))
        assert picture(seen).getextrema() != picture(unseen).getextrema()

    def test_the_outline_leads_to_each_part(self) -> None:
        with pikepdf.open(BytesIO(bound(paper(), paper(pages=2), paper()))) as made, made.open_outline() as outline:
            told = [(one.title, _page_of(made, one)) for one in outline.root]
        assert told == [("Бөлүк 0", 0), ("Бөлүк 1", 1), ("Бөлүк 2", 3)]

    def test_the_file_says_what_it_is_and_in_which_language(self) -> None:
        with pikepdf.open(BytesIO(bound(paper()))) as made:
            assert str(made.Root.Lang) == "ky"
            assert str(made.docinfo["/Title"]) == "УСТ 4.09 Алдын алуучу иш-аракеттер"
            with made.open_metadata() as told:
                assert told["dc:identifier"] == f"{ADDRESS}/check/{RECORD}"


class TestTheSame:
    @pytest.mark.parametrize("parts", [[paper()], [paper(), changed(paper(), Rotate=90), paper(width=842, height=595)]])
    def test_parts_and_stamp_give_the_same_bytes(self, parts: Sequence[bytes]) -> None:
        assert bound(*parts) == bound(*parts)

    def test_parts_with_another_stamp_do_not(self) -> None:
        assert bound(paper()) != bound(paper(), stamp=Stamp(RECORD, "УСТ 4.09", "Башка", 4, ADDRESS))


def _page_of(made: pikepdf.Pdf, item: pikepdf.OutlineItem) -> int:
    assert isinstance(item.destination, pikepdf.Array)
    return made.pages.index(pikepdf.Page(item.destination[0]))


def _form(value: str) -> bytes:
    """A page with a field that was filled in and has no picture of it yet."""
    made = BytesIO()
    with pikepdf.open(BytesIO(paper())) as opened:
        font = opened.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        # As programs leave it that draw the letters themselves: what is written is in the picture.
        inner = typst_form(opened, value)
        field = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String("f"),
                V=pikepdf.String(value),
                Rect=pikepdf.Array([100, 100, 400, 140]),
                F=4,
                DA=pikepdf.String("/F 10 Tf"),
                AP=pikepdf.Dictionary(N=inner),
            )
        )
        opened.pages[0].obj.Annots = pikepdf.Array([field])
        opened.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([field]), DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        )
        opened.save(made)
    return made.getvalue()


def typst_form(pdf: pikepdf.Pdf, value: str) -> pikepdf.Object:
    """The words as a form that stands in a page."""
    with pikepdf.open(BytesIO(paper(value, width=300, height=40))) as drawn:
        return pdf.copy_foreign(drawn.pages[0].as_form_xobject())


def _layered(*, shown: bool) -> bytes:
    """A page with a black square in a layer that is on or off."""
    made = BytesIO()
    with pikepdf.new() as opened:
        opened.add_blank_page(page_size=(595, 842))
        layer = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("Катмар")))
        page = opened.pages[0]
        page.obj.Resources = pikepdf.Dictionary(Properties=pikepdf.Dictionary(L=layer))
        page.obj.Contents = opened.make_stream(b"/OC /L BDC 0 g 20 700 100 100 re f EMC")
        state = pikepdf.Dictionary(Order=pikepdf.Array([layer]))
        state["/ON" if shown else "/OFF"] = pikepdf.Array([layer])
        opened.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=state)
        opened.save(made)
    return made.getvalue()
