"""The page of a sitting without scripts: the agenda by hand, minutes by forms, closing, the protocol; who may what."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.minutes import TypedOver
from tests.councils.sitting import DAY, Sitting, seat
from tests.support.statements import heard
from tests.support.university import University
from tests.web.sittings import NOW, large, waiting
from tests.web.visitors import Form, Visitor, application, forms, words

MEMBERS = ("rector", "vice", "dean", "head", "librarian")
# What the lists hold that nobody touched: a visitor's form holds their first entry.
UNCHOSEN = {"ballot": "open", "majority": ""}


@pytest.fixture
def visitor(university: University, tmp_path: Path) -> Iterator[Visitor]:
    app = application(university.database, NOW, home=tmp_path)
    yield Visitor(app).is_("sec_ouk", "en")
    app.state.site.close()


@pytest.fixture
def planned(university: University) -> Sitting:
    """A sitting tomorrow week, with one document and two questions on its agenda."""
    seat(university, "ouk", MEMBERS)
    waiting(university, 1, NOW - 14 * DAY)
    sitting = Sitting.plan(university, NOW + 7 * DAY)
    for title in ("Биринчи маселе", "Экинчи маселе"):
        sitting.go("add_item", NOW, title=title)
    return sitting


@pytest.fixture
def sitting(university: University) -> Sitting:
    """A sitting of today in session, with one document and one question, five members there."""
    seat(university, "ouk", MEMBERS, proxies=True)
    waiting(university, 1, NOW - 14 * DAY)
    found = Sitting.plan(university, NOW)
    found.go("add_item", NOW - 7 * DAY, title="Маселе")
    found.begin()
    return found


def day(sitting: Sitting, rest: str = "day") -> str:
    return f"/sittings/{sitting.id}/{rest}"


def form_of(page: httpx.Response, **held: str) -> Form:
    """The form of a page that holds these fields."""
    return next(one for one in forms(page) if held.items() <= one.fields.items())


class TestBefore:
    def test_says_when_where_and_by_which_rules(self, visitor: Visitor, planned: Sitting) -> None:
        page = words(visitor.get(day(planned)))
        for told in ("22 April 2026, 14:00", "Башкы корпус, 201", "more than half of the members", "УСТ 6.01"):
            assert told in page

    def test_is_ordered_by_buttons(self, visitor: Visitor, planned: Sitting) -> None:
        def order() -> list[str]:
            rows = sorted(planned.rows("agenda_item"), key=lambda row: row["place"])
            return [row["title"].partition(" ")[0] for row in rows]

        page = visitor.get(day(planned))
        down = form_of(page, agenda_item="1", place="2")
        back = visitor.post(down.action, down.fields)
        assert back.headers["location"] == day(planned, "day?item=1#item-1"), "where the item stands now"
        assert order() == ["Биринчи", "1-жобо:", "Экинчи"]
        page = visitor.get(day(planned))
        up = form_of(page, agenda_item="3", place="2")
        visitor.post(up.action, up.fields)
        assert order() == ["Биринчи", "Экинчи", "1-жобо:"]
        off = next(one for one in forms(visitor.get(day(planned))) if one.action.endswith("/remove_item"))
        visitor.post(off.action, off.fields)
        assert order() == ["Экинчи", "1-жобо:"]

    def test_says_how_many_wait_and_takes_them_up(
        self, university: University, visitor: Visitor, planned: Sitting
    ) -> None:
        assert "take_up" not in visitor.get(day(planned)).text
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        page = visitor.get(day(planned))
        assert "1 document waits for this body" in words(page)
        asked = next(one for one in forms(page) if one.action.endswith("/take_up"))
        visitor.post(asked.action, asked.fields)
        assert planned.item_on(revision) == 4

    def test_marks_papers_that_are_no_longer_those_sent(
        self, university: University, visitor: Visitor, planned: Sitting
    ) -> None:
        planned.go("send_papers", NOW)
        university.change(t.sitting.update().values(papers={"1": [["эски.docx", "0" * 64]]}))
        assert "no longer those that were sent" in words(visitor.get(day(planned)))

    def test_is_read_by_members_and_ordered_by_the_secretary_alone(self, visitor: Visitor, planned: Sitting) -> None:
        planned.go("send_papers", NOW)
        page = visitor.is_("dean", "en").get(day(planned))
        assert page.status_code == 200
        assert not [one for one in forms(page) if one.action.startswith(day(planned))]
        assert visitor.is_("owner").get(day(planned)).status_code == 404

    def test_brings_back_what_was_postponed(self, university: University, visitor: Visitor, sitting: Sitting) -> None:
        sitting.decide(1, "endorse")
        sitting.write("agenda_item", 2, decision="postpone")
        sitting.go("close", protocol_no="1")
        again = Sitting.plan(university, NOW + 8 * DAY)
        page = visitor.get(day(again))
        told = words(page)
        assert "1 question was postponed" in told
        assert "15 April 2026" in told
        takes = next(one for one in forms(page) if one.fields.get("title") == "Маселе")
        visitor.post(takes.action, takes.fields)
        assert [row["title"] for row in again.rows("agenda_item")] == ["Маселе"]
        assert "was postponed" not in words(visitor.get(day(again)))
        assert "was postponed" not in words(visitor.is_("dean", "en").get(day(again)))

    def test_says_how_many_get_the_papers(self, visitor: Visitor, planned: Sitting) -> None:
        told = words(visitor.get(day(planned)))
        assert "Members 5" in told
        assert "5 members get the agenda" in told

    def test_says_who_came_and_who_left_since_they_were_called(
        self, university: University, visitor: Visitor, planned: Sitting
    ) -> None:
        planned.go("send_papers", NOW)
        assert "not invited" not in words(visitor.get(day(planned)))
        mine = t.membership.c.person_id == university.people["dean"]
        row = university.one(t.membership, mine)
        come = {**row, "id": new_id(), "person_id": university.people["owner"]}
        university.change(
            sa.update(t.membership).where(mine).values(until=NOW.date()), sa.insert(t.membership).values(come)
        )
        told = words(visitor.get(day(planned)))
        assert "were not invited: Omur Jazuuchu" in told
        assert "do not sit in this body any more on that day: Dekan Dekanov" in told
        assert "not invited" not in words(visitor.is_("rector", "en").get(day(planned))), "the secretary's to mend"

    def test_proposes_the_bodys_chair_unless_they_are_away(
        self, university: University, visitor: Visitor, planned: Sitting
    ) -> None:
        chair = {"chair_post_id": university.posts["rector"]}
        university.change(sa.update(t.body).where(t.body.c.code == "ouk").values(chair))
        planned.go("send_papers", NOW)
        assert '<option value="rector" selected>' in visitor.get(day(planned)).text
        who = {"person_id": university.people["rector"], "deputy_id": university.people["vice"]}
        spell = {"id": new_id(), "reason": "", "entered_at": NOW, "since": NOW.date(), "until": NOW.date(), **who}
        university.change(sa.insert(t.absence).values(spell))
        assert '<option value="rector" selected>' not in visitor.get(day(planned)).text

    def test_leads_to_the_session(self, university: University, visitor: Visitor, planned: Sitting) -> None:
        page = visitor.get(day(planned))
        sends = next(one for one in forms(page) if one.action.endswith("/send_papers"))
        assert visitor.post(sends.action, sends.fields).status_code == 303
        assert university.state(planned.id) == "called"
        opens = next(one for one in forms(visitor.get(day(planned))) if one.action.endswith("/open_session"))
        early = visitor.post(opens.action, {**opens.fields, "chair": "rector"})
        assert early.status_code == 422
        assert "has not come yet" in words(early)


class TestMinutes:
    def test_of_an_item_are_kept_by_its_form(self, visitor: Visitor, sitting: Sitting) -> None:
        form = form_of(visitor.get(day(sitting)), part="agenda_item", no="2")
        typed = {"wording": "Токтом\r\nэкинчи сап", "votes_for": "4", "decision": "resolved", **UNCHOSEN}
        done = visitor.post(form.action, {**form.fields, **typed})
        assert done.headers["location"] == day(sitting, "day?kept=1&item=2#item-2")
        row = sitting.rows("agenda_item")[1]
        assert (row["wording"], row["votes_for"], row["decision"]) == ("Токтом\nэкинчи сап", 4, "resolved")

    def test_that_somebody_else_typed_are_not_written_over_by_a_form(self, visitor: Visitor, sitting: Sitting) -> None:
        """Only what was changed in the form is sent on: what was left alone in it is not put back."""
        form = form_of(visitor.get(day(sitting)), part="agenda_item", no="2")
        sitting.write("agenda_item", 2, heard="Жардамчы", wording="Алардыкы")
        untouched = {**form.fields, "decision": "", **UNCHOSEN}
        visitor.post(form.action, {**untouched, "spoke": "Катчы"})
        row = sitting.rows("agenda_item")[1]
        assert (row["heard"], row["spoke"]) == ("Жардамчы", "Катчы")
        refused = visitor.post(form.action, {**untouched, "wording": "Меники"})
        assert refused.status_code == TypedOver.status
        assert "Алардыкы" in words(refused)
        assert "Меники" in refused.text
        assert sitting.rows("agenda_item")[1]["wording"] == "Алардыкы"
        again = form_of(refused, part="agenda_item", no="2")
        assert json.loads(again.fields["was"])["wording"] == "Алардыкы"

    def test_that_are_refused_keep_all_that_was_typed(self, visitor: Visitor, sitting: Sitting) -> None:
        form = form_of(visitor.get(day(sitting)), part="agenda_item", no="2")
        typed = {**form.fields, "heard": "Узун баяндама", "votes_for": "көп", "decision": "", **UNCHOSEN}
        refused = visitor.post(form.action, typed)
        assert refused.status_code == 422
        assert "Узун баяндама" in refused.text
        assert 'value="көп"' in refused.text
        assert "Give a whole number" in words(refused)

    def test_of_attendance_mark_all_the_rest(self, university: University, visitor: Visitor) -> None:
        seat(university, "ok", MEMBERS)
        found = Sitting.plan(university, NOW, "ok", "sec_ok")
        found.go("add_item", NOW - 7 * DAY, title="Маселе")
        found.begin(there=())
        visitor.is_("sec_ok", "en")
        form = form_of(visitor.get(day(found)), part="attendee")
        no = found.no_of("dean")
        fields = {name: value for name, value in form.fields.items() if not name.startswith("presence")}
        visitor.post(form.action, {**fields, f"presence-{no}": "excused", "rest": "present"})
        assert {row["presence"] for row in found.rows("attendee") if row["no"] != no} == {"present"}
        assert next(row for row in found.rows("attendee") if row["no"] == no)["presence"] == "excused"
        assert "4 of 5 are here, 3 needed: there is a quorum" in words(visitor.get(day(found)))

    def test_name_a_proxy_from_the_list_who_is_a_member(self, visitor: Visitor, sitting: Sitting) -> None:
        no = sitting.no_of("dean")
        was = json.dumps({f"presence-{no}": "present"})
        path, told = day(sitting, "minutes"), {"part": "attendee", "was": was}
        kept = visitor.post(path, {**told, f"presence-{no}": "excused", f"proxy-{no}": "Айбек Ректоров [rector]"})
        assert kept.status_code == 303
        row = next(row for row in sitting.rows("attendee") if row["no"] == no)
        assert row["proxy_id"] == sitting.university.people["rector"]
        refused = visitor.post(path, {**told, f"proxy-{no}": "owner", f"presence-{no}": "present"})
        assert refused.status_code == 422

    def test_of_votes_by_name_are_cast_and_taken_back(self, visitor: Visitor, sitting: Sitting) -> None:
        sitting.write("agenda_item", 2, ballot="by_name")
        form = form_of(visitor.get(day(sitting)), part="agenda_item", no="2")
        rest = {name: value for name, value in form.fields.items() if not name.startswith("vote-")}
        rest |= {"ballot": "by_name", "decision": "", "majority": ""}
        visitor.post(form.action, {**rest, "vote-dean": "against", "rest": "for"})
        votes = [row["vote"] for row in sitting.rows("ballot")]
        assert sorted(votes) == ["against", *["for"] * 4]
        was = json.loads(form_of(visitor.get(day(sitting)), part="agenda_item", no="2").fields["was"])
        assert was["vote-dean"] == "against"
        cast = {name: vote for name, vote in was.items() if name.startswith("vote-")}
        visitor.post(form.action, {**rest, "was": json.dumps(was), **cast, "vote-dean": ""})
        assert len(sitting.rows("ballot")) == 4

    def test_take_the_proposed_wording_when_it_is_asked_for(self, visitor: Visitor, sitting: Sitting) -> None:
        path, told = day(sitting, "minutes"), {"part": "agenda_item", "no": "2", "was": "{}"}
        visitor.post(path, {**told, "decision": "noted"})
        assert sitting.rows("agenda_item")[1]["wording"] is None
        visitor.post(path, {**told, "decision": "noted", "was": '{"decision": "noted"}', "propose": "yes"})
        assert sitting.rows("agenda_item")[1]["wording"] == "«Маселе» боюнча маалымат эске алынсын."
        was = json.dumps({"wording": "«Маселе» боюнча маалымат эске алынсын."})
        visitor.post(path, {**told, "wording": "Өз сөзүм", "was": was, "propose": "yes"})
        assert sitting.rows("agenda_item")[1]["wording"] == "Өз сөзүм"

    @pytest.mark.parametrize(
        ("does", "label", "words_"),
        [("discusses", "Discuss and", "талкууланды"), ("approves", "Approve", "бекитилсин")],
    )
    def test_are_proposed_in_the_words_of_what_the_body_does(
        self, university: University, visitor: Visitor, sitting: Sitting, does: str, label: str, words_: str
    ) -> None:
        university.change(sa.update(t.revision).values(meanings=[does, "endorses"]))
        (about,) = [row for row in sitting.rows("agenda_item") if row["about_id"]]
        assert label in visitor.get(f"/sittings/{sitting.id}/day").text
        said = {"part": "agenda_item", "no": str(about["no"]), "decision": "endorse", "propose": "on"}
        visitor.post(f"/sittings/{sitting.id}/minutes", said)
        assert words_ in next(row for row in sitting.rows("agenda_item") if row["no"] == about["no"])["wording"]

    def test_instruct_somebody_and_think_better_of_it(self, visitor: Visitor, sitting: Sitting) -> None:
        path = day(sitting, "minutes")
        form = form_of(visitor.get(day(sitting)), part="instruction", item="2")
        assert visitor.post(form.action, {**form.fields, "what": ""}).status_code == 422
        done = visitor.post(form.action, {**form.fields, "what": "Тактоо", "owner_post": "Dean [dean]"})
        assert done.headers["location"].endswith("item=2#item-2")
        (row,) = sitting.rows("instruction")
        assert (row["item"], row["owner_post_id"]) == (2, sitting.university.posts["dean"])
        assert "no post or no date" in words(visitor.get(day(sitting)))
        visitor.post(path, {"part": "instruction", "no": "1", "item": "2", "removes": "yes"})
        assert not sitting.rows("instruction")

    @pytest.mark.parametrize(
        "told",
        [
            {"part": "agenda_item", "no": "1", "removes": "yes"},
            {"part": "attendee", "presence-x": "present"},
            {"part": "sitting", "no": "1"},
            {"part": "agenda_item", "no": "-1", "heard": "x"},
            {"part": "agenda_item", "no": "1", "was": "[1"},
            {"part": "agenda_item", "title": "Жаңы"},
        ],
    )
    def test_are_nothing_else(self, visitor: Visitor, sitting: Sitting, told: dict[str, str]) -> None:
        before = [sitting.rows(part) for part in ("agenda_item", "attendee", "instruction")]
        assert visitor.post(day(sitting, "minutes"), told).status_code == 400
        assert [sitting.rows(part) for part in ("agenda_item", "attendee", "instruction")] == before

    def test_are_read_but_not_typed_by_members(self, visitor: Visitor, sitting: Sitting) -> None:
        visitor.is_("dean", "en")
        page = visitor.get(day(sitting))
        assert "Heard" not in [form.fields.get("part") for form in forms(page)]
        assert not [form for form in forms(page) if form.action.endswith("/minutes")]
        refused = visitor.post(day(sitting, "minutes"), {"part": "agenda_item", "no": "1", "heard": "x"})
        assert refused.status_code == 403

    def test_from_another_site_are_refused(self, visitor: Visitor, sitting: Sitting) -> None:
        told = {"part": "agenda_item", "no": "1", "heard": "x"}
        assert visitor.post(day(sitting, "minutes"), told, Sec_Fetch_Site="cross-site").status_code == 403
        assert sitting.rows("agenda_item")[0]["heard"] is None


class TestClosing:
    def test_says_what_hinders_it_and_where(self, visitor: Visitor, sitting: Sitting) -> None:
        sitting.write("agenda_item", 1, decision="endorse", votes_for="2", votes_against="4")
        sitting.write("attendee", sitting.no_of("dean"), presence="absent")
        page = visitor.get(day(sitting, "closing"))
        told = words(page)
        for sentence in (
            "no wording yet",
            "More votes are counted than there are people",
            "does not have the votes",
            "There is no decision yet",
        ):
            assert sentence in told
        assert f'href="{day(sitting)}?item=2#item-2"' in page.text
        assert "Nothing hinders closing" not in told

    def test_signs_what_is_shown_and_moves_the_documents(
        self, university: University, visitor: Visitor, sitting: Sitting
    ) -> None:
        for no, decision in ((1, "endorse"), (2, "resolved")):
            sitting.decide(no, decision)
        page = visitor.get(day(sitting, "closing"))
        assert "Nothing hinders closing" in words(page)
        form = next(one for one in forms(page) if one.action.endswith("/moves/close"))
        assert form.fields["protocol_no"] == "1"
        sitting.write("agenda_item", 2, heard="Кийин терилди")
        changed = visitor.post(form.action, form.fields)
        assert changed.status_code in (409, 422), words(changed)
        assert university.state(sitting.id) == "in_session"
        form = next(one for one in forms(visitor.get(day(sitting, "closing"))) if one.action.endswith("/moves/close"))
        done = visitor.post(form.action, form.fields)
        assert done.status_code == 303
        assert university.one(t.revision)["position"] == 1
        protocol = visitor.get(day(sitting))
        told = words(protocol)
        assert "Protocol № 1" in told
        assert "Жактырылсын" in told
        assert not [one for one in forms(protocol) if one.action.endswith("/minutes")]

    def test_shows_corrections_beside_the_protocol(self, visitor: Visitor, sitting: Sitting) -> None:
        for no, decision in ((1, "endorse"), (2, "resolved")):
            sitting.decide(no, decision)
        sitting.add("instruction", what="Жобону тактоо", item="1", owner_post="dean", due_on="2026-05-15")
        sitting.go("close", protocol_no="7")
        page = visitor.get(day(sitting))
        assert "Жобону тактоо" in words(page)
        assert "/council-tasks/" in page.text or "council" in page.text
        form = next(one for one in forms(page) if one.action.endswith("/moves/correct"))
        done = visitor.post(form.action, {**form.fields, "item": "2", "says": "Макул: 4"})
        assert done.status_code == 303
        told = words(visitor.get(day(sitting)))
        assert "Correction 1" in told
        assert "Макул: 4" in told

    def test_is_the_secretarys(self, visitor: Visitor, sitting: Sitting) -> None:
        page = visitor.is_("dean", "en").get(day(sitting, "closing"))
        assert "protocol_no" not in page.text


class TestRules:
    def test_short_notice_is_told(self, university: University, visitor: Visitor, planned: Sitting) -> None:
        assert "short notice" not in words(visitor.get(day(planned)))
        late = university.open(
            "sitting", "sec_ouk", NOW, body="ouk", held_on=(NOW + DAY).date(), begins_at="14:00", held_at="201"
        )
        assert "This is short notice" in words(visitor.get(f"/sittings/{late}/day"))

    def test_impossible_numbers_are_never_carried(self, visitor: Visitor, sitting: Sitting) -> None:
        sitting.decide(2, "resolved", votes=(99, 0, 0))
        page = visitor.get(day(sitting))
        assert "more votes than there are people to vote" in words(page)
        assert 'class="counted tone-good"' not in page.text

    def test_who_is_not_marked_is_not_called_absent(self, visitor: Visitor, sitting: Sitting) -> None:
        sitting.write("attendee", sitting.no_of("dean"), presence="")
        told = words(visitor.get(day(sitting, "closing")))
        assert "not marked yet" in told
        assert "absent" not in told

    def test_whoever_is_in_the_chair_is_shown_and_changed(
        self, university: University, visitor: Visitor, sitting: Sitting
    ) -> None:
        page = visitor.get(day(sitting))
        form = next(one for one in forms(page) if one.action.endswith("/change_chair"))
        assert '<option value="rector" selected' in page.text
        assert '<option value="quality"' not in page.text
        visitor.post(form.action, {**form.fields, "chair": "vice"})
        assert university.one(t.sitting, t.sitting.c.record_id == sitting.id)["chair_id"] == university.people["vice"]
        assert '<option value="vice" selected' in visitor.get(day(sitting)).text


class TestThePage:
    def test_asks_the_database_as_often_for_many_as_for_few(self, university: University, visitor: Visitor) -> None:
        def asked(sitting: Sitting) -> dict[str, int]:
            found = {}
            for rest in ("day", "closing"):
                statements: list[str] = []
                with heard(university.database, statements.append):
                    for _ in range(2):  # the first also reads what is kept in memory
                        statements.clear()
                        assert visitor.get(day(sitting, rest)).status_code == 200
                found[rest] = len([one for one in statements if one.lstrip().upper().startswith("SELECT")])
            return found

        few = large(university, 1, 1, 3)
        counted = asked(few)
        more = Sitting.plan(university, NOW)
        for number in range(30):
            more.go("add_item", NOW - 7 * DAY, title=f"Маселе {number}")
        more.go("send_papers", NOW - 5 * DAY)
        more.go("open_session", chair="member01")
        for number in range(1, 31):
            more.add("instruction", what="Тактоо", item=str(number))
            more.write("agenda_item", number, ballot="by_name")
            more.vote(number, "member01", "for")
        university.change(
            t.agenda_item.update()
            .where(t.agenda_item.c.record_id == more.id, t.agenda_item.c.no == 1)
            .values(about_id=few.rows("agenda_item")[0]["about_id"])
        )
        assert asked(more) == counted

    def test_says_whose_it_is_in_every_state(self, visitor: Visitor, sitting: Sitting) -> None:
        pages = [visitor.get(day(sitting)), visitor.get(day(sitting, "closing"))]
        sitting.decide(1, "endorse")
        sitting.write("agenda_item", 2, decision="postpone")
        sitting.go("close", protocol_no="1")
        pages.append(visitor.get(day(sitting)))
        for page in pages:
            assert '<div class="person">' in page.text
            assert "<b>Umut Katchy</b>" in page.text
        assert "There was no vote." in words(pages[-1]), "on what was postponed"

    def test_asks_first_who_is_here(self, university: University, visitor: Visitor, planned: Sitting) -> None:
        planned.go("send_papers", planned.day)
        planned.go("open_session", chair="rector")
        assert "Mark first who is here" in words(visitor.get(day(planned)))
        planned.write("attendee", planned.no_of("dean"), presence="present")
        assert "Mark first who is here" not in words(visitor.get(day(planned)))

    def test_is_led_to_from_the_record(self, visitor: Visitor, sitting: Sitting) -> None:
        assert f'href="{day(sitting)}"' in visitor.get(f"/sittings/{sitting.id}").text

    def test_of_something_else_is_not_there(self, university: University, visitor: Visitor, sitting: Sitting) -> None:
        revision = sitting.rows("agenda_item")[0]["about_id"]
        assert visitor.get(f"/sittings/{revision}/day").status_code == 404

    def test_is_planned_by_a_secretary(self, university: University, visitor: Visitor) -> None:
        seat(university, "ouk", MEMBERS)
        page = visitor.get("/sittings/new?body=ouk")
        assert '<option value="ouk" selected>Educational-methodical council' in page.text
        form = next(one for one in forms(page) if one.action.endswith("/sittings/new"))
        facts = {"body": "ouk", "held_on": (NOW + timedelta(days=9)).date().isoformat(), "begins_at": "14:00"}
        done = visitor.post(form.action, {**form.fields, **facts, "held_at": "201"})
        assert done.status_code == 303
        planned = university.one(t.record, t.record.c.kind == "sitting")["id"]
        assert done.headers["location"] == f"/sittings/{planned}/day?done=1"
        page = visitor.get(done.headers["location"])
        told = words(page)
        assert "The sitting is planned." in told
        assert "Agenda" in told
        for back in ("/sittings", f"/sittings/{planned}"):
            assert f'href="{back}"' in page.text
        assert "The sitting is planned." not in words(visitor.get(f"/sittings/{planned}/day")), "said once"
        again = visitor.post(form.action, {**form.fields, **facts, "held_at": "201"})
        assert again.headers["location"] == done.headers["location"], "going back and sending it again is one sitting"
        # An instruction is a council's, not its secretary's alone: it hangs on a sitting.
        assert "/council-tasks/new" not in visitor.get("/council-tasks").text
        assert visitor.get("/council-tasks/new").status_code == 403
        assert visitor.is_("owner").get("/sittings/new").status_code == 403


class TestTheDesk:
    def test_shows_what_waits_for_each_council_and_its_sittings(
        self, university: University, visitor: Visitor, planned: Sitting
    ) -> None:
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        page = visitor.get("/sittings/desk")
        told = words(page)
        assert "On no agenda yet: 1" in told
        assert "УСТ 4.09/1" in told
        assert "УСТ 6.01" not in told
        assert "22 April 2026, 14:00" in told
        assert 'href="/sittings/new?body=ouk"' in page.text
        assert "Academic Council" not in told
        assert 'href="/sittings/desk"' in visitor.get("/sittings").text

    def test_of_a_member_offers_no_planning(self, university: University, visitor: Visitor, planned: Sitting) -> None:
        page = visitor.is_("dean", "en").get("/sittings/desk")
        assert "Educational-methodical council" in words(page)
        assert "/sittings/new" not in page.text
        assert "secretary of none" in words(visitor.is_("owner", "en").get("/sittings/desk"))


class TestPapers:
    def test_are_shown_with_their_hash_and_frozen_once_sent(self, university: University, visitor: Visitor) -> None:
        seat(university, "ouk", MEMBERS)
        (revision,) = waiting(university, 1, NOW - 14 * DAY)
        sitting = Sitting.plan(university, NOW + 7 * DAY)
        attach(university, revision, "Жобо.docx", "a" * 64)
        page = visitor.get(day(sitting))
        assert "Жобо.docx SHA-256 aaaaaaaaaaaa…" in words(page)
        assert "as it was sent" not in words(page)
        sitting.go("send_papers", NOW)
        assert "as it was sent" in words(visitor.get(day(sitting)))
        attach(university, revision, "Кошумча.pdf", "b" * 64)
        told = words(visitor.get(day(sitting)))
        assert "Кошумча.pdf SHA-256 bbbbbbbbbbbb… not what was sent" in told
        assert "no longer those that were sent" in told


def attach(university: University, record: UUID, name: str, sha256: str) -> None:
    """A file of a record, as if it had been sent there."""
    added = university.history(record)[0]["id"]
    row = {"id": new_id(), "record_id": record, "name": name, "sha256": sha256, "added_by_id": added}
    file = {"sha256": sha256, "size": 3, "media_type": "application/pdf", "kept_at": NOW}
    university.change(sa.insert(t.file).values(file), sa.insert(t.attachment).values(row))
