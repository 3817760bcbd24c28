"""Codes of documents: the next free one is proposed, none is used twice, and one that was changed is still found.

A code reads abbreviation, process group, running number (`УСТ 4.09`), perhaps with a member of a series (`ЖЖ 3.19:01`).
On a campus a number is used once in its group, whichever abbreviation stands before it; what an import brought stays
as it is, also where it contradicts that (docs/decisions/codes.md).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.act import Act
from service.events import log_event
from service.organisation import Actor, organisation
from states.given import parse_given
from states.kyrgyz import fold, sort_key
from states.lifecycle import Field
from states.refusals import Duplicate, GuardUnmet, Incomplete, NotFound, NotYours
from states.roles import LABELS, Role
from states.text import N_, Text
from states.working_days import today

WHAT: Final = Text("документтин шифрин өзгөртүү", "изменение шифра документа", "changing the code of a document")
CHANGED: Final = "document.code_changed"
CHANGES: Final = (
    Field(
        "code",
        Text("Жаңы шифр", "Новый шифр", "New code"),
        "line",
        help=Text(
            "Эски шифр башка документке берилбейт жана издөөдө табыла берет.",
            "Прежний шифр не получит другой документ, и по нему документ будет находиться.",
            "The old code is given to no other document, and still finds this one.",
        ),
    ),
    Field("reason", Text("Себеби", "Причина", "Reason"), "line"),
)
# How a code may be asked for, without spaces: its number alone means it, as people say it.
_ASKED: Final = re.compile(r"(?P<prefix>\D*)(?P<group>\d{1,3})\.(?P<number>\d{1,5})(?P<member>:.+)?", re.DOTALL)
# Latin letters that look like Cyrillic ones, a comma for the point, dashes: however a keyboard stands.
_TYPED: Final = str.maketrans("abcehkmoptxy,", "авсенкмортху.", "-‐‑–—")
_CODE: Final = re.compile(r"(?P<prefix>\S+?)\s*(?P<group>\d{1,3})\.(?P<number>\d{1,5})(?:\s*:\s*(?P<member>\S+))?")


class CodeTaken(Duplicate):
    """A document has that code or number."""

    says = N_("The code or number “%(what)s” is taken by “%(by)s”.")
    next_step = N_("Take the code that is proposed, or another that nothing has had.")


class CodeGone(CodeTaken):
    """A document had that code or number before: it is never given again."""

    says = N_("The code or number “%(what)s” belonged to “%(by)s” until %(until)s.")


class NotACode(Incomplete):
    """What was typed cannot be a code."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code taken apart; `member` is what stands behind the colon of a series, `nn` for the series itself."""

    prefix: str
    group: int
    number: int
    member: str | None

    @classmethod
    def of(cls, code: str) -> Self | None:
        """The code taken apart; None where it is written in another way."""
        found = _CODE.fullmatch(" ".join(code.split()))
        if found is None:
            return None
        return cls(found["prefix"], int(found["group"]), int(found["number"]), found["member"])


@dataclass(frozen=True, slots=True)
class Used:
    """A code that a document has, or had until a day."""

    document_id: UUID
    code: str
    title: str
    until: date | None = None


def same(one: str, other: str) -> bool:
    """Two codes are one where only spaces or capitals differ."""
    return key(one) == key(other)


def key(code: str) -> str:
    """What two writings of one code have in common."""
    return "".join(code.split()).casefold()


def asked_for(code: str) -> Callable[[str], bool]:
    """Whether a code is the one that somebody typed by heart, in any case, alphabet, spacing; `4.9` for `УСТ 4.09`."""
    wanted, number = _plainly(code)

    def is_it(other: str) -> bool:
        prefix, its_number = _plainly(other)
        return its_number == number and (prefix == wanted or (not wanted and number is not None))

    return is_it


def _plainly(code: str) -> tuple[str, tuple[int, int, str] | None]:
    """What stands before the number, and the number; without one, all that stands there."""
    plain = "".join(fold(code).split()).translate(_TYPED)
    found = _ASKED.fullmatch(plain)
    if found is None:
        return plain, None
    return found["prefix"], (int(found["group"]), int(found["number"]), found["member"] or "")


