"""The catalogues that come with Sapat: clauses of ISO 9001:2015 and causes of nonconformities, whole and clean."""

import re
import unicodedata
from typing import Final

import pytest

from service.importing.facts import DATA, facts

CLAUSES: Final = "clauses_iso9001_2015"
CAUSES: Final = "causes"
BOTH = pytest.mark.parametrize("catalogue", [CLAUSES, CAUSES])
LANGUAGES: Final = ("ky", "ru", "en")

RUSSIAN: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
LETTERS: Final = {"ky": RUSSIAN + "ңөү", "ru": RUSSIAN, "en": "abcdefghijklmnopqrstuvwxyz"}
BONE: Final = re.compile(r"[A-Z]")

# Which clauses of the standard have how many numbered subclauses: facts, counted by hand.
SUBCLAUSES: Final = {
    2: ("4.4", "5.1", "5.2", "6.1", "6.2", "7.1.5", "7.5.3", "8.2.3", "8.7", "9.2", "10.2"),
    3: ("5", "6", "7.5", "8.4", "9", "9.1", "9.3", "10"),
    4: ("4", "8.2"),
    5: ("7",),
    6: ("7.1", "8.3", "8.5"),
    7: ("8",),
}


def children(catalogue: str) -> dict[str, list[str]]:
    """The codes under each parent in the order of the file; under "" the top ones."""
    found: dict[str, list[str]] = {}
    for row in facts(catalogue):
        found.setdefault(row["parent"], []).append(row["code"])
    return found


@BOTH
class TestACatalogue:
    def test_has_the_columns_that_its_readers_know(self, catalogue: str) -> None:
        assert list(facts(catalogue)[0]) == ["code", "parent", "name_ky", "name_ru", "name_en"]

    def test_gives_no_code_twice(self, catalogue: str) -> None:
        codes = [row["code"] for row in facts(catalogue)]
        assert sorted(set(codes)) == sorted(codes)

    def test_names_each_parent_before_its_children(self, catalogue: str) -> None:
        seen = {""}
        for row in facts(catalogue):
            assert row["parent"] in seen, row["code"]
            seen.add(row["code"])

    def test_names_everything_in_each_language(self, catalogue: str) -> None:
        assert [row["code"] for row in facts(catalogue) for one in LANGUAGES if not row[f"name_{one}"]] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_gives_no_name_twice(self, catalogue: str, language: str) -> None:
        """So that a name says by itself which one is meant, without its parent beside it."""
        names = [row[f"name_{language}"].casefold() for row in facts(catalogue)]
        assert sorted({name for name in names if names.count(name) > 1}) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_written_in_the_letters_of_its_language(self, catalogue: str, language: str) -> None:
        """No Latin letter inside a Cyrillic word, no Kyrgyz letter in a Russian one."""
        names = [row[f"name_{language}"] for row in facts(catalogue)]
        strange = {name for name in names for one in name.lower() if one.isalpha() and one not in LETTERS[language]}
        assert strange == set()

    def test_has_codes_in_ascii(self, catalogue: str) -> None:
        assert [row["code"] for row in facts(catalogue) if not row["code"].isascii()] == []

    def test_is_normalised_without_spaces_at_the_edges(self, catalogue: str) -> None:
        text = (DATA / f"{catalogue}.tsv").read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text)
        assert re.findall(r".*(?:[^\S \t\n]| {2}| $| \t|\t ).*", text, flags=re.MULTILINE) == []


class TestTheClauses:
    def test_are_numbered_as_in_the_standard(self) -> None:
        tree = children(CLAUSES)
        assert tree.pop("") == ["4", "5", "6", "7", "8", "9", "10"]
        expected = {clause: number for number, clauses in SUBCLAUSES.items() for clause in clauses}
        assert {clause: len(codes) for clause, codes in tree.items()} == expected

    def test_are_in_the_order_of_the_standard_without_a_gap(self) -> None:
        tree = children(CLAUSES)
        for parent, codes in tree.items():
            first = 4 if parent == "" else 1
            lead = f"{parent}." if parent else ""
            assert codes == [f"{lead}{number}" for number in range(first, first + len(codes))]
        numbers = [tuple(map(int, row["code"].split("."))) for row in facts(CLAUSES)]
        assert numbers == sorted(numbers)


class TestTheCauses:
    def test_are_seven_bones_of_four_to_eight(self) -> None:
        """As many as an Ishikawa diagram shows legibly."""
        tree = children(CAUSES)
        bones = tree.pop("")
        assert len(bones) == 7
        assert list(tree) == bones
        assert {bone: len(codes) for bone, codes in tree.items() if not 4 <= len(codes) <= 8} == {}

    def test_carry_the_letter_of_their_bone_and_a_running_number(self) -> None:
        tree = children(CAUSES)
        bones = tree.pop("")
        assert [code for code in bones if not BONE.fullmatch(code)] == []
        for bone, codes in tree.items():
            assert codes == [f"{bone}{number}" for number in range(1, len(codes) + 1)]
