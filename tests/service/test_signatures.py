"""Signatures: who signed what, kept with the record for good; void as soon as that is no longer what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from notifications.message import Letter
from notifications.render import Renderer
from service.chain import digest
from service.language import translations
from service.letters import write_letters
from service.moves import move
from service.organisation import CLOCK
from service.reading.signatures import SignatureView, signatures_of, to_sign
from service.readings import ask_readers
from service.signing import Proof, ProofNeeded, content_of, signature_hash
from service.subject import load
from states.lifecycle import Meaning
from states.refusals import Stale
from states.registry import lifecycles
from tests.councils.sitting import DAY, Sitting, seat
from tests.support.dump import dump
from tests.support.post import HEAD
from tests.support.university import TITLE, University, at, order, protocol

NOW = at(2017, 4, 5)
NEXT_YEAR = at(2018, 4, 9)
DUE = date(2017, 5, 5)
MORE = date(2017, 6, 6)
REASON = {"reason": "Себеп"}
SHA = {name: f"{name[0]}" * 64 for name in ("a.txt", "B.txt", "Жобо.txt", "b.txt")}


@dataclass(frozen=True)
class Signing:
    """A move that signs: who makes it, what it records, and a record brought to where it may be made."""

    lifecycle: str
    move: str
    meaning: Meaning
    who: str
    given: Mapping[str, Any]
    ready: Callable[[University], UUID]


def submitted(university: University) -> UUID:
    revision = university.draft(NOW)
    university.go(revision, "submit", "owner", NOW)
    return revision


def reviewed(university: University) -> UUID:
    revision = university.in_force(at(2016, 4, 1))
    university.go(revision, "open_review", "quality", NOW)
    return revision


def planned(university: University) -> UUID:
    found = university.planning(NOW)
    action = university.action(found, NOW, DUE)
    university.go(found, "submit_plan", "owner", NOW, complete_by=DUE)
    return action


def under_way(university: University) -> UUID:
    return university.under_way(NOW, DUE)[1]


def extended(university: University) -> UUID:
    action = under_way(university)
    university.go(action, "request_extension", "owner", NOW, new_due_on=MORE, **REASON)
    return action


def implemented(university: University) -> UUID:
    action = under_way(university)
    university.go(action, "implement", "owner", NOW, evidence="Бар", implemented_on=NOW.date())
    return action


def verified(university: University) -> UUID:
    found, action = university.under_way(NOW, DUE)
    university.go(action, "implement", "owner", NOW, evidence="Бар", implemented_on=NOW.date())
    university.go(action, "find_effective", "quality", NOW, rationale="Аткарылды")
    return found


def audited(university: University, *, reported: bool) -> UUID:
    """An audit whose report is being written, or has been submitted."""
    told: dict[str, Any] = {"title": "Аудит", "planned_on": NOW.date(), "unit": "DEPARTMENT", "criteria": "ISO 9001"}
    audit = university.open("audit", "quality", NOW, lead_auditor="auditor", **told)
    university.go(audit, "begin", "auditor", NOW)
    university.go(audit, "finish", "auditor", NOW, carried_out_on=NOW.date())
    if reported:
        university.go(audit, "report", "auditor", NOW, conclusion="Ылайык")
    return audit


def sat(university: University, *, closed: bool = False) -> UUID:
    """A sitting of a council on which all is decided, or whose protocol is closed."""
    seat(university)
    sitting = Sitting.plan(university, NOW)
    sitting.go("add_item", NOW - 6 * DAY, title="Отчёт")
    sitting.begin()
    sitting.decide(1, "resolved")
    sitting.add("instruction", what="Тактоо", owner_post="dean", due_on="2017-05-05")
    if closed:
        sitting.go("close", protocol_no="4")
    return sitting.id


def instructed(university: University) -> UUID:
    """What a council instructed the dean to do, who says it is done."""
    sat(university, closed=True)
    task: UUID = university.one(t.record, t.record.c.kind == "council_task")["id"]
    university.go(task, "report_done", "dean", NOW, done="Бүттү", done_on=NOW.date())
    return task


def to_read(university: University) -> UUID:
    """What the head of the unit has to read: a revision that has come into force."""
    university.in_force(NOW)
    ask_readers(university.database, NOW)
    theirs = t.acknowledgement.c.reader_id == university.people["head"]
    record: UUID = university.one(t.acknowledgement, theirs)["record_id"]
    return record


WITHDRAWAL = {"order_no": "9", "decided_on": NOW.date(), **REASON}
RATIONALE = {"rationale": "Аткарылды"}
SIGNINGS = [
    Signing("document", "endorse", Meaning.ENDORSED, "sec_ouk", protocol("1", NOW), submitted),
    Signing("document", "endorse_with_amendments", Meaning.ENDORSED, "sec_ouk", protocol("1", NOW), submitted),
    Signing(
        "document",
        "approve",
        Meaning.APPROVED,
        "rector",
        order("1", NOW, NOW.date()),
        lambda university: university.endorsed(NOW),
    ),
    Signing("document", "reaffirm", Meaning.VERIFIED, "quality", {"findings": "Ылайык"}, reviewed),
    Signing(
        "document",
        "withdraw",
        Meaning.APPROVED,
        "rector",
        WITHDRAWAL,
        lambda university: university.in_force(NOW),
    ),
    Signing("corrective_action", "approve", Meaning.APPROVED, "vice", {}, planned),
    Signing("corrective_action", "grant_extension", Meaning.APPROVED, "vice", {}, extended),
    Signing("corrective_action", "find_effective", Meaning.VERIFIED, "quality", RATIONALE, implemented),
    Signing("corrective_action", "find_ineffective", Meaning.VERIFIED, "quality", RATIONALE, implemented),
    Signing("corrective_action", "cancel", Meaning.APPROVED, "vice", REASON, under_way),
    Signing(
        "corrective_action",
        "find_inconclusive",
        Meaning.VERIFIED,
        "quality",
        {**RATIONALE, "check_on": MORE},
        implemented,
    ),
    Signing("corrective_action", "extend", Meaning.APPROVED, "vice", {"new_due_on": MORE, **REASON}, under_way),
    Signing(
        "nonconformity",
        "concede",
        Meaning.APPROVED,
        "vice",
        {"concession": "Бир семестрге"},
        lambda university: university.planning(NOW),
    ),
    Signing("audit", "report", Meaning.ENDORSED, "auditor", {"conclusion": "Ылайык"}, partial(audited, reported=False)),
    Signing("acknowledgement", "acknowledge", Meaning.READ, "head", {}, to_read),
    Signing("sitting", "close", Meaning.ATTESTED, "sec_ouk", {"protocol_no": "5"}, sat),
    Signing("sitting", "correct", Meaning.ATTESTED, "sec_ouk", {"says": "4 макул"}, partial(sat, closed=True)),
    Signing("council_task", "accept", Meaning.VERIFIED, "sec_ouk", {}, instructed),
    Signing("audit", "accept", Meaning.APPROVED, "quality", {}, partial(audited, reported=True)),
    Signing("nonconformity", "close", Meaning.VERIFIED, "quality", {"evaluation": "Натыйжалуу"}, verified),
]


def signed(university: University, record: UUID) -> list[SignatureView]:
    with university.database.read() as connection:
        return signatures_of(connection, record, load(connection, record).lifecycle)


def content(university: University, record: UUID) -> str:
    with university.database.read() as connection:
        return content_of(connection, load(connection, record)).hash


def has_file(university: University, name: str) -> dict[str, Any]:
    """A file that `owner` has sent, as a move names it."""
    row = {"sha256": SHA[name], "size": 5, "media_type": "text/plain"}
    with university.database.write() as connection:
        connection.execute(sa.insert(t.file).values(**row, kept_at=NOW))
        sent = {"sha256": row["sha256"], "person_id": university.people["owner"], "at": NOW}
        connection.execute(sa.insert(t.upload).values(**sent))
    return {**row, "name": name}


def amended(university: University) -> UUID:
    """A revision that a council endorsed with amendments: its author may change it, and it is signed."""
    revision = submitted(university)
    university.go(revision, "endorse_with_amendments", "sec_ouk", NOW, **protocol("1", NOW))
    return revision


def away(university: University, person: str, deputy: str) -> None:
    """Somebody is away today, and their deputy acts for them."""
    absence = {"id": new_id(), "person_id": university.people[person], "deputy_id": university.people[deputy]}
    entered = {"entered_by_id": university.people[person], "entered_at": NOW, "reason": "vacation"}
    university.change(sa.insert(t.absence).values(**absence, **entered, since=NOW.date(), until=NOW.date()))


class TestEveryMoveThatSigns:
    def test_is_tried_here(self) -> None:
        declared = {(one.name, name) for one in lifecycles().values() for name in one.moves if one.moves[name].signs}
        assert {(one.lifecycle, one.move) for one in SIGNINGS} == declared

    @pytest.mark.parametrize("one", SIGNINGS, ids=lambda one: f"{one.lifecycle}-{one.move}")
    def test_needs_a_proof_and_keeps_who_signed_what(self, university: University, one: Signing) -> None:
        record = one.ready(university)
        actor, before, hashed = university.as_(one.who, NOW), dump(university.database), content(university, record)
        with pytest.raises(ProofNeeded), university.database.write() as connection:
            move(connection, record, one.move, actor, one.given, NOW)
        assert dump(university.database) == before
        with university.database.write() as connection:
            moved = move(connection, record, one.move, actor, one.given, NOW, proof=Proof("password", NOW), saw=hashed)
        row = university.one(t.signature, t.signature.c.history_id == moved.history_id)
        assert (row["record_id"], row["person_id"]) == (record, university.people[one.who])
        assert (row["meaning"], row["method"], row["signed_at"]) == (one.meaning, "password", NOW)
        assert row["facts"]["at"] == "2017-04-05T10:00:00+06:00"
        assert (row["post_id"], row["content_hash"]) == (university.posts[one.who], hashed)
        (entry,) = [entry for entry in university.history(record) if entry["id"] == moved.history_id]
        assert signature_hash(row) == row["hash"] == entry["signature"]
        newest = signed(university, record)[-1]
        assert (newest.id, newest.fits, newest.voided_at) == (row["id"], True, None)


class TestASignature:
    def test_says_what_was_signed_in_the_words_of_its_moment(self, university: University) -> None:
        revision = submitted(university)
        university.go(revision, "endorse", "sec_ouk", NOW, **protocol("7", NOW))
        university.change(sa.update(t.person).values(name_ru="Кто-то"))
        (one,) = signed(university, revision)
        assert (one.name.ru, one.acting_for) == ("Умут Катчы", None)
        assert one.post is not None
        assert one.post.ru == "sec_ouk (должность)"
        assert one.fields["title"] == TITLE
        assert one.fields["number"] == 1
        facts = university.one(t.signature)["facts"]
        assert (facts["move"], facts["given"]["wording"], facts["files"]) == ("endorse", "Жактырылсын", [])

    def test_of_a_deputy_says_for_whom(self, university: University) -> None:
        revision = university.endorsed(NOW)
        away(university, "rector", "vice")
        with university.database.read() as connection:
            subject = load(connection, revision)
            declared = subject.lifecycle.moves["approve"]
        actor = university.as_("vice", NOW)
        with university.database.read() as connection:
            shown = to_sign(connection, subject, declared, actor, NOW)
        university.go(revision, "approve", "vice", NOW, **order("1", NOW, NOW.date()))
        one = signed(university, revision)[-1]
        for seen in (shown, one):
            assert (seen.acting_for and seen.acting_for.en, seen.post and seen.post.en) == (
                "Aibek Rektorov",
                "rector (post)",
            )
        assert (one.name.en, one.content_hash) == ("Jyldyz Okueva", shown.hash)
        entry = university.history(revision)[-1]
        assert entry["acting_for_id"] == university.people["rector"]
        assert entry["post_id"] == university.posts["rector"]

    @pytest.mark.parametrize(
        ("language", "says"),
        [
            ("ky", "Жылдыз Окуева, кимдин ордуна: Айбек Ректоров"),
            ("ru", "Жылдыз Окуева, замещает: Айбек Ректоров"),
            ("en", "Jyldyz Okueva, acting for: Aibek Rektorov"),
        ],
    )
    def test_of_a_deputy_is_told_so_in_mails(self, university: University, language: str, says: str) -> None:
        revision = university.endorsed(NOW)
        away(university, "rector", "vice")
        university.go(revision, "approve", "vice", NOW, **order("1", NOW, NOW.date()))
        university.change(sa.update(t.person).values(language=language))
        entry = university.history(revision)[-1]
        with university.database.read() as connection:
            notices = connection.execute(sa.select(t.notice).where(t.notice.c.history_id == entry["id"])).all()
            letters = write_letters(connection, notices, HEAD, NOW)
        assert letters
        for letter in letters.values():
            assert isinstance(letter, Letter)
            mail = Renderer(translations, "Sapat <sapat@uni.example>", "uni.example").render(letter, NOW)
            for kind in ("plain", "html"):
                body = mail.get_body((kind,))
                assert body is not None
                assert says in " ".join(str(body.get_content()).split())

    def test_is_bound_to_the_same_content_on_both_databases(self, university: University) -> None:
        revision = university.draft(NOW)
        for name in ("b.txt", "Жобо.txt", "B.txt", "a.txt"):
            university.go(revision, "attach_file", "owner", NOW, file=has_file(university, name))
        fields = {
            "kind": "document",
            "code": "УСТ 4.09/1",
            "title": TITLE,
            "number": 1,
            "summary": "4.1-пункт такталат",
        }
        files = tuple((name, SHA[name]) for name in ("B.txt", "a.txt", "b.txt", "Жобо.txt"))
        assert content(university, revision) == digest({"fields": fields, "files": files})

    def test_is_refused_where_the_signer_saw_something_else(self, university: University) -> None:
        revision = submitted(university)
        seen = content(university, revision)
        file = has_file(university, "a.txt")
        row = {
            "id": new_id(),
            "record_id": revision,
            "sha256": file["sha256"],
            "name": "a.txt",
            "added_by_id": new_id(),
        }
        with university.database.write() as connection:  # past every move, and past the version with it
            connection.execute(sa.insert(t.attachment).values(row))
        before, actor, proof = dump(university.database), university.as_("sec_ouk", NOW), Proof("password", NOW)
        with pytest.raises(Stale), university.database.write() as connection:
            move(connection, revision, "endorse", actor, protocol("1", NOW), NOW, expects=2, proof=proof, saw=seen)
        assert dump(university.database) == before

    def test_copied_to_another_record_does_not_fit_there(self, university: University) -> None:
        revision = amended(university)
        other = university.planning(NOW)
        entry, row = university.history(other)[-1], university.one(t.signature)
        with university.database.write() as connection:
            copied = {**row, "id": new_id(), "record_id": other, "history_id": entry["id"]}
            connection.execute(sa.insert(t.signature).values(**copied))
        assert [one.fits for one in signed(university, revision)] == [True]
        with university.database.read() as connection:
            assert [one.fits for one in signatures_of(connection, other, lifecycles()["document"])] == [False]

    @pytest.mark.parametrize("change", ["UPDATE signature SET hash = 'x'", "DELETE FROM signature"])
    def test_stays_as_it_is(self, university: University, change: str) -> None:
        amended(university)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), university.database.write() as connection:
            connection.exec_driver_sql(change)

    def test_is_never_sapats_own(self, university: University) -> None:
        university.endorsed(NOW)
        revision = university.rows(t.record)[0]["id"]
        university.go(revision, "approve", "rector", NOW, **order("1", NOW, date(2017, 4, 20)))
        before = len(university.rows(t.signature))
        with university.database.write() as connection:
            move(connection, revision, "come_into_force", CLOCK, {}, at(2017, 4, 20))
        assert len(university.rows(t.signature)) == before
        assert university.history(revision)[-1]["signature"] is None


class TestAChange:
    def test_of_the_files_voids_what_was_signed_before(self, university: University) -> None:
        revision = amended(university)
        moved = university.go(revision, "attach_file", "owner", NEXT_YEAR, file=has_file(university, "a.txt"))
        (one,) = signed(university, revision)
        assert one.voided_at == NEXT_YEAR
        assert one.voided_by is not None
        assert university.one(t.signature)["voided_by_id"] == moved.history_id
        assert one.fits

    def test_that_takes_a_file_away_voids_too(self, university: University) -> None:
        revision = university.draft(NOW)
        university.go(revision, "attach_file", "owner", NOW, file=has_file(university, "a.txt"))
        university.go(revision, "submit", "owner", NOW)
        university.go(revision, "endorse_with_amendments", "sec_ouk", NOW, **protocol("1", NOW))
        university.go(revision, "remove_file", "owner", NOW, attachment="a.txt", **REASON)
        (one,) = signed(university, revision)
        assert one.voided_at == NOW
        assert one.files == (("a.txt", SHA["a.txt"]),)

    def test_of_the_words_voids_and_to_the_same_words_does_not(self, university: University) -> None:
        revision = amended(university)
        university.go(revision, "describe", "owner", NOW, summary="4.1-пункт такталат")
        assert signed(university, revision)[0].voided_at is None
        university.go(revision, "describe", "owner", NOW, summary="Башка")
        university.go(revision, "describe", "owner", NEXT_YEAR, summary="4.1-пункт такталат")
        assert signed(university, revision)[0].voided_at == NOW

    def test_of_something_else_voids_nothing(self, university: University) -> None:
        revision = amended(university)
        university.go(revision, "hand_over", "owner", NOW, author="dean", **REASON)
        university.go(revision, "enter_amendments", "dean", NOW, clauses="4.1")
        assert [one.voided_at for one in signed(university, revision)] == [None]

    def test_leaves_later_signatures_valid(self, university: University) -> None:
        revision = amended(university)
        university.go(revision, "attach_file", "owner", NOW, file=has_file(university, "a.txt"))
        university.go(revision, "enter_amendments", "owner", NOW, clauses="4.1")
        university.go(revision, "endorse", "sec_ok", NOW, **protocol("2", NOW))
        assert [one.voided_at for one in signed(university, revision)] == [NOW, None]

    @pytest.mark.parametrize("name", lifecycles())
    def test_of_what_is_signed_is_made_only_by_moves_that_void(self, name: str) -> None:
        """`move` voids by itself where a signed field is set; files change only in moves that say so."""
        for declared in lifecycles()[name].moves.values():
            kinds = {field.kind for field in declared.records}
            assert declared.changes or kinds.isdisjoint({"attachment"}), declared.name
