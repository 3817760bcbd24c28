"""An export is verified with no database at all; nothing in it can be changed unseen."""

import gzip
import json
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models import tables as t
from service.verifying import findings as say
from service.verifying.export import read_export, write_export
from service.verifying.findings import Report
from service.verifying.lines import SHAPES, Line
from service.verifying.verify import verify
from tests.support.databases import SqliteTemplate
from tests.verifying.archive import Archive

# Neither chain nor seal is over these: only the last line of the file, which somebody could write anew, covers them.
UNPROTECTED = {("header", "at"), ("record", "kind"), ("record", "code")}
TABLES = {"seal": t.seal, "event": t.event, "entry": t.history, "leaf": t.seal_leaf, "signature": t.signature}


@pytest.fixture
def file(archive: Archive, tmp_path: Path) -> Path:
    path = tmp_path / "history.jsonl"
    write_export(archive.lines(), path)
    return path


@pytest.fixture(scope="module")
def told(sqlite_template: SqliteTemplate) -> Iterator[list[Line]]:
    with sqlite_template.copy() as database:
        archive = Archive.told(database)
        archive.seal()
        yield archive.lines()


class TestAnExport:
    @pytest.mark.parametrize("name", ["history.jsonl", "history.jsonl.gz"])
    def test_is_verified_as_the_database_is(self, archive: Archive, tmp_path: Path, name: str) -> None:
        counts = write_export(archive.lines(), tmp_path / name)
        assert verify(read_export(tmp_path / name)) == archive.verified()
        assert (counts["entry"], counts["seal"]) == (10, 2)

    def test_is_packed_where_its_name_says_so(self, archive: Archive, file: Path, tmp_path: Path) -> None:
        write_export(archive.lines(), tmp_path / "packed.gz")
        assert gzip.decompress((tmp_path / "packed.gz").read_bytes()) == file.read_bytes()

    def test_is_read_by_nobody_but_its_owner(self, file: Path) -> None:
        assert file.stat().st_mode & 0o777 == 0o600

    def test_is_whole_or_not_there(self, archive: Archive, tmp_path: Path) -> None:
        def broken() -> Iterator[Line]:
            yield from archive.lines()[:5]
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_export(broken(), tmp_path / "broken")
        assert list(tmp_path.iterdir()) == []

    def test_names_the_record_that_was_touched(self, archive: Archive, tmp_path: Path) -> None:
        archive.strike("UPDATE history SET move = 'x' WHERE record_id = ? AND seq = 2", archive.of("B"))
        write_export(archive.lines(), tmp_path / "touched")
        first = verify(read_export(tmp_path / "touched")).first
        assert first is not None
        assert (first.code, first.seq, first.sentence) == ("B", 2, say.CHANGED)

    @pytest.mark.parametrize("kind", TABLES)
    def test_has_every_column(self, kind: str) -> None:
        """A column that is added belongs to a new format: old files stay what they are."""
        assert set(SHAPES[kind]) == {column.name for column in TABLES[kind].c}


class TestAFile:
    def test_with_one_byte_flipped_fails(self, file: Path) -> None:
        whole = file.read_bytes()
        for place in range(0, len(whole), 7):
            broken = bytearray(whole)
            broken[place] ^= 1 << (place % 8)
            file.write_bytes(broken)
            assert not verify(read_export(file)).well, place

    def test_that_is_packed_with_one_byte_flipped_fails(self, archive: Archive, tmp_path: Path) -> None:
        path = tmp_path / "packed.gz"
        write_export(archive.lines(), path)
        whole, plain = path.read_bytes(), _unpacked(path)
        for place in range(0, len(whole), 5):  # some bits say only when it was packed, or fill up a byte
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            assert not verify(read_export(path)).well or _unpacked(path) == plain, place

    def test_that_was_cut_off_fails(self, file: Path) -> None:
        whole = file.read_bytes().splitlines(keepends=True)
        for kept in range(len(whole)):
            file.write_bytes(b"".join(whole[:kept]))
            assert not verify(read_export(file)).well, kept

    def test_that_goes_on_after_its_end_fails(self, file: Path) -> None:
        file.write_bytes(file.read_bytes() + b"\n")
        assert not verify(read_export(file)).well

    @pytest.mark.parametrize(
        "content",
        [b"", b"\n", b"{}\n", b"[]\n", b'{"header":1}\n', b"[" * 100_000, b"\xff\xfe", b'{"end":{"lines":0}}\n', b"\0"],
    )
    def test_that_is_none_is_refused_in_a_sentence(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "none").write_bytes(content)
        (finding, *_) = verify(read_export(tmp_path / "none")).others
        assert finding.sentence == say.DAMAGED

    def test_that_is_not_there_is_said_to_be_so(self, tmp_path: Path) -> None:
        assert "No such file" in str(verify(read_export(tmp_path / "absent")).others[0].facts["why"])


class TestAnyChange:
    """Somebody changes a line and writes the last line anew: what is left are the chain and the seals."""

    @settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_to_one_field_is_found(self, told: list[Line], tmp_path: Path, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(told) - 1))
        kind, fields = told[place]
        name = data.draw(st.sampled_from([name for name in fields if (kind, name) not in UNPROTECTED]))
        value = data.draw(_another(fields[name]))
        assume(json.dumps(value) != json.dumps(fields[name]))
        changed = [*told[:place], (kind, {**fields, name: value}), *told[place + 1 :]]
        assert not _offline(changed, tmp_path).well

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_to_the_order_or_number_of_lines_is_found(
        self, told: list[Line], tmp_path: Path, data: st.DataObject
    ) -> None:
        one, other = data.draw(st.lists(st.integers(0, len(told) - 1), min_size=2, max_size=2, unique=True))
        changed = list(told)
        match data.draw(st.sampled_from(["delete", "repeat", "swap"])):
            case "delete":
                del changed[one]
            case "repeat":
                changed.insert(other, changed[one])
            case _:
                changed[one], changed[other] = changed[other], changed[one]
        assume(changed != told)
        assert not _offline(changed, tmp_path).well


def _unpacked(path: Path) -> bytes | None:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        return None


def _offline(lines: list[Line], folder: Path) -> Report:
    """Write the lines with a last line that fits them, and verify the file."""
    words = [json.dumps({kind: fields}).encode() + b"\n" for kind, fields in lines]
    end = {"end": {"lines": len(words), "sha256": sha256(b"".join(words)).hexdigest()}}
    path = folder / "changed.jsonl"
    path.write_bytes(b"".join(words) + json.dumps(end, separators=(",", ":")).encode() + b"\n")
    return verify(read_export(path))


def _another(value: Any) -> st.SearchStrategy[Any]:
    """Values that might stand there instead: near ones, of the same kind, and of none."""
    near: list[Any] = [None, True, 0, 1, "", {}, "0" * 32, "0" * 64, UUID(int=1).hex]
    if isinstance(value, int):
        near += [value + 1, value - 1, float(value), str(value), bool(value)]
    if isinstance(value, str):
        near += [value + " ", value.upper(), value[:-1], value[::-1]]
    if isinstance(value, dict):
        near += [{**value, "x": None}, dict.fromkeys(value), list(value)]
    return st.one_of(st.sampled_from(near), st.text(), st.integers(), st.dictionaries(st.text(), st.integers()))
