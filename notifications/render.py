"""From a letter to a mail: text and HTML in the reader's language, and what is enclosed."""

import gettext
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from jinja2 import DictLoader, Environment, StrictUndefined, Template, TemplateNotFound, select_autoescape

from notifications.enclosing import Encodings, base64_lines
from notifications.headers import AS_WRITTEN, address_header, disposition, mailbox, message_id, text_header
from notifications.inline import inline_css
from notifications.message import Enclosure, Letter, LetterError, safe_address
from notifications.wording import wording

TEMPLATES = Path(__file__).parent / "templates"

# All parts are base64, in whose alphabet there is no underscore: these lines can never occur inside a part.
_ALTERNATIVE = 'multipart/alternative; boundary="=_sapat_alternative"'
_TEXT, _HTML = 'text/plain; charset="utf-8"', 'text/html; charset="utf-8"'
_MIXED = 'multipart/mixed; boundary="=_sapat_mixed"'
# What the standard library says that a mail consists of.
Parts: TypeAlias = "list[Message[str, str] | str]"
_BLANK_LINES = re.compile(r"\n{3,}")


class UnknownMessageError(LetterError):
    """There is no folder of templates for this letter."""


class _Message(NamedTuple):
    subject: Template
    text: Template
    html: Template


class Renderer:
    """Writes mails. Build it once: a template is compiled once for each language, its style sheet inlined once for all.

    `gettext_for` gives the translations of a language (English msgids). `sender` is "address" or "Name <address>";
    `domain` stands behind the @ of every Message-ID. May be used by several threads.
    Raises `AddressError` or `UnsafeHeaderError` for a bad sender or domain.
    """

    def __init__(
        self,
        gettext_for: Callable[[str], gettext.NullTranslations],
        sender: str,
        domain: str,
        templates: Path = TEMPLATES,
    ) -> None:
        self._gettext_for = gettext_for
        self._from = address_header("From", *mailbox("From", sender))
        self._domain = safe_address("Message-ID", f"key@{domain}").partition("@")[2]
        self._sources = DictLoader(read_templates(templates))
        self._environments: dict[str, Environment] = {}
        self._messages: dict[tuple[str, str], _Message] = {}
        self._encodings = Encodings()

    def render(self, letter: Letter, at: datetime) -> EmailMessage:
        """Return the mail as it is to be sent; `at`, an aware moment, becomes its Date.

        Raises `UnsafeHeaderError` if the subject has a line break in it, `UnknownMessageError`, `ValueError` for a
        naive moment, jinja2's `UndefinedError` if the context lacks something that the templates need, and whatever an
        enclosure raises that cannot be had.
        """
        if at.tzinfo is None:
            raise ValueError("the Date of a mail needs a time zone")
        message = self._messages.get((letter.language, letter.folder)) or self._compile(letter)
        context = {**letter.context, "language": letter.language}
        subject = message.subject.render(context).removesuffix("\n")
        text = _BLANK_LINES.sub("\n\n", message.text.render(context)).strip("\n") + "\n"
        html = message.html.render(context, subject=subject)

        mail = EmailMessage(AS_WRITTEN)
        mail["From"] = self._from
        mail["To"] = address_header("To", letter.to_name, letter.to)
        mail["Subject"] = text_header("Subject", subject)
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = message_id(letter.key, self._domain)
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = letter.language
        mail["X-Sapat-Key"] = text_header("X-Sapat-Key", letter.key)
        mail["MIME-Version"] = "1.0"
        says: Parts = [_part(_TEXT, base64_lines(text.encode())), _part(_HTML, base64_lines(html.encode()))]
        if letter.enclosures:
            self._enclose(mail, says, letter.enclosures)
        else:
            mail["Content-Type"] = _ALTERNATIVE
            mail.set_payload(says)
        return mail

    def _enclose(self, mail: EmailMessage, says: Parts, enclosures: Iterable[Enclosure]) -> None:
        files: Parts = []
        for one in enclosures:
            part = _part(one.media_type, self._encodings.of(one.content))
            if not one.alternative:
                part["Content-Disposition"] = disposition(one.name)
            (says if one.alternative else files).append(part)
        body = EmailMessage(AS_WRITTEN)
        body["Content-Type"] = _ALTERNATIVE
        body.set_payload(says)
        mail["Content-Type"] = _MIXED
        mail.set_payload([body, *files])

    def _compile(self, letter: Letter) -> _Message:
        environment = self._environments.get(letter.language)
        if environment is None:
            environment = _environment(self._sources, self._gettext_for(letter.language))
            self._environments[letter.language] = environment
        try:
            message = _Message(
                *(
                    environment.get_template(f"{letter.folder}/{name}")
                    for name in ("subject.txt", "body.txt", "body.html")
                )
            )
        except TemplateNotFound as missing:
            raise UnknownMessageError(f"no template {missing.name}") from missing
        self._messages[letter.language, letter.folder] = message
        return message


@cache
def read_templates(folder: Path) -> Mapping[str, str]:
    """Every template under `folder` by its path in it, the HTML ones with `mail.css` inlined."""
    css = (folder / "mail.css").read_text("utf-8")
    sources: dict[str, str] = {}
    for path in sorted([*folder.rglob("*.txt"), *folder.rglob("*.html")]):
        source = path.read_text("utf-8")
        name = path.relative_to(folder).as_posix()
        sources[name] = inline_css(source, css) if path.suffix == ".html" else source
    return sources


def _environment(sources: DictLoader, translations: gettext.NullTranslations) -> Environment:
    environment = Environment(
        loader=sources,
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # given by the i18n extension
    environment.globals.update(wording(translations))
    return environment


def _part(content_type: str, encoded: str) -> EmailMessage:
    part = EmailMessage(AS_WRITTEN)
    part["Content-Type"] = content_type
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encoded)
    return part
