"""The lines of the board in words: who has a task, who was told of it and when, what comes next, what one may do."""

from collections.abc import Sequence
from typing import Any, Final

from service.language import say
from service.reading.board import BoardRow
from service.reading.board_holders import Having
from service.reading.board_told import ToldOf
from service.reading.told import WHY
from service.web.pages import wording
from states.kyrgyz import day_in_words
from states.ladders import rung_at
from states.lifecycle import Channel, Move
from states.text import N_
from states.working_days import today


def line(row: BoardRow, language: str) -> dict[str, Any]:
    """One task of the board."""
    task = row.task
    path = f"/{task.lifecycle.collection}/{task.record_id}"
    extended = task.original_due_at != task.due_at
    lines = [told(one, language) for one in row.told]
    last = latest(row.told)
    return {
        "text": wording.heading(task.step.task or task.step.label, language),
        "href": path,
        "code": task.code,
        "title": task.title,
        "holder": wording.heading(task.holder, language),
        "people": [words for one in row.having if (words := having(one, task.holder, language))],
        "due": wording.due(task.due_at, task.days, language),
        "first_due": wording.short(today(task.original_due_at), language) if extended else "",
        "rung": rung_words(row, language),
        "told": lines,
        "last": [words for one, words in zip(row.told, lines, strict=True) if any(one is other for other in last)],
        "next": _next(row, language),
        "nudge": f"/tasks/{task.id}/nudge" if row.may_nudge and not row.asked else "",
        "asked": row.may_nudge and row.asked,
        "others": [_shift(move, path, language) for move in row.moves if _gives_to_others(move)],
        "days": [_shift(move, path, language) for move in row.moves if not _gives_to_others(move)],
    }


def latest(lines: Sequence[ToldOf]) -> list[ToldOf]:
    """What was told last, after whom the highest rung has told."""
    highest = max(
        (one for one in lines if one.nudge is None and one.times == 1), key=lambda one: one.days, default=None
    )
    return [one for one in lines if one is highest or one is lines[-1]]


def having(one: Having, holder: Any, language: str) -> str:
    """Somebody who has a task: by name, with who acts for them while they are away."""
    facts = {"name": one.name, "deputy": one.deputy, "day": day_in_words(one.until, language) if one.until else ""}
    if one.falls:
        return say(_FALLS, language, facts)
    if not one.away:
        return wording.unless(one.name, holder, language)
    return say(_DEPUTY if one.deputy else _AWAY, language, facts)


def rung_words(row: BoardRow, language: str) -> str:
    """On which rung of the ladder the task is."""
    now, all_of_them = row.rungs
    if now > all_of_them:
        return say(_BEYOND, language, {"days": row.task.ladder.again.days})
    return say(_RUNG, language, {"now": now, "all": all_of_them})


def told(one: ToldOf, language: str) -> dict[str, str]:
    """One rung that was told, or somebody's asking: the day, to whom, and what became of it where it was not sent."""
    reader = wording.unless(one.reader, one.part, language)
    part = wording.heading(one.part, language)
    if one.nudge and one.asked_by:
        part, reader = say(_ASKED, language, {"name": one.asked_by}), one.reader.into(language)
    notes = [state(one, language)]
    if one.times > 1 or (one.nudge is None and one.days <= 0):
        notes.insert(0, say(_UNTIL_THEN if one.days <= 0 else _SINCE, language, {"count": one.times}))
    if one.missed:
        notes.append(wording.missed(one.missed, language))
    return {
        "at": wording.short(today(one.sent_at or one.at), language),
        "part": part,
        "reader": reader,
        "note": "; ".join(filter(None, notes)),
    }


def state(one: ToldOf, language: str) -> str:
    """What became of a mail that was not sent; of what was only put on the page, that."""
    if one.page:
        return say(_PAGE, language)
    if one.sent_at:
        return ""
    if one.dropped:
        why = say(WHY[one.error], language) if one.error in WHY else one.error or ""
        return say(_DROPPED, language, {"why": why})
    return say(_WAITING, language)


def _next(row: BoardRow, language: str) -> dict[str, str]:
    rung = rung_at(row.task.ladder, row.task.rung)
    names = [wording.unless(name, row.task.next_part, language) for name in row.next_names]
    page = [say(_PAGE, language)] if rung.channel is Channel.PAGE else []
    return {
        "text": wording.heading(row.task.next_part, language),
        "names": ", ".join(filter(None, names)),
        "at": wording.short(today(row.task.next_notice_at), language),
        "note": "".join(page),
    }


def _gives_to_others(move: Move) -> bool:
    return any(field.kind in ("post", "person") for field in move.records)


def _shift(move: Move, path: str, language: str) -> dict[str, str]:
    return {"label": wording.heading(move.label, language), "href": f"{path}#{_place(move)}"}


def _place(move: Move) -> str:
    """Where the form of a move begins on the record's page: browsers open what it is folded into."""
    return f"f-{move.name}-{move.records[0].name}" if move.records else "moves"


def told_in_one(lines: Sequence[ToldOf], language: str) -> str:
    """Who was told, as the cell of an export: one line for each rung."""
    shown = (told(one, language) for one in lines)
    return "\n".join(
        " ".join(filter(None, (one["at"], one["part"], one["reader"] and f"({one['reader']})", one["note"])))
        for one in shown
    )


_RUNG: Final = N_("Rung %(now)s of %(all)s")
_BEYOND: Final = N_("Past the last rung: reminded every %(days)s working days")
_DEPUTY, _AWAY = N_("%(name)s is away: %(deputy)s acts until %(day)s"), N_("%(name)s is away, and nobody acts for them")
_FALLS: Final = N_("Vacant: it has come to %(name)s")
_ASKED: Final = N_("%(name)s asked")
_UNTIL_THEN, _SINCE = N_("reminders up to the deadline: %(count)s"), N_("reminders since then: %(count)s")
_PAGE, _WAITING = N_("on the page only"), N_("not sent yet")
_DROPPED: Final = N_("not sent: %(why)s")
