"""What lists of records can be filtered by: what all records have, and the choices of the declaration."""

from collections.abc import Iterable

from service.web.api import schemas
from service.web.api.asked import YES_NO
from states.lifecycle import Choice, Field, Lifecycle
from states.text import Text

_FILTERS = (
    Field("open", Text("Ачык", "Открытые", "Still open"), "choice", required=False, choices=YES_NO),
    Field("late", Text("Мөөнөтү өткөн", "Просроченные", "Late"), "choice", required=False, choices=YES_NO),
    Field("owner", Text("Жооптуу кызмат", "Ответственный", "Who answers for it"), "post", required=False),
    Field("unit", Text("Бөлүм", "Подразделение", "Unit"), "unit", required=False),
    Field("process", Text("Процесс", "Процесс", "Process"), "process", required=False),
    Field("q", Text("Издөө", "Поиск", "Words of the code or the title"), "line", required=False),
)


def filters(one: Lifecycle) -> tuple[Field, ...]:
    """What any list of the lifecycle's records can be filtered by."""
    return (*_state(one), *_FILTERS, *_relations(one))


def choices(one: Lifecycle) -> tuple[Field, ...]:
    """The choice fields that a record keeps, wherever the declaration records them."""
    recorded = (field for move in one.moves.values() for field in move.records)
    kept = {
        field.name: Field(field.name, field.label, "choice", required=False, choices=field.choices)
        for field in (*one.opens, *recorded)
        if field.kind == "choice" and field.name in schemas.typed(one)
    }
    return tuple(kept.values())


def _state(one: Lifecycle) -> Iterable[Field]:
    steps = tuple(Choice(step.name, step.label) for step in one.steps.values())
    yield Field("state", Text("Абалы", "Состояние", "State"), "choice", required=False, choices=steps)


def _relations(one: Lifecycle) -> Iterable[Field]:
    if one.child_of:
        yield Field("parent", schemas.PARENT.label, "line", required=False)
    if "document_id" in schemas.typed(one):
        label = Text("Документ: шифри же белгиси", "Документ: шифр или идентификатор", "Its document: id or code")
        yield Field("document", label, "line", required=False)
