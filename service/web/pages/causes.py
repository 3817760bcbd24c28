"""The causes of a nonconformity on one page: a chain of whys that is built in place, and what they look like drawn."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from service.language import say
from service.pictures import CauseMark, Figure, Fishbone, WhyTree, as_table, embed
from service.reading.causes import PART, CauseView, has_causes
from service.reading.records import read_record
from service.web.pages import wording
from service.web.pages.choosing import entry_name
from service.web.pages.forms import Refused
from service.web.pages.frame import show
from service.web.pages.making import Made, attempt
from service.web.pages.opening import CAUSES
from service.web.pages.parts import Asked, why_not
from service.web.pages.signing import proving
from service.web.pages.standing import done
from service.web.pages.told import Told, what_becomes
from service.web.site import Here, Visitor, Who
from states.lifecycle import Lifecycle, Move
from states.refusals import NotFound
from states.registry import lifecycle
from states.text import N_

router = APIRouter(include_in_schema=False)

# The cause to which a why is the first answer: the nonconformity itself.
ITSELF: Final = "0"
_QUICK: Final = ("text", "code")
_ABOVE: Final = "because_of"


@router.get("/{collection:collection}/{record_id:uuid}/causes")
async def causes(request: Request, who: Who, collection: str, record_id: UUID) -> Response:
    """All causes. `?why=` asks why that one was so, `?change=` opens it; other forms are not on the page."""
    return await _page(request, who, lifecycle(collection), record_id, None)


@router.post("/{collection:collection}/{record_id:uuid}/causes/moves/{name}")
async def change(request: Request, who: Who, here: Here, collection: str, record_id: UUID, name: str) -> Response:
    """Add, change or remove one; after an answer comes the next question. Raises NotFound for moves about others."""
    one = lifecycle(collection)
    if name not in one.moves or one.moves[name].part != PART:
        raise NotFound
    made = await attempt(request, who, here, record_id, one, name)
    if isinstance(made, Refused):
        return await _page(request, who, one, record_id, made)
    return RedirectResponse(f"/{collection}/{record_id}/causes?{_goes_on(made)}", 303)


@router.get("/{collection:collection}/{record_id:uuid}/causes/moves/{name}")
async def back_to_causes(who: Who, collection: str, record_id: UUID, name: str) -> Response:
    """A move is made by sending its form; whoever comes here otherwise wants the causes."""
    return RedirectResponse(f"/{collection}/{record_id}/causes", 303)


def _goes_on(made: Made) -> str:
    version = {"done": str(made.moved.version)}
    if made.move.adds:
        return urlencode({**version, "why": str(made.no)})
    return urlencode(version) + (f"#{PART}-{made.no}" if made.move.amends else "")


async def _page(request: Request, who: Visitor, one: Lifecycle, record_id: UUID, refused: Refused | None) -> Response:
    asked = request.query_params

    def read(connection: sa.Connection) -> dict[str, Any]:
        view = read_record(connection, record_id, who.actor, who.now)
        if view.lifecycle is not one or not has_causes(view):
            raise NotFound
        told = Told(connection, view, who, refused, proving(connection, request, who))
        question = Asked("why", asked["why"]) if "why" in asked else Asked("change", asked.get("change", ""))
        editor = Editor(told, question if refused is None else Asked())
        return {
            **editor.shown(),
            "view": view,
            "lifecycle": one,
            "fields": view.subject.fields,
            "state": wording.badge(one, view.subject.state, who.language),
            "messages": done(view, who, asked.get("done", "")),
            "planned": next((child for child in view.children if str(child.id) == asked.get("planned")), None),
            **drawn(told),
        }

    answer = await show(request, who, "causes.html", read, refused.refusal.status if refused else 200)
    answer.headers.update(getattr(refused.refusal, "headers", {}) if refused else {})
    return answer


class Editor:
    """The chain of whys with what this person may do to it. Of its forms only the one that is asked for is made."""

    def __init__(self, told: Told, asked: Asked) -> None:
        self.told, self.asked, self.view, self.language = told, asked, told.view, told.who.language
        mine = [move for move in self.view.moves if move.part == PART]
        self.adds = next((move for move in mine if move.adds), None)
        self.amends = next((move for move in mine if move.amends), None)
        self.removes = next((move for move in mine if move.removes), None)
        self.rows = {row["no"]: row for row in self.view.parts[PART]}
        self.opens = self._opens()

    def shown(self) -> dict[str, Any]:
        """What the template needs."""
        found = self.told.causes
        blocking = [one.no for one in found if one.blocks]
        offered = any(move.name == self._refused_name() and move.part == PART for move in self.view.moves)
        refused = self.told.refused
        return {
            "whys": self._tree(),
            "count": len(found),
            "may": self.adds is not None,
            "first": self._question(ITSELF, is_open=not found) if self.adds else None,
            "blocking": blocking,
            "uncoded": [one.no for one in found if one.is_root and one.entry is None] if self.amends else [],
            "ready": bool(found) and not blocking and self.view.subject.state == "action_planning",
            "early": bool(found) and self.view.subject.state == "cause_analysis",
            "refused": refused.message(self.language) if refused else None,
            "stray": refused is not None and not offered,
            "typed": refused.words() if refused and not offered else [],
        }

    def _tree(self) -> list[dict[str, Any]]:
        """The causes, each with those that explain it within it."""
        nodes = {one.no: self._node(one) for one in self.told.causes}
        top: list[dict[str, Any]] = []
        for one in self.told.causes:
            above = nodes.get(one.because_of) if one.depth and one.because_of else None
            (above["deeper"] if above else top).append(nodes[one.no])
        return top

    def _node(self, one: CauseView) -> dict[str, Any]:
        no = str(one.no)
        return {
            "no": one.no,
            "text": one.text,
            "kind": entry_name(one.entry, self.language) if one.entry else "",
            "reason": one.no_action,
            "becomes": what_becomes(one, self.language) if one.answer != "deeper" else None,
            "root": one.is_root,
            "blocks": one.blocks,
            "why": self._question(no) if self.adds else None,
            "change": self._change(one) if self.amends else None,
            "remove": self._remove(one) if self.removes else None,
            "plan": f"{self.opens}&{urlencode({'causes': no})}" if self.opens and one.is_root else "",
            "deeper": [],
        }

    def _question(self, no: str, *, is_open: bool = False) -> dict[str, Any]:
        """The next why: a link, or where it is asked for its form."""
        assert self.adds is not None  # noqa: S101 - asked by the caller
        refused = self.told.refused
        back = refused is not None and refused.name == self.adds.name and (refused.typed.get(_ABOVE) or ITSELF) == no
        if not (back or is_open or self.asked == Asked("why", no)):
            return {"href": f"?{urlencode({'why': no})}"}
        form = self._form(self.adds, None)
        form["controls"] = [control for control in form["controls"] if control["name"] in _QUICK]
        form["hidden"] = {_ABOVE: no} if no != ITSELF else {}
        return {"form": form}

    def _change(self, one: CauseView) -> dict[str, Any]:
        assert self.amends is not None  # noqa: S101 - asked by the caller
        row = self.rows[one.no]
        if self.told.forms.is_refused(self.amends, row) or self.asked == Asked("change", str(one.no)):
            return {"form": self._form(self.amends, row)}
        return {"href": f"?{urlencode({'change': one.no})}"}

    def _remove(self, one: CauseView) -> dict[str, Any]:
        """The button, or why it cannot be removed now."""
        assert self.removes is not None  # noqa: S101 - asked by the caller
        if stopped := why_not(self.removes, self.view.case, one.no):
            return {"title": say(stopped.says, self.language), "text": say(stopped.next_step, self.language)}
        return {"form": self._form(self.removes, self.rows[one.no])}

    def _form(self, move: Move, row: Any) -> dict[str, Any]:
        form = self.told.forms.form(move, row, focus=True)
        return {**form, "action": f"/{self.view.lifecycle.collection}/{self.view.subject.id}/causes/moves/{move.name}"}

    def _refused_name(self) -> str:
        return self.told.refused.name if self.told.refused else ""

    def _opens(self) -> str:
        """Where an action is planned that removes a cause, where this person may plan one now."""
        for below in self.view.child_lifecycles:
            if any(field.kind == "parts" and field.of == PART for field in below.opens):
                given = {"parent": str(self.view.subject.id), "action_kind": "corrective", "then": CAUSES}
                return f"/{below.collection}/new?{urlencode(given)}"
        return ""


def drawn(told: Told) -> dict[str, Any]:
    """The chain and the fishbone as pictures, and what they show as a table."""
    if not told.causes:
        return {"pictures": [], "twin": None}
    language, problem = told.who.language, told.view.subject.fields["title"]
    marks = list(_marks(told.causes, language))
    words = partial(say, language=language)
    why = WhyTree(name="why", title=say(_WHY, language), problem=problem, causes=marks)
    fish = Fishbone(name="ishikawa", title=say(_FISH, language), problem=problem, causes=marks)
    figures: tuple[Figure, ...] = (why, fish)
    return {
        # Drawn by service/pictures, which lets nothing that somebody wrote become markup.
        "pictures": [Markup(embed(figure, words, language)) for figure in figures],  # noqa: S704 - drawn by us, its words escaped there
        "twin": as_table(why, words, language),
    }


def _marks(found: Iterable[CauseView], language: str) -> Iterable[CauseMark]:
    for one in found:
        bone = wording.heading(one.bone.name, language) if one.bone else ""
        yield CauseMark(one.no, one.text, one.because_of, bone, one.answer, f"#{PART}-{one.no}")


_WHY, _FISH = N_("Why, and why that"), N_("Ishikawa diagram")
