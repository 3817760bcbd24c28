"""The pages of deadlines and ladders: read by everybody, set by the quality specialist once they have looked."""

from datetime import timedelta

import httpx
import pytest

from models import tables as t
from models.base import new_id
from service.policies.scope import steps_of
from states.ladders import STANDARD
from states.registry import lifecycles
from states.text import LANGUAGES
from states.working_days import due_moment
from tests.keeping.keeping import log, snapshot
from tests.policies.policies import DAY, NOW, correcting, given_ladder, make, task_of
from tests.support.university import University, at
from tests.web.visitors import Visitor, forms, words

NEW = "/policies/new?lifecycle=nonconformity&step=correction"
REPLAN = "/policies/replan?lifecycle=nonconformity&step=correction"
STEP = "/policies/nonconformities/correction"


def typed(page: httpx.Response, do: str = "try", **more: str) -> dict[str, str]:
    """What the form of a new version would send: what stands in it, with other words in some places."""
    (form,) = [form for form in forms(page) if form.action == "/policies/new" and "effective_from" in form.fields]
    kept = {name: value for name, value in form.fields.items() if "_to_" not in name and not name.endswith("_page")}
    ticks = {"after_1_to_holder", "after_2_to_holders_head", "after_3_to_quality_specialist"}
    ticks |= {"after_4_to_vice_rector", "after_5_to_rector"}
    said = {**kept, **dict.fromkeys(ticks, "yes"), "severity": "any", "campus": "", "count": "working", "do": do}
    return {name: value for name, value in {**said, **more}.items() if value or name == "campus"}


def keep(visitor: Visitor, **more: str) -> httpx.Response:
    """Fill in the form, look at what it would send, keep it."""
    tried = visitor.post("/policies/new", typed(visitor.get(NEW), reason="Кеңештин чечими", **more))
    assert tried.status_code == 200, words(tried)
    (kept,) = [form for form in forms(tried) if form.action == "/policies/new" and "rows_before" in form.fields][:1]
    return visitor.post("/policies/new", {**kept.fields, "do": "keep"})


class TestThePages:
    @pytest.mark.parametrize("who", ["quality", "admin", "reader"])
    def test_show_every_step_that_waits_to_everybody(self, visitor: Visitor, university: University, who: str) -> None:
        make(university, days=2, severity="major", ladder=given_ladder((-1, "holder"), (2, "rector")))
        make(university, days=9, effective_from=DAY + timedelta(days=9))
        for language in LANGUAGES:
            visitor.is_(who, language)
            page = visitor.get("/policies")
            assert page.status_code == 200
            for one in lifecycles().values():
                for step in steps_of(one):
                    path = f"/policies/{one.collection}/{step.name}"
                    assert path in page.text
                    assert visitor.get(path).status_code == 200

    def test_of_what_does_not_wait_are_not_there(self, visitor: Visitor) -> None:
        visitor.is_("quality")
        for path in ("nonconformities/closed", "nonconformities/x", "revisions/effective", "poems/draft"):
            assert visitor.get(f"/policies/{path}").status_code == 404

    def test_say_what_holds_since_when_by_whom_and_what_comes(self, visitor: Visitor, university: University) -> None:
        make(university, days=2, ladder=given_ladder((-1, "holder"), (0, "holder"), (2, "rector"), again=1))
        make(university, days=9, severity="major", effective_from=DAY + timedelta(days=9))
        text = words(visitor.is_("reader", "en").get(STEP))
        for said in (
            "2 working days after the step begins",
            "6 April 2026, made by Sapat Saparov",
            "1 working day before",
            "On the day",
            "2 working days after",
            "Then every working day",
            "From 15 April 2026 another version holds",
            "the same as: For all",
            "Кеңештин чечими",
        ):
            assert said in text
        assert "Make a new version" not in text
        assert "15 Apr 2026" in words(visitor.get("/policies"))

    @pytest.mark.parametrize("who", ["admin", "rector", "owner"])
    def test_of_setting_are_the_quality_specialists_alone(
        self, visitor: Visitor, university: University, who: str
    ) -> None:
        ahead = make(university, days=2, effective_from=DAY + timedelta(days=9))
        visitor.is_(who)
        assert [visitor.get(path).status_code for path in (NEW, REPLAN)] == [403, 403]
        sent = {"lifecycle": "nonconformity", "step": "correction", "do": "keep", "seen": "x"}
        for path in ("/policies/new", "/policies/replan", f"/policies/{ahead}/withdraw"):
            assert visitor.post(path, sent).status_code == 403
        assert len(university.rows(t.policy)) == 1

    def test_lead_back_where_the_address_names_no_step(self, visitor: Visitor) -> None:
        visitor.is_("quality")
        for path in ("/policies/new", "/policies/replan", "/policies/new?lifecycle=nonconformity"):
            assert visitor.get(path).headers["location"] == "/policies"
        assert visitor.get("/policies/new?lifecycle=poem&step=x").status_code == 422
        assert visitor.get(f"{REPLAN}&campus=LIBRARY").status_code == 422


