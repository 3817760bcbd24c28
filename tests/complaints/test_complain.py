"""A complaint opens a nonconformity, tells the quality specialist, and tells nobody else who made it."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import tables as t
from models.database import Database
from service.complaints.complain import complain, complain_once
from service.complaints.fields import KIND, TRAP
from service.complaints.limits import ALL, ONE, from_mailbox, from_network
from service.complaints.refusals import SeemsAProgram, TooManyComplaints
from service.reading.records import list_records, read_record
from states.given import LIMITS
from states.refusals import Incomplete, NotFound, Refusal
from tests.support.databases import address
from tests.support.post import post_of
from tests.support.together import together
from tests.support.university import PEOPLE, University, at

NOW = at(2026, 4, 6)
HERE = "form:here"
GIVEN = {"found": "Лифт иштебейт. Эки жума болду.", "name": "Асан Үсөнов", "reach": "0700 123456"}


def made(university: University, given: dict[str, Any], where: str = HERE, now: Any = NOW) -> str:
    """Somebody complains; the number."""
    with university.database.write() as connection:
        return complain(connection, given, now, address=where)


def wrong(university: University, **given: Any) -> dict[str, str]:
    """What is wrong with a complaint that says this."""
    with pytest.raises(Incomplete) as refused:
        made(university, {"found": "x", **given})
    assert university.rows(t.record) == []
    assert university.rows(t.attempts) == []
    return dict(refused.value.errors)


class TestAComplaint:
    def test_is_a_nonconformity_of_a_customer_that_sapat_opened(self, university: University) -> None:
        code = made(university, {**GIVEN, "object": "2-имарат", "occurred_on": "2026-03-23", "about": "resources"})
        record, facts = university.one(t.record), university.one(t.nonconformity)
        assert (record["code"], record["state"], record["title"]) == (code, "reported", "Лифт иштебейт")
        assert record["author_id"] is None
        assert (facts["source"], facts["nc_kind"], facts["found"]) == ("customers", "resources", GIVEN["found"])
        assert (facts["found_on"], facts["occurred_on"]) == (date(2026, 4, 6), date(2026, 3, 23))
        assert (facts["object"], facts["reported_by"]) == ("2-имарат", "Асан Үсөнов, 0700 123456")

    def test_is_the_quality_specialists_task_and_they_are_told_by_mail(
        self, university: University, tmp_path: Path
    ) -> None:
        made(university, GIVEN)
        task = university.one(t.task)
        assert (task["step"], task["holder_post_id"]) == ("reported", university.posts["quality"])
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            assert post.readers() == ["quality"]
            assert "Асан" not in post.mails()[0].text

    def test_of_which_nothing_but_the_text_is_said_is_taken(self, university: University) -> None:
        made(university, {"found": "Муздак"})
        assert university.one(t.record)["title"] == "Муздак"
        facts = university.one(t.nonconformity)
        assert facts["reported_by"] is None
        assert facts["nc_kind"] == KIND

    def test_is_read_by_the_quality_specialist_and_not_by_just_anybody(self, university: University) -> None:
        made(university, GIVEN)
        record_id = university.one(t.record)["id"]
        with university.database.read() as connection:
            specialist, dean = university.as_("quality", NOW), university.as_("dean", NOW)
            assert read_record(connection, record_id, specialist, NOW).subject.fields["found"] == GIVEN["found"]
            assert list_records(connection, specialist, NOW, "nonconformity").total == 1
            with pytest.raises(NotFound):
                read_record(connection, record_id, dean, NOW)

    def test_can_be_registered_like_any_other(self, university: University) -> None:
        made(university, GIVEN)
        record_id = university.one(t.record)["id"]
        university.go(record_id, "register", "quality", NOW, severity="minor", owner_post="owner")
        assert university.one(t.record)["state"] == "correction"

    def test_is_nobodys_to_withdraw_but_the_quality_specialists(self, university: University) -> None:
        made(university, GIVEN)
        record_id = university.one(t.record)["id"]
        for person in PEOPLE:
            if person != "quality":
                with pytest.raises(Refusal):
                    university.go(record_id, "withdraw", person, NOW, reason="x")

    def test_of_hostile_words_is_kept_as_words(self, university: University, tmp_path: Path) -> None:
        evil = "<script>alert(1)</script>\u202e'; DROP TABLE record; --\x00\x1b[31m"
        made(university, {"found": evil, "name": "<b>x</b>\u202e", "reach": '"><img src=x>'})
        facts = university.one(t.nonconformity)
        assert facts["found"] == "<script>alert(1)</script>'; DROP TABLE record; --[31m"
        assert facts["reported_by"] == '<b>x</b>, "><img src=x>'
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            assert "<script>" not in post.mails()[0].html

    @pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x85", "\u2028", "\x0b"], ids=range(6))
    def test_writes_no_line_into_the_head_of_a_mail(
        self, university: University, tmp_path: Path, line_break: str
    ) -> None:
        evil = f"Муздак{line_break}Bcc: evil@evil.example{line_break}{line_break}x"
        made(university, {"found": evil})
        with post_of(university.database, tmp_path) as post:
            post.deliver(NOW)
            (mail,) = post.mails()
            assert b"\nbcc:" not in mail.raw.lower()
            assert mail.entry.recipient == "quality@uni.example"
        for name in ("name", "reach", "title", "object"):
            with suppress(Incomplete):
                made(university, {"found": "x", name: f"a{line_break}Bcc: b@c.d"})
        rows = university.rows(t.nonconformity) + university.rows(t.record)
        lines = [str(row.get(name) or "") for row in rows for name in ("reported_by", "object", "title")]
        assert all(len(line.splitlines()) <= 1 for line in lines)


class TestWhatIsWrong:
    @pytest.mark.parametrize("found", ["", "  \n ", "\u200b\u200b", "\x00"])
    def test_with_a_text_that_says_nothing_is_told(self, university: University, found: str) -> None:
        assert set(wrong(university, found=found)) == {"found"}

    def test_with_each_field_is_told_at_once(self, university: University) -> None:
        told = wrong(university, found="", name="a\nb", occurred_on="soon", about="everything", nc_kind="learners")
        assert set(told) == {"found", "name", "occurred_on", "about", "nc_kind"}

    def test_with_a_day_to_come_is_told(self, university: University) -> None:
        assert set(wrong(university, occurred_on="2026-04-07")) == {"occurred_on"}

    @pytest.mark.parametrize("name", ["found", "name", "title", "occurred_on"])
    def test_because_it_is_far_too_long_is_told_before_its_letters_are_looked_at(
        self, university: University, name: str
    ) -> None:
        assert wrong(university, **{name: "\u0301\u0316" * 250_000})[name] == "This is too long."

    def test_with_what_is_no_words_is_told(self, university: University) -> None:
        assert set(wrong(university, found=["a"], name={"a": 1})) == {"found", "name"}

    def test_is_nothing_where_it_is_as_long_as_it_may_be(self, university: University) -> None:
        made(university, {"found": "ө" * LIMITS["text"], "name": "ү" * 120, "reach": "ң" * 254})
        assert len(university.one(t.nonconformity)["reported_by"]) == 376


class TestAProgram:
    def test_that_fills_in_what_nobody_sees_opens_nothing(self, university: University) -> None:
        with pytest.raises(SeemsAProgram):
            made(university, {**GIVEN, TRAP: "https://spam.example"})
        assert university.rows(t.record) == []

    def test_that_leaves_it_empty_is_believed(self, university: University) -> None:
        assert made(university, {**GIVEN, TRAP: ""})


class TestHowMany:
    def test_come_from_one_place_is_limited_and_others_are_not_held_up(self, university: University) -> None:
        for _ in range(ONE.free):
            made(university, GIVEN)
        with pytest.raises(TooManyComplaints) as refused:
            made(university, GIVEN)
        assert refused.value.headers == {"Retry-After": "60"}
        assert not refused.value.all_over
        assert made(university, GIVEN, "form:elsewhere")
        assert made(university, GIVEN, now=NOW + timedelta(minutes=1))
        with pytest.raises(TooManyComplaints) as refused:
            made(university, GIVEN, now=NOW + timedelta(minutes=1))
        assert refused.value.headers == {"Retry-After": "120"}

    def test_come_from_everywhere_is_limited_and_mails_are_not_held_up(self, university: University) -> None:
        for number in range(ALL["form"].free):
            made(university, GIVEN, f"form:{number}")
        with pytest.raises(TooManyComplaints) as refused:
            made(university, GIVEN, "form:another")
        assert refused.value.all_over
        assert made(university, GIVEN, from_mailbox("a@b.c"))
        assert made(university, GIVEN, "form:another", NOW + timedelta(minutes=1))

    def test_that_were_refused_count_for_nothing(self, university: University) -> None:
        for _ in range(3 * ONE.free):
            with pytest.raises(Incomplete):
                made(university, {"found": ""})
        assert university.rows(t.attempts) == []

    def test_are_forgotten(self, university: University) -> None:
        made(university, GIVEN)
        made(university, GIVEN, "form:later", NOW + timedelta(days=3))
        assert {row["name"] for row in university.rows(t.attempts)} == {"complaint:form:later", "complaints:form"}

    def test_come_at_once_is_counted_by_two_connections_to_one_database(self, university: University) -> None:
        other = Database(address(university.database))

        def attempt(through: Database) -> str:
            with through.write() as connection:
                try:
                    complain(connection, GIVEN, NOW, address=HERE)
                except TooManyComplaints:
                    return "paused"
                return "taken"

        calls = [lambda through=through: attempt(through) for through in (university.database, other) * 8]
        outcomes = Counter(map(str, together(calls)))
        other.close()
        assert outcomes == {"taken": ONE.free, "paused": 16 - ONE.free}
        assert len({row["code"] for row in university.rows(t.record)}) == ONE.free


class TestWhereItCameFrom:
    def test_is_kept_nowhere(self, university: University, tmp_path: Path) -> None:
        made(university, GIVEN, from_network(tmp_path, "203.0.113.77", NOW))
        kept = [str(row) for table in t.record.metadata.sorted_tables for row in university.rows(table)]
        assert not [row for row in kept if "203.0.113" in row]

    def test_is_one_counter_for_a_day_and_one_network(self, tmp_path: Path) -> None:
        def counter(address: str, now: Any = NOW) -> str:
            return from_network(tmp_path, address, now)

        assert counter("203.0.113.77") == counter("203.0.113.77", NOW + timedelta(hours=5))
        assert counter("2001:db8::1") == counter("2001:db8::2:3")
        others = {"203.0.113.78", "203.0.113.77", "2001:db8::1", "2001:db8:0:1::1", "nonsense", ""}
        assert len({counter(one) for one in others}) == len(others)
        assert counter("203.0.113.77") != counter("203.0.113.77", NOW + timedelta(days=1))

    def test_is_told_by_nothing_without_the_key(self, tmp_path: Path) -> None:
        one, other = (from_network(tmp_path / name, "203.0.113.77", NOW) for name in ("a", "b"))
        assert one != other


class TestTheSameFormTwice:
    def test_is_one_complaint_with_one_number(self, university: University) -> None:
        codes = [self._sent(university.database, GIVEN) for _ in range(3)]
        assert len(set(codes)) == 1
        assert len(university.rows(t.record)) == 1

    def test_with_other_words_or_from_another_page_is_another(self, university: University) -> None:
        first = self._sent(university.database, GIVEN)
        assert self._sent(university.database, {**GIVEN, "found": "Башка"}) != first
        assert self._sent(university.database, GIVEN, "another") != first

    def test_at_once_is_one_complaint_too(self, university: University) -> None:
        other = Database(address(university.database))
        calls = [lambda through=through: self._sent(through, GIVEN) for through in (university.database, other) * 4]
        codes = together(calls)
        other.close()
        assert len(university.rows(t.record)) == 1
        assert set(codes) == {university.one(t.record)["code"]}

    @staticmethod
    def _sent(database: Database, given: dict[str, Any], page: str = "page") -> str:
        with database.write() as connection:
            return complain_once(connection, given, NOW, address=HERE, token=page)
