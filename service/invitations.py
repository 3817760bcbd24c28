"""The invitation to a sitting: what its mail says, the event for calendars, the agenda and the papers enclosed.

The event is iTIP (RFC 5546) in a mail (RFC 6047): one for a sitting, by its UID; what its history tells later has a
higher SEQUENCE, and calendars keep the highest. Why it is like this: docs/decisions/invitations.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from re import compile as pattern
from typing import Any, Final

import sqlalchemy as sa
from icalendar import Calendar, Event, Timezone, vCalAddress

from notifications.message import Enclosure
from service.files.names import clean_name
from service.files.store import Store
from service.invited import CALLED, CANCELLED, RELEASED, Paper, Telling, When
from service.language import say
from service.letters import Letterhead
from service.organisation import PersonFacts
from service.prints.common import Signatory, Words
from service.prints.compile import write_pdf
from service.prints.gather import university_of
from service.prints.held import SECRETARY
from service.prints.kinds import FORMS
from service.prints.own import university
from service.prints.sittings import Agenda, AgendaItem
from states.kyrgyz import day_in_words
from states.text import N_
from states.working_days import BISHKEK

LASTS: Final = timedelta(hours=2)
# A mail as it goes over the wire, in bytes: servers take so much unless they are told otherwise. Some of it is left
# for the words and the agenda.
MOST: Final = 10_000_000
WORDS: Final = 500_000
PDF: Final = "application/pdf"
_LINE, _LINE_OF = 78, 57  # bytes of a line of base64, and of what it is of
_CONTROL: Final = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class _File:
    files: Store
    sha256: str

    def __call__(self) -> bytes:
        return b"".join(self.files.read(self.sha256))


@dataclass(frozen=True, slots=True)
class _Agenda:
    shape: Agenda
    named: Words
    language: str
    forms: Path | None

    def __call__(self) -> bytes:
        file = BytesIO()
        write_pdf(FORMS["agenda"], self.shape, university(self.forms, self.named), self.language, file, self.forms)
        return file.getvalue()


def told(telling: Telling, language: str, head: Letterhead) -> dict[str, Any]:
    """What the templates are filled with besides what they say of any record, in the reader's language."""
    papers = list(_papers(telling))
    sitting = {
        "body": telling.body.name.into(language),
        **_said(telling.when, language),
        "chair": telling.chair.into(language) if telling.chair else "",
        "secretary": telling.secretary.into(language) if telling.secretary else "",
        "before": _said(telling.before, language) if telling.before else None,
        "agenda": [
            {
                "no": point.no,
                "title": _plain(point.title),
                "speaker": _plain(point.speaker),
                "papers": [
                    {"name": one.name, "url": f"{head.base_url}{one.path}" if one.path else ""} for one in point.papers
                ],
            }
            for point in telling.points
        ],
        "too_large": bool(head.files and not _fit(papers)),
        "enclosed": bool(head.files and papers and _fit(papers)),
    }
    # Nobody is let go by a move of the sitting alone: what its last entry was is not what led to it.
    because = {"because": None} if telling.message == RELEASED else {}
    return {"sitting": sitting, "url": _url(telling, head), **because}


def enclosures(
    connection: sa.Connection, telling: Telling, reader: PersonFacts, head: Letterhead
) -> Iterator[Enclosure]:
    """The event, twice, as calendars and mail programs want it; when the papers are sent, the agenda and the papers.

    Nothing is read from files here: what is enclosed is read and printed when the mail is written.
    """
    event, method = calendar(telling, reader, head), _method(telling)
    yield Enclosure("", f'text/calendar; charset="utf-8"; method={method}', event, alternative=True)
    yield Enclosure("invite.ics", 'application/ics; name="invite.ics"', event)
    if telling.message != CALLED:
        return
    language, named = reader.language, university_of(connection, telling.campus, None).name
    label = FORMS["agenda"].label.into(language)
    name = clean_name(f"{label[:1].upper()}{label[1:]} {telling.when.day}.pdf", PDF)
    yield Enclosure(name, PDF, _Agenda(_shape(telling), named, language, head.forms))
    papers = list(_papers(telling))
    if head.files and _fit(papers):
        for name, one in papers:
            # What is kept as text is in UTF-8.
            charset = '; charset="utf-8"' if one.media_type.startswith("text/") else ""
            yield Enclosure(name, f"{one.media_type}{charset}", _File(head.files, one.sha256))


