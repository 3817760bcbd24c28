"""What a file of an exported list is called when it is saved."""

from datetime import date
from typing import Final, Literal

from service.files.kinds import KINDS
from service.files.names import LONGEST, clean_name

Ending = Literal["csv", "xlsx"]
_ROOM: Final = LONGEST - len(" 2026-11-20.xlsx")


def file_name(title: str, made: date, ending: Ending) -> str:
    """Such as “Кечиккен иштер 2026-11-20.xlsx”: any letters, no paths, nothing a system would trip over."""
    words = title.replace("/", " ").replace("\\", " ")[:_ROOM]
    return clean_name(f"{words} {made.isoformat()}.{ending}", KINDS[ending].media_type)
