"""The frame of every page: who asks, where they can go, in their language; and the page of a refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from service.language import say, says, translations
from service.organisation import organisation
from service.reading.waiting import Counts, counts
from service.web.pages import wording
from service.web.site import Visitor, site
from states.refusals import Refusal, SignedOut
from states.registry import lifecycles
from states.text import LANGUAGES, N_, Text
from states.working_days import today

WEB: Final = Path(__file__).parents[1]
LANGUAGE_NAMES: Final = {"ky": "Кырг", "ru": "Рус", "en": "Eng"}

UseCase = Callable[[sa.Connection], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around every page of a person: what waits for them, and the posts they hold."""

    counts: Counts
    posts: tuple[Text, ...]


NOBODY: Final = Around(Counts(0, 0, 0), ())


async def show(request: Request, who: Visitor, template: str, use_case: UseCase, status: int = 200) -> Response:
    """The page of `template` with what `use_case` reads, in one reading transaction with the frame's own numbers."""

    def read(connection: sa.Connection) -> tuple[Around, Mapping[str, Any]]:
        return around(connection, who), use_case(connection)

    frame, context = await site(request).reading(read)
    return render(request, who, template, frame, status, **context)


def around(connection: sa.Connection, who: Visitor) -> Around:
    """The numbers of the navigation and the person's posts."""
    if who.person is None:
        return NOBODY
    snapshot = organisation(connection)
    held = snapshot.posts_of(who.person.id, today(who.now))
    names = tuple(post.name for post in snapshot.posts.values() if post.id in held)
    return Around(counts(connection, who.actor, who.now), names)


def render(
    request: Request, who: Visitor, template: str, frame: Around = NOBODY, status: int = 200, **context: Any
) -> Response:
    """The page itself. It is a person's own: nobody between may keep it."""
    framed = {
        "lang": who.language,
        "version": f"{request.app.version}-{fingerprint()}",
        "demo": site(request).settings.demo,
        "navigation": _navigation(request, who, frame),
        "languages": [
            {
                "code": code,
                "label": LANGUAGE_NAMES[code],
                "current": code == who.language,
                "action": "/language",
                "token": "",
            }
            for code in LANGUAGES
        ],
        "person": _person(who, frame),
        "search": {"action": "/documents"} if who.person else None,
    }
    page = environment(who.language).get_template(template)
    answer = HTMLResponse(page.render({**framed, **context}), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def refused_page(request: Request, who: Visitor, refusal: Refusal) -> Response:
    """What was refused, and what to do next. Whoever has not said who they are is led to where one does, and back."""
    if isinstance(refusal, SignedOut):
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = f"?next={quote(path, safe='')}" if request.method in ("GET", "HEAD") and path != "/" else ""
        return RedirectResponse(f"/person{back}", 303)
    title, next_step = says(refusal, who.language)
    errors = [say(sentence, who.language) for sentence in getattr(refusal, "errors", {}).values()]
    context = {"title": title, "next_step": next_step, "errors": errors, "refusal": refusal}
    return await show(request, who, "refused.html", lambda _: context, refusal.status)


@cache
def environment(language: str) -> Environment:
    """Templates in one language: components see neither request nor context, so the language is the environment's."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= wording.filters(language)
    return made


@cache
def fingerprint() -> str:
    """Eight letters that change whenever a static file does."""
    digest = sha256()
    for file in sorted((WEB / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


def _navigation(request: Request, who: Visitor, frame: Around) -> list[dict[str, Any]]:
    if who.person is None:
        return []
    path, language, demo = request.url.path, who.language, site(request).mailbox is not None
    mine = frame.counts.mine
    entries: list[dict[str, Any]] = [
        {
            "href": "/tasks",
            "label": say(_MINE, language),
            "count": mine,
            "tone": "late" if frame.counts.mine_late else "",
        },
        {"href": "/documents", "label": say(_DOCUMENTS, language)},
        *(
            {"href": f"/{one.collection}", "label": wording.heading(one.plural, language)}
            for one in lifecycles().values()
        ),
        {"href": "/late", "label": say(_LATE, language), "count": frame.counts.late, "tone": "late"},
        {"href": "/processes", "label": say(_PROCESSES, language)},
        *([{"href": "/mailbox", "label": say(_MAILBOX, language)}] if demo else []),
    ]
    for entry in entries:
        entry["current"] = path == entry["href"] or path.startswith(f"{entry['href']}/")
    return entries


def _person(who: Visitor, frame: Around) -> dict[str, str] | None:
    if who.person is None:
        return None
    held = [post for post in frame.posts if post != who.person.name]
    posts = ", ".join(wording.heading(post, who.language) for post in held[:2])
    return {"name": who.person.name.into(who.language), "post": posts, "change_href": "/person"}


_MINE, _DOCUMENTS, _LATE = N_("My tasks"), N_("Register of documents"), N_("What is late")
_PROCESSES, _MAILBOX = N_("Processes"), N_("Mailbox")
