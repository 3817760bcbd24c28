"""A time-stamp server (RFC 3161), asked for a seal's time stamp: in bounded time, and believed as far as it proves.

pyHanko's own client waits as long as a server goes on sending, and takes a stamp over something else for one over this.
"""

import asyncio
from typing import Final

import httpx
from asn1crypto import cms, tsp  # type: ignore[import-untyped]  # it brings no types
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import set_tsp_headers
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from service.controlled.refusals import WorkFailedError

# For all of an answer; a seal asks twice, the first time to see how much room a stamp takes.
SECONDS: Final = 20
MOST_BYTES: Final = 256 * 1024
_WHAT: Final = "time-stamp server"


class TimeServer(TimeStamper):
    """The server at an address. Whatever it does but stamp is a WorkFailedError, to be tried again."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # it brings no types here
        self._url = url

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A time stamp over this digest, whole and signed by the certificate in it. Raises WorkFailedError.

        Whether that certificate is to be trusted is for whoever reads the PDF.
        """
        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            signed = stamp["content"]
            its_own = ValidationContext(trust_roots=[one.chosen for one in signed["certificates"]])
            digests = {md_algorithm: message_digest}
            status = await validate_tst_signed_data(signed, its_own, lambda name: digests.get(name, b""))
        except WorkFailedError:
            raise
        except Exception as error:  # whatever may come of bytes that are no answer
            raise WorkFailedError(_WHAT, f"no time stamp in its answer ({type(error).__name__}: {error})") from error
        if not (status["intact"] and status["valid"]):
            raise WorkFailedError(_WHAT, "its time stamp is over something else, or is not signed as it says")
        return stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What it answers. Raises WorkFailedError; the address, in which a password may stand, is told nowhere."""
        try:
            async with asyncio.timeout(SECONDS):
                return tsp.TimeStampResp.load(await self._post(req.dump()), strict=True)
        except TimeoutError as error:
            raise WorkFailedError(_WHAT, f"no whole answer within {SECONDS} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WorkFailedError(_WHAT, f"not reached ({type(error).__name__})") from error

    async def _post(self, asked: bytes) -> bytes:
        answer = b""
        client = httpx.AsyncClient(timeout=SECONDS)
        async with client, client.stream("POST", self._url, content=asked, headers=set_tsp_headers({})) as sent:
            if sent.status_code != httpx.codes.OK:
                raise WorkFailedError(_WHAT, f"answers {sent.status_code}")
            async for piece in sent.aiter_bytes():
                answer += piece
                if len(answer) > MOST_BYTES:
                    raise WorkFailedError(_WHAT, "answers more than a time stamp")
        return answer
