"""Is this PDF ours? By its bytes, else by its seal."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding

from service.controlled.certificate import known
from service.controlled.confine import own_folder, work
from service.controlled.refusals import TookTooLongError, WorkFailedError

SECONDS: Final = 20
# The seal says in plain letters where to ask about the file: a hint at which record is meant, never a proof.
_MARK: Final = re.compile(rb"/check/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Verdict(StrEnum):
    """What a PDF is worth."""

    OURS = "ours"  # byte for byte what this university gave out
    SEALED = "sealed"  # the seal is whole, but there is no such file here any more
    CHANGED = "changed"  # was sealed here, and something was changed since
    FOREIGN = "foreign"  # no seal of this university that can be read


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, when it says it was sealed, and about which record it says it is: told by the file, not proven."""

    verdict: Verdict
    sealed_at: datetime | None = None
    claims: UUID | None = None


def judge(pdf: bytes, home: Path) -> Judged:
    """What its seal says. The file's hash is asked for before (`service.controlled.given`). It blocks for a second."""
    found = _MARK.search(pdf)
    claims = UUID(found[1].decode()) if found else None
    ours = [one.public_bytes(Encoding.DER).hex() for one in known(home).values()]
    if not pdf.startswith(b"%PDF-") or not ours:
        return Judged(Verdict.FOREIGN, claims=claims)
    with own_folder() as folder:
        (folder / "asked.pdf").write_bytes(pdf)
        try:
            said = work("judge", folder, {"file": "asked.pdf", "ours": ours}, SECONDS)
        except (TookTooLongError, WorkFailedError):
            said = {"verdict": "none"}
    at = datetime.fromisoformat(said["since"]) if said.get("since") else None
    verdicts = {"whole": Verdict.SEALED, "changed": Verdict.CHANGED, "none": Verdict.FOREIGN}
    return Judged(verdicts[said["verdict"]], at, claims)
