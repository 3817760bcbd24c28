"""Every print of a replay, taken through a browser from the links of the pages, in all three languages."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2  # type: ignore[import-untyped]  # it brings no types
from playwright.sync_api import Locator

from tests.web.signed_in.desk import Desk

# Where the pages of prints are left as pictures, for whoever wants to look at them.
PICTURES = os.environ.get("SAPAT_TEST_PICTURES", "")
# What a page does to get it, as whoever has signed in there.
GET = """async link => {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(`${answer.status} ${link.href}`);
  return Array.from(new Uint8Array(await answer.arrayBuffer()));
}"""
Prints = dict[tuple[str, str], bytes]


def printed(desk: Desk, path: str, as_: str) -> Prints:
    """Each PDF that the page of prints at `path` leads to, by its form and language; pictures begin with `as_`."""
    desk.open(f"{path}/prints")
    desk.look(f"8-prints-{as_}")
    found = dict(_each(desk, 'a[href*="/prints/"][href*=".pdf"]'))
    drawn(found, as_)
    return found


def register(desk: Desk, as_: str) -> Prints:
    """The register of documents, from its list, as each language prints it."""
    desk.open("/documents")
    found: Prints = {}
    for language in ("ky", "ru", "en"):
        link = desk.page.locator('a[href*="/documents/prints/register.pdf"]').first
        link.evaluate("(a, language) => { a.href = a.href.split('?')[0] + '?language=' + language }", language)
        found["register", language] = taken(link)
    drawn(found, as_)
    return found


def taken(link: Locator) -> bytes:
    """What the browser gets by a link, kept rather than shown."""
    got: list[int] = link.evaluate(GET)
    return bytes(got)


def drawn(prints: Prints, as_: str) -> None:
    """The pages as pictures, where somebody wants them."""
    for (form, language), pdf in prints.items() if PICTURES else ():
        for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
            page.render(scale=1.3).to_pil().save(Path(PICTURES) / f"print-{as_}-{form}-{language}-{number}.png")


def _each(desk: Desk, where: str) -> Iterator[tuple[tuple[str, str], bytes]]:
    links = desk.page.locator(where)
    for at in range(links.count()):
        address = urlsplit(links.nth(at).get_attribute("href") or "")
        form = address.path.rpartition("/")[2].removesuffix(".pdf")
        yield (form, parse_qs(address.query)["language"][0]), taken(links.nth(at))
