"""A refusal as RFC 9457 problem details, in the reader's language."""

from typing import Any

from service.language import say, says
from service.orders import OrderRefused
from states.refusals import Incomplete, Refusal


def problem(refusal: Refusal, language: str) -> dict[str, Any]:
    """`type`, `title`, `status`, `code`; `next_step`, `errors` by field or record, where there are any (RFC 9457)."""
    title, next_step = says(refusal, language)
    body: dict[str, Any] = {
        "type": f"/api/problems/{refusal.code}",
        "title": title,
        "status": refusal.status,
        "code": refusal.code,
    }
    if next_step:
        body["next_step"] = next_step
    if isinstance(refusal, Incomplete):
        body["errors"] = {name: say(sentence, language) for name, sentence in refusal.errors.items()}
    if isinstance(refusal, OrderRefused):
        body["errors"] = {str(one): " ".join(says(why, language)) for one, why in refusal.refused.items()}
    return body
