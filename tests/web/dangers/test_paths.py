"""No address leads to a file, a module or a table that is not meant."""

import pytest

from tests.web.dangers.conftest import Wire, status
from tests.web.visitors import Visitor

TRAVERSALS = [
    "/static/../guard.py",
    "/static/%2e%2e/guard.py",
    "/static/..%2fguard.py",
    "/static/%2e%2e%2f%2e%2e%2fsettings.py",
    "/static/....//guard.py",
    "/static/..%5cguard.py",
    "/static/%252e%252e/guard.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/pages.css%00.html",
    "/static/%00",
    "/static/.",
    "/static/",
    "/static",
    "/static/" + "a" * 5000,
    "/files/00000000-0000-0000-0000-000000000000/..%2f..%2fsecret.key",
    "/var/secret.key",
    "/.git/config",
    "/.env",
    "/service/settings.py",
    "/__init__/new",
    "/registry/new",
    "/..%2fnonconformities",
    "/%2e%2e/nonconformities",
    "/nonconformities%00",
    "/api/__class__",
    "/api/lifecycles/../../settings",
    "/api/lifecycles/..%2f..%2fsettings",
    "/api/lifecycles/__init__",
    "/api/lifecycles/os.path",
    "/api/problems/%2e%2e%2fstatic",
    "/mailbox/..%2f1",
]


class TestAPath:
    @pytest.mark.parametrize("path", TRAVERSALS)
    def test_that_climbs_leads_nowhere(self, visitor: Visitor, path: str) -> None:
        answer = visitor.is_("dean").get(path)
        assert answer.status_code in (303, 307, 404, 405), path
        assert "root:" not in answer.text
        assert "import " not in answer.text

    @pytest.mark.parametrize(
        "path",
        ["/static/../guard.py", "/static/../../../pyproject.toml", "/static/..;/guard.py", "/static/.%00./guard.py"],
    )
    def test_that_no_program_has_straightened_leads_nowhere_either(self, wire: Wire, path: str) -> None:
        answer = wire.ask(f"GET {path} HTTP/1.1\nHost: HOST")
        assert status(answer) == 404
        assert b"import " not in answer

    def test_of_a_style_sheet_is_that_style_sheet(self, visitor: Visitor) -> None:
        assert visitor.get("/static/pages.css").status_code == 200
