"""A university's own list comes in as it says: every line accounted for, nothing made up, nothing told in a storm."""

import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import tables as t
from service.chain import entry_hash
from service.importing.nonconformities import import_nonconformities
from service.organisation import CLOCK, organisation
from service.sweep import sweep
from service.verifying.database import lines
from service.verifying.verify import verify
from states.refusals import Incomplete, Malformed, NotYours
from states.working_days import today
from tests.importing.files import write_csv
from tests.importing.nonconformity_lists import (
    LISTS,
    NOW,
    balances,
    bring_in,
    found,
    ragged,
    rows,
    two_head_rows,
)
from tests.support.dump import dump
from tests.support.university import University

HEAD = ["№", "Дата", "Несоответствие", "Мероприятие", "Ответственный", "Срок", "Статус"]
ROW = ["Н-1", "12.03.2025", "Нет протоколов", "Завести журнал", "librarian", "01.06.2025", "в работе"]


def written(folder: Path, *given: list[str], head: list[str] = HEAD, name: str = "list.csv") -> Path:
    return write_csv(folder / name, [head, *given], ";")


class TestListsMadeByHand:
    """Each has slips of its own: docs/import.md tells of them."""

    def test_kyrgyz_with_slips_in_its_headings(self, university: University) -> None:
        report = bring_in(university, LISTS / "ky_slips.csv")
        assert balances(report)
        assert (report.lines, report.taken, report.asides, report.causes, report.actions) == (12, 4, 8, 2, 2)
        guessed = {one.facts["head"]: one.facts["field"].en for one in report.findings if one.code == "guessed-column"}  # type: ignore[attr-defined]  # a Text
        assert guessed == {
            "Туура келбочүлүк": "what was found",
            "Сбеби": "cause",
            "Түзөтүүчү ишаракет": "action",
            "Жоптуу": "responsible",
            "Мөнөтү": "due date",
        }
        first, second, third, fourth = rows(university)
        assert [row["state"] for row in (first, second, third, fourth)] == [
            *("closed", "acting", "correction", "cause_analysis"),
        ]
        assert first["found"] == "Кафедранын протоколдору\nтолук эмес"
        assert (first["found_on"], today(first["closed_at"])) == (date(2025, 7, 25), date(2025, 9, 12))
        assert (second["owner_post_id"], second["unit_id"]) == (
            university.posts["librarian"],
            university.units["LIBRARY"],
        )
        assert second["complete_by"] == date(2026, 9, 15)
        assert third["owner_post_id"] == university.posts["quality"]
        assert third["found"].endswith("Жоптуу: Асанов Үсөн\nБолүмү: Кытепкана\nКүнү: 19-апрелиндеги")
        assert {(8, "no-day"), (8, "found-on"), (8, "no-unit"), (8, "unknown"), (10, "again")} <= set(found(report))

    def test_russian_with_two_rows_of_headings_and_merged_cells(self, university: University, tmp_path: Path) -> None:
        report = bring_in(university, two_head_rows(tmp_path))
        assert balances(report)
        assert (report.rows, report.taken, report.joined, report.actions) == (2, 2, 2, 2)
        catalogue, signature = rows(university)
        assert (catalogue["state"], catalogue["found_on"]) == ("acting", date(2025, 3, 12))
        assert "Корректирующее действие / мероприятие: Проверить каталог" in catalogue["found"]
        assert (signature["state"], signature["unit_id"]) == ("closed", university.units["DEPARTMENT"])
        actions = [(university.state(row["record_id"]), row["due_on"]) for row in university.rows(t.corrective_action)]
        assert actions == [("implemented", date(2025, 6, 1)), ("in_progress", date(2026, 9, 1))]
        assert list(catalogue["given"]["further"]) == ["7", "8"]

    def test_english_markdown_with_several_tables(self, university: University) -> None:
        report = bring_in(university, LISTS / "en_two_tables.md")
        assert balances(report)
        assert (report.lines, report.rows, report.taken, report.refused, report.joined) == (18, 7, 6, 1, 1)
        first, second, *_ = every = rows(university)
        assert first["found"] == "Minutes of the department are missing\nfor March and April"
        assert (first["clause"], second["clause"]) == ("2015/7.5", "2015/7.5")
        assert second["title"] == "Codes | marks are mixed"
        assert [row["source"] for row in every].count("customers") == 2
        assert {(10, "ragged"), (11, "ragged"), (19, "twice"), (23, "other-table")} <= set(found(report))
        over = next(row for row in every if row["their_reference"] == "NCR-04")
        assert over["given"]["words"]["?[11]"] == "what is this"

    def test_spanish_in_an_old_encoding(self, university: University) -> None:
        report = bring_in(university, LISTS / "es_old.csv")
        assert balances(report)
        assert (None, "encoding") in found(report)
        first, second, third, fourth = rows(university)
        assert (first["title"], first["found_on"], first["severity"]) == (
            "Faltan los sílabos del año",
            date(2025, 3, 28),
            "major",
        )
        assert (second["state"], second["severity"]) == ("acting", "minor")
        assert third["found"] == "Fecha a la americana\n\nFecha de detección: 3/28/2026"
        assert fourth["state"] == "action_planning"
        (cause,) = university.rows(t.cause, t.cause.c.record_id == fourth["record_id"])
        assert cause["text"] == "¿?"

    def test_russian_in_an_old_encoding_with_signs_for_the_same(self, university: University) -> None:
        report = bring_in(university, LISTS / "ru_old.tsv")
        assert balances(report)
        assert {(5, "number-twice"), (6, "twice"), (4, "others")} <= set(found(report))
        first, second, third, fourth = rows(university)
        assert second["unit_id"] == first["unit_id"] == university.units["LIBRARY"]
        assert second["given"]["words"]["Подразделение"] == "-//-"
        assert (third["state"], today(third["closed_at"])) == ("closed", date(2026, 2, 20))
        assert fourth["state"] == "rejected"
        assert [row["state"] for row in (first, second)] == ["verification", "correction"]

    def test_rows_of_any_length_formulas_and_blank_lines(self, university: University, tmp_path: Path) -> None:
        report = bring_in(university, ragged(tmp_path))
        assert balances(report)
        assert [(row["given"]["line"], row["title"]) for row in rows(university)] == [
            *((7, "Первое"), (10, "Второе"), (11, "Третье")),
        ]
        assert {(None, "other-sheets"), (8, "section"), (11, "no-day"), (12, "no-found")} <= set(found(report))

    def test_days_in_every_way_that_documents_have_here(self, university: University) -> None:
        report = bring_in(university, LISTS / "days.csv")
        assert balances(report)
        known = [row["found_on"] for row in rows(university)][:11]
        assert known == [
            *(date(2024, 3, 28), date(2024, 3, 28), date(2021, 9, 1), date(2024, 3, 28), date(2000, 7, 25)),
            *(date(2000, 12, 7), date(2009, 7, 28), date(2010, 5, 19), date(2011, 1, 21), date(2011, 2, 28)),
            date(2017, 4, 5),
        ]
        unread = {line for line, code in found(report) if code in ("no-day", "ahead")}
        assert unread == {13, 15, 16, 17, 18, 19}
        kept = {row["given"]["line"]: row["found"] for row in rows(university)}
        assert kept[19] == "Факт 18\n\nДата: кечээ"
        assert (14, "short-year") in found(report)


