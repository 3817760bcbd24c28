"""Whoever asks: who they are here, and what waits for them."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service.digest import choose_digest, has_digest
from service.organisation import organisation
from service.reading.tasks import list_tasks_of
from service.web.api import registered, schemas, shapes, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, body, query, reading, strict, writing
from service.web.api.describe import SOMEBODY, operation
from states.given import parse_given
from states.lifecycle import Field
from states.text import Text

router = APIRouter(prefix="/api", tags=["me"])

DIGEST = Field(
    "digest",
    Text("Жаңылыктар күнүнө бир катта", "Новости одним письмом в день", "News in one mail a day"),
    "flag",
)


@router.get("/me", dependencies=SOMEBODY, **operation("me", "Who I am here", registered.Me))
async def me(request: Request) -> Response:
    """The person who asks, with the posts they answer for today."""

    return await reading(request, lambda asked: answer(_me(asked), asked.who.language))


@router.patch("/me", **operation("change_me", "Change how I am told", registered.Me, sends=schemas.form((DIGEST,))))
async def change(request: Request) -> Response:
    """One mail a day with my news (`digest`), or a mail for each; what is late always comes by itself, at once."""
    given = await body(request)
    strict((DIGEST,), given)
    wanted = parse_given((DIGEST,), given)["digest"]

    def write(asked: Asked) -> Response:
        who = asked.who
        person: Any = who.person
        choose_digest(asked.connection, person.id, wanted, who.now, who.address)
        return answer(_me(asked), who.language)

    return await writing(request, write)


@router.get("/me/tasks", **operation("my_tasks", "What waits for me", schemas.listed(shapes.Task), asks=PAGING))
async def tasks(request: Request) -> Response:
    """What is late first, then what is due today, soon, later: `group` says which."""
    asks = query(request, PAGING)

    def read(asked: Asked) -> Response:
        who = asked.who
        page = list_tasks_of(asked.connection, who.actor, who.now, asks["cursor"], asks["limit"] or 50)
        return answer(listed(page, lambda one: views.task(one, who.language)), who.language)

    return await reading(request, read)


def _me(asked: Asked) -> dict[str, Any]:
    snapshot, who = organisation(asked.connection), asked.who
    posts = [views.named(post, who.language) for post in snapshot.posts.values() if post.id in who.actor.posts]
    person: Any = who.person
    return {
        **(views.named(person, who.language) or {}),
        "email": person.email,
        "language": person.language,
        "digest": has_digest(asked.connection, person.id),
        "posts": posts,
        "links": {"self": "/api/me", "tasks": "/api/me/tasks", "told": "/api/me/told"},
    }
