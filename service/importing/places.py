"""Which column of a list of units, posts or people is which, and what a row of it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from notifications.message import AddressError, UnsafeHeaderError, safe_address
from service.importing.columns import Entry, entries
from service.importing.report import Report
from service.importing.table import Table
from states.kyrgyz import fold, parse_day
from states.refusals import Malformed
from states.roles import GIVEN_TO_POSTS
from states.text import LANGUAGES, N_

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "код", "коду", "шифр", "шифри"),
    "name_ky": (
        *("name", "name ky", "name in Kyrgyz", "аталышы", "аталышы кыргызча", "аты", "наименование", "название"),
        *("название по-кыргызски", "наименование по-кыргызски"),
    ),
    "name_ru": ("name ru", "name in Russian", "аталышы орусча", "название по-русски", "наименование по-русски"),
    "name_en": ("name en", "name in English", "аталышы англисче", "название по-английски", "наименование по-английски"),
    "person": (
        *("person", "full name", "employee", "аты-жөнү", "аты жөнү", "адам", "кызматкер", "кызматкердин аты-жөнү"),
        *("фио", "ф.и.о.", "сотрудник", "фамилия имя отчество", "фамилия, имя, отчество"),
    ),
    "person_code": (
        *("person code", "employee number", "login", "логин", "табель №", "табелдик номери", "табельный номер"),
        *("таб. №", "код сотрудника", "кызматкердин коду"),
    ),
    "person_ru": ("person ru", "full name ru", "аты-жөнү орусча", "фио по-русски"),
    "person_en": ("person en", "full name en", "аты-жөнү англисче", "фио по-английски", "фио латиницей"),
    "email": (
        "email",
        "e-mail",
        "mail",
        "почта",
        "эл. почта",
        "электронная почта",
        "электрондук почта",
        "электрондук дареги",
    ),
    "language": ("language", "язык", "язык писем", "тил", "тили", "каттардын тили"),
    "unit": (
        *("unit", "department", "бөлүм", "бөлүмү", "түзүмдүк бөлүм", "структуралык бөлүм", "подразделение"),
        *("структурное подразделение", "отдел", "кафедра", "кафедрасы"),
    ),
    "unit_code": ("unit code", "бөлүмдүн коду", "код подразделения"),
    "parent": (
        *("parent", "belongs to", "эмнеге карайт", "жогорку бөлүм", "входит в", "куда входит"),
        *("вышестоящее подразделение", "головное подразделение"),
    ),
    "campus": ("campus", "is campus", "кампус"),
    "post": ("post", "position", "job title", "кызмат", "кызматы", "кызмат орду", "ээлеген кызматы", "должность"),
    "post_code": ("post code", "кызматтын коду", "код должности"),
    "role": ("role", "ролу", "роль"),
    "heads": ("heads", "head", "heads its unit", "жетекчи", "бөлүмдү башкарат", "руководитель", "возглавляет"),
    "since": ("since", "from", "качантан", "качантан бери", "дайындалган күнү", "с", "с какого дня", "дата назначения"),
    "until": ("until", "to", "качанга чейин", "по", "по какой день", "дата увольнения"),
}
# What makes a row a person's, a post's or a unit's: the fullest kind first.
NEEDED: Final = (("person",), ("name_ky", "email"), ("post",), ("name_ky", "unit"), ("unit",), ("name_ky",))
YES: Final = frozenset(map(fold, ("yes", "true", "1", "+", "x", "х", "ооба", "бар", "да", "есть", "✓")))
NO: Final = frozenset(map(fold, ("", "no", "false", "0", "-", "–", "—", "жок", "нет")))


class WrongCell(ValueError):  # noqa: N818 - an answer about a cell, as refusals are
    """A cell that cannot be read: an English sentence with its facts."""

    def __init__(self, sentence: str, **facts: object) -> None:
        self.sentence, self.facts = sentence, facts
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a unit, a post in it, a person who holds it, or as much of these as the table has.

    `unit`, `post` and `person` hold `code` and the three names, empty where the row does not name one, as all else is.
    """

    line: int
    unit: Mapping[str, str]
    post: Mapping[str, str]
    person: Mapping[str, str]
    parent: str
    campus: bool
    role: str | None
    heads: bool
    email: str
    language: str
    since: date | None
    until: date | None

    @property
    def names_something(self) -> bool:
        """Whether the row is about anything at all."""
        named = (*self.unit.values(), *self.post.values(), *self.person.values(), self.email)
        return any(named)


