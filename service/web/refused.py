"""From a refusal to an answer: a page for people, RFC 9457 problem+json under /api, both in the reader's language."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service.problem import problem
from service.web.site import site, visitor
from states.refusals import Incomplete, Malformed, NotFound, Refusal
from states.text import N_


def install(app: FastAPI) -> None:
    """Let the application answer refusals, bad requests and unknown addresses."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal()
    who = await visitor(request, site(request))
    if request.url.path.startswith("/api"):
        return JSONResponse(problem(refusal, who.language), refusal.status, media_type="application/problem+json")
    from service.web.pages.frame import refused_page  # pages know this module

    return await refused_page(request, who, refusal)


async def _invalid(request: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    return await _refused(request, Incomplete({str(one["loc"][-1]): _WRONG for one in errors}))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    refusal = NotFound() if status == 404 else Malformed()
    answer = await _refused(request, refusal)
    answer.status_code = status
    return answer


_WRONG = N_("This is not of the kind that is asked for.")
