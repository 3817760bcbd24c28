"""What the tests of this room have in common: a task to tell about, a dummy translation, a sending in one call."""

import asyncio
import gettext
from collections.abc import AsyncIterable, Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from notifications.message import Letter
from notifications.render import Renderer
from notifications.smtp import Addressed, Outcome, SmtpServer, send_all

AT = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
# To one who may not read the record any more: it leads nowhere.
RELEASED = "sitting/released"
SITTINGS = ("sitting/called", "sitting/moved", "sitting/cancelled", RELEASED)
FOLDERS = ("task/opened", "task/reminder", "task/escalation", "task/nudge", "record/moved")
EVERY = (*FOLDERS, *SITTINGS)

GROUPS = ("late", "today", "later", "moved")


class Dummy(gettext.NullTranslations):
    """A language of English sentences in brackets, with three plural forms, like Russian."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        form = 0 if n % 10 == 1 and n % 100 != 11 else 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2
        return f"[{(msgid1, msgid2, msgid2)[form]} <form {form}>]"


def context(**changed: Any) -> dict[str, Any]:
    return {
        "university": "Нарын мамлекеттик университети",
        "reader": "Айгүл Өмүралиева",
        "record": {"code": "УСТ 4.09", "title": "Окуу процесси жөнүндө жобо", "kind": "Документ"},
        "step": "Кеңештин чечими",
        "do": "Кеңештин чечимин жазуу",
        "holder": "Окумуштуулар кеңешинин катчысы",
        "due": "2026-жылдын 5-марты",
        "days_late": 0,
        "days_left": 3,
        "original_due": None,
        "because": {
            "by": "Бакыт уулу Нурлан",
            "acting_for": None,
            "move": "Кеңешке жиберүү",
            "at": "2026-жылдын 1-марты, 14:20",
            "reason": None,
        },
        "in_place_of": None,
        "told": [],
        "missed": 0,
        "asked": {"by": "Бакыт уулу Нурлан", "role": "ректор", "words": "Эртең кеңеш болот"},
        "sitting": sitting(),
        "url": "https://sapat.example/tasks/1?from=mail&lang=ky",
        "then": None,
        "settings_url": "https://sapat.example/me",
        "demo": False,
        **changed,
    }


def sitting(**changed: Any) -> dict[str, Any]:
    """What a letter says of a sitting."""
    paper = {"name": "Жобо, өзгөртүүлөр.docx", "url": "https://sapat.example/files/1/x"}
    return {
        "body": "Окумуштуулар кеңеши",
        "day": "2026-жылдын 15-апрели",
        "time": "14:00",
        "place": "Башкы корпус, 201",
        "chair": "Айбек Ректоров",
        "secretary": "Үмүт Катчы",
        "before": {"day": "2026-жылдын 10-апрели", "time": "10:00", "place": "Китепкана"},
        "agenda": [
            {"no": 1, "title": "Жобо жөнүндө", "speaker": "Өмүр Жазуучу", "papers": [paper]},
            {"no": 2, "title": "Кышкы сессия", "speaker": "", "papers": []},
        ],
        "enclosed": True,
        "too_large": False,
        **changed,
    }


def letter(folder: str = "task/opened", key: str = "task-1:opened", language: str = "ky", **changed: Any) -> Letter:
    return Letter(key, "aigul@example.kg", "Айгүл Өмүралиева", language, folder, context(**changed))


def entry(group: str = "later", **changed: Any) -> dict[str, Any]:
    """One record of a digest."""
    return {
        "record": {"code": "УСТ 4.09", "title": "Окуу процесси жөнүндө жобо", "kind": "Документ"},
        "step": "Кеңештин чечими",
        "what": "Кеңештин чечимин жазуу",
        "holder": "Окумуштуулар кеңешинин катчысы",
        "due": "2026-жылдын 5-марты",
        "original_due": None,
        "days_late": 0,
        "days_left": 3,
        "in_place_of": None,
        "url": "https://sapat.example/revisions/1?from=mail&lang=ky",
        "group": group,
        "happened": [context()["because"]],
        **changed,
    }


def digest(*entries: dict[str, Any], language: str = "ky", **changed: Any) -> Letter:
    """A digest that tells these."""
    groups = [(group, [one for one in entries if one["group"] == group]) for group in GROUPS]
    told = {
        **{name: context()[name] for name in ("university", "reader", "settings_url", "demo")},
        "day": "2026-жылдын 10-марты",
        "count": len(entries),
        "late": len(groups[0][1]),
        "groups": groups,
        "more": 0,
        "tasks_url": "https://sapat.example/tasks",
        "told_url": "https://sapat.example/told",
        **changed,
    }
    return Letter("digest:1", "aigul@example.kg", "Айгүл Өмүралиева", language, "task/digest", told)


def renderer(translations: gettext.NullTranslations | None = None) -> Renderer:
    spoken = translations or gettext.NullTranslations()
    return Renderer(lambda _language: spoken, "Сапат <sapat@example.kg>", "sapat.example.kg")


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def mails(number: int) -> list[Addressed]:
    renders = renderer()
    return [(f"task-{one}", renders.render(letter(key=f"task-{one}"), AT)) for one in range(number)]


def send(url: str, letters: Iterable[Addressed] | AsyncIterable[Addressed], connections: int = 4) -> list[Outcome]:
    async def sent() -> list[Outcome]:
        return [outcome async for outcome in send_all(SmtpServer.from_url(url, timeout=5), letters, connections)]

    return asyncio.run(sent())
