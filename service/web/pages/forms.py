"""Forms out of declarations: a control for each field, and what was sent. What can be chosen: `choosing`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile

from service.files.attachments import known
from service.files.kinds import ACCEPT
from service.files.refusals import FileTooLarge
from service.files.store import MOST_BYTES
from service.language import say, says
from service.web.incoming import SEVERAL, keep, typed_name, within, words_of
from service.web.pages.choosing import Options as Options
from service.web.pages.choosing import key_of
from service.web.pages.choosing import options as options
from service.web.pages.choosing import people as people
from service.web.pages.choosing import posts as posts
from service.web.pages.choosing import processes as processes
from service.web.pages.choosing import units as units
from service.web.pages.wording import capital, heading
from service.web.site import Site, Visitor
from states.lifecycle import Field
from states.refusals import Incomplete, Malformed, Refusal
from states.text import N_

LARGEST: Final = 512 * 1024
# A check box for each of many parts is a field of its own.
MOST: Final = 400
SECRETS: Final = ("password", "passkey")


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: which move, what was typed, why."""

    name: str
    typed: Mapping[str, Any]
    refusal: Refusal

    def errors(self, language: str) -> dict[str, str]:
        """A sentence for each field that is missing or wrong."""
        found = self.refusal.errors if isinstance(self.refusal, Incomplete) else {}
        return {name: say(sentence, language) for name, sentence in found.items()}

    def words(self) -> list[str]:
        """What was typed, to be shown where the form itself cannot be; of secrets and of files nothing."""
        words = (value for name, value in self.typed.items() if name not in SECRETS)
        shown = (", ".join(value) if isinstance(value, list) else value for value in words)
        return [value for value in shown if isinstance(value, str) and value]

    def message(self, language: str) -> dict[str, str]:
        """What is wrong as a whole, and what to do next."""
        title, next_step = says(self.refusal, language)
        return {"title": title, "text": next_step}


class UnfitFiles(Incomplete):
    """Files of a form are not kept here; `typed` is the rest of the form."""

    def __init__(self, errors: Mapping[str, str], typed: Mapping[str, Any]) -> None:
        super().__init__(errors)
        self.typed = typed


async def sent(request: Request) -> dict[str, str]:
    """The words of a form. Raises Malformed for files and for what is far larger than anybody types."""
    async with limited(request, 0).form(max_files=0, max_fields=MOST) as form:
        return words_of(form)


def limited(request: Request, files: int) -> Request:
    """The same request, read no further than what anybody types, and where it comes in parts, so many files beside it.

    Past that it ends in Malformed or FileTooLarge. Files come in parts only (RFC 7578).
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not files or kind != "multipart/form-data":
        return within(request, LARGEST, Malformed(_TOO_MUCH, _SHORTEN))
    return within(request, LARGEST + files * (MOST_BYTES + LARGEST), FileTooLarge())


async def sent_with_files(request: Request, here: Site, who: Visitor, fields: Iterable[Field]) -> dict[str, Any]:
    """The words of a form, of fields that hold several all of them; of each of kind `file` what was kept of it.

    That is as `service.files.attachments.known` has it.

    A file that was kept when the form was sent before need not be sent again. Raises UnfitFiles, Malformed,
    FileTooLarge.
    """
    fields = list(fields)
    names = [field.name for field in fields if field.kind == "file"]
    if not names:
        async with limited(request, 0).form(max_files=0, max_fields=MOST) as form:
            return words_of(form, fields)
    errors: dict[str, str] = {}
    async with limited(request, len(names)).form(max_files=len(names), max_fields=MOST) as form:
        given = words_of(form, fields)
        for name in names:
            before, called = given.pop(f"{name}.sha256", ""), given.pop(f"{name}.name", "")
            given[name] = None
            try:
                given[name] = await _file(here, who, form.get(name), before, called)
            except Refusal as refusal:
                errors[name] = " ".join(says(refusal, who.language))
    if errors:
        raise UnfitFiles(errors, given)
    return given


async def _file(here: Site, who: Visitor, upload: object, before: str, name: str) -> Mapping[str, Any] | None:
    if isinstance(upload, UploadFile) and upload.filename:
        return await keep(here, upload.file, typed_name(upload.filename), who)
    if before:
        sender = who.person.id if who.person else None
        return await here.reading(lambda connection: known(connection, {"sha256": before, "name": name}, sender))
    return None


def controls(
    fields: Iterable[Field],
    language: str,
    choices: Mapping[str, Options],
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    prefix: str = "",
) -> list[dict[str, Any]]:
    """The arguments of the form component's `field`, one mapping for each; ids are unique through `prefix`.

    A field that is a choice among parts of which there are none is left out.
    """
    return [
        _control(field, language, choices.get(key_of(field), []), typed.get(field.name, ""), errors, prefix)
        for field in fields
        if field.kind not in ("part", "parts") or choices.get(key_of(field)) or field.required
    ]


def _control(
    field: Field, language: str, choices: Options, value: Any, errors: Mapping[str, str], prefix: str
) -> dict[str, Any]:
    value = _in_control(field, value)
    if field.kind == "entry":
        value = _whole(choices, value)
        choices = [one for one in choices if "closed" not in one or one["value"] == value]
    return {
        "name": field.name,
        "label": heading(field.label, language),
        "kind": _CONTROLS.get(field.kind, field.kind),
        "value": value,
        "choices": [{"value": one.value, "label": heading(one.label, language)} for one in field.choices] or choices,
        "required": field.required,
        "help": field.help.into(language) if field.help else "",
        "error": errors.get(field.name, ""),
        "rows": 4,
        "least": 0 if field.kind == "number" else "",
        "id": f"f-{prefix}{field.name}",
        **({"accept": ACCEPT} if field.kind == "file" else {}),
    }


_CONTROLS: Final = {"flag": "check", "parts": "checks", "records": "codes", "time": "line"}


def _in_control(field: Field, value: Any) -> Any:
    """A value as a control has it: what was typed stays, what is kept is written as one would type it."""
    if field.kind in SEVERAL:
        return [str(one) for one in value] if isinstance(value, list) else [value] if value else []
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _whole(choices: Options, value: Any) -> Any:
    """The entry that a code alone means: that of the newest edition, which comes first."""
    if not isinstance(value, str) or "/" in value or not value:
        return value
    return next((one["value"] for one in choices if one["value"].partition("/")[2] == value), value)


def summary(
    fields: Iterable[Field], errors: Mapping[str, str], language: str, prefix: str = ""
) -> list[dict[str, str]]:
    """The list above a form: each error with the field's name, leading to the field."""
    labels = {field.name: heading(field.label, language) for field in fields}
    return [
        {
            "field": f"{prefix}{name}",
            "text": say(_AT, language, {"field": labels.get(name, capital(name)), "error": sentence}),
        }
        for name, sentence in errors.items()
    ]


_AT = N_("%(field)s: %(error)s")
_TOO_MUCH, _SHORTEN = N_("This is more than a form can hold."), N_("Shorten it and send it again.")
