"""What comes in: a body is read no further than its limit, and files go to the store before anything is written."""

import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

import sqlalchemy as sa
from fastapi import Request
from starlette.datastructures import ImmutableMultiDict
from starlette.types import Message

from service.files.at import store_at
from service.files.attachments import remember
from service.files.names import clean_name
from service.files.store import Kept, Store
from service.web.api.refusals import TooLarge
from service.web.site import Site, Visitor
from states.lifecycle import Field
from states.refusals import Refusal, SignedOut

# Kinds of fields that hold several values: codes of people and records, numbers of parts.
SEVERAL: Final = frozenset({"people", "records", "parts"})


def within(request: Request, most: int, refusal: Refusal | None = None) -> Request:
    """The same request, whose body ends in a refusal (TooLarge) past `most` bytes, or before it where it says so."""
    told = request.headers.get("Content-Length", "0")
    if not (told.isascii() and told.isdigit()) or len(told) > 15 or int(told) > most:
        raise refusal or TooLarge()
    left = most

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise refusal or TooLarge()
        return message

    return Request(request.scope, receive)


def words_of(sent: ImmutableMultiDict[str, Any], fields: Iterable[Field] = ()) -> dict[str, Any]:
    """The words that a form or an address holds, by name; of `fields` that hold several, the list of all of them.

    Several come as several controls of one name, or as words with commas or spaces between them. Such a field of which
    nothing was said is left out.
    """
    told: dict[str, Any] = {name: value for name, value in sent.items() if isinstance(value, str)}
    for field in fields:
        if field.kind in SEVERAL and field.name in told:
            sentences = [value for value in sent.getlist(field.name) if isinstance(value, str)]
            words = [word for sentence in sentences for word in re.split(r"[,;\s]+", sentence) if word]
            told[field.name] = list(dict.fromkeys(words))
            if not words:
                del told[field.name]
    return told


def store_of(here: Site) -> Store:
    """Where this Sapat keeps files."""
    return store_at(here.settings)


def typed_name(sent: str) -> str:
    """A file's name as its owner sees it: forms send quotes and line ends in another shape (HTML, 4.10.21.8)."""
    return sent.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


async def keep(here: Site, content: bytes | IO[bytes], name: str, who: Visitor) -> Mapping[str, Any]:
    """Keep a file that somebody sent, under no record yet: what a move's field of kind `file` is given.

    Raises SignedOut, FileTooLarge, NotAccepted; NotKept where it must be sent again.
    """
    if who.person is None:
        raise SignedOut
    sender = who.person.id
    store = store_of(here)
    kept: Kept = await here.reading(lambda _: store.keep(content))
    cleaned = clean_name(name, kept.media_type)

    def note(connection: sa.Connection) -> None:
        remember(connection, store, kept, who.now, sender)

    await here.writing(note)
    return {"sha256": kept.sha256, "name": cleaned, "size": kept.size, "media_type": kept.media_type}
