"""The pages of one sitting by where it stands: its agenda, its minutes, the closing of its protocol, the protocol."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from service.language import say
from service.protocol_numbers import next_protocol_no
from service.reading.agenda import abouts_of, as_sent, papers_of, postponed
from service.reading.signatures import signatures_of
from service.reading.sittings import count
from service.web.pages.records import record_line
from service.web.pages.signing import signature_cards
from service.web.pages.sitting_shown import (
    Session,
    about_shown,
    choice_lists,
    known_people,
    labels,
    papers_shown,
    quorum_words,
)
from service.web.pages.sitting_words import coded_name
from service.web.pages.told import Told
from service.web.pages.wording import badge, heading
from states.kyrgyz import day_in_words, day_short, sort_key
from states.text import N_
from states.voting import Majority, Quorum
from states.working_days import today

Context = tuple[str, dict[str, Any]]
_BEFORE: Final = ("planned", "called")


def context(told: Told, item: str) -> Context:
    """The template and what it shows, by the state of the sitting and by what the reader may do there."""
    state = told.view.subject.state
    if state in _BEFORE:
        return "sitting_before.html", {**_common(told), **_agenda(told)}
    if state == "in_session" and "add_item" in _moves(told):
        return "sitting_session.html", {**_common(told), **_session(told, item)}
    return "sitting_protocol.html", {**_common(told), **_protocol(told)}


def closing_context(told: Told, _item: str) -> Context:
    """What still hinders closing, and the form that closes: what is signed is shown as it is on this page."""
    found, fields = {**_common(told), **_protocol(told)}, told.view.subject.fields
    number = next_protocol_no(told.connection, fields["body_id"], fields["held_on"])
    form = _form(told, "close", protocol_no=number)
    # Who signs, and as what: the protocol itself stands above, whole.
    form["signing"]["facts"] = [
        one for one in form["signing"]["facts"] if one["term"] in {say(term, told.who.language) for term in _SIGNER}
    ]
    return "sitting_closing.html", {**found, "form": form}


def _common(told: Told) -> dict[str, Any]:
    view, language, fields = told.view, told.who.language, told.view.subject.fields
    snapshot = told.known.snapshot
    body = snapshot.body(fields["body_id"])
    chair = snapshot.people.get(fields["chair_id"])
    known = [
        {"term": say(_WHEN, language), "value": f"{day_in_words(fields['held_on'], language)}, {fields['begins_at']}"},
        {"term": say(_WHERE, language), "value": fields["held_at"]},
        *([{"term": say(_CHAIR, language), "value": chair.name.into(language)}] if chair else []),
        {"term": say(_QUORUM, language), "value": Quorum(fields["quorum"]).label.into(language)},
        {"term": say(_MAJORITY, language), "value": Majority(fields["majority"]).label.into(language)},
    ]
    refused = told.refused
    stray = refused is not None and (refused.name not in _moves(told) or refused.name in _SMALL)
    return {
        "view": view,
        "fields": fields,
        "lang": language,
        "path": f"/sittings/{view.subject.id}",
        "body": {"text": heading(body.name, language), "href": f"/organisation/bodies/{body.id}"},
        "state": badge(view.lifecycle, view.subject.state, language),
        "known": known,
        "chair_name": f"{say(_CHAIR, language)}: {chair.name.into(language)}" if chair else "",
        "refused": refused.message(language) if refused and stray else None,
        "refused_words": list((refused.errors(language) if refused and stray else {}).values()),
        "messages": [],
    }


def _agenda(told: Told) -> dict[str, Any]:
    view, who = told.view, told.who
    moves, papers = _moves(told), papers_of(told.connection, view.subject.id)
    rows = sorted(view.parts["agenda_item"], key=lambda row: row["place"])
    about_ids = [row["about_id"] for row in rows if row["about_id"]]
    abouts = abouts_of(told.connection, about_ids, who.actor, who.now)
    case = view.case
    sent = view.subject.fields["papers"]
    return {
        "items": [
            {
                "no": row["no"],
                "place": row["place"],
                "title": row["title"],
                "speaker": row["speaker"],
                "about": about_shown(abouts.get(row["about_id"]), who.language),
                "papers": papers_shown(papers.get(row["no"], []), sent, row["no"]),
                "changed": sent is not None and as_sent({row["no"]: papers.get(row["no"], [])}) != _of_item(sent, row),
            }
            for row in rows
        ],
        "waiting": len(case.ask("waiting")) if case and "take_up" in moves else 0,
        "may_order": "place_item" in moves,
        "forms": [_form(told, name, **_proposed(told, name)) for name in _FORMS if name in moves],
        "sent_by": _sent_by(told) if "send_papers" in moves else "",
        "postponed": _postponed(told) if "add_item" in moves else [],
        **_members(told),
        "add": _form(told, "add_item") if "add_item" in moves else None,
    }


def _sent_by(told: Told) -> str:
    """The day by which the papers should have gone out, by the rule for it, where that day is over."""
    deadline = told.view.lifecycle.steps["planned"].deadline
    before = deadline.before if deadline else 0
    day = told.known.snapshot.calendar.add(told.view.subject.fields["held_on"], -before)
    return day_in_words(day, told.who.language) if day < today(told.who.now) else ""


def _postponed(told: Told) -> list[dict[str, str]]:
    fields, language = told.view.subject.fields, told.who.language
    return [
        {"title": one.title, "speaker": one.speaker, "day": day_in_words(one.held_on, language)}
        for one in postponed(told.connection, fields["body_id"], fields["held_on"])
    ]


def _members(told: Told) -> dict[str, Any]:
    """How many sit in the body on that day; once they were called, who has come to it or left it since."""
    fields, snapshot, language = told.view.subject.fields, told.known.snapshot, told.who.language
    sit = snapshot.sitting_in(fields["body_id"], fields["held_on"])
    called = [UUID(one) for one in fields["members"] or ()] if told.view.subject.state == "called" else list(sit)

    def names(people: Iterable[UUID]) -> str:
        return ", ".join(sorted((snapshot.people[one].name.into(language) for one in people), key=sort_key))

    return {
        "sit": len(sit),
        "joined": names(one for one in sit if one not in called),
        "left": names(one for one in called if one not in sit),
    }


def _proposed(told: Told, name: str) -> dict[str, str]:
    """What stands in a form already: in the chair is the body's chair, if they sit in it and are not away today."""
    if name != "open_session":
        return {}
    snapshot, day, fields = told.known.snapshot, today(told.who.now), told.view.subject.fields
    body = snapshot.body(fields["body_id"])
    sit = snapshot.sitting_in(body.id, fields["held_on"])
    holders = snapshot.holders(body.chair_post_id, day) if body.chair_post_id else ()
    there = [one for one in holders if one in sit and snapshot.stands_in(one, day) == one]
    return {"chair": snapshot.people[there[0]].code} if there else {}


