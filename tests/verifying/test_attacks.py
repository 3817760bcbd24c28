"""Whatever somebody does with the database's own client is found, and the record is named."""

import json
from datetime import timedelta
from typing import Any

import pytest

from models.base import new_id
from service.chain import entry_hash
from service.sealing import seal
from service.verifying import findings as say
from service.verifying.findings import Report
from service.verifying.lines import seal_hash
from tests.verifying.archive import Archive


def found(archive: Archive, code: str | None, seq: int | None, sentence: str, seal: int | None = None) -> Report:
    """Verify, and hold the first finding to what was done."""
    report = archive.verified()
    assert not report.well
    first = report.first
    assert first is not None
    named = archive.of(code) if code else None
    assert (first.record_id, first.seq, first.sentence, first.seal) == (named, seq, sentence, seal)
    assert (first.sealed_at is not None) == (seal is not None)
    return report


class TestAnUntouchedDatabase:
    def test_passes(self, archive: Archive) -> None:
        report = archive.verified()
        assert report.well
        assert report.counts == {"record": 3, "entry": 10, "signature": 1, "seal": 2, "leaf": 3, "event": 4}
        assert (report.since_seal, report.events_since, report.dated_back) == (4, 1, 0)

    def test_passes_with_nothing_in_it(self, database: Any) -> None:
        assert Archive(database).verified().well

    def test_passes_where_entries_are_older_than_the_facts_that_were_added_later(self, archive: Archive) -> None:
        assert [entry["post_id"] is None for entry in archive.entries("B")] == [True, False, False]
        assert archive.verified().well


class TestAnEntry:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("given", '{"protocol_no": 99}'),
            ("actor_id", None),
            ("actor_id", "0" * 32),
            ("acting_for_id", "0" * 32),
            ("post_id", "0" * 32),
            ("at", "2030-03-06 09:30:00.123457+00:00"),
            ("move", "approve"),
            ("from_state", "approved"),
            ("to_state", "approved"),
            ("cause_id", "0" * 32),
            ("previous", "0" * 64),
            ("hash", "0" * 64),
            ("id", "0" * 32),
        ],
    )
    def test_that_was_changed_is_named(self, archive: Archive, column: str, value: str | None) -> None:
        if column == "at" and archive.database.is_sqlite and value:
            value = value.removesuffix("+00:00")
        archive.strike(f"UPDATE history SET {column} = ? WHERE record_id = ? AND seq = 2", value, archive.of("B"))  # noqa: S608 - names from the schema, or from the test
        report = found(archive, "B", 2, say.CHANGED, 1)
        assert report.touched == 1
        assert report.records[0].code == "B"

    def test_that_was_changed_before_it_was_sealed_is_named(self, archive: Archive) -> None:
        archive.strike("UPDATE history SET move = 'approve' WHERE record_id = ? AND seq = 2", archive.of("C"))
        found(archive, "C", 2, say.CHANGED)

    @pytest.mark.parametrize(("code", "sealed"), [("B", 1), ("C", None)])
    def test_that_was_deleted_from_the_middle_is_missed(self, archive: Archive, code: str, sealed: int | None) -> None:
        archive.strike("DELETE FROM history WHERE record_id = ? AND seq = 2", archive.of(code))
        found(archive, code, 2, say.GONE, sealed)

    def test_that_was_the_first_is_missed(self, archive: Archive) -> None:
        archive.strike("DELETE FROM history WHERE record_id = ? AND seq = 1", archive.of("B"))
        found(archive, "B", 1, say.GONE, 1)

    @pytest.mark.parametrize(("code", "sealed"), [("B", 1), ("C", None)])
    def test_that_was_the_last_is_missed(self, archive: Archive, code: str, sealed: int | None) -> None:
        archive.strike("DELETE FROM history WHERE record_id = ? AND seq = 3", archive.of(code))
        found(archive, code, 3, say.LAST_GONE, sealed)

    def test_that_was_the_last_and_sealed_is_missed_though_the_record_was_made_to_fit(self, archive: Archive) -> None:
        archive.rewrite("B", lambda entries: entries.__delitem__(-1))
        found(archive, "B", 3, say.SEALED_GONE, 1)

    def test_that_was_forged_at_the_end_does_not_fit_its_record(self, archive: Archive) -> None:
        last = archive.entries("B")[-1]
        forged = {**last, "id": new_id(), "seq": 4, "previous": last["hash"], "from_state": last["to_state"]}
        forged["hash"] = entry_hash(forged)
        _insert(archive, forged)
        found(archive, "B", 4, say.HEAD)

    def test_that_was_forged_in_the_middle_breaks_the_chain(self, archive: Archive) -> None:
        archive.strike("UPDATE history SET seq = seq + 1 WHERE record_id = ? AND seq = 3", archive.of("B"))
        second = archive.entries("B")[1]
        forged = {**second, "id": new_id(), "seq": 3, "previous": second["hash"], "from_state": second["to_state"]}
        forged["hash"] = entry_hash(forged)
        _insert(archive, forged)
        found(archive, "B", 4, say.CHANGED)

    def test_that_was_put_before_another_is_named(self, archive: Archive) -> None:
        for seq, to in ((2, 99), (3, 2), (99, 3)):
            archive.strike("UPDATE history SET seq = ? WHERE record_id = ? AND seq = ?", to, archive.of("B"), seq)
        found(archive, "B", 2, say.CHANGED, 1)

    def test_that_was_put_before_another_is_named_though_both_were_hashed_again(self, archive: Archive) -> None:
        second, third = archive.entries("B")[1:]
        for entry, seq in ((second, 3), (third, 2)):
            archive.strike("DELETE FROM history WHERE id = ?", entry["id"].hex)
            entry["seq"] = seq
            entry["hash"] = entry_hash(entry)
        _insert(archive, third)
        _insert(archive, second)
        found(archive, "B", 2, say.CUT, 1)

    @pytest.mark.parametrize("garbage", ["yes", "[]", "{", ""])
    def test_that_is_no_entry_any_more_is_named(self, archive: Archive, garbage: str) -> None:
        if not archive.database.is_sqlite:
            garbage = "[1]"
        archive.strike("UPDATE history SET given = ? WHERE record_id = ? AND seq = 2", garbage, archive.of("B"))
        found(archive, "B", 2, say.NOT_OURS, 1)

    def test_that_cannot_be_read_ends_the_verification_loudly(self, archive: Archive) -> None:
        if archive.database.is_sqlite:
            archive.strike("UPDATE history SET move = CAST(x'ff' AS TEXT) WHERE record_id = ?", archive.of("B"))
        else:
            archive.strike("UPDATE history SET at = 'infinity' WHERE record_id = ?", archive.of("B"))
        report = archive.verified()
        assert say.DAMAGED in [finding.sentence for finding in report.others]