class TestTheForm:
    def test_holds_what_holds_today(self, visitor: Visitor, university: University) -> None:
        make(university, days=7, count="calendar", ladder=given_ladder((-2, "holder"), (4, "vice_rector"), again=3))
        page = visitor.is_("quality", "en").get(NEW)
        fields = next(form.fields for form in forms(page) if form.action == "/policies/new")
        assert (fields["days"], fields["before_1_days"], fields["after_1_days"], fields["again_days"]) == (
            "7", "2", "4", "3"
        )  # fmt: skip
        assert 'name="after_1_to_vice_rector" value="yes" checked' in page.text
        assert 'name="after_1_to_holder" value="yes" checked' not in page.text

    def test_shows_what_it_would_send_and_keeps_nothing(self, visitor: Visitor, university: University) -> None:
        correcting(university, at(2026, 3, 30))
        visitor.is_("quality", "en")
        page = visitor.post("/policies/new", typed(visitor.get(NEW), days="2", reason="Чечим"))
        text = words(page)
        assert page.status_code == 200
        assert "Nothing has been kept yet." in text
        assert "2 working days after the step begins" in text
        assert "Reminders and escalations, week by week" in text
        assert "NC-2026-001" in page.text
        assert university.rows(t.policy) == []

    def test_is_kept_once_it_was_seen(self, visitor: Visitor, university: University) -> None:
        visitor.is_("quality", "en")
        done = keep(visitor, days="2", before_1_days="1", after_5_page="yes", after_5_to_administrator="yes")
        assert done.headers["location"] == f"{STEP}?done=1"
        row = university.one(t.policy)
        assert (row["days"], row["working"], row["severity"], row["campus_id"]) == (2, True, "", None)
        (policy,) = snapshot(university).policies["nonconformity"]
        assert policy.ladder is not None
        assert [rung.days for rung in policy.ladder.rungs] == [-1, 0, 1, 3, 5, 10, 15]
        assert [role.value for role in policy.ladder.rungs[-1].to] == ["rector", "administrator"]
        assert policy.ladder.rungs[-1].channel.value == "page"
        assert "It is kept" in words(visitor.get(done.headers["location"]))

    def test_says_nothing_of_what_is_as_declared(self, visitor: Visitor, university: University) -> None:
        make(university, days=2, ladder=given_ladder((2, "rector")))
        visitor.is_("quality", "en")
        page = visitor.post("/policies/new", typed(visitor.get(NEW), do="declared", reason="Мурункудай"))
        fields = next(form.fields for form in forms(page) if form.action == "/policies/new")
        assert (fields["days"], fields["before_1_days"], fields["reason"]) == ("5", "3", "Мурункудай")
        sent = typed(page, do="keep")
        assert visitor.post("/policies/new", sent).status_code == 303
        row = max(university.rows(t.policy), key=lambda row: row["id"])
        assert (row["days"], row["ladder_id"]) == (None, None)
        kept = task_of(university, correcting(university, NOW))["ladder_id"]
        assert snapshot(university).ladders[kept] == STANDARD

    def test_has_more_rows_where_they_are_wanted(self, visitor: Visitor) -> None:
        page = visitor.is_("quality", "en").get(NEW)
        assert "after_8_days" not in page.text
        more = visitor.post("/policies/new", typed(page, do="more", after_7_days="30", reason="Чечим"))
        assert "after_12_days" in more.text
        fields = next(form.fields for form in forms(more) if form.action == "/policies/new")
        assert (fields["after_7_days"], fields["reason"]) == ("30", "Чечим")
        for _ in range(6):
            more = visitor.post("/policies/new", typed(more, do="more"))
        assert "after_20_days" in more.text
        assert "after_21_days" not in more.text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"days": "0"}, "Give between 1 and 400 days."),
            ({"days": ""}, "Give between 1 and 400 days."),
            ({"days": "two"}, "Give a whole number"),
            ({"effective_from": "2026-04-05"}, "This day has passed"),
            ({"reason": ""}, "This is needed."),
            ({"after_2_days": "1"}, "Each rung comes on a day of its own"),
            ({"after_2_days": "a few"}, "Give whole numbers of working days."),
            ({"before_1_days": "-3"}, "Give whole numbers of working days."),
            ({"after_7_days": "30"}, "Each rung tells somebody."),
            ({"after_7_to_rector": "yes"}, "Give whole numbers of working days."),
            ({"again_days": "0"}, "every 1 to 400 working days"),
            ({"after_1_days": "0"}, "Each rung comes on a day of its own"),
        ],
    )
    def test_says_what_is_wrong_with_what_was_typed(
        self, visitor: Visitor, university: University, wrong: dict[str, str], said: str
    ) -> None:
        visitor.is_("quality", "en")
        page = visitor.post("/policies/new", typed(visitor.get(NEW), **{"reason": "Менин себебим", **wrong}))
        assert page.status_code == 422
        assert said in words(page)
        assert "reason" in wrong or "Менин себебим" in page.text
        assert university.rows(t.policy) == []

    def test_of_a_step_with_a_date_of_its_own_asks_for_no_days(self, visitor: Visitor, university: University) -> None:
        visitor.is_("quality", "en")
        page = visitor.get("/policies/new?lifecycle=corrective_action&step=in_progress")
        assert 'name="days"' not in page.text
        sent = {**typed(page, do="keep", reason="Чечим"), "after_1_days": "2"}
        assert visitor.post("/policies/new", sent).headers["location"].startswith("/policies/actions/in_progress")
        assert university.one(t.policy)["days"] is None

    def test_refuses_what_would_change_nothing(self, visitor: Visitor, university: University) -> None:
        visitor.is_("quality", "en")
        page = visitor.post("/policies/new", typed(visitor.get(NEW), do="keep", reason="Чечим"))
        assert page.status_code == 422
        assert "This is how it is already." in words(page)
        assert university.rows(t.policy) == []


