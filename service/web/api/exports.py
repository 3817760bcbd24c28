"""Lists as files, for programs: what is late, the records of each lifecycle, the rows of figures."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import sqlalchemy as sa
from fastapi import APIRouter, Path, Request, Response

from service.files.kinds import KINDS
from service.organisation import organisation
from service.reading.documents import find_document
from service.reading.figures import Figures
from service.reading.records import find_record
from service.resolve import resolve
from service.web.api.asked import flag, query
from service.web.api.describe import operation
from service.web.api.filters import choices, filters
from service.web.api.late import NARROWING, wanted_of
from service.web.pages.exports import Listed, answered, figure_list, late_list, records_list
from service.web.pages.figures import kind_of, kinds, scope
from service.web.pages.figures_drawn import FIGURES
from service.web.site import Here, Who
from states.lifecycle import Choice, Field, Lifecycle
from states.registry import lifecycles
from states.text import Text

router = APIRouter(prefix="/api/exports", tags=["exports"])

FORMAT: Final = Field(
    "format",
    Text("Файлдын түрү", "Вид файла", "The kind of file; CSV if left out"),
    "choice",
    required=False,
    choices=tuple(Choice(ending, Text(ending.upper(), ending.upper(), ending.upper())) for ending in ("csv", "xlsx")),
)
PLACES: Final = (
    Field("since", Text("Кайсы күндөн", "С какого дня", "From this day on"), "date", required=False),
    Field("until", Text("Кайсы күнгө чейин", "По какой день", "Until this day"), "date", required=False),
    Field("campus", Text("Кампус", "Кампус", "Campus"), "unit", required=False),
    Field(
        "within",
        Text("Бөлүм жана анын курамы", "Подразделение с составом", "Unit and its parts"),
        "unit",
        required=False,
    ),
)


def _operation(name: str, summary: str, asks: tuple[Field, ...]) -> dict[str, Any]:
    described = operation(name, summary, None, asks=(*asks, FORMAT), refuses=[400, 404])
    content: dict[str, Any] = {KINDS[ending].media_type: {} for ending in ("csv", "xlsx")}
    files = {200: {"description": "The file: its first row says what its columns are.", "content": content}}
    return {**described, "response_class": Response, "responses": {**described["responses"], **files}}


_COLLECTIONS: Final[dict[str, Any]] = {"enum": [one.collection for one in kinds()]}
_FIGURES: Final[dict[str, Any]] = {"enum": list(FIGURES)}
_OF_LATE: Final = (*NARROWING, FORMAT)


@router.get("/late", **_operation("export_late", "Take away what is late, or due soon", NARROWING))
async def late(request: Request, who: Who, here: Here) -> Response:
    """All that the board shows of each task: who has it, who was told and when, what comes next."""
    asks = query(request, _OF_LATE)

    def read(connection: sa.Connection) -> Listed:
        return late_list(who, wanted_of(_found(connection, NARROWING, asks)))(connection)

    return await answered(here, who, asks["format"] or "csv", read)


@router.get(
    "/figures/{collection}/{figure}",
    **_operation("export_figure", "Take away the rows of a figure", PLACES),
)
async def figure(
    request: Request,
    who: Who,
    here: Here,
    collection: Annotated[str, Path(description="Of which records.", json_schema_extra=_COLLECTIONS)],
    figure: Annotated[str, Path(description="Which figure.", json_schema_extra=_FIGURES)],
) -> Response:
    """Over the last twelve months, where no days are said. Of what may be read."""
    one, asks = kind_of(collection), query(request, (*PLACES, FORMAT))

    def read(connection: sa.Connection) -> Listed:
        of = scope(connection, one, who, **_found(connection, PLACES, asks))
        return figure_list(Figures(connection, who.actor, who.now, of), figure, who.language)

    return await answered(here, who, asks["format"] or "csv", read)


def _found(connection: sa.Connection, fields: tuple[Field, ...], asks: Mapping[str, Any]) -> dict[str, Any]:
    return resolve(organisation(connection), connection, fields, {field.name: asks[field.name] for field in fields})


class Exported:
    """The records of one lifecycle."""

    def __init__(self, one: Lifecycle) -> None:
        self.one = one
        self.choices = choices(one)
        self.filters = (*filters(one), *self.choices)

    async def export(self, request: Request, who: Who, here: Here) -> Response:
        """All that is kept of each record, of those that may be read; who complained, and who is confidential, not."""
        asks = query(request, (*self.filters, FORMAT))

        def narrowed(connection: sa.Connection) -> dict[str, Any]:
            wanted = _found(connection, self.filters, asks)
            parent, document = wanted.get("parent"), wanted.get("document")
            return {
                "state": wanted["state"],
                "text": wanted["q"],
                "owner_post_id": wanted["owner"],
                "unit_id": wanted["unit"],
                "process_id": wanted["process"],
                "parent_id": find_record(connection, parent, who.actor, who.now, self.one.child_of) if parent else None,
                "document_id": find_document(connection, document, who.actor) if document else None,
                "is_open": flag(wanted["open"]),
                "late": flag(wanted["late"]),
                "typed": {field.name: wanted[field.name] for field in self.choices if wanted[field.name]},
            }

        return await answered(here, who, asks["format"] or "csv", records_list(who, self.one, narrowed))


for one in lifecycles().values():
    here = Exported(one)
    about = _operation(f"export_{one.collection}", f"Take away {one.plural.en}", here.filters)
    router.add_api_route(f"/{one.collection}", here.export, methods=["GET"], **about)
