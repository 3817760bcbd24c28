"""The seal: valid as it was made, invalid after any change of any byte; checked by us and as any reader checks it."""

import random
import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

import pikepdf
import pytest
from asn1crypto import cms, x509  # type: ignore[import-untyped]  # it brings no types
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from service.controlled.asked import NotJudged
from service.controlled.assemble import Part, Stamp, assemble
from service.controlled.certificate import Identity, identity
from service.controlled.seal import seal
from service.controlled.verify import Judged, Verdict, judge
from service.settings import Settings
from tests.controlled.making import ADDRESS, LETTERS, NOW, paper, words

RECORD = UUID("01a1fffe-7baa-70b2-85a6-b7af18c2546f")
STAMP = Stamp(RECORD, "УСТ 4.09", "Алдын алуучу иш-аракеттер", 3, ADDRESS)
UNIVERSITY = "Нарын мамлекеттик университети"


@cache
def home() -> Path:
    return Path(mkdtemp(prefix="sapat-test-"))


@cache
def by() -> Identity:
    return identity(Settings(home=home()), UNIVERSITY, NOW)


@cache
def sealed() -> bytes:
    made = assemble([Part("Документ", paper(pages=2))], STAMP)
    return seal(made.pdf, by(), UNIVERSITY, STAMP.checked_at, NOW)


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def covered() -> list[int]:
    """The four numbers of the signature's ByteRange."""
    found = re.search(rb"/ByteRange ?\[([\d ]+)\]", sealed())
    assert found
    return [int(one) for one in found[1].split()]


def verdict(pdf: bytes) -> Verdict:
    return judge(pdf, home()).verdict


class TestASealedPdf:
    def test_is_valid_to_any_reader_that_trusts_the_certificate_and_allows_no_change(self) -> None:
        reader = PdfFileReader(BytesIO(sealed()))
        (seal_,) = reader.embedded_signatures
        own = x509.Certificate.load(by().certificate.public_bytes(Encoding.DER))
        status = validate_pdf_signature(seal_, ValidationContext(trust_roots=[own], moment=NOW))
        assert status.bottom_line
        assert status.docmdp_ok
        told = seal_.sig_object
        assert (told["/SubFilter"], told["/Filter"]) == ("/ETSI.CAdES.detached", "/Adobe.PPKLite")
        assert told["/Name"] == UNIVERSITY
        assert told["/ContactInfo"] == STAMP.checked_at
        assert seal_.docmdp_level.value == 1
        assert reader.root["/Perms"]["/DocMDP"].get_object()["/Type"] == "/Sig"

    def test_says_when_it_was_sealed(self) -> None:
        assert judge(sealed(), home()) == Judged(Verdict.SEALED, NOW.astimezone(UTC), RECORD)

    def test_holds_the_letters_of_the_language(self) -> None:
        assert LETTERS in words(sealed(), 1)

    def test_claims_its_record_in_plain_letters(self) -> None:
        assert judge(sealed(), home()).claims == RECORD


