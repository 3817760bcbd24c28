"""Who may read what: the one condition against the declarations read in plain Python, and what mails lead to."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import tables as t
from models.base import new_id
from models.database import Database
from service.organisation import Actor, BodyFacts, Organisation, organisation, organisation_changed
from service.reading.permitted import may_read, readable
from service.reading.records import find_record, list_records, read_record
from service.reading.waiting import counts
from service.subject import typed_table
from service.sweep import sweep
from states.ladders import STANDARD
from states.policies import ladder_facts
from states.refusals import NotFound, NotYours
from states.registry import lifecycle, lifecycles
from states.roles import POSTS, Role
from tests.support.databases import SqliteTemplate
from tests.support.university import University, at, order, protocol

NOW = at(2026, 4, 6)
DAY = date(2026, 4, 6)
KINDS = sorted(lifecycles())


class Reading:
    """The declarations in plain Python, record by record: slow, and written without a look at the condition."""

    def __init__(self, snapshot: Organisation, records: list[dict[str, Any]], tasks: list[Any], notices: list[Any]):
        self.snapshot, self.records, self.tasks, self.notices = snapshot, records, tasks, notices

    def read_by(self, actor: Actor) -> set[UUID]:
        return {
            record["id"]
            for record in self.records
            if any(self.plays(role, record, actor) for role in lifecycle(record["kind"]).readers(record["state"]))
        }

    def plays(self, role: Role, record: dict[str, Any], actor: Actor) -> bool:
        mine, people, snapshot = actor.all_posts, actor.people, self.snapshot
        unit = record["unit_id"]
        if unit is None and record["owner_post_id"]:
            unit = snapshot.posts[record["owner_post_id"]].unit_id
        above = set(snapshot.lineage(unit))
        match role:
            case Role.ANYONE:
                return True
            case Role.AUTHOR:
                return record["author_id"] == actor.person_id or (
                    record["author_id"] in people and not record["author_hidden"]
                )
            case Role.OWNER:
                return self.owns(record, mine)
            case Role.RELATED:
                return any(
                    self.owns(other, mine)
                    or (other["id"] == record["parent_id"] and self.audits(other, people))
                    or (other["parent_id"] == record["id"] and self.works_on(other, mine, people))
                    for other in self.records
                    if other["parent_id"] == record["id"] or other["id"] == record["parent_id"]
                )
            case Role.DOER:
                return record.get("implemented_by_id") in people or record.get("implemented_for_id") in people
            case Role.CHECKER:
                return record.get("checker_post_id") in mine
            case Role.AUDITOR:
                return self.audits(record, people)
            case Role.MEMBER:
                called = any(person.hex in (record.get("members") or []) for person in people)
                return called or any(self.sits(body, mine, people) for body in self.bodies(record))
            case Role.READER:
                return record.get("reader_id") in people
            case Role.COLLEAGUE:
                return unit is not None and any(post in mine for post in snapshot.posts_in(unit))
            case Role.HEAD:
                return any(post.heads and post.id in mine and post.unit_id in above for post in snapshot.posts.values())
            case Role.QUALITY_REPRESENTATIVE:
                return any(post in mine for post in snapshot.representatives(unit))
            case Role.COUNCIL:
                return any(self.sits(body, mine, people) for body in snapshot.bodies.values())
            case Role.HOLDER:
                return any(
                    task.record_id == record["id"]
                    and task.closed_at is None
                    and (task.holder_post_id in mine or task.holder_person_id in people)
                    for task in self.tasks
                )
            case Role.TOLD:
                is_open = {task.id for task in self.tasks if task.closed_at is None}
                return any(
                    notice.record_id == record["id"]
                    and notice.reader_id == actor.person_id
                    and (notice.created_at >= record["moved_at"] or notice.task_id in is_open)
                    for notice in self.notices
                )
        assert role in POSTS, f"nobody has said who {role} is"
        return any(post in mine for post in snapshot.posts_of_role(role, record["campus_id"]))

    def bodies(self, record: dict[str, Any]) -> list[BodyFacts]:
        return [body for body in self.snapshot.bodies.values() if body.id == record.get("body_id")]

    def sits(self, body: BodyFacts, posts: frozenset[UUID], people: Collection[UUID]) -> bool:
        return (
            body.secretary_post_id in posts
            or body.chair_post_id in posts
            or any(
                person in people and since <= DAY <= (until or DAY)
                for person, since, until in self.snapshot.members.get(body.id, ())
            )
        )

    def works_on(self, record: dict[str, Any], posts: frozenset[UUID], people: Collection[UUID]) -> bool:
        done_by = (record.get("implemented_by_id"), record.get("implemented_for_id"))
        return record.get("checker_post_id") in posts or any(one in people for one in done_by)

    def audits(self, record: dict[str, Any], people: Collection[UUID]) -> bool:
        team = record.get("auditors") or []
        return record.get("lead_auditor_id") in people or any(person.hex in team for person in people)

    def owns(self, record: dict[str, Any], posts: frozenset[UUID]) -> bool:
        owner = record["owner_post_id"]
        if owner is None:
            return record["unit_id"] is not None and self.snapshot.head_of(record["unit_id"]) in posts
        together = self.snapshot.process_owners.get(record["process_id"], ())
        return owner in posts or (owner in together and not posts.isdisjoint(together))


PLACES = range(6)
somebody = st.integers(0, 5)
perhaps = st.none() | st.integers(0, 5)


@st.composite
def universities(draw: st.DrawFn) -> dict[str, Any]:
    """Six units (two of them campuses), eight posts, six people, two processes, a council, absences, ten records."""
    return {
        "parents": [None, draw(st.none() | st.just(0)), *(draw(st.integers(0, place - 1)) for place in range(2, 6))],
        "posts": draw(
            st.lists(
                st.tuples(
                    somebody, st.sampled_from([None, None, *sorted(POSTS), "quality_representative"]), st.booleans()
                ),
                min_size=8,
                max_size=8,
            )
        ),
        "holdings": draw(st.lists(st.tuples(somebody, st.integers(0, 7)), max_size=9)),
        "together": draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 7)), max_size=4, unique=True)),
        "council": (draw(st.integers(0, 7)), draw(perhaps), draw(perhaps)),
        "absences": draw(st.lists(st.tuples(somebody, perhaps), max_size=2, unique_by=lambda pair: pair[0])),
        "records": draw(st.lists(records(), min_size=10, max_size=10)),
    }


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    return {
        "kind": kind,
        "state": draw(st.sampled_from(sorted(lifecycle(kind).steps))),
        "author": draw(perhaps),
        "hidden": draw(st.booleans()),
        "campus": draw(st.none() | st.integers(0, 1)),
        "owner": draw(st.none() | st.integers(0, 7)),
        "unit": draw(perhaps),
        "process": draw(st.none() | st.integers(0, 1)),
        "parent": draw(st.none() | st.integers(0, 9)),
        "doer": draw(perhaps),
        "had_it_done": draw(perhaps),
        "checker": draw(st.none() | st.integers(0, 7)),
        "lead": draw(somebody),
        "auditors": draw(st.none() | st.lists(somebody, max_size=2, unique=True)),
        "task": draw(st.none() | st.tuples(st.booleans(), somebody, st.booleans())),
        "notice": draw(st.none() | st.tuples(somebody, st.booleans(), st.booleans())),
    }


@pytest.fixture(scope="module")
def emptied(sqlite_template: SqliteTemplate) -> Iterator[Database]:
    with sqlite_template.copy() as copied:
        yield copied


def found(connection: sa.Connection, drawn: dict[str, Any]) -> list[dict[str, Any]]:
    """Write the university into an empty database; its records with their typed fields."""
    units, posts = [new_id() for _ in PLACES], [new_id() for _ in range(8)]
    people, processes = [new_id() for _ in PLACES], [new_id() for _ in range(2)]
    ids = [new_id() for _ in drawn["records"]]

    def pick(among: list[UUID], place: int | None) -> UUID | None:
        return None if place is None else among[place]

    def put(table: sa.Table, **row: Any) -> None:
        named = {"name_ky": "x", "name_ru": "x", "name_en": "x"} if "name_ky" in table.c else {}
        connection.execute(sa.insert(table).values(**named, **row))

    for place, parent in enumerate(drawn["parents"]):
        put(t.unit, id=units[place], code=f"u{place}", parent_id=pick(units, parent), is_campus=place < 2)
    for place, (unit, role, heads) in enumerate(drawn["posts"]):
        put(t.post, id=posts[place], code=f"p{place}", unit_id=units[unit], role=role, heads=heads)
    for place in PLACES:
        put(t.person, id=people[place], code=f"n{place}", email="x@x", language="ky")
    for person, post in drawn["holdings"]:
        put(t.holding, id=new_id(), person_id=people[person], post_id=posts[post], since=date(2000, 1, 1))
    for place, process in enumerate(processes):
        put(t.process, id=process, code=f"{place}", name="x", section="x", folded="x")
    for place, (process_at, post) in enumerate(drawn["together"]):
        put(t.process_owner, process_id=processes[process_at], post_id=posts[post], position=place)
    put(t.ladder, id="x", facts=ladder_facts(STANDARD))
    secretary, chair, member = drawn["council"]
    body = new_id()
    put(t.body, id=body, code="b", secretary_post_id=posts[secretary], chair_post_id=pick(posts, chair))
    if member is not None:
        put(t.membership, id=new_id(), body_id=body, person_id=people[member], since=date(2000, 1, 1))
    for person, deputy in drawn["absences"]:
        spell = {"since": DAY, "until": DAY + timedelta(days=3), "entered_at": NOW}
        put(t.absence, id=new_id(), person_id=people[person], deputy_id=pick(people, deputy), **spell)
    made = []
    for place, one in enumerate(drawn["records"]):
        row = {
            "id": ids[place],
            "kind": one["kind"],
            "state": one["state"],
            "author_id": pick(people, one["author"]),
            "author_hidden": one["hidden"],
            "campus_id": pick(units, one["campus"]),
            "owner_post_id": pick(posts, one["owner"]),
            "unit_id": pick(units, one["unit"]),
            "process_id": pick(processes, one["process"]),
            "parent_id": pick(ids, one["parent"]) if one["parent"] is not None and one["parent"] < place else None,
            "moved_at": NOW,
        }
        put(t.record, **row, code=f"r{place}", title="x", folded="x", opened_at=NOW)
        typed: dict[str, Any] = {}
        if one["kind"] == "corrective_action":
            typed = {"implemented_by_id": pick(people, one["doer"]), "checker_post_id": pick(posts, one["checker"])}
            typed |= {"implemented_for_id": pick(people, one["had_it_done"])}
            due = {"action_kind": "x", "criterion": "x", "due_on": DAY, "original_due_on": DAY}
            put(typed_table(one["kind"]), record_id=ids[place], **due, **typed)
        if one["kind"] == "audit":
            team = None if one["auditors"] is None else [people[auditor].hex for auditor in one["auditors"]]
            typed = {"lead_auditor_id": people[one["lead"]], "auditors": team}
            planned = {"criteria": "x", "planned_on": DAY, "original_planned_on": DAY}
            put(typed_table(one["kind"]), record_id=ids[place], **planned, **typed)
        task_id = None
        if one["task"]:
            by_post, holder, done = one["task"]
            task_id, step = new_id(), next(iter(lifecycle(one["kind"]).steps))
            has_it = {"holder_post_id": posts[holder]} if by_post else {"holder_person_id": people[holder]}
            moments = dict.fromkeys(("opened_at", "due_at", "original_due_at", "next_notice_at"), NOW)
            put(
                t.task,
                id=task_id,
                record_id=ids[place],
                lifecycle=one["kind"],
                step=step,
                rung=0,
                ladder_id="x",
                closed_at=NOW if done else None,
                **has_it,
                **moments,
            )
        if one["notice"]:
            reader, of_task, before = one["notice"]
            created_at = NOW - timedelta(days=1) if before else NOW
            about = {"record_id": ids[place], "task_id": task_id if of_task else None}
            told = {"key": new_id().hex, "reader_id": people[reader], "message": "x"}
            put(t.notice, **told, **about, created_at=created_at, next_try_at=NOW)
        made.append({**row, **typed})
    organisation_changed(connection)
    return made


class TestTheCondition:
    @settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(drawn=universities())
    def test_agrees_with_the_declarations_read_in_plain_python(self, emptied: Database, drawn: dict[str, Any]) -> None:
        with emptied.write() as connection:
            undone = connection.begin_nested()
            try:
                self._compare(connection, found(connection, drawn))
            finally:
                undone.rollback()

    def _compare(self, connection: sa.Connection, made: list[dict[str, Any]]) -> None:
        snapshot = Organisation(connection)
        tasks = list(connection.execute(sa.select(t.task)).all())
        notices = list(connection.execute(sa.select(t.notice)).all())
        plain = Reading(snapshot, made, tasks, notices)
        alias = t.record.alias("other")
        for person in snapshot.people:
            actor = snapshot.actor(person, DAY)
            expected = plain.read_by(actor)
            for table in (t.record, alias):
                condition = readable(snapshot, actor, DAY, record=table)
                assert set(connection.execute(sa.select(table.c.id).where(condition)).scalars()) == expected
            for kind in KINDS:
                condition = readable(snapshot, actor, DAY, kind) & (t.record.c.kind == kind)
                of_kind = {row["id"] for row in made if row["kind"] == kind}
                assert (
                    set(connection.execute(sa.select(t.record.c.id).where(condition)).scalars()) == expected & of_kind
                )

    def test_holds_on_the_other_database_for_everybody_of_a_small_university(self, university: University) -> None:
        everything(university)
        with university.database.read() as connection:
            snapshot = organisation(connection)
            made = [dict(row) for row in connection.execute(sa.select(t.record)).mappings()]
            for table in (t.corrective_action, t.audit):
                for typed in connection.execute(sa.select(table)).mappings():
                    next(row for row in made if row["id"] == typed["record_id"]).update(typed)
            tasks = list(connection.execute(sa.select(t.task)).all())
            notices = list(connection.execute(sa.select(t.notice)).all())
            plain = Reading(snapshot, made, tasks, notices)
            for person in snapshot.people:
                actor = snapshot.actor(person, DAY)
                known = connection.execute(sa.select(t.record.c.id).where(readable(snapshot, actor, DAY)))
                assert set(known.scalars()) == plain.read_by(actor)

    def test_holds_for_nobody_where_nobody_asks(self, university: University) -> None:
        everything(university)
        with university.database.read() as connection:
            condition = readable(organisation(connection), Actor(None), DAY)
            assert connection.execute(sa.select(sa.func.count()).select_from(t.record).where(condition)).scalar() == 0


def everything(university: University) -> dict[str, UUID]:
    """One record of each kind that not everybody may read, and a revision in force."""
    draft = university.draft(NOW)
    university.go(draft, "submit", "owner", NOW)
    university.go(draft, "endorse", "sec_ouk", NOW, **protocol("1", NOW))
    university.go(draft, "endorse", "sec_ok", NOW, **protocol("2", NOW))
    university.go(draft, "approve", "rector", NOW, **order("3", NOW, NOW.date()))
    found, action = university.under_way(NOW, date(2026, 6, 1))
    coming = university.draft(NOW)
    return {"in_force": draft, "coming": coming, "found": found, "action": action, "audit": audited(university)}


def audited(university: University) -> UUID:
    """An audit of the department by two of other units."""
    told: dict[str, Any] = {"title": "Аудит", "planned_on": NOW.date(), "unit": "DEPARTMENT", "criteria": "ISO 9001"}
    return university.open("audit", "quality", NOW, lead_auditor="auditor", auditors=["reader"], **told)


def reads(university: University, who: str, record: UUID, when: Any = NOW) -> bool:
    with university.database.read() as connection:
        return may_read(connection, record, university.as_(who, when), when)


class TestWhatIsInForce:
    def test_is_read_by_everybody(self, university: University) -> None:
        record = everything(university)["in_force"]
        assert all(reads(university, who, record) for who in university.people)

    def test_is_not_what_is_still_being_written(self, university: University) -> None:
        coming = everything(university)["coming"]
        readers = {who for who in university.people if reads(university, who, coming)}
        assert readers == {"owner", "head", "dean", "rector", "vice", "quality", "sec_ouk", "sec_ok"}

    def test_was_read_by_everybody_until_another_replaced_it(self, university: University) -> None:
        ids = everything(university)
        university.go(ids["coming"], "submit", "owner", NOW)
        university.go(ids["coming"], "endorse", "sec_ouk", NOW, **protocol("4", NOW))
        university.go(ids["coming"], "endorse", "sec_ok", NOW, **protocol("5", NOW))
        university.go(ids["coming"], "approve", "rector", NOW, **order("6", NOW, NOW.date()))
        assert not reads(university, "librarian", ids["in_force"])
        assert reads(university, "librarian", ids["coming"])


class TestWhatOneMayNotRead:
    def test_is_not_there_by_code_by_identifier_or_in_totals(self, university: University) -> None:
        ids = everything(university)
        code = university.record(ids["found"])["code"]
        librarian = university.as_("librarian", NOW)
        with university.database.read() as connection:
            for name in (code, str(ids["found"])):
                with pytest.raises(NotFound):
                    find_record(connection, name, librarian, NOW)
            with pytest.raises(NotFound):
                read_record(connection, ids["found"], librarian, NOW)
            assert list_records(connection, librarian, NOW, "nonconformity").total == 0
            assert counts(connection, librarian, at(2026, 12, 1)).late == 0
            assert list_records(connection, university.as_("rector", NOW), NOW, "nonconformity").total == 1

    def test_refuses_moves_as_if_it_were_not_there(self, university: University) -> None:
        """Neither its state nor its version nor who may is told."""
        ids = everything(university)
        for name in ("record_correction", "close", "withdraw", "no such move"):
            with pytest.raises(NotFound):
                university.go(ids["found"], name, "librarian", NOW)

    def test_cannot_be_hung_on(self, university: University) -> None:
        ids = everything(university)
        with pytest.raises(NotFound):
            university.action(ids["found"], NOW, date(2026, 6, 1), who="librarian")

    def test_does_not_tell_that_a_revision_is_under_way(self, university: University) -> None:
        everything(university)
        with pytest.raises(NotYours):
            university.draft(NOW, who="librarian")


class TestWhoeverMayMove:
    def test_may_read(self) -> None:
        """In each step each move's parts are among its readers, or follow from one of them."""
        # The secretary sits with the council, the one who carried something out is told as DOER.
        for one in lifecycles().values():
            secretary = Role.COUNCIL if one.name == "document" else Role.MEMBER
            follows = {Role.SECRETARY: secretary, Role.CLOCK: Role.CLOCK}
            for move in one.moves.values():
                for state in move.sources:
                    readers = {*one.readers(state), Role.CLOCK}
                    for role in move.by:
                        assert follows.get(role, role) in readers or Role.ANYONE in readers, (one.name, move.name, role)

    def test_or_has_the_task_or_was_told_may_read_too(self) -> None:
        for one in lifecycles().values():
            for state, step in one.steps.items():
                readers = set(one.readers(state))
                if step.task and Role.ANYONE not in readers:
                    assert {Role.HOLDER, Role.TOLD} <= readers, (one.name, state)

    def test_and_was_told_of_a_move_may_read_where_it_led(self) -> None:
        for one in lifecycles().values():
            for move in one.moves.values():
                for way in move.ways:
                    readers = set(one.readers(way.to))
                    assert not move.tells or not readers.isdisjoint({Role.TOLD, Role.ANYONE}), (one.name, move.name)


