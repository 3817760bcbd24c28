"""Whoever asks: who they are here, and what waits for them."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service.organisation import organisation
from service.reading.tasks import list_tasks_of
from service.web.api import registered, schemas, shapes, views
from service.web.api.answer import answer, listed
from service.web.api.asked import PAGING, Asked, query, reading
from service.web.api.describe import SOMEBODY, operation

router = APIRouter(prefix="/api", tags=["me"])


@router.get("/me", dependencies=SOMEBODY, **operation("me", "Who I am here", registered.Me))
async def me(request: Request) -> Response:
    """The person who asks, with the posts they answer for today."""

    def read(asked: Asked) -> Response:
        snapshot, who = organisation(asked.connection), asked.who
        posts = [views.named(post, who.language) for post in snapshot.posts.values() if post.id in who.actor.posts]
        person: Any = who.person
        content = {
            **(views.named(person, who.language) or {}),
            "email": person.email,
            "language": person.language,
            "posts": posts,
            "links": {"self": "/api/me", "tasks": "/api/me/tasks"},
        }
        return answer(content, who.language)

    return await reading(request, read)


@router.get("/me/tasks", **operation("my_tasks", "What waits for me", schemas.listed(shapes.Task), asks=PAGING))
async def tasks(request: Request) -> Response:
    """What is late first, then what is due today, soon, later: `group` says which."""
    asks = query(request, PAGING)

    def read(asked: Asked) -> Response:
        who = asked.who
        page = list_tasks_of(asked.connection, who.actor, who.now, asks["cursor"], asks["limit"] or 50)
        return answer(listed(page, lambda one: views.task(one, who.language)), who.language)

    return await reading(request, read)
