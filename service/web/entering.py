"""The cookies of signing in: set where somebody has proved who they are, taken away where they leave."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from service.accounts.sessions import end_sessions
from service.accounts.signing_in import Caller, Entered, Halfway
from service.settings import Settings
from service.web.site import PERSON, Site, Visitor, address_of, session_cookie


def caller_of(request: Request, who: Visitor) -> Caller:
    """Whoever is at the other end of the request."""
    return Caller(address_of(request), request.headers.get("User-Agent", ""), who.now)


async def entered(here: Site, who: Visitor, done: Entered) -> Response:
    """Signed in: on to where one wanted to go. The session that this browser had before is ended."""
    before = who.session
    if before:
        await here.writing(
            lambda connection: end_sessions(
                connection, before.person_id, before.person_id, who.now, only=before.token_hash, address=who.address
            )
        )
    answer = RedirectResponse(done.back, 303)
    set_session(answer, here.settings, done.token)
    answer.delete_cookie(halfway_cookie(here.settings), **_how(here.settings))
    answer.delete_cookie(PERSON)
    return answer


def set_session(answer: Response, settings: Settings, token: str) -> None:
    """Give the browser its session, until it is closed; scripts and other sites never see it."""
    answer.set_cookie(session_cookie(settings), token, **_how(settings))


def set_halfway(answer: Response, settings: Settings, done: Halfway) -> None:
    """Remember for ten minutes that the password was right."""
    answer.set_cookie(halfway_cookie(settings), done.token, max_age=600, **_how(settings))


def forget(answer: Response, settings: Settings) -> None:
    """Nobody is signed in with this browser any more."""
    for name in (session_cookie(settings), halfway_cookie(settings)):
        answer.delete_cookie(name, **_how(settings))
    answer.delete_cookie(PERSON)


def halfway_cookie(settings: Settings) -> str:
    """The name of the cookie between the two steps."""
    return session_cookie(settings).replace("session", "second")


def _how(settings: Settings) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.address.startswith("https://")}
