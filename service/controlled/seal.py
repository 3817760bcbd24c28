"""The seal: a certification signature after PAdES (ETSI EN 319 142-1, B-B; B-T with a time-stamp server).

It allows no change at all (DocMDP 1), so any reader of PDF shows that something was changed or added.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from asn1crypto import keys, x509  # type: ignore[import-untyped]  # it brings no types
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from service.controlled.certificate import Identity
from service.controlled.time_server import TimeServer
from service.language import say
from states.text import N_

FIELD: Final = "Sapat"


def seal(
    pdf: bytes, identity: Identity, university: str, checked_at: str, now: datetime, timestamp_url: str = ""
) -> bytes:
    """The PDF with the university's seal, made at `now`; `checked_at` is the address at which it can be checked.

    With a time-stamp server its stamp goes in. Raises WorkFailedError where it gives none: to be tried again later.
    """
    told = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=university,
        reason=say(_REASON, "ky"),
        location=checked_at.partition("/check/")[0],
        contact_info=checked_at,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    stamper = TimeServer(timestamp_url) if timestamp_url else None
    signer = _At(now, told, _signer(identity), timestamper=stamper)
    made = BytesIO()
    # pyHanko begins an event loop of its own, which no thread can that has one already.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(signer.sign_pdf, _AsDescribed(BytesIO(pdf)), output=made).result()
    return made.getvalue()


class _AsDescribed(IncrementalPdfFileWriter):
    """Adds to a PDF, and leaves what it says of itself: pyHanko's words for it would not be PDF/A any more."""

    def _update_meta(self) -> None:
        pass


class _At(PdfSigner):
    """A signer whose clock is told."""

    def __init__(self, now: datetime, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._now = now

    def init_signing_session(self, *given: Any, **more: Any) -> PdfSigningSession:
        session: PdfSigningSession = super().init_signing_session(*given, **more)
        session.system_time = self._now
        return session


def _signer(identity: Identity) -> SimpleSigner:
    above = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # it brings no types
    above.register_multiple(_certificates(identity))
    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=x509.Certificate.load(identity.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=above,
    )


def _certificates(identity: Identity) -> Iterable[x509.Certificate]:
    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in identity.above]


_REASON = N_("The document has come into force")
