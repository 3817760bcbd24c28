"""The certificate: made once, whoever starts; read by its owner only; others may be brought; old ones stay known."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from service.controlled import certificate
from service.controlled.certificate import FOLDER, CertificateError, identity, known
from service.controlled.seal import seal
from service.controlled.verify import Verdict, judge
from service.settings import Settings
from tests.controlled.making import NOW, paper

NAME = "Нарын мамлекеттик университети"
PASSWORD = "купуя"


def made(home: Path, days: float = 0) -> certificate.Identity:
    return identity(Settings(home=home), NAME, NOW + timedelta(days=days))


class TestTheFirstOne:
    def test_bears_the_universitys_name_and_holds_ten_years(self, tmp_path: Path) -> None:
        one = made(tmp_path).certificate
        assert {part.value for part in one.subject} == {NAME}
        assert one.subject == one.issuer
        assert timedelta(days=3652) <= one.not_valid_after_utc - one.not_valid_before_utc <= timedelta(days=3654)
        assert one.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment

    def test_stays_the_one(self, tmp_path: Path) -> None:
        assert made(tmp_path).fingerprint == made(tmp_path, days=3000).fingerprint

    def test_is_one_though_several_begin_at_once(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as threads:
            found = {one.fingerprint for one in threads.map(lambda _: made(tmp_path), range(4))}
        assert len(found) == 1
        assert known(tmp_path).keys() == found

    def test_is_for_its_owner_alone_and_its_key_is_nowhere_in_plain(self, tmp_path: Path) -> None:
        key = made(tmp_path).key
        number = format(key.private_numbers().d, "x")  # type: ignore[union-attr]  # a key of a curve
        files = list((tmp_path / FOLDER).iterdir())
        assert len(files) == 2
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert number[:40] not in file.read_text("latin-1")
            assert bytes.fromhex(number[:40]) not in file.read_bytes()
        assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700

    def test_is_worth_nothing_to_whoever_has_not_the_vaults_key(self, tmp_path: Path) -> None:
        made(tmp_path)
        (tmp_path / "secret.key").write_bytes(bytes(32))
        with pytest.raises(ValueError, match="another key"):
            made(tmp_path)

    def test_has_a_name_that_fits_however_long_the_universitys_is(self, tmp_path: Path) -> None:
        one = identity(Settings(home=tmp_path), "Өзгөчө " * 30, NOW).certificate
        assert all(len(str(part.value)) <= 64 for part in one.subject)


class TestTheNextOne:
    def test_comes_a_month_before_the_first_ends_and_the_first_stays_known(self, tmp_path: Path) -> None:
        first, still, second = made(tmp_path), made(tmp_path, days=3600), made(tmp_path, days=3630)
        assert first.fingerprint == still.fingerprint != second.fingerprint
        assert made(tmp_path, days=3640).fingerprint == second.fingerprint
        assert known(tmp_path).keys() == {first.fingerprint, second.fingerprint}
        old = seal(paper(), first, NAME, "https://a.example/check/x", NOW)
        assert judge(old, tmp_path).verdict is Verdict.SEALED


class TestOnesOwn:
    def test_seals_instead_of_the_one_that_was_made_which_stays_known(self, tmp_path: Path) -> None:
        before = made(tmp_path)
        brought = identity(settings(tmp_path, brought_along()), NAME, NOW)
        assert brought.fingerprint != before.fingerprint
        assert len(brought.above) == 1
        for one in (before, brought):
            pdf = seal(paper(), one, NAME, "https://a.example/check/x", NOW)
            assert judge(pdf, tmp_path).verdict is Verdict.SEALED

    def test_may_have_no_password(self, tmp_path: Path) -> None:
        assert identity(settings(tmp_path, brought_along(""), ""), NAME, NOW)

    @pytest.mark.parametrize(
        ("content", "password", "days", "why"),
        [
            (None, "купуя", 0, "cannot be read"),
            (b"nothing", "купуя", 0, "cannot be read"),
            ("own", "башка", 0, "cannot be read"),
            ("own", "купуя", 400, "valid until"),
            ("odd", "купуя", 0, "RSA or EC"),
        ],
    )
    def test_that_cannot_be_used_is_said_in_words(
        self, tmp_path: Path, content: bytes | str | None, password: str, days: int, why: str
    ) -> None:
        kept = {"own": brought_along(), "odd": brought_along(odd=True)}.get(str(content), content)
        told = settings(tmp_path, kept if isinstance(kept, bytes) else None, password)
        with pytest.raises(CertificateError, match=why):
            identity(told, NAME, NOW + timedelta(days=days))
        assert not known(tmp_path)


def settings(home: Path, content: bytes | None, password: str = PASSWORD) -> Settings:
    file = home / "own.p12"
    if content is not None:
        file.write_bytes(content)
    return Settings(home=home, certificate=file, certificate_password=SecretStr(password) if password else None)


def brought_along(password: str = PASSWORD, *, odd: bool = False) -> bytes:
    """A PKCS#12 as an authority gives it: a certificate for a key, and the authority's own."""
    top = ec.generate_private_key(ec.SECP256R1())
    key = ed25519.Ed25519PrivateKey.generate() if odd else ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("Удостоверяющий центр", NAME)]
    certificates = [
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(names[0])
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=365))
        .sign(top, SHA256())
        for name, public in ((names[0], top.public_key()), (names[1], key.public_key()))
    ]
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"sapat", key, certificates[1], [certificates[0]], locked)
