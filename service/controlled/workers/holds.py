"""What an office document holds that its pages would not show, or would show as nobody wants it.

`job`: `file`. Refuses `linked`: a picture that is not in it but elsewhere, which nobody fetches. Says `changes`:
whether it holds changes that are neither accepted nor rejected.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

# Files with a DTD were refused before (service/files/archive.py), and with them all entities.
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_CHANGES = {*(f"{_WORD}{name}" for name in ("ins", "del", "moveFrom", "moveTo")), f"{_TEXT}changed-region"}
_SHOWN = re.compile(r"(word|ppt/slides|xl/drawings)/[^/]+\.xml$|(content|styles)\.xml$")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|\.\./", re.I)


class LinkedError(Exception):
    """A picture is elsewhere."""


def look(name: str) -> bool:
    """Whether there are open changes. Raises LinkedError."""
    changes = False
    with zipfile.ZipFile(name) as archive:
        for part in filter(_SHOWN.match, archive.namelist()):
            far = _elsewhere(archive, part)
            for element in _elements(archive, part):
                changes = changes or element.tag in _CHANGES
                if _is_linked(element, far):
                    raise LinkedError
    return changes


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    with archive.open(part) as opened:
        for _, element in ElementTree.iterparse(opened):  # noqa: S314 - without a DTD, and in a process of its own
            yield element
            element.clear()


def _elsewhere(archive: zipfile.ZipFile, part: str) -> set[str]:
    """By which names a part calls pictures that are not in the archive."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return set()
    return {
        one.get("Id", "")
        for one in _elements(archive, relations)
        if one.get("TargetMode") == "External" and one.get("Type", "").endswith("/image")
    }


def _is_linked(element: ElementTree.Element, far: set[str]) -> bool:
    """A picture that is linked; what is linked and kept too is there."""
    if element.tag == f"{_DRAW}image":
        return bool(_ELSEWHERE.match(element.get(_HREF, "")))
    called = {value for name, value in element.items() if name.startswith(_RELATIONS)} if far else set()
    return bool(called) and called <= far


def main() -> None:
    """Look; what cannot be read is for the program that renders to say."""
    job = json.loads(Path("job.json").read_text("utf-8"))
    said: dict[str, object] = {}
    try:
        said = {"changes": look(job["file"])}
    except LinkedError:
        said = {"refused": "linked"}
    except (zipfile.BadZipFile, ElementTree.ParseError):
        said = {"refused": "broken"}
    Path("said.json").write_text(json.dumps(said), "utf-8")


if __name__ == "__main__":
    main()
