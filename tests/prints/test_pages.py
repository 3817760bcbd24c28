"""Prints on pages: what each record's prints say, who may have them, in which language, and what is refused."""

import asyncio
import re
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from docx import Document
from fastapi import FastAPI

from models import tables as t
from models.base import new_id
from service.web.pages import prints
from states.text import LANGUAGES, Text
from tests.prints.pdfs import not_pdf_a, text
from tests.support.university import DOCUMENT, TITLE, University, at, order, protocol
from tests.web.programs import Program, refused
from tests.web.visitors import HOST, Visitor, application, words

NOW = at(2026, 4, 6)
LATER = at(2026, 6, 1)


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, NOW, home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("reader", "ky")


def pdf(visitor: Visitor, path: str) -> str:
    """What a print says."""
    answer = visitor.get(path)
    assert answer.status_code == 200, words(answer)
    assert answer.headers["content-type"] == "application/pdf"
    assert not_pdf_a(answer.content) == []
    return text(answer.content)


class TestRevision:
    def test_has_a_title_page_with_who_considered_it_and_who_approved_it(
        self, university: University, visitor: Visitor
    ) -> None:
        revision = university.in_force(NOW)
        said = pdf(visitor, f"/revisions/{revision}/prints/approval.pdf")
        assert f"{TITLE} {DOCUMENT} Редакция № 1" in said
        for body in ("Окуу-усулдук кеңеш", "Окумуштуулар кеңеши"):
            assert body in said
        assert said.count("Протокол № 1 2026-жылдын 6-апрели") == 2
        assert "ИШКЕ КИРГИЗИЛГЕН rector (кызмат) Айбек Ректоров 2026-жылдын 6-апрели Буйрук № 1" in said
        assert "Күчүнө кирген күнү: 2026-жылдын 6-апрели" in said

    def test_has_lines_on_its_title_page_before_it_is_approved(self, university: University, app: FastAPI) -> None:
        revision = university.endorsed(NOW)
        said = pdf(Visitor(app).is_("rector", "ky"), f"/revisions/{revision}/prints/approval.pdf")
        assert "Айбек Ректоров" in said  # who is to approve it
        assert "Буйрук № __" in said
        assert "Күчүнө кирген" not in said

    def test_forgets_on_its_title_page_what_councils_said_before_it_was_returned(
        self, university: University, app: FastAPI
    ) -> None:
        revision = university.draft(NOW)
        given = {"decided_on": NOW.date(), "wording": "Жактырылсын"}
        university.go(revision, "submit", "owner", NOW)
        university.go(revision, "endorse", "sec_ouk", NOW, protocol_no="11", **given)
        remarks = {"protocol_no": "12", "decided_on": NOW.date(), "wording": "Мөөнөттөр так эмес"}
        university.go(revision, "return_for_revision", "sec_ok", NOW, **remarks)
        university.go(revision, "submit", "owner", NOW)
        owner, path = Visitor(app).is_("owner", "ky"), f"/revisions/{revision}/prints/approval.pdf"
        assert "Протокол №" not in pdf(owner, path)
        university.go(revision, "endorse", "sec_ouk", NOW, protocol_no="13", **given)
        said = pdf(owner, path)
        assert "Протокол № 13" in said
        assert "№ 11" not in said
        assert "№ 12" not in said

    def test_has_a_sign_off_sheet_with_every_signature(self, university: University, visitor: Visitor) -> None:
        revision = university.in_force(NOW)
        said = pdf(visitor, f"/revisions/{revision}/prints/sign-off.pdf?language=ru")
        rows = university.rows(t.signature, t.signature.c.record_id == revision)
        assert len(rows) == 3
        for row in rows:
            assert row["hash"] in said.replace(" ", "")
        assert "Айбек Ректоров" in said
        assert "06.04.2026 10:00" in said
        assert "утверждено" in said

    def test_has_a_change_sheet_of_the_revisions_that_have_been_in_force(
        self, university: University, visitor: Visitor
    ) -> None:
        first = university.in_force(NOW)
        assert "4.1-пункт" not in pdf(visitor, f"/revisions/{first}/prints/changes.pdf")
        university.in_force(at(2026, 4, 6, 12))
        document = university.one(t.document)["id"]
        said = pdf(visitor, f"/documents/{document}/prints/changes.pdf")
        assert said.count("4.1-пункт такталат") == 1
        assert "Өмүр Жазуучу, owner (кызмат) 4.1-пункт такталат 06.04.2026" in said

    def test_that_is_a_draft_is_no_change_yet(self, university: University, app: FastAPI) -> None:
        university.in_force(NOW)
        university.draft(NOW)
        document = university.one(t.document)["id"]
        assert "4.1-пункт" not in pdf(Visitor(app).is_("owner", "ky"), f"/documents/{document}/prints/changes.pdf")

    def test_has_an_order_to_approve_it(self, university: University, app: FastAPI) -> None:
        rector = Visitor(app).is_("rector", "ru")
        revision = university.endorsed(NOW)
        draft = pdf(rector, f"/revisions/{revision}/prints/order.pdf")
        assert "(проект)" in draft
        assert "Основание: Учёный совет, протокол № 1, 6 апреля 2026 г." in draft
        university.go(
            revision, "approve", "rector", NOW, order_no="01-12/138", decided_on=NOW.date(), in_force_on=NOW.date()
        )
        signed = pdf(rector, f"/revisions/{revision}/prints/order.pdf")
        assert "ПРИКАЗ № 01-12/138" in signed
        assert "(проект)" not in signed
        assert "Дата введения в действие: 6 апреля 2026 г." in signed

    def test_says_in_its_order_which_revision_ceases(self, university: University, app: FastAPI) -> None:
        university.in_force(NOW)
        second = university.endorsed(at(2026, 4, 6, 12))
        said = pdf(Visitor(app).is_("rector", "ru"), f"/revisions/{second}/prints/order.pdf")
        assert "утратившей силу редакцию № 1" in said

    def test_stands_in_its_order_with_all_that_was_approved_by_it(self, university: University, app: FastAPI) -> None:
        row, other = university.one(t.document), new_id()
        university.change(sa.insert(t.document).values({**row, "id": other, "code": "ЖЖ 3.02", "title": "Башка жобо"}))
        rector = Visitor(app).is_("rector", "ru")
        revisions = [university.draft(NOW, document=code) for code in (DOCUMENT, "ЖЖ 3.02")]
        for revision in revisions:
            university.go(revision, "submit", "owner", NOW)
            for secretary in ("sec_ouk", "sec_ok"):
                university.go(revision, "endorse", secretary, NOW, **protocol("1", NOW))
        assert "Башка жобо" not in pdf(rector, f"/revisions/{revisions[0]}/prints/order.pdf")
        for revision, number in zip(revisions, ("17", "17"), strict=True):
            university.go(revision, "approve", "rector", NOW, **order(number, NOW, NOW.date()))
        university.in_force(at(2026, 4, 6, 12))  # by another order of the same day
        said = pdf(rector, f"/revisions/{revisions[0]}/prints/order.pdf")
        assert "О введении в действие документов" in said  # the councils have approved them
        assert "ознакомить работников с документами" in said
        university.change(sa.update(t.revision).values(meanings=["discusses", "endorses"]))
        said = pdf(rector, f"/revisions/{revisions[0]}/prints/order.pdf")
        assert "Об утверждении и введении в действие документов" in said
        assert "1) УСТ 4.09 Алдын" in said
        assert "2) ЖЖ 3.02 Башка жобо" in said
        assert "3) " not in said
        assert said.count("Основание: Учёный совет, протокол № 1") == 1

    def test_is_not_approved_by_an_order_that_was_recalled(self, university: University, app: FastAPI) -> None:
        row, other = university.one(t.document), new_id()
        university.change(sa.insert(t.document).values({**row, "id": other, "code": "ЖЖ 3.02", "title": "Башка жобо"}))
        recalled, stays = (_endorsed(university, code) for code in (DOCUMENT, "ЖЖ 3.02"))
        for revision in (recalled, stays):
            university.go(revision, "approve", "rector", NOW, **order("77", NOW, LATER.date()))
        rector, prints = Visitor(app).is_("rector", "ru"), "/revisions/{}/prints/{}.pdf"
        assert DOCUMENT in pdf(rector, prints.format(stays, "order"))
        university.go(recalled, "recall", "rector", NOW, reason="ката")
        for _ in range(2):
            title = pdf(rector, prints.format(recalled, "approval"))
            assert "Приказ № 77" not in title
            assert "6 апреля 2026 г. Приказ" not in title
            assert "1 июня" not in title
            said = pdf(rector, prints.format(recalled, "order"))
            assert "(проект)" in said
            assert "№ 77" not in said
            assert DOCUMENT not in pdf(rector, prints.format(stays, "order"))
            if university.state(recalled) == "rector_approval":
                university.go(recalled, "return_to_author", "rector", NOW, reason="ката")
        assert university.state(recalled) == "draft"
        assert "ПРИКАЗ № 77" in pdf(rector, prints.format(stays, "order"))

    def test_has_its_order_as_a_file_to_write_on(self, university: University, app: FastAPI) -> None:
        revision = university.endorsed(NOW)
        answer = Visitor(app).is_("rector", "en").get(f"/revisions/{revision}/prints/order.docx?language=en")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        said = "\n".join(one.text for one in Document(BytesIO(answer.content)).paragraphs)
        assert "I ORDER:" in said
        assert f"“{TITLE}” ({DOCUMENT})" in said

    def test_has_an_acquaintance_sheet_to_sign_by_hand(self, university: University, visitor: Visitor) -> None:
        revision = university.in_force(NOW)
        assert "ТААНЫШУУ БАРАГЫ" in pdf(visitor, f"/revisions/{revision}/prints/acquaintance.pdf")


