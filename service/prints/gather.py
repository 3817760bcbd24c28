"""What prints of documents say, out of what one person may read: never more than the record's page tells them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.codes import code_at, same
from service.organisation import Actor, organisation
from service.prints.common import Signatory, University, Words
from service.prints.own import university
from service.prints.shapes import (
    AcquaintanceSheet,
    Acquainted,
    ApprovalSheet,
    Considered,
    SignOff,
    SignOffSheet,
)
from service.reading.authors import CONFIDENTIAL
from service.reading.decided import does_of
from service.reading.happened import DecisionView
from service.reading.permitted import readable_by
from service.reading.records import RecordView
from service.reading.signatures import SignatureView, signatures_of
from states.kyrgyz import day_short
from states.lifecycle import Meaning
from states.roles import Role
from states.routes import Does
from states.text import LANGUAGES, Text
from states.working_days import today

RECTOR: Final = Text("Ректор", "Ректор", "Rector")
# The moves by which a body lets a document go on, and the one after which what bodies said before no longer counts.
LETS_ON: Final = frozenset({"endorse", "endorse_with_amendments"})
BEGINS: Final = "submit"
APPROVES: Final = "approve"
# The moves after which an approval before them no longer counts.
TAKES_BACK: Final = frozenset({"recall", "return_to_author"})
ACKNOWLEDGEMENT: Final = "acknowledgement"
LAPSED: Final = "lapsed"
_NOW: Final = Text("{then} (азыр {now})", "{then} (ныне {now})", "{then} (now {now})")
_FOR: Final = Text("ордуна кол койду: {name}", "подписано за: {name}", "signed for: {name}")
_VOID: Final = Text("{day} күчүн жоготту", "утратила силу {day}", "void since {day}")


def filled(words: Text, **facts: Any) -> Text:
    """Words with facts in their places, in each language; facts may be words themselves, days are written short."""
    return Text(
        *(words.into(one).format(**{name: _said(fact, one) for name, fact in facts.items()}) for one in LANGUAGES)
    )


def _said(fact: Any, language: str) -> str:
    return fact.into(language) if isinstance(fact, Text) else str(fact)


def days(day: Any) -> Text:
    """A day as each language writes it in a table."""
    return Text(*(day_short(day, one) for one in LANGUAGES))


def university_of(connection: sa.Connection, campus_id: UUID | None, folder: Path | None) -> University:
    """The university that a record is of: what is at the top of its campus. Raises FormBroken."""
    snapshot = organisation(connection)
    lineage = snapshot.lineage(campus_id) if campus_id else ()
    tops = lineage[-1:] or tuple(one.id for one in snapshot.units.values() if one.parent_id is None)[:1]
    return university(folder, snapshot.units[tops[0]].name if tops else "")


def title_of(view: RecordView) -> tuple[str, str]:
    """The code and the title that prints of a record carry: of a revision, those of its document."""
    if view.document:
        return view.document.code, view.document.title
    return view.subject.fields["code"], view.subject.fields["title"]


def signed_under(connection: sa.Connection, view: RecordView) -> str:
    """The code that stood when a revision was approved; before that, the one that its document has now."""
    code, _ = title_of(view)
    approval = approved(view)
    entry = next((one for one in view.history if approval and one.id == approval.history_id), None)
    return code_at(connection, view.document.id, code, entry.at) if view.document and entry else code


def code_of(view: RecordView, signed: str) -> Words:
    """The code that prints carry: the one it was signed under; where there is another now, that beside it."""
    now, _ = title_of(view)
    return signed if same(signed, now) else filled(_NOW, then=signed, now=now)


def approval_sheet(connection: sa.Connection, view: RecordView, now: datetime) -> ApprovalSheet:
    """The title page of a revision: which bodies let it go on since it was last submitted, who approved it."""
    _, title = title_of(view)
    fields, approval = view.subject.fields, approved(view)
    kind = connection.execute(sa.select(t.document_type).where(t.document_type.c.code == view.document.type_code)).one()
    return ApprovalSheet(
        code=code_of(view, signed_under(connection, view)),
        title=title,
        dated=today(now),
        revision=fields["number"],
        considered=tuple(considered(connection, view)),
        approver=approver(connection, view, now),
        approved_on=approval.decided_on if approval else None,
        order_no=approval.number if approval else "",
        by_order=fields["by_order"] is not False,
        enacts=enacts(view),
        in_force_on=approval.in_force_on if approval else fields["in_force_on"],
        type=Text(kind.name_ky, kind.name_ru, kind.name_en),
    )


def considered(connection: sa.Connection, view: RecordView) -> Iterator[Considered]:
    """What bodies decided of it in its last round, in their order; of a body that did so twice, what it said last."""
    begun = max((entry.seq for entry in view.history if entry.move_name == BEGINS), default=0)
    since = {entry.id for entry in view.history if entry.seq > begun}
    does = _meanings(connection, view)
    last: dict[Text, DecisionView] = {}
    for one in view.decisions:
        if one.history_id in since and one.kind == "body" and one.move_name in LETS_ON:
            last.pop(one.who, None)
            last[one.who] = one
    for body, one in last.items():
        yield Considered(body, one.number, one.decided_on, does.get(body, Does.ENDORSES).done)


def _meanings(connection: sa.Connection, view: RecordView) -> Mapping[Text, Does]:
    names = {body.code: body.name for body in organisation(connection).bodies.values()}
    return {names[code]: does for code, does in does_of(view.subject.fields).items() if code in names}


def enacts(view: RecordView) -> bool:
    """Whether a council approves the document by its route, so that the rector's order only puts it in force."""
    fields = view.subject.fields
    return fields["by_order"] is not False and Does.APPROVES in (fields.get("meanings") or [])


