"""The moves of a record as forms: exactly those that this person may make; of a signature what would be signed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from service.language import say
from service.order_fields import asked_by
from service.organisation import organisation
from service.parts import parts_above
from service.reading.conditions import holds
from service.reading.entries import Catalogue
from service.reading.mentioned import Mentioned
from service.reading.present import Coder, present
from service.reading.records import RecordView
from service.web.pages.choosing import Concerned, key_of, options
from service.web.pages.forms import Refused, controls, summary
from service.web.pages.signing import Proving, panel, proof_error
from service.web.pages.wording import heading
from service.web.site import Visitor
from states.lifecycle import Move, Tone
from states.working_days import today

BUTTONS: Final = {Tone.FORWARD: "primary", Tone.ASIDE: "quiet", Tone.BACK: "quiet", Tone.STOP: "danger"}
_ORDER: Final = (Tone.FORWARD, Tone.ASIDE, Tone.BACK, Tone.STOP)
Row = Mapping[str, Any]


class Forms:
    """The forms of the moves on one record for one person, filled in with what it has now.

    The one that was refused is open, with what was typed and what is wrong.
    """

    def __init__(
        self,
        connection: sa.Connection,
        view: RecordView,
        who: Visitor,
        refused: Refused | None,
        how: Proving,
        known: Mentioned,
        read: Mapping[str, Catalogue],
    ) -> None:
        self.connection, self.view, self.who, self.refused, self.how = connection, view, who, refused, how
        self._coder = Coder(connection, organisation(connection), known)
        about = Concerned(view.lifecycle, view.subject.id, view.parts, self._above, view.subject.fields)
        asked = [field for move in view.moves for field in move.records if field.name != move.part]
        self.choices = options(connection, asked, who, about, read)

    def _above(self, part: str) -> Sequence[Row]:
        return parts_above(self.connection, self.view.subject, part)

    def of_the_record(self) -> list[dict[str, Any]]:
        """A form for each move that is about the record as a whole, those that lead on first."""
        moves = sorted((move for move in self.view.moves if not move.part), key=lambda move: _ORDER.index(move.tone))
        forward = [move.name for move in moves if move.tone is Tone.FORWARD]
        shown = []
        for move in moves:
            stops = self._stops(move)
            leads_on = self.refused is None and forward == [move.name] and not stops
            shown.append({**self.form(move, is_open=leads_on), "stops": stops})
        return shown

    def _stops(self, move: Move) -> list[dict[str, str]]:
        """What is known to hinder a move, whatever is filled in, and what to do about it."""
        case, language = self.view.case, self.who.language
        unmet = [guard for guard in move.guards if case is not None and holds(guard, case) is False]
        return [{"title": say(one.says, language), "text": say(one.next_step, language)} for one in unmet]

    def weight(self, move: Move) -> int:
        """How much a form of the move puts on a page: its fields, and what can be chosen in them."""
        lists = [field for field in move.records if field.kind != "document"]
        return 4 + sum(1 + len(self.choices.get(key_of(field), ())) for field in lists)

    def is_refused(self, move: Move, row: Row | None = None) -> bool:
        """Whether this is the form that was refused."""
        return bool(
            self.refused
            and self.refused.name == move.name
            and (row is None or str(self.refused.typed.get(move.part)) == str(row["no"]))
        )

    def form(
        self, move: Move, row: Row | None = None, *, is_open: bool = False, focus: bool = False, **given: Any
    ) -> dict[str, Any]:
        """The form of a move; of one that amends or removes a part, the one about this `row` of it.

        `focus` opens it with whoever opens the page in its first field; `given` is filled in where nothing has been
        typed yet.
        """
        view, language = self.view, self.who.language
        here = self.refused if self.is_refused(move, row) else None
        errors = here.errors(language) if here else {}
        proof = proof_error(here.refusal, language) if here and move.signs else ""
        no = row["no"] if row is not None else ""
        prefix = f"{move.name}-{no}-" if no else f"{move.name}-"
        # What is done aside stays where it is.
        ways = () if move.tone is Tone.ASIDE else move.ways
        leads = {view.lifecycle.steps[way.to].label.into(language): None for way in ways}
        of_proof = [{"field": f"{prefix}password", "text": proof}] if proof else []
        records = asked_by(move, view.subject.fields)
        asked = [field for field in records if row is None or field.name != move.part]
        typed = here.typed if here else {**self._now(move, row), **given}
        return {
            "name": move.name,
            "prefix": prefix,
            "label": heading(move.label, language),
            "leads": " / ".join(leads),
            "tone": BUTTONS[move.tone],
            "open": bool(here) or is_open or focus,
            "focus": focus and not here,
            "refused": here.message(language) if here and not errors else None,
            "action": f"/{view.lifecycle.collection}/{view.subject.id}/moves/{move.name}",
            "version": view.subject.fields["version"],
            "hidden": {move.part: no} if no else {},
            "controls": controls(asked, language, self._choices(move, no), typed, errors, prefix),
            "errors": [*summary(records, errors, language, prefix), *of_proof],
            "signing": {**panel(self.connection, view, move, self.who, self.how), "error": proof}
            if move.signs
            else None,
        }

    def _now(self, move: Move, row: Row | None) -> dict[str, Any]:
        if row is not None:
            return self._coder.values(self.view.lifecycle.parts[move.part].fields, row)
        return present(move, self.view.lifecycle, self.view.subject.fields, self._coder, today(self.who.now))

    def _choices(self, move: Move, no: Any) -> dict[str, Any]:
        """What can be chosen; the one that is being changed hangs on any other, but not on itself."""
        if not no:
            return self.choices
        own = f"part:{move.part}"
        return {**self.choices, own: [one for one in self.choices.get(own, []) if one["value"] != str(no)]}
