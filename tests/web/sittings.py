"""A large council at work: many members, many documents and questions on one agenda; and a server one can kill."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.settings import Settings
from states.kyrgyz import fold, sort_key
from tests.councils.sitting import DAY, Sitting, seat
from tests.support.university import University, at

NOW: Final = at(2026, 4, 15, 14)
ROOT: Final = Path(__file__).parents[2]


def members(university: University, count: int) -> list[str]:
    """So many people with a post each, besides those whom there are: their codes."""
    codes = [f"member{number:02}" for number in range(1, count + 1)]
    people, posts, holdings = [], [], []
    for number, code in enumerate(codes, start=1):
        person, post = new_id(), new_id()
        university.people[code] = person
        names = {f"name_{language}": f"Мүчө{number:02} Кеңешбекова" for language in ("ky", "ru", "en")}
        titles = {f"name_{language}": f"{number}-кафедранын башчысы" for language in ("ky", "ru", "en")}
        people.append({"id": person, "code": code, "email": f"{code}@uni.example", "language": "ky", **names})
        posts.append({"id": post, "code": f"chair{number:02}", "unit_id": university.units["UNI"], **titles})
        holdings.append({"id": new_id(), "person_id": person, "post_id": post, "since": date(2000, 1, 1)})
    posts = [{**one, "heads": False, "role": None} for one in posts]
    university.change(
        sa.insert(t.person).values(people), sa.insert(t.post).values(posts), sa.insert(t.holding).values(holdings)
    )
    return codes


def waiting(university: University, count: int, when: datetime) -> list[UUID]:
    """So many documents whose revisions wait for the first council of their route."""
    like = university.one(t.document)
    found = []
    for number in range(1, count + 1):
        code, title = f"УСТ 6.{number:02}", f"{number}-жобо: окуу процессин уюштуруу"
        row = {**like, "id": new_id(), "code": code, "title": title}
        row |= {"folded": fold(f"{code} {title}"), "sort_key": sort_key(code)}
        university.change(sa.insert(t.document).values(row))
        revision = university.draft(when, document=code)
        university.go(revision, "submit", "owner", when)
        found.append(revision)
    return found


def large(university: University, documents: int = 20, own: int = 20, sits: int = 35, **rules: Any) -> Sitting:
    """A sitting that has been opened: `documents` and `own` questions on its agenda, `sits` members, nobody marked."""
    people = members(university, sits)
    seat(university, "ouk", people, **rules)
    waiting(university, documents, NOW - 14 * DAY)
    sitting = Sitting.plan(university, NOW)
    for number in range(1, own + 1):
        sitting.go("add_item", NOW - 7 * DAY, title=f"{number}-маселе: кафедранын отчёту")
    sitting.go("send_papers", NOW - 5 * DAY)
    sitting.go("open_session", chair=people[0])
    return sitting


@dataclass
class Server:
    """Sapat's web in a process of its own, on a port that it has again when it is started again."""

    url: str
    port: int
    home: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, and wait until it answers."""
        asked = [sys.executable, "-m", "tests.web.sittings", self.url, str(self.port), str(self.home)]
        self.process = subprocess.Popen(asked, cwd=ROOT)
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            try:
                httpx.get(f"{self.address}/static/sapat.css")
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """End it as a power failure would."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def serve(url: str, port: int, home: Path) -> None:
    """Serve, on the day of the sitting."""
    import uvicorn

    from models.database import Database
    from service.web.app import create_app
    from service.web.site import Site

    site = Site(Settings(base_url=f"http://127.0.0.1:{port}", home=home, port=port), Database(url), lambda: NOW)
    uvicorn.run(create_app(site), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
