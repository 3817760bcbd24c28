"""What a vacant post leaves to the head above, and what it leaves to nobody; what is signed says which it was."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.keeping.units import add_unit
from service.organisation import organisation
from service.rehold import records_of_leavers
from states.refusals import NotYours
from states.roles import Role
from tests.support.university import University, at, protocol

NOW = at(2026, 4, 6)


class TestAVacantPost:
    def test_of_the_administrator_falls_to_nobody(self, university: University) -> None:
        university.vacate("admin", NOW.date())
        actor = university.as_("rector", NOW)
        with university.database.read() as connection:
            snapshot = organisation(connection)
        assert university.posts["admin"] in actor.fallen
        assert not snapshot.plays(actor, Role.ADMINISTRATOR)
        named = {"code": "NEW", "name_ky": "Ж", "name_ru": "Н", "name_en": "N"}
        with pytest.raises(NotYours), university.database.write() as connection:
            add_unit(connection, named, actor, NOW)

    def test_is_named_as_vacant_where_it_was_signed_in(self, university: University) -> None:
        university.vacate("sec_ouk", NOW.date())
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        university.go(revision, "endorse", "rector", NOW, **protocol("1", NOW))
        post = university.one(t.signature)["facts"]["post"]
        assert post["en"] == "rector (post) (for the vacant post: sec_ouk (post))"

    def test_is_not_said_of_a_post_that_somebody_holds(self, university: University) -> None:
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        university.go(revision, "endorse", "sec_ouk", NOW, **protocol("1", NOW))
        assert university.one(t.signature)["facts"]["post"]["en"] == "sec_ouk (post)"


class TestATaskOpenedThisVeryMoment:
    def test_is_looked_at_again_by_the_day(self, university: University) -> None:
        revision = university.draft(NOW)
        university.go(revision, "submit", "owner", NOW)
        with university.database.read() as connection:
            assert records_of_leavers(connection, NOW + timedelta(hours=20)) == [revision]
            assert records_of_leavers(connection, NOW + timedelta(days=3)) == []


class TestASnapshot:
    def test_is_not_kept_where_the_organisation_changed_while_it_was_read(
        self, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody leaves between two tables: what was read until then is read anew."""
        from service import organisation as module

        class Slow(module.Organisation):
            interrupted = False

            def __init__(self, connection: sa.Connection) -> None:
                super().__init__(connection)
                if not Slow.interrupted:
                    Slow.interrupted = True
                    held = {"person_id": university.people["owner"], "post_id": university.posts["rector"]}
                    with university.database.engine.begin() as other:
                        other.execute(sa.insert(t.holding), {"id": new_id(), "since": date(2000, 1, 1), **held})
                        module.organisation_changed(other)

        university.change()
        monkeypatch.setattr(module, "Organisation", Slow)
        # As a transaction that writes: each of its statements sees what was committed before it.
        with university.database.engine.connect() as connection:
            seen = module.organisation(connection)
        assert university.people["owner"] in seen.holders(university.posts["rector"], NOW.date())
