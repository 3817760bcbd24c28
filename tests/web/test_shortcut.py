"""The shorter way to a route leads to where the longer one leads."""

import re

import pytest
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from models.database import Database
from service.settings import Settings
from service.web.app import create_app
from service.web.shortcut import Shortcut
from service.web.site import Site
from tests.support.clock import NOON

ID = "00000000-0000-0000-0000-000000000001"
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD")


def routes(tmp_path: object) -> list[BaseRoute]:
    site = Site(Settings(), Database(f"sqlite:///{tmp_path}/any.db"), lambda: NOON)
    try:
        return list(create_app(site).router.routes)
    finally:
        site.close()
        site.database.close()


def asked(path: str, method: str = "GET") -> Scope:
    return {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
