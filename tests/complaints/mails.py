"""Mails as programs of all kinds write them."""

import base64
from email.header import Header

TEXT = "В общежитии №3 две недели нет тепла.\nКомната 214."
SUBJECT = "Нет тепла в общежитии"
NAME = "Асан Усенов"
ADDRESS = "Asan.Usenov@mail.example"


def head(number: object = 1, **more: str) -> dict[str, str]:
    """The headers of a mail; an underscore in a name stands for its hyphen, an empty value takes one away."""
    named = {
        "From": f"{Header(NAME, 'utf-8').encode()} <{ADDRESS}>",
        "To": "complaints@uni.example",
        "Subject": Header(SUBJECT, "utf-8").encode(),
        "Date": "Mon, 06 Apr 2026 09:58:00 +0600",
        "Message-ID": f"<{number}@mail.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return {name: value for name, value in named.items() if value}


def mail(body: str | bytes = TEXT, number: object = 1, **more: str) -> bytes:
    """A mail as it comes over the wire."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in head(number, **more).items())
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return lines.encode("utf-8", "surrogateescape") + b"\r\n" + content + b"\r\n"


def in_charset(text: str, charset: str, how: str = "8bit", number: object = 1) -> bytes:
    """A plain mail in a charset of its own, its subject too."""
    raw = text.encode(charset)
    if how == "base64":
        raw = base64.encodebytes(raw)
    elif how == "quoted-printable":
        raw = b"".join(b"=%02X" % byte for byte in raw).replace(b"=20", b"=20=\r\n")
    subject = f"=?{charset}?B?{base64.b64encode(SUBJECT.encode(charset)).decode()}?="
    kind = f"text/plain; charset={charset}"
    return mail(raw, number, Subject=subject, Content_Type=kind, Content_Transfer_Encoding=how)


def parts(*those: str | bytes, kind: str = "mixed", number: object = 1, **more: str) -> bytes:
    """A mail of several parts, each with its own lines of headers."""
    pieces = [piece if isinstance(piece, bytes) else piece.replace("\n", "\r\n").encode() for piece in those]
    body = b"".join(b"--=_b\r\n" + piece + b"\r\n" for piece in pieces) + b"--=_b--\r\n"
    return mail(body, number, Content_Type=f'multipart/{kind}; boundary="=_b"', **more)


def part(content: str, kind: str = "text/plain", *headers: str) -> str:
    """A part of one in UTF-8."""
    return "\n".join([f"Content-Type: {kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit", *headers, "", content])
