"""What is the seal of a PDF worth? `job`: `file`, and `ours`: the certificates (DER, in hex) that ever sealed.

Says `verdict`: `whole` (sealed by one of ours, nothing changed since), `changed` (sealed by one of ours, changed
since), `none` (no seal of ours that can be read); with whole or changed, `since`: when it says it was sealed.
"""

import json
import logging
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms, x509  # type: ignore[import-untyped]  # it brings no types
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

WHOLE, CHANGED, NONE = "whole", "changed", "none"


def judge(file: str, ours: list[str]) -> dict[str, Any]:
    """The verdict. Whatever cannot be read is none of ours, or no longer."""
    known = {bytes.fromhex(one) for one in ours}
    with Path(file).open("rb") as opened:
        reader = PdfFileReader(opened, strict=False)
        seals = list(reader.embedded_signatures)
        mine = [one for one in seals if one.signer_cert.dump() in known]
        if not mine:
            return {"verdict": NONE}
        if len(seals) > 1:
            return {"verdict": CHANGED}
        (seal,) = mine
        roots = ValidationContext(trust_roots=[x509.Certificate.load(one) for one in known], allow_fetching=False)
        # What may have changed does not matter, for nothing may: whether all of it is covered does.
        status = validate_pdf_signature(seal, roots, skip_diff=True)
        whole = status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        # Who stamped it does not matter: that the stamp is over this seal does.
        stamp = status.timestamp_validity
        whole = whole and _as_written(opened, seal) and (stamp is None or (stamp.intact and stamp.valid))
        at = seal.self_reported_timestamp
        return {"verdict": WHOLE if whole else CHANGED, "since": at.isoformat() if at else ""}


def _as_written(opened: BinaryIO, seal: Any) -> bool:
    """Whether the signature stands there as we write it, and nothing behind it: it covers all but itself."""
    _, begins, goes_on, _ = (int(one) for one in seal.byte_range)
    opened.seek(begins)
    letters = opened.read(goes_on - begins)
    signature = cms.ContentInfo.load(seal.pkcs7_content).dump()
    written = b"<" + signature.hex().upper().encode()
    return letters.startswith(written) and not letters[len(written) : -1].strip(b"0")


def main() -> None:
    """Judge; what breaks the reading is an answer too."""
    logging.disable(logging.CRITICAL)
    job = json.loads(Path("job.json").read_text("utf-8"))
    try:
        said = judge(job["file"], job["ours"])
    except Exception as error:  # noqa: BLE001 - whoever sends it has made it: any error of the reader's may come
        said = {"verdict": NONE, "why": type(error).__name__}
    Path("said.json").write_text(json.dumps(said), "utf-8")


if __name__ == "__main__":
    main()
