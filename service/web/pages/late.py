"""The board of what is late: what, whose, since when, who was told, and what happens next; and of what is due soon."""

from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say, translations
from service.organisation import organisation
from service.reading.board import board_groups, board_page
from service.reading.late import AGE, DIMENSIONS, HOLDER, KIND, PROCESS, UNIT, Group, LateNumbers, Wanted, late_numbers
from service.reading.tasks import days_late
from service.web.pages import wording
from service.web.pages.addresses import active_filters, asked_for, link
from service.web.pages.exported import exports
from service.web.pages.frame import show
from service.web.pages.late_asked import Names, names_of, wanted_of
from service.web.pages.late_lines import line
from service.web.pages.notices import NUDGED
from service.web.site import Visitor, Who
from states.refusals import NotFound
from states.registry import lifecycles
from states.text import N_

router = APIRouter(include_in_schema=False)

PATH: Final = "/late"
GROUPED: Final = {UNIT: N_("by unit"), PROCESS: N_("by process"), HOLDER: N_("by who has it"), AGE: N_("by age")}
MOST_GROUPS, EACH = 10, 5


@router.get(PATH)
async def late(request: Request, who: Who) -> Response:
    """What is late, the longest first."""
    return await _board(request, who)


@router.get(f"{PATH}/soon")
async def soon(request: Request, who: Who) -> Response:
    """What is due within three working days, the next first."""
    return await _board(request, who, soon=True)


@router.get(f"{PATH}/by/{{dimension}}")
async def late_by(request: Request, who: Who, dimension: str) -> Response:
    """What is late, of each group the first few."""
    return await _board(request, who, dimension)


@router.get(f"{PATH}/soon/by/{{dimension}}")
async def soon_by(request: Request, who: Who, dimension: str) -> Response:
    """What is due soon, of each group the first few."""
    return await _board(request, who, dimension, soon=True)


async def _board(request: Request, who: Visitor, dimension: str = "", *, soon: bool = False) -> Response:
    if dimension and (dimension not in GROUPED or (soon and dimension == AGE)):
        raise NotFound
    asked, after = asked_for(request, *DIMENSIONS), request.query_params.get("after")
    wanted = wanted_of(asked, soon=soon)

    def read(connection: sa.Connection) -> dict[str, Any]:
        numbers = late_numbers(connection, who.actor, who.now, soon=soon)
        names = names_of(connection, who.language)
        board = _Board(connection, who, numbers, names, wanted, asked)
        context = board.grouped(dimension) if dimension else board.listed(after)
        done = (
            [{"tone": "good", "text": say(_ASKED, who.language)}] if request.query_params.get("done") == NUDGED else []
        )
        return {**board.around(dimension), **context, "messages": done}

    return await show(request, who, "late.html", read)


