"""What has to be translated: the marked sentences of the code and the templates."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
ROOMS = ("states", "models", "notifications", "service", "workflows")
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
JINJA = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}


def sentences() -> Catalog:
    """A catalogue of all marked sentences, untranslated, with the files they stand in."""
    catalog = Catalog(project="Sapat", charset="utf-8")
    for room in ROOMS:
        found = extract_from_dir(
            ROOT / room,
            method_map=[("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")],
            options_map={"**.html": JINJA, "**.txt": JINJA},
            keywords=KEYWORDS,
        )
        for file, _line, message, _comments, context in found:
            # Files without lines: a catalogue should change when a sentence does, not when code above it moves.
            catalog.add(message, locations=[(f"{room}/{file}", 0)], context=context)
    return catalog
