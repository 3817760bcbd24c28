"""Nobody is led to another site by an address of ours."""

import pytest

from service.web.pages.wording import local
from tests.web.visitors import Visitor, forms

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/\\evil.example",
    "HTTPS://sapat.test@evil.example",
    "//sapat.test@evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "/\x00/evil.example",
    "/\u2028/evil.example",
    "/tasks\r\nSet-Cookie: a=b",
    "",
]
HERE = ["/tasks", "/documents?q=УСТ+4.09&state=draft", "/%2f%2fevil.example", "/@evil.example", "/tasks#x", "/./tasks"]


class TestWhereOneGoesNext:
    @pytest.mark.parametrize("wanted", ELSEWHERE)
    def test_is_never_elsewhere(self, visitor: Visitor, wanted: str) -> None:
        assert local(wanted) == "/"
        answer = visitor.post("/person", {"person": "dean", "next": wanted})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"

    @pytest.mark.parametrize("wanted", HERE)
    def test_is_a_page_of_ours(self, wanted: str) -> None:
        assert local(wanted) == wanted

    @pytest.mark.parametrize("wanted", [*ELSEWHERE, "//evil.example/%2e%2e"])
    def test_is_not_put_into_a_form_either(self, visitor: Visitor, wanted: str) -> None:
        from urllib.parse import quote

        page = visitor.get(f"/person?next={quote(wanted, safe='')}")
        assert {form.fields["next"] for form in forms(page) if "next" in form.fields} <= {"/"}

    @pytest.mark.parametrize(
        "came_from", ["http://evil.example/x", "//evil.example", "http://sapat.test//evil.example"]
    )
    def test_is_not_where_a_header_says(self, visitor: Visitor, came_from: str) -> None:
        answer = visitor.post("/language", {"language": "en"}, Referer=came_from)
        assert answer.headers["location"] == "/"

    def test_after_being_led_to_the_door_is_a_page_of_ours(self, visitor: Visitor) -> None:
        for path in ("//evil.example/tasks", "/tasks//evil.example", "/\\evil.example"):
            answer = visitor.get(path)
            assert "evil.example" not in answer.headers.get("location", "").partition("?")[0], path