class _Board:
    """One person's board, as they asked for it."""

    def __init__(
        self,
        connection: sa.Connection,
        who: Visitor,
        numbers: LateNumbers,
        names: Names,
        wanted: Wanted,
        asked: dict[str, str],
    ) -> None:
        self.connection, self.who, self.numbers, self.names = connection, who, numbers, names
        self.wanted, self.asked = wanted, asked
        self.calendar = organisation(connection).calendar
        self.base = f"{PATH}/soon" if wanted.soon else PATH

    def around(self, dimension: str) -> dict[str, Any]:
        """What stands around the tasks: tabs, numbers, filters, groupings, exports."""
        language, wanted = self.who.language, self.wanted
        path = f"{self.base}/by/{dimension}" if dimension else self.base
        every = self.numbers.total(Wanted())
        fields = self._filters()
        groupings = [("", N_("one list")), *GROUPED.items()]
        exported = {**self.asked, **({"show": "soon"} if wanted.soon else {})}
        return {
            "soon": wanted.soon,
            "here": link(path, self.asked),
            "path": path,
            "every": every,
            "tabs": [
                {"href": PATH, "label": say(_LATE, language), "current": not wanted.soon},
                {"href": f"{PATH}/soon", "label": say(_SOON, language), "current": wanted.soon},
            ],
            "tiles": self._tiles(),
            "groupings": [
                {
                    "href": link(f"{self.base}/by/{name}" if name else self.base, self.asked),
                    "label": say(label, language),
                    "current": name == dimension,
                }
                for name, label in groupings
                if not (wanted.soon and name == AGE)
            ],
            "fields": fields,
            "active": active_filters(fields, path, self.asked),
            "exports": exports("/exports/late", exported),
        }

    def listed(self, after: str | None) -> dict[str, Any]:
        """One list, by cursor."""
        who, total = self.who, self.numbers.total(self.wanted)
        page = board_page(self.connection, who.actor, who.now, self.wanted, cursor=after, total=total)
        return {
            "rows": [line(row, who.language) for row in page.rows],
            "total": wording.in_all(total, who.language),
            "next_href": link(self.base, self.asked, after=page.next) if page.next else "",
            "first_href": link(self.base, self.asked) if after else "",
        }

    def grouped(self, dimension: str) -> dict[str, Any]:
        """The largest groups, each with what has been late longest; the others by name and number only."""
        who, groups = self.who, self.numbers.by(dimension, self.wanted)
        shown, others = groups[:MOST_GROUPS], groups[MOST_GROUPS:]
        keys = [group.key for group in shown]
        rows = board_groups(self.connection, who.actor, who.now, self.wanted, dimension, keys, EACH) if keys else {}
        return {
            "dimension": dimension,
            "groups": [
                {**self._group(dimension, one), "rows": [line(row, who.language) for row in rows.get(one.key, ())]}
                for one in shown
            ],
            "others": [self._group(dimension, one) for one in others],
            "total": wording.in_all(self.numbers.total(self.wanted), who.language),
        }

    def _group(self, dimension: str, group: Group) -> dict[str, Any]:
        language = self.who.language
        days = days_late(group.due_at, self.who.now, self.calendar)
        oldest = "" if self.wanted.soon else say(_OLDEST, language, {"days": days})
        return {
            "name": self.names.name(dimension, group.key),
            "count": group.count,
            "note": "; ".join(filter(None, (_tasks(group.count, language), oldest))),
            "href": link(self.base, self.asked, **{dimension: self.names.value(dimension, group.key)}),
            "all": say(_ALL_OF_THEM, language, {"count": group.count}) if group.count > EACH else "",
        }

    def _tiles(self) -> list[dict[str, Any]]:
        language, everything = self.who.language, Wanted()
        every = self.numbers.total(everything)
        first = min((cell.due_at for cell in self.numbers.cells), default=None)
        late = first is not None and not self.wanted.soon
        oldest = days_late(first, self.who.now, self.calendar) if first and late else 0
        tone = "waiting" if self.wanted.soon else "late"
        # They lead to what else is asked for, and say how much of that there is.
        kinds = {group.key: group.count for group in self.numbers.by(KIND, replace(self.wanted, kind=None))}
        there = {cell.kind for cell in self.numbers.cells}
        return [
            {
                "label": say(_SOON if self.wanted.soon else _ALL, language),
                "number": every,
                "href": self.base,
                "tone": tone if every else "good",
                "note": say(_OLDEST, language, {"days": oldest}) if late else "",
            },
            *(
                {
                    "label": wording.heading(one.plural, language),
                    "number": kinds.get(one.name, 0),
                    "href": link(self.base, self.asked, kind=one.name),
                    "tone": tone if kinds.get(one.name) else "good",
                }
                for one in lifecycles().values()
                if one.name in there
            ),
        ]

    def _filters(self) -> list[dict[str, Any]]:
        return [
            {
                "name": dimension,
                "label": say(label, self.who.language),
                "value": self.asked.get(dimension, ""),
                "choices": self._choices(dimension),
            }
            for dimension, label in _LABELS.items()
            if not (self.wanted.soon and dimension == AGE)
        ]

    def _choices(self, dimension: str) -> list[dict[str, str]]:
        """What there is; and the kind that is asked for, where there is none of it: it has a name all the same."""
        keys = [one.key for one in self.numbers.by(dimension, Wanted())]
        if dimension == KIND and (asked := self.asked.get(KIND)) and asked not in keys:
            keys.append(asked)
        return self.names.choices(dimension, keys)


def _tasks(count: int, language: str) -> str:
    return translations(language).ngettext("%(num)s task", "%(num)s tasks", count) % {"num": count}


_LATE, _SOON, _ALL = N_("Late"), N_("Due soon"), N_("Late in all")
_OLDEST, _ALL_OF_THEM = N_("the oldest: %(days)s working days"), N_("Show all %(count)s")
_ASKED = N_("Whoever has it has been asked: they get a mail.")
_LABELS: Final = {KIND: N_("Kind"), UNIT: N_("Unit"), PROCESS: N_("Process"), HOLDER: N_("Who has it"), AGE: N_("Age")}
