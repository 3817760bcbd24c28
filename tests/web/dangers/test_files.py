"""Files through pages and the API: sent before the move, given back to those who may read, never run by a browser."""

import re
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from models import tables as t
from service.files import store as limits
from service.web.incoming import store_of
from tests.files.samples import CSV, PDF, TEXT, office, png
from tests.support.university import University
from tests.web.dangers.conftest import NOW, send_files
from tests.web.programs import Program, refused
from tests.web.visitors import Visitor, moves, words

NAME = "Жобо «4.09» — долбоор.pdf"


@pytest.fixture
def revision(university: University) -> UUID:
    return university.draft(NOW)


def attach(visitor: Visitor, revision: UUID, name: str, content: bytes, **more: str) -> httpx.Response:
    """Fill in the form of `attach_file` on the revision's page."""
    form = moves(visitor.get(f"/revisions/{revision}"))["attach_file"]
    fields = {**form.fields, **more}
    fields.pop("file", None)
    return send_files(visitor, form.action, fields, {"file": (name, content)})


def links(page: httpx.Response) -> list[str]:
    """Where a page says that its files are."""
    return re.findall(r'href="(/files/[^"]+)"', page.text)


class TestAFileOfAForm:
    def test_becomes_the_records_and_is_given_back_byte_by_byte(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        answer = attach(visitor.is_("owner", "en"), revision, NAME, PDF)
        assert answer.status_code == 303, words(answer)
        page = visitor.get(f"/revisions/{revision}")
        assert sha256(PDF).hexdigest() in page.text
        (where,) = links(page)
        given = visitor.get(where)
        assert given.status_code == 200
        assert given.content == PDF
        entry = university.history(revision)[-1]
        assert entry["given"]["file"] == {
            "sha256": sha256(PDF).hexdigest(),
            "name": "Жобо «4.09» — долбоор.pdf",
            "size": len(PDF),
            "media_type": "application/pdf",
        }

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.pdf", b"MZ\x90" + b"\x00" * 100),
            ("a.pdf", TEXT),
            ("a.html", b"<html><script>alert(1)</script></html>"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("a.pdf.exe", PDF),
            ("a.docx", office(more={"word/vbaProject.bin": b"x"})),
            ("a.png", png(after=b"<?php system($_GET[0]);")),
            ("a.pdf", b""),
        ],
        ids=range(8),
    )
    def test_that_is_dangerous_comes_back_with_the_reason_in_its_place(
        self, visitor: Visitor, university: University, revision: UUID, name: str, content: bytes
    ) -> None:
        answer = attach(visitor.is_("owner", "en"), revision, name, content)
        assert answer.status_code == 422
        assert 'id="f-attach_file-file-error"' in answer.text
        assert university.rows(t.attachment) == []
        assert len(university.history(revision)) == 1

    def test_that_is_too_large_is_not_kept(
        self, visitor: Visitor, university: University, revision: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits.Store.__init__, "__defaults__", (len(PDF) - 1,))
        answer = attach(visitor.is_("owner", "en"), revision, "a.pdf", PDF)
        assert answer.status_code == 422
        assert "too large" in words(answer)
        assert university.rows(t.file) == []

    def test_that_is_not_there_is_asked_for(self, visitor: Visitor, revision: UUID) -> None:
        answer = attach(visitor.is_("owner", "en"), revision, "", b"")
        assert answer.status_code == 422
        assert "This is needed." in words(answer)

    def test_need_not_be_sent_again_when_the_form_is_refused(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        visitor.is_("owner", "en")
        late = attach(visitor, revision, "a.pdf", PDF, version="7")
        assert late.status_code == 409
        form = moves(late)["attach_file"]
        assert form.fields["file.sha256"] == sha256(PDF).hexdigest()
        again = {**form.fields, "version": "1"}
        again.pop("file")
        assert send_files(visitor, form.action, again, {"file": ("", b"")}).status_code == 303
        assert len(university.rows(t.attachment)) == 1

    def test_that_was_never_sent_cannot_be_named(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        visitor.is_("owner", "en")
        for hash_of_nothing in ("ab" * 32, "../../secret.key", "' OR 1=1 --"):
            named = {"file.sha256": hash_of_nothing, "file.name": "a.pdf"}
            assert attach(visitor, revision, "", b"", **named).status_code == 422
        assert university.rows(t.attachment) == []

    def test_of_somebody_who_may_not_is_no_file_of_the_record(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        form = moves(visitor.is_("owner").get(f"/revisions/{revision}"))["attach_file"]
        answer = send_files(visitor.is_("reader"), form.action, {"version": "1"}, {"file": ("a.pdf", PDF)})
        assert answer.status_code in (403, 404)
        assert university.rows(t.attachment) == []

    @pytest.mark.parametrize(
        ("told", "kept"),
        [
            ("../../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\temp\\a.pdf", "a.pdf"),
            ("a\u202efdp.pdf", "afdp.pdf"),
            ("NUL.pdf", "_NUL.pdf"),
            ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        ],
    )
    def test_keeps_of_its_name_what_is_harmless(
        self, visitor: Visitor, university: University, revision: UUID, told: str, kept: str
    ) -> None:
        assert attach(visitor.is_("owner"), revision, told, PDF).status_code == 303
        assert university.one(t.attachment)["name"] == kept
        assert "<img src=x" not in visitor.get(f"/revisions/{revision}").text

    def test_is_removed_by_a_move_and_no_longer_given(
        self, visitor: Visitor, university: University, revision: UUID
    ) -> None:
        attach(visitor.is_("owner", "en"), revision, "a.pdf", PDF)
        page = visitor.get(f"/revisions/{revision}")
        (where,) = links(page)
        answer = visitor.make(page, "remove_file", attachment="a.pdf", reason="Башка файл")
        assert answer.status_code == 303, words(answer)
        assert links(visitor.get(f"/revisions/{revision}")) == []
        gone = visitor.get(where)
        assert gone.status_code == 410
        assert gone.headers["content-type"].startswith("text/html")
        assert b"%PDF" not in gone.content
        assert "Башка файл" in gone.text  # what happened to it, for those who may read the record
        assert visitor.get(where.replace("a.pdf", "b.pdf")).status_code == 404
        assert visitor.is_("reader").get(where).status_code == 404


class TestADownload:
    @pytest.fixture
    def where(self, visitor: Visitor, revision: UUID) -> str:
        attach(visitor.is_("owner"), revision, NAME, PDF)
        return links(visitor.get(f"/revisions/{revision}"))[0]

    def test_is_saved_and_not_shown_and_runs_nowhere(self, visitor: Visitor, where: str) -> None:
        headers = visitor.get(where).headers
        assert headers["content-disposition"] == (
            "attachment; filename=\"____ _4.09_ _ _______.pdf\"; filename*=UTF-8''" + quote(NAME, safe="")
        )
        assert headers["content-type"] == "application/pdf"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert headers["cache-control"] == "private, no-cache"
        assert headers["content-length"] == str(len(PDF))
        assert headers["cross-origin-resource-policy"] == "same-origin"

    def test_is_known_by_its_hash(self, visitor: Visitor, where: str) -> None:
        tag = visitor.get(where).headers["etag"]
        assert tag == f'"{sha256(PDF).hexdigest()}"'
        assert visitor.get(where, If_None_Match=tag).status_code == 304
        assert visitor.get(where, If_None_Match='"other"').status_code == 200

    def test_is_for_those_who_may_read_the_record(self, visitor: Visitor, where: str) -> None:
        tag = visitor.get(where).headers["etag"]
        assert visitor.is_("reader").get(where).status_code == 404
        assert visitor.is_("reader").get(where, If_None_Match=tag).status_code == 404
        visitor.cookies.clear()
        assert visitor.get(where).status_code == 303

    def test_under_another_name_is_nothing(self, visitor: Visitor, where: str) -> None:
        folder = where.rpartition("/")[0]
        for name in ("x.html", "..", "a%2f..%2fb", quote(NAME, safe="").replace("pdf", "html")):
            assert visitor.get(f"{folder}/{name}").status_code == 404

    def test_of_a_file_that_was_changed_on_the_disk_is_refused_whole(
        self, app: FastAPI, where: str, revision: UUID
    ) -> None:
        kept = store_of(app.state.site)
        path = next(kept.folder.glob("??/??/*"))
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        answer = Program(app).as_("owner").get(where)
        assert answer.status_code == 500
        assert b"PDF" not in answer.content


class TestAProgram:
    def test_sends_a_file_and_names_it_in_a_move(
        self, program: Program, university: University, revision: UUID
    ) -> None:
        owner = program.as_("owner")
        sent = owner.send(
            "POST", "/api/files", {"Sapat-Filename": quote(NAME), "Content-Type": "application/pdf"}, content=PDF
        )
        assert sent.status_code == 201, sent.text
        assert sent.json()["name"] == NAME
        moved = owner.move(f"/api/revisions/{revision}", "attach_file", {"file": sent.json()})
        assert moved.status_code == 200, moved.text
        attached = university.one(t.attachment)["id"]
        given = owner.get(f"/api/files/{attached}")
        assert given.content == PDF
        assert given.headers["content-security-policy"].startswith("sandbox")
        refused(program.as_("reader").get(f"/api/files/{attached}"), 404, "not-found")

    def test_keeps_quotes_out_of_a_name_however_a_browser_sends_them(self, program: Program) -> None:
        sent = program.as_("owner").send("POST", "/api/files", {}, files={"file": ("Жобо %22тоо%22.csv", CSV)})
        assert sent.json()["name"] == "Жобо _тоо_.csv"

    def test_sends_a_form_too(self, program: Program) -> None:
        sent = program.as_("owner").send("POST", "/api/files", {}, files={"file": ("Тизме.csv", CSV)})
        assert sent.json() == {
            "sha256": sha256(CSV).hexdigest(),
            "name": "Тизме.csv",
            "size": len(CSV),
            "media_type": "text/csv",
        }

    def test_is_believed_nothing_about_a_file(self, program: Program, university: University, revision: UUID) -> None:
        owner = program.as_("owner")
        sent = owner.send("POST", "/api/files", {"Sapat-Filename": "a.pdf"}, content=PDF).json()
        lie = {**sent, "name": "../b.pdf", "size": 1, "media_type": "text/html"}
        assert owner.move(f"/api/revisions/{revision}", "attach_file", {"file": lie}).status_code == 200
        kept = university.history(revision)[-1]["given"]["file"]
        assert kept == {**sent, "name": "b.pdf"}

    @pytest.mark.parametrize(
        "file", ["x", 1, [], {}, {"sha256": "ab" * 32}, {"sha256": 1, "name": 2, "size": 3, "media_type": 4}]
    )
    def test_that_names_no_file_is_refused(self, program: Program, revision: UUID, file: object) -> None:
        answer = program.as_("owner").move(f"/api/revisions/{revision}", "attach_file", {"file": file})
        assert answer.status_code in (409, 422), answer.text

    def test_that_is_nobody_sends_nothing(self, program: Program, university: University) -> None:
        refused(program.send("POST", "/api/files", {}, content=PDF), 401, "signed-out")
        assert university.rows(t.file) == []

    def test_is_told_what_is_not_kept(self, program: Program) -> None:
        owner = program.as_("owner")
        refused(
            owner.send("POST", "/api/files", {"Sapat-Filename": "a.exe"}, content=b"MZ" * 50), 415, "file-not-accepted"
        )
        refused(owner.send("POST", "/api/files", {"Sapat-Filename": "%FF.pdf"}, content=PDF), 400, "malformed")
        refused(
            owner.send("POST", "/api/files", {}, files=[("file", ("a.pdf", PDF)), ("b", ("b.pdf", PDF))]),
            400,
            "malformed",
        )
        refused(owner.send("POST", "/api/files", {}, files={"other": ("a.pdf", PDF)}), 422, "incomplete")

    def test_cannot_have_a_file_by_guessing(self, program: Program, university: University) -> None:
        with university.database.write() as connection:
            row = {"sha256": "ab" * 32, "size": 1, "media_type": "text/plain", "kept_at": NOW}
            connection.execute(sa.insert(t.file), row)
        for guess in ("ab" * 32, "ab" * 16, "1", "..", "%2e%2e%2fsecret.key"):
            assert program.as_("owner").get(f"/api/files/{guess}").status_code in (404, 422)
