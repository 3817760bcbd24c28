"""What happens to one record after another: scripts that act, and say after how many working days they go on.

The shares are those of a university that has such a system and works with it: a tenth of the reports unfounded, half of
the rest minor, a fifth of the actions extended, one in twelve not effective.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.parts import children, next_no
from service.simulating.stage import Dice, Stage
from states.causes import unanswered
from states.nonconformity_fields import KINDS, SOURCES
from states.roles import Role

# Yields how many working days pass; is sent the stage on which it goes on.
Script = Iterator[int]
Begin = Callable[[Script, int], None]
PACE = 0.93  # of what is wanted by now; the rest is begun in the last weeks
MINOR, UNFOUNDED, WITHDRAWN, INEFFECTIVE, INCONCLUSIVE = 0.5, 0.09, 0.03, 0.08, 0.06
REOPENED = 0.02
EXTENDED, REFUSED, CANCELLED, LATE, SLOW = 0.2, 0.25, 0.04, 0.25, 0.3
LAST_PLANS = 0.997  # after that nobody plans any more, so that as many actions are begun as are wanted
_SOURCES: Final = {source.value: weight for source, weight in zip(SOURCES, (4, 3, 1, 3), strict=True)}


@dataclass(slots=True)
class Cast:
    """What all scripts share: the stage of the moment, how many actions are still wanted, and where they happen."""

    seed: int
    units: Mapping[str, tuple[str, str | None, int]]  # code: the post that heads it, a process, how much goes wrong
    causes: tuple[tuple[str, str], ...]  # edition/code and its words
    clauses: tuple[str, ...]
    stage: Stage
    begin: Begin
    actions_wanted: int = 0
    share: float = 0.0  # of the time that has passed
    made: dict[str, int] = field(default_factory=dict)

    def actions_now(self, dice: Dice, most: int) -> int:
        """How many actions a plan has: more where there have been fewer than wanted by now."""
        behind = self.made.get("actions", 0) < self.actions_wanted * self.share * PACE
        return dice.random.randint((most + 1) // 2, most) if behind else dice.random.randint(1, 2)

    def count(self, what: str) -> None:
        """One more of it."""
        self.made[what] = self.made.get(what, 0) + 1


def nonconformity(cast: Cast, number: int, most_actions: int) -> Script:
    """From the report to the end of one nonconformity."""
    dice = Dice.of(cast.seed, "nonconformity", number)
    stage = cast.stage
    unit = dice.among({code: weight for code, (_, _, weight) in cast.units.items()})
    owner, process, _ = cast.units[unit]
    reporters = [one for one in stage.university.people.values() if stage.university.posts_of(one.id, stage.day)]
    reporter = stage.university.actor(dice.random.choice(reporters).id, stage.day)
    source = dice.among(_SOURCES)
    if source == "internal_audit":
        source = "monitoring"  # those of audits are raised by audits
    record = stage.open(
        "nonconformity",
        reporter,
        {
            "title": dice.words("title"),
            "found": dice.words("found"),
            "nc_kind": dice.random.choice(KINDS).value,
            "source": source,
            "found_on": stage.day,
            "unit": unit,
            "process": process,
            "clause": dice.random.choice(cast.clauses),
        },
    )
    cast.count("nonconformities")
    if dice.says(WITHDRAWN):
        yield 1
        cast.stage.go(record, "withdraw", reason=dice.words("reason"))
        return
    yield from assessed(cast, dice, record, owner, most_actions)


def assessed(cast: Cast, dice: Dice, record: UUID, owner: str, most_actions: int) -> Script:
    """From the assessment on."""
    yield dice.days(2, 9)
    if dice.says(UNFOUNDED):
        cast.stage.go(record, "reject", reason=dice.words("unfounded"))
        return
    minor = most_actions == 0 or dice.says(MINOR)
    severity = "minor" if minor else "major"
    risk = dice.random.choice(("low", "medium", "high"))
    cast.stage.go(record, "register", severity=severity, owner_post=owner, risk=risk)
    yield dice.days(3, 15)
    causes_too = minor and most_actions > 0 and dice.says(0.2)
    cast.stage.go(record, "record_correction", correction=dice.words("correction"), causes_too=causes_too)
    if minor and not causes_too:
        yield dice.days(5, 25)
    else:
        yield from _with_causes(cast, dice, record, owner, most_actions)
    if cast.stage.look(record).state != "verification":
        return
    cast.stage.go(record, "close", evaluation=dice.words("evaluation"))
    if dice.says(REOPENED):
        yield dice.days(60, 200)
        cast.stage.go(record, "reopen", reason=dice.words("ineffective"))
        yield from _with_causes(cast, dice, record, owner, most_actions)
        if cast.stage.look(record).state == "verification":
            cast.stage.go(record, "close", evaluation=dice.words("evaluation"))


def _with_causes(cast: Cast, dice: Dice, record: UUID, owner: str, most_actions: int) -> Script:
    """Causes, plan and actions, again as long as one of them has not been effective."""
    for _ in range(9):
        yield dice.days(6, 25)
        _ask_why(cast, dice, record)
        similar = {"similar_checked": dice.random.choice(("none", "found")), "similar": dice.words("similar")}
        cast.stage.go(record, "record_causes", **similar)
        yield dice.days(3, 12)
        if cast.stage.look(record).state == "cause_analysis":  # meanwhile another action was found not effective
            continue
        if cast.share > LAST_PLANS:
            return
        last, roots = 0, _unanswered(cast, record)
        for place in range(max(len(roots), cast.actions_now(dice, most_actions))):
            due_in = dice.random.randint(15, 60)
            last = max(last, due_in)
            _plan(cast, dice, record, owner, due_in, [roots[place % len(roots)]])
        cast.stage.go(record, "submit_plan", complete_by=cast.stage.later(last + 45))
        while cast.stage.look(record).state == "acting":
            yield 5
        if cast.stage.look(record).state == "verification":
            yield dice.days(4, 20)
            if cast.stage.look(record).state == "verification":
                return
        if cast.stage.look(record).state == "action_planning":  # all were cancelled: the causes are still there
            cast.stage.go(record, "back_to_causes", reason=dice.words("reason"))


def _unanswered(cast: Cast, record: UUID) -> list[int]:
    connection = cast.stage.connection
    below = children(connection, cast.stage.look(record))
    return [int(cause["no"]) for cause in unanswered(below.parts["cause"], below.rows)]


def _ask_why(cast: Cast, dice: Dice, record: UUID) -> None:
    """One or two chains of causes."""
    no = next_no(cast.stage.connection, record, "cause") - 1
    for _ in range(dice.random.choice((1, 1, 2))):
        depth, because_of = dice.random.randint(1, 3), None
        for level in range(depth):
            code, words = dice.random.choice(cast.causes)
            root = level == depth - 1
            given = {"text": words, "because_of": because_of, "code": code if root else None}
            cast.stage.go(record, "add_cause", **given)
            no += 1
            because_of = no


def _plan(cast: Cast, dice: Dice, record: UUID, owner: str, due_in: int, causes: list[int]) -> None:
    stage = cast.stage
    fields = stage.look(record).fields
    actor = stage.university.actor(_holder_of(stage, fields["owner_post_id"]), stage.day)
    action = stage.open(
        "corrective_action",
        actor,
        {
            "title": dice.words("action"),
            "action_kind": "corrective",
            "criterion": dice.words("criterion"),
            "due_on": stage.later(due_in),
            "owner_post": owner,
            "causes": causes,
        },
        record,
    )
    cast.count("actions")
    cast.begin(carried_out(cast, action), 1)


def preventive(cast: Cast, number: int) -> Script:
    """An action that stands alone."""
    dice = Dice.of(cast.seed, "preventive", number)
    stage = cast.stage
    unit = dice.among({code: weight for code, (_, _, weight) in cast.units.items()})
    quality = stage.university.post_of(Role.QUALITY_SPECIALIST)
    assert quality is not None  # noqa: S101 - the simulation's university has one
    action = stage.open(
        "corrective_action",
        stage.university.actor(_holder_of(stage, quality), stage.day),
        {
            "title": dice.words("action"),
            "action_kind": dice.random.choice(("preventive", "improvement")),
            "criterion": dice.words("criterion"),
            "due_on": stage.later(dice.random.randint(20, 80)),
            "owner_post": cast.units[unit][0],
            "unit": unit,
        },
    )
    cast.count("actions")
    yield dice.days(2, 6)
    cast.stage.go(action, "submit")
    yield from carried_out(cast, action)
    while cast.stage.look(action).state == "planned":  # it was not effective: it is planned anew
        yield dice.days(3, 9)
        cast.stage.go(action, "submit", due_on=cast.stage.later(dice.random.randint(20, 60)))
        yield from carried_out(cast, action)


def carried_out(cast: Cast, action: UUID) -> Script:
    """From the approval to the end of one action."""
    cast.count("carried_out")
    dice = Dice.of(cast.seed, "action", cast.made["carried_out"])
    yield dice.days(2, 10)
    if cast.stage.look(action).state == "planned":  # its nonconformity's plan was not submitted yet
        yield dice.days(2, 5)
    if cast.stage.look(action).state != "approval":
        return
    cast.stage.go(action, "approve")
    yield dice.days(1, 4)
    cast.stage.go(action, "start")
    step = {"title": dice.words("step")}
    ends_on = min(cast.stage.later(10), cast.stage.look(action).fields["due_on"])
    cast.stage.go(action, "add_step", **step, step_due_on=ends_on)
    if dice.says(CANCELLED):
        yield dice.days(5, 12)
        cast.stage.go(action, "request_cancellation", reason=dice.words("reason"))
        yield dice.days(1, 4)
        cast.stage.go(action, "cancel", reason=dice.words("reason"))
        return
    yield from _worked(cast, dice, action, step)
    yield from _checked(cast, dice, action)


def _worked(cast: Cast, dice: Dice, action: UUID, step: Mapping[str, str]) -> Script:
    due = cast.stage.look(action).fields["due_on"]
    left = cast.stage.university.calendar.between(cast.stage.day, due)
    if dice.says(EXTENDED) and left > 8:
        yield left - dice.random.randint(1, 6)
        cast.stage.go(action, "request_extension", new_due_on=cast.stage.later(25), reason=dice.words("reason"))
        yield dice.days(1, 6)
        if dice.says(REFUSED):
            cast.stage.go(action, "refuse_extension", reason=dice.words("reason"))
        else:
            cast.stage.go(action, "grant_extension")
        due = cast.stage.look(action).fields["due_on"]
        left = cast.stage.university.calendar.between(cast.stage.day, due)
    late = dice.days(8, 60) if dice.says(LATE) else -dice.random.randint(0, 5)
    yield max(1, left + late)
    cast.stage.go(action, "add_evidence", what=dice.words("evidence"), evidence_on=cast.stage.day)
    last = next_no(cast.stage.connection, action, "work_step") - 1  # what is planned anew has a step of its own
    cast.stage.go(action, "amend_step", work_step=str(last), **step, done_on=cast.stage.day)
    cast.stage.go(action, "implement", evidence=dice.words("evidence"), implemented_on=cast.stage.day)


def _checked(cast: Cast, dice: Dice, action: UUID) -> Script:
    for _ in range(3):
        check_on = cast.stage.look(action).fields["check_on"]
        yield max(1, cast.stage.university.calendar.between(cast.stage.day, check_on) + dice.random.randint(-2, 4))
        if not dice.says(INCONCLUSIVE):
            break
        cast.stage.go(action, "find_inconclusive", rationale=dice.words("inconclusive"), check_on=cast.stage.later(20))
    outcome = "ineffective" if dice.says(INEFFECTIVE) else "effective"
    cast.stage.go(action, f"find_{outcome}", rationale=dice.words(outcome))


def audit(cast: Cast, number: int) -> Script:
    """An internal audit of a unit, by people of other units; what it finds goes its own way."""
    dice = Dice.of(cast.seed, "audit", number)
    stage = cast.stage
    unit = dice.random.choice(list(cast.units))
    quality = stage.university.post_of(Role.QUALITY_SPECIALIST)
    assert quality is not None  # noqa: S101 - the simulation's university has one
    record = stage.open(
        "audit",
        stage.university.actor(_holder_of(stage, quality), stage.day),
        {
            "title": dice.words("audit"),
            "planned_on": stage.later(10),
            "unit": unit,
            "criteria": "ISO 9001:2015",
            "lead_auditor": _impartial(cast, dice, unit),
        },
    )
    cast.count("audits")
    for clause in dice.random.sample(cast.clauses, 3):
        stage.go(record, "add_question", clause=clause, text=dice.words("question"))
    yield dice.random.randint(8, 12)
    cast.stage.go(record, "begin")
    yield dice.days(2, 6)
    for no in range(1, 4):
        answer = dice.random.choice(("conforms", "conforms", "observation", "nonconformity"))
        row = {"question": no, "text": dice.words("question"), "answer": answer}
        cast.stage.go(record, "answer_question", **row)
    finding: dict[str, Any] = {"kind": "nonconformity", "title": dice.words("title"), "found": dice.words("found")}
    finding |= {"nc_kind": dice.random.choice(KINDS).value, "clause": dice.random.choice(cast.clauses)}
    cast.stage.go(record, "add_finding", **finding)
    cast.stage.go(record, "raise_nonconformity", finding=1)
    cast.count("nonconformities")
    raised = sa.select(t.record.c.id).where(t.record.c.parent_id == record).order_by(t.record.c.id)
    found = cast.stage.connection.execute(raised).scalars().first()
    assert found is not None  # noqa: S101 - it has just been raised
    cast.begin(assessed(cast, Dice.of(cast.seed, "raised", number), found, cast.units[unit][0], 3), 1)
    cast.stage.go(record, "finish", carried_out_on=cast.stage.day)
    yield dice.days(3, 8)
    cast.stage.go(record, "report", conclusion=dice.words("conclusion"))
    yield dice.days(3, 8)
    cast.stage.go(record, "accept")


def _impartial(cast: Cast, dice: Dice, unit: str) -> str:
    """The code of somebody who heads another unit that neither stands above nor below this one."""
    university = cast.stage.university
    units = {one.code: one.id for one in university.units.values()}
    posts = {post.code: post for post in university.posts.values()}
    for code, (head, _, _) in dice.random.sample(sorted(cast.units.items()), len(cast.units)):
        apart = units[unit] not in university.lineage(units[code]) and units[code] not in university.lineage(
            units[unit]
        )
        holders = university.holders(posts[head].id, cast.stage.day)
        if apart and holders:
            return university.people[holders[0]].code
    raise LookupError(unit)


def _holder_of(stage: Stage, post_id: UUID) -> UUID:
    return stage.university.readers(post_id, stage.day)[0]
