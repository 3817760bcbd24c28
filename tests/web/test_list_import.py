"""The pages of a list's import, without scripts: columns said once, a trial run, the list itself, and how far it is."""

import asyncio
import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook

from models import tables as t
from service.web.pages import list_import_runs as runs
from service.web.site import LANGUAGE, PERSON
from states.text import LANGUAGES
from tests.importing.files import write_xlsx
from tests.importing.nonconformity_lists import LISTS, rows
from tests.support.dump import dump
from tests.support.university import University, at
from tests.web.visitors import HOST, Visitor, words

PATH = "/nonconformities/import"
NOW = at(2026, 4, 6)
DEFAULTS = {"default-kind": "programme", "default-source": "internal_audit", "default-severity": "major"}


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    return Visitor(app).is_("quality", "en")


def upload(visitor: Visitor, file: Path | tuple[str, bytes], **fields: str) -> httpx.Response:
    name, content = file if isinstance(file, tuple) else (file.name, file.read_bytes())

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=visitor.cookies) as client:
            headers = {"Sec-Fetch-Site": "same-origin"}
            return await client.post(PATH, data=fields, files={"table": (name, content)}, headers=headers)

    return asyncio.run(send())


def form(page: httpx.Response, action: str) -> dict[str, str]:
    """What a form of the page would send if nobody changed anything."""
    found = [one for one in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if f'action="{PATH}{action}"' in one]
    assert found, page.text
    fields = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', found[0])
    }
    for name, options in re.findall(r'<select id="[^"]*" name="(.*?)".*?>(.*?)</select>', found[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    chosen_ones = re.findall(r'type="radio"[^>]*? name="([^"]*)" value="([^"]*)" checked', found[0])
    return {**fields, **dict(chosen_ones)}


def tried(visitor: Visitor, file: Path | tuple[str, bytes], **said: str) -> httpx.Response:
    page = upload(visitor, file)
    return visitor.post(f"{PATH}/try", {**form(page, "/try"), **DEFAULTS, **said})


def brought_in(visitor: Visitor, page: httpx.Response) -> httpx.Response:
    answer = visitor.post(f"{PATH}/confirm", form(page, "/confirm"))
    assert answer.status_code == 303, words(answer)
    for run in visitor.app.state.list_runs.values():
        run.future.result(timeout=60)
    return visitor.get(answer.headers["location"])


class TestTheColumns:
    def test_are_guessed_with_examples(self, visitor: Visitor) -> None:
        page = upload(visitor, LISTS / "ky_slips.csv")
        said = form(page, "/try")
        assert [said[f"column-0-{place}"] for place in range(9)] == [
            *("reference", "found_on", "found", "unit", "cause", "action", "responsible", "due_on", "status"),
        ]
        assert "For example: 1 · 2 · 3" in words(page)
        assert words(page).count("This is a guess: please check it.") == 5
        assert "default-kind" not in said

    def test_must_say_what_was_found_and_what_to_take_where_nothing_is_said(self, visitor: Visitor) -> None:
        page = upload(visitor, LISTS / "ky_slips.csv")
        wrong = visitor.post(f"{PATH}/try", form(page, "/try"))
        assert wrong.status_code == 422
        assert "Kind: This is needed." in words(wrong)
        wrong = visitor.post(f"{PATH}/try", {**form(page, "/try"), **DEFAULTS, "column-0-2": "-"})
        assert "Say which column holds what was found." in words(wrong)
        twice = visitor.post(f"{PATH}/try", {**form(page, "/try"), **DEFAULTS, "column-0-3": "found"})
        assert "Two columns are said to be the same thing." in words(twice)
        assert form(twice, "/try")["column-0-3"] == "found"
        assert form(twice, "/try")["default-kind"] == "programme"

    def test_of_headings_that_nobody_knows_can_be_said(self, visitor: Visitor, university: University) -> None:
        strange = ("list.csv", "Альфа;Бета\nНет протоколов;12.03.2026\n".encode())
        page = tried(visitor, strange, **{"column-0-0": "found", "column-0-1": "found_on"})
        brought_in(visitor, page)
        (row,) = rows(university)
        assert (row["found"], row["found_on"]) == ("Нет протоколов", NOW.date().replace(month=3, day=12))

    def test_are_remembered_by_their_headings(self, visitor: Visitor, university: University) -> None:
        first = tried(visitor, ("a.csv", "Альфа;Бета\nПервое;12.03.2026\n".encode()), **{"column-0-0": "found"})
        brought_in(visitor, first)
        again = upload(visitor, ("b.csv", "АЛЬФА ;бета\nВторое;13.03.2026\n".encode()))
        assert "Its columns were read as you said on 6 Apr 2026." in words(again)
        brought_in(visitor, again)
        assert [row["found"] for row in rows(university)] == ["Первое", "Второе"]
        assert len(university.rows(t.event, t.event.c.kind == "list.mapped")) == 1
        changed = visitor.post(f"{PATH}/columns", form(upload(visitor, LISTS / "days.csv"), "/try"))
        assert changed.status_code == 200

    def test_may_be_of_another_sheet(self, visitor: Visitor, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "two.xlsx", [["Дата", "Несоответствие"], ["12.03.2026", "Факт"]], sheets=2)
        page = upload(visitor, path)
        other = visitor.post(f"{PATH}/columns", {**form(page, "/columns"), "sheet": "sheet 1"})
        assert form(other, "/try")["sheet"] == "sheet 1"
        page = visitor.post(f"{PATH}/try", {**form(other, "/try"), **DEFAULTS})
        assert "Only the sheet “sheet 1” was read; these were not: sheet 0." in words(page)


class TestTheTrial:
    def test_writes_nothing_and_shows_every_doubt(self, visitor: Visitor, university: University) -> None:
        before = dump(university.database)
        page = tried(visitor, LISTS / "ky_slips.csv")
        assert page.status_code == 200
        text = words(page)
        assert "Lines of the file 12 New nonconformities 4 with actions 2 with causes 2" in text
        for line in ("“19-апрелиндеги” is not one day", "“Бардыгы: 4” was read as a total", "“Кытепкана” is not known"):
            assert line in text
        assert dump(university.database) == before

    def test_takes_an_answer_for_a_status_and_for_a_person(self, visitor: Visitor, university: University) -> None:
        page = tried(visitor, LISTS / "ky_slips.csv")
        said = form(page, "/try")
        ask = {unescape(said[name]): name for name in said if "-words-" in name}
        status = ask["ачык"].replace("-words", "")
        owner = ask["Асанов Үсөн"].replace("-words", "")
        assert (said[status], said[owner]) == ("open", "")
        page = visitor.post(f"{PATH}/try", {**said, status: "reported", owner: "dean"})
        assert "Асанов Үсөн" not in words(page)
        brought_in(visitor, page)
        third = rows(university)[2]
        assert (third["state"], third["owner_post_id"]) == ("reported", university.posts["dean"])
        facts = university.rows(t.event, t.event.c.kind == "list.mapped")[0]["facts"]
        assert facts["owners"] == {"асанов усон": "dean"}
        assert facts["statuses"]["ачык"] == "reported"

    def test_can_be_taken_away_whole(self, visitor: Visitor) -> None:
        page = tried(visitor, LISTS / "ky_slips.csv")
        file = visitor.post(f"{PATH}/doubts", form(page, "/confirm"))
        assert "attachment" in file.headers["content-disposition"]
        sheet = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
        assert sheet[0] == ["Line", "Weight", "What", "Where"]
        assert any(row[0] == 8.0 and "19-апрелиндеги" in str(row[2]) for row in sheet)

    def test_forgets_nothing_of_what_was_typed_before(self, visitor: Visitor) -> None:
        page = tried(visitor, LISTS / "ky_slips.csv", **{"default-kind": "learners"})
        back = visitor.post(f"{PATH}/columns", form(page, "/confirm"))
        assert form(back, "/try")["default-kind"] == "learners"


class TestTheImport:
    def test_says_what_became_of_it(self, visitor: Visitor, university: University) -> None:
        page = brought_in(visitor, tried(visitor, LISTS / "en_two_tables.md"))
        assert "It was brought in." in words(page)
        assert "New nonconformities 6" in words(page)
        assert len(rows(university)) == 6
        token = re.search(rf"{PATH}/([\w-]+)/doubts", page.text)
        assert token is not None
        assert visitor.get(token[0]).status_code == 200

    def test_of_the_same_list_again_has_nothing_new(self, visitor: Visitor, university: University) -> None:
        brought_in(visitor, tried(visitor, LISTS / "es_old.csv"))
        again = upload(visitor, LISTS / "es_old.csv")
        assert "There is nothing new in it." in words(again)
        assert "Already there 4" in words(again)
        assert ">Bring it in<" not in again.text
        assert len(rows(university)) == 4

    def test_shows_how_far_it_is_while_it_goes_on(
        self, visitor: Visitor, university: University, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs, "AT_ONCE", 0.0)
        lines = "".join(f"{n};12.03.2026;Факт {n}\n" for n in range(1, 400))
        page = tried(visitor, ("long.csv", f"№;Дата;Несоответствие\n{lines}".encode()))
        sent = form(page, "/confirm")
        first = visitor.post(f"{PATH}/confirm", sent)
        again = visitor.post(f"{PATH}/confirm", sent)  # a second click is no second import
        assert first.headers["location"] == again.headers["location"]
        seen = visitor.get(first.headers["location"])
        assert "See how far it is" in words(seen) or "It was brought in." in words(seen)
        (run,) = visitor.app.state.list_runs.values()
        assert run.future.result(timeout=60).taken == 399
        assert "New nonconformities 399" in words(visitor.get(first.headers["location"]))
        assert len(rows(university)) == 399

    def test_of_a_file_that_waits_no_more_is_refused(self, visitor: Visitor) -> None:
        page = tried(visitor, LISTS / "days.csv")
        said = {**form(page, "/confirm"), "key": "0" * 64}
        answer = visitor.post(f"{PATH}/confirm", said)
        assert visitor.get(answer.headers["location"]).status_code == 404
        assert visitor.post(f"{PATH}/try", {**said, **DEFAULTS}).status_code == 404
        assert visitor.get(f"{PATH}/nowhere").status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("who", ["rector", "vice", "admin", "owner", "auditor"])
    def test_is_the_quality_specialist_alone(self, visitor: Visitor, university: University, who: str) -> None:
        page = tried(visitor, LISTS / "days.csv")
        said = form(page, "/confirm")
        location = visitor.post(f"{PATH}/confirm", said).headers["location"]
        before = dump(university.database)
        visitor.is_(who, "en")
        assert visitor.get(PATH).status_code == 403
        assert upload(visitor, LISTS / "days.csv").status_code == 403
        for path in ("columns", "try", "confirm", "doubts"):
            assert visitor.post(f"{PATH}/{path}", said).status_code == 403
        assert visitor.get(location).status_code == 403
        assert dump(university.database) == before

    def test_is_nobody_from_elsewhere(self, visitor: Visitor) -> None:
        said = form(tried(visitor, LISTS / "days.csv"), "/confirm")
        assert visitor.post(f"{PATH}/confirm", said, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403

    def test_sees_only_their_own_imports(self, visitor: Visitor, university: University) -> None:
        location = visitor.post(f"{PATH}/confirm", form(tried(visitor, LISTS / "days.csv"), "/confirm")).headers[
            "location"
        ]
        (run,) = visitor.app.state.list_runs.values()
        run.person_id = university.people["rector"]
        assert visitor.get(location).status_code == 404


class TestWhatIsSent:
    @pytest.mark.parametrize(
        "mapping",
        ["", "x", "[]", "null", "{}", '{"columns": 1}', "[" * 50_000, json.dumps({"columns": {"a": ["rm -rf"]}})],
    )
    def test_of_no_mapping_is_refused(self, visitor: Visitor, mapping: str) -> None:
        said = {**form(tried(visitor, LISTS / "days.csv"), "/confirm"), "mapping": mapping}
        for path in ("columns", "try", "confirm", "doubts"):
            assert visitor.post(f"{PATH}/{path}", said).status_code == 422

    @pytest.mark.parametrize(
        "content",
        [b"", b"PK\x03\x04" + b"\x00" * 99, b"\x89PNG\r\n\x1a\n\x00", b"%PDF-1.7", b"x" * (5 * 1024 * 1024 + 1)],
        ids=["empty", "zip", "png", "pdf", "large"],
    )
    def test_of_no_table_is_refused_with_what_to_do(self, visitor: Visitor, content: bytes) -> None:
        page = upload(visitor, ("list.xlsx", content))
        assert page.status_code == 400
        assert "Which list" in words(page)

    def test_is_shown_as_words_and_nothing_else(self, visitor: Visitor) -> None:
        evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
        page = tried(
            visitor,
            (f"{evil}.csv", f'Несоответствие;Статус\n"{evil.replace(chr(34), chr(34) * 2)}";{{{{7*7}}}}\n'.encode()),
        )
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "{{7*7}}" in page.text


class TestEveryPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_opens_in_each_language_without_scripts_or_styles(self, visitor: Visitor, language: str) -> None:
        visitor.cookies = {PERSON: "quality", LANGUAGE: language}
        first = visitor.get(PATH)
        columns = upload(visitor, LISTS / "ky_slips.csv")
        trial = visitor.post(f"{PATH}/try", {**form(columns, "/try"), **DEFAULTS})
        done = brought_in(visitor, trial)
        for page in (first, columns, trial, done):
            assert page.status_code == 200
            assert " style=" not in page.text
            assert "<script" not in page.text
