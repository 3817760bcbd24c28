"""What a digest says: its records, the late ones first, then by due day, each with what has happened to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from notifications.message import Letter
from service.letters import Letterhead, Sources, context_of, sources_of
from states.kyrgyz import day_in_words, sort_key
from states.working_days import today

MESSAGE: Final = "task/digest"
GROUPS: Final = ("late", "today", "later", "moved")
LISTED: Final = 60  # records; a longer mail is cut short by those who carry it, and read by nobody

Row = sa.Row[Any]
Told = tuple[Row, dict[str, Any]]


def write_digests(
    connection: sa.Connection, digests: Mapping[str, Sequence[Row]], head: Letterhead, now: datetime
) -> tuple[dict[str, Letter | Exception], dict[str, Sequence[str]]]:
    """For each digest, by key, its letter, and the keys of the notices it tells; it tells what can be told.

    Among the letters, by its own key, also each notice that cannot be, with the reason. An empty digest is none.
    """
    sources = sources_of(connection, [notice for its in digests.values() for notice in its])
    letters: dict[str, Letter | Exception] = {}
    told_in: dict[str, Sequence[str]] = {}
    for key, notices in digests.items():
        told: list[Told] = []
        for notice in notices:
            try:
                told.append((notice, context_of(notice, sources, head, now)))
            except Exception as error:  # noqa: BLE001 - about what is declared no longer: it holds up no other
                letters[notice.key] = error
        if told:
            told_in[key] = [notice.key for notice, _ in told]
            try:
                letters[key] = _letter(key, told, sources, head, now)
            except Exception as error:  # noqa: BLE001 - an impossible address
                letters[key] = error
    return letters, told_in


def _letter(key: str, told: Sequence[Told], sources: Sources, head: Letterhead, now: datetime) -> Letter:
    reader = sources.university.people[told[0][0].reader_id]
    language = reader.language
    by_record: dict[object, list[Told]] = {}
    for one in told:
        by_record.setdefault(one[0].record_id, []).append(one)
    entries = sorted((_entry(its, sources) for its in by_record.values()), key=lambda one: one["order"])
    listed = entries[:LISTED]
    context = {
        "university": head.university.into(language),
        "reader": reader.name.into(language),
        "day": day_in_words(today(now), language),
        "count": len(entries),
        "late": sum(one["group"] == "late" for one in entries),
        "groups": [(group, [one for one in listed if one["group"] == group]) for group in GROUPS],
        "more": len(entries) - len(listed),
        "tasks_url": f"{head.base_url}/tasks",
        "told_url": f"{head.base_url}/told",
        "settings_url": f"{head.base_url}/account",
        "demo": head.demo,
    }
    return Letter(key, reader.email, reader.name.into(language), language, MESSAGE, context)


def _entry(told: Sequence[Told], sources: Sources) -> dict[str, Any]:
    """One record: the task that is due first, if there is one, and what has happened, in its order."""
    notice, context = min(told, key=lambda one: _order(_due(one[0], sources)))
    due = _due(notice, sources)
    group = "moved" if due is None else _group(context)
    happened = [one["because"] for _, one in told if one["because"]]
    return {
        **{name: context[name] for name in ("record", "step", "holder", "due", "original_due", "url")},
        **{name: context[name] for name in ("days_late", "days_left", "in_place_of")},
        "what": context["do"] or (happened[-1]["move"] if happened else context["step"]),
        "group": group,
        "happened": happened,
        "order": (GROUPS.index(group), _order(due), sort_key(context["record"]["code"])),
    }


def _order(due: datetime | None) -> str:
    return due.isoformat() if due else "~"  # after every date


def _due(notice: Row, sources: Sources) -> datetime | None:
    task = sources.tasks.get(notice.task_id)
    due: datetime | None = task.due_at if task else None
    return due


def _group(context: Mapping[str, Any]) -> str:
    return "late" if context["days_late"] else "today" if context["days_left"] == 0 else "later"
