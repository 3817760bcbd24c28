"""Schemas out of the declarations: what a request must say, in JSON Schema, and the models of the answers."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Property

from service.subject import typed_table
from service.web.api import shapes
from states.given import LARGEST, LIMITS
from states.lifecycle import Field, Lifecycle
from states.text import Text

Schema = dict[str, Any]
CODES = {
    "post": "the code of a post",
    "unit": "the code of a unit",
    "process": "the code of a process",
}


@cache
def form(fields: tuple[Field, ...], language: str = "en") -> Schema:
    """What must be sent, as JSON Schema with titles in the reader's language."""
    schema = _model("Form", fields).model_json_schema()
    properties = schema.setdefault("properties", {})
    for field in fields:
        properties[field.name]["title"] = field.label.into(language)
        if field.help:
            properties[field.name]["description"] = field.help.into(language)
        elif field.kind in CODES:
            properties[field.name]["description"] = CODES[field.kind]
    return {key: value for key, value in schema.items() if key != "title"}


def opening(one: Lifecycle) -> Schema:
    """What opens a record: for what hangs on another one, that one's identifier or code too."""
    return form((*one.opens, PARENT) if one.child_of else one.opens)


def moving(one: Lifecycle) -> Schema:
    """What makes a move: one form for each."""
    return {
        "oneOf": [
            {
                "type": "object",
                "title": move.label.en,
                "properties": {"move": {"type": "string", "enum": [move.name]}, "given": form(move.records)},
                "required": ["move", "given"] if any(field.required for field in move.records) else ["move"],
                "additionalProperties": False,
            }
            for move in one.moves.values()
        ]
    }


def parameters(fields: Iterable[Field]) -> list[Schema]:
    """What an address may ask for."""
    described = []
    for field in fields:
        schema = {**form((field,))["properties"][field.name]}
        schema = next((kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"), schema)
        if field.name == "limit":
            schema = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
        text = CODES.get(field.kind, "")
        described.append(
            {
                "name": field.name,
                "in": "query",
                "required": False,
                "description": f"{field.label.en}{f': {text}' if text else ''}",
                "schema": schema,
            }
        )
    return described


def record(one: Lifecycle) -> type[BaseModel]:
    """A record of the lifecycle, whole: what all have, and its typed fields."""
    name = _name(one)
    properties: dict[str, Any] = {key: (_kept(column), ...) for key, column in typed(one).items()}
    fields = create_model(f"{name}Fields", **properties)
    states: Any = Literal[tuple(one.steps)]
    return create_model(name, __base__=shapes.Record, fields=(fields, ...), state=(states, ...))


@cache
def typed(one: Lifecycle) -> dict[str, sa.Column[Any]]:
    """The columns that hold the lifecycle's typed fields; none where it has no table for them."""
    try:
        columns = typed_table(one.name).c
    except KeyError:
        return {}
    return {column.name: column for column in columns if column.name != "record_id"}


def listed(kind: type[BaseModel]) -> type[BaseModel]:
    """The one shape of a list, of these."""
    items: Any = list[kind]  # type: ignore[valid-type]
    return create_model(f"{kind.__name__}List", items=(items, ...), next=(str | None, ...), total=(int, ...))


def _name(one: Lifecycle) -> str:
    return "".join(word.capitalize() for word in one.label.en.split())


def _kept(column: sa.Column[Any]) -> Any:
    kind = Any if isinstance(column.type, sa.JSON) else column.type.python_type
    if kind is Any:
        return list[str]
    return kind | None if column.nullable else kind


def _model(name: str, fields: tuple[Field, ...]) -> type[BaseModel]:
    properties: dict[str, Any] = {}
    for field in fields:
        kind: Any = _KINDS.get(field.kind, _words)(field)
        properties[field.name] = (kind, ...) if field.required else (kind | None, None)
    return create_model(name, __config__=ConfigDict(extra="forbid", strict=True), **properties)


def _words(field: Field) -> Any:
    most = LIMITS.get(field.kind, LIMITS["line"])
    return Annotated[str, Property(min_length=1, max_length=most, pattern=r"\S")]


def _choice(field: Field) -> Any:
    return Literal[tuple(choice.value for choice in field.choices)]


_KINDS: dict[str, Callable[[Field], Any]] = {
    "date": lambda field: date,
    "number": lambda field: Annotated[int, Property(ge=0, le=LARGEST)],
    "choice": _choice,
}

PARENT = Field(
    "parent", Text("Кайсы жазуунун астында", "Под какой записью", "The record it hangs on: id or code"), "line"
)
