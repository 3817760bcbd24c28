"""Bodies that are too large, never end, lie about their length, are nested too deep, or have too many parts."""

import json
from collections.abc import Iterator

import pytest

from models import tables as t
from service.web.pages.forms import MOST
from tests.files.samples import PDF
from tests.support.university import University
from tests.web.dangers.conftest import Wire, send_files, status
from tests.web.programs import NONCONFORMITY, Program, refused
from tests.web.visitors import Visitor

FORM = "application/x-www-form-urlencoded"


def head(path: str, kind: str, *more: str) -> bytes:
    """The lines of a POST by somebody signed in."""
    lines = (f"POST {path} HTTP/1.1", "Host: HOST", "Sapat-Person: dean", f"Content-Type: {kind}", *more, "", "")
    return "\r\n".join(lines).encode()


def endless(piece: bytes = b"a" * 65536) -> Iterator[bytes]:
    """Chunks without end, as far as they are taken: at most 2 GB."""
    for _ in range(32_768):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)


class TestABodyThatNeverEnds:
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/api/nonconformities", "application/json"),
            ("/nonconformities/new", FORM),
            ("/language", FORM),
            ("/person", FORM),
            ("/api/files", "application/pdf"),
        ],
    )
    def test_is_read_no_further_than_its_limit(self, wire: Wire, path: str, kind: str) -> None:
        begin = head(path, kind, "Transfer-Encoding: chunked").replace(b"HOST", wire.host.encode())
        assert status(wire.say(begin, more=_counted(endless(), 200_000_000))) in (400, 413)

    def test_in_one_part_of_many_is_not_read_either(self, wire: Wire) -> None:
        begin = head("/api/files", "multipart/form-data; boundary=b", "Transfer-Encoding: chunked")
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        first = begin.replace(b"HOST", wire.host.encode()) + b"%x\r\n%s\r\n" % (len(part), part)
        assert status(wire.say(first, more=_counted(endless(), 200_000_000))) in (400, 413)

    def test_in_the_lines_before_it_is_not_read_either(self, wire: Wire) -> None:
        begin = f"GET /healthz HTTP/1.1\r\nHost: {wire.host}\r\nX-Long: ".encode()
        assert status(wire.say(begin, more=[b"a" * 65536] * 64)) in (0, 400, 431)