def approved(view: RecordView) -> DecisionView | None:
    """The decision by which it was approved: none where the order was recalled, or the text returned, after it."""
    one = next((one for one in reversed(view.decisions) if one.kind != "body" and one.move_name == APPROVES), None)
    seq = {entry.id: entry.seq for entry in view.history}
    taken_back = max((entry.seq for entry in view.history if entry.move_name in TAKES_BACK), default=0)
    return one if one and seq.get(one.history_id, 0) > taken_back else None


def approver(connection: sa.Connection, view: RecordView, now: datetime) -> Signatory:
    """Who approved it; before that, whoever is to."""
    if approval := approved(view):
        entry = next((one for one in view.history if one.id == approval.history_id), None)
        if entry and entry.actor:
            return Signatory(entry.post or RECTOR, entry.actor)
    snapshot, fields = organisation(connection), view.subject.fields
    post_id = fields.get("approver_post_id") or snapshot.post_of(Role.RECTOR, fields["campus_id"])
    if post_id is None:
        return Signatory(RECTOR)
    holders = snapshot.holders(post_id, today(now))
    name: Words = snapshot.people[holders[0]].name if holders else ""
    return Signatory(snapshot.posts[post_id].name, name)


def sign_off_sheet(connection: sa.Connection, view: RecordView, now: datetime) -> SignOffSheet:
    """Every signature on a record, void ones too. What a hidden author signed does not say who that is."""
    _, title = title_of(view)
    signed = signatures_of(connection, view.subject.id, view.lifecycle)
    hidden = {entry.id for entry in view.history if entry.hidden}
    meant = {one.history_id: one.means for one in view.decisions if one.means}
    holding = [one for one in signed if one.voided_at is None]
    return SignOffSheet(
        code=code_of(view, signed_under(connection, view)),
        title=title,
        rows=tuple(_sign_off(one, one.history_id in hidden, meant.get(one.history_id)) for one in signed),
        dated=today(now),
        revision=view.subject.fields.get("number"),
        content_hash=holding[-1].content_hash if holding and holding[-1].history_id not in hidden else "",
    )


def _sign_off(one: SignatureView, hidden: bool, meant: Text | None = None) -> SignOff:
    """A signature as a line; on a decision, `meant` is what it means by the document's route."""
    meaning = meant or one.meaning.label
    if hidden:
        return SignOff(CONFIDENTIAL, "", meaning, one.signed_at)
    note: Words = filled(_FOR, name=one.acting_for) if one.acting_for else ""
    if one.voided_at:
        note = filled(_VOID, day=days(today(one.voided_at)))
    return SignOff(one.name, one.post or "", meaning, one.signed_at, one.hash, note)


def acquaintance_sheet(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> AcquaintanceSheet:
    """Who is to read a revision, and who has: as far as the actor may read those records."""
    _, title = title_of(view)
    return AcquaintanceSheet(
        code=code_of(view, signed_under(connection, view)),
        title=title,
        rows=tuple(_acquainted(connection, view, actor, now)),
        dated=today(now),
        revision=view.subject.fields["number"],
        unit=view.unit or "",
        responsible=_holder(connection, view, now),
    )


def _holder(connection: sa.Connection, view: RecordView, now: datetime) -> Signatory | None:
    """The post that answers for the document, and who holds it."""
    snapshot, post_id = organisation(connection), view.subject.fields["owner_post_id"]
    if view.owner is None or post_id is None:
        return None
    holders = snapshot.holders(post_id, today(now))
    return Signatory(view.owner, snapshot.people[holders[0]].name if holders else "")


def _acquainted(connection: sa.Connection, view: RecordView, actor: Actor, now: datetime) -> Iterator[Acquainted]:
    of, record = t.acknowledgement.c, t.record.c
    read = (t.signature.c.record_id == record.id) & t.signature.c.voided_at.is_(None)
    found = (
        sa.select(of.reader_id, t.signature.c.signed_at, t.signature.c.hash)
        .select_from(
            t.acknowledgement.join(t.record, record.id == of.record_id).outerjoin(
                t.signature, read & (t.signature.c.meaning == Meaning.READ)
            )
        )
        .where(of.revision_id == view.subject.id, record.kind == ACKNOWLEDGEMENT, record.state != LAPSED)
        .where(readable_by(connection, actor, now, ACKNOWLEDGEMENT))
        .order_by(record.id)
    )
    snapshot = organisation(connection)
    for row in connection.execute(found):
        posts = sorted(snapshot.posts_of(row.reader_id, today(now)), key=lambda post: snapshot.posts[post].code)
        post: Words = snapshot.posts[posts[0]].name if posts else ""
        yield Acquainted(snapshot.people[row.reader_id].name, post, row.signed_at, row.hash or "")
