"""Each figure as it is drawn and as it is taken away: with names in the reader's language, and links to its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate
from typing import Any, Final

from service.exporting import Cell, Column
from service.language import say
from service.pictures import Bar, Bars, Figure, OverTime, Pareto, Period, Series, Share, Shares, Span, Spans
from service.reading.figures import AGES, Figures, Scope
from service.reading.figures_behind import ANY, UNCODED, Behind, Days, deadlines
from service.web.pages.addresses import link
from service.web.pages.behind import NOT_CODED, WITHOUT_UNIT, asked_of, unit_name
from service.web.pages.wording import heading
from states.kyrgyz import day_short
from states.lifecycle import Lifecycle
from states.text import N_
from states.working_days import today

_WAITS, _LATE = 3, 4  # from which age on it is long, and too long


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, and the same as rows of a file."""

    figure: Figure
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


class Drawing:
    """The figures of a scope in one language."""

    def __init__(self, figures: Figures, language: str) -> None:
        self.figures, self.scope, self.language = figures, figures.scope, language

    def names(self) -> list[str]:
        """The figures that there are of the lifecycle, in the order of the page."""
        return [name for name, (_, fits) in FIGURES.items() if fits(self.scope.one)]

    def draw(self, name: str) -> Drawn:
        """One of them."""
        return FIGURES[name][0](self)

    def ageing(self) -> Drawn:
        """How long what is open has been open."""
        counted, day, bars = self.figures.ageing(), today(self.figures.now), []
        for place, count in enumerate(counted):
            least = AGES[place - 1] + 1 if place else 0
            most = AGES[place] if place < len(AGES) else None
            opened = Days(day - timedelta(days=most) if most else None, day - timedelta(days=least))
            tone: Any = "late" if place >= _LATE else "waiting" if place >= _WAITS else ""
            bars.append(Bar(self._age(least, most), count, self._rows(Behind(opened=opened), show="open"), tone))
        figure = Bars(
            name="ageing",
            title=self.say_it(_AGEING),
            description=self.say_it(_AGEING_SAYS),
            bars=bars,
            of=self.say_it(_AGE),
            counted=self.say_it(_NUMBER),
        )
        columns = (Column(self.say_it(_AGE), width=24), Column(self.say_it(_NUMBER), "number"))
        return Drawn(figure, columns, [(bar.name, bar.value) for bar in bars])

    def over_time(self) -> Drawn:
        """What came, what went, what is still there."""
        months = self.figures.over_time()
        periods = [
            Period(f"{one.days.since:%m.%Y}", f"{one.days.since:%m.%y}", self._rows(Behind(opened=one.days)))
            for one in months
        ]
        opened, closed, stock = (self.say_it(name) for name in (_OPENED, _CLOSED, _STOCK))
        ends = [one.days for one in months]
        series = [
            Series(opened, [one.opened for one in months], [self._rows(Behind(opened=one.days)) for one in months]),
            Series(closed, [one.closed for one in months], [self._rows(Behind(closed=one.days)) for one in months]),
            Series(stock, [one.stock for one in months], [self._rows(Behind(open_on=days.until)) for days in ends]),
        ]
        figure = OverTime(
            name="over-time",
            title=self.say_it(_OVER_TIME),
            description=self.say_it(_OVER_TIME_SAYS),
            periods=periods,
            series=series,
            of=self.say_it(_MONTH),
        )
        columns = [Column(self.say_it(_MONTH), width=12), *(Column(name, "number") for name in (opened, closed, stock))]
        rows = [(f"{one.days.since:%Y-%m}", one.opened, one.closed, one.stock) for one in months]
        return Drawn(figure, columns, rows)

    def steps(self) -> Drawn:
        """How long records have been in each step."""
        times, labels = self.figures.steps(), self.scope.one.steps
        spans = [
            Span(
                heading(labels[one.step].label, self.language),
                one.median,
                one.p90,
                one.count,
                self._rows(Behind(left=one.step, left_on=self.scope.days)),
            )
            for one in times
        ]
        figure = Spans(
            name="steps",
            title=self.say_it(_STEPS),
            description=self.say_it(_STEPS_SAYS),
            spans=spans,
            of=self.say_it(_STEP),
        )
        heads = (self.say_it(head) for head in (_MEDIAN, _P90, _CASES))
        columns = [Column(self.say_it(_STEP)), *(Column(head, "number", 18) for head in heads)]
        return Drawn(figure, columns, [(one.name, one.median, one.p90, one.count) for one in spans])

    def kept(self) -> Drawn:
        """How many kept the date that held in the end."""
        return self._shares("kept", _KEPT, _KEPT_SAYS, first=False)

    def kept_first(self) -> Drawn:
        """How many kept the date that they had at first."""
        return self._shares("kept-first", _KEPT_FIRST, _KEPT_FIRST_SAYS, first=True)

    def _shares(self, name: str, title: str, says: str, *, first: bool) -> Drawn:
        counted = sorted(self.figures.on_time(first=first), key=lambda row: (row[1] - row[2], -row[2]))
        behind = Behind(kept=ANY, first=first, ended=self.scope.days)
        every = Share(
            self.say_it(_ALL), sum(row[1] for row in counted), sum(row[2] for row in counted), self._rows(behind)
        )
        snapshot, language = self.figures.snapshot, self.language
        shares = [
            Share(unit_name(snapshot, unit, language), part, whole, self._rows(behind, unit=str(unit or WITHOUT_UNIT)))
            for unit, part, whole in counted
        ]
        shown = [every, *shares] if shares else []
        figure = Shares(
            name=name,
            title=self.say_it(title),
            description=self.say_it(says),
            shares=shown,
            of=self.say_it(_UNIT),
            counted=self.say_it(_ON_TIME),
        )
        columns = (
            Column(self.say_it(_UNIT), width=40),
            Column(self.say_it(_ON_TIME), "share"),
            Column(self.say_it(_NUMBER_KEPT), "number"),
            Column(self.say_it(_NUMBER), "number"),
        )
        return Drawn(figure, columns, [(one.name, one.part / one.whole, one.part, one.whole) for one in shown])

    def causes_top(self) -> Drawn:
        """Root causes by what they stand under."""
        return self._causes("causes-top", _CAUSES_TOP, top=True)

    def causes(self) -> Drawn:
        """Root causes by their kind."""
        return self._causes("causes", _CAUSES, top=False)

    def _causes(self, name: str, title: str, *, top: bool) -> Drawn:
        counted, known = self.figures.causes(top=top), self.figures.catalogue
        bars, codes = [], []
        for value, count in counted:
            entry = known.find(value)
            label = f"{entry.code} {entry.name.into(self.language)}" if entry else value or self.say_it(NOT_CODED)
            behind = Behind(opened=self.scope.days, cause=value or UNCODED)
            bars.append(Bar(label, count, self._rows(behind)))
            codes.append(value)
        figure = Pareto(
            name=name,
            title=self.say_it(title),
            description=self.say_it(_CAUSES_SAYS),
            bars=bars,
            of=self.say_it(_CAUSE),
            counted=self.say_it(_NUMBER),
        )
        columns = (
            Column(self.say_it(_CODE), width=10),
            Column(self.say_it(_CAUSE), width=48),
            Column(self.say_it(_NUMBER), "number"),
            Column(self.say_it(_SHARE), "share"),
        )
        total = sum(bar.value for bar in bars)
        running = accumulate(bar.value for bar in bars)
        rows = [
            (code, bar.name, bar.value, so_far / total) for code, bar, so_far in zip(codes, bars, running, strict=True)
        ]
        return Drawn(figure, columns, rows)

    def _rows(self, behind: Behind, **asked: str) -> str:
        """Where the rows are."""
        scoped = replace(behind, campus=self.scope.campus, within=self.scope.within)
        return link(f"/{self.scope.one.collection}", {**asked_of(scoped), **asked})

    def _age(self, least: int, most: int | None) -> str:
        if most is None:
            return say(_OLDER, self.language, {"days": least - 1})
        return say(_BETWEEN if least else _UP_TO, self.language, {"least": least, "most": most})

    def say_it(self, sentence: str) -> str:
        """A marked sentence in the language."""
        return say(sentence, self.language)


