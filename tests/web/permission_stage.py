"""The university on which the matrix is played: everybody of the matrix, and records brought to any state by moves."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.organisation import CLOCK, organisation_changed
from service.readings import ask_readers, note_opened
from states.kyrgyz import fold, sort_key
from states.registry import lifecycles
from states.text import Text
from tests.councils.sitting import Sitting
from tests.support.university import University, at, names, order, protocol
from tests.web.permission_matrix import EVERYBODY
from tests.web.visitors import application

NOW = at(2026, 4, 6)  # a Monday; everybody who is away is so from today
BEFORE = at(2026, 4, 3)
LONG_AGO = at(2024, 3, 1)
LATER = date(2026, 9, 1)

# Each post that the small university does not have: its unit, its role, whether it heads the unit, who holds it.
_POSTS: Final = {
    "author": ("LIBRARY", None, False, ("author",)),
    "coowner": ("LIBRARY", None, False, ("coowner",)),
    "colleague": ("DEPARTMENT", None, False, ("colleague",)),
    "rep": ("DEPARTMENT", "quality_representative", False, ("rep",)),
    "second_rep": ("DEPARTMENT", "quality_representative", False, ("doer",)),
    "second_quality": ("UNI", "quality_specialist", False, ("doer",)),
    # Whoever holds no post has left the university, and acts for nobody.
    "assistant": ("LIBRARY", None, False, tuple(sorted(name for name in EVERYBODY if name.startswith("dep_")))),
    "far_rector": ("FAR", "rector", True, ("far_rector",)),
    "far_vice": ("FAR", "vice_rector", False, ("far_vice",)),
    "far_quality": ("FAR", "quality_specialist", False, ("far_quality",)),
    "far_admin": ("FAR", "administrator", False, ("far_admin",)),
    "far_sec": ("FAR", None, False, ("far_sec",)),
    "far_head": ("FAR_DEPARTMENT", None, True, ("far_head",)),
    "far_owner": ("FAR_DEPARTMENT", None, False, ("far_owner",)),
    "far_rep": ("FAR_DEPARTMENT", "quality_representative", False, ("far_rep",)),
}
_HELD_TOO: Final = {"owner": ("torn",), "rector": ("rector2",)}
_AWAY: Final = {
    **{name.removeprefix("dep_"): name for name in EVERYBODY if name.startswith("dep_")},
    "rector2": "torn",
}
FILE: Final = {"sha256": "ab" * 32, "name": "текст.txt", "size": 5, "media_type": "text/plain"}
ANOTHER: Final = {**FILE, "name": "тиркеме.txt"}

_PROTOCOL: Final[dict[str, Any]] = dict(protocol("1", NOW))
_REASON: Final[dict[str, Any]] = {"reason": "Себеп"}
# What each move records, where it records anything but a reason.
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "endorse": _PROTOCOL,
    "endorse_with_amendments": _PROTOCOL,
    "return_for_revision": _PROTOCOL,
    "document.reject": _PROTOCOL,
    "enter_amendments": {"clauses": "4.1"},
    "document.approve": dict(order("7", NOW, NOW.date())),
    "document.withdraw": {"order_no": "8", "decided_on": NOW.date(), "reason": "Эскирди"},
    "reaffirm": {"findings": "Актуалдуу"},
    "revise": {"summary": "4.1"},
    "attach_file": {"file": ANOTHER},
    "remove_file": {"attachment": FILE["name"], "reason": "Эскирди"},
    "describe": {"summary": "4.2-пункт такталат"},
    "hand_over": {"author": "reader", "reason": "Башкага өттү"},
    "register": {"severity": "major", "owner_post": "owner"},
    "record_correction": {"correction": "Табылды"},
    "record_causes": {"similar_checked": "none", "similar": "Башка жерде жок"},
    "add_cause": {"text": "Жооптуу жок", "code": "1/P1"},
    "amend_cause": {"cause": 1, "text": "Тартип жок болчу", "code": "1/M1"},
    "remove_cause": {"cause": 1},
    "nonconformity.describe": {"object": "Журнал", "clause": "2015/7.5"},
    "reassign": {"owner_post": "librarian", "reason": "Башкага өттү"},
    "concede": {"concession": "Семестрдин аягына чейин"},
    "add_evidence": {"what": "Сүрөт", "evidence_on": BEFORE.date()},
    "remove_evidence": {"evidence": 1},
    "link_causes": {"causes": [1]},
    "extend": {"new_due_on": LATER, "reason": "Кечикти"},
    "find_inconclusive": {"rationale": "Эрте", "check_on": LATER},
    "add_step": {"title": "Долбоор"},
    "amend_step": {"work_step": 1, "title": "Долбоор", "done_on": BEFORE.date()},
    "remove_step": {"work_step": 1},
    "audit.reschedule": {"planned_on": LATER, "reason": "Кечикти"},
    "appoint": {"lead_auditor": "auditor", "auditors": ["librarian"], "reason": "Алмашты"},
    "add_question": {"text": "Журнал барбы?", "clause": "7.5"},
    "answer_question": {"question": 1, "text": "Журнал барбы?", "answer": "conforms"},
    "remove_question": {"question": 1},
    "add_finding": {"kind": "observation", "title": "Жакшы", "found": "Баары бар"},
    "amend_finding": {"finding": 1, "kind": "strength", "title": "Жакшы", "found": "Баары бар"},
    "remove_finding": {"finding": 1},
    "raise_nonconformity": {"finding": 1},
    "finish": {"carried_out_on": BEFORE.date()},
    "report": {"conclusion": "Баары жакшы"},
    "submit_plan": {"complete_by": LATER},
    "reschedule": {"complete_by": LATER, "reason": "Кечикти"},
    "close": {"evaluation": "Натыйжалуу"},
    "implement": {"evidence": "Буйрук", "implemented_on": NOW.date()},
    "request_extension": {"new_due_on": LATER, "reason": "Кечикти"},
    "find_effective": {"rationale": "Бар"},
    "find_ineffective": {"rationale": "Жок"},
    "return_work": {"due_on": LATER, "reason": "Далил жок"},
    "add_item": {"title": "Отчёт"},
    "remove_item": {"agenda_item": 1},
    "place_item": {"agenda_item": 1, "place": 1},
    "sitting.reschedule": {"held_on": LATER, "begins_at": "15:00", "held_at": "201"},
    "open_session": {"chair": "member"},
    "change_chair": {"chair": "member"},
    "correct": {"says": "4 макул"},
    "report_done": {"done": "Бүттү", "done_on": BEFORE.date()},
    "give_back": {"returned_on": BEFORE.date()},
}
_PROTOCOLS = count(100)
# Every state in which somebody may do something.
PLACES: Final = [
    (one.name, state) for one in lifecycles().values() for state in one.steps if any(one.moves_from(state))
]


# The route that a revision took before its type's was changed: with a council left, and with none.
_OTHER_ROUTES: Final[dict[str, dict[str, Any]]] = {
    "reroute": {"by_order": False},
    "pass_on": {"route": ["ouk", "ok", "far"], "meanings": ["endorses", "endorses", "approves"], "position": 2},
}


def given(name: str, move: str) -> dict[str, Any]:
    """What the move of that lifecycle records."""
    if (name, move) == ("sitting", "close"):
        return {"protocol_no": str(next(_PROTOCOLS))}  # no two protocols of a body have one number
    if f"{name}.{move}" in GIVEN or move in GIVEN:
        return GIVEN.get(f"{name}.{move}", GIVEN.get(move, {}))
    fields = lifecycles()[name].moves[move].records
    return _REASON if any(field.name == "reason" for field in fields) else {}


class Stage:
    """A database with everybody in it, the application over it, and verbs that bring records to a state."""

    def __init__(self, university: University) -> None:
        self.university = university
        self._numbers = count(1)
        self._people()
        self.app: FastAPI = application(university.database, NOW)

    def arrive(self, name: str, state: str, move: str = "") -> UUID:
        """A new record of that lifecycle in that state, where it came by moves; `move` is what will be tried."""
        record = _WAYS[name](self, state)
        if move == "report":
            self.university.go(record, "raise_nonconformity", "auditor", BEFORE, finding=1)
        if move in _OTHER_ROUTES:
            revision = t.revision.c.record_id == record
            self.university.change(sa.update(t.revision).where(revision).values(_OTHER_ROUTES[move]))
        return record

    def clock(self, record: UUID, move: str, when: datetime) -> None:
        """Sapat itself makes a move."""
        from service.moves import move as make

        with self.university.database.write() as connection:
            make(connection, record, move, CLOCK, {}, when)

    def _people(self) -> None:
        university, process = self.university, new_id()
        university.units |= {code: new_id() for code in ("FAR", "FAR_DEPARTMENT")}
        newcomers = sorted(EVERYBODY - set(university.people))
        university.people |= {code: new_id() for code in newcomers}
        university.posts |= {code: new_id() for code in _POSTS}
        self.process = process
        with university.database.write() as connection:

            def put(table: sa.Table, **row: object) -> None:
                connection.execute(sa.insert(table), row)

            def named(code: str) -> Any:
                return names(Text(code, code, code))

            for code, above in (("FAR", None), ("FAR_DEPARTMENT", university.units["FAR"])):
                put(t.unit, id=university.units[code], code=code, parent_id=above, is_campus=not above, **named(code))
            for code in newcomers:
                put(t.person, id=university.people[code], code=code, email=f"{code}@uni.example", **named(code))
            for code, (unit, role, heads, _) in _POSTS.items():
                at_unit = university.units[unit]
                put(
                    t.post, id=university.posts[code], code=code, unit_id=at_unit, role=role, heads=heads, **named(code)
                )  # fmt: skip
            held = {code: people for code, (*_, people) in _POSTS.items()} | _HELD_TOO
            for post, people in held.items():
                for person in people:
                    put(
                        t.holding, id=new_id(), person_id=university.people[person], post_id=university.posts[post],
                        since=date(2000, 1, 1),
                    )  # fmt: skip
            put(t.body, id=new_id(), code="far", secretary_post_id=university.posts["far_sec"], **named("far"))
            ouk = connection.execute(sa.select(t.body.c.id).where(t.body.c.code == "ouk")).scalar_one()
            put(t.membership, id=new_id(), body_id=ouk, person_id=university.people["member"], since=date(2000, 1, 1))
            for away, deputy in _AWAY.items():
                put(
                    t.absence, id=new_id(), person_id=university.people[away], deputy_id=university.people[deputy],
                    since=NOW.date(), until=NOW.date() + timedelta(days=10), entered_at=BEFORE,
                )  # fmt: skip
            put(t.process, id=process, code="4.1", name="Сапат", folded="4.1 сапат")
            for position, post in enumerate(("owner", "coowner")):
                put(
                    t.process_owner, id=new_id(), process_id=process, post_id=university.posts[post],
                    position=position,
                )  # fmt: skip
            put(t.file, **{key: value for key, value in FILE.items() if key != "name"}, kept_at=NOW)
            sent = [{"sha256": FILE["sha256"], "person_id": one, "at": NOW} for one in university.people.values()]
            connection.execute(sa.insert(t.upload), sent)
            organisation_changed(connection)

    def body(self) -> str:
        """A body of its own for a sitting, so that no other takes what waits for it; its code."""
        code, body_id = f"body{next(self._numbers)}", new_id()
        secretary = self.university.posts["sec_ouk"]
        row = {"id": body_id, "code": code, "secretary_post_id": secretary, **names(Text(code, code, code))}
        seat = {"id": new_id(), "body_id": body_id, "person_id": self.university.people["member"]}
        self.university.change(
            sa.insert(t.body).values(row), sa.insert(t.membership).values(**seat, since=date(2000, 1, 1))
        )
        return code

    def _document(self) -> str:
        code = f"УСТ 9.{next(self._numbers):03d}"
        row = {
            "id": new_id(), "campus_id": self.university.units["UNI"], "code": code, "title": code,
            "folded": fold(code), "sort_key": sort_key(code), "type_code": "УСТ", "process_group": "4",
            "is_series": False, "owner_post_id": self.university.posts["owner"], "process_id": self.process,
            "given": {},
        }  # fmt: skip
        with self.university.database.write() as connection:
            connection.execute(sa.insert(t.document), row)
        return code


def _revision(stage: Stage, state: str) -> UUID:
    go, in_force = stage.university.go, state in ("effective", "periodic_review", "withdrawal_proposed")
    when = LONG_AGO if in_force else BEFORE
    record = stage.university.draft(when, document=stage._document())
    go(record, "hand_over", "owner", when, author="author", reason="Жазсын")
    go(record, "attach_file", "author", when, file=FILE)
    if state == "draft":
        return record
    go(record, "submit", "author", when)
    if state == "council_review":
        return record
    if state == "amendment":
        go(record, "endorse_with_amendments", "sec_ouk", when, **protocol("1", when))
        return record
    for secretary in ("sec_ouk", "sec_ok"):
        go(record, "endorse", secretary, when, **protocol("1", when))
    if state == "rector_approval":
        return record
    go(record, "approve", "rector", when, **order("1", when, when.date() if in_force else LATER))
    if state in ("periodic_review", "withdrawal_proposed"):
        go(record, "open_review", "quality", BEFORE)
    if state == "withdrawal_proposed":
        go(record, "propose_withdrawal", "quality", BEFORE, reason="Эскирди")
    return record


def _nonconformity(stage: Stage, state: str) -> UUID:
    go, when = stage.university.go, BEFORE
    told: dict[str, Any] = {
        "title": "Журнал жок",
        "found": "Журнал табылган жок",
        "nc_kind": "programme",
        "source": "monitoring",
    }
    record = stage.university.open("nonconformity", "author", when, **told, found_on=when.date(), process="4.1")
    go(record, "add_evidence", "author", when, **given("nonconformity", "add_evidence"))
    if state == "rejected":
        go(record, "reject", "quality", when, **given("nonconformity", "reject"))
        return record
    way = ("reported", "correction", "cause_analysis", "action_planning", "acting", "verification", "closed")
    place = way.index(state)
    if place >= 1:
        go(record, "register", "quality", when, **given("nonconformity", "register"))
    if place >= 2:
        go(record, "record_correction", "owner", when, correction="Табылды")
        go(record, "add_cause", "owner", when, text="Тартип жок", code="1/M1")
    if place >= 3:
        go(record, "record_causes", "owner", when, **given("nonconformity", "record_causes"))
    if place == 3:
        return _with_closed_action(stage, record)
    if place >= 4:
        action = stage.university.action(record, when, LATER)
        go(record, "submit_plan", "owner", when, complete_by=LATER)
    if place >= 5:
        _carry_out(stage, action, "implemented")
        go(action, "find_effective", "quality", when, rationale="Бар")
    if place == 6:
        go(record, "close", "quality", when, evaluation="Натыйжалуу")
    return record


def _with_closed_action(stage: Stage, record: UUID) -> UUID:
    """A plan can be submitted, and the nonconformity disputed: its only action is done already."""
    go, when = stage.university.go, BEFORE
    action = stage.university.action(record, when, LATER)
    stage.clock(action, "submit", when)
    _carry_out(stage, action, "implemented")
    go(action, "find_effective", "quality", when, rationale="Бар")
    return record


def _carry_out(stage: Stage, action: UUID, state: str) -> None:
    go, when = stage.university.go, BEFORE
    go(action, "approve", "vice", when)
    if state == "approved":
        return
    go(action, "start", "owner", when)
    if state == "extension_requested":
        go(action, "request_extension", "owner", when, new_due_on=date(2026, 12, 1), reason="Кечикти")
    if state == "cancellation_requested":
        go(action, "request_cancellation", "owner", when, reason="Кереги жок")
    if state == "implemented":
        go(action, "implement", "doer", when, evidence="Буйрук", implemented_on=when.date())


def _action(stage: Stage, state: str) -> UUID:
    when = BEFORE
    found = stage.university.planning(when)
    with stage.university.database.write() as connection:
        connection.execute(sa.update(t.record).where(t.record.c.id == found).values(process_id=stage.process))
    action = stage.university.action(found, when, date(2026, 6, 1))
    stage.university.go(action, "add_step", "owner", when, title="Долбоор", done_on=when.date())
    stage.university.go(action, "add_evidence", "owner", when, **given("corrective_action", "add_evidence"))
    if state == "planned":
        return action
    stage.university.go(found, "submit_plan", "owner", when, complete_by=LATER)
    if state != "approval":
        _carry_out(stage, action, state)
    return action


def _audit(stage: Stage, state: str) -> UUID:
    go, when = stage.university.go, BEFORE
    told: dict[str, Any] = {"title": "Кафедранын аудити", "criteria": "ISO 9001", "unit": "DEPARTMENT"}
    people: dict[str, Any] = {"process": "4.1", "lead_auditor": "auditor", "auditors": ["librarian"]}
    record = stage.university.open("audit", "quality", when, **told, **people, planned_on=date(2026, 5, 4))
    go(record, "add_question", "auditor", when, text="Журнал барбы?", clause="7.5")
    go(record, "add_evidence", "auditor", when, **given("audit", "add_evidence"))
    if state == "planned":
        return record
    go(record, "begin", "auditor", when)
    go(record, "answer_question", "auditor", when, **given("audit", "answer_question"))
    finding = {"kind": "nonconformity", "nc_kind": "programme", "title": "Журнал жок", "found": "Журнал жок"}
    go(record, "add_finding", "librarian", when, **finding)
    if state == "in_progress":
        return record
    go(record, "finish", "auditor", when, carried_out_on=when.date())
    if state == "acceptance":
        go(record, "raise_nonconformity", "auditor", when, finding=1)
        go(record, "report", "auditor", when, conclusion="Бүттү")
    return record


def _sitting(stage: Stage, state: str) -> UUID:
    """A sitting that has a document on its agenda, while another waits."""
    go, began = stage.university.go, state in ("in_session", "closed")
    told: dict[str, Any] = {"begins_at": "14:00", "held_at": "101", "held_on": (BEFORE if began else NOW).date()}
    body = stage.body()
    record = stage.university.open("sitting", "sec_ouk", BEFORE, body=body, **told)
    go(record, "add_item", "sec_ouk", BEFORE, title="Отчёт")
    waits = t.revision.c.record_id == _revision(stage, "council_review")
    stage.university.change(sa.update(t.revision).where(waits).values(route=[body]))
    if state == "planned":
        return record
    go(record, "send_papers", "sec_ouk", BEFORE)
    if state == "called":
        return record
    go(record, "open_session", "sec_ouk", BEFORE, chair="member")
    minutes = Sitting(stage.university, record, "sec_ouk", BEFORE)
    minutes.write("attendee", 1, presence="present")
    for item in minutes.rows("agenda_item"):
        minutes.write("agenda_item", item["no"], decision="postpone")
    minutes.add("instruction", what="Тактоо", owner_post="owner", due_on="2026-06-01")
    if state == "closed":
        go(record, "close", "sec_ouk", BEFORE, **given("sitting", "close"))
    return record


def _council_task(stage: Stage, state: str) -> UUID:
    sitting = _sitting(stage, "closed")
    record: UUID = stage.university.one(t.record, t.record.c.parent_id == sitting)["id"]
    if state == "reported":
        stage.university.go(record, "report_done", "owner", BEFORE, **given("council_task", "report_done"))
    return record


def _acknowledgement(stage: Stage, _: str) -> UUID:
    """What the colleague has to read: whoever works in the unit that owns the document has."""
    revision = _revision(stage, "effective")
    ask_readers(stage.university.database, BEFORE)
    theirs = t.acknowledgement.c.reader_id == stage.university.people["colleague"]
    row = stage.university.one(t.acknowledgement, theirs, t.acknowledgement.c.revision_id == revision)
    record: UUID = row["record_id"]
    with stage.university.database.write() as connection:  # its page asks for that before it takes a signature
        note_opened(connection, record, row["reader_id"], BEFORE)
    return record


def _printed_copy(stage: Stage, state: str) -> UUID:
    code = stage.university.record(_revision(stage, "effective"))["code"].partition("/")[0]
    told = {"document": code, "owner_post": "owner", "kept_at": "204-кабинет"}
    record = stage.university.open("printed_copy", "quality", BEFORE, **told)
    if state == "recalled":
        stage.university.go(record, "recall", "quality", BEFORE)
    return record


_WAYS: Final[dict[str, Callable[[Stage, str], UUID]]] = {
    "document": _revision,
    "nonconformity": _nonconformity,
    "corrective_action": _action,
    "audit": _audit,
    "sitting": _sitting,
    "council_task": _council_task,
    "acknowledgement": _acknowledgement,
    "printed_copy": _printed_copy,
}