class TestWithdrawing:
    def test_is_offered_for_what_has_not_begun(self, visitor: Visitor, university: University) -> None:
        held = make(university, days=2)
        ahead = make(university, days=9, effective_from=DAY + timedelta(days=9))
        visitor.is_("quality", "en")
        page = visitor.get(STEP)
        actions = {form.action for form in forms(page)}
        assert f"/policies/{ahead}/withdraw" in actions
        assert f"/policies/{held}/withdraw" not in actions
        done = visitor.post(f"/policies/{ahead}/withdraw")
        assert done.headers["location"] == f"{STEP}?done=1"
        assert "withdrawn" in words(visitor.get(STEP))
        again = visitor.post(f"/policies/{ahead}/withdraw")
        assert again.status_code == 422
        assert "This version was withdrawn already." in words(again)
        assert visitor.post(f"/policies/{held}/withdraw").status_code == 422
        assert visitor.post(f"/policies/{new_id()}/withdraw").status_code == 404
        assert len(log(university, "policy.withdrawn")) == 1


class TestRePlanning:
    def test_is_offered_seen_and_confirmed(self, visitor: Visitor, university: University) -> None:
        found = correcting(university, NOW)
        visitor.is_("quality", "en")
        assert REPLAN not in visitor.get(STEP).text
        make(university, days=2)
        assert "1 open task has another deadline or ladder than holds today" in words(visitor.get(STEP))
        assert REPLAN in visitor.get(STEP).text.replace("&amp;", "&")
        page = visitor.get(REPLAN)
        text = words(page)
        assert "Nothing has been changed yet." in text
        assert "13 Apr 2026" in text
        assert "8 Apr 2026" in text
        assert task_of(university, found)["due_at"] == due_moment(at(2026, 4, 13).date())
        (form,) = [form for form in forms(page) if form.action == "/policies/replan"]
        done = visitor.post(form.action, form.fields)
        assert done.headers["location"] == f"{STEP}?replanned=1"
        assert "1 open task was re-planned." in words(visitor.get(done.headers["location"]))
        assert task_of(university, found)["due_at"] == due_moment(at(2026, 4, 8).date())
        assert "All open tasks are as holds today" in words(visitor.get(REPLAN))

    def test_is_looked_at_again_where_something_else_holds_by_then(
        self, visitor: Visitor, university: University
    ) -> None:
        found = correcting(university, NOW)
        make(university, days=2)
        visitor.is_("quality", "en")
        (form,) = [form for form in forms(visitor.get(REPLAN)) if form.action == "/policies/replan"]
        make(university, days=3)
        again = visitor.post(form.action, form.fields)
        assert again.status_code == 422
        assert "Other deadlines and ladders hold than those you looked at." in words(again)
        assert "9 Apr 2026" in words(again)
        assert task_of(university, found)["policy_id"] is None
        (form,) = [form for form in forms(again) if form.action == "/policies/replan"]
        assert visitor.post(form.action, form.fields).status_code == 303

    def test_says_nothing_that_somebody_put_into_the_address(self, visitor: Visitor) -> None:
        visitor.is_("quality", "en")
        for told in ("<b>", "-1", "99999999", "x"):
            assert "re-planned." not in words(visitor.get(f"{STEP}?replanned={told}"))
