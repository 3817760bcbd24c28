"""The controlled file by programs: how it stands, the file, made again; and whether a PDF is ours, for anybody."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import httpx
import pytest

from models.base import new_id
from service.accounts.throttle import Allowance
from service.controlled import limits
from tests.controlled.conftest import office
from tests.controlled.making import NOW, Office, encrypted, paper
from tests.web.programs import Program, refused
from tests.web.visitors import application

__all__ = ["office"]  # the fixture

LATER = NOW + timedelta(days=2)


@pytest.fixture
def asking(office: Office) -> Iterator[Program]:
    app = application(office.university.database, LATER, home=office.home)
    yield Program(app).as_("quality", Accept_Language="en")
    app.state.site.close()


def made(office: Office, text: str = "биринчи") -> UUID:
    revision = office.in_force({"жобо.pdf": paper(text)}, NOW)
    office.make(NOW)
    return revision


def checked(asking: Program, pdf: bytes, *, form: bool = True) -> httpx.Response:
    nobody = asking.as_("", Accept_Language="en")
    if form:
        return nobody.send("POST", "/api/check", {}, files={"file": ("жобо.pdf", pdf, "application/pdf")})
    return nobody.raw("/api/check", pdf, "application/pdf")


class TestTheFile:
    def test_is_told_of_and_downloaded_by_its_readers(self, office: Office, asking: Program) -> None:
        revision = made(office)
        here = f"/api/revisions/{revision}/controlled"
        reader = asking.as_("reader")
        told = reader.get(here).json()
        assert (told["state"], told["how"], told["stands"]["state"], told["says"]) == (
            "made",
            ["pdf"],
            "in_force",
            None,
        )
        file = reader.get(told["links"]["file"])
        assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
        assert sha256(file.content).hexdigest() == told["sha256"]
        assert len(file.content) == told["size"]
        again = reader.get(told["links"]["file"], If_None_Match=file.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_is_not_there_where_none_was_asked_for(self, office: Office, asking: Program) -> None:
        draft = office.university.draft(NOW)
        for path in (f"/api/revisions/{draft}/controlled", f"/api/revisions/{draft}/controlled.pdf"):
            refused(asking.get(path), 404, "not-found")
        refused(asking.post(f"/api/revisions/{draft}/controlled", {}), 404, "not-found")
        refused(asking.as_("reader").get(f"/api/revisions/{draft}/controlled"), 404, "not-found")

    def test_is_made_again_by_the_quality_specialist_alone(self, office: Office, asking: Program) -> None:
        revision = made(office)
        here = f"/api/revisions/{revision}/controlled"
        before = asking.get(here).json()
        for who in ("reader", "owner", "rector", "admin"):
            refused(asking.as_(who).post(here, {}), 403, "not-yours")
        assert asking.get(here).json() == before
        answers = [asking.send("POST", here, {"Idempotency-Key": "one"}) for _ in range(2)]
        assert [one.status_code for one in answers] == [202, 202]
        assert answers[0].json() == answers[1].json()
        assert (answers[0].json()["state"], answers[0].json()["sha256"]) == ("pending", before["sha256"])
        office.make(LATER)
        assert asking.get(here).json()["state"] == "made"

    def test_that_cannot_be_made_says_why(self, office: Office, asking: Program) -> None:
        revision = office.in_force({"жобо.pdf": encrypted(paper(), "сыр")}, NOW)
        office.make(NOW)
        (one,) = asking.get("/api/controlled").json()["items"]
        assert (one["record"]["id"], one["state"], one["sha256"]) == (str(revision), "failed", None)
        assert "жобо.pdf" in one["says"]
        assert "file" not in one["links"]
        for who in ("reader", "rector", "admin"):
            refused(asking.as_(who).get("/api/controlled"), 403, "not-yours")


class TestChecking:
    @pytest.mark.parametrize("form", [True, False])
    def test_a_file_that_is_ours_is_known_by_its_bytes(
        self,
        office: Office,
        asking: Program,
        form: bool,
    ) -> None:
        revision = made(office)
        pdf = asking.get(f"/api/revisions/{revision}/controlled.pdf").content
        told = checked(asking, pdf, form=form).json()
        assert (told["verdict"], told["stands"]["id"], told["stands"]["state"]) == ("ours", str(revision), "in_force")
        assert told["sha256"] == sha256(pdf).hexdigest()

    def test_a_file_that_was_changed_or_is_not_ours_is_told(self, office: Office, asking: Program) -> None:
        revision = made(office)
        pdf = asking.get(f"/api/revisions/{revision}/controlled.pdf").content
        assert checked(asking, pdf + b" ").json()["verdict"] == "changed"
        foreign = paper()
        assert checked(asking, foreign).json() == {
            "verdict": "foreign",
            "sha256": sha256(foreign).hexdigest(),
            "sealed_at": None,
            "stands": None,
        }
        refused(checked(asking, b""), 422, "no-file")
        refused(checked(asking, b"", form=False), 422, "no-file")

    def test_anybody_is_told_how_a_revision_stands_and_of_a_draft_nothing(
        self,
        office: Office,
        asking: Program,
    ) -> None:
        revision = made(office)
        nobody = asking.as_("")
        told = nobody.get(f"/api/check/{revision}").json()
        assert (told["state"], told["number"], told["since"]) == ("in_force", 1, NOW.date().isoformat())
        assert nobody.get(f"/api/check?code={told['code']}").json()["items"] == [told]
        assert nobody.get("/api/check?code=moon").json()["total"] == 0
        draft = office.university.draft(NOW)
        for unknown in (draft, new_id()):
            problem = refused(nobody.get(f"/api/check/{unknown}"), 404, "not-found")
            assert problem == refused(nobody.get(f"/api/check/{new_id()}"), 404, "not-found")

    def test_too_much_is_put_off(
        self,
        office: Office,
        asking: Program,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(limits, "ONE", Allowance(1, timedelta(minutes=1), timedelta(minutes=15)))
        for path in (f"/api/check/{new_id()}", "/api/check?code=moon"):
            answers = [asking.as_("").get(path) for _ in range(4)]
            problem = refused(answers[-1], 429, "too-many-checks")
        assert problem["next_step"]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert asking.get("/api/check?code=moon").status_code == 200  # inside, everybody reads the register
