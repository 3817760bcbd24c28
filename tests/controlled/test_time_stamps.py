"""Seals with a time stamp (PAdES B-T): whole, changed, and from a server that does anything but stamp."""

import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import x509  # type: ignore[import-untyped]  # it brings no types
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from models import tables as t
from service.controlled import rows
from service.controlled.certificate import known
from service.controlled.refusals import GONE_WRONG
from service.controlled.verify import Verdict, judge
from tests.controlled.making import NOW, Office, paper
from tests.controlled.time_authority import TimeAuthority, time_authority

# The stamp's own moment: what is between the two is between two clocks.
STAMPED = NOW + timedelta(seconds=3)
OTHERWISE = ("refuses", "stamps another", "forges", "rubbish", "fails", "floods")


@pytest.fixture
def authority() -> Iterator[TimeAuthority]:
    with time_authority(STAMPED) as running:
        yield running


@pytest.fixture
def stamped(office: Office, authority: TimeAuthority) -> Office:
    """An office that has its seals stamped."""
    office.more["timestamp_url"] = authority.url
    return office


def status(office: Office, pdf: bytes, *authorities: x509.Certificate) -> Any:
    """What a reader of PDF says that trusts the university and these authorities."""
    own = [x509.Certificate.load(one.public_bytes(_der())) for one in known(office.home).values()]
    (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(
        seal,
        ValidationContext(trust_roots=own, moment=NOW),
        ts_validation_context=ValidationContext(trust_roots=list(authorities), moment=NOW),
    )


class TestAStampedSeal:
    def test_is_valid_with_its_time_to_readers_that_trust_both(self, stamped: Office, authority: TimeAuthority) -> None:
        revision = stamped.in_force({"жобо.pdf": paper()})
        assert stamped.make() == {"controlled_made": 1}
        found = status(stamped, stamped.pdf(revision), authority.certificate)
        assert found.bottom_line
        assert found.docmdp_ok
        assert found.timestamp_validity.trusted
        assert found.timestamp_validity.timestamp == STAMPED
        assert judge(stamped.pdf(revision), stamped.home).verdict is Verdict.SEALED
        assert authority.given == 2, "one to see how long it is, one that stays"

    def test_is_whole_but_not_trusted_to_readers_that_do_not_know_the_authority(
        self, stamped: Office, authority: TimeAuthority
    ) -> None:
        revision = stamped.in_force({"жобо.pdf": paper()})
        stamped.make()
        found = status(stamped, stamped.pdf(revision))
        assert authority.given
        assert (found.intact, found.valid) == (True, True)
        assert found.timestamp_validity.valid
        assert not found.timestamp_validity.trusted
        assert judge(stamped.pdf(revision), stamped.home).verdict is Verdict.SEALED

    def test_is_invalid_after_one_flipped_byte_of_the_page_of_the_seal_and_of_the_stamp(
        self, stamped: Office, authority: TimeAuthority
    ) -> None:
        revision = stamped.in_force({"жобо.pdf": paper()})
        stamped.make()
        whole = stamped.pdf(revision)
        (seal,) = PdfFileReader(BytesIO(whole)).embedded_signatures
        (signer,) = seal.signed_data["signer_infos"]
        token = signer["unsigned_attrs"][0]["values"][0]
        stamp = token["content"]["signer_infos"][0]["signature"].native
        for signature in (signer["signature"].native, stamp):
            at = whole.upper().index(signature.hex().upper().encode()) + 40
            changed = whole[:at] + (b"0" if whole[at : at + 1] != b"0" else b"1") + whole[at + 1 :]
            assert not status(stamped, changed, authority.certificate).bottom_line
            assert judge(changed, stamped.home).verdict is Verdict.CHANGED
        page = whole.index(b"stream\r\n" if b"stream\r\n" in whole else b"stream\n") + 30
        flipped = whole[:page] + bytes([whole[page] ^ 1]) + whole[page + 1 :]
        assert not status(stamped, flipped, authority.certificate).intact
        assert judge(flipped, stamped.home).verdict is Verdict.CHANGED


class TestAServer:
    @pytest.mark.parametrize("does", OTHERWISE)
    def test_that_gives_no_stamp_puts_the_file_off_and_nothing_is_lost(
        self, stamped: Office, authority: TimeAuthority, does: str
    ) -> None:
        authority.does = does
        revision = stamped.in_force({"жобо.pdf": paper()})
        assert stamped.make() == {"controlled_put_off": 1}
        row = stamped.row(revision)
        assert (row["state"], row["sha256"], row["next_try_at"]) == ("pending", None, NOW + rows.FIRST_WAIT)
        says, facts = rows.told(row["says"])
        assert says == GONE_WRONG
        assert "time-stamp server" in facts["why"]
        assert "127.0.0.1" not in facts["why"], "an address may hold a password"
        assert stamped.university.rows(t.controlled_digest) == []
        authority.does = "stamps"
        assert stamped.make(NOW + rows.FIRST_WAIT) == {"controlled_made": 1}
        found = status(stamped, stamped.pdf(revision), authority.certificate)
        assert found.bottom_line
        assert found.timestamp_validity.trusted

    def test_that_is_down_is_waited_for(self, office: Office) -> None:
        with time_authority(STAMPED) as gone:
            pass
        office.more["timestamp_url"] = gone.url
        revision = office.in_force({"жобо.pdf": paper()})
        assert office.make() == {"controlled_put_off": 1}
        assert office.row(revision)["state"] == "pending"
        assert "not reached" in office.row(revision)["says"]
        office.more["timestamp_url"] = ""
        assert office.make(NOW + rows.FIRST_WAIT) == {"controlled_made": 1}, "whoever runs Sapat took the setting away"

    @pytest.mark.parametrize("does", ["drips", "is silent"])
    def test_that_is_slow_is_left_in_time(
        self, stamped: Office, authority: TimeAuthority, monkeypatch: pytest.MonkeyPatch, does: str
    ) -> None:
        monkeypatch.setattr("service.controlled.time_server.SECONDS", 1)
        authority.does = does
        revision = stamped.in_force({"жобо.pdf": paper()})
        begun = time.monotonic()
        assert stamped.make() == {"controlled_put_off": 1}
        assert time.monotonic() - begun < 15
        assert "within 1 s" in stamped.row(revision)["says"]

    def test_that_fails_once_the_first_stamp_was_given_leaves_no_half_sealed_file(
        self, stamped: Office, authority: TimeAuthority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = TimeAuthority.answer

        def then_fails(self: TimeAuthority, question: bytes) -> bytes:
            given = answer(self, question)
            self.does = "refuses"
            return given

        monkeypatch.setattr(TimeAuthority, "answer", then_fails)
        revision = stamped.in_force({"жобо.pdf": paper()})
        assert stamped.make() == {"controlled_put_off": 1}
        assert (authority.given, authority.asked) == (1, 2)
        assert stamped.row(revision)["sha256"] is None


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