class TestOneFlippedByte:
    def test_in_the_text_of_a_page_makes_it_invalid(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as opened:
            raw = opened.pages[0].obj.Resources.XObject.Part.read_raw_bytes()
        assert verdict(flipped(sealed(), sealed().index(raw) + len(raw) // 2)) is Verdict.CHANGED

    def test_in_the_qr_code_makes_it_invalid(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as opened:
            raw = opened.pages[0].obj.Resources.XObject.Stamp.read_raw_bytes()
        assert verdict(flipped(sealed(), sealed().index(raw) + len(raw) // 2)) is Verdict.CHANGED

    @pytest.mark.parametrize("behind", [-600, -300, -10, 1, 300, 900])
    def test_in_the_signature_or_in_its_filling_makes_it_invalid(self, behind: int) -> None:
        _, begins, goes_on, _ = covered()
        ends = (
            begins
            + 1
            + 2 * len(cms.ContentInfo.load(bytes.fromhex(sealed()[begins + 1 : goes_on - 1].decode())).dump())
        )
        at = ends + behind
        assert begins < at < goes_on - 1
        changed = sealed()[:at] + (b"0" if sealed()[at : at + 1] != b"0" else b"1") + sealed()[at + 1 :]
        assert verdict(changed) in (Verdict.CHANGED, Verdict.FOREIGN)

    def test_in_the_letters_of_the_signature_makes_it_another_file(self) -> None:
        _, begins, goes_on, _ = covered()
        lower = sealed()[:begins] + sealed()[begins:goes_on].lower() + sealed()[goes_on:]
        assert lower != sealed()
        assert verdict(lower) is Verdict.CHANGED

    def test_in_the_day_of_the_seal_makes_it_invalid(self) -> None:
        assert verdict(flipped(sealed(), sealed().index(b"/M (D") + 12)) is not Verdict.SEALED

    def test_anywhere_makes_it_invalid(self) -> None:
        dice = random.Random(20260406)
        _, begins, goes_on, _ = covered()
        places = [at for at in (dice.randrange(len(sealed())) for _ in range(40)) if not begins <= at < goes_on]
        assert len(places) > 20
        for at in [0, 5, begins - 1, goes_on, len(sealed()) - 1, *places]:
            assert verdict(flipped(sealed(), at)) in (Verdict.CHANGED, Verdict.FOREIGN), at


class TestWhatWasAdded:
    @pytest.mark.parametrize("tail", [b"\n", b" ", b"%\n", b"\0"])
    def test_behind_it_makes_it_invalid(self, tail: bytes) -> None:
        assert verdict(sealed() + tail) is Verdict.CHANGED

    def test_as_a_later_version_of_the_file_makes_it_invalid(self) -> None:
        writer = IncrementalPdfFileWriter(BytesIO(sealed()))
        writer.root["/PageLayout"] = pikepdf_name("/TwoColumnLeft")
        writer.update_root()  # type: ignore[no-untyped-call]  # it brings no types
        made = BytesIO()
        writer.write(made)  # type: ignore[no-untyped-call]  # it brings no types
        assert verdict(made.getvalue()) is Verdict.CHANGED

    def test_as_another_signature_is_what_other_programs_refuse(self, tmp_path: Path) -> None:
        other = _signer(identity(Settings(home=tmp_path), UNIVERSITY, NOW))
        with pytest.raises(SigningError, match="forbids all changes"):
            sign_pdf(IncrementalPdfFileWriter(BytesIO(sealed())), PdfSignatureMetadata(field_name="Башка"), other)

    def test_before_it_makes_it_none_of_ours(self) -> None:
        assert verdict(b"\n" + sealed()) is Verdict.FOREIGN


class TestWhatWeNeverSealed:
    @pytest.mark.parametrize(
        "given", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", paper(), b"%PDF-" + bytes(5000)], ids=range(5)
    )
    def test_is_none_of_ours(self, given: bytes) -> None:
        assert by()
        assert judge(given, home()) == Judged(Verdict.FOREIGN)

    def test_is_none_of_ours_though_its_certificate_bears_our_name(self, tmp_path: Path) -> None:
        forger = identity(Settings(home=tmp_path), UNIVERSITY, NOW)
        made = assemble([Part("Документ", paper("жасалма"))], STAMP)
        forged = seal(made.pdf, forger, UNIVERSITY, STAMP.checked_at, NOW)
        assert judge(forged, home()) == Judged(Verdict.FOREIGN, claims=RECORD)

    def test_is_none_of_ours_where_nothing_was_ever_sealed(self, tmp_path: Path) -> None:
        assert judge(sealed(), tmp_path).verdict is Verdict.FOREIGN

    def test_is_answered_in_time_whatever_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.controlled.verify.SECONDS", 0.01)
        with pytest.raises(NotJudged):  # that says nothing of what it is
            verdict(sealed())


class TestTheSameFile:
    def test_sealed_later_says_so_and_is_whole_too(self) -> None:
        later = datetime(2026, 5, 1, tzinfo=UTC)
        made = assemble([Part("Документ", paper(pages=2))], STAMP)
        again = seal(made.pdf, by(), UNIVERSITY, STAMP.checked_at, later)
        assert sha256(again).digest() != sha256(sealed()).digest()
        assert judge(again, home()) == Judged(Verdict.SEALED, later, RECORD)


def pikepdf_name(name: str) -> object:
    from pyhanko.pdf_utils.generic import NameObject

    return NameObject(name)


def _signer(by_: Identity) -> SimpleSigner:
    from service.controlled.seal import _signer as signer

    return signer(by_)
