"""Policies in plain words: which one a task has, when it is due, who is told."""

from datetime import date

import pytest

from models.base import new_id
from service.policies.words import deadline_words, ladder_briefly, ladder_words, said
from states.ladders import STANDARD
from states.lifecycle import Channel, Ladder, Rung
from states.policies import Policy
from states.registry import lifecycles
from states.roles import Role
from states.text import LANGUAGES

NONCONFORMITY = lifecycles()["nonconformity"]
LADDER = Ladder(
    (Rung(-1, (Role.HOLDER,)), Rung(0, (Role.HOLDER,)), Rung(2, (Role.HOLDERS_HEAD, Role.RECTOR), Channel.PAGE)),
    Rung(1, (Role.HOLDER,)),
)


def policy(days: int | None = 7, ladder: Ladder | None = LADDER, *, working: bool = True) -> Policy:
    since = date(2026, 5, 1)
    return Policy(new_id(), "nonconformity", "correction", since, days=days, working=working, ladder=ladder)


def said_in(one: Policy | None, language: str) -> str:
    return said(NONCONFORMITY, NONCONFORMITY.steps["correction"], one, language)


class TestAPolicyInWords:
    def test_says_since_when_and_how_long(self) -> None:
        assert said_in(policy(), "en") == (
            "By the policy in force from 1 May 2026: 7 working days after the step begins."
        )

    def test_says_what_is_declared_where_it_says_nothing(self) -> None:
        assert said_in(policy(None, None), "en").endswith(": 5 working days after the step begins.")
        assert said_in(None, "en") == "As declared for this step: 5 working days after the step begins."

    def test_tells_the_whole_ladder_in_one_line(self) -> None:
        assert ladder_words(LADDER, "en") == (
            "1 working day before: holder of the task; on the day: holder of the task; 2 working days after: head of"
            " the task's holder, rector (on the page only); then every working day: holder of the task"
        )

    def test_tells_calendar_days_from_working_days(self) -> None:
        step = NONCONFORMITY.steps["correction"]
        words = [deadline_words(NONCONFORMITY, step, policy(1, working=working), "en") for working in (True, False)]
        assert words == ["1 working day after the step begins", "1 calendar day after the step begins"]

    def test_names_the_date_of_a_step_that_has_its_own(self) -> None:
        step = NONCONFORMITY.steps["acting"]
        assert deadline_words(NONCONFORMITY, step, None, "en").startswith("on the date that the record says: ")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_said_in_each_language(self, language: str) -> None:
        assert "7" in said_in(policy(), language)
        assert "5" in said_in(None, language)
        for rung in LADDER.rungs:
            assert rung.to[0].label.into(language) in ladder_words(LADDER, language)

    def test_is_brief_where_there_are_many(self) -> None:
        assert ladder_briefly(STANDARD, "en") == "3 working days before – 15 working days after (rector)"
        once = Ladder((Rung(2, (Role.RECTOR,)),), Rung(1, (Role.HOLDER,)))
        assert ladder_briefly(once, "en") == "2 working days after (rector)"
