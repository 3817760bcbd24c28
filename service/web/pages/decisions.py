"""The decisions on a record as cards, each with the protocol it stands in: the sitting, and the extract of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.language import say
from service.organisation import Actor
from service.reading.decided import Sat, sittings_on
from service.reading.happened import DecisionView
from service.reading.records import RecordView
from service.reading.signatures import SignatureView
from service.web.pages.facts import Facts, decision_card
from service.web.pages.signing import signed_lines
from states.text import N_


def decision_cards(
    connection: sa.Connection,
    view: RecordView,
    decisions: Iterable[DecisionView],
    signatures: Iterable[SignatureView],
    actor: Actor,
    now: datetime,
    language: str,
) -> Facts:
    """The last decision first."""
    shown, signed = list(decisions), signed_lines(signatures, language)
    by_body = any(one.body_id for one in shown)
    sat = sittings_on(connection, view.subject.id, actor, now) if by_body else []
    here = f"/{view.lifecycle.collection}/{view.subject.id}"
    return [
        decision_card(one, view.lifecycle, language, signed.get(one.history_id, []), _links(one, sat, here, language))
        for one in reversed(shown)
    ]


def _links(decision: DecisionView, sat: list[Sat], here: str, language: str) -> list[dict[str, Any]]:
    """To the sitting, for whoever may read it; to the extract, for whoever reads the record."""
    this = (decision.body_id, decision.number, decision.decided_on)
    one = next((one for one in sat if (one.body_id, one.protocol_no, one.held_on) == this), None)
    if one is None:
        return []  # recorded by hand, or brought in: no sitting was kept here
    extract = {
        "href": f"{here}/prints/extract.pdf?sitting={one.id}",
        "label": say(_EXTRACT, language),
        "of": say(_NUMBERED, language, {"number": decision.number}),
    }
    sitting = {"href": f"/sittings/{one.id}", "label": say(_SITTING, language), "of": extract["of"]}
    return [*([sitting] if one.readable else []), extract]


_SITTING, _EXTRACT = N_("The sitting"), N_("Extract of the protocol")
_NUMBERED = N_("Protocol № %(number)s")
