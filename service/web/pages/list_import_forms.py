"""What the pages of a list's import ask: which column is what, what to take where nothing is said; and the answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from service.importing.list.answers import CHOICES
from service.importing.list.blocks import Block
from service.importing.list.look import Look
from service.importing.list.mapping import ListMapping, check, mapping_from
from service.importing.list.words import FIELDS
from service.importing.waiting import WaitingTables
from service.language import say
from service.web.pages.wording import capital, heading
from service.web.site import Visitor
from states.kyrgyz import fold
from states.nonconformity import LIFECYCLE
from states.refusals import Incomplete, NotFound
from states.text import N_

Shown = dict[str, Any]
NOT_READ: Final = "-"
EXAMPLES: Final = 3
_WORDS: Final = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """The words of a form: which file it is about, and what was answered."""

    words: Mapping[str, str]

    @property
    def key(self) -> str:
        """The SHA-256 of the file."""
        return self.words.get("key", "")

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.words.get("name", "")

    @property
    def campus(self) -> str:
        """The code of the campus whose list it is."""
        return self.words.get("campus", "")

    @property
    def sheet(self) -> str:
        """The sheet that is read; "" for the first one."""
        return self.words.get("sheet", "")

    def path(self, waiting: WaitingTables) -> Path:
        """Where the file is. Raises NotFound where it waits no more."""
        path = waiting.path(self.key, self.name)
        if not path.is_file():
            raise NotFound(N_("This list waits no more."), N_("Send it again."))
        return path

    def hidden(self, mapping: ListMapping | None = None) -> dict[str, str]:
        """What the next form says of the same file."""
        about = {"key": self.key, "name": self.name, "campus": self.campus, "sheet": self.sheet}
        return {**about, "mapping": json.dumps(mapping.facts(), ensure_ascii=False)} if mapping else about


def kept_mapping(sent: Sent, *, is_whole: bool = True) -> ListMapping:
    """The mapping that a page of ours has written into its form. Raises Incomplete."""
    try:
        return mapping_from(json.loads(sent.words.get("mapping", "")), is_whole=is_whole)
    except (ValueError, RecursionError) as error:
        raise Incomplete({"mapping": N_("This is not a mapping that was made here. Send the file again.")}) from error


def said_mapping(sent: Sent, look: Look) -> ListMapping:
    """What a form says, whether or not it is enough. Raises Incomplete for what no form of ours says."""
    before = kept_mapping(sent, is_whole=False)
    words = sent.words
    columns = {
        block.print: tuple(
            words[name].replace(NOT_READ, "") if (name := f"column-{table}-{place}") in words else field
            for place, field in enumerate((before if block.print in before.columns else look.mapping).fields(block))
        )
        for table, block in enumerate(look.blocks)
    }
    defaults = {name: value for name in CHOICES if (value := words.get(f"default-{name}", ""))}
    made = replace(
        before,
        columns=columns,
        statuses={**before.statuses, **_answered(words, "status")},
        owners={**before.owners, **_answered(words, "owner")},
        defaults={**before.defaults, **defaults},
        sheet=sent.sheet,
    )
    return mapping_from(made.facts(), is_whole=False)


def typed_mapping(sent: Sent, look: Look) -> ListMapping:
    """What a form says. Raises Incomplete where that is not enough."""
    mapping = said_mapping(sent, look)
    check(mapping)
    if missing := {f"default-{name}": N_("This is needed.") for name in CHOICES if name not in mapping.defaults}:
        raise Incomplete(missing)
    return mapping


def _answered(words: Mapping[str, str], what: str) -> dict[str, str]:
    """Answers by the words they are about; one that was taken back is none."""
    return {
        fold(words[f"{what}-words-{place}"]): value
        for name, value in words.items()
        if name.startswith(f"{what}-") and (place := name.removeprefix(f"{what}-")).isdecimal()
        if value and f"{what}-words-{place}" in words
    }


def columns_page(
    who: Visitor, sent: Sent, look: Look, mapping: ListMapping, refusal: Incomplete | None = None
) -> Shown:
    """What the template of the columns needs."""
    language = who.language
    errors = {name: say(sentence, language) for name, sentence in (refusal.errors if refusal else {}).items()}
    return {
        "hidden_fields": sent.hidden(mapping),
        "file": sent.name,
        "sheets": [{"value": name, "label": name} for name in look.source.sheets] if look.source.sheets[1:] else [],
        "sheet": sent.sheet or next(iter(look.source.sheets), ""),
        "tables": [_table(look, table, block, mapping, language) for table, block in enumerate(look.blocks)],
        "defaults": [_default(name, mapping, errors, language) for name in CHOICES],
        "errors": [_error(name, text, look, language) for name, text in errors.items()],
        "crumbs": crumbs(language),
    }


def crumbs(language: str) -> list[Shown]:
    """The way here."""
    plural = heading(LIFECYCLE.plural, language)
    return [{"href": f"/{LIFECYCLE.collection}", "label": plural}, {"label": say(_BRING_IN, language)}]


def _table(look: Look, table: int, block: Block, mapping: ListMapping, language: str) -> Shown:
    fields = mapping.fields(block)
    known = look.remembered is not None and block.print in look.remembered.mapping.columns
    choices = [
        {"value": NOT_READ, "label": say(_NOT_READ, language)},
        *({"value": name, "label": heading(label, language)} for name, label in FIELDS.items()),
    ]
    columns = []
    for place, head in enumerate(block.heads):
        shown = " ".join(head.split()) or say(_NO_HEADING, language, {"number": place + 1})
        unsure = fields[place] and not known and not block.guesses[place].is_sure
        help_ = [say(_CHECK, language)] if unsure else []
        if examples := _examples(block, place):
            help_.append(say(_EXAMPLES, language, {"words": " · ".join(examples)}))
        columns.append(
            {
                "name": f"column-{table}-{place}",
                "label": shown,
                "kind": "choice",
                "value": fields[place] or NOT_READ,
                "choices": choices,
                "help": " ".join(help_),
            }
        )
    return {"line": block.lines[0], "rows": len(block.rows), "columns": columns}


def _examples(block: Block, place: int) -> list[str]:
    """The first few different cells of a column, shortened; lines that only number the columns are no examples."""
    full = [line for line in block.rows[:200] if sum(map(bool, line.cells)) > 1 and not all(map(_is_count, line.cells))]
    cells = (line.cells[place] for line in full if place < len(line.cells) and line.cells[place])
    found = list(dict.fromkeys(" ".join(cell.split()) for cell in cells))[:EXAMPLES]
    return [cell if len(cell) <= _WORDS else f"{cell[: _WORDS - 1]}…" for cell in found]


def _is_count(cell: str) -> bool:
    return not cell or cell.isdecimal()


def _default(name: str, mapping: ListMapping, errors: Mapping[str, str], language: str) -> Shown:
    return {
        "name": f"default-{name}",
        "label": heading(FIELDS[name], language),
        "kind": "choice",
        "value": mapping.defaults.get(name, ""),
        "choices": [{"value": one.value, "label": heading(one.label, language)} for one in CHOICES[name]],
        "required": True,
        "error": errors.get(f"default-{name}", ""),
    }


def _error(name: str, text: str, look: Look, language: str) -> Shown:
    """A line of the list above the form, which leads to what it is about."""
    if name.startswith("default-"):
        label = heading(FIELDS[name.removeprefix("default-")], language)
        return {"field": name, "text": f"{label}: {text}"}
    return {"field": "column-0-0" if look.blocks else "default-kind", "text": capital(text)}


_BRING_IN = N_("Bring in a list")
_NOT_READ = N_("Not read: kept with the source only")
_NO_HEADING = N_("Column %(number)s, without a heading")
_CHECK = N_("This is a guess: please check it.")
_EXAMPLES = N_("For example: %(words)s")