def read_places(table: Table, report: Report) -> Iterator[tuple[Entry, Place | WrongCell]]:
    """The rows, each read or with what is wrong in it. Raises Malformed where no row names the columns."""
    heads = [(line, place) for place, needed in enumerate(NEEDED) if (line := _first_line(table, needed)) is not None]
    if not heads:
        raise Malformed(
            N_("No row names the columns. Needed at least: %(needed)s."),
            N_("Put a heading above each column, for example: person, e-mail, unit, post, since."),
            needed="unit",
        )
    # The first row that names columns is the heading: a cell further down may say “department” too.
    rows = list(entries(table, COLUMNS, NEEDED[min(heads)[1]], report))
    return ((entry, _read(entry, _kind(rows))) for entry in rows)


def _first_line(table: Table, needed: tuple[str, ...]) -> int | None:
    """The line below the row that names these columns, None where no row does."""
    try:
        first = next(entries(table, COLUMNS, needed, Report("organisation")), None)
    except Malformed:
        return None
    return first.line if first else table.rows[-1].line + 1


def _kind(rows: list[Entry]) -> str:
    """What columns named only “code” and “name” are about."""
    known = rows[0].values if rows else {}
    if "person" in known or "email" in known:
        return "person"
    return "post" if "post" in known or "unit" in known else "unit"


def _read(entry: Entry, kind: str) -> Place | WrongCell:
    try:
        return Place(
            entry.line,
            _names(entry, "unit", kind),
            _names(entry, "post", kind),
            _names(entry, "person", kind),
            entry["parent"],
            _flag(entry["campus"]),
            _role(entry["role"]),
            _flag(entry["heads"]),
            _email(entry["email"]),
            _language(entry["language"]),
            _day(entry["since"]),
            _day(entry["until"]),
        )
    except WrongCell as wrong:
        return wrong


def _names(entry: Entry, what: str, kind: str) -> dict[str, str]:
    name = " ".join((entry[what] or (entry["name_ky"] if kind == what else "")).split())
    code = entry[f"{what}_code"] or (entry["code"] if kind == what else "")
    others = {
        f"name_{language}": entry[f"{what}_{language}"] or (entry[f"name_{language}"] if kind == what else "") or name
        for language in ("ru", "en")
    }
    if any(len(words) > 500 for words in (name, *others.values())):
        raise WrongCell(N_("Not taken: a name is longer than 500 characters."))
    return {"code": code.strip(), "name_ky": name, **others}


def _flag(words: str) -> bool:
    if fold(words) in YES:
        return True
    if fold(words) in NO:
        return False
    raise WrongCell(N_("Not taken: “%(words)s” is neither yes nor no."), words=words)


def _role(words: str) -> str | None:
    if not words:
        return None
    for role in GIVEN_TO_POSTS:
        if fold(words) in (role.value, role.value.replace("_", " "), *map(fold, role.label)):
            return role.value
    raise WrongCell(N_("Not taken: there is no role “%(words)s” that a post can have."), words=words)


def _email(words: str) -> str:
    try:
        return safe_address("To", words) if words else ""
    except (AddressError, UnsafeHeaderError) as error:
        raise WrongCell(N_("Not taken: “%(words)s” is no e-mail address."), words=words) from error


def _language(words: str) -> str:
    language = _LANGUAGES.get(fold(words))
    if language is None:
        raise WrongCell(N_("Not taken: letters are written in ky, ru or en, not in “%(words)s”."), words=words)
    return language


_LANGUAGES: Final[Mapping[str, str]] = {
    "": "",
    **{language: language for language in LANGUAGES},
    **{fold(words): "ky" for words in ("кыргызча", "кыргызский", "Kyrgyz")},
    **{fold(words): "ru" for words in ("орусча", "русский", "Russian")},
    **{fold(words): "en" for words in ("англисче", "английский", "English")},
}


def _day(words: str) -> date | None:
    # A spreadsheet's day comes with a midnight.
    day = parse_day(words.removesuffix("T00:00:00")) if words else None
    if words and day is None:
        raise WrongCell(N_("Not taken: “%(words)s” is no date."), words=words)
    return day
