"""Lists that do not fit into a file."""

from states.refusals import Refusal
from states.text import N_


class TooManyRows(Refusal):
    """A sheet of a workbook ends at its row 1,048,576, and the first is the header."""

    status = 422
    code = "too-many-rows"
    says = N_("The list has more rows than a sheet of an XLSX file can hold: %(most)s.")
    next_step = N_("Narrow the list with the filters, or take it as CSV.")
