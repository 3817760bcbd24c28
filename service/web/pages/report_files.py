"""Photos and other files that come with the first report of a record: its evidence from the beginning."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, Final

import sqlalchemy as sa
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from service.files.attachments import known
from service.files.kinds import ACCEPT
from service.language import say, says
from service.moves import Moved, move
from service.web.incoming import keep, typed_name, words_of
from service.web.pages.files import in_words
from service.web.pages.forms import MOST, UnfitFiles, limited
from service.web.site import Site, Visitor
from states.lifecycle import Field, Lifecycle, Move
from states.refusals import Refusal
from states.roles import Role
from states.text import N_, Text
from states.working_days import today

NAME: Final = "files"
FILES: Final = Field(
    NAME,
    Text("Сүрөттөр жана файлдар", "Фотографии и файлы", "Photos and files"),
    "file",
    required=False,
    help=Text(
        "Билдирүүгө далил катары кошулат. Бир нече файлды бир жолу тандаса болот.",
        "Будут добавлены к сообщению как свидетельства. Можно выбрать сразу несколько.",
        "They are added to the report as evidence. Several can be chosen at once.",
    ),
)
MOST_FILES: Final = 10
# More than these a browser may send and is told so, with nothing of what was typed lost.
_PARTS: Final = 100
_APPLE: Final = frozenset({".heic", ".heif"})


def adding_files(one: Lifecycle) -> Move | None:
    """The move by which whoever opens a record may add a file to it at once; None where there is none."""
    if any(field.kind == "file" for field in one.opens):
        return None
    return next(
        (
            declared
            for declared in one.moves.values()
            if declared.adds and one.initial in declared.sources and Role.AUTHOR in declared.by and _file_of(declared)
        ),
        None,
    )


def _file_of(declared: Move) -> str:
    return next((field.name for field in declared.records if field.kind == "file"), "")


async def sent_report(request: Request, here: Site, who: Visitor, fields: Iterable[Field]) -> dict[str, Any]:
    """The words of a report, and in `files` what was kept of its files, each as a move's field of kind `file` has it.

    Those that were kept when the form was sent before come back as `sha256/name`. Raises UnfitFiles, Malformed,
    FileTooLarge.
    """
    async with limited(request, MOST_FILES).form(max_files=_PARTS, max_fields=MOST) as form:
        given = words_of(form, fields)
        files, errors = await _kept(form, here, who)
    given[NAME] = files
    if errors:
        raise UnfitFiles({NAME: "\n".join(errors)}, given)
    return given


async def _kept(form: FormData, here: Site, who: Visitor) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The files of a form that are kept, each content once, no two of one name; and why others are not."""
    found: dict[str, Mapping[str, Any]] = {}
    errors = []
    sent = [one for one in form.getlist(NAME) if one and not (isinstance(one, UploadFile) and not one.filename)]
    for one in sent:
        name = typed_name(one.filename or "") if isinstance(one, UploadFile) else one.partition("/")[2]
        try:
            if len(found) >= MOST_FILES:
                raise TooManyFiles(most=MOST_FILES)
            file = (
                await keep(here, one.file, name, who) if isinstance(one, UploadFile) else await _again(one, here, who)
            )
        except TooManyFiles as refusal:
            errors.append(" ".join(says(refusal, who.language)))
            break
        except Refusal as refusal:
            errors.append(_why(name, refusal, who.language))
            continue
        taken = {other["name"] for other in found.values()}
        found.setdefault(file["sha256"], {**file, "name": _apart(file["name"], taken)})
    return list(found.values()), errors


class TooManyFiles(Refusal):
    """More files than a report may bring."""

    status = 413
    code = "too-many-files"
    says = N_("At most %(most)s files can come with a report.")
    next_step = N_("Those that were kept stand here. The others can be added once it is open.")


async def _again(sent: str, here: Site, who: Visitor) -> Mapping[str, Any]:
    """A file that this person has sent before. Raises NotKept."""
    sha256, _, name = sent.partition("/")
    sender = who.person.id if who.person else None
    return await here.reading(lambda connection: known(connection, {"sha256": sha256, "name": name}, sender))


def _why(name: str, refusal: Refusal, language: str) -> str:
    facts = {"name": name, "why": " ".join(says(refusal, language))}
    apple = PurePath(name).suffix.casefold() in _APPLE
    return say(_HEIC if apple else _NOT_KEPT, language, facts)


def _apart(name: str, taken: set[str]) -> str:
    """The name, numbered where another file has it: phones call every photo alike."""
    path, number, apart = PurePath(name), 1, name
    while apart in taken:
        number += 1
        apart = f"{path.stem[:180]}-{number}{path.suffix}"
    return apart


def add_files(connection: sa.Connection, opened: Moved, adding: Move, given: Mapping[str, Any], who: Visitor) -> None:
    """Add the files of a report to the record that came of it, as whoever opened it. Raises any Refusal."""
    version = opened.version
    day = given.get("found_on") or today(who.now).isoformat()
    for file in given.get(NAME, ()):
        values = {field.name: _said(field, given, day) for field in adding.records if field.required}
        made = move(
            connection,
            opened.record_id,
            adding.name,
            who.actor,
            {**values, _file_of(adding): file},
            who.now,
            expects=version,
        )
        version = made.version


def _said(field: Field, given: Mapping[str, Any], day: str) -> str:
    """What is said of a file: what was reported, and found that day."""
    return day if field.kind == "date" else str(given.get("title", ""))


def control(files: Any, error: str, language: str) -> dict[str, Any]:
    """What the form shows: where to choose files, and which are kept already."""
    there = files if isinstance(files, list) else []
    return {
        "name": NAME,
        "label": FILES.label.into(language),
        "help": FILES.help.into(language) if FILES.help else "",
        "error": error,
        "accept": ACCEPT,
        "kept": [
            {
                "value": f"{one['sha256']}/{one['name']}",
                "name": one["name"],
                "size": in_words(one["size"], language),
            }
            for one in there
        ],
    }


_NOT_KEPT: Final = N_("%(name)s: %(why)s")
_HEIC: Final = N_(
    "%(name)s: photos of this kind are not kept here. Send it as JPEG: choose the most compatible format in the "
    "settings of the camera, or take the photo from this page."
)
