"""People: who works at the university, and how they are reached."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from notifications.message import AddressError, UnsafeHeaderError, safe_address
from service.act import Act
from service.keeping.change import begin, insert, row_of, update
from service.keeping.given import CODE, Fields, named, new_code, read_given
from service.organisation import Actor
from states.lifecycle import Choice, Field
from states.refusals import Incomplete
from states.text import LANGUAGES, N_, Text

WHAT: Final = Text("адамдарды жүргүзүү", "ведение людей", "keeping the people")
_LANGUAGES: Final = {
    "ky": Text("кыргызча", "кыргызский", "Kyrgyz"),
    "ru": Text("орусча", "русский", "Russian"),
    "en": Text("англисче", "английский", "English"),
}
# People are named, things are called: the same columns under other words.
_NAMES: Final[Fields] = (
    Field("name_ky", Text("Аты-жөнү кыргызча", "Имя по-кыргызски", "Name in Kyrgyz"), "line"),
    Field("name_ru", Text("Аты-жөнү орусча", "Имя по-русски", "Name in Russian"), "line", required=False),
    Field("name_en", Text("Аты-жөнү англисче", "Имя по-английски", "Name in English"), "line", required=False),
)
CHANGES: Final[Fields] = (
    *_NAMES,
    Field("email", Text("Электрондук дареги", "Электронная почта", "E-mail"), "line"),
    Field(
        "language",
        Text("Каттардын тили", "Язык писем", "Language of mails"),
        "choice",
        choices=tuple(Choice(language, _LANGUAGES[language]) for language in LANGUAGES),
    ),
)
ADDS: Final[Fields] = (CODE, *CHANGES)


def add_person(connection: sa.Connection, given: Mapping[str, Any], actor: Actor, now: datetime) -> UUID:
    """A new person without any post yet; their identifier. Raises NotYours, Incomplete, Duplicate."""
    act = begin(connection, actor, now, WHAT)
    values = read_given(act, ADDS, given)
    code = new_code(act, t.person, values["code"])
    return insert(act, t.person, "person.added", {"code": code, **_columns(act, None, values)})


def change_person(
    connection: sa.Connection, person_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> bool:
    """Another name, address or language; False where nothing differs. Raises as `add_person`, NotFound."""
    act = begin(connection, actor, now, WHAT)
    row, values = row_of(act, t.person, person_id), read_given(act, CHANGES, given)
    return update(act, t.person, "person.changed", row, _columns(act, person_id, values))


def usable_email(act: Act, email: str, person_id: UUID | None) -> str | None:
    """What is wrong with an address (an English sentence), None where mails can go there and nobody else has it."""
    try:
        safe_address("To", email)
    except (AddressError, UnsafeHeaderError):
        return N_("This is no e-mail address.")
    people = act.organisation.people.values()
    if any(person.email.casefold() == email.casefold() and person.id != person_id for person in people):
        return N_("Somebody else has this address.")
    return None


def _columns(act: Act, person_id: UUID | None, values: Mapping[str, Any]) -> dict[str, Any]:
    if wrong := usable_email(act, values["email"], person_id):
        raise Incomplete({"email": wrong})
    return {**named(values), "email": values["email"], "language": values["language"]}
