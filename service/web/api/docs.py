"""The API's description for people: one page, made on the server from the OpenAPI document."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response

from service.web.api.refusals import kinds
from service.web.site import Anybody

router = APIRouter(prefix="/api", include_in_schema=False)

METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/docs")
async def docs(request: Request, who: Anybody) -> Response:
    """Every operation with its parameters, what it takes and answers, and every kind of problem."""
    from service.web.pages.frame import render  # the frame knows the site, which finds this router

    described = request.app.openapi()
    context = {
        "groups": _groups(described),
        "shapes": sorted(described["components"]["schemas"].items()),
        "problems": kinds().values(),
        "info": described["info"],
    }
    return render(request, who, "api.html", **context)


def _groups(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations(described):
        groups.setdefault(operation["tags"][0], []).append(operation)
    return groups


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, known in described["paths"].items():
        for method in METHODS:
            if method in known:
                operation = known[method]
                sends = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
                yield {
                    "parameters": [],
                    **operation,
                    "tags": operation.get("tags") or [""],
                    "method": method.upper(),
                    "path": path,
                    "forms": _forms(sends) if sends else [],
                    "answers": [_answer(*one) for one in operation["responses"].items()],
                }


def _forms(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be sent, each with an example: one form, or one for each move."""
    return [
        {"title": one.get("title", ""), "schema": one, "example": _written(example(one))}
        for one in schema.get("oneOf", [schema])
    ]


def _answer(status: str, response: dict[str, Any]) -> dict[str, Any]:
    reference = next((kind.get("schema", {}).get("$ref", "") for kind in response.get("content", {}).values()), "")
    return {"status": status, "description": response["description"], "shape": reference.rpartition("/")[2]}


def _written(sent: Any) -> str:
    return json.dumps(sent, ensure_ascii=False, indent=2)


def example(schema: dict[str, Any]) -> Any:
    """Something that fits a schema of ours: what is needed, nothing more."""
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        needed = schema.get("required", [])
        return {name: example(one) for name, one in schema.get("properties", {}).items() if name in needed}
    if kind == "integer":
        return 1
    return "2026-03-28" if schema.get("format") == "date" else "…"