class TestWhateverAMailLinksTo:
    def test_can_be_opened_by_whom_it_is_sent_to(self, university: University) -> None:
        """All lifecycles, moves and rungs: every notice ever written, read on its day by its reader."""
        ids = everything(university)
        university.vacate("head", date(2026, 4, 6))
        university.go(ids["coming"], "submit", "owner", NOW)
        seen = 0
        for weeks in range(16):
            when = NOW + timedelta(weeks=weeks)
            sweep(university.database, when)
            for notice in university.rows(t.notice, t.notice.c.created_at == when):
                who = university.who(notice["reader_id"])
                assert reads(university, who, notice["record_id"], when), (who, notice)
                seen += 1
        assert seen > 20

    def test_can_be_opened_by_the_head_above_a_secretary_of_another_faculty(self, university: University) -> None:
        """The head of the task's holder has no other part in the record."""
        department = university.units["LIBRARY"]
        university.change(
            sa.update(t.post).where(t.post.c.code == "sec_ouk").values(unit_id=department),
        )
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        (task,) = university.open_tasks(revision)
        when = task["due_at"] + timedelta(days=6)
        assert not reads(university, "librarian", revision, when)
        sweep(university.database, when)
        told = {university.who(row["reader_id"]) for row in university.rows(t.notice, t.notice.c.rung.is_not(None))}
        assert "librarian" in told
        assert reads(university, "librarian", revision, when)
        later = when + timedelta(hours=1)
        university.go(revision, "endorse", "sec_ouk", later, **protocol("1", later))
        assert not reads(university, "librarian", revision, later)


