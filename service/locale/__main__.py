"""`make messages`: bring the catalogues up to date with the sentences; new ones wait, empty, for a translator."""

import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from service.locale.extract import sentences

FOLDER = Path(__file__).parent


def main() -> int:
    """Update each catalogue; gives 1 where something is not translated yet."""
    missing = 0
    for language in ("ky", "ru"):
        path = FOLDER / language / "LC_MESSAGES" / "sapat.po"
        with path.open("rb") as lines:
            catalog = read_po(lines, locale=language)
        # Without a date: a catalogue should change when a sentence does, not whenever it is looked at.
        catalog.update(sentences(), no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with path.open("wb") as out:
            write_po(out, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
        empty = [message.id for message in catalog if message.id and not all(_strings(message.string))]
        missing += len(empty)
        sys.stdout.write(f"{language}: {len(catalog)} sentences, {len(empty)} not translated\n")
    return 1 if missing else 0


def _strings(translated: object) -> tuple[object, ...]:
    return tuple(translated) if isinstance(translated, (list, tuple)) else (translated,)


if __name__ == "__main__":
    sys.exit(main())
