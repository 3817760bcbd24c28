"""Why a file is not taken, and the fault that a kept file is no longer what it was."""

from states.refusals import Refusal
from states.text import N_


class FileTooLarge(Refusal):
    """The file is larger than files of records may be."""

    status = 413
    code = "file-too-large"
    says = N_("The file is too large: at most 50 MB.")
    next_step = N_("Make it smaller, for example by saving its pictures with fewer details, or split it.")


class NotAccepted(Refusal):
    """The file is of a kind that is not kept, is damaged, or holds something dangerous."""

    status = 415
    code = "file-not-accepted"
    says = N_("Files of this kind are not kept here.")
    next_step = N_("Send a PDF, DOCX, XLSX, PPTX or ODT file, a picture (PNG, JPEG), or text in UTF-8 (TXT, CSV).")


class NotKept(Refusal):
    """A move names a file that has not been sent, or that nobody named for more than a day after it was."""

    status = 409
    code = "file-not-kept"
    says = N_("This file is not here: it was not sent, or it was taken away because nothing named it for a day.")
    next_step = N_("Send the file again.")


class FileDamagedError(Exception):
    """A kept file is missing, or is no longer what its name, the SHA-256 of its content, says."""

    def __init__(self, sha256: str, why: str) -> None:
        super().__init__(f"the file {sha256} {why}: bring it back from a backup")
        self.sha256 = sha256