def _chair(told: Told) -> str:
    """The code of whoever is in the chair."""
    chair = told.known.snapshot.people.get(told.view.subject.fields["chair_id"])
    return chair.code if chair else ""


def _of_item(sent: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    papers = sorted(sent.get(str(row["no"]), []))
    return {str(row["no"]): papers}


def _read(told: Told) -> Session:
    view, who = told.view, told.who
    papers = papers_of(told.connection, view.subject.id)
    about_ids = [row["about_id"] for row in view.parts["agenda_item"] if row["about_id"]]
    abouts = abouts_of(told.connection, about_ids, who.actor, who.now)
    numbers = count(view.subject.fields, view.parts, as_sent(papers))
    return Session(view, told.known.snapshot, who.language, numbers, abouts, papers, told.refused)


def _session(told: Told, item: str) -> dict[str, Any]:
    session, language, snapshot = _read(told), told.who.language, told.known.snapshot
    items, members = session.items(item), session.members()
    refused = told.refused
    return {
        "items": items,
        "members": members,
        "attendance_was": {
            f"{name}-{one['no']}": value for one in members for name, value in one["was"].items() if value
        },
        "quorum": quorum_words(session.numbers, language),
        "done": sum(one["done"] for one in items),
        "choices": choice_lists(language),
        "labels": labels(language),
        "proxies": told.view.subject.fields["proxies"],
        "known_members": known_people((snapshot.people[row["person_id"]] for row in _attendees(told)), language),
        "known_posts": sorted(
            (coded_name(one, language) for one in snapshot.posts.values() if not one.closed_on), key=sort_key
        ),
        "begun": refused.typed if refused and refused.name == "instruction" and not refused.typed.get("no") else {},
        "begun_errors": refused.errors(language) if refused and refused.name == "instruction" else {},
        "add": _form(told, "add_item"),
        "chair": _form(told, "change_chair", chair=_chair(told)) if "change_chair" in _moves(told) else None,
        "cancel": _form(told, "cancel") if "cancel" in _moves(told) else None,
        "typist": told.who.person.code if told.who.person else "",
    }


def _protocol(told: Told) -> dict[str, Any]:
    """The protocol as it is, or would be: who was there, what was decided, what became of it."""
    session, view, language, snapshot = _read(told), told.view, told.who.language, told.known.snapshot
    items, members = session.items(), session.members()
    lists = {name: {one["value"]: one["label"] for one in some} for name, some in choice_lists(language).items()}
    people = snapshot.people
    return {
        "items": items,
        "members": members,
        "lists": lists,
        "quorum": quorum_words(session.numbers, language),
        "hindrances": _hindrances(session, items),
        "tasks": [record_line(row, language) for row in view.children if row.lifecycle.name == "council_task"],
        "corrections": [
            {
                "no": row["no"],
                "item": next((one["place"] for one in items if one["no"] == row["item"]), None),
                "says": row["says"],
                "day": day_short(row["corrected_on"], language),
                "who": people[row["person_id"]].name.into(language),
            }
            for row in view.parts["correction"]
        ],
        "correct": _form(told, "correct") if "correct" in _moves(told) else None,
        "signatures": signature_cards(
            signatures_of(told.connection, view.subject.id, view.lifecycle), view.lifecycle, language
        ),
        "by": {one["code"]: one["name"] for one in members},
        "typist": told.who.person.code if told.who.person else "",
    }


def _hindrances(session: Session, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What hinders closing, each with the item to go to."""
    found = [
        {"text": say(one.says, session.language), "item": None, "title": ""}
        for one in session.numbers.hindrances
        if one.item is None
    ]
    for item in items:
        title = f"{item['place']}. {item['given']['title']}"
        found += [{"text": text, "item": item["no"], "title": title} for text in item["wrong"]]
    return found


def _form(told: Told, name: str, **given: Any) -> dict[str, Any]:
    """The form of a move, which comes back to this page."""
    form = told.forms.form(_moves(told)[name], **given)
    return {**form, "action": f"/sittings/{told.view.subject.id}/day/moves/{name}"}


def _moves(told: Told) -> dict[str, Any]:
    return {one.name: one for one in told.view.moves}


def _attendees(told: Told) -> Any:
    return told.view.parts["attendee"]


_FORMS: Final = ("send_papers", "open_session", "reschedule", "cancel")
# Moves whose forms are single buttons: why one was refused is said above them.
_SMALL: Final = frozenset({"place_item", "remove_item", "take_up"})
_SIGNER: Final = (N_("Who signs"), N_("In which post"))
_WHEN, _WHERE, _CHAIR = N_("When"), N_("Where"), N_("In the chair")
_QUORUM, _MAJORITY = N_("Quorum"), N_("Carried by")
