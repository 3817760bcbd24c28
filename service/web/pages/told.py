"""All that a page about one record is told from: the record, its forms, and the words for what it mentions."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from service.language import say
from service.organisation import organisation
from service.parts import parts_above
from service.reading.causes import CATALOGUE, CauseView, causes_of, has_causes
from service.reading.causes import PART as CAUSE
from service.reading.entries import Catalogue, catalogues
from service.reading.mentioned import fields_of, mentioned_by
from service.reading.records import RecordView
from service.web.pages.facts import Known
from service.web.pages.forms import Refused
from service.web.pages.moving import Forms
from service.web.pages.parts import Column
from service.web.pages.signing import Proving
from service.web.pages.wording import badge
from service.web.site import Visitor
from states.lifecycle import Field
from states.registry import lifecycle
from states.text import N_

Row = Mapping[str, Any]


class Told:
    """One record for one person. What it needs of the database is read once, whatever the record has of its parts."""

    def __init__(
        self, connection: sa.Connection, view: RecordView, who: Visitor, refused: Refused | None, how: Proving
    ) -> None:
        self.connection, self.view, self.who, self.refused = connection, view, who, refused
        found = mentioned_by(connection, view, who.actor, who.now)
        known = catalogues(connection, _catalogues(view))
        self.known = Known(who.language, organisation(connection), known, found, self._above())
        self.forms = Forms(connection, view, who, refused, how, found, known)

    @cached_property
    def causes(self) -> list[CauseView]:
        """Its causes, where it is of a kind that has them."""
        return causes_of(self.view, self.kinds) if has_causes(self.view) else []

    @property
    def kinds(self) -> Catalogue:
        """The tree of the kinds of causes."""
        return self.known.catalogues.get(CATALOGUE) or Catalogue()

    def _above(self) -> Any:
        """What the record hangs on, with the parts that it names by their numbers, where that may be read."""
        view = self.view
        named = next((one.of for one in fields_of(view.lifecycle).values() if one.kind == "parts"), "")
        if not named or view.parent is None:
            return None
        part = lifecycle(view.lifecycle.child_of).parts[named]
        address = f"/{view.parent.lifecycle.collection}/{view.parent.id}"
        return address, part, parts_above(self.connection, view.subject, named)


def more_columns(told: Told) -> dict[str, Column]:
    """What is said of parts besides their own fields: of causes, what becomes of each."""
    if not told.causes:
        return {}
    language = told.who.language
    return {CAUSE: Column(say(_BECOMES, language), {one.no: what_becomes(one, language) for one in told.causes})}


def what_becomes(cause: CauseView, language: str) -> Any:
    """What becomes of a cause, as a cell: the actions that name it, that it blocks the plan, or that it goes deeper."""
    if cause.blocks:
        return {"text": say(_BLOCKS, language), "tone": "late"}
    if cause.answer == "nothing":
        return say(_NOTHING, language)
    if cause.actions or cause.unseen:
        return [
            *(
                {
                    "code": action.code,
                    "text": action.title,
                    "href": f"/{action.lifecycle.collection}/{action.id}",
                    "note": badge(action.lifecycle, action.state, language)["text"],
                }
                for action in cause.actions
            ),
            *([say(_UNSEEN, language, {"count": cause.unseen})] if cause.unseen else []),
        ]
    return say(_REASON if cause.answer == "reason" else _DEEPER, language)


def _catalogues(view: RecordView) -> set[str]:
    """The catalogues of which the record holds entries, or may be given some."""
    fields: Sequence[Field] = [
        *fields_of(view.lifecycle).values(),
        *(one for part in view.lifecycle.parts.values() for one in part.fields),
    ]
    return {one.of for one in fields if one.kind == "entry"}


_BECOMES = N_("What becomes of it")
_NOTHING = N_("No action and no reason yet")
_BLOCKS, _REASON = N_("Blocks the plan"), N_("No action, with a reason")
_DEEPER, _UNSEEN = N_("Has a deeper cause"), N_("%(count)s that you may not read")