def is_series(code: str) -> bool:
    """Whether the code stands for a series: something behind the colon that is no number (`:nn`)."""
    _, colon, member = code.partition(":")
    return bool(colon) and not member.strip().isdigit()


def used_on(connection: sa.Connection, campus_id: UUID) -> Iterator[Used]:
    """All codes that documents of a campus have or had."""
    document, former = t.document.c, t.former_code.c
    now = sa.select(document.id, document.code, document.title).where(document.campus_id == campus_id)
    for row in connection.execute(now):
        yield Used(row.id, row.code, row.title)
    before = sa.select(former.document_id, former.code, document.title, former.until).join(
        t.document, document.id == former.document_id
    )
    for old in connection.execute(before.where(former.campus_id == campus_id)):
        yield Used(old.document_id, old.code, old.title, old.until)


def propose(connection: sa.Connection, campus_id: UUID, type_code: str, group: str) -> str:
    """The code that a new document of the type would have in a process group: after the highest number ever used there.

    Gaps are not filled: what is missing in a register may have been used on paper. Raises NotACode for no group.
    """
    if not group.isascii() or not group.isdigit():
        raise NotACode({"process_group": N_("Give the number of the process group.")})
    codes = (Code.of(one.code) for one in used_on(connection, campus_id))
    highest = max((code.number for code in codes if code and code.group == int(group)), default=0)
    return f"{type_code} {int(group)}.{highest + 1:02}"


def propose_member(connection: sa.Connection, campus_id: UUID, series: str) -> str:
    """The code of the next member of a series: `ЖЖ 3.19:01` where `ЖЖ 3.19:nn` has none yet. Raises NotACode."""
    whole = Code.of(series)
    if whole is None or whole.member is None:
        raise NotACode({"code": N_("This is not the code of a series.")})
    base = series.partition(":")[0].strip()
    members = (one.code.partition(":") for one in used_on(connection, campus_id))
    numbers = [int(last) for first, _, last in members if same(first, base) and last.isascii() and last.isdigit()]
    return f"{base}:{max(numbers, default=0) + 1:02}"


def lock(connection: sa.Connection, campus_id: UUID) -> None:
    """Wait for whoever gives a code on the campus at this moment; then what they did is seen."""
    # SQLite has one writer. Foreign keys to the campus are not held up.
    held = sa.select(t.unit.c.id).where(t.unit.c.id == campus_id).with_for_update(key_share=True)
    connection.execute(held).all()


def require_free(connection: sa.Connection, campus_id: UUID, code: str, but: UUID | None = None) -> None:
    """Raise CodeTaken where a document of the campus has the code or its number, or had it; `but` that one itself."""
    if one := taken_by(list(used_on(connection, campus_id)), code, but):
        named = f"{one.code} {one.title}"
        if one.until:
            raise CodeGone(what=code, by=named, until=f"{one.until:%d.%m.%Y}")
        raise CodeTaken(what=code, by=named)


def taken_by(used: Sequence[Used], code: str, but: UUID | None = None) -> Used | None:
    """Which of the codes that a campus uses keeps this one from being given there, for itself or for its number."""
    wanted, series = Code.of(code), _series_of(code)
    # A member shares its number with the series that there is already, and with whatever an import put beside that.
    joins = series is not None and any(_series_of(one.code) == series for one in used)
    for one in used:
        there = Code.of(one.code)
        number = wanted and there and (wanted.group, wanted.number) == (there.group, there.number)
        if one.document_id != but and (same(one.code, code) or (number and not joins)):
            return one
    return None


def _series_of(code: str) -> str | None:
    base, colon, _ = code.partition(":")
    return key(base) if colon else None


