"""The university's own: its name, coat of arms, and forms that stand in place of ours, in one folder.

The folder holds any of: `university.json` (`name`, `place`, `ministry`, each a text or `{"ky": …, "ru": …, "en": …}`;
`coat`, the name of a picture beside it), that picture (SVG, PNG, JPEG), `<form>.typ` and `<form>.docx`, `form.typ`,
fonts (TTF, OTF). What is not there is ours.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from service.prints.common import University, Words
from service.prints.refusals import FormBroken
from states.text import Text

OURS: Final = Path(__file__).parent / "forms"
TOLD: Final = "university.json"
PICTURES: Final = (".svg", ".png", ".jpg", ".jpeg")
_TAKEN: Final = frozenset((".typ", ".ttf", ".otf", ".ttc", *PICTURES))


def university(folder: Path | None, named: Words) -> University:
    """Who the university is: as its folder says, else by the name it has in Sapat. Raises FormBroken.

    A picture called `coat` is its coat of arms without being told.
    """
    known = University(name=named)
    if folder is None or not folder.is_dir():
        return known
    known = replace(known, coat=next((f"coat{end}" for end in PICTURES if (folder / f"coat{end}").is_file()), None))
    file = folder / TOLD
    if not file.is_file():
        return known
    try:
        told = json.loads(file.read_text("utf-8"))
        coat = told.get("coat", known.coat)
        if coat is not None and not (folder / Path(coat).name).is_file():
            raise FormBroken(file=TOLD, line=1, message=f"coat: {Path(coat).name}?")
        return University(
            name=_words(told.get("name")) or known.name,
            place=_words(told.get("place")),
            ministry=_words(told.get("ministry")),
            coat=Path(coat).name if coat else None,
        )
    except json.JSONDecodeError as error:
        raise FormBroken(file=TOLD, line=error.lineno, message=error.msg) from error
    except (UnicodeDecodeError, AttributeError, TypeError) as error:
        raise FormBroken(file=TOLD, line=1, message=type(error).__name__) from error


def _words(told: Any) -> Words:
    if isinstance(told, dict):
        return Text(*(str(told.get(language) or told.get("ky", "")) for language in ("ky", "ru", "en")))
    return str(told or "")


@contextmanager
def laid_out(folder: Path | None) -> Iterator[Path]:
    """A folder of its own with our forms and, over them, the university's: all that a print can read."""
    with TemporaryDirectory(prefix="sapat-print-") as made:
        for place in (OURS, folder):
            if place is not None and place.is_dir():
                for file in place.iterdir():
                    if file.suffix.lower() in _TAKEN and file.is_file():
                        shutil.copyfile(file, Path(made, file.name))
        yield Path(made)
