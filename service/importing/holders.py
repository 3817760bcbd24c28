"""The people of an import, and which post each of them holds since when."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from service.act import Act
from service.importing.codes import Codes
from service.importing.known import names_given
from service.importing.places import Place
from service.importing.report import Report, Severity
from service.importing.units_and_posts import CODE_MADE, DIFFERS, UnitsAndPosts
from service.keeping.change import insert
from service.keeping.given import overlap
from states.kyrgyz import fold
from states.text import N_

Held = tuple[UUID, UUID]


class Holders:
    """Who is there and who the file adds; `changed` are the lines that added somebody or a holding."""

    def __init__(self, act: Act, report: Report, structure: UnitsAndPosts) -> None:
        self._act, self._report, self._structure = act, report, structure
        self.changed: set[int] = set()
        people = act.organisation.people.values()
        self._by_code = {fold(one.code): one.id for one in people}
        self._by_email = {one.email.casefold(): one.id for one in people}
        self._names = {one.id: tuple(one.name) for one in people}
        self._emails = {one.id: one.email for one in people}
        self._languages = {one.id: one.language for one in people}
        self._codes = Codes(one.code for one in people)
        self._held: dict[Held, list[tuple[date, date | None]]] = {}
        self._holders: dict[UUID, list[tuple[UUID, date, date | None]]] = {}
        for row in act.connection.execute(sa.select(t.holding)):
            self._remember(row.person_id, row.post_id, row.since, row.until)

    def take(self, places: list[Place]) -> list[Place]:
        """Find or add the person of each row, and let them hold the row's post. Gives the rows that go on."""
        return [place for place in places if not self._names_somebody(place) or self._take(place)]

    @staticmethod
    def _names_somebody(place: Place) -> bool:
        return bool(place.person["name_ky"] or place.person["code"] or place.email)

    def _take(self, place: Place) -> bool:
        if place.since and place.until and place.until < place.since:
            return self._refuse(place, "order", N_("Not taken: the last day is before the first one."))
        person_id = self._found(place)
        if person_id is None:
            return False
        post_id = self._structure.post_of.get(place.line)
        return post_id is None or self._hold(place, person_id, post_id)

    def _found(self, place: Place) -> UUID | None:
        """By code, else by address; somebody new where neither is known."""
        code, email = fold(place.person["code"]), place.email.casefold()
        by_code, by_email = self._by_code.get(code) if code else None, self._by_email.get(email) if email else None
        if code and by_email is not None and by_email != by_code:
            self._refuse(place, "email-of-another", _EMAIL_OF_ANOTHER, email=place.email, code=place.person["code"])
            return None
        known = by_code or by_email
        if known is not None:
            self._compare(place, known)
            return known
        if not email:
            self._refuse(place, "who", _NO_ADDRESS if code else _WHO, name=place.person["name_ky"])
            return None
        return self._add(place)

    def _add(self, place: Place) -> UUID | None:
        given, email = place.person, place.email
        if not given["name_ky"]:
            self._refuse(place, "no-name", N_("Not taken: nobody is named for “%(email)s”."), email=email)
            return None
        code = given["code"] or self._codes.made_of(email.partition("@")[0])
        if given["code"] and not self._codes.take(code):
            self._refuse(place, "code", N_("Not taken: “%(code)s” is no code that can be used."), code=code)
            return None
        if not given["code"]:
            facts = {"name": given["name_ky"], "made": code}
            self._report.find(place.line, "codes", "code-made", Severity.HINT, CODE_MADE, **facts)
        names = names_given(given)
        row = {"code": code, **names, "email": email, "language": place.language or "ky"}
        person_id = insert(self._act, t.person, "person.added", row)
        self._by_code[fold(code)] = self._by_email[email.casefold()] = person_id
        self._names[person_id], self._emails[person_id] = tuple(names.values()), email
        self._languages[person_id] = place.language or "ky"
        self.changed.add(place.line)
        return person_id

    def _compare(self, place: Place, person_id: UUID) -> None:
        name, names = place.person["name_ky"], self._names[person_id]
        if name and fold(name) not in map(fold, names):
            self._differs(place, names[0], name)
        if place.email and place.email.casefold() != self._emails[person_id].casefold():
            self._differs(place, self._emails[person_id], place.email)
        if place.language and place.language != self._languages[person_id]:
            self._differs(place, self._languages[person_id], place.language)

    def _hold(self, place: Place, person_id: UUID, post_id: UUID) -> bool:
        spells = self._held.get((person_id, post_id), [])
        since = place.since
        if since is None and spells:
            return True  # they hold or held it: nothing new is said
        if since is None:
            since = self._act.day
            self._doubt(
                place, "no-day", N_("Nothing says since when; today was taken: %(day)s."), day=since.isoformat()
            )
        if place.until and place.until < since:
            return self._refuse(place, "order", N_("Not taken: the last day is before the first one."))
        for other_since, other_until in spells:
            if overlap(since, place.until, other_since, other_until):
                if since != other_since or (place.until and place.until != other_until):
                    self._differs(place, _spell(other_since, other_until), _spell(since, place.until))
                return True
        self._others(place, post_id, since)
        row = {"person_id": person_id, "post_id": post_id, "since": since, "until": place.until}
        insert(self._act, t.holding, "post.held", row, about_id=post_id)
        self._remember(person_id, post_id, since, place.until)
        self.changed.add(place.line)
        return True

    def _others(self, place: Place, post_id: UUID, since: date) -> None:
        """A head, or somebody with a role, beside another one: possible, and rarely meant."""
        post = self._structure.posts.rows[post_id]
        others = [
            one for one, first, last in self._holders.get(post_id, ()) if overlap(since, place.until, first, last)
        ]
        if others and (post["heads"] or post["role"]):
            names = ", ".join(self._names[one][0] for one in others)
            self._doubt(place, "second-holder", _SECOND_HOLDER, post=post["name_ky"], names=names)

    def _remember(self, person_id: UUID, post_id: UUID, since: date, until: date | None) -> None:
        self._held.setdefault((person_id, post_id), []).append((since, until))
        self._holders.setdefault(post_id, []).append((person_id, since, until))

    def _differs(self, place: Place, ours: str, theirs: str) -> None:
        facts = {"code": place.person["name_ky"] or place.email, "ours": ours, "theirs": theirs}
        self._report.find(place.line, "there", "differs", Severity.WARNING, DIFFERS, **facts)

    def _doubt(self, place: Place, code: str, sentence: str, /, **facts: object) -> None:
        self._report.find(place.line, "fields", code, Severity.WARNING, sentence, **facts)

    def _refuse(self, place: Place, code: str, sentence: str, /, **facts: object) -> bool:
        self._report.refuse(place.line, code, sentence, **facts)
        return False


def _spell(since: date, until: date | None) -> str:
    return f"{since.isoformat()}–{until.isoformat() if until else '…'}"


_NO_DAY = N_("Nothing says since when; today was taken: %(day)s.")
_WHO = N_("Not taken: neither code nor e-mail says who “%(name)s” is.")
_NO_ADDRESS = N_("Not taken: “%(name)s” is new and has no e-mail address.")
_EMAIL_OF_ANOTHER = N_("Not taken: the address %(email)s is that of somebody with another code than “%(code)s”.")
_SECOND_HOLDER = N_("“%(post)s” is held by somebody else at that time too: %(names)s.")
