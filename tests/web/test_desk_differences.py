"""The text of a revision beside that of the one in force, for whoever may read both."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.differences.chosen import mains
from service.files.attachments import AttachmentView
from service.files.kinds import KINDS
from service.web.pages import differences
from tests.differences.texts import CLAUSES, docx_of, pdf_of
from tests.files.samples import png
from tests.support.university import University, order
from tests.web.desks import BEFORE, NEW_TEXT, NOW, OLD_TEXT, WHEN, Desks, sheets
from tests.web.visitors import Visitor, application, words


@pytest.fixture
def desks(university: University, tmp_path: Path) -> Desks:
    return Desks(university, tmp_path)


@pytest.fixture
def visitor(university: University, tmp_path: Path) -> Iterator[Visitor]:
    app: FastAPI = application(university.database, NOW, home=tmp_path)
    yield Visitor(app).is_("rector", "en")
    app.state.site.close()


def compare(visitor: Visitor, revision: UUID, **asked: object) -> httpx.Response:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return visitor.get(f"/revisions/{revision}/differences?{query}")


def files_of(desks: Desks, revision: UUID) -> dict[str, UUID]:
    rows = desks.university.rows(t.attachment, t.attachment.c.record_id == revision)
    return {row["name"]: row["id"] for row in rows}


def former(desks: Desks, revision: UUID) -> UUID:
    document = desks.university.one(t.revision, t.revision.c.record_id == revision)["document_id"]
    found: UUID = desks.university.one(t.revision, t.revision.c.document_id == document, t.revision.c.number == 1)[
        "record_id"
    ]
    return found


class TestARevision:
    def test_is_shown_beside_the_one_in_force(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting()
        page = compare(visitor, revision)
        assert page.status_code == 200
        said = words(page)
        for expected in (
            "What changes and why 4.1-пункт такталат",
            "УСТ 7.01/1 (Effective)",
            "Differences: 1 paragraph changed.",
            "Change 1 of 1",
            "… 2 paragraphs unchanged …",
            "… 7 paragraphs unchanged …",
            "[removed: беш ]",
            "[added: он жумушчу ]",
        ):
            assert expected in said, expected
        for text in (*NEW_TEXT[:3], *NEW_TEXT[4:]):
            assert page.text.count(f">{text}<") == 1  # what is the same stands there once
        assert f'href="/revisions/{former(desks, revision)}"' in page.text

    def test_leads_there_from_its_own_page(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting()
        assert f'href="/revisions/{revision}/differences"' in visitor.get(f"/revisions/{revision}").text

    def test_that_is_the_first_has_nothing_beside_it(self, desks: Desks, visitor: Visitor) -> None:
        page = compare(visitor, desks.waiting(former=False))
        assert "This is the first revision" in words(page)
        assert "Change 1" not in words(page)

    def test_says_the_same_as_before(self, desks: Desks, visitor: Visitor) -> None:
        page = compare(visitor, desks.waiting(text=OLD_TEXT))
        assert "The texts of the two files are the same." in words(page)
        assert "Change 1" not in words(page)

    def test_without_a_file_has_nothing_to_compare(self, desks: Desks, visitor: Visitor) -> None:
        page = compare(visitor, desks.waiting(text=[]))
        assert "one of the revisions has none" in words(page)
        assert "it has no file" in words(page)

    def test_in_force_itself_is_beside_the_one_before(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting()
        desks.university.go(revision, "approve", "rector", NOW, **order("9", NOW, NOW.date()))
        assert "УСТ 7.01/1 (Superseded)" in words(compare(visitor, revision))

    def test_is_beside_no_revision_that_never_held(self, desks: Desks, visitor: Visitor) -> None:
        code = desks.document()
        rejected = desks.university.draft(BEFORE, document=code)
        desks.university.go(rejected, "abandon", "owner", BEFORE, reason="Керексиз")
        revision = desks.endorsed(code, NEW_TEXT)
        assert "This is the first revision" in words(compare(visitor, revision))
        assert compare(visitor, revision, other=rejected).status_code == 200


class TestTheFiles:
    def test_of_one_kind_and_alike_in_name_are_compared(self) -> None:
        def file(name: str, kind: str) -> AttachmentView:
            return AttachmentView(new_id(), name, name, 1, KINDS[kind].media_type)

        old = [file("Жобо.pdf", "pdf"), file("Тиркеме.docx", "docx"), file("Жобо.docx", "docx")]
        new = [file("А.docx", "docx"), file("Жобо 2.docx", "docx"), file("Жобо 2.pdf", "pdf")]
        assert mains(old, new) == (old[2], new[1])
        assert mains(old[:1], new) == (old[0], new[2])
        assert mains(old[1:2], new[2:]) == (old[1], new[2])
        picture = file("с.png", "png")
        assert mains([picture], new[2:]) == (picture, new[2])
        assert mains([picture, old[0]], [picture]) == (old[0], picture)
        assert mains([], new) == (None, new[0])

    def test_can_be_chosen_and_other_revisions_too(self, desks: Desks, visitor: Visitor) -> None:
        code, university = desks.document(), desks.university
        for number, text in enumerate((CLAUSES, [*CLAUSES[:3], "Экинчи."]), start=1):
            when = BEFORE.replace(month=2 + number)
            old = desks.endorsed(code, text, when)
            university.go(old, "approve", "rector", when, **order(str(number), when, when.date()))
        revision = university.draft(WHEN, document=code)
        desks.attach(revision, docx_of([*CLAUSES[:4], "Үчүнчү."]), "Жобо.docx", WHEN)
        desks.attach(revision, pdf_of(["Тиркеме башка."]), "Тиркеме.pdf", WHEN)
        university.go(revision, "submit", "owner", WHEN)
        page = compare(visitor, revision)
        assert "УСТ 7.01/2 (Effective)" in words(page)
        form = next(one for one in sheets(page) if one.action.endswith("/differences"))
        assert (form.method, set(form.fields)) == ("get", {"other", "new"})
        first = former(desks, revision)
        other = compare(visitor, revision, other=first, new=files_of(desks, revision)["Жобо.docx"])
        assert "Differences: 1 added, 1 removed." in words(other)
        assert "Үчүнчү." in other.text
        assert "Тиркеме башка." in compare(visitor, revision, new=files_of(desks, revision)["Тиркеме.pdf"]).text

    def test_that_hold_no_text_are_said_to(self, desks: Desks, visitor: Visitor) -> None:
        code = desks.document()
        old = desks.endorsed(code, OLD_TEXT, BEFORE)
        desks.university.go(old, "approve", "rector", BEFORE, **order("5", BEFORE, BEFORE.date()))
        revision = desks.university.draft(WHEN, document=code)
        desks.attach(revision, png(), "Сканер.png", WHEN)
        page = compare(visitor, revision)
        assert page.status_code == 200
        assert "The file of this revision holds no text that can be compared" in words(page)
        assert "/Жобо.txt" in page.text.replace("%D0%96%D0%BE%D0%B1%D0%BE", "Жобо")

    def test_that_take_long_are_waited_for_only_so_long(
        self, desks: Desks, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(differences, "PATIENCE", 0.0)
        assert "The files are being compared." in words(compare(visitor, desks.waiting()))

    def test_of_another_record_are_not_shown(self, desks: Desks, visitor: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting(text=["Купуя сөздөр ушул жерде."])
        page = compare(visitor, first, new=files_of(desks, second)["Жобо.txt"])
        assert "Купуя" not in page.text


class TestWhoMayRead:
    def test_both_may_compare_them(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting()
        for person, status in {"owner": 200, "sec_ok": 200, "head": 200, "reader": 404, "librarian": 404}.items():
            assert compare(visitor.is_(person, "en"), revision).status_code == status, person

    def test_only_one_of_them_may_not(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting()
        old = former(desks, revision)
        assert compare(visitor.is_("reader", "en"), old).status_code == 200  # it is in force: everybody reads it
        assert compare(visitor, old, other=revision).status_code == 404
        assert "УСТ 7.01/2" not in compare(visitor, old).text

    def test_of_another_document_is_not_compared(self, desks: Desks, visitor: Visitor) -> None:
        first, second = desks.waiting(), desks.waiting()
        assert compare(visitor, first, other=former(desks, second)).status_code == 404
        assert compare(visitor, first, other="nonsense").status_code == 400
        assert compare(visitor, desks.university.reported(NOW)).status_code == 404


class TestManyChanges:
    def test_are_numbered_and_led_through_over_parts(self, desks: Desks, visitor: Visitor) -> None:
        old = [f"{number}-пункт. Бул сап {number} өзгөрбөйт эч качан." for number in range(800)]
        new = [f"{text} кошулду" if number % 2 else text for number, text in enumerate(old)]
        code = desks.document()
        first = desks.endorsed(code, old, BEFORE)
        desks.university.go(first, "approve", "rector", BEFORE, **order("5", BEFORE, BEFORE.date()))
        revision = desks.endorsed(code, new)
        pages = [compare(visitor, revision, part=part) for part in (1, 2, 99)]
        assert "Differences: 400 paragraphs changed." in words(pages[0])
        assert "Part 1 of" in words(pages[0])
        shown = [[number for number in range(1, 401) if f'id="change-{number}"' in page.text] for page in pages]
        assert shown[0][0] == 1
        assert shown[1][0] == shown[0][-1] + 1
        assert shown[2][-1] == 400
        last = shown[0][-1]
        following = (
            pages[0].text.partition(f'id="change-{last}"')[2].partition("Next change")[0].rpartition('href="')[2]
        )
        assert following.startswith(f"/revisions/{revision}/differences?")
        assert f"part=2#change-{last + 1}" in following
        assert 'href="#change-2"' in pages[0].text
        assert "Next change" not in pages[2].text.partition('id="change-400"')[2]

    def test_leave_long_stretches_folded_until_somebody_asks(self, desks: Desks, visitor: Visitor) -> None:
        old = [f"{number}-пункт. Бул сап {number} өзгөрбөйт эч качан." for number in range(200)]
        code = desks.document()
        first = desks.endorsed(code, old, BEFORE)
        desks.university.go(first, "approve", "rector", BEFORE, **order("5", BEFORE, BEFORE.date()))
        revision = desks.endorsed(code, [*old, "Жаңы сап кошулду дагы."])
        page = compare(visitor, revision)
        assert "… 199 paragraphs unchanged …" in words(page)
        assert "… 159 more paragraphs: show all of them …" in words(page)
        assert old[100] not in page.text
        assert old[199] in page.text
        whole = compare(visitor, revision, whole=0)
        assert all(text in whole.text for text in old)
        assert '<details class="fold" id="fold-0" open>' in whole.text

    def test_of_nearly_everything_are_said_to_be_a_new_text(self, desks: Desks, visitor: Visitor) -> None:
        revision = desks.waiting(text=["Таптакыр башка сөздөр менен жазылган текст эми ушундай болду."] * 9)
        assert "it is rather a new text" in words(compare(visitor, revision))
        assert "it is rather a new text" not in words(compare(visitor, desks.waiting()))