class TestWhatComesIn:
    def test_begins_where_it_stands_with_its_row_word_for_word(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ROW))
        (row,) = rows(university)
        assert (row["code"], row["their_reference"], row["state"]) == ("NC-2025-001", "Н-1", "acting")
        assert today(row["opened_at"]) == date(2025, 3, 12)
        assert row["given"] == {
            "file": "list.csv",
            "line": 2,
            "words": dict(zip(HEAD, ROW, strict=True)),
            "fingerprint": row["given"]["fingerprint"],
        }
        entries = university.rows(t.history)
        assert {(entry["move"], entry["seq"], entry["actor_id"]) for entry in entries} == {
            ("import", 1, university.people["quality"])
        }
        assert all(entry["hash"] == entry_hash(entry) for entry in entries)
        assert entries[1]["cause_id"] == entries[0]["id"]

    def test_stands_in_histories_that_can_be_verified(self, university: University) -> None:
        bring_in(university, LISTS / "ky_slips.csv")
        with university.database.read() as connection:
            report = verify(lines(connection, NOW))
        assert report.well

    def test_is_found_by_its_old_number(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ROW))
        (row,) = rows(university)
        assert "н-1" in row["folded"]

    def test_links_each_action_with_the_causes_of_its_row(self, university: University, tmp_path: Path) -> None:
        head, row = [*HEAD, "Причина"], [*ROW, "1) Нет порядка\n2) Нет человека"]
        bring_in(university, written(tmp_path, row, head=head))
        assert [row["text"] for row in university.rows(t.cause)] == ["Нет порядка", "Нет человека"]
        assert university.one(t.corrective_action)["causes"] == [1, 2]

    @pytest.mark.parametrize(
        ("status", "closed", "action", "expected"),
        [
            ("закрыто", "", "Завести журнал", ("closed", "closed")),
            ("открыто", "", "Завести журнал", ("acting", "in_progress")),
            ("открыто", "", "", ("correction", None)),
            ("анализ причин", "", "Завести журнал", ("cause_analysis", "planned")),
            ("запланировано", "", "Завести журнал", ("action_planning", "planned")),
            ("в работе", "", "", ("action_planning", None)),
            ("выполнено", "", "Завести журнал", ("verification", "closed")),
            ("отклонено", "", "Завести журнал", ("rejected", None)),
            ("новое", "", "", ("reported", None)),
            ("", "20.05.2025", "Завести журнал", ("closed", "closed")),
            ("", "да", "", ("closed", None)),
            ("в работе", "20.05.2025", "Завести журнал", ("acting", "in_progress")),
            ("хз", "", "Завести журнал", ("acting", "in_progress")),
        ],
    )
    def test_stands_where_its_status_says_as_far_as_the_row_goes(
        self,
        university: University,
        tmp_path: Path,
        status: str,
        closed: str,
        action: str,
        expected: tuple[str, str | None],
    ) -> None:
        head = [*HEAD, "Дата закрытия"]
        row = ["1", "12.03.2025", "Факт", action, "librarian", "01.06.2026" if action else "", status, closed]
        bring_in(university, written(tmp_path, row, head=head))
        (record,) = rows(university)
        actions = [university.state(one["record_id"]) for one in university.rows(t.corrective_action)]
        assert (record["state"], next(iter(actions), None)) == expected
        assert bool(record["closed_at"]) == (expected[0] in ("closed", "rejected"))
        assert len(university.open_tasks(record["record_id"])) == (0 if record["closed_at"] else 1)

    def test_can_be_taken_to_its_end(self, university: University, tmp_path: Path) -> None:
        """What came in is no less than what was opened here: the moves go on from its step."""
        head = [*HEAD, "Причина"]
        bring_in(university, written(tmp_path, [*ROW[:5], "01.06.2026", "в работе", "Нет порядка"], head=head))
        (row,) = rows(university)
        action = university.one(t.corrective_action)["record_id"]
        when = NOW + timedelta(days=3)
        university.go(action, "implement", "librarian", when, evidence="Журнал", implemented_on=today(when).isoformat())
        university.go(action, "find_effective", "quality", when, rationale="Есть")
        assert university.state(row["record_id"]) == "verification"
        university.go(row["record_id"], "close", "quality", when, evaluation="Хорошо")
        assert university.state(row["record_id"]) == "closed"

    def test_of_people_is_whoever_the_words_name_and_nobody_likely(
        self, university: University, tmp_path: Path
    ) -> None:
        said = {
            "librarian": "librarian",
            "Librarian (post)": "librarian",
            "Китепов Китеп": "librarian",
            "зав. библиотекой Китепов К.": "librarian",
            "LIBRARY": "librarian",
            "Китепов Китап": "quality",
            "Окуева Ж.": "vice",
            "Никто": "quality",
            "": None,
        }
        given = [[str(n), "12.03.2025", f"Факт {n}", "", who, "", "открыто"] for n, who in enumerate(said, 1)]
        report = bring_in(university, written(tmp_path, *given))
        owners = [row["owner_post_id"] for row in rows(university)]
        posts = {one: code for code, one in university.posts.items()}
        assert [posts[one] for one in owners] == [who or "quality" for who in said.values()]
        assert {code for line, code in found(report) if line == 7} == {"proposed"}
        assert (9, "unknown") in found(report)
        proposed = next(one for one in report.findings if one.code == "proposed")
        assert "librarian (post)" in proposed.says("en")


