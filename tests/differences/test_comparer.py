"""Comparing files of the store: apart from the server, within limits, once for each two contents."""

import gzip
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from service.differences import child, comparer
from service.differences.comparer import SLOW, Comparer, comparer_at, kind_of
from service.differences.text import TooLongError
from service.differences.words import CHANGED, Differences, NotCompared
from service.files.at import store_at
from service.files.attachments import AttachmentView
from service.files.kinds import KINDS
from service.files.refusals import FileDamagedError
from service.files.store import Store
from service.settings import Settings
from tests.differences.texts import CLAUSES, docx_of, pdf_of
from tests.files.samples import PDF, png
from tests.support.bucket import s3


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "differences"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """How processes were started."""
    calls: list[dict[str, object]] = []
    run = subprocess.run

    def told(arguments: list[str], **how: object) -> object:
        calls.append({"arguments": arguments, **how})
        return run(arguments, **how)  # type: ignore[call-overload]  # its options in a mapping

    monkeypatch.setattr(subprocess, "run", told)
    return calls


def kept(store: Store, content: bytes) -> AttachmentView:
    found = store.keep(content)
    return AttachmentView(uuid4(), "Жобо", found.sha256, found.size, found.media_type)


class TestTwoFiles:
    def test_are_compared_whatever_their_kinds(self, store: Store, folder: Path) -> None:
        new = [*CLAUSES[1:2], CLAUSES[2].replace("беш", "он"), *CLAUSES[3:]]
        old_file, new_file = kept(store, docx_of(CLAUSES[1:])), kept(store, pdf_of(new))
        found = Comparer(store, folder).asked(old_file, new_file).result()
        assert isinstance(found, Differences)
        assert [line.kind for line in found.lines if line.kind != "same"] == [CHANGED]

    def test_are_read_without_any_secret_of_the_server(
        self, store: Store, folder: Path, started: list[dict[str, object]]
    ) -> None:
        Comparer(store, folder).asked(kept(store, b"a b"), kept(store, b"a c")).result()
        (how,) = started
        assert how["env"] == {}
        assert "-I" in how["arguments"]  # type: ignore[operator]  # it was heard

    def test_are_compared_once(self, store: Store, folder: Path, started: list[dict[str, object]]) -> None:
        old, new = kept(store, b"a b"), kept(store, b"a c")
        first = Comparer(store, folder).asked(old, new).result()
        assert Comparer(store, folder).asked(old, new).result() == first
        assert len(started) == 1
        assert Comparer(store, folder).asked(new, old).result() != first
        assert len(started) == 2

    def test_are_compared_again_where_what_was_kept_is_broken(self, store: Store, folder: Path) -> None:
        old, new = kept(store, b"a b"), kept(store, b"a c")
        first = Comparer(store, folder).asked(old, new).result()
        (path,) = folder.iterdir()
        for broken in (b"", b"no gzip", gzip.compress(b"{"), gzip.compress(b'{"lines": [1]}'), path.read_bytes()[:20]):
            path.write_bytes(broken)
            assert Comparer(store, folder).asked(old, new).result() == first

    def test_are_kept_for_nobody_else_to_read_and_not_for_ever(self, store: Store, folder: Path) -> None:
        compares = Comparer(store, folder, most=2)
        files = [kept(store, f"a {number}".encode()) for number in range(5)]
        for one in files[1:]:
            compares.asked(files[0], one).result()
        assert len(list(folder.iterdir())) == 2
        assert folder.stat().st_mode & 0o077 == 0

    def test_that_the_store_has_lost_are_a_fault(self, store: Store, folder: Path) -> None:
        old, new = kept(store, b"a b"), kept(store, b"a c")
        store.remove(new.sha256)
        with pytest.raises(FileDamagedError):
            Comparer(store, folder).asked(old, new).result()


