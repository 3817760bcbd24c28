"""Is this document in force, and is this PDF ours? For anybody who has one in their hands; nothing is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from service.complaints.limits import from_network
from service.controlled import limits
from service.controlled.asked import Judges, look
from service.controlled.given import IN_FORCE, SUPERSEDED, WITHDRAWN, Standing, in_force_as, standing, whose
from service.controlled.verify import Judged, Verdict, judge
from service.language import say, says
from service.web.incoming import within
from service.web.pages.frame import show
from service.web.site import Anybody, Here, Site, Visitor
from states.kyrgyz import day_in_words, moment_in_words
from states.refusals import Refusal
from states.text import N_

router = APIRouter(include_in_schema=False)

PATH: Final = "/check"
MOST_BYTES: Final = 64 * 1024 * 1024
AROUND: Final = 64 * 1024  # what a form has besides its file
# Each takes a process of its own for a second: no more of them at once, whoever asks.
JUDGES: Final = Judges()


class NoFile(Refusal):
    """A form was sent without a file."""

    status = 422
    code = "no-file"
    says = N_("No file was chosen.")
    next_step = N_("Choose the PDF that you want to have checked.")


class FileTooLargeToCheck(Refusal):
    """The file is larger than any that is given out."""

    status = 413
    code = "file-too-large-to-check"
    says = N_("The file is too large to be checked here: at most 64 MB.")
    next_step = N_("Whoever runs Sapat can compare its SHA-256 with the one on the revision's page.")


@router.get(PATH)
async def check(request: Request, who: Anybody, here: Here) -> Response:
    """A field for a code, another for a file. `?code=` says what is in force under it."""
    code = request.query_params.get("code", "").strip()[:100]
    if code and who.person is None:  # inside, everybody reads the register
        try:
            await count_check(here, who)
        except Refusal as refusal:
            return await _refused(request, who, here, None, refusal, code)

    def read(connection: sa.Connection) -> dict[str, Any]:
        return _context(who, in_force_as(connection, code) if code else [], code=code)

    return await show(request, who, "check.html", read)


@router.get("/check/{record_id:uuid}")
async def check_one(request: Request, who: Anybody, here: Here, record_id: UUID) -> Response:
    """How the revision stands whose QR code led here; the same words for a draft and for what there is not."""
    found = await here.reading(lambda connection: standing(connection, record_id))
    if found is None:
        await count_check(here, who)
    context = _context(who, [found] if found else [], asked=record_id)
    return await show(request, who, "check.html", lambda _: context, 200 if found else 404)


@router.post(PATH)
async def check_file(request: Request, who: Anybody, here: Here) -> Response:
    """The verdict on a PDF."""
    return await _checked(request, who, here, None)


@router.post("/check/{record_id:uuid}")
async def check_file_of(request: Request, who: Anybody, here: Here, record_id: UUID) -> Response:
    """The verdict on a PDF that is said to be this revision."""
    return await _checked(request, who, here, record_id)


async def _checked(request: Request, who: Visitor, here: Site, asked: UUID | None) -> Response:
    try:
        await count_check(here, who)
        async with _sent(request) as file:
            judged, record_id, sha256 = await judgement(here, who, file)
    except Refusal as refusal:
        return await _refused(request, who, here, asked, refusal)

    def read(connection: sa.Connection) -> dict[str, Any]:
        meant = record_id or judged.claims
        found = standing(connection, meant) if meant else None
        wanted = standing(connection, asked) if asked else None
        shown = found if judged.verdict is Verdict.OURS else wanted
        context = _context(who, [shown] if shown else [], asked=asked)
        return {**context, "verdict": _verdict(judged, found, who.language), "sha256": sha256}

    return await show(request, who, "check.html", read)


async def judgement(here: Site, who: Visitor, file: IO[bytes]) -> tuple[Judged, UUID | None, str]:
    """What the file is; where its bytes are known, of which record; and its SHA-256. Raises TooBusy, NotJudged."""
    asked = await asyncio.to_thread(look, file)
    known = await here.reading(lambda connection: whose(connection, asked.sha256))
    if known:
        return Judged(Verdict.OURS, claims=known), known, asked.sha256
    if not asked.may_be_sealed:
        return Judged(Verdict.FOREIGN, claims=asked.claims), None, asked.sha256
    network, home = from_network(here.settings.home, who.address, who.now), here.settings.home
    judging = JUDGES.submit(network, lambda: judge(file, home, asked))
    return await asyncio.wrap_future(judging), None, asked.sha256


async def _refused(
    request: Request, who: Visitor, here: Site, asked: UUID | None, refusal: Refusal, code: str = ""
) -> Response:
    title, next_step = says(refusal, who.language)

    def read(connection: sa.Connection) -> dict[str, Any]:
        found = standing(connection, asked) if asked else None
        return {
            **_context(who, [found] if found else [], asked=asked),
            "code": code,
            "refused": {"title": title, "text": next_step},
        }

    answer = await show(request, who, "check.html", read, refusal.status)
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer


@asynccontextmanager
async def _sent(request: Request) -> AsyncIterator[IO[bytes]]:
    """The file of the form, where it lies: a large one on the disk. Raises NoFile, FileTooLargeToCheck."""
    async with within(request, MOST_BYTES + AROUND, FileTooLargeToCheck()).form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.size:
            raise NoFile
        if file.size > MOST_BYTES:
            raise FileTooLargeToCheck
        yield file.file


async def count_check(here: Site, who: Visitor) -> None:
    """Count a question of whoever asks. Raises TooManyChecks."""
    network = from_network(here.settings.home, who.address, who.now)
    await here.writing(lambda connection: limits.count(connection, network, who.now))


def _context(who: Visitor, found: list[Standing], *, code: str = "", asked: UUID | None = None) -> dict[str, Any]:
    return {
        "found": [_told(one, who.language) for one in found],
        "code": code,
        "action": f"{PATH}/{asked}" if asked else PATH,
        "nothing": not found and bool(code or asked),
        "signed_in": who.person is not None,
        "refused": None,
        "verdict": None,
    }


def _told(one: Standing, language: str) -> dict[str, Any]:
    """A revision as the page shows it."""
    title, tone = _STATES[one.state]
    facts = {"number": one.by.number} if one.by else {}
    lines: list[dict[str, Any]] = []
    if one.since:
        lines.append({"term": say(_SINCE, language), "value": day_in_words(one.since, language)})
    if one.until:
        lines.append({"term": say(_UNTIL, language), "value": day_in_words(one.until, language)})
    if one.by:
        by = {"href": f"{PATH}/{one.by.record_id}", "text": say(_REVISION, language, facts)}
        lines.append({"term": say(_BY, language), "value": by})
    if one.now:
        now = {"href": f"{PATH}/{one.now.record_id}", "text": say(_REVISION, language, {"number": one.now.number})}
        lines.append({"term": say(_NOW, language), "value": now})
    return {
        "code": one.code,
        "title": one.title,
        "revision": say(_REVISION, language, {"number": one.number}),
        "state": say(title, language),
        "tone": tone,
        "icon": "done" if one.state == IN_FORCE else "late",
        "formerly": say(_FORMERLY, language, {"code": one.code, "former": ", ".join(one.formerly)})
        if one.formerly
        else "",
        "facts": lines,
        "href": f"/revisions/{one.record_id}",
    }


def _verdict(judged: Judged, found: Standing | None, language: str) -> dict[str, Any]:
    """What is said of a file: in a word, what it means, and which revision it says it is."""
    title, text, tone = _VERDICTS[judged.verdict]
    says_it_is = ""
    if found and judged.verdict is not Verdict.OURS:
        facts = {"code": found.code, "number": found.number}
        says_it_is = say(_CLAIMS, language, facts)
    at = moment_in_words(judged.sealed_at, language) if judged.sealed_at else ""
    return {
        "title": say(title, language),
        "text": say(text, language),
        "tone": tone,
        "claims": says_it_is,
        "claims_href": f"{PATH}/{found.record_id}" if says_it_is and found else "",
        "sealed": say(_SEALED_AT, language, {"moment": at}) if at else "",
    }


_STATES: Final = {
    IN_FORCE: (N_("In force"), "good"),
    SUPERSEDED: (N_("Superseded: not in force any more"), "late"),
    WITHDRAWN: (N_("Withdrawn: not in force any more"), "late"),
}
_VERDICTS: Final = {
    Verdict.OURS: (
        N_("This file is ours, byte for byte."),
        N_("It is exactly what this university gave out. Whether it is in force stands above."),
        "good",
    ),
    Verdict.SEALED: (
        N_("The seal of this university is whole, but the file is not among those given out."),
        N_("Its pages were not changed since they were sealed. Take the file from the revision's page to be sure."),
        "info",
    ),
    Verdict.CHANGED: (
        N_("Changed after it was sealed."),
        N_("It bears the seal of this university, but something in it is not as it was sealed. Do not rely on it."),
        "late",
    ),
    Verdict.FOREIGN: (
        N_("This file is not ours."),
        N_("It bears no seal of this university that can be read. Do not rely on it."),
        "late",
    ),
}
_SINCE, _UNTIL, _BY = N_("In force since"), N_("In force until"), N_("Superseded by")
_NOW, _REVISION = N_("In force now"), N_("Revision № %(number)s")
_FORMERLY = N_("Its code is %(code)s now; on papers from before it may stand as %(former)s.")
_CLAIMS = N_("It says of itself that it is %(code)s, revision № %(number)s.")
_SEALED_AT = N_("It says that it was sealed on %(moment)s.")
