"""The demonstration's revisions have texts, so that its signatures show what was signed."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from models.schema import upgrade
from service.demo.story import first_start
from service.demo.texts import docx
from service.files.store import Store
from states.working_days import BISHKEK

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=BISHKEK)


class TestAText:
    def test_is_a_document_that_the_store_keeps_and_always_the_same(self, tmp_path: Path) -> None:
        text = docx("Жобо <1>", ["УСТ 4.09/1", "Эмне & эмне үчүн"])
        kept = Store(tmp_path).keep(text)
        assert kept.media_type.endswith("wordprocessingml.document")
        assert text == docx("Жобо <1>", ["УСТ 4.09/1", "Эмне & эмне үчүн"])
        assert sha256(text).hexdigest() == "56f8d2dd73c5d604f7eb386ef0eaa474e5118e8d25f8054ee34f7f4988fe2291"


class TestTheDemonstration:
    def test_has_a_file_for_each_revision_it_tells_of_and_signs_with_it(self, tmp_path: Path) -> None:
        database, store = Database(f"sqlite:///{tmp_path / 'demo.db'}"), Store(tmp_path / "files")
        upgrade(database)
        first_start(database, NOW, store=store)
        with database.read() as connection:
            files = connection.execute(sa.select(t.attachment)).all()
            signatures = connection.execute(
                sa.select(t.signature)
                .join(t.record, t.record.c.id == t.signature.c.record_id)
                .where(t.record.c.kind == "document", t.signature.c.meaning == "endorsed")
            ).all()
        database.close()
        assert len(files) > 20
        for file in files:
            store.check(file.sha256)
        assert signatures
        assert all(signature.facts["files"] for signature in signatures)
        assert any(
            signature.voided_at for signature in signatures
        )  # the council agreed with amendments, then they came
