"""From a refusal to an answer: a page for people, RFC 9457 problem+json under /api, both in the reader's language."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service.problem import problem
from service.web.api.refusals import Broken, NotAllowed
from service.web.site import language_of, visitor
from states.refusals import Incomplete, Malformed, NotFound, Refusal
from states.text import N_


def install(app: FastAPI) -> None:
    """Let the application answer refusals, bad requests, unknown addresses and its own mistakes."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal()
    who = await visitor(request)
    if for_programs(request):
        return problem_answer(refusal, who.language)
    from service.web.pages.frame import refused_page  # pages know this module

    answer = await refused_page(request, who, refusal)
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    return await _refused(request, Incomplete({str(one["loc"][-1]): _WRONG for one in errors}))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = await _refused(request, _BY_STATUS.get(status, Malformed)())
    answer.status_code = status
    # A 405 says which methods there are.
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _broken(request: Request, _: Exception) -> Response:
    # The database may be what is broken: nothing is asked of it. The server logs the error, whatever is answered.
    if for_programs(request):
        return problem_answer(Broken(), language_of(request))
    return Response("Sapat: 500", 500, media_type="text/plain")


def problem_answer(refusal: Refusal, language: str) -> Response:
    """A refusal as RFC 9457 has it."""
    headers = {"Content-Language": language, "Cache-Control": "no-store", **getattr(refusal, "headers", {})}
    return JSONResponse(problem(refusal, language), refusal.status, headers, "application/problem+json")


def for_programs(request: Request) -> bool:
    """Whether a program asks, which wants no page."""
    return request.url.path == "/api" or request.url.path.startswith("/api/")


_BY_STATUS: dict[int, type[Refusal]] = {404: NotFound, 405: NotAllowed}
_WRONG = N_("This is not of the kind that is asked for.")
