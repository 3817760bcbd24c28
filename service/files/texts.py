"""Plain text: UTF-8 throughout, nothing that a browser or a shell would take for a program."""

import codecs
import csv
import re
from typing import IO, Final

_PIECE: Final = 1 << 20
_HEAD: Final = 4096
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What browsers take for a page or a picture that runs (WHATWG mimesniff, 7.1), and what servers and shells run.
_ACTS: Final = re.compile(r"<(!doctype|html|script|iframe|svg|object|embed|\?php|%@)\b", re.I)
_RUNS: Final = re.compile(r"<[a-z!?%]|#!|@echo |import-module |\[internetshortcut\]|\[desktop entry\]|\{\\rtf", re.I)


def text_kind(file: IO[bytes]) -> str:
    """`csv` where the first lines are rows alike, else `txt`; nothing where it is no plain text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    head = ""
    try:
        while piece := file.read(_PIECE):
            words = decoder.decode(piece)
            if _CONTROL.search(words):
                return ""
            head = head or words[:_HEAD]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return ""
    head = head.removeprefix("\ufeff")
    if not head.strip() or _ACTS.search(head) or _RUNS.match(head.lstrip()):
        return ""
    return "csv" if _is_table(head) else "txt"


def _is_table(head: str) -> bool:
    lines = head.splitlines()[:20]
    for delimiter in ",;\t":
        try:
            widths = {len(row) for row in csv.reader(lines[: max(2, len(lines) - 1)], delimiter=delimiter) if row}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
