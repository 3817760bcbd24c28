"""Files that will not do are seen while the revision is written: once for each content, and never by a page."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from service.controlled import looking
from service.controlled.foreseen import DIFFERS, HINDERS, WAITS, Foreseen, foreseen
from service.controlled.looking import UNDER_WAY, Looked, forget, is_due, look, looked_at
from service.controlled.refusals import NO_FILES, NOT_DONE, REASONS, TookTooLongError
from states.registry import lifecycle
from tests.controlled.making import NOW, Office, document, encrypted, paper, workbook
from tests.controlled.written import linking, with_open_changes
from tests.web.visitors import Visitor, application
from tests.web.visitors import words as shown

NAME = {"name": "жобо.docx"}


def draft(office: Office, **files: bytes) -> UUID:
    revision = office.university.draft(NOW)
    for name, content in files.items():
        office.attach(revision, name.replace("_", "."), content)
    return revision


def looks(office: Office, when: int = 0) -> dict[str, int]:
    return look(office.university.database, office.settings, NOW + timedelta(hours=when))


def waits(office: Office, when: int = 0) -> bool:
    with office.university.database.read() as connection:
        return is_due(connection, office.home, NOW + timedelta(hours=when))


def of(office: Office, revision: UUID, state: str = "draft") -> list[Foreseen]:
    with office.university.database.read() as connection:
        return foreseen(connection, office.home, revision, state)


def told(office: Office, revision: UUID, state: str = "draft") -> list[tuple[str, str]]:
    return [(one.weight, one.says) for one in of(office, revision, state)]


class TestAFileThatWasAttached:
    def test_is_looked_at_once(self, office: Office) -> None:
        draft(office, жобо_pdf=paper(pages=3))
        assert waits(office)
        assert looks(office) == {"files_fit": 1}
        assert not waits(office, 9999)
        assert looks(office, 9999) == {}

    def test_is_looked_at_once_though_two_revisions_have_it(self, office: Office) -> None:
        draft(office, жобо_pdf=paper(), башка_pdf=paper())
        assert looks(office) == {"files_fit": 1}

    def test_is_looked_at_anew_once_the_programs_are_others(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revision = draft(office, жобо_docx=document())
        looks(office)
        assert told(office, revision) == [(DIFFERS, foreseen_simplified())]
        monkeypatch.setattr(looking, "way", lambda: "another")
        assert told(office, revision) == [(WAITS, waiting())]
        assert waits(office)
        assert looks(office) == {"files_fit": 1}

    def test_is_not_looked_at_once_the_revision_is_in_force(self, office: Office) -> None:
        in_force = office.in_force({"жобо.pdf": paper()})
        assert not waits(office)
        assert of(office, in_force, "effective") == []

    def test_is_not_looked_at_once_it_was_taken_away(self, office: Office) -> None:
        revision = draft(office, жобо_pdf=paper())
        office.university.go(revision, "remove_file", "owner", NOW, attachment="жобо.pdf", reason="Ката тиркелген файл")
        assert not waits(office)

    def test_that_took_too_long_is_looked_at_again_a_day_later(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revision = draft(office, жобо_docx=document())
        with monkeypatch.context() as slow:
            slow.setattr(looking, "render", _too_long)
            assert looks(office) == {"files_unfit": 1}
        assert told(office, revision) == [(HINDERS, NOT_DONE)]
        assert not waits(office, 23)
        assert looks(office, 24) == {"files_fit": 1}

    def test_and_is_lost_harms_no_other(self, office: Office) -> None:
        revision = draft(office, жобо_pdf=paper())
        (kept,) = (office.home / "files").glob("??/??/*")
        kept.unlink()
        office.attach(revision, "башка.pdf", paper("башка"))
        assert looks(office) == {"files_fit": 1, "files_unfit": 1}

    def test_is_forgotten_with_its_content_and_its_programs(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft(office, жобо_pdf=paper())
        looks(office)
        (seen,) = (office.home / looking.FOLDER).iterdir()
        (office.home / looking.FOLDER / f"{'a' * 64}-pandoc.json").write_text("{}")
        with office.university.database.read() as connection:
            forget(connection, office.home)
            assert list((office.home / looking.FOLDER).iterdir()) == [seen]
            monkeypatch.setattr(looking, "way", lambda: "another")
            forget(connection, office.home)
        assert list((office.home / looking.FOLDER).iterdir()) == []

    def test_whose_verdict_is_damaged_is_looked_at_again(self, office: Office) -> None:
        draft(office, жобо_pdf=paper())
        looks(office)
        (seen,) = (office.home / looking.FOLDER).iterdir()
        seen.write_text('{"says": ')
        assert looks(office) == {"files_fit": 1}
        assert looked_at(office.home, seen.name.partition("-")[0]) == Looked(how="pdf", pages=1)


class TestWhatIsForeseen:
    def test_of_a_revision_without_files_is_that_there_will_be_none(self, office: Office) -> None:
        (one,) = of(office, draft(office))
        assert (one.weight, one.says) == (HINDERS, NO_FILES)
        assert "before it is sent on" in one.next_step

    def test_of_a_file_nobody_looked_at_is_not_known_yet(self, office: Office) -> None:
        assert told(office, draft(office, жобо_docx=document())) == [(WAITS, waiting())]

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("жобо.pdf", encrypted(paper(), "сыр"), REASONS["encrypted"]),
            ("жобо.docx", linking("https://uni.example/logo.png"), REASONS["linked"]),
            ("жобо.xlsx", workbook(3, 60), REASONS["table"]),
        ],
    )
    def test_of_a_file_that_will_not_do_is_why_and_what_to_do(
        self, office: Office, name: str, content: bytes, says: str
    ) -> None:
        revision = office.university.draft(NOW)
        office.attach(revision, name, content)
        looks(office)
        (one,) = of(office, revision)
        assert (one.weight, one.says, one.facts["name"]) == (HINDERS, says, name)
        assert ("in its place" if name.endswith("pdf") else "of the same name") in one.next_step

    def test_is_what_the_controlled_file_then_says(self, office: Office) -> None:
        """The verdict of the draft and that of the file in force are one."""
        revision = office.in_force({"жобо.pdf": encrypted(paper(), "сыр")})
        other = draft(office, жобо_pdf=encrypted(paper(), "сыр"))
        looks(office)
        assert office.make() == {"controlled_failed": 1}
        (one,) = of(office, other)
        assert one.says in office.row(revision)["says"]

    def test_of_a_file_with_a_pdf_beside_it_is_nothing(self, office: Office) -> None:
        revision = draft(office, жобо_docx=linking("https://uni.example/logo.png"), жобо_pdf=paper())
        looks(office)
        assert of(office, revision) == []

    def test_of_open_changes_is_that_nobody_knows_which_wording_is_meant(self, office: Office) -> None:
        revision = draft(office, жобо_docx=with_open_changes())
        looks(office)
        assert [one.weight for one in of(office, revision)] == [DIFFERS, DIFFERS]
        assert "neither accepted nor rejected" in of(office, revision)[0].says

    def test_in_a_step_that_changes_no_files_is_said_without_asking_for_what_cannot_be_done(
        self, office: Office
    ) -> None:
        (one,) = of(office, draft(office), "rector_approval")
        assert one.says == NO_FILES
        assert "return it to its author" in one.next_step

    def test_is_asked_of_all_steps_before_it_comes_into_force_and_of_no_other(self) -> None:
        steps = lifecycle("document").steps
        after = {"effective", "periodic_review", "withdrawal_proposed", "superseded", "withdrawn"}
        assert set(steps) == {*UNDER_WAY, *after, "rejected", "abandoned"}


class TestThePage:
    @pytest.fixture
    def author(self, office: Office) -> Iterator[Visitor]:
        made = application(office.university.database, NOW, home=office.home)
        yield Visitor(made).is_("owner", "en")
        made.state.site.close()

    def test_of_a_draft_says_before_its_moves_what_will_hinder_it(
        self, office: Office, author: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revision = draft(office, жобо_pdf=encrypted(paper(), "сыр"))
        monkeypatch.setattr("service.controlled.render.own_folder", lambda: pytest.fail("a page waits for a renderer"))
        assert "“жобо.pdf” is being looked at" in shown(author.get(f"/revisions/{revision}"))
        monkeypatch.undo()
        looks(office)
        page = shown(author.get(f"/revisions/{revision}"))
        assert "“жобо.pdf” is encrypted" in page
        assert page.index("there will be no controlled file") < page.index("What you can do")

    def test_lets_it_be_sent_on_and_approved_all_the_same(self, office: Office) -> None:
        revision = office.in_force({})
        assert office.make() == {"controlled_failed": 1}
        assert office.row(revision)["state"] == "failed"

    def test_of_a_draft_whose_files_fit_says_nothing(self, office: Office, author: Visitor) -> None:
        revision = draft(office, жобо_pdf=paper())
        looks(office)
        assert "controlled file" not in shown(author.get(f"/revisions/{revision}"))


def waiting() -> str:
    from service.controlled.foreseen import _WAITING

    return _WAITING


def foreseen_simplified() -> str:
    from service.controlled.foreseen import _SIMPLIFIED

    return _SIMPLIFIED


def _too_long(*_: object) -> None:
    raise TookTooLongError(180)
