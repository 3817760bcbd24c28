"""Every component once: for whoever works on the look."""

from fastapi import APIRouter, Request, Response

from service.web.pages.frame import show
from service.web.site import Anybody, Here
from states.refusals import NotFound

router = APIRouter(include_in_schema=False)


@router.get("/design")
async def design(request: Request, who: Anybody, here: Here) -> Response:
    """The design page; there is none unless somebody develops. Raises NotFound."""
    if not here.settings.development:
        raise NotFound
    return await show(request, who, "design.html", lambda _: {})