def change_code(
    connection: sa.Connection, document_id: UUID, given: Mapping[str, Any], actor: Actor, now: datetime
) -> str:
    """Another code from today on; the old one still finds the document, and nothing else will ever have it.

    What was signed keeps the codes it was signed under: those of the revisions there are. Gives the new code. Raises
    NotFound, NotYours, Incomplete, CodeTaken, and GuardUnmet where it is the code already.
    """
    campus_id = connection.execute(sa.select(t.document.c.campus_id).where(t.document.c.id == document_id)).scalar()
    if campus_id is None:
        raise NotFound
    snapshot = organisation(connection)
    act = Act(connection, snapshot, snapshot.anew(actor, today(now)), now)
    must_change(act, campus_id)
    values = parse_given(CHANGES, given)
    code = " ".join(values["code"].split())
    lock(connection, campus_id)
    locked = sa.select(t.document).where(t.document.c.id == document_id).with_for_update(key_share=True)
    row = dict(connection.execute(locked).mappings().one())
    if code == row["code"]:
        raise GuardUnmet(N_("This is its code already."), N_("Give another one, or leave it as it is."))
    require_free(connection, campus_id, code, but=document_id)
    _keep_former(act, row, code)
    former = former_codes(connection, [document_id]).get(document_id, [])
    found = Code.of(code)
    after = {
        "code": code,
        "folded": fold(" ".join([code, row["title"], *former])),
        "sort_key": sort_key(" ".join(reversed(code.split(maxsplit=1)))),
        "process_group": str(found.group) if found else row["process_group"],
        "is_series": is_series(code),
    }
    connection.execute(sa.update(t.document).where(t.document.c.id == document_id).values(after))
    log_event(
        connection,
        CHANGED,
        now,
        actor_id=act.actor.person_id,
        about_id=document_id,
        before={"code": row["code"]},
        after={"code": code},
        reason=values["reason"],
    )
    return code


def may_change(act: Act, campus_id: UUID) -> bool:
    """Whether the actor changes codes on a campus: its quality specialist, or Sapat itself."""
    specialists = act.organisation.posts_of_role(Role.QUALITY_SPECIALIST, campus_id)
    return act.actor.person_id is None or not act.actor.all_posts.isdisjoint(specialists)


def must_change(act: Act, campus_id: UUID) -> None:
    """Raise NotYours unless the actor changes codes on the campus."""
    if not may_change(act, campus_id):
        raise NotYours(move=WHAT, who=(LABELS[Role.QUALITY_SPECIALIST],))


def _keep_former(act: Act, row: Mapping[str, Any], code: str) -> None:
    """The code that goes is kept; one of its own that comes back is no former one any more."""
    former = t.former_code.c
    for old in act.connection.execute(sa.select(former.id, former.code).where(former.document_id == row["id"])).all():
        if same(old.code, code):
            act.connection.execute(sa.delete(t.former_code).where(former.id == old.id))
    if same(row["code"], code):  # only spaces or capitals: both writings find it
        return
    gone = {"id": new_id(), "campus_id": row["campus_id"], "code": row["code"], "folded": fold(row["code"])}
    act.connection.execute(sa.insert(t.former_code), {**gone, "document_id": row["id"], "until": act.day})


def former_codes(connection: sa.Connection, documents: list[UUID]) -> dict[UUID, list[str]]:
    """What these documents were called before, the last first."""
    former, found = t.former_code.c, dict[UUID, list[str]]()
    rows = sa.select(former.document_id, former.code).where(former.document_id.in_(documents))
    for row in connection.execute(rows.order_by(former.until.desc(), former.id.desc())):
        found.setdefault(row.document_id, []).append(row.code)
    return found


def code_at(connection: sa.Connection, document_id: UUID, code: str, moment: datetime) -> str:
    """The code that a document had at a moment; `code` is the one that it has now."""
    event, former = t.event.c, t.former_code.c
    if not connection.execute(sa.select(sa.exists().where(former.document_id == document_id))).scalar_one():
        return code
    changed = sa.select(event.facts).where(event.kind == CHANGED, event.about_id == document_id, event.at > moment)
    if facts := connection.execute(changed.order_by(event.number).limit(1)).scalar():
        return str(facts["before"]["code"])
    # What an import or a take-over changed is known by the day.
    gone = sa.select(former.code).where(former.document_id == document_id, former.until > today(moment))
    return connection.execute(gone.order_by(former.until, former.id).limit(1)).scalar() or code


def formerly(code: sa.ColumnElement[str] | str) -> sa.Select[tuple[UUID]]:
    """The documents that had this code."""
    return sa.select(t.former_code.c.document_id).where(t.former_code.c.code == code)
