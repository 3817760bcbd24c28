"""The prints of documents, lists and nonconformities. `dated` is the day that a print says it was made.

Whoever fills them needs no database and no form; the same shape gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.prints.common import Signatory, Words


@dataclass(frozen=True, slots=True)
class Considered:
    """A body that decided on a document; `meaning` in words: discussed, endorsed, approved."""

    body: Words
    protocol_no: str
    held_on: date | None
    meaning: Words


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """The title page. Where nobody has approved yet, `approved_on` is None and the form leaves lines to fill in.

    `by_order` is false where the approval takes no numbered order: then no line is left for its number. `enacts` is
    true where a council has approved the document and the order only puts it in force.
    """

    code: Words
    title: Words
    dated: date
    revision: int | None = None
    considered: Sequence[Considered] = ()
    approver: Signatory | None = None
    approved_on: date | None = None
    order_no: str = ""
    by_order: bool = True
    enacts: bool = False
    in_force_on: date | None = None
    type: Words = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """One line of a sign-off sheet; `hash` is that of the signature, `note` says for whom, or since when it is void."""

    name: Words
    post: Words
    meaning: Words
    signed_at: datetime | None = None
    hash: str = ""
    note: Words = ""


@dataclass(frozen=True, slots=True)
class SignOffSheet:
    """Who has endorsed, approved or checked a document (макулдашуу барагы), with the signatures' hashes."""

    code: Words
    title: Words
    rows: Sequence[SignOff]
    dated: date
    revision: int | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the registration sheet of changes: who entered it, in which clause, when."""

    no: int
    name: Words
    post: Words
    clause: Words
    entered_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """The registration sheet of changes and additions, with the manual's columns; `compilers` made the document."""

    code: str
    title: Words
    rows: Sequence[Change]
    dated: date
    compilers: Sequence[Signatory] = ()


@dataclass(frozen=True, slots=True)
class Acquainted:
    """Who has read a document, when; `read_at` None where they have yet to."""

    name: Words
    post: Words = ""
    read_at: datetime | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class AcquaintanceSheet:
    """Who in a unit has read a revision (таанышуу барагы, лист ознакомления)."""

    code: Words
    title: Words
    rows: Sequence[Acquainted]
    dated: date
    revision: int | None = None
    unit: Words = ""
    responsible: Signatory | None = None


@dataclass(frozen=True, slots=True)
class OrderPoint:
    """A point of an order: what is ordered, of whom, by when."""

    text: Words
    executor: Words = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """The draft of an order. `documents` are put into force by it; without `number` or `signed_on` a line is left.

    `prepared_by` are all who wrote them.
    """

    subject: Words
    points: Sequence[OrderPoint]
    signatory: Signatory
    dated: date
    preamble: Sequence[Words] = ()
    documents: Sequence[Words] = ()
    number: str = ""
    signed_on: date | None = None
    agreed: Sequence[Signatory] = ()
    prepared_by: Sequence[Signatory] = ()


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """A column of a register; `width` in millimetres, 0 shares what is left; `numeric` stands right."""

    name: Words
    width: int = 0
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """A list of any length. `rows` are read once, as they come: never all of them in memory."""

    title: Words
    columns: Sequence[RegisterColumn]
    rows: Iterable[Sequence[Words | date | int | None]]
    dated: date
    note: Words = ""
    signatory: Signatory | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A term and what is said of it."""

    term: Words
    value: Words | date | None


@dataclass(frozen=True, slots=True)
class ActedCause:
    """A cause of a nonconformity, in the order in which one asked why; `deeper` is how deep it lies, from 0."""

    no: int
    text: Words
    kind: Words = ""
    deeper: int = 0


@dataclass(frozen=True, slots=True)
class ActedAction:
    """An action against the causes; `state` in words."""

    code: str
    what: Words
    who: Words
    due: date | None
    state: Words = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class NonconformityAct:
    """The act of a nonconformity in its five parts: what was found, what was done at once, why it happened, what will
    be done, what came of it. `found`, `corrected` and `checked` are lines; what is empty is left to be written.
    """

    code: str
    title: Words
    dated: date
    found: Sequence[Line]
    corrected: Sequence[Line] = ()
    causes: Sequence[ActedCause] = ()
    actions: Sequence[ActedAction] = ()
    checked: Sequence[Line] = ()
    state: Words = ""
    signatories: Sequence[Signatory] = ()
