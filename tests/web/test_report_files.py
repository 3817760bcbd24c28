"""Files that come with the first report of a nonconformity: kept as evidence, or refused with nothing typed lost."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from service.files.kinds import ACCEPT
from service.web.pages.report_files import MOST_FILES, adding_files
from states.registry import lifecycles
from tests.files.samples import jpeg, png
from tests.support.university import University, at
from tests.web.visitors import HOST, Visitor, application, words

NOW = at(2026, 4, 6)
PATH = "/nonconformities/new"
REPORT = {
    "title": "Зал суук",
    "found": "Окуу залы 12 градус",
    "nc_kind": "environment",
    "source": "monitoring",
    "found_on": "2026-04-05",
    "form_token": "once",
}
File = tuple[str, bytes]


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


def send(
    app: FastAPI,
    files: Sequence[File],
    who: str = "reader",
    kept: Sequence[str] = (),
    **changed: str,
) -> httpx.Response:
    """Send the report as a browser does, with these files, and with what it was told is kept already."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        cookies = {"sapat_person": who, "sapat_language": "en"}
        async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=cookies) as client:
            sent = [("files", (name, content, "application/octet-stream")) for name, content in files]
            told = [("files", (None, one)) for one in kept]
            words = [(name, (None, value)) for name, value in {**REPORT, **changed}.items()]
            return await client.post(PATH, files=[*words, *told, *sent], headers={"sec-fetch-site": "same-origin"})

    return asyncio.run(post())


def evidence(university: University) -> list[tuple[str, str, str]]:
    rows = sorted(university.rows(t.evidence), key=lambda row: int(row["no"]))
    return [(row["what"], row["evidence_on"].isoformat(), row["file"]) for row in rows]


def reports(university: University) -> int:
    return len(university.rows(t.record, t.record.c.kind == "nonconformity"))


def kept_in(page: httpx.Response) -> list[str]:
    """The files that the form says are kept already."""
    return [piece.partition('"')[0] for piece in page.text.split('<input type="checkbox" name="files" value="')[1:]]


class TestTheForm:
    def test_takes_several_files_and_a_photo_without_a_script(self, app: FastAPI) -> None:
        page = Visitor(app).is_("reader", "en").get(PATH).text
        assert 'enctype="multipart/form-data"' in page
        assert f'type="file" multiple accept="{ACCEPT}"' in page
        assert 'accept="image/jpeg,image/png" capture="environment"' in page

    def test_asks_for_none_where_whoever_opens_a_record_may_add_none(self) -> None:
        assert [name for name, one in lifecycles().items() if adding_files(one)] == ["nonconformity"]


class TestWhatIsSent:
    def test_is_evidence_from_the_beginning(self, app: FastAPI, university: University) -> None:
        # Phones call every photo alike.
        answer = send(app, [("image.jpg", jpeg(b"one")), ("image.jpg", jpeg(b"two")), ("Акт.png", png())])
        assert answer.status_code == 303, words(answer)
        names = ["image.jpg", "image-2.jpg", "Акт.png"]
        assert evidence(university) == [("Зал суук", "2026-04-05", name) for name in names]
        (record,) = university.rows(t.record, t.record.c.kind == "nonconformity")
        assert [entry["move"] for entry in university.history(record["id"])] == ["open", *["add_evidence"] * 3]
        shown = Visitor(app).is_("quality", "en").get(f"/nonconformities/{record['id']}").text
        assert all(f">{name}</a>" in shown for name in names)

    def test_twice_is_one_report_with_its_files_once(self, app: FastAPI, university: University) -> None:
        for _ in range(2):
            assert send(app, [("a.jpg", jpeg())]).status_code == 303
        assert reports(university) == 1
        assert len(evidence(university)) == 1

    def test_may_be_nothing(self, app: FastAPI, university: University) -> None:
        assert send(app, []).status_code == 303
        assert evidence(university) == []

    def test_does_not_name_who_is_confidential(self, app: FastAPI, university: University) -> None:
        assert send(app, [("a.jpg", jpeg())], confidential="yes", unit="LIBRARY").status_code == 303
        (record,) = university.rows(t.record, t.record.c.kind == "nonconformity")
        page = Visitor(app).is_("librarian", "en").get(f"/nonconformities/{record['id']}").text
        assert "a.jpg" in page
        assert "Okurman" not in page


class TestAFileThatIsRefused:
    @pytest.mark.parametrize(
        ("file", "why"),
        [
            (("virus.exe", b"MZ\0\0"), "virus.exe: Files of this kind are not kept here."),
            (
                ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0"),
                "IMG_1.HEIC: photos of this kind are not kept here.",
            ),
            (("empty.jpg", b""), "empty.jpg: Files of this kind are not kept here."),
        ],
        ids=["program", "HEIC", "nothing"],
    )
    def test_loses_neither_words_nor_other_files(
        self, app: FastAPI, university: University, file: File, why: str
    ) -> None:
        page = send(app, [file, ("good.jpg", jpeg())])
        assert page.status_code == 422
        assert why in words(page)
        assert REPORT["found"] in page.text
        assert reports(university) == 0
        (kept,) = kept_in(page)
        assert kept.endswith("/good.jpg")
        assert send(app, [], kept=[kept]).status_code == 303
        assert [row[2] for row in evidence(university)] == ["good.jpg"]

    def test_is_one_that_is_too_large(
        self, app: FastAPI, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.files.store.Store.__init__.__defaults__", (1000,))
        page = send(app, [("large.jpg", jpeg(b"x" * 2000))])
        assert page.status_code == 422
        assert "large.jpg: The file is too large" in words(page)
        assert REPORT["found"] in page.text

    def test_is_one_too_many_and_the_others_are_kept(self, app: FastAPI, university: University) -> None:
        page = send(app, [(f"{number}.jpg", jpeg(str(number).encode())) for number in range(MOST_FILES + 2)])
        assert page.status_code == 422
        assert f"At most {MOST_FILES} files can come with a report." in words(page)
        assert len(kept_in(page)) == MOST_FILES
        assert reports(university) == 0


class TestAReportThatIsRefused:
    def test_keeps_its_files(self, app: FastAPI, university: University) -> None:
        page = send(app, [("a.jpg", jpeg())], title="")
        assert page.status_code == 422
        assert len(kept_in(page)) == 1
        assert send(app, [("b.png", png())], kept=kept_in(page)).status_code == 303
        assert {row[2] for row in evidence(university)} == {"a.jpg", "b.png"}

    def test_gives_nobody_the_file_of_somebody_else(self, app: FastAPI, university: University) -> None:
        kept = kept_in(send(app, [("a.jpg", jpeg())], title=""))
        page = send(app, [], who="librarian", kept=kept)
        assert page.status_code == 422
        assert "a.jpg: This file is not here" in words(page)
        assert reports(university) == 0