class TestARecord:
    @pytest.mark.parametrize(
        ("column", "value"), [("head", "0" * 64), ("state", "approved"), ("version", 2), ("version", 0)]
    )
    def test_that_does_not_say_what_its_history_says_is_named(
        self, archive: Archive, column: str, value: object
    ) -> None:
        archive.strike(f"UPDATE record SET {column} = ? WHERE id = ?", value, archive.of("B"))  # noqa: S608 - names from the schema, or from the test
        found(archive, "B", 3, say.HEAD, 1)

    def test_that_was_deleted_with_its_history_is_missed(self, archive: Archive) -> None:
        archive.strike("DELETE FROM history WHERE record_id = ?", archive.of("B"))
        archive.strike("DELETE FROM record WHERE id = ?", archive.of("B"))
        found(archive, "B", 3, say.SEALED_GONE, 1)

    def test_that_was_deleted_alone_is_missed(self, archive: Archive) -> None:
        archive.strike("DELETE FROM record WHERE id = ?", archive.of("C"))
        found(archive, "C", None, say.NO_RECORD)

    def test_that_has_lost_its_history_is_named(self, archive: Archive) -> None:
        archive.strike("DELETE FROM history WHERE record_id = ?", archive.of("C"))
        found(archive, "C", None, say.NO_HISTORY)

    def test_that_was_given_the_history_of_another_is_named_as_both_are(self, archive: Archive) -> None:
        one, other, aside = archive.of("A"), archive.of("B"), "f" * 32
        for to, of in ((aside, one), (one, other), (other, aside)):
            archive.strike("UPDATE history SET record_id = ? WHERE record_id = ?", to, of)
        report = found(archive, "A", 1, say.CHANGED, 1)
        assert [finding.code for finding in report.records] == ["A", "B"]