def _endorsed(university: University, document: str) -> UUID:
    """A revision of the document that waits for the rector."""
    revision = university.draft(NOW, document=document)
    university.go(revision, "submit", "owner", NOW)
    for secretary in ("sec_ouk", "sec_ok"):
        university.go(revision, "endorse", secretary, NOW, **protocol("1", NOW))
    return revision


class TestAcquaintance:
    def test_says_who_has_read_it_and_who_has_yet_to(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        read = to_read(university, revision, "librarian", "read")
        to_read(university, revision, "dean", "to_read")
        to_read(university, revision, "auditor", "lapsed")
        signed = university.rows(t.signature)[0]
        row = {
            **signed,
            "id": new_id(),
            "history_id": new_id(),
            "record_id": read,
            "meaning": "read",
            "hash": "ab" * 32,
        }
        university.change(sa.insert(t.signature).values({**row, "person_id": university.people["librarian"]}))
        said = pdf(Visitor(app).is_("quality", "ru"), f"/revisions/{revision}/prints/acquaintance.pdf")
        assert "Китеп Китепов librarian (должность) 06.04.2026 10:00 abababab" in said
        assert "Декан Деканов dean (должность) owner (должность)" in said
        assert "Текшер Аудиторов" not in said

    def test_names_only_those_whom_one_may_know_of(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        to_read(university, revision, "reader", "to_read")
        to_read(university, revision, "dean", "to_read")
        said = pdf(Visitor(app).is_("reader", "ru"), f"/revisions/{revision}/prints/acquaintance.pdf")
        assert "Окурман Окуров" in said
        assert "Декан Деканов" not in said


def to_read(university: University, revision: UUID, person: str, state: str) -> UUID:
    """Somebody has to read the revision, or had to."""
    record = {**university.record(revision), "id": new_id(), "kind": "acknowledgement", "state": state}
    reads = {"revision_id": revision, "reader_id": university.people[person], "content": "00"}
    university.change(
        sa.insert(t.record).values({**record, "owner_post_id": None, "author_id": None, "parent_id": None}),
        sa.insert(t.acknowledgement).values({**reads, "record_id": record["id"]}),
    )
    found: UUID = record["id"]
    return found


class TestNonconformity:
    def test_has_an_act_in_five_parts(self, university: University, app: FastAPI) -> None:
        found, _ = university.under_way(NOW, LATER.date())
        said = pdf(Visitor(app).is_("quality", "ky"), f"/nonconformities/{found}/prints/nonconformity.pdf?language=ru")
        parts = (
            "I. Описание несоответствия",
            "Кафедранын протоколдору табылган жок",
            "II. Коррекция",
            "Протоколдор табылды",
            "III. Анализ причин",
            "1. Тартип жок (M1 (ru))",
            "IV. Корректирующие",
            "Тартип киргизүү",
            "01.06.2026",
            "V. Проверка результативности",
        )
        places = [said.find(words) for words in parts]
        assert -1 not in places, parts[places.index(-1)]
        assert places == sorted(places)
        assert "ички аудит" not in said  # its source, in the language of the print
        assert "внутренний аудит" in said

    def test_never_names_an_author_who_is_hidden(self, university: University, app: FastAPI) -> None:
        found = university.open(
            "nonconformity",
            "librarian",
            NOW,
            title="Аудитория муздак",
            found="Аудитория муздак",
            nc_kind="environment",
            source="customers",
            found_on=NOW.date(),
            confidential=True,
        )
        links = links_of(app, found)
        assert len(links) >= len(LANGUAGES)
        for link in links:
            answer = Visitor(app).is_("rector", "en").get(link)
            assert answer.status_code == 200
            assert "Kitepov" not in text(answer.content)
            assert "Китепов" not in text(answer.content)

    def test_does_not_tell_who_told_of_it_from_outside(self, university: University, app: FastAPI) -> None:
        found = university.reported(NOW)
        university.change(
            sa.update(t.nonconformity).where(t.nonconformity.c.record_id == found).values(reported_by="Бермет, 0555")
        )
        path = f"/nonconformities/{found}/prints/nonconformity.pdf"
        assert "Бермет" not in pdf(Visitor(app).is_("rector", "ky"), path)
        assert "Бермет" in pdf(Visitor(app).is_("quality", "ky"), path)


class TestWhoMayHaveThem:
    def test_is_whoever_may_read_the_record(self, university: University, app: FastAPI) -> None:
        draft, found = university.draft(NOW), university.reported(NOW)
        for path in (
            f"/revisions/{draft}/prints",
            f"/revisions/{draft}/prints/approval.pdf",
            f"/nonconformities/{found}/prints/nonconformity.pdf",
        ):
            assert Visitor(app).is_("reader", "en").get(path).status_code == 404, path
            assert Visitor(app).is_("quality", "en").get(path).status_code == 200, path

    def test_is_nobody_who_has_not_said_who_they_are(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        answer = Visitor(app).get(f"/revisions/{revision}/prints/approval.pdf")
        assert answer.status_code == 303
        assert "/person" in answer.headers["location"]

    def test_a_register_holds_what_they_may_read(self, university: University, app: FastAPI) -> None:
        found = university.reported(NOW)
        code = university.record(found)["code"]
        assert code in pdf(Visitor(app).is_("quality", "ky"), "/nonconformities/prints/register.pdf")
        assert code not in pdf(Visitor(app).is_("reader", "ky"), "/nonconformities/prints/register.pdf")

    def test_a_register_of_documents_does_not_tell_of_drafts(self, university: University, app: FastAPI) -> None:
        university.draft(NOW)
        for person, told in (("owner", True), ("reader", False)):
            said = pdf(Visitor(app).is_(person, "ru"), "/documents/prints/register.pdf")
            assert DOCUMENT in said
            assert ("Проект" in said) is told


class TestRegisters:
    def test_are_narrowed_as_their_pages_are(self, university: University, visitor: Visitor) -> None:
        assert DOCUMENT in pdf(visitor, "/documents/prints/register.pdf?q=алдын")
        assert DOCUMENT not in pdf(visitor, "/documents/prints/register.pdf?q=башка")
        university.reported(NOW)
        quality = visitor.is_("quality", "ky")
        assert "Протоколдор жок" in pdf(quality, "/nonconformities/prints/register.pdf?show=open")
        assert "Протоколдор жок" not in pdf(quality, "/nonconformities/prints/register.pdf?show=closed")

    def test_hold_every_document_however_many(self, university: University, visitor: Visitor) -> None:
        row = university.one(t.document)
        university.change(
            *(
                sa.insert(t.document).values({**row, "id": new_id(), "code": f"ЖЖ {no}", "sort_key": f"{no:05}"})
                for no in range(450)
            )
        )
        said = pdf(visitor, "/documents/prints/register.pdf")
        assert [f"ЖЖ {no} " in said for no in range(451)] == [True] * 450 + [False]

    def test_are_linked_from_their_lists(self, university: University, visitor: Visitor) -> None:
        assert "/documents/prints/register.pdf?q=" in visitor.get("/documents?q=алдын").text
        university.reported(NOW)
        assert "/nonconformities/prints/register.pdf" in visitor.is_("quality").get("/nonconformities").text


class TestTheirPage:
    def test_has_no_order_where_the_route_takes_none(self, university: University, visitor: Visitor) -> None:
        revision = university.in_force(NOW)
        path = f"/revisions/{revision}/prints"
        university.change(sa.update(t.revision).values(by_order=False, meanings=["discusses", "endorses"]))
        page = visitor.get(path).text
        assert f"{path}/approval.pdf" in page
        assert f"{path}/order." not in page
        assert visitor.get(f"{path}/order.pdf").status_code == 404
        assert "БЕКИТЕМИН rector (кызмат)" in pdf(visitor, f"{path}/approval.pdf")

    def test_is_linked_from_the_record_and_leads_to_each(self, university: University, visitor: Visitor) -> None:
        revision = university.in_force(NOW)
        path = f"/revisions/{revision}/prints"
        assert f'href="{path}"' in visitor.get(f"/revisions/{revision}").text
        page = visitor.get(path).text
        for form in ("approval", "sign-off", "changes", "acquaintance", "order"):
            for language in LANGUAGES:
                assert f"{path}/{form}.pdf?language={language}" in page
        assert f"{path}/order.docx?language=ky" in page
        assert f"{path}/approval.docx" not in page
        assert f"{path}/nonconformity.pdf" not in page


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_the_readers_or_the_one_asked_for(
        self, language: str, university: University, visitor: Visitor
    ) -> None:
        revision = university.in_force(NOW)
        path = f"/revisions/{revision}/prints/approval.pdf"
        heads = Text("ИШКЕ КИРГИЗИЛГЕН", "ВВЕДЕНО В ДЕЙСТВИЕ", "PUT INTO FORCE")
        for answer in (
            visitor.is_("reader", language).get(path),
            visitor.is_("reader", "ky").get(f"{path}?language={language}"),
        ):
            assert heads.into(language) in text(answer.content)
            assert answer.headers["content-language"] == language


class TestRefusals:
    def test_of_another_language_are_said_in_the_readers(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        answer = Visitor(app).is_("reader", "en").get(f"/revisions/{revision}/prints/approval.pdf?language=kk")
        assert answer.status_code == 400
        assert "“kk” is none of them" in words(answer)

    @pytest.mark.parametrize(
        "name", ["none.pdf", "nonconformity.pdf", "protocol.pdf", "approval.docx", "approval.html", "register.pdf"]
    )
    def test_of_another_form(self, name: str, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        assert Visitor(app).is_("reader", "en").get(f"/revisions/{revision}/prints/{name}").status_code == 404

    def test_of_a_record_of_another_kind(self, university: University, app: FastAPI) -> None:
        revision = university.in_force(NOW)
        assert Visitor(app).is_("reader", "en").get(f"/audits/{revision}/prints/sign-off.pdf").status_code == 404

    def test_of_a_broken_form_name_its_file_and_line(self, university: University, tmp_path: Path) -> None:
        revision = university.in_force(NOW)
        forms = tmp_path / "forms"
        forms.mkdir()
        forms.joinpath("approval.typ").write_text('#import "form.typ": *\n#wrong-word')
        app = application(university.database, NOW, home=tmp_path, forms=forms)
        answer = Visitor(app).is_("reader", "en").get(f"/revisions/{revision}/prints/approval.pdf")
        app.state.site.close()
        assert answer.status_code == 500
        assert "“approval.typ” cannot be printed, line 2: unknown variable: wrong-word" in words(answer)
        assert str(tmp_path) not in answer.text


class TestWhileOneIsSet:
    @pytest.mark.parametrize("what", ["revision", "register"])
    def test_others_are_answered_and_no_connection_is_held(
        self, what: str, university: University, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The print waits in its own thread until a page has been read: a blocked loop or pool would never end."""
        revision = university.in_force(NOW)
        path = f"/revisions/{revision}/prints/approval.pdf" if what == "revision" else "/documents/prints/register.pdf"
        answered, begun = threading.Event(), threading.Event()
        held: list[int] = []

        def slow(*told: Any) -> None:
            held.append(university.database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a pool that counts
            begun.set()
            assert answered.wait(20)

        monkeypatch.setattr(prints, "write_pdf", slow)

        async def both() -> tuple[int, int]:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies={"sapat_person": "reader"}) as one:
                printing = asyncio.create_task(one.get(path))
                await asyncio.to_thread(begun.wait, 20)
                page = await one.get("/documents")
                answered.set()
                return page.status_code, (await printing).status_code

        assert asyncio.run(both()) == (200, 200)
        assert held == [0]


def test_programs_are_refused_in_their_way(university: University, app: FastAPI) -> None:
    """Prints have the same addresses for people and programs; under /api there is none of them."""
    refused(Program(app).as_("reader").get("/api/revisions/none/prints/approval.pdf"), 404, "not-found")


def links_of(app: FastAPI, found: UUID) -> list[str]:
    """The addresses of all prints of a nonconformity, from their page."""
    page = Visitor(app).is_("rector", "en").get(f"/nonconformities/{found}/prints")
    return re.findall(rf'href="(/nonconformities/{found}/prints/[^"]+)"', page.text)
