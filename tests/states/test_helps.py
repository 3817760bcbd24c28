"""What a field says below its label: what to write there, in three languages, shortly, and not the label again."""

import re
from collections.abc import Iterator

import pytest

from states.lifecycle import Field, Lifecycle
from states.text import LANGUAGES, Text
from tests.states.cases import ALL, EACH

LONGEST = 160  # letters: three lines on a phone
OF_ITS_MOVE = {"reason", "rationale", "note"}  # what is asked for differs from move to move, though the label does not


def asked(lifecycle: Lifecycle) -> Iterator[tuple[str, Field]]:
    """Every field that its records are asked for, with the place that asks for it."""
    yield from (("opens", one) for one in lifecycle.opens)
    yield from ((move.name, one) for move in lifecycle.moves.values() for one in move.records)
    yield from ((part.name, one) for part in lifecycle.parts.values() for one in part.fields)


def says_all_by_itself(field: Field) -> bool:
    """Whether it only chooses, from a list of what the record has, which of them the move is about."""
    return field.kind == "attachment" or (field.kind == "part" and field.name == field.of)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def repeats(label: str, help_: str) -> bool:
    """Whether the help holds the label, where that is more than one word, or a sentence of nothing but its words."""
    whole = len(words(label)) > 1 and label.casefold() in help_.casefold()
    sentences = [one for one in re.split(r"(?<=[.?!…:])\s", help_) if words(one)]
    return whole or any(words(one) <= words(label) for one in sentences)


EACH_FIELD = pytest.mark.parametrize(
    "field",
    [
        pytest.param(field, id=f"{lifecycle.name}-{place}-{field.name}")
        for lifecycle in ALL
        for place, field in asked(lifecycle)
        if not says_all_by_itself(field)
    ],
)


@EACH_FIELD
class TestEveryField:
    def test_says_in_three_languages_what_to_write(self, field: Field) -> None:
        assert field.help
        assert all(help_ == help_.strip() and words(help_) for help_ in field.help)
        assert len(set(field.help)) == len(LANGUAGES)

    def test_says_it_in_whole_sentences(self, field: Field) -> None:
        for help_ in field.help or ():
            assert help_[0].isupper(), help_
            assert help_.rstrip("”»")[-1] in ".?…", help_

    def test_says_it_shortly(self, field: Field) -> None:
        for help_ in field.help or ():
            assert len(help_) <= LONGEST, (len(help_), help_)

    def test_does_not_say_its_label_again(self, field: Field) -> None:
        for label, help_ in zip(field.label, field.help or ("",) * len(LANGUAGES), strict=True):
            assert not repeats(label, help_), (label, help_)


@EACH
class TestAReason:
    def test_is_asked_for_by_each_move_in_its_own_words(self, lifecycle: Lifecycle) -> None:
        for language in LANGUAGES:
            helps = [
                field.help.into(language)
                for move in lifecycle.moves.values()
                for field in move.records
                if field.name in OF_ITS_MOVE and field.help and not move.part
            ]
            assert len(helps) == len(set(helps))


class TestALabelIsSaidAgain:
    @pytest.mark.parametrize(
        ("label", "help_"),
        [
            ("Дата приказа", "Дата приказа."),
            ("Дата приказа", "Укажите, какая дата приказа стоит в книге."),
            ("Reason", "Reason. Say why."),
            ("Кыскача", "Кыскача."),
        ],
    )
    def test_by_a_sentence_of_its_words(self, label: str, help_: str) -> None:
        assert repeats(label, help_)

    def test_and_not_by_a_help_that_uses_a_word_of_it(self) -> None:
        assert not repeats("Process", "To which process of the register it belongs.")

    def test_only_what_chooses_among_what_there_is_says_all_by_itself(self) -> None:
        label = Text("себеп", "причина", "cause")
        assert says_all_by_itself(Field("cause", label, "part", of="cause"))
        assert not says_all_by_itself(Field("because_of", label, "part", of="cause"))
        assert not says_all_by_itself(Field("confidential", label, "flag"))
