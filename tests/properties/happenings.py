"""What happens to the university meanwhile: people are away, leave and come; policies change, open plans with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from models import tables as t
from service.keeping.absences import cancel_absence, end_early, enter_absence
from service.keeping.bodies import change_body, seat_member, unseat_member
from service.keeping.holdings import hold_post, leave_post
from service.organisation import CLOCK, Actor, Organisation, organisation
from service.policies.keeping import make_policy, withdraw_policy
from service.policies.replan import preview_replan, replan
from service.policies.scope import Scope, severities_of, steps_of
from states.lifecycle import Channel
from states.refusals import Refusal
from states.registry import lifecycle, lifecycles
from states.roles import Role
from states.working_days import today
from tests.support.university import University

# Whoever is told in the end: where even that post is vacant there is nobody left to tell.
_LAST: Final = "rector"
_SEATS: Final = 3  # a council has more members than this
_UPWARDS: Final = (
    (Role.HOLDER,),
    (Role.HOLDERS_HEAD,),
    (Role.QUALITY_SPECIALIST, Role.HOLDERS_HEAD),
    (Role.HOLDER, Role.VICE_RECTOR, Role.RECTOR),
)


@dataclass(slots=True)
class Happenings:
    """One university at one moment, and chance."""

    university: University
    now: datetime
    random: Random

    @property
    def day(self) -> date:
        """The day it is."""
        return today(self.now)

    def away(self) -> bool:
        """Somebody is away for days or weeks, with a deputy or without."""
        since = self.day + timedelta(days=self.random.choice((0, 0, 0, 2)))
        given = {
            "person": self._person(),
            "since": since,
            "until": since + timedelta(days=self.random.choice((0, 3, 10, 40))),
            "deputy": self._person() if self.random.random() < 0.6 else None,
        }
        return self._do(enter_absence, given)

    def back(self) -> bool:
        """Somebody who was to be away stays, or comes back early."""
        absences = self._rows(t.absence, t.absence.c.until >= self.day, t.absence.c.cancelled_at.is_(None))
        if not absences:
            return False
        absence = self.random.choice(absences)
        if absence["since"] >= self.day:
            return self._do(cancel_absence, absence["id"])
        return self._do(end_early, absence["id"], max(absence["since"], self.day - timedelta(days=1)))

    def left(self) -> bool:
        """Somebody leaves a post, today or in some days."""
        holding = t.holding.c
        leaving = self._rows(t.holding, holding.until.is_(None), holding.post_id != self.university.posts[_LAST])
        if not leaving:
            return False
        one = self.random.choice(leaving)
        until = self.day + timedelta(days=self.random.choice((-1, -1, 0, 5)))
        return self._do(leave_post, one["id"], {"until": max(until, one["since"])})

    def held(self) -> bool:
        """Somebody gets a post, one that is vacant if there is any."""
        snapshot = self._snapshot()
        vacant = sorted(post.code for post in snapshot.posts.values() if not snapshot.holders(post.id, self.day))
        post = self.random.choice(vacant or sorted(self.university.posts))
        return self._do(hold_post, {"person": self._person(), "post": post, "since": self.day})

    def council(self) -> bool:
        """A council has another secretary."""
        body = self.random.choice(self._rows(t.body))
        given = {name: body[name] for name in ("name_ky", "name_ru", "name_en", "quorum", "majority", "proxies")}
        return self._do(change_body, body["id"], {**given, "secretary": self._post()})

    def seated(self) -> bool:
        """Somebody sits in a council from now on, or no longer."""
        body = self.random.choice(self._rows(t.body))["id"]
        seats = self._rows(t.membership, t.membership.c.body_id == body, t.membership.c.until.is_(None))
        if len(seats) > _SEATS and self.random.random() < 0.6:
            one = self.random.choice(seats)
            return self._do(unseat_member, one["id"], {"until": max(one["since"], self.day - timedelta(days=1))})
        return self._do(seat_member, body, {"person": self._person(), "since": self.day})

    def policy(self) -> bool:
        """The quality specialist wants other days and another ladder for some step."""
        scope = self._scope()
        given: dict[str, Any] = {"lifecycle": scope.lifecycle.name, "step": scope.step.name, "reason": "Чечим"}
        given["effective_from"] = self.day + timedelta(days=self.random.choice((0, 0, 9, 30)))
        given |= {"severity": scope.severity} if scope.severity else {}
        given |= {"campus": self.random.choice(("UNI", "BRANCH"))} if self.random.random() < 0.3 else {}
        if scope.step.deadline and not scope.step.deadline.on and self.random.random() < 0.7:
            given |= {"days": self.random.randint(1, 15), "count": self.random.choice(("working", "calendar"))}
        if self.random.random() < 0.8:
            given["ladder"] = self._ladder()
        return self._do(make_policy, given, by=self._quality())

    def no_policy(self) -> bool:
        """One that was to come is taken back."""
        to_come = self._rows(t.policy, t.policy.c.effective_from > self.day, t.policy.c.withdrawn_at.is_(None))
        return bool(to_come) and self._do(withdraw_policy, self.random.choice(to_come)["id"], by=self._quality())

    def replan(self) -> bool:
        """What is open of a step is planned anew, by the policies that hold today."""
        scopes = {(row["lifecycle"], row["step"]) for row in self._rows(t.policy)}
        if not (asked := sorted(scopes & self._steps()) or sorted(scopes)):
            return False
        name, step = self.random.choice(asked)
        scope, actor = Scope(lifecycle(name), lifecycle(name).steps[step]), self._quality()
        try:
            with self.university.database.read() as connection:
                seen = preview_replan(connection, scope, actor, self.now)
        except Refusal:
            return False
        return self._do(replan, scope, seen.seen, by=actor) and seen.changing > 0

    def _scope(self) -> Scope:
        every = [(one.name, step.name) for one in lifecycles().values() for step in steps_of(one)]
        name, state = self.random.choice(self.random.choice((sorted(self._steps()), every)) or every)
        one, step = lifecycle(name), lifecycle(name).steps[state]
        severities = ["", *(choice.value for choice in severities_of(one, step))]
        return Scope(one, step, self.random.choice(severities))

    def _steps(self) -> set[tuple[str, str]]:
        """The lifecycles and steps of the tasks that are open."""
        return {(task["lifecycle"], task["step"]) for task in self._rows(t.task, t.task.c.closed_at.is_(None))}

    def _ladder(self) -> dict[str, Any]:
        """Reminders before the deadline, escalations after it, some on the page only, two parts in one rung."""
        random = self.random
        before = [{"days": -days, "to": ["holder"]} for days in random.sample(range(10), random.randint(0, 3))]
        after = [
            {"days": days, "to": [*random.choice(_UPWARDS)], "channel": random.choice(list(Channel)).value}
            for days in random.sample(range(1, 25), random.randint(1, 4))
        ]
        return {"rungs": [*before, *after], "again": {"days": random.randint(1, 8)}}

    def _do(self, use_case: Callable[..., Any], *told: Any, by: Actor = CLOCK) -> bool:
        """Whether it was done; a refusal is an answer too."""
        try:
            with self.university.database.write() as connection:
                use_case(connection, *told, by, self.now)
        except Refusal:
            return False
        return True

    def _quality(self) -> Actor:
        """Whoever answers for the quality specialist's post today, where anybody does."""
        snapshot = self._snapshot()
        readers = snapshot.readers(self.university.posts["quality"], self.day)
        return snapshot.actor(self.random.choice(readers), self.day)

    def _snapshot(self) -> Organisation:
        with self.university.database.read() as connection:
            return organisation(connection)

    def _person(self) -> str:
        return self.random.choice(sorted(self.university.people))

    def _post(self) -> str:
        return self.random.choice(sorted(self.university.posts))

    def _rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        return self.university.rows(table, *where)
