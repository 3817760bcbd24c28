"""The store in a bucket keeps its word as the one on the disk does: on our small server, and on a real one if named."""

import os
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.exceptions import BaseError
from pydantic import SecretStr

from service.files.at import store_at
from service.files.refusals import FileDamagedError, FileTooLarge, NotAccepted
from service.files.s3 import Bucket
from service.files.store import Store
from service.settings import Settings
from states.refusals import NotFound
from tests.files.samples import PDF, TEXT
from tests.support.bucket import BUCKET, S3, s3

# The address of an S3-compatible server on which tests may make a bucket, with any key: `moto_server` for example.
VARIABLE = "SAPAT_TEST_S3"


@pytest.fixture
def server() -> Iterator[S3]:
    with s3() as running:
        yield running


@pytest.fixture(params=["ours", *(["real"] if os.environ.get(VARIABLE) else [])])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Bucket:
    if request.param == "ours":
        return Bucket.at(request.getfixturevalue("server").url("/some/prefix"), tmp_path)
    endpoint = os.environ[VARIABLE]
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT"))  # noqa: S310 - an address of our own
    return Bucket.at(f"s3://key:secret@{BUCKET}/{uuid4()}?endpoint={endpoint}", tmp_path)


def read(store: Store, name: str) -> bytes:
    return b"".join(store.read(name))


class TestABucket:
    def test_keeps_what_it_is_given_under_its_hash(self, bucket: Bucket) -> None:
        kept = bucket.keep(PDF)
        assert (kept.sha256, kept.size, kept.media_type) == (sha256(PDF).hexdigest(), len(PDF), "application/pdf")
        assert read(bucket, kept.sha256) == PDF
        assert bucket.holds(kept.sha256)
        bucket.check(kept.sha256)

    def test_keeps_large_files_whole_and_gives_them_in_pieces(self, bucket: Bucket) -> None:
        large = TEXT * (5_000_000 // len(TEXT))
        kept = bucket.keep(large)
        pieces = list(bucket.read(kept.sha256))
        assert b"".join(pieces) == large
        assert len(pieces) > 1

    def test_keeps_a_content_once(self, bucket: Bucket) -> None:
        assert bucket.keep(TEXT) == bucket.keep(TEXT)
        assert len(list(bucket.old(datetime.now(UTC) + timedelta(days=1)))) == 1

    def test_tells_what_is_old(self, bucket: Bucket) -> None:
        kept = bucket.keep(TEXT)
        ((name, size, _),) = bucket.old(datetime.now(UTC) + timedelta(days=1))
        assert (name, size) == (kept.sha256, kept.size)
        assert list(bucket.old(datetime.now(UTC) - timedelta(days=1))) == []

    def test_takes_a_file_away_and_minds_not_if_there_is_none(self, bucket: Bucket) -> None:
        kept = bucket.keep(TEXT)
        for _ in range(2):
            bucket.remove(kept.sha256)
        assert not bucket.holds(kept.sha256)
        with pytest.raises(FileDamagedError, match="is missing"):
            read(bucket, kept.sha256)

    def test_refuses_what_no_store_takes_and_leaves_nothing_behind(self, bucket: Bucket, tmp_path: Path) -> None:
        with pytest.raises(NotAccepted):
            bucket.keep(b"MZ\x00\x01")
        bucket.most = 10
        with pytest.raises(FileTooLarge):
            bucket.keep(TEXT * 10)
        assert list(bucket.old(datetime.now(UTC) + timedelta(days=1))) == []
        assert list((tmp_path / "incoming").iterdir()) == []

    @pytest.mark.parametrize("name", ["", "..", "a" * 63, "A" * 64, "../../" + "a" * 64])
    def test_names_nothing_but_hashes(self, bucket: Bucket, name: str) -> None:
        with pytest.raises(NotFound):
            read(bucket, name)


class TestWhatGoesWrong:
    def test_on_the_way_out_is_found_and_never_given_whole(self, server: S3, tmp_path: Path) -> None:
        bucket = Bucket.at(server.url(), tmp_path)
        kept = bucket.keep(PDF)
        (name,) = server.kept
        server.kept[name] = PDF.replace(b"1", b"2")
        given: list[bytes] = []
        with pytest.raises(FileDamagedError, match="another content"):
            given.extend(bucket.read(kept.sha256))
        assert sum(map(len, given)) < len(PDF)

    def test_on_the_way_in_is_found_by_the_server(self, server: S3, tmp_path: Path) -> None:
        kept = Bucket.at(server.url(), tmp_path).keep(PDF)
        assert len(server.checked) == 1
        assert server.kept == {f"{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}": PDF}

    def test_at_the_server_is_no_file_kept(self, server: S3, tmp_path: Path) -> None:
        server.breaks = {"PUT"}
        with pytest.raises((BaseError, PermissionError)):
            Bucket.at(server.url(), tmp_path).keep(PDF)
        assert server.kept == {}
        assert list((tmp_path / "incoming").iterdir()) == []

    @pytest.mark.parametrize("url", ["http://bucket", "s3://", "bucket"])
    def test_with_the_address_is_said(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(ValueError, match="s3://bucket"):
            Bucket.at(url, tmp_path)


class TestTheSetting:
    def test_chooses_between_the_disk_and_a_bucket(self, server: S3, tmp_path: Path) -> None:
        assert type(store_at(Settings(home=tmp_path))) is Store
        told = Settings(home=tmp_path, files=SecretStr(server.url("/p")))
        store = store_at(told, 99)
        assert isinstance(store, Bucket)
        assert store.most == 99
        assert "key:secret" not in repr(told)
        assert read(store, store.keep(b"a, b\n").sha256) == b"a, b\n"
        assert len(server.kept) == 1
        assert not list((tmp_path / "files").glob("??"))