class TestTasks:
    def overdue(self, university: University, folder: Path, count: int = 30) -> None:
        given = [
            [f"Н-{n}", "12.03.2023", f"Факт {n}", "Дело", "librarian", "01.06.2023", "в работе"] for n in range(count)
        ]
        bring_in(university, written(folder, *given))

    def test_have_their_deadline_and_their_ladder_from_now_on(self, university: University, tmp_path: Path) -> None:
        self.overdue(university, tmp_path, 1)
        action = university.one(t.corrective_action)
        assert (action["original_due_on"], action["due_on"]) == (date(2023, 6, 1), date(2026, 4, 20))
        for task in university.rows(t.task):
            assert today(task["original_due_at"]) == date(2023, 6, 1)
            assert today(task["due_at"]) == date(2026, 4, 20)
            assert task["next_notice_at"] > NOW
        assert not sweep(university.database, NOW).rows

    def test_climb_their_ladder_once_the_new_deadline_has_passed(self, university: University, tmp_path: Path) -> None:
        self.overdue(university, tmp_path, 1)
        for days in range(1, 45):
            sweep(university.database, NOW + timedelta(days=days))
        told = [row["part"] for row in university.rows(t.notice, t.notice.c.rung.is_not(None))]
        assert {"holder", "quality_specialist", "vice_rector", "rector"} <= set(told)

    def test_are_told_to_their_holder_in_one_mail(self, university: University, tmp_path: Path) -> None:
        self.overdue(university, tmp_path)
        notices = university.rows(t.notice)
        assert {row["reader_id"] for row in notices} == {university.people["librarian"]}
        assert Counter(row["channel"] for row in notices) == {"page": 59, "mail": 1}
        assert [row["sent_at"] for row in notices if row["channel"] == "mail"] == [None]
        assert None not in [row["sent_at"] for row in notices if row["channel"] == "page"]

    def test_are_told_even_where_the_import_was_killed_halfway(
        self, university: University, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Once for each holder, an hour later; what comes in the second time tells of itself."""

        class Killed(BaseException):
            pass

        def dies(_seconds: float) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("service.importing.nonconformities.AT_ONCE", 20)
            patch.setattr("service.importing.nonconformities.time.sleep", dies)
            with pytest.raises(Killed):
                self.overdue(university, tmp_path)
        waiting = t.notice.c.sent_at.is_(None)
        (left,) = university.rows(t.notice, waiting)
        assert (left["channel"], left["next_try_at"]) == ("mail", NOW + timedelta(hours=1))
        assert len(university.rows(t.nonconformity)) == 20
        self.overdue(university, tmp_path)
        assert len(university.rows(t.nonconformity)) == 30
        assert {row["next_try_at"] for row in university.rows(t.notice, waiting)} == {NOW, NOW + timedelta(hours=1)}

    def test_of_what_is_over_are_none(self, university: University, tmp_path: Path) -> None:
        given = [[str(n), "12.03.2023", f"Факт {n}", "Дело", "librarian", "01.06.2023", "закрыто"] for n in range(5)]
        bring_in(university, written(tmp_path, *given))
        assert university.rows(t.task) == []
        assert university.rows(t.notice) == []


class TestTheSecondTime:
    def test_nothing_changes(self, university: University, tmp_path: Path) -> None:
        for path in [*sorted(LISTS.iterdir()), two_head_rows(tmp_path), ragged(tmp_path)]:
            first = bring_in(university, path)
            before = {name: held for name, held in dump(university.database).items() if name != "counter"}
            again = bring_in(university, path)
            assert balances(again)
            assert (again.taken, again.unchanged, again.changed, again.refused) == (0, first.taken, 0, first.refused)
            assert {name: held for name, held in dump(university.database).items() if name != "counter"} == before

    def test_only_new_rows_of_a_grown_file_are_added(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ROW))
        grown = [["Н-2", "01.04.2026", "Новое", "", "", "", "новое"], ROW]
        report = bring_in(university, written(tmp_path, *grown, name="grown.csv"))
        assert (report.taken, report.unchanged, report.changed) == (1, 1, 0)
        assert [row["their_reference"] for row in rows(university)] == ["Н-1", "Н-2"]

    def test_a_row_that_was_changed_is_reported_and_left(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ROW))
        before = dump(university.database)
        report = bring_in(university, written(tmp_path, [*ROW[:6], "закрыто"]))
        assert (report.taken, report.unchanged, report.changed) == (0, 1, 1)
        (one,) = report.in_group("there")
        assert (one.line, one.facts["code"], one.facts["differs"]) == (
            *(2, "NC-2025-001"),
            "Статус: “в работе” → “закрыто”",
        )
        assert dump(university.database) == before

    def test_a_text_that_was_corrected_is_known_by_its_number(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ROW))
        report = bring_in(university, written(tmp_path, [*ROW[:2], "Протоколов нет вовсе", *ROW[3:]]))
        assert (report.taken, report.changed) == (0, 1)

    def test_a_number_that_begins_again_each_year_is_another_one(self, university: University, tmp_path: Path) -> None:
        bring_in(university, written(tmp_path, ["1", "12.03.2025", "Старое", "", "", "", "закрыто"]))
        report = bring_in(university, written(tmp_path, ["1", "12.03.2026", "Новое", "", "", "", "новое"]))
        assert (report.taken, report.unchanged) == (1, 0)
        assert (2, "number-used") in found(report)

    def test_without_numbers_the_text_and_the_day_are_the_key(self, university: University, tmp_path: Path) -> None:
        head = HEAD[1:]
        twice = [["12.03.2025", "Нет протоколов", "", who, "", ""] for who in ("librarian", "dean")]
        first = bring_in(university, written(tmp_path, *twice, head=head))
        assert (first.taken, (3, "same-words") in found(first)) == (2, True)
        again = bring_in(university, written(tmp_path, *reversed(twice), head=head))
        assert (again.taken, again.unchanged, again.changed) == (0, 2, 0)

    def test_what_has_moved_on_here_is_still_known(self, university: University, tmp_path: Path) -> None:
        path = written(tmp_path, ["1", "12.03.2026", "Факт", "", "librarian", "", "открыто"])
        bring_in(university, path)
        (row,) = rows(university)
        university.go(row["record_id"], "record_correction", "librarian", NOW, correction="Исправлено")
        assert bring_in(university, path).unchanged == 1


class TestTwoAtOnce:
    def test_bring_it_in_once(self, university: University, tmp_path: Path) -> None:
        given = [[f"Н-{n}", "12.03.2025", f"Факт {n}", "", "librarian", "", "открыто"] for n in range(250)]
        path = written(tmp_path, *given)
        ready = threading.Barrier(2)
        reports = []

        def run() -> None:
            ready.wait()
            reports.append(bring_in(university, path))

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(rows(university)) == 250
        assert sum(one.taken for one in reports) == 250
        assert all(balances(one) for one in reports)


class TestATrial:
    def test_writes_nothing_and_says_the_same(self, university: University, tmp_path: Path) -> None:
        for path in [*sorted(LISTS.iterdir()), two_head_rows(tmp_path), ragged(tmp_path)]:
            before = dump(university.database)
            trial = bring_in(university, path, dry_run=True)
            assert dump(university.database) == before
            done = bring_in(university, path)
            assert trial.findings == done.findings
            assert (trial.taken, trial.actions, trial.causes) == (done.taken, done.actions, done.causes)


class TestWhoMay:
    @pytest.mark.parametrize("who", ["rector", "vice", "admin", "owner", "auditor"])
    def test_is_the_quality_specialist_alone(self, university: University, tmp_path: Path, who: str) -> None:
        with pytest.raises(NotYours):
            bring_in(university, written(tmp_path, ROW), who=who)
        assert rows(university) == []

    def test_is_whoever_runs_the_command(self, university: University, tmp_path: Path) -> None:
        report = import_nonconformities(university.database, written(tmp_path, ROW), CLOCK, NOW)
        assert report.taken == 1
        with university.database.read() as connection:
            assert connection.execute(sa.select(t.record.c.campus_id)).scalars().first() == university.units["UNI"]

    def test_knows_no_other_campus(self, university: University, tmp_path: Path) -> None:
        actor = university.as_("quality", NOW)
        with pytest.raises(NotYours):
            import_nonconformities(university.database, written(tmp_path, ROW), actor, NOW, campus="ELSEWHERE")


class TestFilesThatCannotBeRead:
    def test_name_no_column_of_what_was_found(self, university: University, tmp_path: Path) -> None:
        with pytest.raises(Malformed) as refused:
            bring_in(university, write_csv(tmp_path / "x.csv", [["a", "b"], ["1", "2"]]))
        assert refused.value.next_step

    def test_are_refused_with_a_mapping_that_says_too_little(self, university: University, tmp_path: Path) -> None:
        from service.importing.list.mapping import mapping_from

        with pytest.raises(Incomplete):
            mapping_from({"columns": {"x": ["status"]}, "statuses": {}, "owners": {}, "defaults": {}})

    def test_are_bombs_and_no_tables(self, university: University, tmp_path: Path) -> None:
        for content in (b"", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04" + b"\x00" * 500, b"%PDF-1.7"):
            path = tmp_path / "list.xlsx"
            path.write_bytes(content)
            with pytest.raises(Malformed):
                bring_in(university, path)
        assert rows(university) == []

    def test_are_not_read_past_what_is_merged(self, university: University, tmp_path: Path) -> None:
        import xlsxwriter

        path = tmp_path / "merged.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["Дата", "Несоответствие", "Причина"])
            sheet.merge_range(1, 1, 1_048_575, 1, "Одно на всю таблицу")
            sheet.write(1, 0, "12.03.2026")
            sheet.write(2, 2, "Ещё причина")
        report = bring_in(university, path)
        assert balances(report)
        assert (report.taken, report.joined) == (1, 1)


class TestTheReport:
    def test_is_said_in_every_language(self, university: University) -> None:
        report = bring_in(university, LISTS / "ky_slips.csv", dry_run=True)
        for language in ("ky", "ru", "en"):
            assert report.in_words(language)
            assert report.to_json(language)["lines"] == 12

    def test_names_posts_in_the_language_of_its_reader(self, university: University, tmp_path: Path) -> None:
        report = bring_in(university, written(tmp_path, [*ROW[:4], "Никто", *ROW[5:]]), dry_run=True)
        (one,) = [one for one in report.findings if one.code == "unknown"]
        assert "quality (должность)" in one.says("ru")
        with university.database.read() as connection:
            assert organisation(connection)
