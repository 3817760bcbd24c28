"""Who may do this, and why: for a move, with or without a record, and for a person, who may be oneself."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from service.language import say
from service.organisation import Organisation, organisation
from service.reading.permissions import acts_of, explain, explain_declaration, find_any, may_explain
from service.reading.permitted import may_read
from service.reading.powers import explain_person
from service.web.asking import act_meant, must_explain, person_meant
from service.web.pages.addresses import asked_for
from service.web.pages.explained import act_label, explained_card, powers_card
from service.web.pages.frame import show
from service.web.pages.wording import heading
from service.web.site import Visitor, Who
from states.kyrgyz import sort_key
from states.refusals import NotFound
from states.registry import lifecycles
from states.text import N_

router = APIRouter(include_in_schema=False)

PATH: Final = "/permissions"


@router.get(PATH)
async def permissions(request: Request, who: Who) -> Response:
    """Choose a move or a person. `?person=me` is anybody's, the rest for who may explain. Raises NotYours, NotFound."""
    asked = asked_for(request, "act", "record", "person")

    def read(connection: sa.Connection) -> dict[str, Any]:
        snapshot = organisation(connection)
        explains = may_explain(snapshot, who.actor)
        must_explain(snapshot, who, asked.get("person", ""))
        forms = _forms(snapshot, who.language) if explains else {}
        return {"explains": explains, "path": PATH, "asked": asked, **forms, **_answer(connection, asked, who)}

    return await show(request, who, "permissions.html", read)


def _forms(snapshot: Organisation, language: str) -> dict[str, Any]:
    acts = [
        {
            "value": f"{one.name}.{name}",
            "label": act_label(name, label, language),
            "group": heading(one.label, language),
        }
        for one in lifecycles().values()
        for name, label in acts_of(one).items()
    ]
    people = sorted(snapshot.people.values(), key=lambda person: sort_key(person.name.into(language)))
    return {
        "acts": acts,
        "people": [{"value": person.code, "label": person.name.into(language)} for person in people],
    }


def _answer(connection: sa.Connection, asked: Mapping[str, str], who: Visitor) -> dict[str, Any]:
    if code := asked.get("person"):
        person_id = person_meant(organisation(connection), who, code)
        return {"powers": powers_card(explain_person(connection, person_id, who.now, who.actor), who)}
    if "act" not in asked:
        return {}
    one, name = act_meant(asked["act"])
    if "record" not in asked:
        return {"explained": explained_card(explain_declaration(one, name), who.language)}
    try:
        record_id = find_any(connection, one, asked["record"])
    except NotFound:
        return {"unknown": say(_UNKNOWN, who.language, {"what": one.label, "code": asked["record"]})}
    readable = may_read(connection, record_id, who.actor, who.now)
    return {
        "explained": explained_card(explain(connection, record_id, name, who.now, who.actor), who.language, readable)
    }


_UNKNOWN = N_("There is no record of this kind (%(what)s) with the code “%(code)s”.")
