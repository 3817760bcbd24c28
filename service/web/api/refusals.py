"""Refusals that only HTTP knows, and all the kinds there are."""

from collections.abc import Iterator

from states.refusals import Refusal
from states.text import N_


class FromElsewhere(Refusal):
    """A page of another site made the browser send this."""

    status = 403
    code = "from-elsewhere"
    says = N_("This was sent from another site.")
    next_step = N_("Open Sapat itself and do it there.")


class Misdirected(Refusal):
    """The request names a host that is not this one (RFC 9110, 15.5.20)."""

    status = 421
    code = "misdirected"
    says = N_("No Sapat has this name here.")
    next_step = N_("Use the address that the university gave you; the administrator can add others (SAPAT_HOSTS).")


class Unclear(Refusal):
    """The request names no host, or more than one, or another address than a path."""

    status = 400
    code = "unclear"
    says = N_("The request does not say clearly whom it is meant for.")


class NotAllowed(Refusal):
    """The address is known, but not with this method."""

    status = 405
    code = "method-not-allowed"
    says = N_("This address does not know this method.")
    next_step = N_("See the API's description for what can be done here.")


class Outdated(Refusal):
    """The request said by If-Match which version it is meant for, and the record has moved on (RFC 9110, 13.1.1)."""

    status = 412
    code = "precondition-failed"
    says = N_("This was meant for another version of the record. Nothing was written.")
    next_step = N_("Open the record again and look at its history before you decide.")


class TooLarge(Refusal):
    """The body is larger than any request needs to be."""

    status = 413
    code = "too-large"
    says = N_("The request is too large.")
    next_step = N_("Send less than 1 MB.")


class NotJson(Refusal):
    """The body is not said to be JSON."""

    status = 415
    code = "unsupported-media-type"
    says = N_("The request must be JSON.")
    next_step = N_("Send it with “Content-Type: application/json”.")


class Broken(Refusal):
    """Sapat has made a mistake."""

    status = 500
    code = "internal"
    says = N_("Something went wrong here. It is not your mistake.")
    next_step = N_("Try again; if it stays so, tell the administrator when it happened.")


def kinds() -> dict[str, type[Refusal]]:
    """Every kind of refusal by its code, in the order of their statuses."""
    found = {kind.code: kind for kind in _below(Refusal)}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].status, pair[0])))


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _below(one)
