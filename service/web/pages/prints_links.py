"""The link by which a list is printed, beside those by which it is taken away as a file."""

from collections.abc import Mapping

from service.web.pages.addresses import link


def print_link(path: str, asked: Mapping[str, str]) -> dict[str, str]:
    """To the list at `path` as a PDF, as it is narrowed."""
    return {"href": link(f"{path}/prints/register.pdf", asked), "label": "PDF", "of": ""}
