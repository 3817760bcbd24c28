"""Files of records: whatever was told about a file, the store knows better."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.files.attachments import AttachmentView, attach, attachment, attachments_of, detach, known, remember
from service.files.orphans import sweep_orphans
from service.files.refusals import NotAccepted, NotKept
from service.files.store import Kept, Store
from service.organisation import organisation
from service.subject import load
from states.refusals import Duplicate, NotFound
from tests.files.samples import CSV, PDF, TEXT
from tests.support.university import University, at

NOW = at(2026, 4, 6)


class Desk:
    """A record, a store, and somebody who puts files to the record."""

    def __init__(self, university: University, folder: Path) -> None:
        self.university, self.store = university, Store(folder)
        self.record = university.reported(NOW)

    def keep(self, content: bytes, days: float = 0) -> Kept:
        kept = self.store.keep(content)
        with self.university.database.write() as connection:
            remember(connection, self.store, kept, NOW + timedelta(days=days), self.university.people["auditor"])
        return kept

    def attach(self, kept: Kept, name: str) -> UUID:
        with self.university.database.write() as connection:
            act = Act(connection, organisation(connection), self.university.as_("auditor", NOW), NOW)
            return attach(act, load(connection, self.record), new_id(), kept, name)

    def detach(self, name: str) -> UUID:
        with self.university.database.write() as connection:
            act = Act(connection, organisation(connection), self.university.as_("auditor", NOW), NOW)
            return detach(act, load(connection, self.record), new_id(), name)

    def files(self) -> list[AttachmentView]:
        with self.university.database.read() as connection:
            return attachments_of(connection, self.record)

    def names(self) -> list[str]:
        return [one.name for one in self.files()]

    def sweep(self, days: float) -> int:
        with self.university.database.write() as connection:
            return sweep_orphans(connection, self.store, NOW + timedelta(days=days))


@pytest.fixture
def desk(university: University, tmp_path: Path) -> Desk:
    return Desk(university, tmp_path / "files")


class TestAttaching:
    def test_gives_a_record_its_files_in_the_order_of_their_names(self, desk: Desk) -> None:
        desk.attach(desk.keep(PDF), "Өзгөртүү.pdf")
        desk.attach(desk.keep(TEXT), "Окуу.txt")
        desk.attach(desk.keep(CSV), "Пландар.csv")
        assert desk.names() == ["Окуу.txt", "Өзгөртүү.pdf", "Пландар.csv"]
        assert {(one.size, one.media_type) for one in desk.files()} == {
            (len(PDF), "application/pdf"),
            (len(TEXT), "text/plain"),
            (len(CSV), "text/csv"),
        }

    def test_believes_nothing_that_was_told_about_a_file(self, desk: Desk) -> None:
        kept = desk.keep(PDF)
        desk.attach(Kept(kept.sha256, 1, "text/html"), "../Жобо\u202e.pdf")
        (one,) = desk.files()
        assert (one.name, one.size, one.media_type) == ("Жобо.pdf", len(PDF), "application/pdf")
        with desk.university.database.read() as connection:
            told = {"sha256": kept.sha256, "name": "/a.pdf", "size": 7, "media_type": "text/html", "x": 1}
            assert known(connection, told, desk.university.people["auditor"]) == {
                "sha256": kept.sha256,
                "name": "a.pdf",
                "size": len(PDF),
                "media_type": "application/pdf",
            }

    def test_refuses_a_name_that_lies(self, desk: Desk) -> None:
        with pytest.raises(NotAccepted):
            desk.attach(desk.keep(PDF), "a.docx")

    @pytest.mark.parametrize("sha256", ["", "00" * 32, "../x"])
    def test_refuses_what_was_never_kept(self, desk: Desk, sha256: str) -> None:
        with pytest.raises(NotKept):
            desk.attach(Kept(sha256, 1, "application/pdf"), "a.pdf")
        with desk.university.database.read() as connection, pytest.raises(NotKept):
            known(connection, {"sha256": sha256, "name": "a.pdf"}, desk.university.people["auditor"])

    def test_that_somebody_else_sent_are_not_theirs_to_name(self, desk: Desk) -> None:
        kept = desk.keep(PDF)
        with pytest.raises(NotKept), desk.university.database.read() as connection:
            known(connection, {"sha256": kept.sha256, "name": "a.pdf"}, desk.university.people["owner"])

    def test_refuses_a_second_file_of_one_name(self, desk: Desk) -> None:
        desk.attach(desk.keep(PDF), "Жобо.pdf")
        with pytest.raises(Duplicate):
            desk.attach(desk.keep(PDF + b"\n"), "Жобо.pdf")

    def test_the_same_content_is_kept_once_for_two_names(self, desk: Desk) -> None:
        desk.attach(desk.keep(PDF), "a.pdf")
        desk.attach(desk.keep(PDF), "b.pdf")
        assert desk.names() == ["a.pdf", "b.pdf"]
        assert len(desk.university.rows(t.file)) == 1


class TestDetaching:
    def test_takes_a_file_from_the_record_and_leaves_who_did_it(self, desk: Desk) -> None:
        attached = desk.attach(desk.keep(PDF), "Жобо.pdf")
        assert desk.detach("Жобо.pdf") == attached
        assert desk.files() == []
        row = desk.university.one(t.attachment)
        assert row["removed_by_id"] not in (None, row["added_by_id"])
        with desk.university.database.read() as connection, pytest.raises(NotFound):
            attachment(connection, attached)

    def test_gives_the_name_free_again(self, desk: Desk) -> None:
        desk.attach(desk.keep(PDF), "Жобо.pdf")
        desk.detach("Жобо.pdf")
        desk.attach(desk.keep(PDF + b"\n"), "Жобо.pdf")
        assert desk.names() == ["Жобо.pdf"]

    def test_refuses_what_is_not_there(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            desk.detach("Жобо.pdf")


class TestOrphans:
    def test_are_removed_after_a_day(self, desk: Desk) -> None:
        kept = desk.keep(PDF)
        assert desk.sweep(0.99) == 0
        assert desk.store.holds(kept.sha256)
        assert desk.sweep(1.01) == 1
        assert not desk.store.holds(kept.sha256)
        assert desk.university.rows(t.file) == []

    def test_are_not_what_a_record_has_or_had(self, desk: Desk) -> None:
        desk.attach(desk.keep(PDF), "a.pdf")
        desk.attach(desk.keep(TEXT), "b.txt")
        desk.detach("b.txt")
        assert desk.sweep(400) == 0
        for row in desk.university.rows(t.file):
            desk.store.check(row["sha256"])

    def test_are_not_what_was_sent_again(self, desk: Desk) -> None:
        desk.keep(PDF)
        desk.keep(PDF, days=5)
        assert desk.sweep(5.5) == 0
        assert desk.sweep(6.5) == 1

    def test_are_files_that_the_database_does_not_know(self, desk: Desk) -> None:
        stray = desk.store.keep(PDF)
        assert desk.sweep(0) == 0
        assert desk.sweep(3_000) == 1  # its own age is that of the file on this disk
        assert not desk.store.holds(stray.sha256)

    def test_are_files_that_a_process_did_not_finish(self, desk: Desk) -> None:
        desk.keep(PDF)
        unfinished = desk.store.folder / "incoming" / "tmpabc"
        unfinished.write_bytes(b"half")
        desk.sweep(3_000)
        assert not unfinished.exists()

    def test_that_are_taken_while_they_are_sent_again_must_be_sent_again(self, desk: Desk) -> None:
        kept = desk.store.keep(PDF)
        desk.store.remove(kept.sha256)
        with pytest.raises(NotKept), desk.university.database.write() as connection:
            remember(connection, desk.store, kept, NOW, desk.university.people["auditor"])
        assert desk.university.rows(t.file) == []

    def test_cannot_be_taken_from_under_an_attachment(self, desk: Desk) -> None:
        kept = desk.keep(PDF)
        desk.attach(kept, "a.pdf")
        with pytest.raises(sa.exc.IntegrityError), desk.university.database.write() as connection:
            connection.execute(sa.delete(t.file))
        desk.store.check(kept.sha256)
