"""Who plays which part in what is made up: somebody who may do what comes next."""

from collections.abc import Iterator
from datetime import date

from service.organisation import Actor, Organisation
from service.subject import NOTHING_BELOW, Subject, holder
from states.lifecycle import Move, may
from states.refusals import NotYours


def who_may(subject: Subject, declared: Move, snapshot: Organisation, day: date) -> Actor:
    """Somebody who may make the move, looked for in the order in which the declaration names the parts.

    Raises NotYours where nobody may.
    """
    for actor in _candidates(subject, declared, snapshot, day):
        if may(declared, subject.case(actor, snapshot, day, NOTHING_BELOW)):
            return actor
    raise NotYours(move=declared.label, who=tuple(role.label for role in declared.by))


def _candidates(subject: Subject, declared: Move, snapshot: Organisation, day: date) -> Iterator[Actor]:
    for role in declared.by:
        for person in holder(role, subject.fields, snapshot).readers(snapshot, day):
            yield snapshot.actor(person, day)