def figured(one: Lifecycle) -> bool:
    """Whether there are figures of a lifecycle: where its records are to be done by a date."""
    return deadlines(one) is not None


def period(scope: Scope, language: str) -> str:
    """The days of a scope in words."""
    return f"{day_short(scope.since, language)} – {day_short(scope.until, language)}"


def _has_causes(one: Lifecycle) -> bool:
    return "cause" in one.parts


FIGURES: Final[Mapping[str, tuple[Callable[[Drawing], Drawn], Callable[[Lifecycle], bool]]]] = {
    "ageing": (Drawing.ageing, figured),
    "over-time": (Drawing.over_time, figured),
    "steps": (Drawing.steps, figured),
    "kept": (Drawing.kept, figured),
    "kept-first": (Drawing.kept_first, figured),
    "causes-top": (Drawing.causes_top, _has_causes),
    "causes": (Drawing.causes, _has_causes),
}

_NUMBER, _UNIT, _ALL, _CODE = N_("How many"), N_("Unit"), N_("All units"), N_("Code")
_AGE, _AGEING = N_("Age"), N_("How long what is open has been open")
_AGEING_SAYS = N_("As of today, in days since it was opened, whatever days are chosen above.")
_UP_TO, _BETWEEN = N_("up to %(most)s days"), N_("%(least)s–%(most)s days")
_OLDER = N_("more than %(days)s days")
_MONTH, _OVER_TIME = N_("Month"), N_("Opened and closed, month by month")
_OVER_TIME_SAYS = N_(
    "Also how many were open at the end of each month. The first and the last month may be a part of one."
)
_OPENED, _CLOSED, _STOCK = N_("Opened"), N_("Closed"), N_("Open at the end")
_STEP, _STEPS = N_("Step"), N_("Time in each step")
_STEPS_SAYS = N_(
    "Working days of those that left the step in these days, all the time together that they had been in it."
)
_MEDIAN, _P90 = N_("Half done within, working days"), N_("Nine of ten within, working days")
_CASES = N_("Cases")
_KEPT, _KEPT_SAYS = N_("Done on time, by unit"), N_("By the date that held in the end, of those that had one.")
_KEPT_FIRST = N_("Done by the first date, by unit")
_KEPT_FIRST_SAYS = N_("By the date that was set at first, whatever was granted later.")
_ON_TIME, _NUMBER_KEPT = N_("On time"), N_("How many on time")
_CAUSES_TOP, _CAUSES = N_("Root causes, by what they concern"), N_("Root causes, by kind")
_CAUSES_SAYS = N_("Of those opened in these days. One with causes of several kinds counts for each of them.")
_CAUSE, _SHARE = N_("Root cause"), N_("Running share")
