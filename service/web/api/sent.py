"""What is sent that no declaration's fields describe: shapes of its own, read strictly, described from themselves."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Property

from service.web.api.schemas import Schema, whole
from states.given import LIMITS
from states.refusals import Incomplete
from states.text import N_

S = TypeVar("S", bound="Sent")

Code = Annotated[str, Property(min_length=1, max_length=LIMITS["line"], pattern=r"\S")]


class Sent(BaseModel):
    """Something sent: a number is no word, and nothing is sent that is not asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)


def read_sent(kind: type[S], told: Mapping[str, Any]) -> S:
    """What was sent, as `kind` has it. Raises Incomplete, by the place of what is wrong (`way.stages.1.body`)."""
    try:
        return kind.model_validate(told)
    except ValidationError as wrong:
        raise Incomplete({_place(one["loc"]): _SAYS.get(one["type"], _WRONG) for one in wrong.errors()}) from wrong


def schema_of(*kinds: type[Sent]) -> Schema:
    """Their JSON Schema: one of these."""
    found = []
    for kind in kinds:
        schema = kind.model_json_schema()
        found.append(whole(schema, schema.pop("$defs", {})))
    return found[0] if len(found) == 1 else {"oneOf": found}


def _place(loc: tuple[int | str, ...]) -> str:
    """Where it stands; what stands in a list is counted from 1."""
    return ".".join(str(one + 1) if isinstance(one, int) else one for one in loc)


_WRONG = N_("This is not of the kind that is asked for.")
_SAYS = {"missing": N_("This is needed."), "extra_forbidden": N_("This is not asked for here.")}
