"""The registration sheet of a document's changes, and the draft of the order that puts a revision in force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.prints.common import Signatory, Words
from service.prints.gather import (
    APPROVES,
    approved,
    approver,
    code_of,
    considered,
    enacts,
    filled,
    signed_under,
    title_of,
)
from service.prints.shapes import Change, ChangeSheet, OrderDraft, OrderPoint
from service.reading.authors import CONFIDENTIAL, knows_author
from service.reading.documents import KIND
from service.reading.happened import DecisionView
from service.reading.permitted import readable_by
from service.reading.records import RecordView, read_decided
from states.kyrgyz import day_in_words
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import LANGUAGES, Text
from states.working_days import today

_SUBJECT: Final = Text(
    "«{title}» ({code}) документин бекитүү жана күчүнө киргизүү жөнүндө",
    "Об утверждении и введении в действие документа «{title}» ({code})",
    "Approving and putting into force the document “{title}” ({code})",
)
_SUBJECTS: Final = Text(
    "Документтерди бекитүү жана күчүнө киргизүү жөнүндө",
    "Об утверждении и введении в действие документов",
    "Approving documents and putting them into force",
)
_PUTS_IN_FORCE: Final = Text(
    "«{title}» ({code}) документин ишке киргизүү жөнүндө",
    "О введении в действие документа «{title}» ({code})",
    "Putting into force the document “{title}” ({code})",
)
_PUTS_ALL_IN_FORCE: Final = Text(
    "Документтерди ишке киргизүү жөнүндө",
    "О введении в действие документов",
    "Putting documents into force",
)
_GROUND_OF: Final = Text(
    "Негизи: {body}, протокол № {number}, {day} ({codes}).",
    "Основание: {body}, протокол № {number}, {day} ({codes})",
    "Grounds: {body}, protocol № {number}, {day} ({codes}).",
)
_GROUND: Final = Text(
    "Негизи: {body}, протокол № {number}, {day}.",
    "Основание: {body}, протокол № {number}, {day}",
    "Grounds: {body}, protocol № {number}, {day}.",
)
_APPROVE: Final = Text(
    "«{title}» ({code}) документинин № {number} редакциясы бекитилсин. Күчүнө кирүү күнү: {day}.",
    "Утвердить редакцию № {number} документа «{title}» ({code}). Дата введения в действие: {day}",
    "Revision № {number} of the document “{title}” ({code}) is approved. It enters into force on: {day}.",
)
_ENACT: Final = Text(
    "«{title}» ({code}) документинин № {number} редакциясы ишке киргизилсин. Күчүнө кирүү күнү: {day}.",
    "Ввести в действие редакцию № {number} документа «{title}» ({code}). Дата введения в действие: {day}",
    "Revision № {number} of the document “{title}” ({code}) is put into force. It enters into force on: {day}.",
)
_CEASES: Final = Text(
    "{code} документинин № {number} редакциясы ошол күндөн тартып күчүн жоготту деп табылсын.",
    "Признать с того же дня утратившей силу редакцию № {number} документа {code}.",
    "Revision № {number} of the document {code} ceases to be in force on the same day.",
)
_ACQUAINT: Final = Text(
    "Структуралык бөлүмдөрдүн башчылары кызматкерлерди документ менен тааныштырсын.",
    "Руководителям структурных подразделений ознакомить работников с документом.",
    "Heads of units shall see to it that their staff read the document.",
)
_ACQUAINT_WITH_ALL: Final = Text(
    "Структуралык бөлүмдөрдүн башчылары кызматкерлерди документтер менен тааныштырсын.",
    "Руководителям структурных подразделений ознакомить работников с документами.",
    "Heads of units shall see to it that their staff read the documents.",
)
_DOCUMENT: Final = Text("{code} {title}", "{code} {title}", "{code} {title}")
SCHEDULED, COMES, CEASES = "scheduled", "come_into_force", "supersede"
_LINE: Final = "____________________"


def change_sheet(connection: sa.Connection, document_id: UUID, actor: Actor, now: datetime) -> ChangeSheet:
    """Each revision after the first that has been in force, of those the actor may read. Raises NotFound.

    A change is entered by the author of the revision, on the day that it came into force; its clause is what the
    revision says that it changes.
    """
    document = connection.execute(sa.select(t.document).where(t.document.c.id == document_id)).one_or_none()
    if document is None:
        raise NotFound
    snapshot, day = organisation(connection), today(now)
    found = (
        sa.select(t.revision.c.number, t.revision.c.summary, t.revision.c.in_force_on, t.record)
        .join(t.record, t.record.c.id == t.revision.c.record_id)
        .where(t.revision.c.document_id == document_id, t.revision.c.number > 1)
        .where(t.revision.c.in_force_on <= day, t.record.c.kind == KIND, readable_by(connection, actor, now, KIND))
        .order_by(t.revision.c.number)
    )
    rows = []
    for no, row in enumerate(connection.execute(found), start=1):
        knows = knows_author(snapshot, actor, lifecycle(KIND), row._mapping)
        name, post = _author(connection, row, snapshot) if knows else (CONFIDENTIAL, "")
        rows.append(Change(no, name, post, row.summary, row.in_force_on))
    return ChangeSheet(document.code, document.title, rows, day)


def _author(connection: sa.Connection, row: Any, snapshot: Any) -> tuple[Words, Words]:
    """Who began the revision, in the post in which they did."""
    if row.author_id is None:
        return "", ""
    opened = sa.select(t.history.c.post_id).where(t.history.c.record_id == row.id).order_by(t.history.c.seq).limit(1)
    post = snapshot.posts.get(connection.execute(opened).scalar())
    return snapshot.people[row.author_id].name, post.name if post else ""


def order_draft(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> OrderDraft:
    """The order that approves a revision, with all that was approved by it and may be read: a draft before that.

    It calls them by the codes that stood when it was signed; in the list of them with those of now.
    """
    approval = approved(view)
    views = [view, *_by_the_same_order(connection, view, approval, actor, now)]
    named = {one.subject.id: (signed_under(connection, one), title_of(one)[1]) for one in views}
    several, enacting = len(views) > 1, all(map(enacts, views))
    subject = _PUTS_IN_FORCE if enacting else _SUBJECT
    subjects = _PUTS_ALL_IN_FORCE if enacting else _SUBJECTS
    code, title = named[view.subject.id]
    return OrderDraft(
        subject=subjects if several else filled(subject, code=code, title=title),
        points=(
            *(point for one in views for point in _points(connection, one, *named[one.subject.id], actor, now)),
            OrderPoint(_ACQUAINT_WITH_ALL if several else _ACQUAINT),
        ),
        signatory=approver(connection, view, now),
        dated=today(now),
        preamble=tuple(_grounds(connection, views, {id_: code for id_, (code, _) in named.items()})),
        documents=tuple(
            filled(_DOCUMENT, code=code_of(one, named[one.subject.id][0]), title=title_of(one)[1]) for one in views
        ),
        number=approval.number if approval else "",
        signed_on=approval.decided_on if approval else None,
        prepared_by=tuple(dict.fromkeys(Signatory(_post_of_author(one), one.author) for one in views if one.author)),
    )


def _by_the_same_order(
    connection: sa.Connection, view: RecordView, approval: DecisionView | None, actor: Actor, now: datetime
) -> list[RecordView]:
    """Others of its campus that were approved under the same number on the same day, by their codes."""
    if approval is None:
        return []
    own, other, record = t.decision.alias("own"), t.decision.alias("other"), t.record.c
    same = ((other.c[name] == own.c[name]) for name in ("number", "decided_on", "move", "kind"))
    found = (
        sa.select(record.id)
        .join(other, other.c.record_id == record.id)
        .join(own, sa.and_(*same))
        .where(own.c.history_id == approval.history_id, record.id != view.subject.id)
        .where(record.kind == KIND, record.campus_id == view.subject.fields["campus_id"])
        .where(readable_by(connection, actor, now, KIND))
        .order_by(record.code, record.id)
    )
    others = (read_decided(connection, one, actor) for one in connection.execute(found).scalars().unique().all())
    # One whose own approval was recalled, or replaced by another order's, stands in this one no longer.
    key = (approval.number, approval.decided_on)
    return [one for one in others if (its := approved(one)) and (its.number, its.decided_on) == key]


def _grounds(connection: sa.Connection, views: Sequence[RecordView], codes: Mapping[UUID, str]) -> Iterator[Text]:
    """Each decision of a council once; of which documents it was, where it was not of all of them."""
    of: dict[tuple[Words, str, Any], list[str]] = {}
    for view in views:
        for one in considered(connection, view):
            of.setdefault((one.body, one.protocol_no, one.held_on), []).append(codes[view.subject.id])
    for (body, number, held_on), those in of.items():
        facts = {"body": body, "number": number, "day": in_words(held_on) if held_on else _LINE}
        everywhere = len(those) == len(views)
        yield filled(_GROUND, **facts) if everywhere else filled(_GROUND_OF, **facts, codes=", ".join(those))


def _points(
    connection: sa.Connection, view: RecordView, code: str, title: str, actor: Actor, now: datetime
) -> Iterator[OrderPoint]:
    """That it is approved, from which day; and that the revision before it ceases."""
    fields, approval = view.subject.fields, approved(view)
    entry = approval.in_force_on if approval else fields["in_force_on"]
    day = in_words(entry) if entry else _LINE
    yield OrderPoint(
        filled(_ENACT if enacts(view) else _APPROVE, code=code, title=title, number=fields["number"], day=day)
    )
    ceases = _ceasing(view, bool(approval)).where(t.record.c.kind == KIND, readable_by(connection, actor, now, KIND))
    if before := connection.execute(ceases).scalar():
        yield OrderPoint(filled(_CEASES, code=code, number=before))


def _ceasing(view: RecordView, approved: bool) -> sa.Select[tuple[int]]:
    """The number of the revision that ceases by it: what is in force until then; after that, what it superseded."""
    found = sa.select(t.revision.c.number).join(t.record, t.record.c.id == t.revision.c.record_id).limit(1)
    if approved and view.subject.state != SCHEDULED:
        by = [one.id for one in view.history if one.move_name in (APPROVES, COMES)]
        ceased = sa.select(t.history.c.record_id).where(t.history.c.move == CEASES, t.history.c.cause_id.in_(by))
        return found.where(t.revision.c.record_id.in_(ceased), t.revision.c.document_id == view.document.id)
    other = (t.revision.c.document_id == view.document.id) & (t.revision.c.record_id != view.subject.id)
    return found.where(other, t.revision.c.in_force)


def _post_of_author(view: RecordView) -> Words:
    """The post in which somebody began the revision: where they are told, so is that."""
    opened = view.history[0] if view.history else None
    return opened.post if opened and opened.post and not opened.hidden else ""


def in_words(day: Any) -> Text:
    """A day as official texts write it, in each language."""
    return Text(*(day_in_words(day, one) for one in LANGUAGES))
