"""What holds of records whatever people do: checked of those that have moved, against what was known of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from service.chain import entry_hash
from service.organisation import Actor
from service.reading.permitted import may_read
from service.signing import signature_hash
from service.subject import NOTHING_BELOW, Holder, Subject
from states.lifecycle import Kind, Lifecycle, Move, Tone, may
from states.registry import lifecycles
from states.working_days import due_moment
from tests.properties.known import Known, Look, Row, notices_of

# Dates that never change again, from the first of these moves on; those of no move from the beginning.
_ORIGINALS: Final = {
    "audit": ("original_planned_on", "open"),
    "corrective_action": ("original_due_on", "approve"),
    "council_task": ("original_due_on", "open"),
    "nonconformity": ("original_complete_by", "submit_plan"),
}
# What may change the date on which a plan that was approved is due, and what counts as an extension.
_NEW_DUE: Final = frozenset({"grant_extension", "extend", "return_work"})
_EXTENDS: Final = frozenset({"grant_extension", "extend"})
_GOES_ROUND: Final = frozenset({"analyse_again", "reopen"})


def check_moved(seen: Look, before: Mapping[UUID, Known]) -> None:
    """Everything that must hold of what has just moved. Raises AssertionError."""
    for record_id, known in seen.records.items():
        was, entries = before.get(record_id), seen.entries_of(record_id)
        assert entries, ("moved without a line of history", known.row)
        _history(known, was, entries)
        _proven(seen, known, entries)
        _open_as_declared(known)
        _tasks(seen, known, was, entries)
        _parts(known, was, entries)
        _originals(known, was)
        _counts(known, was, entries)


def check_readable(seen: Look) -> None:
    """Whoever is told may read what they are told of. Raises AssertionError."""
    for notice in notices_of(seen.connection, seen.now):
        reader = seen.snapshot.actor(notice["reader_id"], seen.day)
        assert may_read(seen.connection, notice["record_id"], reader, seen.now), notice


def check_held(records: Iterable[Known], seen: Look) -> None:
    """Every open task has somebody. Raises AssertionError."""
    for known in records:
        for task in known.open_tasks:
            assert _people(task, seen), ("a task without a holder", task)


def _history(known: Known, was: Known | None, entries: list[Row]) -> None:
    """The history goes on where it stood: each line a declared move, chained to the one before."""
    version, head, state = (was.row["version"], was.row["head"], was.row["state"]) if was else (0, "", "")
    one = known.lifecycle
    for entry in entries:
        version += 1
        assert (entry["seq"], entry["previous"], entry["from_state"]) == (version, head, state), entry
        assert entry["hash"] == entry_hash(entry)
        if state:
            move = one.moves[entry["move"]]
            assert state in move.sources, entry
            assert entry["to_state"] in {way.to for way in move.ways}, entry
            assert move.tone is not Tone.ASIDE or entry["to_state"] == state, entry
        else:
            assert (entry["move"], entry["to_state"]) == ("open", one.initial), entry
        head, state = entry["hash"], entry["to_state"]
    assert (known.row["version"], known.row["head"], known.row["state"]) == (version, head, state)


def _proven(seen: Look, known: Known, entries: list[Row]) -> None:
    """What is a signature is signed by whoever made the move; what is a decision has its number."""
    for entry in entries:
        move = known.lifecycle.moves.get(entry["move"])
        signature = seen.signatures.get(entry["id"])
        if move and move.signs and entry["actor_id"]:
            assert signature is not None, ("not signed", entry)
            assert signature["hash"] == signature_hash(signature) == entry["signature"]
            assert (signature["person_id"], signature["meaning"]) == (entry["actor_id"], move.signs.value)
            assert signature["facts"]["move"] == entry["move"]
        else:
            assert signature is None is entry["signature"], entry
        assert len(seen.decisions.get(entry["id"], ())) == bool(move and move.decision), entry


def _open_as_declared(known: Known) -> None:
    """A step that waits has its task, and that of the step beside it; any other has none."""
    step = known.lifecycle.steps[known.row["state"]]
    assert (known.row["closed_at"] is not None) == (step.kind is Kind.FINAL)
    asked = {step.name, step.beside} - {""} if step.kind is Kind.WAITING else set()
    assert sorted(task["step"] for task in known.open_tasks) == sorted(asked), (known.row, known.open_tasks)
    wakes = known.row[step.wake.on] if step.wake else None
    assert (known.row["wake_at"] is not None) == (wakes is not None)


def _tasks(seen: Look, known: Known, was: Known | None, entries: list[Row]) -> None:
    before = was.tasks if was else {}
    assert before.keys() <= known.tasks.keys(), "a task has gone"
    for task in known.tasks.values():
        if old := before.get(task["id"]):
            _same_task(old, task, entries)
        else:
            _new_task(seen, known, task)
        if not old or _holder(old) != _holder(task):
            check_onward(seen, known, task)
    check_held([known], seen)


def _same_task(old: Row, task: Row, entries: list[Row]) -> None:
    """Deadline and ladder are facts of a task, unless somebody gave it more time; one that was closed stays so."""
    postpones = {move.name: move.postpones for move in lifecycles()[task["lifecycle"]].moves.values() if move.postpones}
    given = [
        entry["given"][postpones[entry["move"]]]
        for entry in entries
        if entry["move"] in postpones and entry["from_state"] == task["step"] and old["closed_at"] is None
    ]
    fixed: tuple[str, ...] = ("step", "opened_at", "original_due_at", "ladder_id", "policy_id")
    if given:
        assert task["due_at"] == due_moment(date.fromisoformat(given[-1])) > old["due_at"]
    else:
        fixed += ("due_at", "rung", "next_notice_at")
    for name in fixed if old["closed_at"] is None else (*fixed, "closed_at", "outcome"):
        assert old[name] == task[name], (name, old, task)
    if old["closed_at"] is None and task["closed_at"] is not None:
        assert task["outcome"] in {entry["move"] for entry in entries}


def _new_task(seen: Look, known: Known, task: Row) -> None:
    """It is due as its step says, or as the policy says that held on the day."""
    step, snapshot = known.lifecycle.steps[task["step"]], seen.snapshot
    assert task["opened_at"] == seen.now
    assert step.deadline
    policy = next((one for one in snapshot.policies.get(known.row["kind"], ()) if one.id == task["policy_id"]), None)
    assert (policy is None) == (task["policy_id"] is None)
    deadline = policy.deadline(step.deadline) if policy else step.deadline
    if deadline.on and known.row[deadline.on]:
        due = known.row[deadline.on]
        if deadline.before:
            due = max(snapshot.calendar.add(due, -deadline.before), seen.day)
    elif deadline.working:
        due = snapshot.calendar.add(seen.day, deadline.days)
    else:
        due = type(seen.day).fromordinal(seen.day.toordinal() + deadline.days)
    assert task["due_at"] == due_moment(due), (task, deadline)
    original = known.row.get(f"original_{deadline.on}")
    assert task["original_due_at"] == (due_moment(original) if original else task["due_at"]), task


def check_onward(seen: Look, known: Known, task: Row) -> None:
    """Whoever has a task can take the record on from its step, unless nobody who is there may."""
    if task["closed_at"] is not None:
        return
    onward = _onward(known.lifecycle, task["step"])
    subject = Subject(known.lifecycle, {**known.row, "state": task["step"], "type_route": None})

    def can(actor: Actor) -> bool:
        case = subject.case(actor, seen.snapshot, seen.day, NOTHING_BELOW)
        return any(may(move, case) for move in onward)

    theirs = (*_people(task, seen), *_holders(task, seen))
    if not any(can(seen.snapshot.actor(person, seen.day)) for person in theirs):
        here = [person for person in seen.snapshot.people if _is_here(person, seen)]
        actors = {person: replace(seen.snapshot.actor(person, seen.day), lent=()) for person in here}
        others = [seen.snapshot.people[person].code for person in here if can(actors[person])]
        assert not others, ("who has the task cannot go on with it, others can", others, task, known.row)


def _onward(one: Lifecycle, state: str) -> list[Move]:
    """The moves that the step asks of whoever has its task: forward, or where there is none, out of it at all.

    Where its owner has left the university, to name another is what is asked.
    """
    step, moves = one.steps[state], list(one.moves_from(state))
    leaving = [move for move in moves if any(way.to != state for way in move.ways) and move.tone is not Tone.ASIDE]
    theirs = [move for move in leaving if not {step.owner, step.otherwise}.isdisjoint(move.by)]
    said = set(one.played_by.get(step.owner, ())) if step.owner else set()
    naming = [move for move in moves if not said.isdisjoint(move.sets)]
    return ([move for move in theirs if move.tone is Tone.FORWARD] or theirs) + naming


def _is_here(person: UUID, seen: Look) -> bool:
    return bool(seen.snapshot.posts_of(person, seen.day)) and seen.snapshot.stands_in(person, seen.day) == person


def _parts(known: Known, was: Known | None, entries: list[Row]) -> None:
    """Numbers go up by one and are never given again; what was removed stays so; a change is one that a move made."""
    one = known.lifecycle
    touched = {move.part for entry in entries if (move := one.moves.get(entry["move"]))}
    filled = {name for entry in entries for name in _fills(one, entry)}
    for name in one.parts:
        rows, old = known.parts.get(name, {}), was.parts.get(name, {}) if was else {}
        # A vote that was taken back has never been cast.
        assert name == "ballot" or sorted(rows) == list(range(1, len(rows) + 1)), (name, sorted(rows))
        assert old.keys() <= rows.keys()
        assert name in touched | filled or rows == old, (name, old, rows)
        added = [entry for entry in entries if entry["from_state"] and one.moves[entry["move"]].adds == name]
        more = len(rows) - len(old) - len(added)
        assert more == 0 or (more > 0 and name in filled), (name, old, rows)
        for no, row in old.items():
            assert row["removed_at"] is None or rows[no] == row, ("what was removed has changed", name, row, rows[no])


def _fills(one: Lifecycle, entry: Row) -> Iterable[str]:
    """The parts that an entry may have filled with rows."""
    return one.moves[entry["move"]].fills if entry["from_state"] else one.opening_fills


def _originals(known: Known, was: Known | None) -> None:
    """The date that was promised first stays to be seen."""
    if was is None or known.row["kind"] not in _ORIGINALS:
        return
    column, since = _ORIGINALS[known.row["kind"]]
    if since == "open" or since in was.made:
        assert known.row[column] == was.row[column], (column, was.row, known.row)


def _counts(known: Known, was: Known | None, entries: list[Row]) -> None:
    """Extensions and returns to the causes are counted; an approved due date is moved by what grants that alone."""
    made = [entry["move"] for entry in entries]
    for column, moves in (("extensions", _EXTENDS), ("rounds", _GOES_ROUND), ("reopened", {"reopen"})):
        if column in known.row and was:
            assert known.row[column] == was.row[column] + len([one for one in made if one in moves])
    if known.row["kind"] == "corrective_action" and was and was.row["state"] not in ("planned", "approval"):
        assert known.row["due_on"] == was.row["due_on"] or not _NEW_DUE.isdisjoint(made), (made, was.row, known.row)


def _holder(task: Row) -> Holder:
    return Holder(task["holder_post_id"], task["holder_person_id"])


def _holders(task: Row, seen: Look) -> tuple[UUID, ...]:
    """Those whose task it is, there or away."""
    has_it = _holder(task)
    return (has_it.person_id,) if has_it.person_id else seen.snapshot.answering(has_it.post_id, seen.day)


def _people(task: Row, seen: Look) -> tuple[UUID, ...]:
    return _holder(task).readers(seen.snapshot, seen.day)
