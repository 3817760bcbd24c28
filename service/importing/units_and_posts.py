"""The units and posts of an import: found by code or by name, added where they are not there yet."""

from collections.abc import Mapping
from uuid import UUID

from models import tables as t
from service.act import Act
from service.importing.codes import Codes
from service.importing.known import Known, Row, is_called, names_given
from service.importing.places import Place
from service.importing.report import Report, Severity
from service.keeping.change import insert
from states.kyrgyz import fold
from states.text import LANGUAGES, N_


class UnitsAndPosts:
    """What is there and what the file adds, by line; `changed` are the lines that added something."""

    def __init__(self, act: Act, report: Report) -> None:
        self._act, self._report = act, report
        self.changed: set[int] = set()
        self.units, self.posts = Known(), Known()
        self.unit_of: dict[int, UUID] = {}
        self.post_of: dict[int, UUID] = {}
        self._headed: set[object] = set()
        snapshot = act.organisation
        for unit in snapshot.units.values():
            if not unit.closed_on:
                place = {"parent_id": unit.parent_id, "is_campus": unit.is_campus}
                self.units.add(unit.id, {"code": unit.code, **_names(unit.name), **place})
        for post in snapshot.posts.values():
            if not post.closed_on:
                part = {"role": post.role.value if post.role else None, "heads": post.heads}
                self._add_known_post(post.id, {"code": post.code, **_names(post.name), "unit_id": post.unit_id, **part})
        # Codes of what is closed are not given again.
        self._unit_codes = Codes(one.code for one in snapshot.units.values())
        self._post_codes = Codes(one.code for one in snapshot.posts.values())

    def take_units(self, places: list[Place]) -> list[Place]:
        """Find or add the unit of each row; what stands above another is taken first. Gives the rows that go on."""
        waiting: list[Place] = []
        going: list[Place] = []
        for place in places:
            (waiting if place.unit["name_ky"] or place.unit["code"] else going).append(place)
        while waiting:
            below = {fold(words) for place in waiting for words in place.unit.values()}
            known = {place.line: self._above_known(place, below) for place in waiting}
            # Units that belong to each other in a circle never get there: they are refused one by one.
            ready = [place for place in waiting if known[place.line]] or waiting
            going += [place for place in ready if self._take_unit(place)]
            waiting = [place for place in waiting if not known[place.line]] if ready is not waiting else []
        return sorted(going, key=lambda place: place.line)

    def take_posts(self, places: list[Place]) -> list[Place]:
        """Find or add the post of each row. Gives the rows that go on."""
        return [
            place for place in places if not (place.post["name_ky"] or place.post["code"]) or self._take_post(place)
        ]

    def _above_known(self, place: Place, below: set[str]) -> bool:
        """Whether what the unit belongs to is there, or does not stand in the file either."""
        return not place.parent or bool(self.units.find("", place.parent)) or fold(place.parent) not in below

    def _take_unit(self, place: Place) -> bool:
        code, name = place.unit["code"], place.unit["name_ky"]
        found = self.units.find(code, name)
        if len(found) > 1:
            return self._refuse(place, "unit-ambiguous", _UNIT_AMBIGUOUS, name=name)
        if found:
            self.unit_of[place.line] = found[0]
            self._compare_unit(place, self.units.rows[found[0]])
            return True
        if not name:
            return self._refuse(place, "no-unit", N_("Not taken: there is no unit “%(name)s”."), name=code)
        above = self.units.find("", place.parent)
        if place.parent and len(above) != 1:
            return self._refuse(place, "no-parent", _NO_PARENT, name=name, parent=place.parent)
        return self._add_unit(place, above[0] if above else None)

    def _add_unit(self, place: Place, parent_id: UUID | None) -> bool:
        rows, name = self.units.rows, place.unit["name_ky"]
        tops = [one for one, row in rows.items() if row["parent_id"] is None]
        if place.campus and parent_id and (parent_id not in tops or rows[parent_id]["is_campus"]):
            return self._refuse(place, "campus", _CAMPUS, name=name)
        if parent_id is None and not place.campus and tops:
            if len(tops) > 1:
                return self._refuse(place, "no-parent", _WHICH_TOP, name=name)
            (parent_id,) = tops
            self._doubt(place, "put-under", _PUT_UNDER, name=name, above=rows[parent_id]["name_ky"])
        code = self._code(place, place.unit, self._unit_codes, name)
        if code is None:
            return False
        # A university of one campus is that campus: its documents need a register to stand in.
        is_campus = place.campus or (parent_id is None and not tops)
        row = {"code": code, **names_given(place.unit), "parent_id": parent_id, "is_campus": is_campus}
        unit_id = insert(self._act, t.unit, "unit.added", row)
        self.units.add(unit_id, row)
        self.unit_of[place.line] = unit_id
        self.changed.add(place.line)
        return True

    def _take_post(self, place: Place) -> bool:
        unit_id, code, name = self.unit_of.get(place.line), place.post["code"], place.post["name_ky"]
        found = self.posts.find(code, name)
        if not code and unit_id is not None:
            found = [one for one in found if self.posts.rows[one]["unit_id"] == unit_id]
        if len(found) > 1:
            return self._refuse(place, "post-ambiguous", _POST_AMBIGUOUS, name=name)
        if found:
            self.post_of[place.line] = found[0]
            self._compare_post(place, self.posts.rows[found[0]], unit_id)
            return True
        if unit_id is None or not name:
            return self._refuse(place, "no-post", _NO_POST, name=name or code)
        return self._add_post(place, unit_id)

    def _add_post(self, place: Place, unit_id: UUID) -> bool:
        if place.heads and unit_id in self._headed:
            return self._refuse(place, "second-head", _SECOND_HEAD, name=place.post["name_ky"])
        words = f"{self.units.rows[unit_id]['code']} {place.post['name_ky']}"
        code = self._code(place, place.post, self._post_codes, words)
        if code is None:
            return False
        part = {"unit_id": unit_id, "role": place.role, "heads": place.heads}
        row = {"code": code, **names_given(place.post), **part}
        post_id = insert(self._act, t.post, "post.added", row)
        self._add_known_post(post_id, row)
        self.post_of[place.line] = post_id
        self.changed.add(place.line)
        return True

    def _add_known_post(self, post_id: UUID, row: Row) -> None:
        self.posts.add(post_id, row)
        if row["heads"]:
            self._headed.add(row["unit_id"])

    def _code(self, place: Place, given: Mapping[str, str], codes: Codes, words: str) -> str | None:
        """The code given, or one made of the words; None where it cannot be one."""
        if given["code"]:
            if codes.take(given["code"]):
                return given["code"]
            self._refuse(place, "code", _CODE, given=given["code"])
            return None
        made = codes.made_of(words)
        self._report.find(place.line, "codes", "code-made", Severity.HINT, CODE_MADE, name=given["name_ky"], made=made)
        return made

    def _compare_unit(self, place: Place, row: Row) -> None:
        name = place.unit["name_ky"]
        if name and not is_called(row, name) and fold(name) != fold(str(row["code"])):
            self._differs(place, row, row["name_ky"], name)
        if place.parent and row["parent_id"] not in self.units.find("", place.parent):
            self._differs(place, row, self._unit_name(row["parent_id"]), place.parent)

    def _compare_post(self, place: Place, row: Row, unit_id: UUID | None) -> None:
        if place.post["name_ky"] and not is_called(row, place.post["name_ky"]):
            self._differs(place, row, row["name_ky"], place.post["name_ky"])
        if unit_id is not None and row["unit_id"] != unit_id:
            self._differs(place, row, self._unit_name(row["unit_id"]), self._unit_name(unit_id))
        if place.role and row["role"] != place.role:
            self._differs(place, row, row["role"] or "—", place.role)
        if place.heads and not row["heads"]:
            self._doubt(place, "head-differs", _HEAD_DIFFERS, post=row["code"])

    def _unit_name(self, unit_id: object) -> object:
        row = self.units.rows.get(unit_id) if isinstance(unit_id, UUID) else None
        return row["name_ky"] if row else "—"

    def _differs(self, place: Place, row: Row, ours: object, theirs: object) -> None:
        facts = {"code": row["code"], "ours": ours, "theirs": theirs}
        self._report.find(place.line, "there", "differs", Severity.WARNING, DIFFERS, **facts)

    def _doubt(self, place: Place, code: str, sentence: str, /, **facts: object) -> None:
        self._report.find(place.line, "fields", code, Severity.WARNING, sentence, **facts)

    def _refuse(self, place: Place, code: str, sentence: str, /, **facts: object) -> bool:
        self._report.refuse(place.line, code, sentence, **facts)
        return False