def calendar(telling: Telling, reader: PersonFacts, head: Letterhead) -> bytes:
    """The event as a calendar object (RFC 5545) for one reader: always the same for the same telling."""
    language, url = reader.language, _url(telling, head)
    body = telling.body.name.into(language)
    begins = _begins(telling.when)
    event = Event()
    event.add("uid", f"sitting-{telling.sitting}@{head.sender.rpartition('@')[2]}")
    event.add("sequence", telling.sequence)
    event.add("dtstamp", telling.at)
    event.add("dtstart", begins)
    event.add("dtend", begins + LASTS)
    event.add("summary", _plain(say(_SUMMARY, language, {"body": body})))
    event.add("location", _plain(telling.when.place))
    if telling.message != RELEASED:  # which says nothing of a sitting that is no longer theirs, nor that it is off
        lines = (
            f"{point.no}. {point.title}" + (f" ({point.speaker})" if point.speaker else "") for point in telling.points
        )
        event.add("description", "\n".join([*map(_plain, lines), url]))
        event.add("url", url)
        event.add("status", "CANCELLED" if telling.message == CANCELLED else "CONFIRMED")
    event.add("organizer", _address(head.sender, body))
    event.add("attendee", _address(reader.email, reader.name.into(language), RSVP="FALSE"))
    found = Calendar()
    found.add("prodid", "-//Sapat//Sapat//KY")
    found.add("version", "2.0")
    found.add("method", _method(telling))
    found.add_component(_zone())
    found.add_component(event)
    written: bytes = found.to_ical()
    return written


@cache
def _zone() -> Timezone:
    # The clocks of Kyrgyzstan have not been changed since 2005.
    zone = Timezone.from_tzid(BISHKEK.key, first_date=date(2006, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def _url(telling: Telling, head: Letterhead) -> str:
    return f"{head.base_url}/sittings/{telling.sitting}/day"


def _method(telling: Telling) -> str:
    return "CANCEL" if telling.message in (CANCELLED, RELEASED) else "REQUEST"


def _begins(when: When) -> datetime:
    hours, _, minutes = when.time.partition(":")
    return datetime.combine(when.day, time(int(hours), int(minutes)), BISHKEK)


def _address(mail: str, name: str, **more: str) -> vCalAddress:
    # Quotes end a parameter early in calendars that do not know RFC 6868.
    return vCalAddress(f"mailto:{mail}", params={"CN": _plain(name).replace('"', "'"), **more})


def _plain(words: str) -> str:
    return _CONTROL.sub(" ", words).strip()


def _said(when: When, language: str) -> Mapping[str, str]:
    return {"day": day_in_words(when.day, language), "time": when.time, "place": when.place}


def _shape(telling: Telling) -> Agenda:
    """The agenda as it is printed: what the members are sent, not what has become of it since."""
    return Agenda(
        body=telling.body.name,
        held_on=telling.when.day,
        items=tuple(
            AgendaItem(one.no, one.title, one.speaker, (one.code,) if one.code else ()) for one in telling.points
        ),
        time=telling.when.time,
        place=telling.when.place,
        secretary=Signatory(SECRETARY, telling.secretary or ""),
    )


def _papers(telling: Telling) -> Iterator[tuple[str, Paper]]:
    """Each file once, with the name it has in the mail: of two of one name, the later says to which item it belongs."""
    seen: set[tuple[str, str]] = set()
    names: set[str] = set()
    for point in telling.points:
        for one in point.papers:
            if (one.name, one.sha256) not in seen:
                seen.add((one.name, one.sha256))
                name = f"{point.no}. {one.name}" if one.name in names else one.name
                names.add(name)
                yield name, one


def _fit(papers: list[tuple[str, Paper]]) -> bool:
    """Whether a mail with all of them is one that servers take; they are enclosed all together, or none of them."""
    return sum(-(-one.size // _LINE_OF) * _LINE for _, one in papers) <= MOST - WORDS


_SUMMARY = N_("Sitting: %(body)s")
