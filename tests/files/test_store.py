"""The store: each content once, whole or not at all, and nothing outside of its folder."""

import os
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from service.files.refusals import FileDamagedError, FileTooLarge, NotAccepted
from service.files.store import Kept, Store
from states.refusals import NotFound
from tests.files.samples import PDF, TEXT


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "files")


def left_in(store: Store) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


class TestKeeping:
    def test_puts_a_content_under_its_hash(self, store: Store) -> None:
        digest = sha256(PDF).hexdigest()
        assert store.keep(PDF) == Kept(digest, len(PDF), "application/pdf")
        assert left_in(store) == [store.folder / digest[:2] / digest[2:4] / digest]
        assert b"".join(store.read(digest)) == PDF

    def test_a_stream_is_the_same_as_its_bytes(self, store: Store) -> None:
        long = TEXT * 20_000
        assert store.keep(BytesIO(long)) == store.keep(long)
        assert len(left_in(store)) == 1
        assert b"".join(store.read(sha256(long).hexdigest())) == long

    def test_again_mends_a_copy_that_has_gone_bad(self, store: Store) -> None:
        kept = store.keep(PDF)
        left_in(store)[0].write_bytes(b"bad")
        assert store.keep(PDF) == kept
        store.check(kept.sha256)

    def test_leaves_nothing_behind_what_is_refused(self, store: Store) -> None:
        for bad in (b"", b"MZ" + b"\x00" * 100, b"PK\x03\x04" * 100):
            with pytest.raises(NotAccepted):
                store.keep(bad)
        assert left_in(store) == []

    def test_stops_reading_at_its_limit(self, tmp_path: Path) -> None:
        source = _Endless()
        with pytest.raises(FileTooLarge):
            Store(tmp_path, most=1_000_000).keep(source)  # type: ignore[arg-type]  # it reads like a file
        assert source.given < 2_000_000
        assert left_in(Store(tmp_path)) == []

    def test_takes_what_is_just_within_it(self, tmp_path: Path) -> None:
        assert Store(tmp_path, most=len(PDF)).keep(PDF).size == len(PDF)
        with pytest.raises(FileTooLarge):
            Store(tmp_path, most=len(PDF) - 1).keep(PDF)

    def test_lets_nobody_else_on_the_machine_read(self, store: Store) -> None:
        store.keep(PDF)
        assert {path.stat().st_mode & 0o077 for path in store.folder.rglob("*")} == {0}
        assert store.folder.stat().st_mode & 0o077 == 0

    def test_syncs_the_file_before_its_name_and_the_folder_after_it(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        real_sync, real_replace = os.fsync, Path.replace

        def sync(handle: int) -> None:
            done.append("sync")
            real_sync(handle)

        def replace(path: Path, target: Path) -> Path:
            done.append("name")
            return real_replace(path, target)

        monkeypatch.setattr(os, "fsync", sync)
        monkeypatch.setattr(Path, "replace", replace)
        store.keep(PDF)
        assert done == ["sync", "name", "sync", "sync", "sync"]

    def test_that_is_killed_leaves_no_file_under_a_name(self, store: Store) -> None:
        code = (
            "import os, sys; from pathlib import Path; from service.files.store import Store\n"
            "class Dies:\n"
            "    def read(self, size):\n"
            "        self.left = getattr(self, 'left', 3) - 1\n"
            "        return b'a' * size if self.left else os._exit(9)\n"
            "Store(Path(sys.argv[1])).keep(Dies())"
        )
        died = subprocess.run([sys.executable, "-c", code, str(store.folder)], check=False)
        assert died.returncode == 9
        assert [path.parent.name for path in left_in(store)] == ["incoming"]


class TestReading:
    def test_says_loudly_that_a_file_was_changed(self, store: Store) -> None:
        kept = store.keep(TEXT * 50_000)
        path = left_in(store)[0]
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        got = bytearray()
        with pytest.raises(FileDamagedError, match=kept.sha256):
            got.extend(byte for piece in store.read(kept.sha256) for byte in piece)
        assert len(got) < kept.size

    def test_says_loudly_that_a_file_is_missing(self, store: Store) -> None:
        with pytest.raises(FileDamagedError, match="missing"):
            store.check("ab" * 32)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "ab" * 31,
            "AB" * 32,
            "ab" * 32 + "\n",
            "ab" * 32 + "/..",
            "ａ" * 64,
        ],
    )
    def test_what_is_no_hash_is_nothing(self, store: Store, name: str) -> None:
        assert not store.holds(name)
        for verb in (store.check, store.remove):
            with pytest.raises(NotFound):
                verb(name)


class _Endless:
    """A file without end."""

    given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"a" * size
