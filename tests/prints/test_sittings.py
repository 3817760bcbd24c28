"""What prints of a sitting say: agenda, protocol and extract of one that was really held, in each language."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from fastapi import FastAPI

from models import tables as t
from states.text import LANGUAGES
from tests.councils.sitting import Sitting, seat
from tests.prints.pdfs import not_pdf_a, text
from tests.support.university import University, at
from tests.web.visitors import Visitor, application, words

DAY = at(2026, 4, 15)


@pytest.fixture
def app(university: University, tmp_path: Path) -> Iterator[FastAPI]:
    made = application(university.database, DAY + timedelta(days=3), home=tmp_path)
    yield made
    made.state.site.close()


@pytest.fixture
def sitting(university: University) -> Sitting:
    """Two items: a document, endorsed by name with a proxy, and an item of the council's own with an instruction."""
    revision = university.draft(DAY - timedelta(days=14))
    university.go(revision, "submit", "owner", DAY - timedelta(days=14))
    seat(university, proxies=True)
    held = Sitting.plan(university, DAY)
    held.go("add_item", DAY - timedelta(days=6), title="Өткөн айдын жыйынтыгы", speaker="Декан Деканов")
    held.begin(there=("rector", "vice", "dean"))
    held.write("attendee", held.no_of("head"), presence="excused", proxy="dean")
    held.write("attendee", held.no_of("vice"), presence="online")
    held.decide(1, votes=(0, 0, 0))
    held.write("agenda_item", 1, ballot="by_name", spoke="Жылдыз Окуева: 4-пункт такталсын\nДекан Деканов: колдойм")
    for one, vote in (("rector", "for"), ("vice", "abstained"), ("dean", "for"), ("head", "for")):
        held.vote(1, one, vote)
    held.decide(2, "resolved", votes=(4, 0, 0))
    held.add("instruction", what="Үч кафедрада текшерүү", item="2", owner_post="dean", due_on="2026-05-15")
    held.go("close", protocol_no="7")
    return held


