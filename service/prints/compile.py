"""A shape as a PDF/A-2b: typst sets it in a process of its own, within a time and a memory.

Lists of any length are set in pieces, one process after the other, and joined: the memory stays that of one piece.
"""

import calendar
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from service.prints.common import University
from service.prints.kinds import Form
from service.prints.own import laid_out
from service.prints.plain import plain
from service.prints.refusals import FormBroken, TooLong
from service.prints.words import words

COMPILER: Final = Path(__file__).parent / "compiler.py"
SECONDS: Final = 60
MEMORY: Final = 2 << 30  # of addresses; what is really used is a tenth of it
_AT: Final = re.compile(r"┌─ (?P<file>[^\n]*?):(?P<line>\d+):\d+")
# A form cannot load anything from elsewhere: typst asks proxies first, and nothing answers at this one.
_NOWHERE: Final = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one process set. `rows` are `[number, page, 1 if it may run over]` of each row that the form marked."""

    pdf: bytes
    rows: list[list[float]]


def write_pdf(
    form: Form, shape: Any, university: University, language: str, file: IO[bytes], folder: Path | None = None
) -> None:
    """Write the print into `file`. `folder` holds the university's own forms. Raises FormBroken, TooLong.

    It takes from a tenth of a second to seconds: not for an event loop, and not with a database's connection in hand.
    """
    from service.prints.pieces import is_long, write_long  # which sets its pieces by this module

    with laid_out(folder) as laid:
        if is_long(shape):
            write_long(form, shape, university, language, file, laid)
        else:
            told = told_to(form, shape, university, language)
            file.write(compiled(laid, f"{form.name}.typ", told, shape.dated).pdf)


def told_to(
    form: Form, shape: Any, university: University, language: str, *, breaks: bool = True, **more: Any
) -> dict[str, Any]:
    """What a form is told: the words of forms, the university, the print itself."""
    return {
        "form": form.name,
        "language": language,
        "label": form.label.into(language),
        "words": words(language),
        "university": plain(university, language, breaks=breaks) | {"coat": university.coat},
        "dated": plain(shape.dated, language),
        "print": plain(shape, language, breaks=breaks),
        **more,
    }


def compiled(laid: Path, main: str, told: Mapping[str, Any], dated: date, *, rows: bool = False) -> Piece:
    """One document by one process. Raises FormBroken, TooLong."""
    asked = {
        "folder": str(laid),
        "main": str(laid / main),
        "inputs": {"print": json.dumps(told, ensure_ascii=False)},
        "dated": calendar.timegm(dated.timetuple()),
        "memory": MEMORY,
        "rows": rows,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", str(COMPILER)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            # Of this process's environment, which may hold secrets, only what starting a process needs.
            env={**{name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}, **_NOWHERE},
        )
    except subprocess.TimeoutExpired as error:
        raise TooLong from error
    if done.returncode == 3:
        raise _broken(json.loads(done.stdout), main, laid)
    if done.returncode == 1 and b"MemoryError" not in done.stderr:
        raise RuntimeError(f"the compiler of prints failed: {done.stderr[-500:].decode(errors='replace')}")
    if done.returncode != 0:  # killed, or out of memory
        raise TooLong
    head, _, pdf = done.stdout.partition(b"\n")
    return Piece(pdf, json.loads(head).get("rows", []))


def _broken(said: Mapping[str, str], main: str, laid: Path) -> FormBroken:
    """What typst says of a form, with no path of this machine in it."""
    at = _AT.search(said["diagnostic"])
    message = said["message"].replace(f"{laid}{os.sep}", "").replace(str(laid), "")
    return FormBroken(file=Path(at["file"]).name if at else main, line=at["line"] if at else "?", message=message)
