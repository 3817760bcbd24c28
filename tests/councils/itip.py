"""A strict reader of invitations, of the bytes alone: RFC 5545 (form), RFC 5546 (REQUEST, CANCEL), RFC 6047 (the mail).

It shares nothing with what writes them, and stops at the first octet that the grammar does not have.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Final

FOLDED: Final = 75  # octets of a line, without its end (RFC 5545, 3.1)
NAME: Final = r"[A-Za-z0-9-]+"
# A parameter's value: quoted, or without what ends it; neither holds a quote or a control character.
VALUE: Final = r'(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^"\x00-\x08\x0a-\x1f\x7f:;,]*)'
LINE: Final = re.compile(
    rf"(?P<name>{NAME})(?P<params>(?:;{NAME}={VALUE}(?:,{VALUE})*)*):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
PARAM: Final = re.compile(rf";({NAME})=({VALUE}(?:,{VALUE})*)")
# TEXT: a backslash, a semicolon and a comma only escaped (3.3.11).
TEXT: Final = re.compile(r"(?:[^\\;,]|\\[\\;,Nn])*")
LOCAL, UTC_TIME = re.compile(r"\d{8}T\d{6}"), re.compile(r"\d{8}T\d{6}Z")
OFFSET: Final = re.compile(r"[+-]\d{4}")
TEXTS: Final = ("SUMMARY", "LOCATION", "DESCRIPTION")


@dataclass(frozen=True)
class Property:
    """A content line."""

    name: str
    params: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """Its value, where it is TEXT."""
        assert TEXT.fullmatch(self.value), self
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "Nn" else found[1], self.value)


@dataclass
class Component:
    """A component, with its properties in their order."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: "list[Component]" = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of that name."""
        return [one for one in self.properties if one.name == name]

    def one(self, name: str) -> Property:
        """The only property of that name."""
        (found,) = self.all(name)
        return found

    def within(self, name: str) -> "list[Component]":
        """The components of that name in it."""
        return [one for one in self.parts if one.name == name]


def read(content: bytes) -> Component:
    """The calendar object."""
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    lines: list[str] = []
    for octets in physical:
        assert b"\r" not in octets
        assert b"\n" not in octets
        assert 0 < len(octets) <= FOLDED, (len(octets), octets)
        line = octets.decode()  # a letter is never cut in two, which the RFC allows and programs get wrong
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    root = Component("")
    open_ones = [root]
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, line
        params = {name.upper(): value.strip('"') for name, value in PARAM.findall(found["params"])}
        name, value = found["name"].upper(), found["value"]
        if name == "BEGIN":
            open_ones[-1].parts.append(Component(value))
            open_ones.append(open_ones[-1].parts[-1])
        elif name == "END":
            assert open_ones.pop().name == value
        else:
            open_ones[-1].properties.append(Property(name, params, value))
    assert open_ones == [root]
    (calendar,) = root.parts
    assert not root.properties
    assert calendar.name == "VCALENDAR"
    return calendar


@dataclass(frozen=True)
class Invitation:
    """An event as a calendar would take it out of a mail."""

    method: str
    uid: str
    sequence: int
    stamp: datetime
    begins: datetime
    ends: datetime
    status: str
    texts: Mapping[str, str]
    attendee: str


def taken(raw: bytes) -> Invitation:
    """What calendars take out of a mail as it went over the wire."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    content = _in_mail(mail)
    calendar = read(content)
    method = calendar.one("METHOD").value
    assert calendar.one("VERSION").value == "2.0"
    assert calendar.one("PRODID").value
    zones = {one.one("TZID").value: _offset(one) for one in calendar.within("VTIMEZONE")}
    (event,) = calendar.within("VEVENT")
    assert len(calendar.parts) == len(zones) + 1
    assert (_calendar_part(mail)["Content-Type"].params)["method"] == method
    begins, ends = (_moment(event.one(name), zones) for name in ("DTSTART", "DTEND"))
    assert begins < ends
    stamp = event.one("DTSTAMP").value
    assert UTC_TIME.fullmatch(stamp)
    status = [one.value for one in event.all("STATUS")]
    assert status in {"REQUEST": (["CONFIRMED"],), "CANCEL": (["CANCELLED"], [])}[method]
    assert not event.all("REQUEST-STATUS")  # RFC 5546: in answers only
    organizer, attendee = event.one("ORGANIZER"), event.one("ATTENDEE")
    for one in (organizer, attendee):
        assert re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", one.value), one
        assert one.params["CN"]
    assert attendee.params["RSVP"] in ("TRUE", "FALSE")
    # Gmail and Outlook show no invitation to those who invite themselves.
    assert attendee.value != organizer.value
    assert attendee.value.removeprefix("mailto:") == mail["To"].addresses[0].addr_spec
    return Invitation(
        method,
        event.one("UID").value,
        int(event.one("SEQUENCE").value),
        datetime.strptime(stamp, "%Y%m%dT%H%M%S%z").astimezone(UTC),
        begins,
        ends,
        "".join(status),
        {name: event.one(name).text for name in TEXTS if event.all(name)},
        attendee.value,
    )


def _in_mail(mail: EmailMessage) -> bytes:
    """The event of a mail: the last way of saying what it says, once; and the same as a file."""
    assert mail["MIME-Version"] == "1.0"
    assert mail.get_content_type() == "multipart/mixed"
    first, *files = mail.iter_parts()
    # Outlook looks into the first part of a multipart/mixed, and nowhere else.
    assert first.get_content_type() == "multipart/alternative"
    ways = [one.get_content_type() for one in first.iter_parts()]
    assert ways == ["text/plain", "text/html", "text/calendar"]
    part = _calendar_part(mail)
    params = dict(part["Content-Type"].params)
    assert params["charset"].lower() == "utf-8"
    assert part["Content-Disposition"] is None
    content = _decoded(part)
    (ics,) = (one for one in files if one.get_filename() == "invite.ics")
    assert ics.get_content_type() == "application/ics"
    assert ics.get_content_disposition() == "attachment"
    assert _decoded(ics) == content
    return content


def _calendar_part(mail: EmailMessage) -> EmailMessage:
    (found,) = (one for one in mail.walk() if one.get_content_type() == "text/calendar")
    assert isinstance(found, EmailMessage)
    return found


def _decoded(part: MIMEPart) -> bytes:
    """The octets: line ends of text are as they were sent, which `get_content` would change."""
    assert part["Content-Transfer-Encoding"] == "base64"
    body = part.get_payload()
    assert isinstance(body, str)
    lines = body.split()
    assert all(len(line) <= 76 for line in lines)
    return b64decode("".join(lines), validate=True)


def _offset(zone: Component) -> timedelta:
    """The one offset that a time zone of ours has."""
    assert not zone.all("COMMENT")
    (standard,) = zone.parts
    assert standard.name == "STANDARD"
    begins, offset = standard.one("DTSTART"), standard.one("TZOFFSETTO").value
    assert LOCAL.fullmatch(begins.value)
    assert "TZID" not in begins.params
    assert OFFSET.fullmatch(standard.one("TZOFFSETFROM").value)
    assert OFFSET.fullmatch(offset)
    sign = -1 if offset[0] == "-" else 1
    return sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))


def _moment(one: Property, zones: Mapping[str, timedelta]) -> datetime:
    assert LOCAL.fullmatch(one.value)
    local = datetime.strptime(one.value, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return local - zones[one.params["TZID"]]