class TestAConfidentialAuthor:
    def test_has_no_task_and_no_signature_that_would_name_them(self) -> None:
        """What the product shows of tasks and signatures names people: none of them may be the author's."""
        for one in lifecycles().values():
            if one.tells_author:
                assert all(Role.AUTHOR not in (step.owner, step.otherwise) for step in one.steps.values())
                assert not any(move.signs for move in one.moves.values() if Role.AUTHOR in move.by)

    def told_by(self, university: University, who: str) -> list[str]:
        """Who did what to a confidential report, as somebody is told: its author and its owner have added evidence."""
        told: dict[str, Any] = {"title": "x", "found": "x", "nc_kind": "programme", "source": "monitoring"}
        found = university.open("nonconformity", "reader", NOW, found_on=DAY, confidential=True, **told)
        university.go(found, "add_evidence", "reader", NOW, what="Сүрөт", evidence_on=DAY)
        university.go(found, "register", "quality", NOW, severity="minor", owner_post="owner")
        university.go(found, "add_evidence", "owner", NOW, what="Протокол", evidence_on=DAY)
        with university.database.read() as connection:
            page = read_record(connection, found, university.as_(who, NOW), NOW)
        return [entry.actor.en if entry.actor else "" for entry in page.history]

    def test_is_not_named_by_evidence_that_they_add(self, university: University) -> None:
        assert self.told_by(university, "owner")[:3] == ["confidential", "confidential", "Sapat Saparov"]

    def test_is_named_to_the_quality_specialist(self, university: University) -> None:
        assert self.told_by(university, "quality")[:2] == ["Okurman Okurov"] * 2

    def test_hides_nobody_else_who_adds_evidence(self, university: University) -> None:
        assert self.told_by(university, "head")[3] == "Omur Jazuuchu"
