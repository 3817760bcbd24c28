"""Columns that few lists have: when it happened and became known, its document, the risk, similar ones, resources."""

from datetime import date
from pathlib import Path

import pytest

from models import tables as t
from service.importing.list.headings import guess
from service.importing.list.words import ALIASES, FIELDS
from tests.importing.files import write_csv
from tests.importing.nonconformity_lists import balances, bring_in, rows
from tests.support.university import DOCUMENT, University

NAMES = ("occurred_on", "known_on", "document", "risk", "similar", "risk_changes", "action_kind", "resources")
HEADS = {
    "ky": (
        *("Туура келбөөчүлүк", "Аныкталган күнү", "Болгон күнү", "Арыз түшкөн күнү", "Документтин шифри"),
        *("Кайталануу тобокелчилиги", "Окшош учурлар", "Тобокелчиликтердеги өзгөрүүлөр", "Иш-чара", "Мөөнөтү"),
        *("Иш аракеттин түрү", "Ресурстар"),
    ),
    "ru": (
        *("Несоответствие", "Дата выявления", "Дата возникновения", "Дата поступления жалобы", "Шифр документа"),
        *("Риск повторения", "Аналогичные несоответствия", "Изменения в рисках", "Мероприятие", "Срок"),
        *("Вид действия", "Необходимые ресурсы"),
    ),
    "en": (
        *("Finding", "Date found", "Date occurred", "Date received", "Document code", "Risk level"),
        *("Similar nonconformities", "Changes to the risks", "Corrective action", "Due date", "Type of action"),
        *("Resources needed",),
    ),
    "es": (
        *("Hallazgo", "Fecha de detección", "Fecha del suceso", "Fecha de la queja", "Código del documento"),
        *("Nivel de riesgo", "No conformidades similares", "Cambios en los riesgos", "Acción correctiva"),
        *("Fecha límite", "Tipo de acción", "Recursos necesarios"),
    ),
}
FOUND = ("found", "found_on", "occurred_on", "known_on", "document", "risk", "similar", "risk_changes")
ORDER = [*FOUND, "action", "due_on", "action_kind", "resources"]
ROW = [
    *(
        "Журнал жок",
        "12.03.2026",
        "10.03.2026",
        "11.03.2026",
        DOCUMENT,
        "высокий",
        "В библиотеке нет",
        "Реестр обновлён",
    ),
    *("Завести журнал", "01.09.2026", "предупреждающее", "2 адам"),
]


def written(folder: Path, head: tuple[str, ...], *given: list[str]) -> Path:
    return write_csv(folder / "list.csv", [list(head), *given], ";")


@pytest.mark.parametrize("language", HEADS)
def test_are_known_by_their_headings(language: str) -> None:
    assert [one.field for one in guess(HEADS[language])] == ORDER


def test_have_names_in_the_form() -> None:
    assert set(NAMES) <= FIELDS.keys() & ALIASES.keys()


@pytest.mark.parametrize("language", HEADS)
def test_come_in_as_what_they_are(university: University, tmp_path: Path, language: str) -> None:
    report = bring_in(university, written(tmp_path, HEADS[language], ROW))
    assert balances(report)
    (row,) = rows(university)
    typed = university.one(t.nonconformity, t.nonconformity.c.record_id == row["id"])
    assert (typed["occurred_on"], typed["known_on"]) == (date(2026, 3, 10), date(2026, 3, 11))
    assert (typed["risk"], typed["similar"], typed["risk_changes"]) == ("high", "В библиотеке нет", "Реестр обновлён")
    assert typed["requirement_document_id"] == university.one(t.document, t.document.c.code == DOCUMENT)["id"]
    assert typed["found"] == "Журнал жок"
    action = university.one(t.corrective_action)
    assert (action["action_kind"], action["resources"]) == ("preventive", "2 адам")


def test_that_say_what_nobody_knows_stay_in_the_text(university: University, tmp_path: Path) -> None:
    odd = [*ROW]
    odd[2], odd[4], odd[5], odd[10] = "20.03.2026", "ЫЫЫ 1", "красный", "непонятное"
    report = bring_in(university, written(tmp_path, HEADS["ru"], odd))
    (row,) = rows(university)
    typed = university.one(t.nonconformity, t.nonconformity.c.record_id == row["id"])
    assert (typed["occurred_on"], typed["risk"], typed["requirement_document_id"]) == (None, None, None)
    for words in (
        *("Дата возникновения: 20.03.2026", "Шифр документа: ЫЫЫ 1", "Риск повторения: красный"),
        "Вид действия: непонятное",
    ):
        assert words in typed["found"]
    assert {"found-before", "no-document", "no-risk", "no-action_kind"} <= {one.code for one in report.findings}
    assert university.one(t.corrective_action)["action_kind"] == "corrective"


def test_of_an_action_that_is_not_planned_stay_in_the_text(university: University, tmp_path: Path) -> None:
    bring_in(university, written(tmp_path, HEADS["ru"], [*ROW[:9], "", "", "2 адам"]))
    (row,) = rows(university)
    typed = university.one(t.nonconformity, t.nonconformity.c.record_id == row["id"])
    assert "Необходимые ресурсы: 2 адам" in typed["found"]
    assert not university.rows(t.corrective_action)
