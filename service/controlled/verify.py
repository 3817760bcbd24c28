"""Is this PDF ours? By its bytes, else by its seal."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding

from service.controlled.asked import Asked, NotJudged, look
from service.controlled.certificate import known
from service.controlled.confine import own_folder, work
from service.controlled.refusals import TookTooLongError, WorkFailedError

SECONDS: Final = 5


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


def judge(pdf: bytes | IO[bytes], home: Path, asked: Asked | None = None) -> Judged:
    """What its seal says. The file's hash is asked for before (`service.controlled.given`). It blocks for a second.

    `asked` is what was seen of the file; a process is started only where it may be sealed. Raises NotJudged.
    """
    file = BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    asked = asked or look(file)
    ours = [one.public_bytes(Encoding.DER).hex() for one in known(home).values()]
    if not asked.may_be_sealed or not ours:
        return Judged(Verdict.FOREIGN, claims=asked.claims)
    with own_folder() as folder:
        file.seek(0)
        with (folder / "asked.pdf").open("wb") as copy:
            shutil.copyfileobj(file, copy)
        try:
            said = work("judge", folder, {"file": "asked.pdf", "ours": ours}, SECONDS)
        except TookTooLongError as error:
            raise NotJudged from error
        except WorkFailedError:
            said = {"verdict": "none"}
    at = datetime.fromisoformat(said["since"]) if said.get("since") else None
    verdicts = {"whole": Verdict.SEALED, "changed": Verdict.CHANGED, "none": Verdict.FOREIGN}
    return Judged(verdicts[said["verdict"]], at, asked.claims)
