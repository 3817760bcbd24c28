"""What a record keeps besides what somebody recorded in words: counts, people who acted, how long it has been open."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from service.language import say, translations
from service.reading import open_days
from service.reading.happened import Entry
from service.reading.records import RecordView
from service.reading.similar import links_alike
from service.web.pages.wording import capital, heading, unless
from service.web.site import Visitor
from states.kyrgyz import day_short
from states.text import N_, Text
from states.working_days import today

# Columns that no field declares, of whichever lifecycle, with what people call them.
COUNTS: Final[Mapping[str, Text]] = {
    "extensions": Text("Мөөнөтү узартылды", "Срок продлевался", "Extended"),
    "rounds": Text("Себептерге кайтарылды", "Возвращалось к причинам", "Sent back to the causes"),
    "reopened": Text("Кайра ачылды", "Открывалось заново", "Reopened"),
    "checks": Text("Натыйжасыз текшерилди", "Проверено без вывода", "Checked without a result"),
}
DAYS: Final[Mapping[str, Text]] = {
    "checked_on": Text("Натыйжалуулугу текшерилди", "Результативность проверена", "Effectiveness checked on"),
    "requested_due_on": Text("Суралган жаңы мөөнөт", "Запрошенный новый срок", "New due date asked for"),
}
DONE_BY: Final[Mapping[str, Text]] = {
    "implemented_by_id": Text("Ким аткарды", "Кто выполнил", "Carried out by"),
    "conceded_by_id": Text("Ким уруксат берди", "Кто разрешил", "Conceded by"),
}
WORDS: Final[Mapping[str, Text]] = {
    "extension_reason": Text("Эмне үчүн узартуу суралды", "Почему просили продлить", "Why an extension was asked for"),
    "cancellation_reason": Text(
        "Эмне үчүн жокко чыгаруу суралды", "Почему просили отменить", "Why cancellation was asked for"
    ),
    "risk_changes": Text("Тобокелчиликтердеги өзгөрүүлөр", "Изменения в рисках", "Changes to the risks"),
    "their_reference": Text("Мурунку тизмедеги номери", "Номер в прежнем списке", "Number in the list it came from"),
}
MARKS: Final[Mapping[str, Text]] = {
    "raised": Text("Туура келбөөчүлүк ачылды", "Несоответствие открыто", "Nonconformity raised"),
}


def kept_facts(view: RecordView, who: Visitor) -> Iterator[dict[str, Any]]:
    """Rows of a term and a value; what holds nothing is left out."""
    fields, language = view.subject.fields, who.language
    for name, label in COUNTS.items():
        if fields.get(name):
            yield {"term": label.into(language), "value": times(fields[name], language)}
    for name, label in DAYS.items():
        if isinstance(day := fields.get(name), date):
            yield {"term": label.into(language), "value": day_short(day, language)}
    for name, label in DONE_BY.items():
        if fields.get(name) and (entry := _set_by(view, name)):
            yield {"term": label.into(language), "value": _doer(entry, language)}
    for name, label in WORDS.items():
        if fields.get(name):
            yield {"term": label.into(language), "value": fields[name]}
    if fields["closed_at"] and (last := _last_step(view)):
        yield {"term": heading(last.to_label, language), "value": _doer(last, language)}
    if links_alike(view.lifecycle):
        # Looked for only when somebody asks: nothing leads from one that is named to those that name it.
        href = f"/{view.lifecycle.collection}?similar_to={view.subject.id}"
        yield {"term": say(_NAMED_BY, language), "value": {"text": say(_WHICH, language), "href": href}}
    if (days := days_open(view, who)) is not None:
        yield {"term": say(_DAYS_OPEN, language), "value": str(days)}


def days_open(view: RecordView, who: Visitor) -> int | None:
    """How many days it has been open, or was; None while it rests."""
    return open_days.days_open(view.lifecycle, view.subject.fields, today(who.now))


def times(number: int, language: str) -> str:
    """So many times."""
    ngettext = translations(language).ngettext
    return ngettext("%(num)s time", "%(num)s times", number) % {"num": number}


def _last_step(view: RecordView) -> Entry | None:
    """How it came to the step it is in."""
    return next((entry for entry in reversed(view.history) if entry.to_state != entry.from_state), None)


def _set_by(view: RecordView, column: str) -> Entry | None:
    """The last entry of the history whose move set the column."""
    moves = {move.name for move in view.lifecycle.moves.values() if column in move.sets}
    return next((entry for entry in reversed(view.history) if entry.move_name in moves), None)


def _doer(entry: Entry, language: str) -> dict[str, str]:
    if entry.actor is None:
        return {"text": say(_BY_ITSELF, language)}
    name = entry.actor.into(language)
    if entry.acting_for:
        name = say(_FOR, language, {"name": name, "other": entry.acting_for})
    post = unless(entry.post, entry.acting_for or entry.actor, language) if entry.post else ""
    return {"text": capital(name), "note": ", ".join(filter(None, (post, day_short(today(entry.at), language))))}


def mark_label(name: str, language: str) -> str:
    """What people call a mark that a move sets on a part; empty where it has no name."""
    return heading(MARKS[name], language) if name in MARKS else ""


_NAMED_BY, _WHICH = N_("Named as similar by"), N_("Show which ones")
_DAYS_OPEN, _BY_ITSELF, _FOR = N_("Days open"), N_("by itself"), N_("%(name)s for %(other)s")
