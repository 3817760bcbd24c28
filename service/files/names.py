"""Names of files as people see them: letters of every language stay, what a system or an eye trips over goes."""

import re
from typing import Final
from unicodedata import category, normalize

from service.files.kinds import BY_MEDIA_TYPE
from service.files.refusals import NotAccepted
from states.text import N_

LONGEST: Final = 200
_NOT_SHOWN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, directions (U+202A–202E, 2066–2069), gaps
_SYSTEM: Final = re.compile(r'[<>:"|?*]')
# With any ending: Windows opens a device, not a file.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.I)

_ENDING = N_("The file is of the kind %(kind)s, but its name ends in “.%(ending)s”.")
_RENAME = N_("Give it the name that fits what it is, or send the file that you meant.")


def clean_name(name: str, media_type: str) -> str:
    """The name without paths, control and direction marks, reserved words; with an ending that fits what was found.

    At most 200 characters. A name without an ending gets one. Raises NotAccepted where the ending says another kind.
    """
    kind = BY_MEDIA_TYPE[media_type]
    shown = "".join(sign for sign in normalize("NFC", name) if category(sign) not in _NOT_SHOWN or sign in "\t\n")
    last = re.split(r"[/\\]", shown)[-1]
    words = " ".join(_SYSTEM.sub("_", last).split()).strip(" .")
    stem, dot, ending = words.rpartition(".")
    # “Жобо 4.09” has no ending: 09 belongs to its code.
    if not (dot and ending.isascii() and ending.isalnum()) or ending.isdigit() or len(ending) > 5:
        stem, ending = words, kind.extensions[0]
    if ending.casefold() not in kind.extensions:
        raise NotAccepted(_ENDING, _RENAME, kind=kind.name, ending=ending)
    stem = stem[: LONGEST - len(ending) - 1].rstrip(" .") or "file"
    if _DEVICES.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"[: LONGEST - len(ending) - 1]
    return f"{stem}.{ending}"
