"""The registration sheet of a document's changes, and the draft of the order that puts a revision in force."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.organisation import Actor, organisation
from service.prints.common import Signatory, Words
from service.prints.gather import approved, approver, considered, enacts, filled, title_of
from service.prints.shapes import Change, ChangeSheet, OrderDraft, OrderPoint
from service.reading.authors import CONFIDENTIAL, knows_author
from service.reading.documents import KIND
from service.reading.happened import DecisionView
from service.reading.permitted import readable_by
from service.reading.records import RecordView, read_record
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
    """The order that approves a revision, with all that was approved by it and may be read: a draft before that."""
    approval = approved(view)
    views = [view, *_by_the_same_order(connection, view, approval, actor, now)]
    named = [title_of(one) for one in views]
    several, enacting = len(views) > 1, all(map(enacts, views))
    subject = _PUTS_IN_FORCE if enacting else _SUBJECT
    subjects = _PUTS_ALL_IN_FORCE if enacting else _SUBJECTS
    grounds = (ground for one in views for ground in _grounds(connection, one))
    return OrderDraft(
        subject=subjects if several else filled(subject, code=named[0][0], title=named[0][1]),
        points=(
            *(point for one in views for point in _points(connection, one, actor, now)),
            OrderPoint(_ACQUAINT_WITH_ALL if several else _ACQUAINT),
        ),
        signatory=approver(connection, view, now),
        dated=today(now),
        preamble=tuple(dict.fromkeys(grounds)),
        documents=tuple(f"{code} {title}" for code, title in named),
        number=approval.number if approval else "",
        signed_on=approval.decided_on if approval else None,
        prepared_by=Signatory(_post_of_author(view), view.author) if view.author else None,
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
    others = (read_record(connection, one, actor, now) for one in connection.execute(found).scalars().unique().all())
    # One whose own approval was recalled, or replaced by another order's, stands in this one no longer.
    key = (approval.number, approval.decided_on)
    return [one for one in others if (its := approved(one)) and (its.number, its.decided_on) == key]


def _grounds(connection: sa.Connection, view: RecordView) -> Iterator[Text]:
    for one in considered(connection, view):
        day = in_words(one.held_on) if one.held_on else _LINE
        yield filled(_GROUND, body=one.body, number=one.protocol_no, day=day)


def _points(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> Iterator[OrderPoint]:
    """That it is approved, from which day; and that the revision before it ceases."""
    (code, title), fields, approval = title_of(view), view.subject.fields, approved(view)
    entry = approval.in_force_on if approval else fields["in_force_on"]
    day = in_words(entry) if entry else _LINE
    yield OrderPoint(
        filled(_ENACT if enacts(view) else _APPROVE, code=code, title=title, number=fields["number"], day=day)
    )
    before = connection.execute(
        sa.select(sa.func.max(t.revision.c.number))
        .join(t.record, t.record.c.id == t.revision.c.record_id)
        .where(t.revision.c.document_id == view.document.id, t.revision.c.number < fields["number"])
        .where(t.revision.c.in_force_on.is_not(None), t.record.c.kind == KIND)
        .where(readable_by(connection, actor, now, KIND))
    ).scalar()
    if before:
        yield OrderPoint(filled(_CEASES, code=code, number=before))


def _post_of_author(view: RecordView) -> Words:
    """The post in which somebody began the revision: where they are told, so is that."""
    opened = view.history[0] if view.history else None
    return opened.post if opened and opened.post and not opened.hidden else ""


def in_words(day: Any) -> Text:
    """A day as official texts write it, in each language."""
    return Text(*(day_in_words(day, one) for one in LANGUAGES))
