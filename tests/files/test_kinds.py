"""What a file is, is found by its content; what is dangerous, broken or two things at once is not kept."""

import struct
import zipfile
from io import BytesIO

import pytest

from service.files import kinds, office
from service.files.archive import Limits
from service.files.kinds import what_is
from service.files.refusals import NotAccepted
from tests.files.samples import (
    CSV,
    LAUGHS,
    PDF,
    TEXT,
    damaged,
    fetching,
    jpeg,
    odt,
    png,
    workbook,
    zipped,
)
from tests.files.samples import office as document


def found(raw: bytes) -> str:
    return what_is(BytesIO(raw), len(raw)).name


def says(raw: bytes) -> str:
    with pytest.raises(NotAccepted) as refused:
        found(raw)
    assert refused.value.next_step
    return refused.value.says


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("raw", "kind"),
        [
            (PDF, "PDF"),
            (document("docx"), "DOCX"),
            (document("xlsx"), "XLSX"),
            (document("pptx"), "PPTX"),
            (workbook(), "XLSX"),
            (odt(), "ODT"),
            (png(), "PNG"),
            (jpeg(), "JPEG"),
            (jpeg(after=b"SEFT" + b"\x00" * 80), "JPEG"),
            (TEXT, "TXT"),
            (b"\xef\xbb\xbf" + TEXT, "TXT"),
            ("1 < 2, а <b> жок: x<br".encode(), "TXT"),
            (CSV, "CSV"),
            (b"a,b\n1,2\n", "CSV"),
            ("Бир сап".encode(), "TXT"),
        ],
    )
    def test_is_known_by_its_content(self, raw: bytes, kind: str) -> None:
        assert found(raw) == kind

    def test_is_a_document_made_from_a_template_of_ones_own_disk(self) -> None:
        template = fetching("attachedTemplate", "file:///C:\\Users\\айбек\\Templates\\Normal.dotm")
        assert found(document(more=template)) == "DOCX"

    def test_is_a_document_with_links(self) -> None:
        assert found(document(more=fetching("hyperlink", "https://uni.example/"))) == "DOCX"

    def test_is_a_text_cut_anywhere_between_pieces(self) -> None:
        assert found("ө".encode() * 3_000_001) == "TXT"


class TestWhatRuns:
    @pytest.mark.parametrize(
        "raw",
        [
            b"MZ\x90\x00\x03" + b"\x00" * 300,
            b"\x7fELF\x02\x01\x01" + b"\x00" * 300,
            b"\xca\xfe\xba\xbe" + b"\x00" * 300,
            b"#!/bin/sh\nrm -rf /\n",
            b"@echo off\r\ndel *\r\n",
            b"<!DOCTYPE html><title>x</title>",
            b"\n\n  <html><body onload=alert(1)>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            b"hello <script>alert(1)</script>",
            b"<?php system($_GET[0]); ?>",
            b"GIF89a/*\x00" + b"\x00" * 60,
            b"{\\rtf1 \\object}",
            b"[InternetShortcut]\nURL=file://evil",
            b"Rar!\x1a\x07\x00" + b"\x00" * 60,
        ],
    )
    def test_is_not_kept(self, raw: bytes) -> None:
        assert says(raw) == NotAccepted.says

    @pytest.mark.parametrize(
        "raw",
        [
            document(more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
            document(more={"word/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"}),
            document(type_of_main="application/vnd.ms-word.document.macroEnabled.main+xml"),
            document(more={"word/activeX/activeX1.xml": b"<a/>"}),
            document(more={"word/embeddings/setup.exe": b"MZ"}),
            odt({"Basic/Standard/Module1.xml": b"<a/>"}),
            odt({"Scripts/python/a.py": b"print()"}),
        ],
    )
    def test_inside_an_office_document_is_not_kept(self, raw: bytes) -> None:
        assert "macros" in says(raw)

    @pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "frame", "subDocument"])
    @pytest.mark.parametrize("target", ["https://evil.example/a.dotm", "\\\\evil\\a.dotm", "file://evil/a.dotm"])
    def test_once_it_is_fetched_is_not_kept(self, kind: str, target: str) -> None:
        assert "network" in says(document(more=fetching(kind, target)))