class TestWhatCannotBeCompared:
    def test_says_which_and_why(self, store: Store, folder: Path) -> None:
        text, picture, empty = kept(store, b"a b"), kept(store, png()), kept(store, pdf_of(["#rect()"]))
        compares = Comparer(store, folder)
        assert compares.asked(picture, text).result() == NotCompared("kind", "old")
        assert compares.asked(text, picture).result() == NotCompared("kind", "new")
        assert compares.asked(text, empty).result() == NotCompared("empty", "new")
        assert compares.asked(kept(store, PDF), text).result() == NotCompared("damaged", "old")

    def test_is_said_after_the_time_is_over_and_not_kept(
        self, store: Store, folder: Path, started: list[dict[str, object]]
    ) -> None:
        old, new = kept(store, b"a b"), kept(store, b"a c")
        hasty = Comparer(store, folder, seconds=0.001)
        assert hasty.asked(old, new).result() == SLOW
        assert hasty.asked(old, new).result() == SLOW
        assert len(started) == 1  # who has waited once need not wait again
        assert not folder.exists()
        assert isinstance(Comparer(store, folder).asked(old, new).result(), Differences)

    def test_is_tried_again_after_ten_minutes(
        self, store: Store, folder: Path, started: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [100.0]
        old, new = kept(store, b"a b"), kept(store, b"a c")
        compares = Comparer(store, folder, clock=lambda: now[0])
        with monkeypatch.context() as busy:
            busy.setattr(comparer, "_START", "raise SystemExit(1)")
            assert compares.asked(old, new).result() == SLOW
        now[0] += 599
        assert compares.asked(old, new).result() == SLOW
        assert len(started) == 1
        now[0] += 1
        assert isinstance(compares.asked(old, new).result(), Differences)
        assert len(started) == 2

    def test_is_said_where_the_process_dies(self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for dies in ("import os; os.abort()", "print('no json')", "raise SystemExit(1)"):
            monkeypatch.setattr(comparer, "_START", dies)
            found = Comparer(store, folder).asked(kept(store, b"a b"), kept(store, b"a c")).result()
            assert found == SLOW, dies


class TestWhereFilesAre:
    def test_in_a_bucket_they_are_compared_as_on_the_disk(self, tmp_path: Path) -> None:
        with s3() as server:
            settings = Settings(home=tmp_path, files=SecretStr(server.url("/sapat")))
            files = store_at(settings)
            new = [CLAUSES[0].replace("беш", "он") + " Жаңы.", *CLAUSES[1:]]
            old_file, new_file = kept(files, docx_of(CLAUSES)), kept(files, docx_of(new))
            assert server.kept
            found = comparer_at(settings).asked(old_file, new_file).result()
            assert isinstance(found, Differences)
            assert [line.kind for line in found.lines if line.kind != "same"] == [CHANGED]
            assert comparer_at(settings) is comparer_at(Settings(home=tmp_path, files=SecretStr(server.url("/sapat"))))
            assert comparer_at(settings) is not comparer_at(Settings(home=tmp_path))


class TestTheProcess:
    @pytest.mark.parametrize(
        "does",
        [
            "bytearray(3_000_000_000)",
            "open('much', 'wb').write(bytes(100_000_000))",
        ],
    )
    def test_gets_no_more_than_it_needs(self, does: str, tmp_path: Path) -> None:
        words = f"from service.differences.child import limit; limit(); {does}"
        done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=False, cwd=tmp_path)
        assert done.returncode != 0

    def test_tells_what_it_could_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(error: type[BaseException]) -> NotCompared:
            def raising(_kind: str, _content: bytes) -> list[object]:
                raise error

            monkeypatch.setattr(child, "paragraphs", raising)
            found = child.answer(["txt", "txt"], [b"a", b"b"])
            assert isinstance(found, NotCompared)
            return found

        assert fails(TooLongError).why == "long"
        assert fails(MemoryError).why == "slow"
        assert fails(RecursionError).why == "damaged"

    def test_knows_the_kinds_that_are_kept(self) -> None:
        assert {kind_of(kind.media_type) for kind in KINDS.values()} == set(KINDS)
        assert kind_of("application/octet-stream") == ""
