"""A shape as a DOCX, for people who go on writing: protocols, extracts, orders.

The templates are filled by docxtpl. What people typed is escaped; templates of the university's own cannot reach
anything but what they are told.
"""

import zipfile
from pathlib import Path
from typing import IO, Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # it brings no types
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.prints.common import University
from service.prints.compile import told_to
from service.prints.kinds import Form
from service.prints.own import OURS
from service.prints.refusals import FormBroken, NoForm


def write_docx(
    form: Form, shape: Any, university: University, language: str, file: IO[bytes], folder: Path | None = None
) -> None:
    """Write the print into `file`; `folder` holds the university's own templates. Raises NoForm, FormBroken."""
    if not form.docx:
        raise NoForm
    name = f"{form.name}.docx"
    own = folder / name if folder is not None else None
    told = told_to(form, shape, university, language, breaks=False)
    try:
        template = DocxTemplate(own if own is not None and own.is_file() else OURS / name)
        template.render({**told, "it": told["print"]}, jinja_env=SandboxedEnvironment(), autoescape=True)
        template.save(file)
    except TemplateError as error:
        line = getattr(error, "lineno", None) or "?"
        raise FormBroken(file=name, line=line, message=error.message or type(error).__name__) from error
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise FormBroken(file=name, line="?", message=type(error).__name__) from error
