"""What tests of nonconformities and their parts share: forms by what they hold, statements counted, an audit."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from models import tables as t
from states.text import Text
from tests.support.university import University, at, names
from tests.web.visitors import Form, Visitor, forms

NOW = at(2026, 4, 6)


def form_of(page: httpx.Response, move: str, **held: str) -> Form:
    """The only form of a move that holds these values before anybody types."""
    (found,) = [
        form for form in forms(page) if form.action.endswith(f"/moves/{move}") and held.items() <= form.fields.items()
    ]
    return found


def send(visitor: Visitor, form: Form, **typed: Any) -> httpx.Response:
    """Send a form with what it holds and what is typed; a list is several controls of one name."""
    given: dict[str, Any] = {**form.fields, **typed}
    return visitor.post(form.action, given)


def field(page: httpx.Response, identifier: str) -> str:
    """The control with that id, as it is written, with what it holds."""
    begins = re.search(rf'<(select|textarea|input)\b[^>]*\bid="{identifier}"[^>]*>', page.text)
    assert begins, identifier
    ends = {"input": begins.end()}.get(begins[1]) or page.text.index(f"</{begins[1]}>", begins.end())
    return page.text[begins.start() : ends] + ("" if begins[1] == "input" else f"</{begins[1]}>")


def chosen(page: httpx.Response, identifier: str) -> list[str]:
    """The values that a select has chosen."""
    return re.findall(r'<option value="([^"]*)" selected', field(page, identifier))


def section(page: httpx.Response, name: str) -> str:
    """A section of a page, by its id."""
    return page.text.partition(f'<section class="section" id="{name}"')[2].partition("</section>")[0]


def statements(university: University, ask: Callable[[], httpx.Response]) -> int:
    """How many statements an answer takes."""
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    sa.event.listen(university.database.engine, "before_cursor_execute", note)
    assert ask().status_code == 200
    sa.event.remove(university.database.engine, "before_cursor_execute", note)
    return len(counted)


def entered(university: University, catalogue: str, edition: str, code: str, above: str | None, **more: Any) -> None:
    """One more entry of a catalogue."""
    row = {"catalogue": catalogue, "edition": edition, "code": code, "parent": above, "position": 0, **more}
    with university.database.write() as connection:
        connection.execute(sa.insert(t.entry), {**row, **names(Text(f"{code} ky", f"{code} ru", f"{code} en"))})


def analysed(university: University, *texts: str) -> UUID:
    """A nonconformity of `owner`'s whose causes are being analysed: each of these because of the one before."""
    found = university.reported(NOW)
    university.go(found, "register", "quality", NOW, severity="major", owner_post="owner")
    university.go(found, "record_correction", "owner", NOW, correction="Табылды")
    for no, text in enumerate(texts, start=1):
        university.go(found, "add_cause", "owner", NOW, text=text, **({"because_of": no - 1} if no > 1 else {}))
    return found


def audit(university: University, **more: Any) -> UUID:
    """An audit of the department, planned."""
    told = {"title": "Кафедранын аудити", "criteria": "ISO 9001", "unit": "DEPARTMENT", "lead_auditor": "auditor"}
    return university.open("audit", "quality", NOW, **{**told, **more}, planned_on=at(2026, 5, 4).date())
