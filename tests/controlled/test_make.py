"""Making: once for each that was asked for, whoever dies at whichever point, and nobody held up by one that fails."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.controlled import make as making
from service.controlled import rows
from service.controlled.certificate import FOLDER
from service.controlled.make import Sheets, make, store_of
from service.controlled.of_record import chosen
from service.controlled.refusals import GIVEN_UP, GONE_WRONG, NO_FILES, REASONS
from service.controlled.render import Rendered, render
from service.controlled.sheets import sheets_with
from service.controlled.verify import Verdict, judge
from service.files.attachments import AttachmentView
from service.files.kinds import KINDS
from service.files.orphans import sweep_orphans
from service.upkeep import tidy
from tests.controlled.making import (
    ADDRESS,
    LETTERS,
    NOW,
    Office,
    code_on,
    document,
    encrypted,
    paper,
    two_sheets,
    words,
    workbook,
)
from tests.support.together import together

HOUR = timedelta(hours=1)


def broken(_database: Database, _record: UUID) -> Sheets:
    raise RuntimeError("the form is broken")


class TestARevisionThatCameIntoForce:
    def test_gets_one_pdf_of_sheets_and_files_sealed_and_known_by_its_bytes(self, office: Office) -> None:
        revision = office.in_force({"УСТ 4.09.docx": document(), "1-тиркеме.xlsx": workbook()})
        assert office.make(sheets=sheets_with()) == {"controlled_made": 1}
        row, pdf = office.row(revision), office.pdf(revision)
        assert (row["state"], row["pages"], row["how"], row["tried"]) == ("made", 4, "archival,pandoc,plain", 1)
        assert (row["made_at"], row["next_try_at"], row["says"]) == (NOW, None, None)
        assert (row["sha256"], row["size"]) == (sha256(pdf).hexdigest(), len(pdf))
        digest = office.university.one(t.controlled_digest)
        assert (digest["sha256"], digest["record_id"], digest["made_at"]) == (row["sha256"], revision, NOW)
        assert judge(pdf, office.home).verdict is Verdict.SEALED
        approval, text, annex, changes = (words(pdf, page) for page in range(4))
        for told in ("УСТ 4.09", "Айбек Ректоров", "01-12/138", "Окумуштуулар кеңеши"):
            assert told in approval
        assert LETTERS in text
        assert "Бириккен баш" in annex
        assert "Өзгөртүүлөрдү" in changes
        assert all(code_on(pdf, page, f"{ADDRESS}/check/{revision}") for page in range(4))

    def test_has_a_sheet_of_changes_with_the_revisions_that_came_before(self, office: Office) -> None:
        office.in_force({"жобо.pdf": paper("биринчи")})
        second = office.in_force({"жобо.pdf": paper("экинчи")}, NOW + timedelta(days=400))
        assert office.make(NOW + timedelta(days=400), sheets=sheets_with()) == {"controlled_made": 2}
        changes = words(office.pdf(second), 2)
        assert "4.1-пункт такталат" in changes
        assert "Өмүр Жазуучу" in changes

    def test_is_made_once_however_often_the_chore_runs(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        office.make()
        before = office.row(revision)
        assert office.make(NOW + HOUR) == {}
        assert office.row(revision) == before

    def test_is_made_by_one_of_several_that_run_at_once(self, office: Office) -> None:
        revisions = [office.in_force({"жобо.pdf": paper()}, NOW + timedelta(days=400 * n)) for n in range(3)]
        later = NOW + timedelta(days=1500)
        counts = together([lambda: office.make(later)] * 3)
        assert all(isinstance(one, dict) and set(one) <= {"controlled_made"} for one in counts), counts
        assert sum(one.get("controlled_made", 0) for one in counts if isinstance(one, dict)) == 3
        assert [office.row(one)["tried"] for one in revisions] == [1, 1, 1]
        assert len(list((office.home / FOLDER).glob("own-*.json"))) == 1

    def test_is_made_while_nobody_waits_for_the_database(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        open_now: list[bool] = []
        monkeypatch.setattr(making, "render", _watched(render, office.university.database, open_now))
        office.make()
        assert office.row(revision)["state"] == "made"
        assert open_now == [False]


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        ("files", "says", "facts"),
        [
            ({}, NO_FILES, {}),
            ({"жобо.pdf": encrypted(paper(), "a")}, REASONS["encrypted"], {"name": "жобо.pdf"}),
            ({"жобо.pdf": paper(), "1.xlsx": workbook(3, 60)}, REASONS["table"], {"name": "1.xlsx"}),
        ],
    )
    def test_with_a_file_is_said_and_not_tried_again(
        self, office: Office, files: dict[str, bytes], says: str, facts: dict[str, str]
    ) -> None:
        revision = office.in_force(files)
        assert office.make() == {"controlled_failed": 1}
        row = office.row(revision)
        assert (row["state"], row["next_try_at"], row["sha256"]) == ("failed", None, None)
        assert json.loads(row["says"]) == {"says": says, "facts": facts}
        assert office.make(NOW + timedelta(days=9)) == {}

    def test_with_one_holds_up_no_other(self, office: Office) -> None:
        office.in_force({"жобо.pdf": encrypted(paper(), "a")})
        office.in_force({"жобо.pdf": paper()}, NOW + timedelta(days=400))
        assert office.make(NOW + timedelta(days=400)) == {"controlled_failed": 1, "controlled_made": 1}

    def test_for_another_reason_is_tried_again_each_time_later_and_then_given_up(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        now, waits = NOW, []
        for _ in range(rows.MOST_TRIES):
            assert office.make(now, broken) == {"controlled_put_off": 1}
            row = office.row(revision)
            assert row["state"] == "pending"
            assert rows.told(row["says"]) == (GONE_WRONG, {"why": "RuntimeError: the form is broken"})
            assert office.make(now, broken) == {}
            waits.append((row["next_try_at"] - now) / timedelta(minutes=1))
            now = row["next_try_at"]
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
        assert office.make(now, broken) == {}
        row = office.row(revision)
        assert (row["state"], row["next_try_at"]) == ("failed", None)
        assert rows.told(row["says"]) == (GIVEN_UP, {"why": "RuntimeError: the form is broken"})

    def test_is_forgotten_once_it_goes_well(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        office.make(NOW, broken)
        assert office.make(NOW + HOUR) == {"controlled_made": 1}
        assert office.row(revision)["says"] is None

    def test_with_a_database_that_is_away_is_the_chores_to_say(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office.in_force({"жобо.pdf": paper()})
        away = sa.exc.OperationalError("SELECT", {}, Exception("away"))
        monkeypatch.setattr(making, "facts_of", _raising(away))
        with pytest.raises(sa.exc.OperationalError):
            office.make()


class TestAProcessThatDies:
    """A kill leaves what was committed and what was written; whatever came after it has not happened."""

    @pytest.mark.parametrize("point", ["render", "bind", "seal", "put", "keep"])
    def test_at_any_point_leaves_the_file_to_the_next_one(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, point: str
    ) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        with monkeypatch.context() as dying:
            dying.setattr(making, point, _raising(_KilledError()))
            with pytest.raises(_KilledError):
                office.make()
        assert office.row(revision)["state"] == "pending"
        assert office.make(NOW + rows.IN_HAND - timedelta(seconds=1)) == {}
        assert office.make(NOW + rows.IN_HAND) == {"controlled_made": 1}
        assert judge(office.pdf(revision), office.home).verdict is Verdict.SEALED

    def test_between_the_store_and_the_row_leaves_a_file_that_is_taken_away_and_was_never_ours(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        with monkeypatch.context() as dying:
            dying.setattr(rows, "made", _raising(_KilledError()))
            with pytest.raises(_KilledError):
                office.make()
        stray = _stored(office)
        assert len(stray) == 1
        assert office.university.rows(t.controlled_digest) == []
        office.make(NOW + rows.IN_HAND)
        with office.university.database.write() as connection:
            sweep_orphans(connection, store_of(office.settings), _far(office))
        assert _stored(office) == {office.row(revision)["sha256"]}

    def test_long_ago_and_comes_back_says_nothing_over_the_other_one(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        with office.university.database.write() as connection:
            slow = rows.take(connection, NOW)
        assert slow
        office.make(NOW + HOUR)
        before = office.row(revision)
        with office.university.database.write() as connection:
            assert not rows.made(
                connection, slow, NOW + HOUR, {"sha256": "a" * 64, "size": 1, "pages": 1, "how": "pdf"}
            )
            rows.failed(connection, slow, NO_FILES, {})
            rows.put_off(connection, slow, GONE_WRONG, {}, NOW)
        assert office.row(revision) == before
        assert len(office.university.rows(t.controlled_digest)) == 1


class TestAHand:
    """Whoever works on a file has it in hand, by the clock on the wall and for as long as it takes."""

    def test_is_by_the_clock_of_the_moment_not_by_that_of_the_round(self, office: Office) -> None:
        for number in range(2):
            office.in_force({"жобо.pdf": paper(str(number))}, NOW + timedelta(minutes=number))
        late = NOW + timedelta(minutes=30)
        seen: list[dict[str, int]] = []

        def sheets(database: Database, record_id: UUID) -> Sheets:
            if not seen:  # meanwhile another process finds nothing that is free
                seen.append({})
                seen.append(make(database, office.settings, two_sheets, late, lambda: late))
            return two_sheets(database, record_id)

        clock = iter([late] * 100)
        counts = make(office.university.database, office.settings, sheets, NOW, lambda: next(clock))
        assert sum(counts.values()) + sum(seen[1].values()) == 2
        assert {row["tried"] for row in office.university.rows(t.controlled_file)} == {1}

    def test_is_kept_by_work_that_takes_longer(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        revision = office.in_force({f"{number}.pdf": paper(str(number)) for number in range(3)})
        now, others = [NOW], []

        def slow(content: bytes, name: str) -> Rendered:
            now[0] += timedelta(minutes=15)
            others.append(take(office, now[0]))
            return render(content, name)

        monkeypatch.setattr(making, "render", slow)
        assert make(office.university.database, office.settings, two_sheets, NOW, lambda: now[0]) == {
            "controlled_made": 1
        }
        assert others == [None, None, None]
        assert office.row(revision)["tried"] == 1

    def test_of_before_it_was_asked_for_again_is_another_one(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        first = take(office, NOW)
        office.ask(revision)
        second = take(office, NOW)
        assert first
        assert second
        assert first.tried == second.tried
        facts = {"sha256": "a" * 64, "size": 1, "pages": 1, "how": "pdf"}
        with office.university.database.write() as connection:
            assert rows.renew(connection, first, NOW) is None
            assert not rows.made(connection, first, NOW, facts)
            assert rows.renew(connection, second, NOW)
        assert office.row(revision)["state"] == "pending"


def take(office: Office, when: datetime) -> rows.Taken | None:
    """What a process takes in hand at that moment."""
    with office.university.database.write() as connection:
        return rows.take(connection, when)


class TestTheStore:
    def test_keeps_the_file_as_long_as_the_revision_is_there(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        office.make()
        tidy(office.university.database, store_of(office.settings), _far(office))
        assert judge(office.pdf(revision), office.home).verdict is Verdict.SEALED

    def test_that_lost_it_in_the_moment_between_is_asked_once_more(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        with monkeypatch.context() as swept:
            swept.setattr("service.files.store.Store.holds", lambda *_: False)
            assert office.make() == {"controlled_put_off": 1}
        assert office.university.rows(t.controlled_digest) == []
        assert office.make(NOW + HOUR) == {"controlled_made": 1}
        assert office.row(revision)["state"] == "made"


class TestOneThatIsAskedForAgain:
    def test_is_given_out_as_it_was_until_the_new_one_is_made_and_both_are_ours(self, office: Office) -> None:
        revision = office.in_force({"жобо.pdf": paper()})
        office.make()
        first = office.row(revision)["sha256"]
        office.ask(revision, NOW + HOUR)
        assert (office.row(revision)["state"], office.row(revision)["sha256"]) == ("pending", first)
        office.make(NOW + HOUR)
        second = office.row(revision)["sha256"]
        assert first != second
        assert {row["sha256"] for row in office.university.rows(t.controlled_digest)} == {first, second}


class TestWhichFilesGoIn:
    def test_a_pdf_stands_for_the_office_document_of_its_name(self) -> None:
        assert _chosen("Жобо.docx", "жобо.pdf", "башка.docx") == ["жобо.pdf", "башка.docx"]

    def test_annexes_come_behind_the_text(self) -> None:
        assert _chosen("1-тиркеме.xlsx", "Приложение 2.pdf", "Стандарт.pdf") == [
            "Стандарт.pdf",
            "1-тиркеме.xlsx",
            "Приложение 2.pdf",
        ]

    def test_pictures_and_texts_of_that_name_are_no_sources_of_it(self) -> None:
        assert _chosen("а.pdf", "а.png", "а.txt") == ["а.pdf", "а.png", "а.txt"]


class _KilledError(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


def _raising(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def _watched(call: Any, database: Database, open_now: list[bool]) -> Any:
    def watched(*given: Any) -> Any:
        open_now.append(database.engine.pool.checkedout() > 0)  # type: ignore[attr-defined]  # a pool that counts
        return call(*given)

    return watched


def _stored(office: Office) -> set[str]:
    uploads = {row["sha256"] for row in office.university.rows(t.upload)}
    return {path.name for path in (office.home / "files").glob("??/??/*")} - uploads


def _far(office: Office) -> Any:
    """A moment at which all that was written on this machine is old."""
    newest = max(path.stat().st_mtime for path in (office.home / "files").glob("??/??/*"))
    return datetime.fromtimestamp(newest, UTC) + timedelta(days=2)


def _chosen(*names: str) -> list[str]:
    kinds = {ending: kind.media_type for kind in KINDS.values() for ending in kind.extensions}
    views = [AttachmentView(UUID(int=n), name, "a", 1, kinds[name.rpartition(".")[2]]) for n, name in enumerate(names)]
    return [one.name for one in chosen(views)]
