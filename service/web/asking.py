"""What is asked when somebody asks who may do this, on a page and by a program, and who may ask."""

from typing import Final
from uuid import UUID

from service.organisation import Organisation
from service.reading.permissions import EXPLAINS, acts_of, may_explain
from service.web.site import Visitor
from states.lifecycle import Lifecycle
from states.refusals import NotFound, NotYours
from states.registry import lifecycles
from states.text import Text

ME: Final = "me"
WHAT = Text("башкалардын укуктарын көрүү", "просмотр прав других", "seeing what others may do")


def must_explain(snapshot: Organisation, who: Visitor, person: str) -> None:
    """Raise NotYours where this may not be explained to whoever asks: about themselves everybody may ask."""
    own = who.person is not None and person in (ME, who.person.code)
    if not own and not may_explain(snapshot, who.actor):
        raise NotYours(move=WHAT, who=tuple(role.label for role in EXPLAINS))


def person_meant(snapshot: Organisation, who: Visitor, code: str) -> UUID:
    """The person of that code, or oneself. Raises NotFound."""
    if code == ME and who.person:
        return who.person.id
    found = next((person.id for person in snapshot.people.values() if person.code == code), None)
    if found is None:
        raise NotFound
    return found


def act_meant(text: str) -> tuple[Lifecycle, str]:
    """The lifecycle and the act that `document.approve` names. Raises NotFound."""
    kind, _, name = text.partition(".")
    one = lifecycles().get(kind)
    if one is None or name not in acts_of(one):
        raise NotFound
    return one, name
