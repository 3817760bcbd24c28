"""What can be refused and why: each kind of problem at the address that its `type` names."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service.problem import problem
from service.web.api import schemas, shapes
from service.web.api.answer import answer
from service.web.api.describe import operation
from service.web.api.refusals import kinds
from service.web.site import language_of
from states.refusals import Incomplete, NotFound, Refusal

router = APIRouter(prefix="/api", tags=["problems"])


@router.get(
    "/problems",
    **operation("problems", "List the kinds of problems", schemas.listed(shapes.ProblemKind), somebody=False),
)
async def problems(request: Request) -> Response:
    """Every kind of refusal."""
    language = language_of(request)
    items = [_described(kind, language) for kind in kinds().values()]
    return answer({"items": items, "next": None, "total": len(items)}, language)


@router.get(
    "/problems/{code}", **operation("problem", "A kind of problem", shapes.ProblemKind, somebody=False, refuses=[404])
)
async def kind_of_problem(request: Request, code: str) -> Response:
    """One kind of refusal: when it is given, and what it looks like."""
    kind = kinds().get(code)
    if kind is None:
        raise NotFound
    language = language_of(request)
    return answer(_described(kind, language), language)


def _described(kind: type[Refusal], language: str) -> dict[str, Any]:
    refusal = Incomplete({}) if issubclass(kind, Incomplete) else kind()
    description = " ".join((kind.__doc__ or "").split())
    return {"code": kind.code, "status": kind.status, "description": description, "example": problem(refusal, language)}
