"""How the running Sapat is doing, for the doctor and for whatever watches it."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from service.web.site import Here

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health")
async def health(here: Here) -> dict[str, Any]:
    """Prefect's state, the mail server's answer, and how each chore fared."""
    return dict(await run_in_threadpool(here.health))
