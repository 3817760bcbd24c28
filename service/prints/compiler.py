"""A typst compiler in a process of its own: told as JSON on stdin, answers on stdout, and ends.

It is run by its path and imports nothing of Sapat: it starts in a few hundredths of a second, and gives back all the
memory that typst took. Told: `folder` (where the forms lie), `main` (the form), `inputs` (what `sys.inputs` holds:
`print`, JSON), `dated` (seconds since 1970), `memory` (bytes, a limit where systems have one), `rows` (whether the form
marks its rows). Answers: a line of JSON, then the PDF. It leaves with 3 where the form is broken, and says how.
"""

import contextlib
import json
import re
import sys
from typing import Any

MISSING = re.compile(r'the text `("(?:[^"\\]|\\.)*")` could not be displayed')
TRIES = 4
WHITE_SQUARE = "\u25a1"


def main() -> int:
    """One print."""
    told = json.load(sys.stdin.buffer)
    _limit(told["memory"])
    import typst  # only now is it limited

    inputs, tries = told["inputs"], TRIES
    while True:
        compiler = typst.Compiler(
            told["main"],
            root=told["folder"],
            font_paths=[told["folder"]],
            ignore_system_fonts=True,  # what is installed here must not change what is printed
            sys_inputs=inputs,
            package_path=told["folder"],
            package_cache_path=told["folder"],
        )
        try:
            pdf = compiler.compile(
                format="pdf", pdf_standards=["a-2b"], pdf_tags=not told["rows"], timestamp=told["dated"]
            )
        except typst.TypstError as error:
            missing, tries = _missing(error.diagnostic or error.message), tries - 1
            if missing and tries:
                # PDF/A takes no sign that its fonts do not have: a square stands where it was.
                inputs = {**inputs, "print": inputs["print"].translate(dict.fromkeys(map(ord, missing), WHITE_SQUARE))}
                continue
            json.dump({"message": error.message, "diagnostic": error.diagnostic or ""}, sys.stdout)
            return 3
        break
    if not isinstance(pdf, bytes):  # of a PDF there is one file
        return 1
    answer: dict[str, Any] = {"size": len(pdf)}
    if told["rows"]:
        answer["rows"] = [one["value"] for one in json.loads(compiler.query("<row>"))]
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.write(pdf)
    return 0


def _missing(diagnostic: str) -> set[str]:
    """The signs that no font has, out of what typst says of them."""
    found: set[str] = set()
    for quoted in MISSING.findall(diagnostic):
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), quoted[1:-1])
        found |= set(text.replace('\\"', '"').replace("\\\\", "\\"))
    return {sign for sign in found if ord(sign) > 126}


def _limit(memory: int) -> None:
    """No more memory than this, where the system knows how to hold us to it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