class TestALengthThatLies:
    @pytest.mark.parametrize("length", ["99999999999", "1000000000000000000000", "600000000"])
    def test_and_is_far_too_long_is_refused_before_anything_is_read(self, wire: Wire, length: str) -> None:
        for path, kind in (("/nonconformities/new", FORM), ("/api/files", "application/pdf")):
            begin = head(path, kind, f"Content-Length: {length}").replace(b"HOST", wire.host.encode())
            assert status(wire.say(begin + b"title=x")) in (400, 413)

    @pytest.mark.parametrize("length", ["-1", "abc", "1_0", "+5", "0x10", "5, 6"])
    def test_and_is_no_number_is_refused(self, wire: Wire, length: str) -> None:
        begin = head("/nonconformities/new", FORM, f"Content-Length: {length}").replace(b"HOST", wire.host.encode())
        assert status(wire.say(begin + b"title=x")) == 400

    def test_and_hides_a_second_request_makes_two_requests_of_it_that_are_each_judged(
        self, wire: Wire, university: University
    ) -> None:
        second = b"POST /nonconformities/new HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"
        first = head("/language", FORM, "Content-Length: 0").replace(b"HOST", wire.host.encode())
        answers = wire.say(first + second + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 421 " in answers or answers.count(b"HTTP/1.1 ") == 1
        assert university.rows(t.record) == []


class TestAForm:
    def test_with_too_many_fields_is_refused(self, visitor: Visitor) -> None:
        answer = visitor.is_("dean").post("/nonconformities/new", {f"f{n}": "x" for n in range(MOST + 1)})
        assert answer.status_code == 400

    def test_with_too_much_in_a_field_is_refused(self, visitor: Visitor) -> None:
        answer = visitor.is_("dean", "en").post("/nonconformities/new", {"title": "x" * 600_000})
        assert answer.status_code == 400
        assert "more than a form can hold" in answer.text

    def test_in_parts_with_too_much_in_a_field_is_refused(self, visitor: Visitor, university: University) -> None:
        visitor.is_("dean", "en")
        for length, status_code in ((600_000, 422), (1_100_000, 400)):
            sent = {**NONCONFORMITY, "title": "x" * length}
            answer = send_files(visitor, "/nonconformities/new", sent, {"files": ("", b"")})
            assert answer.status_code == status_code
            assert ('id="f-title-error"' in answer.text) == (status_code == 422)
        assert university.rows(t.record) == []

    def test_that_takes_no_files_with_a_file_is_refused(self, visitor: Visitor) -> None:
        answer = send_files(visitor.is_("owner"), "/absences/new", {}, {"reason": ("a.txt", b"x")})
        assert answer.status_code == 400

    def test_with_a_file_where_words_are_asked_for_keeps_nothing(
        self, visitor: Visitor, university: University
    ) -> None:
        sent = {name: value for name, value in NONCONFORMITY.items() if name != "title"}
        answer = send_files(visitor.is_("dean", "en"), "/nonconformities/new", sent, {"title": ("a.pdf", PDF)})
        assert answer.status_code == 422
        assert 'id="f-title-error"' in answer.text
        assert university.rows(t.record) == university.rows(t.file) == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"--",
            b"--b",
            b"--b\r\n\r\n\r\n",
            b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n' + b"X: y\r\n" * 5000 + b"\r\nx\r\n--b--",
            b'--b\r\nContent-Disposition: form-data; name="' + b"a" * 100_000 + b'"\r\n\r\nx\r\n--b--',
            b"--b\r\n" + b"A" * 200_000,
        ],
        ids=range(8),
    )
    def test_in_broken_parts_is_refused_and_nothing_breaks(self, program: Program, body: bytes) -> None:
        for path in ("/nonconformities/new", "/api/files", "/language"):
            answer = program.as_("dean").raw(path, body, "multipart/form-data; boundary=b")
            assert answer.status_code in (400, 404, 413, 415, 422), path

    def test_of_another_kind_says_nothing(self, program: Program, university: University) -> None:
        for kind in ("application/json", "text/xml", ""):
            answer = program.as_("dean").raw("/nonconformities/new", json.dumps(NONCONFORMITY).encode(), kind)
            assert answer.status_code == 422
        assert university.rows(t.record) == []


class TestJson:
    @pytest.mark.parametrize("depth", [50, 200, 400, 600, 800, 900, 950, 990, 1100, 5_000, 400_000])
    @pytest.mark.parametrize("brackets", ["[]", "{}"])
    def test_nested_to_any_depth_is_refused_and_nothing_breaks(
        self, program: Program, depth: int, brackets: str
    ) -> None:
        opening = '{"a":' if brackets == "{}" else "["
        nested = (opening * depth + "1" + brackets[1] * depth).encode()
        for body in (nested, b'{"title": ' + nested + b"}", b'{"move": "register", "given": {"a": ' + nested + b"}}"):
            for path in ("/api/nonconformities", "/api/nonconformities/NC-1/moves"):
                asker = program.as_("dean", Idempotency_Key=f"k{depth}")
                answer = asker.send("POST", path, {"Content-Type": "application/json"}, content=body)
                assert answer.status_code in (400, 404, 413, 422), (path, answer.text)

    @pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 10_000, "1." + "0" * 10_000 + "1", "1e-400"])
    def test_with_numbers_that_no_computer_holds_is_refused(self, program: Program, number: str) -> None:
        body = json.dumps(NONCONFORMITY).replace('"2026-04-06"', number).encode()
        refused_or_malformed = program.as_("dean").raw("/api/nonconformities", body)
        assert refused_or_malformed.status_code in (400, 422)

    def test_with_a_name_twice_means_one_of_them(self, program: Program) -> None:
        body = json.dumps(NONCONFORMITY)[:-1] + ', "title": "экинчи"}'
        answer = program.as_("dean").raw("/api/nonconformities", body.encode())
        assert answer.status_code == 201
        told = program.as_("dean").get(f"/api/nonconformities/{answer.json()['id']}").json()
        assert told["title"] == "экинчи"

    def test_that_is_too_long_is_refused(self, program: Program) -> None:
        refused(program.as_("dean").raw("/api/nonconformities", b'{"a": "' + b"x" * 1_000_001), 413, "too-large")


def _counted(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The pieces until so many bytes have been taken; a server that takes more than that has no limit."""
    sent = 0
    for piece in pieces:
        sent += len(piece)
        if sent > most:
            raise AssertionError(f"the server has taken {sent} bytes and goes on")
        yield piece
