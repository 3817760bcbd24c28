"""Whom a revision concerns, where its page says so: a way to choose them, and a warning while that is nobody."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from service.keeping.distribution import Of, keeps
from service.language import say
from service.organisation import organisation
from service.readings import would_ask
from service.subject import Subject, load
from service.web.pages.distribution import href
from service.web.site import Visitor
from states.text import N_
from states.working_days import today

# The last steps before it comes into force: whoever has it then is warned too.
_LAST: Final = ("rector_approval", "scheduled")
_UNDER_WAY: Final = ("draft", "council_review", "amendment", *_LAST)


def nobody_reads(connection: sa.Connection, who: Visitor, revision: Subject) -> dict[str, Any] | None:
    """What `whom.html` says where nobody would be asked to read the revision; None where somebody would."""
    snapshot = organisation(connection)
    if would_ask(connection, snapshot, revision, today(who.now)):
        return None
    may = keeps(snapshot, who.actor)
    return {
        "title": say(_NOBODY, who.language),
        "text": say(_WHY if may else _ASK, who.language),
        "href": href(Of(document_id=revision.fields["document_id"])) if may else "",
    }


def warned(connection: sa.Connection, who: Visitor, revision: Subject, *, acts: bool) -> dict[str, Any] | None:
    """The same on the revision's page: while it is under way for whoever may choose, at its end for whoever acts."""
    steps = _UNDER_WAY if keeps(organisation(connection), who.actor) else _LAST if acts else ()
    if revision.lifecycle.name != "document" or revision.state not in steps:
        return None
    return nobody_reads(connection, who, revision)


def of_document(connection: sa.Connection, who: Visitor, revision_id: UUID | None) -> dict[str, Any] | None:
    """The same on the document's page, for whoever may choose: of its revision under way, else of the one in force."""
    if revision_id is None or not keeps(organisation(connection), who.actor):
        return None
    return nobody_reads(connection, who, load(connection, revision_id))


_NOBODY = N_("Nobody will be asked to read this")
_WHY = N_("As it is laid down, it concerns nobody but whoever wrote or approves it. Choose whom it concerns.")
_ASK = N_("As it is laid down, it concerns nobody but whoever wrote or approves it. The quality specialist can choose.")
