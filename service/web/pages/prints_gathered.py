"""Which prints a record has, by its lifecycle, and who gathers what they say.

A lifecycle has the prints that are named for it here; any that is signed has a sign-off sheet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import organisation
from service.prints.common import University
from service.prints.gather import acquaintance_sheet, approval_sheet, sign_off_sheet, university_of
from service.prints.gather_changes import change_sheet, order_draft
from service.prints.gather_sittings import agenda, extract, extract_about, protocol, protocols_about
from service.prints.kinds import FORMS, Form
from service.prints.refusals import NoForm
from service.reading.records import RecordView, read_record
from service.web.pages.prints_nonconformity import nonconformity_act
from service.web.site import Visitor
from states.lifecycle import Lifecycle
from states.refusals import NotFound


@dataclass(frozen=True, slots=True)
class About:
    """A record that is to be printed, for whoever asks, in the language of the print. `asked` is the query."""

    connection: sa.Connection
    view: RecordView
    who: Visitor
    asked: Mapping[str, str] = field(default_factory=dict)


Gather = Callable[[About], Any]

PRINTS: Final[dict[str, dict[str, Gather]]] = {
    "document": {
        "approval": lambda about: approval_sheet(about.connection, about.view, about.who.now),
        "changes": lambda about: change_sheet(about.connection, about.view.document.id, about.who.actor, about.who.now),
        "acquaintance": lambda about: acquaintance_sheet(about.connection, about.view, about.who.actor, about.who.now),
        "extract": lambda about: extract_about(about.connection, about.view.subject.id, about.asked, about.who.now),
        "order": lambda about: order_draft(about.connection, about.view, about.who.actor, about.who.now),
    },
    "sitting": {
        "agenda": lambda about: agenda(about.connection, about.view.subject, about.who.now),
        "protocol": lambda about: protocol(about.connection, about.view.subject, about.who.now),
        "extract": lambda about: extract(about.connection, about.view.subject, about.asked, about.who.now),
    },
    "nonconformity": {"nonconformity": lambda about: nonconformity_act(about.connection, about.view, about.who)},
}
SIGN_OFF: Final = "sign-off"
ORDER: Final = "order"
EXTRACT: Final = "extract"


def prints_of(
    one: Lifecycle, view: RecordView | None = None, connection: sa.Connection | None = None
) -> tuple[Form, ...]:
    """The prints that records of a lifecycle have, or one of them has, in the order of the forms."""
    named = {*PRINTS.get(one.name, ()), *([SIGN_OFF] if any(move.signs for move in one.moves.values()) else [])}
    if view and view.subject.fields.get("by_order") is False:
        named -= {ORDER}  # by its route no order is given
    if view and connection and one.name == "document":
        decided = connection.execute(protocols_about(view.subject.id)).first()
        named -= set() if decided else {EXTRACT}
    return tuple(form for form in FORMS.values() if form.name in named)


def gathered(
    connection: sa.Connection, one: Lifecycle, record_id: UUID, form: Form, who: Visitor, asked: Mapping[str, str]
) -> tuple[Any, str, UUID | None]:
    """The shape of a print of a record, the record's code, its campus. Raises NotFound, NoForm."""
    view = read_record(connection, record_id, who.actor, who.now)
    if view.lifecycle is not one:
        raise NotFound
    if form not in prints_of(one, view, connection):
        raise NoForm
    gather = PRINTS.get(one.name, {}).get(form.name, _sign_off)
    return gather(About(connection, view, who, asked)), view.subject.fields["code"], view.subject.fields["campus_id"]


def document_changes(connection: sa.Connection, document_id: UUID, who: Visitor) -> tuple[Any, str, UUID | None]:
    """The registration sheet of a document's changes, its code, its campus. Raises NotFound."""
    sheet = change_sheet(connection, document_id, who.actor, who.now)
    campus = connection.execute(sa.select(t.document.c.campus_id).where(t.document.c.id == document_id)).scalar_one()
    return sheet, sheet.code, campus


def at_the_head(connection: sa.Connection, who: Visitor, campus: UUID | None, folder: Path | None) -> University:
    """The university at the head of a print: of what is printed, else of the posts of whoever asks."""
    snapshot = organisation(connection)
    own = (snapshot.campus_of(snapshot.posts[post].unit_id) for post in sorted(who.actor.posts))
    return university_of(connection, campus or next(filter(None, own), None), folder)


def _sign_off(about: About) -> Any:
    return sign_off_sheet(about.connection, about.view, about.who.now)
