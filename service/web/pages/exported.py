"""Links by which a list is taken away as a file."""

from collections.abc import Mapping

from service.web.pages.addresses import link

ENDINGS = ("xlsx", "csv")


def exports(path: str, asked: Mapping[str, str], of: str = "") -> list[dict[str, str]]:
    """The links to a list as a file of each kind; `of` says of what, where a page has several."""
    return [
        {
            "href": link(f"{path}.{ending}", asked),
            "label": ending.upper(),
            "of": of,
        }
        for ending in ENDINGS
    ]