class TestAChainWrittenAnew:
    def test_is_found_by_the_seal(self, archive: Archive) -> None:
        archive.rewrite("B", lambda entries: entries[1].update(given={"wording": "Четке кагылсын"}))
        report = found(archive, "B", 1, say.REWRITTEN, 1)
        assert report.records[0].facts == {"since": 1, "until": 3}

    def test_is_found_after_the_entries_that_an_earlier_seal_vouches_for(self, archive: Archive) -> None:
        archive.rewrite("A", lambda entries: entries[2].update(at=entries[2]["at"] + timedelta(hours=1)))
        report = found(archive, "A", 3, say.REWRITTEN, 2)
        assert report.records[0].facts == {"since": 3, "until": 3}

    def test_is_found_whichever_entry_was_put_in(self, archive: Archive) -> None:
        archive.rewrite("B", lambda entries: entries.insert(1, {**entries[1], "id": new_id()}))
        found(archive, "B", 1, say.REWRITTEN, 1)

    def test_is_not_found_where_no_seal_has_seen_it(self, archive: Archive) -> None:
        """What the decision page says honestly: until the next seal the chain alone protects."""
        archive.rewrite("C", lambda entries: entries[1].update(given={"wording": "Четке кагылсын"}))
        assert archive.verified().well


class TestASeal:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "2030-03-06 09:30:00.000000"),
            ("leaves", 7),
            ("root", "0" * 64),
            ("events_until", 1),
            ("events_hash", "0" * 64),
            ("previous", "0" * 64),
            ("hash", "0" * 64),
        ],
    )
    def test_that_was_changed_is_named(self, archive: Archive, column: str, value: object) -> None:
        archive.strike(f"UPDATE seal SET {column} = ? WHERE number = 1", value)  # noqa: S608 - names from the schema, or from the test
        found(archive, None, None, say.SEAL_CHANGED, 1)

    def test_that_was_changed_and_hashed_again_is_found_by_the_next(self, archive: Archive) -> None:
        _reseal(archive, 1, root="0" * 64)
        found(archive, None, None, say.SEAL_CUT, 2)

    def test_that_was_deleted_is_missed_by_the_one_after_it(self, archive: Archive) -> None:
        archive.strike("DELETE FROM seal WHERE number = 1")
        report = found(archive, None, None, say.SEAL_GONE, 2)
        assert say.NO_SEAL in [finding.sentence for finding in report.others]

    def test_that_was_the_last_is_missed_by_the_records_in_it(self, archive: Archive) -> None:
        archive.strike("DELETE FROM seal WHERE number = 2")
        report = archive.verified()
        assert [(finding.sentence, finding.seal) for finding in report.others] == [(say.NO_SEAL, 2)]

    def test_that_was_taken_away_with_its_leaves_is_missed_only_by_what_was_kept_elsewhere(
        self, archive: Archive
    ) -> None:
        (kept,) = [line for kind, line in archive.lines() if kind == "seal" and line["number"] == 2]
        archive.strike("DELETE FROM seal_leaf WHERE seal_number = 2")
        archive.strike("DELETE FROM seal WHERE number = 2")
        assert archive.verified().well
        report = archive.verified(roots=[kept["hash"]])
        assert [finding.sentence for finding in report.others] == [say.NO_ROOT]


class TestALeaf:
    @pytest.mark.parametrize(
        ("column", "value", "seq", "sentence"),
        [("head", "0" * 64, 1, say.REWRITTEN), ("seq", 2, None, ""), ("seq", 9, 9, say.SEALED_GONE)],
    )
    def test_that_was_changed_is_named(
        self, archive: Archive, column: str, value: object, seq: int | None, sentence: str
    ) -> None:
        archive.strike(f"UPDATE seal_leaf SET {column} = ? WHERE record_id = ?", value, archive.of("B"))  # noqa: S608 - names from the schema, or from the test
        found(archive, "B", seq or 1, sentence or say.REWRITTEN, 1)

    def test_that_was_given_to_another_record_is_named(self, archive: Archive) -> None:
        archive.strike("UPDATE seal_leaf SET record_id = ? WHERE record_id = ?", archive.of("C"), archive.of("B"))
        found(archive, "C", 1, say.REWRITTEN, 1)

    def test_that_was_deleted_is_missed_by_its_seal(self, archive: Archive) -> None:
        archive.strike("DELETE FROM seal_leaf WHERE record_id = ?", archive.of("B"))
        found(archive, None, None, say.ROOT, 1)

    def test_that_was_made_to_fit_a_chain_written_anew_is_missed_by_its_seal(self, archive: Archive) -> None:
        archive.rewrite("B", lambda entries: entries[1].update(given={}))
        head = archive.entries("B")[-1]["hash"]
        archive.strike("UPDATE seal_leaf SET head = ? WHERE record_id = ?", head, archive.of("B"))
        found(archive, None, None, say.ROOT, 1)


