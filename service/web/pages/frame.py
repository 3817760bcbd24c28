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

from service.accounts.administration import is_administrator
from service.language import say, says, translations
from service.organisation import organisation
from service.reading.deputies import StandingIn, standing_in
from service.reading.desk import decides, desk_name
from service.reading.permissions import may_explain
from service.reading.waiting import Counts, counts
from service.web.pages import wording
from service.web.pages.drawn import Drawn
from service.web.site import Visitor, site
from states.kyrgyz import day_in_words
from states.refusals import Refusal, SignedOut
from states.registry import lifecycles
from states.roles import Role
from states.text import LANGUAGES, N_, Text
from states.working_days import today

WEB: Final = Path(__file__).parents[1]
LANGUAGE_NAMES: Final = {"ky": "Кырг", "ru": "Рус", "en": "Eng"}

UseCase = Callable[[sa.Connection], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around every page of a person: what waits for them, their posts, and whom they stand in for."""

    counts: Counts
    posts: tuple[Text, ...]
    administers: bool = False
    acting_for: tuple[StandingIn, ...] = ()
    explains: bool = False
    keeps_quality: bool = False
    decides: bool = False
    is_rector: bool = False


NOBODY: Final = Around(Counts(0, 0, 0), ())


async def show(
    request: Request, who: Visitor, template: str, use_case: UseCase, status: int = 200, *, little: bool = False
) -> Response:
    """The page of `template` with what `use_case` reads, in one reading transaction with the frame's own numbers.

    `little`: it reads a person's own rows by an index, however many there are of others (see `Site.glancing`).
    """

    def read(connection: sa.Connection) -> tuple[Around, Mapping[str, Any]]:
        return around(connection, who), use_case(connection)

    here = site(request)
    frame, context = await (here.glancing(read) if little else here.reading(read))
    return render(request, who, template, frame, status, **context)


def around(connection: sa.Connection, who: Visitor) -> Around:
    """The numbers of the navigation and the person's posts."""
    if who.person is None:
        return NOBODY
    snapshot = organisation(connection)
    held = snapshot.posts_of(who.person.id, today(who.now))
    names = tuple(post.name for post in snapshot.posts.values() if post.id in held)
    administers = is_administrator(snapshot, who.person.id, today(who.now))
    acting_for = tuple(standing_in(snapshot, who.actor, today(who.now)).values())
    explains = may_explain(snapshot, who.actor)
    keeps_quality = snapshot.plays(who.actor, Role.QUALITY_SPECIALIST)
    decides_on = decides(snapshot, who.actor)
    waits = counts(connection, who.actor, who.now)
    return Around(
        waits,
        names,
        administers,
        acting_for,
        explains,
        keeps_quality,
        decides_on,
        snapshot.plays(who.actor, Role.RECTOR),
    )


def render(
    request: Request, who: Visitor, template: str, frame: Around = NOBODY, status: int = 200, **context: Any
) -> Response:
    """The page itself. It is a person's own: nobody between may keep it."""
    framed = {
        "lang": who.language,
        "version": f"{request.app.version}-{fingerprint()}",
        "demo": site(request).settings.demo and site(request).demo_sign_in(request.headers),
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
        return RedirectResponse(f"{way_in(request)}{back}", 303)
    title, next_step = says(refusal, who.language)
    errors = [say(sentence, who.language) for sentence in getattr(refusal, "errors", {}).values()]
    context = {"title": title, "next_step": next_step, "errors": errors, "refusal": refusal, "way_in": way_in(request)}
    return await show(request, who, "refused.html", lambda _: context, refusal.status)


def way_in(request: Request) -> str:
    """The page on which one says who one is: anybody, where that is believed, else whoever one can prove to be."""
    return "/person" if site(request).demo_sign_in(request.headers) else "/sign-in"


_METHODS: Final = frozenset(dir(dict))


class _Environment(Environment):
    """Templates in which a dot on a mapping means its entry: Jinja2 looks for an attribute first, and there is none."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The entry of a mapping that has it, else as ever."""
        if type(obj) is dict and attribute in obj and attribute not in _METHODS:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def environment(language: str) -> Environment:
    """Templates in one language: components see neither request nor context, so the language is the environment's."""
    made = _Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        # Installed with the program: what they are does not change while it runs.
        auto_reload=False,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # given by the i18n extension
    made.filters |= wording.filters(language)
    made.globals["drawn"] = Drawn()
    return made


@cache
def fingerprint() -> str:
    """Eight letters that change whenever a static file does."""
    digest = sha256()
    for file in sorted((WEB / "static").iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


# One comes to them from what they belong to: a sitting, a document, one's own tasks.
_FROM_ELSEWHERE: Final = frozenset({"council_task", "acknowledgement", "printed_copy"})


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
        *([{"href": "/desk", "label": say(desk_name(rector=frame.is_rector), language)}] if frame.decides else []),
        {"href": "/documents", "label": say(_DOCUMENTS, language)},
        *(
            {"href": f"/{one.collection}", "label": wording.heading(one.plural, language)}
            for one in lifecycles().values()
            if one.name not in _FROM_ELSEWHERE
        ),
        {"href": "/late", "label": say(_LATE, language), "count": frame.counts.late, "tone": "late"},
        {"href": "/figures", "label": say(_FIGURES, language)},
        {"href": "/told", "label": say(_TOLD, language)},
        {"href": "/reviews", "label": say(_REVIEWS, language)},
        {"href": "/processes", "label": say(_PROCESSES, language)},
        {"href": "/organisation", "label": say(_ORGANISATION, language)},
        {"href": "/absences", "label": say(_ABSENCES, language)},
        {"href": "/permissions" if frame.explains else "/permissions?person=me", "label": say(_PERMISSIONS, language)},
        *([{"href": "/policies", "label": say(_POLICIES, language)}] if frame.keeps_quality else []),
        *([{"href": "/routes", "label": say(_ROUTES, language)}] if frame.keeps_quality else []),
        *([{"href": "/catalogues", "label": say(_CATALOGUES, language)}] if frame.keeps_quality else []),
        *([{"href": "/mailbox", "label": say(_MAILBOX, language)}] if demo else []),
        *([{"href": "/accounts", "label": say(_ACCOUNTS, language)}] if frame.administers else []),
        *([{"href": "/webhooks", "label": say(_WEBHOOKS, language)}] if frame.administers else []),
    ]
    for entry in entries:
        leads = entry["href"].partition("?")[0]
        entry["current"] = path == leads or path.startswith(f"{leads}/")
    return entries


def _person(who: Visitor, frame: Around) -> dict[str, str] | None:
    if who.person is None:
        return None
    held = [post for post in frame.posts if post != who.person.name]
    posts = ", ".join(wording.heading(post, who.language) for post in held[:2])
    shown = {"name": who.person.name.into(who.language), "post": posts, "change_href": "/person"}
    if frame.acting_for:
        shown["acting_for"] = "; ".join(until(one, who.language) for one in frame.acting_for)
    if who.session:
        shown |= {"change_href": "/account", "change_label": say(_ACCOUNT, who.language), "leave": "/sign-out"}
    return shown


def until(one: StandingIn, language: str) -> str:
    """Who is away, and until when."""
    return say(_UNTIL, language, {"name": one.name, "day": day_in_words(one.until, language)})


_UNTIL = N_("%(name)s until %(day)s")
_MINE, _DOCUMENTS, _LATE = N_("My tasks"), N_("Register of documents"), N_("What is late")
_PROCESSES, _MAILBOX = N_("Processes"), N_("Mailbox")
_ORGANISATION, _ABSENCES, _PERMISSIONS = N_("Organisation"), N_("Absences"), N_("Permissions")
_FIGURES, _TOLD = N_("Figures"), N_("What I was told")
_POLICIES, _CATALOGUES = N_("Deadlines and reminders"), N_("Catalogues")
_ROUTES, _REVIEWS = N_("Routes of documents"), N_("Periodic reviews")
_ACCOUNT, _ACCOUNTS, _WEBHOOKS = N_("My account"), N_("Accounts"), N_("Webhooks")
