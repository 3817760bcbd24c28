"""The moves of a record as forms: exactly those that this person may make."""

from typing import Any

import sqlalchemy as sa

from service.reading.records import RecordView
from service.web.pages.forms import Refused, controls, options, summary
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.lifecycle import Tone

BUTTONS = {Tone.FORWARD: "primary", Tone.BACK: "quiet", Tone.STOP: "danger"}


def cards(connection: sa.Connection, view: RecordView, who: Visitor, refused: Refused | None) -> list[dict[str, Any]]:
    """A form for each move. The one that was refused is open, with what was typed and what is wrong."""
    choices = options(connection, [field for move in view.moves for field in move.records], who)
    language = who.language
    forward = [move.name for move in view.moves if move.tone is Tone.FORWARD]
    shown = []
    for move in view.moves:
        here = refused if refused and refused.name == move.name else None
        errors = here.errors(language) if here else {}
        prefix = f"{move.name}-"
        leads = {view.lifecycle.steps[way.to].label.into(language): None for way in move.ways}
        shown.append(
            {
                "name": move.name,
                "label": heading(move.label, language),
                "leads": " / ".join(leads),
                "tone": BUTTONS[move.tone],
                "open": bool(here) or (refused is None and forward == [move.name]),
                "action": f"/{view.lifecycle.collection}/{view.subject.id}/moves/{move.name}",
                "version": view.subject.fields["version"],
                "controls": controls(move.records, language, choices, here.typed if here else {}, errors, prefix),
                "errors": summary(move.records, errors, language, prefix),
            }
        )
    return shown
