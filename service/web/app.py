"""The application: routers are found by themselves, refusals become answers, a guard stands around all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from service.web import api, pages
from service.web.guard import Guard
from service.web.refused import install
from service.web.shortcut import Shortcut
from service.web.site import Site

STATIC = Path(__file__).parent / "static"


def create_app(site: Site) -> FastAPI:
    """The whole web side of one Sapat, as an ASGI application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.close()

    app = FastAPI(
        title="Sapat",
        version="0.1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.site = site
    app.add_middleware(Guard, settings=site.settings)
    install(app)
    for package in (api, pages):
        for module in sorted(iter_modules(package.__path__), key=lambda module: module.name):
            router = getattr(import_module(f"{package.__name__}.{module.name}"), "router", None)
            if router is not None:
                # Flat: routers within routers are looked through twice for each request.
                app.router.routes.extend(router.routes)
    app.mount("/static", _Static(directory=STATIC), name="static")
    app.router.routes.insert(0, Shortcut(app.router.routes))
    return app


class _Static(StaticFiles):
    """Static files: kept for good where the address names their version, else asked about again by their ETag."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        answer = await super().get_response(path, scope)
        versioned = b"v=" in scope["query_string"]
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        return answer
