"""Absences: entered by whom they concern, with a deputy; what is doubtful is said, what falls into the gap is shown."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from models import tables as t
from service.keeping.absences import (
    cancel_absence,
    change_absence,
    end_early,
    enter_absence,
    may_see,
    read_absence,
)
from service.keeping.cautions import cautions
from service.keeping.gaps import gap, gaps_ahead
from service.keeping.holdings import leave_post
from service.organisation import CLOCK
from states.refusals import GuardUnmet, Incomplete, NotYours, Refusal
from states.working_days import BISHKEK
from tests.councils.sitting import Sitting, seat
from tests.keeping.keeping import DAY, NOW, do, log, see, snapshot
from tests.support.university import University, at, order

WEEK = timedelta(days=7)


def days(count: int) -> date:
    return DAY + timedelta(days=count)


def away(university: University, person: str, since: date, until: date, deputy: str = "", **more: Any) -> UUID:
    given = {"person": person, "since": since, "until": until, "deputy": deputy}
    return do(university, enter_absence, given, **more)


def doubts(university: University, person: str, since: date, until: date, deputy: str = "") -> list[str]:
    given = {"person": person, "since": since, "until": until, "deputy": deputy}
    actor = university.as_("admin", NOW)
    absence = see(university, read_absence, given, actor, NOW)
    return [caution.kind for caution in see(university, cautions, absence, CLOCK, NOW)]


class TestAnAbsence:
    def test_is_entered_by_the_person_or_the_administrator(self, university: University) -> None:
        away(university, "owner", days(1), days(7), "head", who="owner")
        away(university, "head", days(1), days(7))
        for who in ("dean", "head", "quality", "reader"):
            with pytest.raises(NotYours):
                away(university, "owner", days(20), days(21), who=who)
        people, found = university.people, snapshot(university)
        assert found.stands_in(people["owner"], days(1)) is None  # the deputy is away too
        assert found.stands_in(people["owner"], days(8)) == people["owner"]
        (mine, _) = university.rows(t.absence)
        assert (mine["entered_by_id"], mine["entered_at"]) == (people["owner"], NOW)
        assert log(university, "absence.entered")[0]["facts"]["after"]["since"] == days(1).isoformat()

    @pytest.mark.parametrize(
        ("since", "until", "deputy", "field"),
        [
            (2, 1, "head", "until"),
            (1, 2, "owner", "deputy"),
            (1, 2, "nobody", "deputy"),
            (5, 9, "head", "since"),
            (1, 2000, "head", "until"),
        ],
    )
    def test_is_refused_with_what_is_wrong(
        self, university: University, since: int, until: int, deputy: str, field: str
    ) -> None:
        away(university, "owner", days(9), days(12))
        with pytest.raises(Incomplete) as refused:
            away(university, "owner", days(since), days(until), deputy)
        assert list(refused.value.errors) == [field]
        assert len(university.rows(t.absence)) == 1

    def test_may_be_changed_until_it_is_over(self, university: University) -> None:
        one = away(university, "owner", days(0), days(7), who="owner")
        given = {"since": days(0), "until": days(9), "deputy": "head"}
        tomorrow = at(2026, 4, 7)
        assert do(university, change_absence, one, given, who="owner", when=tomorrow)
        with pytest.raises(Incomplete):
            do(university, change_absence, one, {**given, "since": days(1)}, who="owner", when=tomorrow)
        with pytest.raises(NotYours):
            do(university, change_absence, one, given, who="head")
        with pytest.raises(GuardUnmet):
            do(university, change_absence, one, given, who="owner", when=at(2026, 4, 30))
        before = log(university, "absence.changed")[0]["facts"]["before"]
        assert before == {"until": days(7).isoformat(), "deputy_id": None}

    def test_may_be_cancelled_before_and_ended_after_its_beginning(self, university: University) -> None:
        one, other = away(university, "owner", days(0), days(7)), away(university, "dean", days(0), days(7), "head")
        do(university, cancel_absence, one, who="owner")
        assert snapshot(university).stands_in(university.people["owner"], DAY) == university.people["owner"]
        with pytest.raises(GuardUnmet):
            do(university, cancel_absence, other, when=at(2026, 4, 7))
        for until in (days(8), days(-1)):
            with pytest.raises(Incomplete):
                do(university, end_early, other, until, when=at(2026, 4, 8))
        do(university, end_early, other, days(1), who="dean", when=at(2026, 4, 8))
        assert snapshot(university).stands_in(university.people["dean"], days(2)) == university.people["dean"]
        away(university, "owner", days(3), days(4))

    def test_says_its_reason_to_few(self, university: University) -> None:
        found, owner = snapshot(university), university.people["owner"]
        seeing = [who for who in university.people if may_see(found, university.as_(who, NOW), owner)]
        assert seeing == ["quality", "admin", "owner"]


class TestWhatIsDoubtful:
    def test_is_that_there_is_no_deputy(self, university: University) -> None:
        assert doubts(university, "owner", days(1), days(2)) == ["no-deputy"]
        assert doubts(university, "owner", days(1), days(2), "head") == []

    def test_is_a_deputy_who_is_away_too(self, university: University) -> None:
        away(university, "head", days(2), days(9))
        assert doubts(university, "owner", days(1), days(2), "head") == ["deputy-away", "nobody"]
        assert doubts(university, "owner", days(0), days(1), "head") == []

    def test_is_a_chain_and_a_circle_of_deputies(self, university: University) -> None:
        away(university, "head", days(2), days(9), "dean")
        assert doubts(university, "owner", days(1), days(9), "head") == ["deputy-away", "chain"]
        away(university, "dean", days(2), days(9), "owner")
        found = doubts(university, "owner", days(1), days(9), "head")
        assert found == ["is-a-deputy", "deputy-away", "circle"]

    def test_is_a_deputy_whom_separation_of_duties_stops(self, university: University) -> None:
        university.under_way(NOW, days(30))
        assert "separation-of-duties" in doubts(university, "quality", days(1), days(9), "owner")
        assert doubts(university, "quality", days(1), days(9), "librarian") == []

    def test_is_looked_at_for_a_change_too(self, university: University) -> None:
        one = away(university, "owner", days(1), days(2), "head")
        away(university, "head", days(5), days(6))
        given = {"since": days(1), "until": days(5), "deputy": "head"}
        absence = see(university, read_absence, given, university.as_("owner", NOW), NOW, one)
        assert [caution.kind for caution in see(university, cautions, absence, CLOCK, NOW)] == ["deputy-away", "nobody"]


class TestTheGap:
    def test_holds_what_is_due_then_and_the_rungs_that_speak(self, university: University) -> None:
        _, action = university.under_way(NOW, days(11))
        owner = university.people["owner"]
        falls = see(university, gap, owner, days(9), days(15), CLOCK, NOW)
        found = [(one.day, one.kind) for one in falls]
        code = university.record(action)["code"]
        assert (days(11), "due") in found
        assert (days(11), "rung") in found
        assert (days(14), "rung") in found  # one working day after a Friday
        assert all(days(9) <= day <= days(15) for day, _ in found)
        due = next(one for one in falls if one.kind == "due" and one.code == code)
        assert due.href == f"/actions/{action}"
        assert due.post is not None
        assert not see(university, gap, university.people["reader"], days(9), days(15), CLOCK, NOW)

    def test_holds_what_was_late_before(self, university: University) -> None:
        university.under_way(NOW, days(2))
        kinds = {one.kind for one in see(university, gap, university.people["owner"], days(9), days(15), CLOCK, NOW)}
        assert "late" in kinds

    def test_holds_what_comes_into_force_and_what_must_be_reviewed(self, university: University) -> None:
        revision = university.endorsed(NOW)
        university.go(revision, "approve", "rector", NOW, **order("1", NOW, days(10)))
        (falls,) = see(university, gap, university.people["owner"], days(9), days(15), CLOCK, NOW)
        assert (falls.day, falls.kind) == (days(10), "wake")
        university.change(t.revision.update().values(in_force=True, review_due_on=days(12)))
        found = see(university, gap, university.people["owner"], days(9), days(15), CLOCK, NOW)
        assert [(one.day, one.kind) for one in found] == [(days(10), "wake"), (days(12), "review")]

    def test_holds_sittings_at_which_they_are_awaited(self, university: University) -> None:
        day = datetime.combine(days(10), time(10), BISHKEK)
        body_id = seat(university, "ouk", ("dean", "sec_ouk"))
        chair = university.posts["head"]
        university.change(t.body.update().where(t.body.c.id == body_id).values(chair_post_id=chair))
        sitting = Sitting.plan(university, day)

        def awaited(person: str, since: int = 9, until: int = 15) -> list[tuple[date, tuple[str, ...]]]:
            found = see(university, gap, university.people[person], days(since), days(until), CLOCK, NOW)
            said = [(one.day, one.facts["parts"]) for one in found if one.kind == "sitting"]
            return [(day, tuple(part.en for part in parts)) for day, parts in said if isinstance(parts, tuple)]

        secretary, member = "secretary of the council", "member of this body"
        assert awaited("dean") == [(days(10), (member,))]
        assert awaited("head") == [(days(10), ("chair of the council",))]
        assert awaited("sec_ouk") == [(days(10), (secretary, member))]
        assert awaited("dean", 10, 10)
        assert not awaited("owner")
        assert not awaited("dean", 11, 15)
        assert not awaited("dean", 1, 9)
        sitting.go("cancel", NOW, reason="Кворум болбойт")
        assert not awaited("dean")

    def test_offers_nobody_a_members_seat(self, university: University) -> None:
        """Whoever else holds the secretary's post can take a sitting over from the secretary, but not from a member."""
        holding = {"id": university.units["UNI"], "person_id": university.people["reader"], "since": DAY}
        university.change(t.holding.insert().values(post_id=university.posts["sec_ouk"], **holding))
        seat(university, "ouk", ("dean",))
        Sitting.plan(university, datetime.combine(days(10), time(10), BISHKEK))

        def also(person: str) -> list[str]:
            found = see(university, gap, university.people[person], days(9), days(15), CLOCK, NOW)
            return [name.en for one in found if one.kind == "sitting" for name in one.also]

        assert also("sec_ouk") == ["Okurman Okurov"]
        assert also("dean") == []

    def test_tells_who_else_holds_the_post(self, university: University) -> None:
        university.under_way(NOW, days(11))
        holding = {"id": university.units["UNI"], "person_id": university.people["reader"], "since": DAY}
        university.change(t.holding.insert().values(post_id=university.posts["owner"], **holding))
        found = see(university, gap, university.people["owner"], days(9), days(15), CLOCK, NOW)
        assert {name.en for one in found for name in one.also} == {"Okurman Okurov"}

    def test_names_no_record_to_whoever_may_not_read_it(self, university: University) -> None:
        university.under_way(NOW, days(11))
        reader = university.as_("reader", NOW)
        found = see(university, gap, university.people["owner"], days(9), days(15), reader, NOW)
        assert found
        assert {(one.code, one.title, one.href, len(one.facts)) for one in found} == {("", "", "", 0)}

    def test_of_the_past_is_empty(self, university: University) -> None:
        university.under_way(NOW, days(2))
        assert see(university, gap, university.people["owner"], days(-9), days(-1), CLOCK, NOW) == []


