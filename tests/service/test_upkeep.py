"""What is over is thrown away in time, and nothing else."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from models import tables as t
from service.files.store import Store
from service.upkeep import tidy
from tests.support.university import University, at

NOW = at(2026, 4, 6)


class TestTidying:
    def test_takes_away_what_is_over_and_leaves_the_rest(self, university: University, tmp_path: Path) -> None:
        owner = university.people["owner"]
        with university.database.write() as connection:
            for name, age in (("old", timedelta(days=40)), ("young", timedelta(minutes=1))):
                challenge = {"token_hash": name, "purpose": "sign-in", "facts": {}, "expires_at": NOW - age}
                answer = {"person_id": owner, "key": name, "request_hash": "h", "status": 200, "answer": {}}
                ahead = {"expires_at": NOW + timedelta(minutes=1)} if name == "young" else {}
                connection.execute(sa.insert(t.challenge), {**challenge, **ahead})
                connection.execute(sa.insert(t.idempotent_answer), {**answer, "created_at": NOW - age})
        assert tidy(university.database, Store(tmp_path), NOW) == {"calls_forgotten": 0, "orphans": 0}
        assert university.one(t.challenge)["token_hash"] == "young"
        assert university.one(t.idempotent_answer)["key"] == "young"
