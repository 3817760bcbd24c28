"""What an import finds by code or by name, without looking through all of it for each row."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from states.kyrgyz import fold

NAMES = ("name_ky", "name_ru", "name_en")
Row = Mapping[str, object]


class Known:
    """Rows of one kind by identifier, and by their codes and names in any language, whatever their letters."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Row] = {}
        self._by_code: dict[str, UUID] = {}
        self._by_name: dict[str, list[UUID]] = {}

    def add(self, row_id: UUID, row: Row) -> None:
        """Know a row."""
        self.rows[row_id] = row
        self._by_code[fold(str(row["code"]))] = row_id
        for name in {fold(str(row[name])) for name in NAMES}:
            self._by_name.setdefault(name, []).append(row_id)

    def find(self, code: str, name: str = "") -> list[UUID]:
        """By the code where one is given, else by the name, which may be a code too."""
        if code:
            found = self._by_code.get(fold(code))
            return [found] if found else []
        if not name:
            return []
        return list(dict.fromkeys(self._found(fold(name))))

    def _found(self, name: str) -> Iterator[UUID]:
        if name in self._by_code:
            yield self._by_code[name]
        yield from self._by_name.get(name, ())


def is_called(row: Row, name: str) -> bool:
    """Whether the row has that name in any language."""
    return fold(name) in [fold(str(row[each])) for each in NAMES]


def names_given(given: Mapping[str, str]) -> dict[str, str]:
    """The three names; the first stands for those that are not given."""
    return {name: given[name] or given["name_ky"] for name in NAMES}
