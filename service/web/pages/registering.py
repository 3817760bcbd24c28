"""The way from a form to what it lacks and back: what was typed goes along in the address and is lost nowhere."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from service.web.pages.forms import Refused

NEW_DOCUMENT: Final = "/documents/new"
# Addresses that are longer are refused by servers and browsers on the way.
LONGEST: Final = 6000


def away(path: str, typed: Mapping[str, str]) -> str:
    """Where something is entered that the form lacks; from there one comes back to the form as it was."""
    kept = urlencode({name: value for name, value in typed.items() if value and name not in ("do", "form_token")})
    back = f"{NEW_DOCUMENT}?{kept}" if kept else NEW_DOCUMENT
    return f"{path}?{urlencode({'next': back[:LONGEST]})}"


def back_to(request: Request, refused: Refused | None) -> dict[str, str]:
    """What a form keeps so that one comes back; nothing where one came from no form of ours."""
    said = str(refused.typed.get("next", "")) if refused else request.query_params.get("next", "")
    return {"next": said} if _is_ours(said) else {}


def leads_back(said: str, **chosen: str) -> str:
    """The form that one came from with what was entered now chosen in it; empty where one came from none."""
    if not _is_ours(said):
        return ""
    typed = dict(parse_qsl(urlsplit(said).query)) | chosen
    return f"{NEW_DOCUMENT}?{urlencode(typed)}"


def _is_ours(address: str) -> bool:
    return address == NEW_DOCUMENT or address.startswith(f"{NEW_DOCUMENT}?")
