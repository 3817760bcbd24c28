"""What addresses of pages are made of: the collections of the lifecycles there are, and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.convertors import Convertor, register_url_convertor

from states.refusals import Malformed
from states.registry import lifecycles


class _Collection(Convertor[str]):
    """The name of a lifecycle's collection: any other first word of an address is somebody else's."""

    regex = "|".join(one.collection for one in lifecycles().values()) or "(?!)"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("collection", _Collection())


def link(path: str, asked: Mapping[str, str], **changes: str | None) -> str:
    """The path with what was asked, some of it changed (None takes it away); a list begins at its first page again."""
    query = {name: value for name, value in {**asked, "after": "", **changes}.items() if value}
    return f"{path}?{urlencode(query)}" if query else path


def asked_for(request: Request, *names: str) -> dict[str, str]:
    """What the query asks for, of these names; empty ones left out."""
    return {name: value for name in names if (value := request.query_params.get(name, "").strip())}


def identifier(text: str | None) -> UUID | None:
    """An identifier in a query. Raises Malformed."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Malformed from error


def active_filters(fields: Iterable[Mapping[str, Any]], path: str, asked: Mapping[str, str]) -> list[dict[str, str]]:
    """What a list is filtered by now, in words, each with the address that takes it away."""
    shown = []
    for field in fields:
        if value := field["value"]:
            label = next((one["label"] for one in field.get("choices", ()) if one["value"] == value), value)
            shown.append({"label": f"{field['label']}: {label}", "href": link(path, asked, **{field["name"]: None})})
    return shown