def pdf(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, words(answer)
    assert not_pdf_a(answer.content) == []
    return text(answer.content)


class TestProtocol:
    def test_says_who_was_there_what_was_said_and_how_it_was_decided(self, app: FastAPI, sitting: Sitting) -> None:
        said = pdf(Visitor(app).is_("sec_ouk", "ky"), f"/sittings/{sitting.id}/prints/protocol.pdf")
        assert "ПРОТОКОЛ № 7 Окуу-усулдук кеңеш 2026-жылдын 15-апрели, 14:00" in said
        assert "Төрага: Айбек Ректоров" in said
        assert "Катчы: Үмүт Катчы" in said
        assert "Катышкандар (3):" in said
        assert "онлайн катышты" in said
        assert "ишеним кат боюнча: Декан Деканов" in said
        assert "3 мүчө катышты, бардыгы 5; керектүүсү 3" in said
        assert "макул – 3, каршы – 0, калыс – 1" in said
        assert "Жылдыз Окуева: 4-пункт такталсын" in said
        assert "Жактырылды" in said
        assert "Үч кафедрада текшерүү dean (кызмат) 15.05.2026" in said
        assert "1 / " in said

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", ["agenda", "protocol", "extract"])
    def test_is_printed_in_each_language_and_as_docx(
        self, app: FastAPI, sitting: Sitting, name: str, language: str
    ) -> None:
        visitor, query = Visitor(app).is_("sec_ouk", "ky"), f"?language={language}&item=2"
        held_on = {"ky": "2026-жылдын 15-апрели", "ru": "15 апреля 2026 г.", "en": "15 April 2026"}[language]
        said = pdf(visitor, f"/sittings/{sitting.id}/prints/{name}.pdf{query}")
        assert held_on in said
        assert "Өткөн айдын жыйынтыгы" in said
        answer = visitor.get(f"/sittings/{sitting.id}/prints/{name}.docx{query}")
        if name == "agenda":
            assert answer.status_code == 404
        else:
            written = " ".join(one.text for one in Document(BytesIO(answer.content)).paragraphs)
            assert held_on in written
            assert "Өткөн айдын жыйынтыгы" in written

    def test_keeps_what_was_closed_and_adds_what_was_corrected(self, app: FastAPI, sitting: Sitting) -> None:
        visitor = Visitor(app).is_("sec_ouk", "ky")
        before = pdf(visitor, f"/sittings/{sitting.id}/prints/protocol.pdf")
        sitting.go("correct", DAY + timedelta(days=2), item=2, says="Мөөнөтү 20-май")
        after = pdf(visitor, f"/sittings/{sitting.id}/prints/protocol.pdf")
        assert "Мөөнөтү 20-май" not in before
        assert "Кийин түзөтүлдү: 17.04.2026, Үмүт Катчы: Мөөнөтү 20-май" in after
        assert "dean (кызмат) 15.05.2026" in after
        assert "Мөөнөтү 20-май" not in pdf(visitor, f"/sittings/{sitting.id}/prints/extract.pdf?item=1")
        assert "Мөөнөтү 20-май" in pdf(visitor, f"/sittings/{sitting.id}/prints/extract.pdf?item=2")

    @pytest.mark.parametrize(
        ("does", "said"), [("discusses", "Талкууланды."), ("endorses", "Жактырылды."), ("approves", "Бекитилди.")]
    )
    def test_calls_a_decision_what_the_route_has_the_body_do(
        self, app: FastAPI, university: University, sitting: Sitting, does: str, said: str
    ) -> None:
        university.change(sa.update(t.revision).values(meanings=[does, "approves"]))
        printed = pdf(Visitor(app).is_("sec_ouk", "ky"), f"/sittings/{sitting.id}/prints/extract.pdf?item=1")
        assert f"ЧЕЧИМ КЫЛЫНДЫ: {said}" in printed


class TestExtract:
    def test_is_linked_for_each_item(self, app: FastAPI, sitting: Sitting) -> None:
        visitor = Visitor(app).is_("sec_ouk", "ky")
        page = visitor.get(f"/sittings/{sitting.id}/prints").text
        links = re.findall(r'href="([^"]*/prints/extract\.pdf[^"]*)"', page)
        assert len(links) == 2 * len(LANGUAGES)
        for link in links:
            assert visitor.get(link.replace("&amp;", "&")).status_code == 200
        assert "2. Өткөн айдын жыйынтыгы" in page

    def test_is_of_one_item_only(self, app: FastAPI, sitting: Sitting) -> None:
        said = pdf(Visitor(app).is_("sec_ouk", "ky"), f"/sittings/{sitting.id}/prints/extract.pdf?item=2")
        assert "№ 7 ПРОТОКОЛДОН КӨЧҮРМӨ" in said
        assert "Көчүрмө туура" in said
        assert "УСТ 4.09" not in said

    @pytest.mark.parametrize(("query", "status"), [("", 400), ("?item=3", 404), ("?item=0", 404), ("?item=-1", 400)])
    def test_says_of_which(self, app: FastAPI, sitting: Sitting, query: str, status: int) -> None:
        answer = Visitor(app).is_("sec_ouk", "ky").get(f"/sittings/{sitting.id}/prints/extract.pdf{query}")
        assert answer.status_code == status

    def test_is_not_for_whoever_may_not_read_the_sitting(self, app: FastAPI, sitting: Sitting) -> None:
        for name in ("agenda", "protocol", "extract"):
            path = f"/sittings/{sitting.id}/prints/{name}.pdf?item=1"
            assert Visitor(app).is_("reader", "ky").get(path).status_code == 404

    def test_reaches_whoever_wrote_the_document_though_they_may_not_read_the_sitting(
        self, university: University, app: FastAPI, sitting: Sitting
    ) -> None:
        """Of that day they learn what was said of their document, and nothing else."""
        (revision,) = [row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"]]
        author = Visitor(app).is_("owner", "ky")
        assert "/prints/extract.pdf" in author.get(f"/revisions/{revision}/prints").text
        said = pdf(author, f"/revisions/{revision}/prints/extract.pdf")
        assert "№ 7 ПРОТОКОЛДОН КӨЧҮРМӨ" in said
        assert "УСТ 4.09" in said
        assert "Өткөн айдын жыйынтыгы" not in said
        assert author.get(f"/sittings/{sitting.id}/prints/protocol.pdf").status_code == 404
        assert Visitor(app).is_("reader", "ky").get(f"/revisions/{revision}/prints/extract.pdf").status_code == 404

    def test_is_none_before_a_protocol_is_closed(self, university: University, app: FastAPI) -> None:
        revision = university.endorsed(DAY)
        author = Visitor(app).is_("owner", "ky")
        assert "/prints/extract.pdf" not in author.get(f"/revisions/{revision}/prints").text
        assert author.get(f"/revisions/{revision}/prints/extract.pdf").status_code == 404

    def test_is_of_the_sitting_that_is_named(self, university: University, app: FastAPI, sitting: Sitting) -> None:
        """Each council has a protocol of its own, and the page of prints has each of their extracts."""
        (revision,) = [row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"]]
        seat(university, "ok")
        second = Sitting.plan(university, DAY + timedelta(days=1), "ok", "sec_ok")
        second.begin()
        second.decide(second.item_on(revision))
        second.go("close", protocol_no="9")
        author, path = Visitor(app).is_("owner", "ky"), f"/revisions/{revision}/prints/extract.pdf"
        page = author.get(f"/revisions/{revision}/prints").text
        for held, name, number in (
            (sitting, "Окуу-усулдук кеңеш, № 7", "7"),
            (second, "Окумуштуулар кеңеши, № 9", "9"),
        ):
            assert name in page
            assert f"{path}?language=ky&amp;sitting={held.id}" in page
            assert f"№ {number} ПРОТОКОЛДОН КӨЧҮРМӨ" in pdf(author, f"{path}?sitting={held.id}")
        assert "№ 9 ПРОТОКОЛДОН КӨЧҮРМӨ" in pdf(author, path)
        assert author.get(f"{path}?sitting={revision}").status_code == 404


class TestWhatACouncilDid:
    @pytest.mark.parametrize(
        ("does", "card", "signed"),
        [
            ("discusses", "Талкууланды", "талкууланды"),
            ("endorses", "Жактырылды", "жактырылды"),
            ("approves", "Бекитилди", "бекитилди"),
        ],
    )
    def test_is_said_alike_on_the_card_in_its_signature_and_on_the_sign_off_sheet(
        self, app: FastAPI, university: University, sitting: Sitting, does: str, card: str, signed: str
    ) -> None:
        university.change(sa.update(t.revision).values(meanings=[does, "approves"]))
        (revision,) = [row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"]]
        visitor = Visitor(app).is_("owner", "ky")
        page = visitor.get(f"/revisions/{revision}").text
        decided = page.partition('<article class="decision')[2].partition("</article>")[0]
        assert card in decided
        seal = page.partition('<article class="signature')[2].partition("</article>")[0]
        assert card in seal
        sheet = pdf(visitor, f"/revisions/{revision}/prints/sign-off.pdf")
        assert {word for word in ("талкууланды", "жактырылды", "бекитилди") if word in sheet} == {signed}

    def test_leads_to_the_sitting_for_whoever_reads_that_and_to_the_extract_for_whoever_reads_the_document(
        self, app: FastAPI, sitting: Sitting
    ) -> None:
        (revision,) = [row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"]]
        extract = f"/revisions/{revision}/prints/extract.pdf?sitting={sitting.id}"
        for person, reads in (("owner", False), ("sec_ouk", True), ("rector", True)):
            visitor = Visitor(app).is_(person, "ky")
            page = visitor.get(f"/revisions/{revision}").text
            decided = page.partition('<article class="decision')[2].partition("</article>")[0]
            assert f'href="{extract}"' in decided
            assert (f'href="/sittings/{sitting.id}"' in decided) is reads
            assert (visitor.get(f"/sittings/{sitting.id}").status_code == 200) is reads
            assert visitor.get(extract).status_code == 200
