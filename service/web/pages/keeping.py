"""What the pages that keep the organisation share: a form for each use-case, and what comes of sending it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from service.keeping.change import WHO, Roles, keeps
from service.keeping.given import Fields
from service.language import say
from service.organisation import Organisation, organisation
from service.web.pages.forms import Options, Refused, controls, sent, summary
from service.web.pages.wording import heading
from service.web.site import Here, Visitor
from states.given import parse_given
from states.kyrgyz import day_short, sort_key
from states.lifecycle import Field
from states.refusals import NotFound, NotYours, Refusal
from states.roles import LABELS
from states.text import N_, Text
from states.working_days import today

Shown = dict[str, Any]
CLOSES: Fields = (Field("day", Text("Кайсы күндөн", "С какого дня", "From which day"), "date"),)


def must_keep(snapshot: Organisation, who: Visitor, what: Text, roles: Roles = WHO) -> None:
    """Raise NotYours unless the visitor keeps the organisation, or what is of `roles`."""
    if not keeps(snapshot, who.actor, roles):
        raise NotYours(move=what, who=tuple(LABELS[role] for role in roles))


def keep_form(
    connection: sa.Connection,
    who: Visitor,
    action: str,
    button: str,
    fields: Fields,
    typed: Mapping[str, Any],
    refused: Refused | None,
    *,
    tone: str = "primary",
) -> Shown:
    """One form as the template `keeping.html` shows it; refused where what was refused was sent to this address."""
    mine = refused if refused and refused.name == action else None
    errors, language = (mine.errors(who.language) if mine else {}), who.language
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in typed.items()}
    # Several forms stand on one page: what their fields are called must differ.
    prefix = "".join(sign if sign.isalnum() else "-" for sign in action).strip("-") + "-"
    return {
        "action": action,
        "button": say(button, language),
        "tone": tone,
        "controls": controls(
            fields, language, choices(connection, fields, who), mine.typed if mine else values, errors, prefix
        ),
        "errors": summary(fields, errors, language, prefix),
        "message": mine.message(language) if mine and not errors else None,
        "open": mine is not None,
    }


def choices(connection: sa.Connection, fields: Fields, who: Visitor) -> dict[str, Options]:
    """What can be chosen of units, posts and people: by code, what is closed left out."""
    snapshot, kinds, language = organisation(connection), {field.kind for field in fields}, who.language
    found: dict[str, Options] = {}
    if "unit" in kinds:
        found["unit"] = _sorted(
            {"value": unit.code, "label": heading(unit.name, language)}
            for unit in snapshot.units.values()
            if not unit.closed_on
        )
    if "post" in kinds:
        found["post"] = post_choices(snapshot, who)
    if "person" in kinds:
        found["person"] = _sorted(
            {"value": one.code, "label": one.name.into(language), "hint": _posts_of(snapshot, one.id, who)}
            for one in snapshot.people.values()
        )
    return found


def post_choices(snapshot: Organisation, who: Visitor) -> Options:
    """The posts that can be filled, by unit, each with who holds it today."""
    return _sorted(
        {
            "value": post.code,
            "label": heading(post.name, who.language),
            "hint": ", ".join(names_of(snapshot, snapshot.holders(post.id, today(who.now)), who.language)),
            "group": heading(snapshot.units[post.unit_id].name, who.language),
        }
        for post in snapshot.posts.values()
        if not post.closed_on
    )


def _posts_of(snapshot: Organisation, person_id: UUID, who: Visitor) -> str:
    """What somebody is here today, so that namesakes are told apart."""
    held = snapshot.posts_of(person_id, today(who.now))
    return ", ".join(heading(post.name, who.language) for post in snapshot.posts.values() if post.id in held)


def names_of(snapshot: Organisation, people: Any, language: str) -> list[str]:
    """The names of these people."""
    return [snapshot.people[person].name.into(language) for person in people]


def _sorted(rows: Any) -> Options:
    return sorted(rows, key=lambda row: (sort_key(row.get("group", "")), sort_key(row["label"])))


UseCase = Callable[[sa.Connection, dict[str, str]], object]


async def carry_out(
    request: Request,
    here: Here,
    use_case: UseCase,
    back: str | Callable[[Any], str],
    again: Callable[[Refused], Awaitable[Response]],
    said: str = "1",
) -> Response:
    """Do what a form asks and go `back`; where it is refused, the page `again` with what was typed.

    `said` names what `kept` says there.
    """
    typed = await sent(request)
    typed.pop("form_token", None)
    try:
        done = await here.writing(lambda connection: use_case(connection, typed))
    except (NotYours, NotFound):
        raise
    except Refusal as refusal:
        return await again(Refused(request.url.path, typed, refusal))
    path = back if isinstance(back, str) else back(done)
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}done={said}", 303)


def closing_day(connection: sa.Connection, who: Visitor, typed: Mapping[str, str], what: Text) -> date:
    """The day that a form of closing gives. Raises NotYours, Incomplete."""
    must_keep(organisation(connection), who, what)
    day: date = parse_given(CLOSES, typed)["day"]
    return day


def kept(request: Request, language: str, **others: str) -> list[dict[str, str]]:
    """What the frame says after something was done: that it is kept, or what `done=` names among `others`."""
    done = request.query_params.get("done")
    return [{"tone": "good", "text": say(others.get(done, _KEPT), language)}] if done else []


def spell(since: date, until: date | None, language: str) -> str:
    """From a day to a day, as a table has it."""
    return f"{day_short(since, language)} – {day_short(until, language) if until else '…'}"


_KEPT = N_("It is kept, with what was before.")