class TestGapsAhead:
    def test_are_absences_without_a_deputy_or_with_one_who_is_away(self, university: University) -> None:
        away(university, "owner", days(1), days(2))
        away(university, "head", days(3), days(8), "dean")
        away(university, "dean", days(8), days(9), "vice")
        away(university, "reader", days(70), days(80))
        found = see(university, gaps_ahead, NOW)
        assert [university.who(spell.person_id) for spell in found.without_deputy] == ["owner"]
        pairs = [
            (university.who(spell.person_id), university.who(other.person_id)) for spell, other in found.deputy_away
        ]
        assert pairs == [("head", "dean")]

    def test_are_posts_that_are_or_become_vacant(self, university: University) -> None:
        university.under_way(NOW, days(11))
        university.vacate("librarian", DAY)
        (holding,) = university.rows(t.holding, t.holding.c.person_id == university.people["owner"])
        do(university, leave_post, holding["id"], {"until": days(5)})
        found = see(university, gaps_ahead, NOW)
        (vacant,) = found.vacant
        assert (vacant.post_id, vacant.answering) == (university.posts["librarian"], (university.people["rector"],))
        (soon,) = found.becoming_vacant
        assert (soon.post_id, soon.since, soon.tasks) == (university.posts["owner"], days(6), 2)
        assert soon.answering == (university.people["head"],)


class TestNothingIsWritten:
    def test_by_what_was_refused(self, university: University) -> None:
        with pytest.raises(Refusal):
            away(university, "owner", days(2), days(1))
        assert not log(university)
        assert not university.rows(t.absence)
