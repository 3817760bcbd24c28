"""Schemas out of the declarations: what a request must say, in JSON Schema, and the models of the answers."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Property

from models import tables as t
from service.order_fields import described
from service.subject import typed_table
from service.web.api import shapes
from states.given import LARGEST, LIMITS, MOST
from states.lifecycle import Field, Lifecycle, Move, Part
from states.text import Text

Schema = dict[str, Any]
CODES = {
    "post": "the code of a post",
    "unit": "the code of a unit",
    "process": "the code of a process",
    "body": "the code of a body",
    "person": "the code of a person",
    "people": "codes of people",
    "document": "the code of a document of the register",
    "records": "codes of records",
    "entry": "edition/code of an entry of a catalogue; a code alone means the newest edition",
    "part": "the number of one of the record's own",
    "parts": "numbers of those that the record has which this one hangs on",
    "time": "a time of day as 14:00",
    "attachment": "the name of one of the record's files",
}


SIGNATURE: Schema = {
    "type": "object",
    "description": "What proves who signs, within a series nothing; and the `content` that the signer was shown.",
    "properties": {
        "password": {"type": "string", "format": "password"},
        "passkey": {"type": "string", "description": "What a passkey answered to a challenge, as JSON."},
        "content": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "additionalProperties": False,
}


@cache
def form(fields: tuple[Field, ...], language: str = "en") -> Schema:
    """What must be sent, as JSON Schema with titles in the reader's language."""
    schema = _model("Form", fields).model_json_schema()
    schema = whole(schema, schema.pop("$defs", {}))
    properties = schema.setdefault("properties", {})
    for field in fields:
        properties[field.name]["title"] = field.label.into(language)
        told = [field.help.into(language) if field.help else "", _what_it_is(field)]
        if any(told):
            properties[field.name]["description"] = " ".join(filter(None, told))
    return {key: value for key, value in schema.items() if key != "title"}


def whole(schema: Any, shapes_in_it: Schema) -> Any:
    """The schema with what it refers to put in its place: it stands within others, where references would not lead."""
    if isinstance(schema, list):
        return [whole(one, shapes_in_it) for one in schema]
    if not isinstance(schema, dict):
        return schema
    meant = whole(shapes_in_it.get(schema["$ref"].rpartition("/")[2], {}), shapes_in_it) if "$ref" in schema else {}
    rest = {key: whole(value, shapes_in_it) for key, value in schema.items() if key != "$ref"}
    return {**meant, **rest}


def _what_it_is(field: Field) -> str:
    """In words what codes or numbers are asked for."""
    words = CODES.get(field.kind, "")
    of = f" ({field.of})" if words and field.of and field.kind != "person" else ""
    return f"{words[:1].upper()}{words[1:]}{of}." if words else ""


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
                **({"description": _about(move)} if move.part else {}),
                "properties": {
                    "move": {"type": "string", "enum": [move.name]},
                    "given": form(described(move)),
                    **({"signature": SIGNATURE} if move.signs else {}),
                },
                "required": ["move", "given"] if any(field.required for field in move.records) else ["move"],
                "additionalProperties": False,
            }
            for move in one.moves.values()
        ]
    }


def _about(move: Move) -> str:
    """What a move does to a part."""
    if move.adds:
        return f"Adds one of the part `{move.adds}`, with the next number."
    what = "Replaces all that is given of" if move.amends else "Removes"
    return f"{what} the one of the part `{move.part}` that has this number."


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
    kinds = {
        field.name: field.kind for field in (*one.opens, *(f for move in one.moves.values() for f in move.records))
    }
    properties: dict[str, Any] = {key: (_kept(column, kinds.get(key, "")), ...) for key, column in typed(one).items()}
    fields = create_model(f"{name}Fields", **properties)
    several: dict[str, Any] = {part.name: (list[_part(name, part)], ...) for part in one.parts.values()}  # type: ignore[misc]  # a model made at run time
    parts = create_model(f"{name}Parts", **several)
    states: Any = Literal[tuple(one.steps)]
    return create_model(name, __base__=shapes.Record, fields=(fields, ...), parts=(parts, ...), state=(states, ...))


def _part(name: str, part: Part) -> type[BaseModel]:
    """One of a part: its number, what moves give it, and what they mark it with."""
    table = t.record.metadata.tables[part.name]
    given: dict[str, Any] = {}
    for field in part.fields:
        kind: Any = str if field.kind == "file" else _KINDS.get(field.kind, _words)(field)
        column = table.c[field.name if field.name in table.c else f"{field.name}_id"]
        given[field.name] = (kind | None if column.nullable else kind, ...)
    marks: dict[str, Any] = {column: (table.c[column].type.python_type, ...) for column in marks_of(part)}
    called = "".join(word.capitalize() for word in part.name.split("_"))
    return create_model(f"{name}{called}", no=(int, ...), **given, **marks)


def marks_of(part: Part) -> list[str]:
    """The columns of a part that moves set besides what is given."""
    given = {name for field in part.fields for name in (field.name, f"{field.name}_id")}
    columns = t.record.metadata.tables[part.name].c.keys()
    return [name for name in columns if name not in given and name not in ("record_id", "no", "removed_at")]


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
    items: Any = list[kind]  # type: ignore[valid-type]  # a shape made at run time
    return create_model(f"{kind.__name__}List", items=(items, ...), next=(str | None, ...), total=(int, ...))


def _name(one: Lifecycle) -> str:
    return "".join(word.capitalize() for word in one.label.en.split())


def _kept(column: sa.Column[Any], field: str) -> Any:
    several: Any = list[int] if field == "parts" else list[str]
    kind: Any = several if isinstance(column.type, sa.JSON) else column.type.python_type
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


def _codes(field: Field) -> Any:
    code = Annotated[str, Property(min_length=1, max_length=LIMITS["line"], pattern=r"\S")]
    return Annotated[list[code], Property(min_length=1 if field.required else 0, max_length=MOST)]


def _numbers(field: Field) -> Any:
    number = Annotated[int, Property(ge=1, le=LARGEST)]
    return Annotated[list[number], Property(min_length=1 if field.required else 0, max_length=MOST)]


_KINDS: dict[str, Callable[[Field], Any]] = {
    "people": _codes,
    "records": _codes,
    "parts": _numbers,
    "part": lambda field: Annotated[int, Property(ge=1, le=LARGEST)],
    "date": lambda field: date,
    "number": lambda field: Annotated[int, Property(ge=0, le=LARGEST)],
    "choice": _choice,
    "flag": lambda field: bool,
    "file": lambda field: shapes.SentFile,
}

PARENT = Field(
    "parent",
    Text("Кайсы жазуунун астында", "Под какой записью", "The record it hangs on: id or code"),
    "line",
    required=False,
)
