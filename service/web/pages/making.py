"""Making a move by a form that was sent: what was written, or why not, with all that was typed."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request

from models import tables as t
from service.accounts.proving import note_signed, prove
from service.moves import Moved, move
from service.web.pages.forms import SECRETS, Refused, UnfitFiles, sent_with_files
from service.web.site import Site, Visitor
from states.lifecycle import Lifecycle, Move
from states.refusals import NotFound, Refusal


@dataclass(frozen=True, slots=True)
class Made:
    """A move that was made; `no` is the number of the part that it was about."""

    moved: Moved
    move: Move
    no: int | None = None

    def stays_at(self) -> str:
        """The end of the address of the same page, where whoever made it goes on.

        After one was added the form for the next is open; a line that was changed is where one looks.
        """
        done = {"done": str(self.moved.version)}
        if self.move.adds:
            return f"?{urlencode({**done, 'move': self.move.name})}"
        part = self.move.amends or self.move.removes
        if not part:
            return f"?{urlencode(done)}"
        return f"?{urlencode(done)}#{f'{part}-{self.no}' if self.move.amends else f'part-{part}'}"


async def attempt(
    request: Request, who: Visitor, here: Site, record_id: UUID, one: Lifecycle, name: str
) -> Made | Refused:
    """Make the move that a form asks for. Raises NotFound."""
    declared = one.moves.get(name)
    try:
        given = await sent_with_files(request, here, who, declared.records if declared else ())
    except UnfitFiles as unfit:
        return Refused(name, unfit.typed, unfit)
    version = given.pop("version", "")
    expects = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    secrets = {secret: given.pop(secret, "") for secret in SECRETS}
    saw = given.pop("content", "")
    try:
        proof = await prove(here, who, secrets) if declared and declared.signs else None

        def make(connection: sa.Connection) -> tuple[Moved, int | None]:
            made = move(connection, record_id, name, who.actor, given, who.now, expects=expects, proof=proof, saw=saw)
            if proof:
                note_signed(connection, who.session, who.now)
            return made, _number(connection, made, declared)

        moved, no = await here.writing(make)
    except NotFound:
        raise
    except Refusal as refusal:
        return Refused(name, given, refusal)
    assert declared is not None  # noqa: S101 - what is not declared is refused by `move`
    return Made(moved, declared, no)


def _number(connection: sa.Connection, made: Moved, declared: Move | None) -> int | None:
    """The number of the part that the move was about, as its history has it."""
    if declared is None or not declared.part:
        return None
    given = connection.execute(sa.select(t.history.c.given).where(t.history.c.id == made.history_id)).scalar_one()
    return int(given[declared.part])
