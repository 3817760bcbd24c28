"""What a university really writes, through the one write path, passes; one decision of it altered is found."""

from datetime import date

import pytest

from service.sealing import seal
from service.verifying import findings as say
from tests.support.university import University, at
from tests.verifying.archive import Archive


@pytest.fixture
def lived(university: University) -> Archive:
    """A revision in force, a nonconformity with an action; sealed, then another revision."""
    university.in_force(at(2026, 4, 6))
    university.under_way(at(2026, 4, 7), date(2026, 5, 7))
    seal(university.database, at(2026, 4, 8))
    university.draft(at(2026, 4, 9))
    return Archive(university.database, now=at(2026, 4, 10))


class TestAUniversity:
    def test_passes(self, lived: Archive) -> None:
        report = lived.verified()
        assert report.well, report
        assert report.counts["record"] == 4
        assert report.since_seal == 1

    def test_is_found_out_when_a_decision_is_altered(self, lived: Archive) -> None:
        lived.strike("UPDATE history SET at = '2026-04-01 03:00:00.000000' WHERE move = 'approve' AND seq > 4")
        first = lived.verified().first
        assert first is not None
        assert (first.sentence, first.seal) == (say.CHANGED, 1)