class TestAnEvent:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "2030-03-06 09:30:00.000000"),
            ("kind", "x"),
            ("actor_id", None),
            ("about_id", "0" * 32),
            ("address", "127.0.0.1"),
            ("facts", "{}"),
        ],
    )
    def test_that_was_changed_is_found(self, archive: Archive, column: str, value: object) -> None:
        archive.strike(f"UPDATE event SET {column} = ? WHERE kind = 'person.changed'", value)  # noqa: S608 - names from the schema, or from the test
        report = found(archive, None, None, say.EVENTS, 1)
        sealed = {line["number"]: line for kind, line in archive.lines() if kind == "seal"}
        assert report.others[0].facts == {"since": 1, "until": sealed[1]["events_until"]}

    @pytest.mark.parametrize(("kind", "sealed"), [("account.created", 1), ("signed.in", 2)])
    def test_that_was_deleted_is_found(self, archive: Archive, kind: str, sealed: int) -> None:
        archive.strike("DELETE FROM event WHERE kind = ?", kind)
        found(archive, None, None, say.EVENTS, sealed)

    def test_that_was_put_before_a_seal_is_found(self, archive: Archive) -> None:
        archive.strike(
            "INSERT INTO event (number, at, kind, address, facts) VALUES (-1, '2030-03-06 09:30:00', 'x', '', '{}')"
        )
        assert say.EVENTS in [finding.sentence for finding in archive.verified().others]


class TestASignature:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("person_id", "0" * 32),
            ("post_id", "0" * 32),
            ("acting_for_id", "0" * 32),
            ("meaning", "read"),
            ("method", "passkey"),
            ("signed_at", "2030-03-06 09:30:00.000000"),
            ("facts", "{}"),
            ("content_hash", "0" * 64),
            ("hash", "0" * 64),
            ("id", "0" * 32),
        ],
    )
    def test_that_was_changed_is_named_with_its_entry(self, archive: Archive, column: str, value: object) -> None:
        archive.strike(f"UPDATE signature SET {column} = ?", value)  # noqa: S608 - names from the schema, or from the test
        found(archive, "A", 3, say.SIGNATURE_CHANGED, 2)

    def test_that_was_deleted_is_missed(self, archive: Archive) -> None:
        archive.strike("DELETE FROM signature")
        found(archive, "A", 3, say.SIGNATURE_GONE, 2)

    def test_that_was_put_under_another_record_is_found(self, archive: Archive) -> None:
        archive.strike("UPDATE signature SET record_id = ?", archive.of("B"))
        report = found(archive, "A", 3, say.SIGNATURE_GONE, 2)
        assert [finding.code for finding in report.records] == ["A", "B"]

    def test_that_was_voided_by_nothing_is_found(self, archive: Archive) -> None:
        archive.strike("UPDATE signature SET voided_at = signed_at")
        found(archive, "A", 3, say.VOIDED, 2)

    def test_that_was_voided_by_an_entry_of_its_record_is_well(self, archive: Archive) -> None:
        last = archive.entries("A")[-1]["id"].hex
        archive.strike("UPDATE signature SET voided_at = (SELECT at FROM history WHERE id = ?)", last)
        archive.strike("UPDATE signature SET voided_by_id = ?", last)
        assert archive.verified().well


class TestAnEntryThatIsDatedBack:
    def test_is_counted(self, archive: Archive) -> None:
        archive.now -= timedelta(days=9)
        archive.go("C", 1)
        assert archive.verified().dated_back == 1
        archive.now += timedelta(days=19)
        seal(archive.database, archive.now)
        report = archive.verified()
        assert (report.dated_back, report.well) == (1, True)


def _insert(archive: Archive, entry: dict[str, Any]) -> None:
    names = list(entry)
    at = entry["at"].replace(tzinfo=None).isoformat(" ")
    plain = {**entry, "given": json.dumps(entry["given"]), "at": at}
    values = [getattr(value, "hex", value) for value in plain.values()]
    archive.strike(f"INSERT INTO history ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", *values)  # noqa: S608 - names from the schema, or from the test


def _reseal(archive: Archive, number: int, **changes: object) -> None:
    (line,) = [fields for kind, fields in archive.lines() if kind == "seal" and fields["number"] == number]
    line = {**line, **changes}
    archive.strike(
        "UPDATE seal SET root = ?, leaves = ?, hash = ? WHERE number = ?",
        line["root"],
        line["leaves"],
        seal_hash(line),
        number,
    )