class TestWhatIsTwoThings:
    @pytest.mark.parametrize(
        "raw",
        [
            PDF + zipped({"a.txt": b"x"}),
            png() + zipped({"a.txt": b"x"}),
            png(after=b"<script>"),
            jpeg(comment=PDF),
            jpeg(after=zipped({"a.txt": b"x"})),
            b"junk\n" + PDF,
            "Кат\n".encode() + PDF,
            document() + b"more",
            document() + PDF,
            b"MZ" + document(),
        ],
        ids=range(10),
    )
    def test_is_not_kept(self, raw: bytes) -> None:
        assert says(raw)

    def test_is_an_archive_with_something_before_it(self) -> None:
        raw = zipped({"x": b"<script>alert(1)</script>"}, zipfile.ZIP_STORED)
        assert says(raw[: raw.index(b"PK\x01\x02")] + document())


class TestWhatIsBroken:
    @pytest.mark.parametrize(
        "raw",
        [
            PDF.replace(b"%%EOF", b""),
            png()[:-4],
            jpeg()[:-2],
            jpeg()[:14],
            document()[:-30],
            document()[:100],
            damaged(zipped({"[Content_Types].xml": bytes(range(256)) * 40})),
            b"PK\x03\x04",
            b"PK\x03\x04" + b"\x00" * 500,
            TEXT + b"\xff",
            TEXT + b"\x00",
            TEXT.decode().encode("utf-16"),
            TEXT.decode().encode("cp1251", "replace"),
            b"   \n",
        ],
        ids=range(14),
    )
    def test_is_not_kept(self, raw: bytes) -> None:
        assert says(raw)

    @pytest.mark.parametrize("content", [b"<w>", b"", b"no xml", b"<w>\xff</w>", b"<a/><b/>"])
    def test_inside_an_office_document_is_not_kept(self, content: bytes) -> None:
        assert says(document(more={"word/styles.xml": content}))

    def test_is_an_archive_of_no_known_kind(self) -> None:
        assert says(zipped({"a.txt": b"x"}))
        assert says(odt(kind=b"application/vnd.oasis.opendocument.spreadsheet"))
        assert says(document(type_of_main="application/xml"))


class TestWhatIsLocked:
    def test_is_told_how_to_unlock_it(self) -> None:
        for raw in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, _encrypted(document())):
            assert "protected" in says(raw)

    def test_is_told_so_for_opendocument_too(self) -> None:
        manifest = (
            b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry>'
            b"<m:encryption-data/></m:file-entry></m:manifest>"
        )
        assert "protected" in says(odt({"META-INF/manifest.xml": manifest}))


class TestBombs:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_billion_laughs_are_not_laughed(self, encoding: str) -> None:
        content = LAUGHS.decode().encode(encoding)
        assert "DTD" in says(document(more={"word/styles.xml": content}))
        assert "DTD" in says(document(more={"word/_rels/a.rels": content}))

    def test_an_external_entity_is_not_looked_up(self) -> None:
        content = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
        assert "DTD" in says(document(more={"word/styles.xml": content}))

    def test_a_flat_bomb_is_not_unpacked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(office, "LIMITS", Limits(members=100, unpacked=1_000_000, whole=500_000))
        assert "unpacks" in says(document(more={"word/media/a.png": b"0" * 1_000_001}))
        assert "unpacks" in says(document(more={"word/a.xml": b"<a>" + b" " * 500_001 + b"</a>"}))
        assert found(document(more={"word/media/a.png": b"0" * 900_000})) == "DOCX"

    def test_a_bomb_that_lies_about_its_size_is_damaged(self) -> None:
        raw = document(more={"word/media/a.png": b"0" * 7_777_777})
        lie = raw.replace(struct.pack("<I", 7_777_777), struct.pack("<I", 1000))
        assert lie != raw
        assert says(lie)

    def test_too_many_parts_are_not_counted_one_by_one(self) -> None:
        assert "parts" in says(document(more={f"word/{n}.xml": b"<a/>" for n in range(5001)}))

    def test_nesting_without_end_is_not_followed(self) -> None:
        assert "nested" in says(document(more={"word/styles.xml": b"<a>" * 100_000}))


class TestNamesOfParts:
    @pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word/../../x", "C:x", "a\\..\\b"])
    def test_lead_nowhere_else(self, name: str) -> None:
        assert "names" in says(document(more={name: b"x"}))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_stand_once(self) -> None:
        made = BytesIO(document())
        with zipfile.ZipFile(made, "a") as archive:
            archive.writestr("word/document.xml", b"<other/>")
        assert "names" in says(made.getvalue())


class TestEveryKind:
    def test_has_an_ending_that_the_form_offers(self) -> None:
        assert kinds.ACCEPT == ".pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg,.txt,.csv"


def _encrypted(raw: bytes) -> bytes:
    """With the bit that says so, in the directory and before each part."""
    made = bytearray(raw)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = made.find(sign)
        while start >= 0:
            made[start + place] |= 1
            start = made.find(sign, start + 4)
    return bytes(made)