def _names(name: tuple[str, ...]) -> dict[str, str]:
    return {f"name_{language}": words for language, words in zip(LANGUAGES, name, strict=True)}


DIFFERS = N_("“%(code)s” is there already with “%(ours)s”; the file says “%(theirs)s”. Nothing was changed.")
CODE_MADE = N_("“%(name)s” was given the code %(made)s.")
_UNIT_AMBIGUOUS = N_("Not taken: several units are called “%(name)s”; give the code.")
_POST_AMBIGUOUS = N_("Not taken: several posts are called “%(name)s”; give the unit or the code.")
_NO_PARENT = N_("Not taken: “%(name)s” belongs to “%(parent)s”, which is no unit, or more than one.")
_NO_POST = N_("Not taken: nothing says in which unit the new post “%(name)s” is.")
_WHICH_TOP = N_("Not taken: say what “%(name)s” belongs to.")
_CAMPUS = N_("Not taken: the campus “%(name)s” must stand at the top, or directly under the university.")
_PUT_UNDER = N_("Nothing says what “%(name)s” belongs to; it was put under “%(above)s”.")
_SECOND_HEAD = N_("Not taken: “%(name)s” would be the second head of its unit.")
_CODE = N_("Not taken: “%(given)s” is used already, or is no code of Latin letters, digits, dots and dashes.")
_HEAD_DIFFERS = N_("The file says that “%(post)s” heads its unit; it does not here. Nothing was changed.")
