"""Documents that wait on the rector's desk, and the forms of the desk as a browser without scripts sends them."""

from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.files.attachments import remember
from service.files.store import Store
from tests.support.university import University, at, order, protocol

BEFORE, WHEN, NOW = at(2025, 3, 3), at(2026, 3, 27), at(2026, 4, 6)
OLD_TEXT = [f"{number}-пункт. Документ кафедранын отурумунда беш күндүн ичинде каралат." for number in range(1, 13)]
NEW_TEXT = [*OLD_TEXT[:3], OLD_TEXT[3].replace("беш", "он жумушчу"), *OLD_TEXT[4:]]
ORDER = {"order_no": "01-12/138", "decided_on": "2026-04-06"}


@dataclass
class Desks:
    """Brings revisions to the rector; `home` is where the files are kept."""

    university: University
    home: Path
    made: int = 0

    def document(self) -> str:
        """A new document of the register; its code."""
        self.made += 1
        row, code = self.university.rows(t.document)[0], f"УСТ 7.{self.made:02}"
        title = f"Ички тартиптин {self.made}-жобосу"
        changed = {"id": new_id(), "code": code, "title": title, "sort_key": code, "folded": code.casefold()}
        self.university.change(sa.insert(t.document).values({**row, **changed}))
        return code

    def attach(self, revision: UUID, content: bytes, name: str, when: datetime) -> None:
        """Its author attaches a file."""
        kept = Store(self.home / "files").keep(content)
        with self.university.database.write() as connection:
            remember(connection, Store(self.home / "files"), kept, when, self.university.people["owner"])
        told = {"sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type, "name": name}
        self.university.go(revision, "attach_file", "owner", when, file=told)

    def endorsed(self, code: str, text: list[str], when: datetime = WHEN) -> UUID:
        """A revision with a text, endorsed by both councils."""
        revision = self.university.draft(when, document=code)
        if text:
            self.attach(revision, "\n".join(text).encode(), "Жобо.txt", when)
        self.university.go(revision, "submit", "owner", when)
        for number, secretary in (("3", "sec_ouk"), ("7", "sec_ok")):
            told = protocol(number, when, votes_for=21, votes_against=1, agenda_item="4")
            self.university.go(revision, "endorse", secretary, when, **told)
        return revision

    def waiting(self, *, former: bool = True, text: list[str] = NEW_TEXT) -> UUID:
        """A revision that waits for the rector, with one in force before it, or without."""
        code = self.document()
        if former:
            old = self.endorsed(code, OLD_TEXT, BEFORE)
            self.university.go(old, "approve", "rector", BEFORE, **order("5", BEFORE, BEFORE.date()))
        return self.endorsed(code, text)

    def without_order(self, revision: UUID) -> None:
        """The route that it took puts it in force without a numbered order."""
        of = t.revision.c.record_id == revision
        self.university.change(sa.update(t.revision).where(of).values(by_order=False))

    def signatures(self, record: UUID) -> list[dict[str, Any]]:
        """The signatures of an approval on it."""
        return self.university.rows(t.signature, t.signature.c.record_id == record, t.signature.c.meaning == "approved")


@dataclass
class Sheet:
    """One form: what it would send as it stands, with all values of a name."""

    action: str = ""
    method: str = "get"
    name: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """The same with something typed or ticked instead."""
        return {**self.fields, **typed}


class _Sheets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Sheet] = []
        self.apart: list[tuple[str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Sheet(has.get("action", ""), has.get("method", "get"), has.get("id", "")))
            self.inside = True
        elif tag in ("input", "select", "textarea") and "name" in has:
            if "form" in has:
                self.apart.append((has["form"], has))
            elif self.inside:
                _put(self.found[-1], has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def _put(sheet: Sheet, has: dict[str, str]) -> None:
    name, value = has["name"], has.get("value", "")
    if has.get("type") in ("checkbox", "radio"):
        sheet.offered.setdefault(name, []).append(value)
        if "checked" not in has:
            return
    sheet.fields.setdefault(name, []).append(value)


def sheets(page: httpx.Response) -> list[Sheet]:
    """The forms of a page; what names its form from outside of it belongs to it."""
    parser = _Sheets()
    parser.feed(page.text)
    for name, has in parser.apart:
        _put(next(one for one in parser.found if one.name == name), has)
    return parser.found


def sheet(page: httpx.Response, action: str) -> Sheet:
    """The only form with that address."""
    (found,) = (one for one in sheets(page) if one.action == action)
    return found
