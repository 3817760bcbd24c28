"""Who has a task on a day, as people speak of it: who holds the post, who acts for them, or that it is vacant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from service.organisation import Organisation
from service.subject import Holder, part_readers
from states.roles import Role
from states.text import Text


@dataclass(frozen=True, slots=True)
class Having:
    """Somebody who has a task. While they are away it is with `deputy` until the day `until`, or with nobody (None).

    Where the post is vacant, `falls` says that it came to them from below.
    """

    name: Text
    away: bool = False
    deputy: Text | None = None
    until: date | None = None
    falls: bool = False


class Holders:
    """The holders of a page's tasks: asked for each task, worked out once for each holder."""

    def __init__(self, snapshot: Organisation, day: date) -> None:
        self.snapshot, self.day = snapshot, day
        self.having = cache(self._having)
        self.told = cache(self._told)

    def _having(self, has_it: Holder) -> tuple[Having, ...]:
        """Who has the task today."""
        return tuple(self._each(has_it))

    def _each(self, has_it: Holder) -> Iterator[Having]:
        snapshot, day = self.snapshot, self.day
        own = (
            (has_it.person_id,) if has_it.person_id else snapshot.holders(has_it.post_id, day) if has_it.post_id else ()
        )
        for person in own:
            name, acts = snapshot.people[person].name, snapshot.stands_in(person, day)
            if acts == person:
                yield Having(name)
            elif has_it.personal or acts is None:
                yield Having(name, away=True)
            else:
                until = snapshot.stands_in_until(person, day)
                yield Having(name, away=True, deputy=snapshot.people[acts].name, until=until)
        if not own:
            for person in has_it.readers(snapshot, day):
                yield Having(snapshot.people[person].name, falls=True)

    def _told(self, role: Role, has_it: Holder, campus_id: UUID | None) -> tuple[Text, ...]:
        """Who a rung tells that speaks to this part for a task."""
        readers = part_readers(role, has_it, campus_id, self.snapshot, self.day)
        return tuple(self.snapshot.people[one].name for one in readers)
